"""The bibliography: whatever is cited is in notebooks/references.bib, and the other way round."""

import ast
import re
import unicodedata

import nbformat
import pybtex.database
import pytest
from conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "exercises" / "source").glob("*/*.ipynb"))
FILE = ROOT / "notebooks" / "references.bib"
YEAR = re.compile(r"\(((?:1[89]|20)\d\d)\)")
DOI = re.compile(r"10\.\d{4,9}/\S+")
KNOWN = {
    *("title", "year", "journal", "booktitle", "volume", "number", "pages", "eid", "series", "edition"),
    *("publisher", "institution", "howpublished", "doi", "eprint", "archiveprefix", "url"),
}
NEEDED = {
    "article": {"journal"},
    "book": {"publisher"},
    "incollection": {"booktitle", "publisher"},
    "inproceedings": {"booktitle"},
    "misc": set(),
    "techreport": {"institution"},
}


def plain(text):
    """Letters and digits alone, without accents and case. Traunmueller is Traunmüller."""
    text = unicodedata.normalize("NFKD", text.replace("\\&", "and").replace("&", "and"))
    return re.sub(r"[^a-z0-9]", "", text.encode("ascii", "ignore").decode().lower()).replace("ue", "u")


ENTRIES = pybtex.database.parse_file(FILE, bib_format="bibtex").entries


def surname(entry):
    """Plain surname of the first author."""
    return plain(" ".join(entry.persons["author"][0].prelast_names + entry.persons["author"][0].last_names))


def by_title(before, year, after):
    """Keys of the entries that a citation names: author before the year, title behind it."""
    return [
        key
        for key, entry in ENTRIES.items()
        if entry.fields["year"] == year
        and plain(after).startswith(plain(entry.fields["title"].split(":")[0]))
        and surname(entry) in plain(before)
    ]


def named(line):
    """Keys of the entries that a line of a list names: author, year and title, or a law by its name alone."""
    year = YEAR.search(line)
    if year:
        return by_title(line[: year.start()], year[1], line[year.end() :])
    return [key for key, entry in ENTRIES.items() if plain(line).startswith(plain(entry.fields["title"]))]


def listed():
    """Yield each reference in the lists at the lessons' ends: lesson and text."""
    for path in NOTEBOOKS:
        last = nbformat.read(path, as_version=4).cells[-1].source
        lines = last.partition("**References**")[2].split("**Previous", maxsplit=1)[0]
        for line in re.findall(r"^- (.+)$", lines, flags=re.MULTILINE):
            yield path.stem, line


def in_code():
    """Yield each citation in a text of the package: file, what stands before the year, year, what follows."""
    for path in sorted((ROOT / "sercourse").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = " ".join(node.value.split())
                for match in YEAR.finditer(text):
                    yield path.name, text[: match.start()], match[1], text[match.end() :]


def in_prose():
    """Yield each short citation in the text of notebooks: file, first author, year."""
    name = r"([A-Z][\w-]+)(?: and [A-Z][\w-]+| et al\.)"
    either = re.compile(rf"{name},? \(?((?:1[89]|20)\d\d)\b|\(([A-Z][\w-]+) ((?:1[89]|20)\d\d)\)")
    for path in NOTEBOOKS + EXERCISES:
        for cell in nbformat.read(path, as_version=4).cells:
            for found in either.findall(cell.source.partition("**References**")[0]):
                yield path.stem, found[0] or found[2], found[1] or found[3]


LISTED = list(listed())


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_is_whole(key):
    entry = ENTRIES[key]
    fields = entry.fields
    assert {"title", "year"} | NEEDED[entry.type] <= set(fields) <= KNOWN
    assert plain(key).startswith(surname(entry) + fields["year"])
    if "doi" in fields:
        assert DOI.fullmatch(fields["doi"])
    if "pages" in fields:
        first, last = map(int, fields["pages"].split("--"))
        assert first < last
    if entry.type == "misc":
        assert {"doi", "eprint", "howpublished"} & set(fields), "says nowhere where it is"


def test_no_work_stands_there_twice():
    titles = [plain(entry.fields["title"]) for entry in ENTRIES.values()]
    dois = [entry.fields["doi"].lower() for entry in ENTRIES.values() if "doi" in entry.fields]
    assert len(set(titles)) == len(titles)
    assert len(set(dois)) == len(dois)


@pytest.mark.parametrize(("lesson", "line"), LISTED, ids=[f"{name}: {line[:30]}" for name, line in LISTED])
def test_a_reference_of_a_lesson_is_the_same_in_the_file(lesson, line):
    keys = named(line)
    assert len(keys) == 1, f"{lesson}: add it to notebooks/references.bib"
    fields = ENTRIES[keys[0]].fields
    for doi in re.findall(r"https://doi\.org/([^)\s]+)", line):
        assert doi.lower() == fields["doi"].lower()
    for number in re.findall(r"arxiv\.org/abs/([\d.]+)", line):
        assert number == fields["eprint"]
    place = re.search(r"\* (\d+)(?:\(([\d-]+)\))?[,:] (e?[\d-]+)", line)
    if place:
        pages = fields.get("pages", fields.get("eid", "")).replace("--", "-")
        assert place.groups("") == (fields["volume"], fields.get("number", ""), pages)


def test_what_the_package_cites_is_in_the_file():
    authors = {(surname(entry), entry.fields["year"]) for entry in ENTRIES.values()}
    missing = []
    for name, before, year, after in in_code():
        shortly = re.search(r"([\w-]+)(?: and [\w-]+| et al\.)? $", before)
        told = shortly and (plain(shortly[1]), year) in authors
        if not told and not by_title(before[-200:], year, after):
            missing.append(f"{name}: {before[-40:]}({year}){after[:60]}")
    assert not missing


def test_what_the_text_cites_in_short_is_in_the_file():
    authors = {(surname(entry), entry.fields["year"]) for entry in ENTRIES.values()}
    assert not [found for found in in_prose() if (plain(found[1]), found[2]) not in authors]


def test_each_entry_is_cited():
    cited = set()
    for _, line in LISTED:
        cited.update(named(line))
    for _, before, year, after in in_code():
        cited.update(by_title(before[-200:], year, after))
    assert sorted(set(ENTRIES) - cited) == []
