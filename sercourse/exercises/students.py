"""Whose answers are marked: what marking asks of a student's work, and how it is asked in this process.

Marking runs cells, and then looks at names: a number, an array, a function to call. `LocalStudent` runs
them here, which is quick, and right for one's own work; `sercourse.exercises.kernels` in another process.
"""

import contextlib
import io
import json
from typing import Any, NamedTuple, Protocol

from nbformat import NotebookNode
from nbformat.v4 import new_output, output_from_msg


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


class Outputs:
    """Keeps what a cell shows, up to a limit."""

    def __init__(self, limit: int):
        self.outputs: list[NotebookNode] = []
        self._left = limit

    def take(self, message: dict) -> None:
        """Keep an output, if there is room for it."""
        kind = message["header"]["msg_type"]
        if kind not in ("stream", "display_data", "execute_result", "error") or self._left <= 0:
            return
        size = len(json.dumps(message["content"], default=str))
        text = message["content"].get("text", "")
        if size > self._left and kind != "stream":
            self.outputs.append(new_output("stream", name="stdout", text="... an output too large to keep\n"))
            return
        if size > self._left:
            message["content"]["text"] = f"{text[: self._left]}\n... more was printed than is kept\n"
        self._left -= size
        self.outputs.append(output_from_msg(message))


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
            return Ran([], f"{type(error).__name__}: {error}".removesuffix(": "))
        return Ran([], "")

    def value(self, name: str) -> Any:
        """Return what a name stands for."""
        if name not in self._namespace:
            raise NameError(f"name '{name}' is not defined")
        return self._namespace[name]
