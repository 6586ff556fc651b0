"""A lesson as the rules see it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from sercourse.errors import LessonError

Found = Iterator[tuple[str, str]]
"""What a rule yields: the cell's id, and what is wrong and to be done."""

INSTALL = "install"
"""Id of the set-up cell, see ``.ci/set_repository.py``."""

_FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """A notebook and where it lies.

    Attributes
    ----------
    path : pathlib.Path
    notebook : nbformat.NotebookNode
    """

    path: Path
    notebook: NotebookNode

    @classmethod
    def read(cls, path: Path) -> "Lesson":
        """Read a notebook.

        Raises
        ------
        LessonError
            It is no notebook, has no cells, or has some without an id.
        """
        try:
            notebook = nbformat.read(path, as_version=4)
        except (OSError, ValueError, AttributeError) as error:
            raise LessonError(f"{path}: cannot be read; open it in JupyterLab: {error}") from error
        if not notebook.cells:
            raise LessonError(f"{path}: has no cells; write a first one with the lesson's title")
        if any("id" not in cell for cell in notebook.cells):
            raise LessonError(f"{path}: has cells without an id; save it once in JupyterLab")
        return cls(Path(path), notebook)

    @property
    def name(self) -> str:
        """Its file's name without the ending."""
        return self.path.stem

    @property
    def is_appendix(self) -> bool:
        """Whether it has a letter for a number: shorter, and without an exercise."""
        return not self.name[0].isdigit()

    @property
    def first(self) -> NotebookNode:
        """The opening cell."""
        return self.notebook.cells[0]

    @property
    def last(self) -> NotebookNode:
        """The closing cell."""
        return self.notebook.cells[-1]

    @cached_property
    def cells(self) -> list[NotebookNode]:
        """All cells but the one that installs the course, which every lesson has."""
        return [cell for cell in self.notebook.cells if cell.id != INSTALL]

    @cached_property
    def markdown(self) -> list[NotebookNode]:
        """Its cells of text."""
        return [cell for cell in self.cells if cell.cell_type == "markdown"]

    @cached_property
    def code(self) -> list[NotebookNode]:
        """Its cells of code, without the one that installs the course."""
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @cached_property
    def written_minutes(self) -> int | None:
        """What the opening cell says that it takes; None if it does not say."""
        found = re.search(r"\*\*Minutes:\*\* (\d+)", self.first.source)
        return int(found[1]) if found else None

    def sibling(self, number: int) -> Path | None:
        """Return the lesson of a number in its folder; None where there is none."""
        return next(self.path.parent.glob(f"{number:02d}_*.ipynb"), None)

    def prose(self) -> Iterator[tuple[str, str]]:
        """Yield (cell id, text) of its cells of text, without fenced blocks."""
        for cell in self.markdown:
            yield cell.id, _FENCE.sub("", cell.source)


def nodes(cell: NotebookNode) -> Iterator[ast.AST]:
    """Yield the parts of a cell's code; lines that only IPython reads are left out.

    Raises
    ------
    LessonError
        It is no Python.
    """
    source = re.sub(r"^([ \t]*)[%!].*", r"\1pass", cell.source, flags=re.MULTILINE)
    try:
        return ast.walk(ast.parse(source))
    except SyntaxError as error:
        raise LessonError(f"cell {cell.id}: no Python, mend it: {error}") from error
