"""What an exercise's tests say: what was expected, what came, and where in the lesson to read about it.

A test cell of an exercise calls these functions. Each raises `NotYet` when the answer is not right yet, and
its message is all that a student sees.
"""

from collections.abc import Callable, Sized
from typing import Any

import numpy as np


class NotYet(AssertionError):  # noqa: N818 - it is no mistake
    """An answer is not right yet. The message says what was expected, and where to read."""

    def _render_traceback_(self) -> list[str]:
        """IPython shows these lines in place of a traceback, which would speak of our code."""
        return [f"NotYet: {self}"]


def expect(fulfilled: bool, message: str, see: str) -> None:
    """Go on if an answer is right.

    Parameters
    ----------
    fulfilled : bool
    message : str
        A full sentence: what was expected, and best also what came.
    see : str
        Lesson and heading to read again, such as ``"04: Step 2: a window"``.

    Raises
    ------
    NotYet
        It is not.
    """
    if not fulfilled:
        lesson, _, heading = see.partition(": ")
        raise NotYet(f"{message} Read again: lesson {lesson}, “{heading}”.")


def expect_equal(got: Any, expected: Any, what: str, see: str) -> None:
    """Go on if a number, a text, a list or a shape is the expected one.

    Parameters
    ----------
    got, expected
        Compared by ``==``; a tuple and a list with the same members are equal. Text is compared without
        spaces around it, and small and capital letters are the same.
    what : str
        What is compared, as the beginning of a sentence: ``"the number of frames"``.
    see : str
        As in `expect`.
    """
    same = bool(np.all(_plain(got) == _plain(expected)))
    expect(same, f"{_capital(what)} should be {_shown(expected)}, and is {_shown(got)}.", see)


def expect_close(
    got: Any, expected: Any, what: str, see: str, *, rtol: float = 1e-5, atol: float = 1e-8
) -> None:
    """Go on if numbers are the expected ones, up to rounding.

    Parameters
    ----------
    got : array_like
        The answer: a number or an array.
    expected : array_like
    what : str
        What is compared: ``"the mel spectrum"``.
    see : str
        As in `expect`.
    rtol, atol : float
        As in `numpy.allclose`.
    """
    try:
        values = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        expect(False, f"{_capital(what)} should be numbers, and is {_shown(got)}.", see)
    wanted = np.asarray(expected, dtype=float)
    shapes = f"{_capital(what)} should have the shape {wanted.shape}, and has {values.shape}."
    expect(values.shape == wanted.shape, shapes, see)
    wrong = ~np.isclose(values, wanted, rtol=rtol, atol=atol, equal_nan=True)
    if not wrong.any():
        return
    if wanted.ndim == 0:
        expect(False, f"{_capital(what)} should be {_shown(expected)}, and is {_shown(got)}.", see)
    first = tuple(int(place) for place in np.argwhere(wrong)[0])
    message = (
        f"{_capital(what)} differs from the expected values in {wrong.sum()} of {wrong.size} places: "
        f"at {first} it should be {wanted[first]:.6g}, and is {values[first]:.6g}."
    )
    expect(False, message, see)


def expect_error(call: Callable[[], Any], kind: type[Exception], what: str, see: str) -> None:
    """Go on if a call raises the expected kind of error.

    Parameters
    ----------
    call : callable
        Such as ``lambda: frames([], 400, 160)``.
    kind : type
        Of the error, such as ``ValueError``.
    what : str
        When it should be raised: ``"a signal shorter than a frame"``.
    see : str
        As in `expect`.
    """
    try:
        call()
    except Exception as error:
        # The answer may come from another process, which tells the error's name only.
        if "NotImplementedError" in getattr(error, "names", [type(error).__name__]):
            raise
        names = getattr(error, "names", [each.__name__ for each in type(error).__mro__])
        raised = f"raises {names[0]}: {error}."
        expect(kind.__name__ in names, f"{_capital(what)} should raise {kind.__name__}, and {raised}", see)
    else:
        expect(False, f"{_capital(what)} should raise {kind.__name__}, and raises nothing.", see)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _plain(value: Any) -> Any:
    """Return a value in a form in which what should count as equal is equal."""
    if isinstance(value, str):
        return value.strip().casefold()
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return [_plain(each) for each in value.tolist()] if value.ndim else value.item()
    return value


def _shown(value: Any) -> str:
    """Return a value in one short line."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float):
        return f"{value:.6g}"
    text = " ".join(repr(value).split())
    if len(text) <= 80:
        return text
    kind = type(value).__name__
    return f"{kind} of {len(value)} members" if isinstance(value, Sized) else f"{text[:77]}…"
