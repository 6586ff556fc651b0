"""Pages of lessons: the executed notebook, with links that lead to pages of the site."""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat

from sercourse import settings

_TITLE = re.compile(r"^# (?:(\w+) · )?(.+)$", re.MULTILINE)
_OPENED = re.compile(r"^.*\*\*Minutes:\*\*.*$", re.MULTILINE)
_MINUTES = re.compile(r"\*\*Minutes:\*\* (\d+)")
_EXERCISE = re.compile(r"\]\(\.\./exercises/release/(\w+)/\w+\.ipynb")
_OUTSIDE = re.compile(r"(?<!!)\[([^\]]+)\]\(\.\./([^)]+)\)")

NOT_EXECUTED = "*This build of the site shows the lesson without its results: it was not executed.*"


class Opening(NamedTuple):
    """What the first cell of a notebook says of it.

    Attributes
    ----------
    number, title, minutes : str
        Empty where it does not say so.
    """

    number: str
    title: str
    minutes: str


def opening(source: str) -> Opening:
    r"""Read a notebook's first cell.

    Examples
    --------
    >>> opening("# 04 · MFCC: sound as numbers\n\n**Minutes:** 60.")
    Opening(number='04', title='MFCC: sound as numbers', minutes='60')
    """
    title, minutes = _TITLE.search(source), _MINUTES.search(source)
    number, text = title.groups(default="") if title else ("", "")
    return Opening(number, text, minutes[1] if minutes else "")


def with_site_links(text: str) -> str:
    """Let links of a page in ``notebooks/`` that lead out of that folder lead somewhere on the site.

    An exercise's notebook becomes the exercise's page. Any other file becomes its address in the repository,
    or mere text while the repository has none.
    """
    text = _EXERCISE.sub(r"](exercises/\1.md", text)
    repository = settings.repository()
    return _OUTSIDE.sub(rf"[\1]({repository}/blob/HEAD/\2)" if repository else r"\1", text)


def lesson(source: Path, executed: Path | None) -> str:
    """Return the notebook that Sphinx makes a lesson's page of.

    Parameters
    ----------
    source : pathlib.Path
        The lesson as it stands in the repository.
    executed : pathlib.Path or None
        The same with outputs, see `sercourse.lessons.run`. None: the page shows none, and says so.
    """
    notebook = nbformat.read(executed or source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_site_links(cell.source)
    first = notebook.cells[0]
    first.source = _OPENED.sub(
        lambda end: f"{end[0]}\n\n{_ways_to_open(source, bool(executed))}", first.source
    )
    # Of all that runs leave behind, only the language is of use to Sphinx.
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    return nbformat.writes(notebook)


def _ways_to_open(source: Path, executed: bool) -> str:
    number = source.stem.split("_")[0]
    ways = (
        f"Open it: {{download}}`notebook <files/{source.name}>` · JupyterLab, in a clone of the course: "
        f"`uv run sercourse lab {number}`"
    )
    return f"{{.open-it}}\n{ways}" + ("" if executed else f"\n\n{NOT_EXECUTED}")
