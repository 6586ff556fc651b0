"""What is known of a report: its table, and what stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sercourse.forensics.figures import Figure
from sercourse.forensics.table import SET_NAMES, Row, Rows, set_of

GRADES = ("impossible", "odd", "note")
"""Arithmetic excludes it; it needs an explanation; it is worth knowing."""


class Finding(NamedTuple):
    """What a check found.

    Attributes
    ----------
    row : str
        Of the table; empty where it is about the report as a whole.
    finding : str
        A key of `CHECKS`.
    grade : str
        One of `GRADES`.
    detail : str
        In words, with the figures.
    """

    row: str
    finding: str
    grade: str
    detail: str


class Claim(NamedTuple):
    """What a report says in its text.

    Attributes
    ----------
    text : str
        In words.
    figure : str or None
        As printed, where it gives one.
    about : str
        What it is a figure of, such as ``"test accuracy"``. Claims about the same are held against each
        other. Empty: against none.
    column : str
        The column of the table that it belongs to.
    row : str or None
        The row it is about, by name.
    better_than : sequence of str
        Rows that it is said to be better than.
    """

    text: str
    figure: str | None = None
    about: str = ""
    column: str = "accuracy"
    row: str | None = None
    better_than: Sequence[str] = ()


@dataclass(frozen=True)
class Report:
    """A table and what is known beside it; see `examine` for what each means."""

    rows: Sequence[Row] = ()
    classes: Sequence[Row] = ()
    summaries: Mapping[str, Row] = field(default_factory=dict)
    n: Mapping[str, Rows] = field(default_factory=dict)
    n_classes: int | None = None
    balanced: bool | None = None
    average: str | None = None
    accuracy: Figure | None = None
    families: str | None = None
    settings: Sequence[str] = ()
    n_files: int | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    share: Figure | None = None
    copies: int = 1
    claims: Sequence[Claim] = ()

    def rows_of(self, row: Row, column: str) -> Rows:
        """Return on how many rows a figure of this column was counted.

        The row's own number comes first. A column without a set, such as ``accuracy``, is of the set that
        ``accuracy_on`` names, or of the test set.
        """
        named = next((name for name in SET_NAMES if column.startswith(f"{name}_")), None)
        which = named or set_of(row.words.get("accuracy_on", "")) or "test"
        own = row.counts.get(f"n_{which}") or (None if named in ("train", "val") else row.counts.get("n"))
        if own:
            return Rows((own,), stated=True)
        known = self.n.get(which, Rows())
        # Guesses are guesses at any set; a stated number belongs to the set that it is stated for.
        test = self.n.get("test", Rows())
        return test if not known.numbers and not test.stated else known

    def family(self, row: Row) -> str:
        """Return the family that a row belongs to; without families each row is its own."""
        return row.settings[self.families] if self.families else row.name
