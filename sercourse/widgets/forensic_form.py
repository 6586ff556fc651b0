"""A form for published figures: type them as printed, and read what is impossible or odd about them.

The page asks and shows; it lies in `forensic_form.js` and wears `labeller.css` and `forensic_form.css`.
`sercourse.forensics` calculates, and `findings_page` puts what it finds into words.
"""

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import anywidget
import pandas as pd
import traitlets

from sercourse import forensics
from sercourse.errors import SercourseError, TableError, UnknownNameError
from sercourse.forensics import figures
from sercourse.reports.published import REPORTS
from sercourse.reports.published.inspection import inspect
from sercourse.widgets import findings_page

FIGURES, TABLE = "figures", "table"
"""What can be examined, beside the reports by their letters."""

_HERE = Path(__file__)
_CSS = "".join(_HERE.with_name(name).read_text("utf-8") for name in ("labeller.css", "forensic_form.css"))


class Answer(NamedTuple):
    """What the form says to what was typed.

    Attributes
    ----------
    findings : pandas.DataFrame
        As `sercourse.forensics.examine` or `sercourse.reports.inspect` gives them.
    troubles : dict of str to str
        What is wrong with a field, by the field's name. Nothing was examined where there are some.
    """

    findings: pd.DataFrame
    troubles: dict[str, str]


def start() -> dict[str, str]:
    """Return what the form is filled with at first: Report C's Model D, and Report E's table."""
    model = REPORTS["C"].tables["models"].set_index("model").loc["D"]
    return {
        "what": FIGURES,
        "accuracy": model["val_accuracy"],
        "n": "490",
        "loss": model["val_loss"],
        "n_classes": "8",
        "table": REPORTS["E"].tables["models"].to_csv(index=False, sep="\t", lineterminator="\n"),
        "table_n": "280 or 420 or 560 or 840",
        "table_classes": "7",
    }


def answer(asked: dict[str, str]) -> Answer:
    """Examine what was typed.

    Parameters
    ----------
    asked : dict of str to str
        The form's fields, as in `start`; ``what`` is `FIGURES`, `TABLE` or the letter of a report. An empty
        field is not known.

    Returns
    -------
    Answer
    """
    fields = _Fields(asked)
    try:
        if asked["what"] == FIGURES:
            table = pd.DataFrame([fields.figures()])
            n, n_classes = fields.read("n", _rows), fields.read("n_classes", _classes)
        elif asked["what"] == TABLE:
            table = forensics.parse(asked["table"])
            n, n_classes = fields.read("table_n", _rows), fields.read("table_classes", _classes)
        else:
            return Answer(inspect(asked["what"]), {})
        if not fields.troubles:
            findings = forensics.examine(table, n=n, n_classes=n_classes)
            return Answer(findings if asked["what"] == TABLE else findings.assign(row=""), {})
    except SercourseError as error:
        fields.troubles["table" if asked["what"] == TABLE else "accuracy"] = str(error)
    return Answer(pd.DataFrame(columns=forensics.Finding._fields), fields.troubles)


class _Fields:
    """What was typed, and what is wrong with it."""

    def __init__(self, asked: dict[str, str]):
        self.asked = asked
        self.troubles: dict[str, str] = {}

    def read(self, name: str, reader: Callable):
        """Return what a field says, or None where it is empty or wrong."""
        typed = self.asked[name].strip()
        if not typed:
            return None
        try:
            return reader(typed)
        except SercourseError as error:
            self.troubles[name] = str(error)

    def figures(self) -> dict[str, str]:
        """Return the accuracy and the loss as typed, with a decimal point."""
        row = {name: _with_point(self.asked[name]) for name in ("accuracy", "loss")}
        for name, reader in (("accuracy", figures.share), ("loss", figures.loss)):
            self.read(name, lambda typed, reader=reader: reader(_with_point(typed)))
        if not any(row.values()):
            self.troubles["accuracy"] = "type an accuracy or a loss: there is nothing to examine yet"
        return row


def _with_point(typed: str) -> str:
    """Write a decimal comma as a point."""
    typed = typed.strip()
    return typed.replace(",", ".") if re.fullmatch(r"[+-]?\d*,\d+\s*%?", typed) else typed


def _rows(typed: str) -> int | list[int]:
    """Read one number of rows, or several with "or" between them."""
    without_commas = re.sub(r"(?<=\d),(?=\d{3}\b)", "", typed)
    counts = [_whole(each, "files", 325) for each in re.split(r"\s+or\s+", without_commas)]
    return counts[0] if len(counts) == 1 else counts


def _whole(typed: str, things: str, example: int) -> int:
    """Read how many things there are; the advice that goes with shares would be out of place."""
    try:
        return figures.count(typed)
    except TableError as error:
        raise TableError(
            typed, f"is not a number of {things}", f"give a whole number, such as {example}"
        ) from error


def _classes(typed: str) -> int:
    """Read how many classes there are."""
    n_classes = _whole(typed, "classes", 8)
    if n_classes < 2:
        raise TableError(typed, "is not a number of classes", "give at least 2")
    return n_classes


class ForensicForm(anywidget.AnyWidget):
    """Examine published figures, a pasted table, or one of the five reports; lesson 15.

    Each finding is explained in words, with its formula, its source and what it cannot say. The form starts
    with Report C's Model D, whose validation loss its validation accuracy excludes.

    Parameters
    ----------
    **asked : str
        What fields are filled with in place of that, see `start`: ``what="B"`` shows Report B,
        ``accuracy="0.9929", loss="1.1745", n="280", n_classes="7"`` other figures.

    Raises
    ------
    UnknownNameError
        There is no such field, or nothing such to examine.
    """

    _esm = _HERE.with_suffix(".js")
    _css = _CSS

    choices = traitlets.List().tag(sync=True)
    """What can be examined: value and words."""
    asked = traitlets.Dict().tag(sync=True)
    """The fields, as they were when the form was last examined."""
    said = traitlets.Dict().tag(sync=True)
    """What the page shows: a summary, the findings as HTML, and what is wrong with which field."""

    def __init__(self, **asked: str):
        first = start()
        choices = {FIGURES: "figures of one network", TABLE: "a table", **_titles()}
        if unknown := sorted(set(asked) - set(first)):
            raise UnknownNameError("field of the form", unknown[0], first)
        if (what := asked.get("what", FIGURES)) not in choices:
            raise UnknownNameError("thing to examine", what, choices)
        self._one_at_a_time = threading.Lock()
        super().__init__(choices=[list(pair) for pair in choices.items()])
        self.examine(first | asked)
        self.on_msg(lambda _, message, buffers: self.examine(message["asked"], message["number"]))

    def examine(self, asked: dict[str, str], number: int = 0) -> None:
        """Show what is found in the fields' values.

        Parameters
        ----------
        asked : dict of str to str
            All fields, as in `start`.
        number : int
            Comes back to the page, which so knows what is answered.
        """
        with self._one_at_a_time, self.hold_sync():
            self.asked = asked
            self.findings, troubles = answer(asked)
            page = "" if troubles else findings_page.page(self.findings)
            if asked["what"] in REPORTS:
                page += findings_page.lessons(REPORTS[asked["what"]].lessons)
            self.said = {
                "number": number,
                "troubles": troubles,
                "summary": findings_page.summary(self.findings, troubles),
                "page": page,
            }

    def __repr__(self) -> str:
        return findings_page.text(self._heading(), self.findings)

    def _repr_mimebundle_(self, **kwargs):
        # A page without a kernel shows the HTML, a terminal the text.
        data, metadata = super()._repr_mimebundle_(**kwargs)
        static = findings_page.static(self._heading(), self.said["summary"], self.said["page"], _CSS)
        return data | {"text/plain": repr(self), "text/html": static}, metadata

    def _heading(self) -> str:
        """What was examined, in a line."""
        asked = self.asked
        if asked["what"] == TABLE:
            return "a pasted table"
        if asked["what"] in REPORTS:
            return _titles()[asked["what"]]
        named = {"accuracy": "accuracy", "loss": "loss", "n": "tested files", "n_classes": "classes"}
        return ", ".join(f"{words} {asked[name]}" for name, words in named.items() if asked[name])


def _titles() -> dict[str, str]:
    return {letter: f"Report {letter}: {report.title}" for letter, report in REPORTS.items()}
