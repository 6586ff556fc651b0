"""Check one's own work: run an exercise's visible tests, without nbgrader."""

from pathlib import Path

import nbformat

from sercourse.errors import LessonError
from sercourse.exercises import library
from sercourse.exercises.kernels import KernelStudent, Limits
from sercourse.exercises.marking import Mark, is_test, mark


def find_notebook(exercise: str | Path) -> Path:
    """Return the notebook that `check` runs.

    Parameters
    ----------
    exercise : str or path-like
        Such as ``04``: what students get, in this clone. Or a notebook file.

    Raises
    ------
    LessonError, UnknownNameError
        There is no such exercise or file.
    """
    path = Path(exercise)
    if path.suffix != ".ipynb":
        path = library.find(str(exercise))
    if not path.is_file():
        raise LessonError(f"{path}: no such file; name an exercise, such as 04, or your notebook")
    return path


def check(exercise: str | Path, seconds: float = 60) -> list[Mark]:
    """Run a notebook in a kernel of its own, and its tests beside it.

    Parameters
    ----------
    exercise : str or path-like
        See `find_notebook`.
    seconds : float
        That a cell may take.

    Returns
    -------
    list of Mark
        The file is not changed.

    Raises
    ------
    LessonError, UnknownNameError
        There is no such exercise, or the file is none.
    """
    path = find_notebook(exercise)
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:
        raise LessonError(f"{path}: not a notebook ({error}); save it again in JupyterLab") from error
    if not any(map(is_test, notebook.cells)):
        raise LessonError(f"{path}: no tests in it; begin again from the notebook in exercises/release/")
    with KernelStudent(path.parent, limits=Limits(seconds=seconds)) as student:
        return mark(notebook, student)
