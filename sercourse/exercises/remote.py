"""What stayed in a student's kernel, as the tests meet it: ask it, and the kernel answers."""

from typing import Any, Protocol

from sercourse.exercises import wire


class StudentError(Exception):
    """An answer raised an error.

    Attributes
    ----------
    names : list of str
        The error's class and those it derives from, such as ``["KeyError", "LookupError", ...]``.
    """

    def __init__(self, names: list[str], message: str):
        super().__init__(message)
        self.names = names


class Asked(Protocol):
    """A kernel that answers."""

    def ask(self, operation: str, target: str | int, arguments: Any = (), keywords: Any = None) -> Any:
        """Have something done there, see `wire.Desk`."""


class Remote:
    """Something that stayed in a student's kernel: a function to call, an object to ask."""

    def __init__(self, student: "Asked", held: wire.Held):
        self._student, self._held = student, held

    def __call__(self, *arguments, **keywords):
        """Call it in the kernel."""
        return self._student.ask("call", self._held.number, list(arguments), keywords)

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._student.ask("get", self._held.number, [name])

    def __getitem__(self, key):
        return self._student.ask("item", self._held.number, [key])

    def __len__(self) -> int:
        return self._student.ask("length", self._held.number)

    def __array__(self, dtype=None, copy=None):
        return self._student.ask("array", self._held.number).astype(dtype)

    def __repr__(self) -> str:
        return f"<{self._held.kind}>"


def number(value: Any) -> int:
    """Return the number in the kernel of what stayed there; for `wire.encode` on the way back.

    Raises
    ------
    TypeError
        The value did not come from there.
    """
    return value._held.number if isinstance(value, Remote) else wire.refuse(value)
