"""Mark what a class has handed in: every student gets a mark and a reason, and nobody stops the batch.

A student's row is written when the student is marked. So a batch that was stopped goes on where it was, and
who hands in again is marked again, and nobody else.
"""

import hashlib
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
import pandas as pd

from sercourse.errors import LessonError
from sercourse.exercises import library
from sercourse.exercises.marking import is_by_hand, is_test, marks_of
from sercourse.grading import classroom
from sercourse.grading.classroom import AUTOGRADED, MARKS, SUBMITTED, find_notebook
from sercourse.grading.deriving import load

NOT_RUN = "not run"
"""The isolation of what could not be run."""


class Marked(NamedTuple):
    """A row of the table of marks.

    Points of the tests, and of how many; how many a person has still to give; why points are missing; what
    was odd about the files; how the code was kept apart; what the row was made from.
    """

    student: str
    points: float
    out_of: float
    by_hand: float
    reason: str
    note: str
    isolation: str
    seconds: float
    key: str


COLUMNS = Marked._fields


def grade(
    folder: Path,
    exercise: str,
    *,
    again: bool = False,
    on_student: Callable[[Marked, bool], None] = lambda row, fresh: None,
) -> pd.DataFrame:
    """Mark an exercise of a class.

    Parameters
    ----------
    folder : pathlib.Path
        The class.
    exercise : str
        Such as ``04``.
    again : bool
        Mark also those whose work has not changed since.
    on_student : callable
        Called with each row, and whether it is new.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, students by name; also written to ``marks/<exercise>.csv``.

    Raises
    ------
    LessonError
        There is no such class, or the exercise was not released.
    """
    folder = folder.resolve()  # nbgrader takes what is not absolute from the class's folder on
    name = classroom.full_name(folder, exercise)
    source = library.find(name, library.SOURCE, folder)
    table = folder / MARKS / f"{name}.csv"
    before = [] if again else read_marks(folder, name).to_dict("records")
    rows = {row["student"]: Marked(**row) for row in before}
    with tempfile.TemporaryDirectory(prefix=".staged-", dir=folder) as staged:
        grader = _Grader(folder, name, Path(staged))
        for student in grader.students():
            handed_in = folder / SUBMITTED / student / name
            key = _key(handed_in, source)
            fresh = student not in rows or rows[student].key != key
            if fresh:
                rows[student] = grader.mark(student, handed_in)._replace(key=key)
                _save(table, rows)
            on_student(rows[student], fresh)
    return _table(rows)


class _Grader:
    """nbgrader, at work on one exercise."""

    def __init__(self, folder: Path, name: str, staged: Path):
        self._folder, self._name, self._staged = folder, name, staged
        self._api = classroom.api(folder)
        self._api.coursedir.submitted_directory = str(staged)
        missing = load("nbgrader.api").MissingEntry
        try:
            with self._api.gradebook as gradebook:
                gradebook.find_notebook(name, name)
        except missing:
            advice = f"run `sercourse class release {name}` first"
            raise LessonError(f"{name}: the gradebook of {folder} does not know it; {advice}") from None

    def students(self) -> list[str]:
        """Return who is in the gradebook, and who has handed in."""
        with self._api.gradebook as gradebook:
            known = {student.id for student in gradebook.students}
        submitted = self._folder / SUBMITTED
        there = {path.name for path in submitted.iterdir() if path.is_dir()} if submitted.is_dir() else set()
        return sorted(known | {each for each in there if each[0] != "."})

    def mark(self, student: str, handed_in: Path) -> Marked:
        """Mark one student's work, whatever it is."""
        path, note = find_notebook(handed_in, self._name)
        if path is None:
            return self._without_tests(student, note, look=handed_in.is_dir() and any(handed_in.iterdir()))
        try:
            notebook = classroom.read(path)
            self._stage(student, handed_in, notebook)
            with _quiet():
                done = self._api.autograde(self._name, student, force=True, create=True)
            if not done["success"]:
                raise LessonError(f"nbgrader: {classroom.last_words(done)}")
            return self._read(student, note)
        except Exception as error:  # nobody's work stops the batch
            return self._without_tests(student, f"{type(error).__name__}: {error}", look=True)

    def _stage(self, student: str, handed_in: Path, notebook: nbformat.NotebookNode) -> None:
        """Copy what was handed in to where nbgrader looks, the notebook under its right name."""
        own = self._staged / student / self._name
        skip = shutil.ignore_patterns("*.ipynb", ".*")
        shutil.copytree(handed_in, own, ignore=skip, symlinks=True, dirs_exist_ok=True)
        for path in own.rglob("*"):
            if path.is_symlink():  # a link could point to what is not the student's
                path.unlink()
        nbformat.write(notebook, own / f"{self._name}.ipynb")

    def _read(self, student: str, note: str) -> Marked:
        """Return a row from the notebook that nbgrader has marked."""
        path = self._folder / AUTOGRADED / student / self._name / f"{self._name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        tests = [cell for cell in notebook.cells if is_test(cell)]
        reasons = {marks_of(cell)["grade_id"]: _reason(cell) for cell in tests}
        lost = {test: reason for test, reason in reasons.items() if reason}
        known = notebook.metadata["sercourse"]
        if known["missing"]:
            note = "; ".join(filter(None, [note, f"put back: {', '.join(known['missing'])}"]))
        return Marked(
            student=student,
            points=_points(cell for cell in tests if marks_of(cell)["grade_id"] not in lost),
            out_of=_points(tests),
            by_hand=self._by_hand(student),
            reason=" | ".join(f"{test}: {reason}" for test, reason in lost.items()) or "all tests pass",
            note=note,
            isolation=known["way"],
            seconds=known["seconds"],
            key="",
        )

    def _by_hand(self, student: str) -> float:
        """Return the points that a person has still to give."""
        with self._api.gradebook as gradebook:
            submission = gradebook.find_submission_notebook(self._name, self._name, student)
            return sum(grade.max_score for grade in submission.grades if grade.needs_manual_grade)

    def _without_tests(self, student: str, reason: str, *, look: bool) -> Marked:
        """Give no points; where something was handed in, ask a person to look at it."""
        source = nbformat.read(library.find(self._name, library.SOURCE, self._folder), as_version=4)
        with _quiet(), self._api.gradebook as gradebook:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(self._name, student)
            submission = gradebook.find_submission_notebook(self._name, self._name, student)
            for grade in submission.grades:
                grade.auto_score, grade.needs_manual_grade = 0.0, look
            gradebook.db.commit()
        points, by_hand = (_points(filter(kind, source.cells)) for kind in (is_test, is_by_hand))
        note = "a person should look at it" if look else ""
        return Marked(student, 0.0, points, by_hand if look else 0.0, reason, note, NOT_RUN, 0.0, "")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep nbgrader's database from warning of its own habits."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="nbgrader")
        yield


def _points(cells: Iterable[nbformat.NotebookNode]) -> float:
    return sum(marks_of(cell)["points"] for cell in cells)


def _reason(cell: nbformat.NotebookNode) -> str:
    """Return why a test gave no points."""
    return next((output.evalue for output in cell.outputs if output.output_type == "error"), "")


def _key(handed_in: Path, source: Path) -> str:
    """Return a short name for what a row is made from."""
    digest = hashlib.sha256(source.read_bytes())
    for path in sorted(handed_in.rglob("*")) if handed_in.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            digest.update(str(path.relative_to(handed_in)).encode(errors="surrogateescape"))
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def read_marks(folder: Path, name: str) -> pd.DataFrame:
    """Return the table that `grade` has written of an exercise so far; empty if none.

    Parameters
    ----------
    folder : pathlib.Path
        The class.
    name : str
        The exercise's whole name.
    """
    table = folder / MARKS / f"{name}.csv"
    if not table.is_file():
        return pd.DataFrame(columns=list(COLUMNS))
    texts = dict.fromkeys(("student", "reason", "note", "isolation", "key"), str)
    return pd.read_csv(table, dtype=texts, keep_default_na=False)


def _save(table: Path, rows: dict[str, Marked]) -> None:
    classroom.save_table(_table(rows), table)


def _table(rows: dict[str, Marked]) -> pd.DataFrame:
    return pd.DataFrame([rows[student] for student in sorted(rows)], columns=list(COLUMNS))
