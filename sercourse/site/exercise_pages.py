"""Pages of exercises: the brief, the tasks with their points, and how to open the notebook."""

import re
from typing import NamedTuple

import nbformat
import pandas as pd

from sercourse import exercises
from sercourse.exercises import library
from sercourse.site import lesson_pages, markdown

_LESSON = re.compile(r"\.\./\.\./\.\./notebooks/")
_TASK = re.compile(r"^## (Task \d+: .+) \((\d+) points?\)", re.MULTILINE)
_FIRST_TASK = "name-question", "setup"
"""Where the brief ends: the cells with these names belong to the work."""


class Page(NamedTuple):
    """An exercise's page.

    Attributes
    ----------
    name : str
        Such as ``04_mfcc``.
    opening : Opening
        Of its notebook.
    points : int
    text : str
        Markdown.
    notebook : bytes
        What students get.
    """

    name: str
    opening: lesson_pages.Opening
    points: int
    text: str
    notebook: bytes


def pages() -> list[Page]:
    """Return the pages of all exercises, in the order of the course."""
    return [_page(name) for name in library.names(library.RELEASE)]


def overview(made: list[Page]) -> str:
    """Return the page that lists all exercises."""
    rows = [
        {
            "exercise": f"[{markdown.plain(page.opening.title)}]({page.name}.md)",
            "minutes": page.opening.minutes,
            "points": page.points,
        }
        for page in made
    ]
    names = "\n".join(page.name for page in made)
    return (
        "# Exercises\n\nEach lesson from 01 on has an exercise that checks itself while you solve it. The "
        "pages show what each asks for. You solve it in its notebook, in JupyterLab or any other editor for "
        f"notebooks.\n\n{markdown.table(pd.DataFrame(rows), ready=['exercise'])}\n"
        f"```{{toctree}}\n:hidden:\n\n{names}\n```\n"
    )


def _page(name: str) -> Page:
    path = exercises.find(name)
    notebook = nbformat.read(path, as_version=4)
    brief = _LESSON.sub("../", "\n\n".join(_brief(notebook)))
    marked = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    tasks = [
        {"task": task, "points": points}
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for task, points in _TASK.findall(cell.source)
    ]
    number = name.split("_")[0]
    ways = (
        f"{{.open-it}}\nOpen it: {{download}}`notebook <files/{name}.ipynb>` · JupyterLab, in a clone of the "
        f"course: `exercises/release/{name}/{name}.ipynb` · check it: `uv run sercourse check {number}`"
    )
    first = lesson_pages.opening(brief)
    text = f"{brief}\n\n{ways}\n\n## What it asks for\n\n{markdown.table(pd.DataFrame(tasks))}"
    points = sum(int(each.get("points", 0)) for each in marked)
    title = first.title if first.number else first.title.replace("Exercise ", "")
    return Page(name, first._replace(title=title), points, text, path.read_bytes())


def _brief(notebook) -> list[str]:
    """Return the texts of the first cells, up to where the work begins."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type != "markdown" or cell.metadata.get("nbgrader", {}).get("grade_id") in _FIRST_TASK:
            break
        texts.append(cell.source)
    return texts
