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


def wrapped(value: Any, student: Asked) -> Any:
    """Give what stayed in the kernel a form that can be asked."""
    if isinstance(value, wire.Held):
        return Remote(student, value)
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(wrapped(each, student) for each in value)
    if isinstance(value, dict):
        return {key: wrapped(each, student) for key, each in value.items()}
    return value


def unwrapped(value: Any) -> Any:
    """Put its number in the place of what stayed in the kernel: the way back."""
    if isinstance(value, Remote):
        return value._held
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(unwrapped(each) for each in value)
    if isinstance(value, dict):
        return {key: unwrapped(each) for key, each in value.items()}
    return value
