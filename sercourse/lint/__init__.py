"""What every lesson keeps, as rules: a function a rule, which yields what breaks it and what to do.

A rule looks at the notebook as it is committed and runs nothing. It takes a `Lesson`, and yields
``(cell id, what to do)``. ``sercourse lint`` shows the findings; CONTRIBUTING lists the rules.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from sercourse.lint.cells import clean, sizes
from sercourse.lint.lesson import Found, Lesson
from sercourse.lint.parts import closing, opening, questions
from sercourse.lint.pointers import links, references
from sercourse.lint.prose import numbers
from sercourse.lint.shown import figures, palette
from sercourse.lint.timings import minutes, record

__all__ = ["EXERCISE_RULES", "RULES", "Finding", "Lesson", "check", "record"]

Rule = Callable[[Lesson], Found]

RULES = (opening, closing, questions, sizes, clean, figures, palette, links, references, minutes, numbers)

EXERCISE_RULES = (clean, palette, links, references)
"""Those that hold for a solved exercise too. Its tests see to its parts."""


class Finding(NamedTuple):
    """A place where a lesson breaks a rule.

    Attributes
    ----------
    lesson : str
        Its file's name without the ending.
    cell : str
        The cell's id; ``metadata`` for what is said about the notebook as a whole.
    rule : str
        Name of the function in `RULES`.
    advice : str
        What is wrong, and what to do.
    """

    lesson: str
    cell: str
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.lesson}, cell {self.cell}: {self.rule}: {self.advice}"


def check(path: Path, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """Return what breaks the rules in a lesson.

    Parameters
    ----------
    path : pathlib.Path
        A notebook. Its folder holds the other lessons, ``references.bib`` and ``timings.csv``.
    rules : iterable of callable, optional
        What to look for; all that a lesson keeps by default.

    Returns
    -------
    list of Finding
        Rule by rule, in the order of the cells.

    Raises
    ------
    LessonError
        The file cannot be read as a notebook.
    """
    lesson = Lesson.read(path)
    return [
        Finding(lesson.name, cell, rule.__name__, advice) for rule in rules for cell, advice in rule(lesson)
    ]
