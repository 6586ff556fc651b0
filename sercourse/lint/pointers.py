"""Links and references: what they point to is there."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat

from sercourse.lint.lesson import Found, Lesson

BIBLIOGRAPHY = "references.bib"
"""Beside the lessons: every reference of the course."""

_CODE = re.compile(r"(`+).+?\1", re.DOTALL)
_TARGET = re.compile(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)|(?:href|src)=\"([^\"]+)\"")
_WEB = re.compile(r"\[([^\]]*)\]\((https?://[^)\s]*(?:\([^)\s]*\)[^)\s]*)*)\)")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV = re.compile(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}")


def links(lesson: Lesson) -> Found:
    """Each link is an address, or points to a file and a heading that exist."""
    for cell, text in lesson.prose():
        for target in targets(text):
            if advice := _broken(lesson, target):
                yield cell, f"{target}: {advice}"


def references(lesson: Lesson) -> Found:
    """DOI and arXiv numbers are well formed, written as they are linked, and stand in the bibliography."""
    known = bibliography(lesson.path.parent)
    for cell, text in lesson.prose():
        for words, target in _WEB.findall(text):
            if advice := _doubtful(words, target, known):
                yield cell, f"{target}: {advice}"
        for bare in re.findall(r"\bdoi:\s?10\.\S+", re.sub(r"\[[^\]]*\]\([^)]*\)+", "", text)):
            yield cell, f"{bare}: link it, as `[doi:10.N/…](https://doi.org/10.N/…)`"


def _doubtful(words: str, target: str, known: set[str] | None) -> str | None:
    """Say what is wrong with a link to a DOI or to arXiv, if something is."""
    address = urlsplit(target)
    number = unquote(address.path[1:])
    if address.netloc in ("doi.org", "dx.doi.org"):
        if words != f"doi:{number}" or not _DOI.fullmatch(number) or address.netloc != "doi.org":
            return "write it as `[doi:10.N/…](https://doi.org/10.N/…)`"
        if known is not None and number.lower() not in known:
            return f"add the reference to {BIBLIOGRAPHY}"
    elif address.netloc == "arxiv.org":
        number = number.removeprefix("abs/")
        if words != f"arXiv:{number}" or not _ARXIV.fullmatch(number):
            return "write it as `[arXiv:N](https://arxiv.org/abs/N)`"
    return None


def targets(text: str) -> list[str]:
    """Return what a cell's Markdown links to. Code spans are no links."""
    return [one or other for one, other in _TARGET.findall(_CODE.sub("", text))]


def bibliography(folder: Path) -> set[str] | None:
    """Return the DOIs (in lower case) and the keys of a folder's bibliography; None where there is none."""
    file = folder / BIBLIOGRAPHY
    if not file.exists():
        return None
    text = file.read_text(encoding="utf-8")
    dois = re.findall(r"^\s*doi\s*=\s*[{\"]([^}\"]+)[}\"]", text, re.MULTILINE | re.IGNORECASE)
    return {doi.lower() for doi in dois} | set(re.findall(r"^@\w+\{([^,\s]+),", text, re.MULTILINE))


def _broken(lesson: Lesson, target: str) -> str | None:
    """Say what is wrong with a link, if something is."""
    address = urlsplit(target)
    if address.scheme:
        fine = address.scheme in ("http", "https") and "." in address.netloc
        return None if fine else "is no address that a reader can open; write `https://…`, or a relative path"
    file = lesson.path.parent / unquote(address.path) if address.path else lesson.path
    if not file.exists():
        return "is not there; mend the path, or write the words without a link"
    if address.fragment and unquote(address.fragment).lower() not in _anchors(file):
        return "has no such heading; copy the heading, with `-` for spaces"
    return None


def _anchors(file: Path) -> set[str]:
    """Return the anchors of a file's headings, in lower case: words joined by ``-``."""
    if file.suffix == ".ipynb":
        cells = nbformat.read(file, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    elif file.suffix == ".md":
        text = file.read_text(encoding="utf-8")
    else:
        return set()
    headings = [
        re.sub("[`*]", "", each).strip() for each in re.findall("^#+ (.+)$", text.lower(), re.MULTILINE)
    ]
    # JupyterLab keeps the marks of a heading, GitHub and the site leave them out.
    both = headings + [re.sub(r"[^\w\- ]", "", heading) for heading in headings]
    return {heading.replace(" ", "-") for heading in both}
