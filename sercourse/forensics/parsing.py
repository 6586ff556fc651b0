"""From a pasted table to a frame of printed cells, ready for `examine`.

What people paste: CSV with commas or semicolons, cells between tabs (a spreadsheet, a web page), Markdown,
and scikit-learn's report of classes. Numbers may be per cents and may have a decimal comma. Cells stay text,
as their digits matter.
"""

import csv
import re

import pandas as pd

from sercourse.errors import TableError
from sercourse.forensics.figures import is_empty
from sercourse.forensics.table import COUNTS, LOSSES, SHARES, SUMMARIES, WORDS

_WORDS = {
    "acc": "accuracy",
    "prec": "precision",
    "rec": "recall",
    "uar": "recall",
    "sensitivity": "recall",
    "training": "train",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "testing": "test",
    "cross_entropy": "loss",
    "f1_score": "f1",
    "f_score": "f1",
    "f_measure": "f1",
    "f1_measure": "f1",
}
"""Words of headers, and what the room calls them."""

_DECIMAL_COMMA = re.compile(r"([+-]?\d+),(\d+(?:e[+-]?\d+)?\s*%?)", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:[,. ]\d{3})+")
_RULE = re.compile(r"[\s|:+-]*-{2,}[\s|:+-]*")


def parse(text: str) -> pd.DataFrame:
    r"""Read a pasted table.

    Parameters
    ----------
    text : str
        The first line names the columns. Known names are recognised in other spellings: "Val. acc. (%)"
        becomes ``val_accuracy``. Others are kept; they are settings.

    Returns
    -------
    pandas.DataFrame
        Of text. Shares in per cent have a per cent sign, decimal commas are points.

    Raises
    ------
    TableError
        There is no table, or a line has more or fewer cells than the first.

    Examples
    --------
    >>> parse("Model;Acc. (%);Val loss\nLSTM;81,84;0,2287")
      Model accuracy val_loss
    0  LSTM   81.84%   0.2287
    """
    lines = [line for line in text.splitlines() if line.strip() and not _RULE.fullmatch(line)]
    if len(lines) < 2:
        raise TableError(
            text.strip()[:40], "is no table", "paste a line of column names and a line for each row"
        )
    if lines[0].split() == ["precision", "recall", "f1-score", "support"]:
        return _classification_report(lines)
    cells = _split(lines)
    header = [_header(name, number) for number, name in enumerate(cells[0])]
    for line, row in zip(lines[1:], cells[1:], strict=True):
        if len(row) != len(header):
            advice = "put as many cells into each line, and quotes around a cell with a separator in it"
            raise TableError(line.strip(), f"has {len(row)} cells for {len(header)} columns", advice)
    table = pd.DataFrame(cells[1:], columns=header, dtype=str)
    for number, (name, original) in enumerate(zip(header, cells[0], strict=True)):
        table.isetitem(number, _column(list(table.iloc[:, number]), name, original))
    return table


def _split(lines: list[str]) -> list[list[str]]:
    """Split lines into cells, by the first separator that the header has."""
    if "|" in lines[0]:
        rows = [line.strip().removeprefix("|").removesuffix("|").split("|") for line in lines]
    else:
        separator = next((each for each in ("\t", ";", ",") if each in lines[0]), None)
        if separator is None:
            rows = [re.split(r"\s{2,}", line.strip()) for line in lines]
        else:
            rows = list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    return [[cell.strip() for cell in row] for row in rows]


def _header(name: str, number: int) -> str:
    """Return the room's name of a column, or the name as it is."""
    plain = re.sub(r"\(.*?\)|%|\[.*?\]", " ", name).lower()
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    whole = _WORDS.get(plain, plain)
    words = "_".join(_WORDS.get(word, word) for word in whole.split("_"))
    known = {*SHARES, *LOSSES, *COUNTS, *WORDS}
    return words if words in known else name or f"column {number + 1}"


def _column(cells: list[str], name: str, original: str) -> list[str]:
    """Write the numbers of a column as `examine` reads them."""
    if name in COUNTS:
        return [re.sub(r"[,. ]", "", cell) if _THOUSANDS.fullmatch(cell) else cell for cell in cells]
    if name not in SHARES + LOSSES:
        return cells
    cells = [_DECIMAL_COMMA.sub(r"\1.\2", cell.replace("−", "-")) for cell in cells]
    if name in SHARES and (("%" in original) or _in_per_cent(cells)):
        cells = [cell if is_empty(cell) or "%" in cell else f"{cell}%" for cell in cells]
    return cells


def _in_per_cent(cells: list[str]) -> bool:
    """Say whether shares are per cents without a sign: one is above 1, and none above 100 or below 0."""
    numbers = []
    for cell in cells:
        if is_empty(cell) or "%" in cell:
            continue
        try:
            numbers.append(float(cell))
        except ValueError:
            return False  # `examine` names the cell
    return bool(numbers) and max(numbers) > 1 and max(numbers) <= 100 and min(numbers) >= 0


def _classification_report(lines: list[str]) -> pd.DataFrame:
    """Read what scikit-learn's ``classification_report`` prints; its row of accuracy has two numbers only."""
    names = ["class", "precision", "recall", "f1", "support"]
    rows = []
    for line in lines[1:]:
        words = line.split()
        summary = next((name for name in SUMMARIES if line.strip().startswith(name)), None)
        if summary == "accuracy" and len(words) == 3:
            words = [*words[:1], "", "", *words[1:]]
        elif len(words) < len(names):
            raise TableError(line.strip(), "is no line of a report of classes", "paste the report as printed")
        rows.append([" ".join(words[:-4]), *words[-4:]])
    return pd.DataFrame(rows, columns=names, dtype=str)
