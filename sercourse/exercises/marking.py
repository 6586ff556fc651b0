"""Mark a notebook: run the student's cells, look at what they made, and say why a point is missing.

The cells of an exercise, by nbgrader's marks:

======================  ===========================================================================
locked, no points       the exercise's own: it runs with the student's work, and beside the tests
solution                the student's answer
locked, with points     a test: all its points, or none and a message
solution, with points   answered in words, marked by hand
no mark                 the student's own, or a picture to look at
======================  ===========================================================================

Tests never run where the student's cells run. They look up names, and get numbers, arrays, and functions
whose calls are carried out there. So an answer can neither read a test nor change what it compares.
"""

import builtins
from typing import Any, NamedTuple

from nbformat import NotebookNode
from nbformat.v4 import new_output

from sercourse.exercises.checks import NotYet
from sercourse.exercises.students import Student

NO_ANSWER = "There is no answer yet."


class Mark(NamedTuple):
    """What a test cell gave.

    Attributes
    ----------
    test : str
        The test cell's name, such as ``frames-shape``.
    points, out_of : float
        ``points`` is NaN where a person has to mark.
    reason : str
        Why points are missing. Empty if none are.
    """

    test: str
    points: float
    out_of: float
    reason: str


def marks_of(cell: NotebookNode) -> dict:
    """Return nbgrader's marks of a cell; empty where it has none."""
    return cell.metadata.get("nbgrader", {})


def is_test(cell: NotebookNode) -> bool:
    """Whether a cell is a test that runs."""
    marks = marks_of(cell)
    return cell.cell_type == "code" and bool(marks.get("grade")) and not marks.get("solution")


def is_by_hand(cell: NotebookNode) -> bool:
    """Whether a cell has points that a person gives."""
    marks = marks_of(cell)
    return bool(marks.get("grade")) and not is_test(cell)


def is_own(cell: NotebookNode) -> bool:
    """Whether a code cell is the exercise's own: locked, without points."""
    marks = marks_of(cell)
    return cell.cell_type == "code" and bool(marks.get("locked")) and not marks.get("grade")


def task_of(cell: NotebookNode) -> str:
    """Return the task a cell belongs to: what stands before the first hyphen of its name."""
    return marks_of(cell)["grade_id"].split("-")[0]


def mark(notebook: NotebookNode, student: Student) -> list[Mark]:
    """Run a notebook's cells in their order, tests among them.

    Parameters
    ----------
    notebook : NotebookNode
        Its outputs are written anew.
    student : Student
        Where its cells run.

    Returns
    -------
    list of Mark
        One for each test, and for each cell that a person marks.
    """
    beside = _Beside(student)
    marks, failed = [], {}
    for cell in notebook.cells:
        if is_by_hand(cell):
            known = marks_of(cell)
            marks.append(Mark(known["grade_id"], float("nan"), known["points"], "marked by hand"))
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        cell.outputs = []
        if is_test(cell):
            marks.append(_tested(cell, beside, failed.get(task_of(cell), "")))
            continue
        cell.outputs, error = student.run(cell.source)
        if error and marks_of(cell).get("solution"):
            failed[task_of(cell)] = error
        if is_own(cell):
            _run_beside(cell, beside)
    return marks


class _Beside(dict):
    """The names that a test sees: the exercise's own, and behind them the student's."""

    def __init__(self, student: Student):
        super().__init__(__builtins__=builtins, __name__="__main__")
        self._student = student

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        return self._student.value(name)


def _run_beside(cell: NotebookNode, beside: _Beside) -> None:
    """Run the exercise's own cell for the tests too.

    It can fail by an answer, such as a name that is no text. Then the tests that need it say so.
    """
    try:
        exec(compile(cell.source, "<cell>", "exec"), beside)
    except Exception as error:
        cell.outputs = [*cell.outputs, told(f"{type(error).__name__}: {error}")]


def _tested(cell: NotebookNode, beside: _Beside, failed: str) -> Mark:
    """Run a test. `failed` says why the task's answer did not run, if it did not."""
    reason = ""
    try:
        exec(compile(cell.source, "<test>", "exec"), beside)
    except Exception as error:
        reason = _reason(error, failed)
        cell.outputs = [told(reason)]
    points = float(marks_of(cell)["points"])
    return Mark(marks_of(cell)["grade_id"], 0.0 if reason else points, points, reason)


def _reason(error: Exception, failed: str) -> str:
    """Return why a test gives no points, in the student's words."""
    if isinstance(error, NotYet):
        return str(error)
    names = getattr(error, "names", [type(error).__name__])
    if "NotImplementedError" in names or failed.startswith("NotImplementedError"):
        return NO_ANSWER
    if failed:
        return f"Your answer did not run: {failed}."
    if "NameError" in names:
        return f"{NO_ANSWER} ({error}.)"
    return f"Your code raises {names[0]}: {error}"


def told(reason: str) -> NotebookNode:
    """Return a reason as a notebook shows an error. nbgrader gives no points to a cell that shows one."""
    return new_output("error", ename="NotYet", evalue=reason, traceback=[reason])
