"""From a table of printed cells to rows of figures, each checked, with what else is known of the report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sercourse.errors import TableError
from sercourse.forensics.figures import Figure, count, is_empty, loss, share

SHARES = ("accuracy", "precision", "recall", "f1", "train_accuracy", "val_accuracy", "test_accuracy")
LOSSES = ("loss", "train_loss", "val_loss", "test_loss")
COUNTS = ("n", "n_train", "n_val", "n_test", "support")
WORDS = ("row", "class", "softmax_twice", "loss_on", "accuracy_on")

ACCURACIES = ("accuracy", "train_accuracy", "val_accuracy", "test_accuracy")

SUMMARIES = ("accuracy", "micro avg", "macro avg", "weighted avg")
"""Rows that scikit-learn puts below the classes."""

SET_NAMES = {"train": "training", "val": "validation", "test": "test"}


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    name : str
    figures : dict of Figure
        By column; what is not given is not there.
    counts : dict of int
    words, settings : dict of str
        `settings` holds the columns that the room does not understand.
    """

    name: str
    figures: dict[str, Figure] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def get(self, *columns: str) -> Figure | None:
        """Return the figure of the first of these columns that is given."""
        return next((self.figures[column] for column in columns if column in self.figures), None)

    @property
    def tested(self) -> Figure | None:
        """The accuracy that the row is judged by."""
        return self.get("test_accuracy", "accuracy")

    @property
    def of_two_sets(self) -> bool:
        """Whether the report says that ``loss`` and ``accuracy`` are of different sets."""
        named = {set_of(self.words.get(column, "")) for column in ("loss_on", "accuracy_on")}
        return None not in named and len(named) == 2


@dataclass(frozen=True)
class Rows:
    """Numbers of rows that a figure may have been counted on.

    Attributes
    ----------
    numbers : tuple of int
    stated : bool
        Whether the report gives the number, and not someone a list of guesses.
    """

    numbers: tuple[int, ...] = ()
    stated: bool = False

    @property
    def only(self) -> int | None:
        """The number, where there is one only."""
        return self.numbers[0] if len(self.numbers) == 1 else None

    @classmethod
    def read(cls, given: int | Iterable[int] | None, column: str) -> "Rows":
        """Read what a user gives: a number is stated, several are guesses."""
        if given is None:
            return cls()
        several = isinstance(given, Iterable) and not isinstance(given, str)
        try:
            numbers = tuple(dict.fromkeys(count(each) for each in (given if several else [given])))
        except TableError as error:
            raise TableError(error.value, error.reason, error.advice, column=column) from None
        if not numbers:
            raise TableError(given, "names no number of rows", "give at least one", column=column)
        return cls(numbers, stated=not several)


def read(table: pd.DataFrame) -> list[Row]:
    """Read a table.

    Parameters
    ----------
    table : pandas.DataFrame
        Cells as printed. Columns as `examine` lists them, others are settings.

    Returns
    -------
    list of Row

    Raises
    ------
    TableError
        No column is understood, two have the same name, or a cell cannot be read or be true.
    """
    columns = [str(column) for column in table.columns]
    if len(set(columns)) < len(columns):
        twice = sorted({column for column in columns if columns.count(column) > 1})
        raise TableError(", ".join(twice), "names more than one column", "rename all but one")
    if not set(columns) & {*SHARES, *LOSSES}:
        known = ", ".join(SHARES + LOSSES)
        raise TableError(", ".join(columns), "has no column of figures", f"name one of them: {known}")
    records = [
        {
            column: "" if pd.isna(cell) else str(cell).strip()
            for column, cell in zip(columns, cells, strict=True)
        }
        for cells in table.itertuples(index=False, name=None)
    ]
    return [_row(name, record) for name, record in zip(_names(records, columns), records, strict=True)]


def families_of(rows: Sequence[Row]) -> str | None:
    """Return the column that looks like the name of a family: words that repeat."""
    for column in rows[0].settings if rows else ():
        values = [row.settings[column] for row in rows]
        if _repeats(values) and all(any(letter.isalpha() for letter in value) for value in values):
            return column
    return None


def settings_of(rows: Sequence[Row], families: str | None) -> list[str]:
    """Return the columns that look like settings: values that repeat, and do not number a family's rows."""
    found = []
    for column in rows[0].settings if rows else ():
        values = [row.settings[column] for row in rows]
        numbered = families and len({(row.settings[families], row.settings[column]) for row in rows})
        if column != families and _repeats(values) and numbered != len(rows):
            found.append(column)
    return found


def set_of(words: str) -> str | None:
    """Return the set that words such as "validation data" name."""
    starts = words.lower().split()
    return next((name for name in SET_NAMES if any(word.startswith(name) for word in starts)), None)


def _repeats(values: Sequence[str]) -> bool:
    return 1 < len(set(values)) <= len(values) / 2


def _names(records: list[dict[str, str]], columns: list[str]) -> list[str]:
    """Name rows by ``row``, ``class``, or the first columns that tell them apart."""
    for column in ("row", "class"):
        if column in columns:
            return [record[column] for record in records]
    other = [column for column in columns if column not in {*SHARES, *LOSSES, *COUNTS, *WORDS}]
    for several in range(1, len(other) + 1):
        names = [" ".join(record[column] for column in other[:several]).strip() for record in records]
        if len(set(names)) == len(names):
            return names
    return [f"row {number}" for number in range(1, len(records) + 1)]


def _row(name: str, record: dict[str, str]) -> Row:
    row = Row(name)
    for column, cell in record.items():
        if column in WORDS:
            row.words[column] = cell
        elif column not in {*SHARES, *LOSSES, *COUNTS}:
            row.settings[column] = cell
        elif not is_empty(cell):
            _read_cell(row, column, cell)
    return row


def _read_cell(row: Row, column: str, cell: str) -> None:
    try:
        if column in COUNTS:
            row.counts[column] = count(cell)
        else:
            row.figures[column] = (share if column in SHARES else loss)(cell)
    except TableError as error:
        raise TableError(error.value, error.reason, error.advice, row.name, column) from None
