"""Whose answers are marked: what marking asks of a student's work, and how it is asked in this process.

Marking runs cells, and then looks at names: a number, an array, a function to call. `LocalStudent` runs
them here, which is quick, and right for one's own work; `sercourse.exercises.kernels` in another process.
"""

import contextlib
import io
from typing import Any, NamedTuple, Protocol


class Ran(NamedTuple):
    """What came of a cell.

    Attributes
    ----------
    outputs : list of nbformat.NotebookNode
        As a notebook keeps them.
    error : str
        Empty if it ran to its end.
    """

    outputs: list
    error: str


class Student(Protocol):
    """A student's work, running."""

    def run(self, source: str) -> Ran:
        """Run a cell."""

    def value(self, name: str) -> Any:
        """Return what a name stands for.

        Raises
        ------
        NameError
            No cell has set it.
        """


class LocalStudent:
    """Work that runs in this process: no isolation, and no time to start."""

    def __init__(self):
        self._namespace: dict[str, Any] = {"__name__": "__main__"}

    def run(self, source: str) -> Ran:
        """Run a cell. What it prints is not kept."""
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(source, "<cell>", "exec"), self._namespace)
        except Exception as error:
            return Ran([], f"{type(error).__name__}: {error}")
        return Ran([], "")

    def value(self, name: str) -> Any:
        """Return what a name stands for."""
        if name not in self._namespace:
            raise NameError(f"name '{name}' is not defined")
        return self._namespace[name]
