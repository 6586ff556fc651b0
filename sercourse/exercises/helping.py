"""The last step of help: the solution of one task, when it is asked for."""

import nbformat
from nbformat import NotebookNode

from sercourse.errors import UnknownNameError
from sercourse.exercises import library
from sercourse.exercises.marking import is_by_hand, marks_of, task_of


def solution(exercise: str, task: str) -> str:
    """Return a task's solution.

    Parameters
    ----------
    exercise : str
        Such as ``"04"``.
    task : str
        As its cells are named, such as ``"frames"``.

    Returns
    -------
    str

    Raises
    ------
    LessonError, UnknownNameError
        The solved exercises are not here, or have no such exercise or task. An instructor may keep them.
    """
    notebook = nbformat.read(library.find(exercise, library.SOURCE), as_version=4)
    answers = {task_of(cell): cell for cell in notebook.cells if _is_answer(cell)}
    if task not in answers:
        raise UnknownNameError("task", task, list(answers))
    return _shown(answers[task])


def _is_answer(cell: NotebookNode) -> bool:
    return bool(marks_of(cell).get("solution"))


def _shown(cell: NotebookNode) -> str:
    """Return an answer without the marks that only say where it begins and ends."""
    lines = cell.source.splitlines()
    text = "\n".join(line for line in lines if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line)
    return text if not is_by_hand(cell) else f"One good answer:\n\n{text}"
