"""Exercises as tests see them: answered by the source, by nobody, or by a plausible mistake."""

import copy
import importlib
from typing import NamedTuple

import matplotlib.pyplot
import nbformat
from conftest import ROOT

from sercourse.exercises import library, mark
from sercourse.exercises.marking import marks_of
from sercourse.exercises.students import LocalStudent

NAMES = sorted(path.stem for path in (library.EXERCISES / library.SOURCE).glob("*/*.ipynb"))


class Wrong(NamedTuple):
    """A plausible wrong answer to an exercise.

    Attributes
    ----------
    title : str
        What was misunderstood.
    answers : dict of str to str
        Cells of the solution, by name, and what stands there instead.
    loses : dict of str to str
        The tests that give no points for it, all of them, and a part of what each says.
    """

    title: str
    answers: dict[str, str]
    loses: dict[str, str]


def source(name):
    return nbformat.read(library.find(name, library.SOURCE), as_version=4)


def release(name):
    return nbformat.read(library.find(name, library.RELEASE), as_version=4)


def answered(notebook, answers):
    """Return a notebook with other answers."""
    changed = copy.deepcopy(notebook)
    cells = {marks_of(cell).get("grade_id"): cell for cell in changed.cells}
    for name, answer in answers.items():
        assert marks_of(cells[name])["solution"], f"{name} is no answer"
        cells[name].source = answer
    return changed


def marked(notebook):
    """Return the marks of the tests that run, by name. Pictures are drawn, and not shown."""
    matplotlib.use("agg")
    with matplotlib.rc_context():  # a notebook may set its own style
        try:
            marks = mark(copy.deepcopy(notebook), LocalStudent())
        finally:
            matplotlib.pyplot.close("all")
    return {each.test: each for each in marks if each.reason != "marked by hand"}


def wrong_answers(name):
    """Return the plausible wrong answers to an exercise: ``tests/wrong_answers/exercise_<name>.py``."""
    if not (ROOT / "tests" / "wrong_answers" / f"exercise_{name}.py").exists():
        return []
    return importlib.import_module(f"wrong_answers.exercise_{name}").WRONG
