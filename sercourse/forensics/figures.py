"""Printed figures: what a number in a table says, and what it leaves open.

A printed figure is not a number but a stretch of numbers. "0.8184" may be anything that rounds to it, or
that is cut off to it, for programs and people do both. Every check of this room works with that stretch, so
that no one is accused because of a rounding. Digits matter: "0.80" says more than "0.8".
"""

import re
from fractions import Fraction
from numbers import Number
from typing import NamedTuple

from sercourse.errors import TableError

EXACT_DIGITS = 6
"""Digits beyond the sixth are not trusted: Keras keeps its metrics in single precision, 24 bits."""

MOST_ROWS = 10**6
"""No corpus of emotional speech has so many recordings."""

EMPTY = {"", "-", "–", "—", "n/a", "na", "nan", "none", "<na>"}
"""Cells that give no figure, in small letters."""

_NUMBER = re.compile(r"([+-]?\d*\.?\d+|[+-]?\d+\.)(?:e([+-]?\d+))?\s*(%?)", re.IGNORECASE)


class Figure(NamedTuple):
    """A number as printed.

    Attributes
    ----------
    text : str
        As printed.
    value : fractions.Fraction
        The number itself; a per cent is a hundredth.
    digits : int
        Digits after the point, of a share: "81.84 %" has four.
    """

    text: str
    value: Fraction
    digits: int

    @property
    def unit(self) -> Fraction:
        """What one step of the last digit is worth that can be trusted."""
        return Fraction(1, 10 ** min(self.digits, EXACT_DIGITS))

    @property
    def low(self) -> Fraction:
        """The smallest number that is printed so: rounded up from half a step below."""
        return self.value - self.unit / 2

    @property
    def high(self) -> Fraction:
        """The largest number that is printed so: cut off from a whole step above."""
        return self.value + self.unit

    def overlaps(self, other: "Figure") -> bool:
        """Say whether both can be the same number."""
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        return self.text


def figure(printed) -> Figure:
    """Read a figure as it is printed.

    Parameters
    ----------
    printed : str or number
        Such as ``"0.8184"``, ``"81.84 %"``, ``"1.2e-05"``. A number that is not text has the digits that
        Python prints, so its closing zeros are lost.

    Returns
    -------
    Figure

    Raises
    ------
    TableError
        It is not a number.

    Examples
    --------
    >>> read = figure("81.84 %")
    >>> float(read.value), read.digits, float(read.low), float(read.high)
    (0.8184, 4, 0.81835, 0.8185)
    """
    if isinstance(printed, Figure):
        return printed
    text = str(printed).strip()
    matched = _NUMBER.fullmatch(text)
    if matched is None or isinstance(printed, bool):
        raise TableError(printed, "is not a number", "write it with a point, such as 0.8184 or 81.84 %")
    mantissa, exponent, percent = matched.groups()
    shift = -int(exponent or 0) + (2 if percent else 0)
    if abs(shift) > 300:
        raise TableError(printed, "is too large or too small to be a figure", "look at its exponent")
    digits = len(mantissa.partition(".")[2]) + shift
    return Figure(text, Fraction(mantissa) / Fraction(10) ** shift, max(digits, 0))


def share(printed) -> Figure:
    """Read a figure that lies between 0 and 1, such as an accuracy; see `figure`.

    Raises
    ------
    TableError
        It is not a number, or lies outside.
    """
    read = figure(printed)
    if not 0 <= read.value <= 1:
        advice = "write a share such as 0.8184, or put a per cent sign behind it: 81.84 %"
        raise TableError(printed, "does not lie between 0 and 1", advice)
    return read


def loss(printed) -> Figure:
    """Read a loss: a figure that is not negative; see `figure`.

    Raises
    ------
    TableError
        It is not a number, is negative, or is a per cent.
    """
    read = figure(printed)
    if read.value < 0 or "%" in read.text:
        raise TableError(printed, "is not a cross-entropy", "give the mean loss as printed, such as 0.2287")
    return read


def count(printed) -> int:
    """Read a number of rows: whole, at least 1 and at most `MOST_ROWS`.

    Raises
    ------
    TableError
        It is not.

    Examples
    --------
    >>> count("490"), count(325.0)
    (490, 325)
    """
    advice = "give a whole number of rows, such as 325"
    if not isinstance(printed, Number | str) or isinstance(printed, bool):
        raise TableError(printed, "is not a number", advice)
    read = figure(printed)
    if read.value.denominator != 1 or not 1 <= read.value <= MOST_ROWS or "%" in read.text:
        raise TableError(printed, "is not a number of rows", advice)
    return int(read.value)


def is_empty(cell) -> bool:
    """Say whether a cell gives nothing."""
    return str(cell).strip().lower() in EMPTY
