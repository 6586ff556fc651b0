"""The glossary: in order, short, and each term leads to a lesson that uses it."""

import re
import unicodedata

import nbformat
import pytest
from conftest import ROOT

FOLDER = ROOT / "notebooks"
TEXT = (FOLDER / "glossary.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^\*\*(.+)\*\*\n: ((?:.+\n)+)", TEXT, flags=re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\(([^)#]+)\)")


def plain(text):
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def words_of(lesson):
    return plain("\n".join(cell.source for cell in nbformat.read(FOLDER / lesson, as_version=4).cells))


def test_it_has_the_terms_of_the_course_in_order_below_their_letters():
    assert 70 <= len(ENTRIES) <= 120
    assert TEXT.count("\n**") == len(ENTRIES)
    terms = [plain(term) for term, _ in ENTRIES]
    assert terms == sorted(terms)
    assert len(set(terms)) == len(terms)
    for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]:
        found = re.findall(r"^\*\*(.)", part, flags=re.MULTILINE)
        assert set(found) == {part[0]}


@pytest.mark.parametrize(("term", "said"), ENTRIES, ids=[term for term, _ in ENTRIES])
def test_a_term_is_short_and_used_where_its_link_leads(term, said):
    sentences = re.findall(r"[.?](?=\s|$)", LINK.sub("", said))
    assert 1 <= len(sentences) <= 4
    lessons = LINK.findall(said)
    assert lessons
    forms = [plain(form).split() for form in re.split(r"[,(]| and ", term.replace(")", ""))]
    for lesson in lessons:
        text = words_of(lesson)
        used = (all(word[:6] in text for word in form) for form in forms if form)
        assert any(used), f"{lesson} does not use it"
