"""A class's folder: made once, filled with what students hand in, and read for what nbgrader has of it.

::

    source/04_mfcc/04_mfcc.ipynb           with the answers; the instructor's own copy
    release/04_mfcc/04_mfcc.ipynb          for students
    submitted/STUDENT/04_mfcc/…            as it came; nothing is ever changed or removed here
    autograded/, feedback/, gradebook.db   nbgrader's
    marks/04_mfcc.csv                      a row a student: mark, reasons, how it was kept apart
"""

import logging
import shutil
import unicodedata
from pathlib import Path
from typing import NamedTuple

import nbformat
import pandas as pd
from nbformat import NotebookNode

from sercourse.errors import LessonError
from sercourse.exercises import library
from sercourse.exercises.marking import marks_of
from sercourse.files import written_whole
from sercourse.grading.deriving import load

CONFIG = "nbgrader_config.py"
SUBMITTED, AUTOGRADED, MARKS = "submitted", "autograded", "marks"


class Taken(NamedTuple):
    """What became of a file that was handed in.

    Attributes
    ----------
    student : str
    path : pathlib.Path
        Where it is now; missing if nothing could be taken.
    note : str
        What is odd about it.
    """

    student: str
    path: Path | None
    note: str


def new(folder: Path, exercises: list[str] | None = None) -> list[str]:
    """Make a class's folder, or add exercises to it.

    Parameters
    ----------
    folder : pathlib.Path
        What is there already stays as it is.
    exercises : list of str, optional
        Such as ``04``. All by default.

    Returns
    -------
    list of str
        The exercises that were added.
    """
    wanted = [library.find(name, library.SOURCE) for name in exercises or library.names()]
    added = []
    for path in wanted:
        own = folder / library.SOURCE / path.stem
        if own.exists():
            continue
        shutil.copytree(path.parent, own, ignore=shutil.ignore_patterns(".*"))
        added.append(path.stem)
    if not (folder / CONFIG).exists():
        with written_whole(folder / CONFIG) as partial:
            shutil.copyfile(library.EXERCISES / CONFIG, partial)
    return added


def known(folder: Path) -> list[str]:
    """Return the exercises of a class.

    Raises
    ------
    LessonError
        The folder is no class.
    """
    if not (folder / CONFIG).is_file():
        raise LessonError(f"{folder}: no class here; make one with `sercourse class new {folder}`")
    return library.names(library.SOURCE, folder)


def full_name(folder: Path, exercise: str) -> str:
    """Return an exercise's whole name, such as ``04_mfcc`` for ``04``."""
    known(folder)
    return library.find(exercise, library.SOURCE, folder).stem


def api(folder: Path):
    """Return nbgrader's interface to a class."""
    apps = load("nbgrader.apps")
    loader = load("traitlets.config").PyFileConfigLoader(CONFIG, path=str(folder.resolve()))
    logging.getLogger("traitlets").setLevel(logging.CRITICAL + 1)  # it speaks of an exchange we do not use
    try:
        return apps.NbGraderAPI(config=loader.load_config())
    finally:
        logging.getLogger("traitlets").setLevel(logging.NOTSET)


def release(folder: Path, exercise: str) -> Path:
    """Write what students get, and tell the gradebook what there is to mark.

    Returns
    -------
    pathlib.Path
        The notebook to hand out.
    """
    name = full_name(folder, exercise)
    done = api(folder).generate_assignment(name, force=True)
    if not done["success"]:
        raise LessonError(f"{folder / library.SOURCE / name}: nbgrader says: {last_words(done)}")
    return folder / library.RELEASE / name / f"{name}.ipynb"


def collect(folder: Path, exercise: str, handed_in: Path) -> list[Taken]:
    """Take a folder of files that were handed in, by mail or through a learning platform.

    Parameters
    ----------
    folder : pathlib.Path
        The class.
    exercise : str
    handed_in : pathlib.Path
        Holds a folder or a notebook for each student, named after the student.

    Returns
    -------
    list of Taken
        A file that came before and differs is kept beside the new one.
    """
    name = full_name(folder, exercise)
    if not handed_in.is_dir():
        raise LessonError(f"{handed_in}: no such folder; name the one with the students' files")
    taken = []
    for path in sorted(each for each in handed_in.iterdir() if each.name[0] != "."):
        if not path.is_dir() and path.suffix != ".ipynb":
            taken.append(Taken(path.name, None, "neither a folder nor a notebook; left where it is"))
            continue
        student = student_id(path.name if path.is_dir() else path.stem.removesuffix(f"_{name}"))
        goal = folder / SUBMITTED / student / name
        files = [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
        notes = [
            _copied(each, goal / (each.relative_to(path) if path.is_dir() else f"{name}.ipynb"))
            for each in files
        ]
        taken.append(
            Taken(student, goal, "; ".join(filter(None, notes)) or ("" if files else "an empty folder"))
        )
        goal.mkdir(parents=True, exist_ok=True)
    return taken


def student_id(name: str) -> str:
    """Return a student's name as folders and the gradebook have it: one way to write each accent."""
    return unicodedata.normalize("NFC", name).strip().replace("/", "_")


def feedback(folder: Path, exercise: str) -> list[Path]:
    """Write a page for each student who was marked; return the pages."""
    name = full_name(folder, exercise)
    done = api(folder).generate_feedback(name, force=True)
    if not done["success"]:
        raise LessonError(f"{folder}: nbgrader says: {last_words(done)}; run `sercourse class grade` first")
    return sorted((folder / "feedback").glob(f"*/{name}/*.html"))


def all_marks(folder: Path) -> pd.DataFrame:
    """Return the marks in the gradebook: those of tests, and those given by hand.

    Returns
    -------
    pandas.DataFrame
        Columns ``student``, ``exercise``, ``points``, ``out_of``, ``handed_in``, ``to_mark_by_hand``: a row
        for each student and each exercise that was released.
    """
    known(folder)
    rows = []
    with api(folder).gradebook as gradebook:
        for assignment in gradebook.assignments:
            there = {each.student_id: each for each in assignment.submissions}
            for student in gradebook.students:
                each = there.get(student.id)
                open_points = bool(each and each.needs_manual_grade)
                points = each.score if each else 0.0
                # Marking gives those a submission, too, who handed in nothing.
                came = any((folder / SUBMITTED / student.id / assignment.name).glob("*"))
                rows.append((student.id, assignment.name, points, assignment.max_score, came, open_points))
    columns = ["student", "exercise", "points", "out_of", "handed_in", "to_mark_by_hand"]
    return pd.DataFrame(rows, columns=columns).sort_values(["student", "exercise"], ignore_index=True)


def save_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, whole."""
    with written_whole(path) as partial:
        table.to_csv(partial, index=False)


def find_notebook(handed_in: Path, name: str) -> tuple[Path | None, str]:
    """Return a student's notebook for an exercise, whatever it is called now.

    Parameters
    ----------
    handed_in : pathlib.Path
        The student's folder for the exercise.
    name : str
        The exercise.

    Returns
    -------
    path : pathlib.Path or None
    note : str
        What was odd: why there is none, or that it has another name.
    """
    there = [
        path
        for path in sorted(handed_in.rglob("*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts and not path.is_symlink()  # which could be another's work
    ]
    if handed_in / f"{name}.ipynb" in there:
        return handed_in / f"{name}.ipynb", ""
    like = [path for path in there if _looks_like_exercise(path)]
    if len(like) == 1:
        return like[0], f"the notebook was called {like[0].name}"
    if like:
        return None, f"{len(like)} notebooks, none of them called {name}.ipynb: which one is it?"
    return None, "no notebook of this exercise was handed in"


def _looks_like_exercise(path: Path) -> bool:
    """Whether a file has cells with an exercise's marks."""
    try:
        return any(marks_of(cell).get("grade") for cell in read(path).cells)
    except LessonError:
        return False


def read(path: Path) -> NotebookNode:
    """Read a notebook that a student has handed in.

    Raises
    ------
    LessonError
        It is no notebook, or damaged.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        first = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise LessonError(
            f"{path.name} is no whole notebook ({first}); ask the student for it again"
        ) from error
    return notebook


def _copied(path: Path, goal: Path) -> str:
    """Copy a file; keep a different one that is there already. Return what is odd."""
    note = ""
    if path.is_symlink():
        return f"{path.name} is a link, and was left out"
    if goal.is_file() and goal.read_bytes() != path.read_bytes():
        number = 1
        while (kept := goal.with_name(f"{goal.stem}.before-{number}{goal.suffix}.txt")).exists():
            number += 1
        goal.rename(kept)
        note = f"the earlier {goal.name} is kept as {kept.name}"
    with written_whole(goal) as partial:
        shutil.copyfile(path, partial)
    return note


def last_words(done: dict) -> str:
    """Return the last line that nbgrader logged or raised."""
    text = (done.get("error") or "").strip() or (done.get("log") or "").strip()
    return text.splitlines()[-1] if text else "nothing"
