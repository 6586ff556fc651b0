"""A class whose submissions try the grader: twelve kinds, from an endless loop to a name in another script.

Each kind is a function that takes the blank exercise and the solved one, and writes what a student hands in.
"""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import nbformat
from exercises_marked import answered

from sercourse.exercises.marking import is_test

EXERCISE = "04_mfcc"


class Kind(NamedTuple):
    """A kind of submission.

    Attributes
    ----------
    title : str
    student : str
        Its name, to which a number is added.
    write : callable
        Takes the solved notebook and the folder to hand in.
    lost : set of str
        The tasks whose points it must lose. All others must be given.
    says : str
        A part of the reason, or of the note.
    """

    title: str
    student: str
    write: Callable[[nbformat.NotebookNode, Path], None]
    lost: set[str]
    says: str


ALL = {"count", "frames", "mel", "mean"}


def hand_in(notebook, folder, name=f"{EXERCISE}.ipynb"):
    """Write a notebook to a student's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / name)


def answering(name, source):
    """Return a kind that gives one answer of its own."""
    return lambda solved, folder: hand_in(answered(solved, {name: source}), folder)


def without_tests(solved, folder):
    kept = [cell for cell in solved.cells if not is_test(cell)]
    hand_in(nbformat.v4.new_notebook(cells=kept, metadata=solved.metadata), folder)


def with_easy_tests(solved, folder):
    changed = answered(solved, {"count-answer": "n_frames, overlap = 1, 1"})
    for cell in changed.cells:
        if is_test(cell):
            cell.source = "pass"
            cell.metadata["nbgrader"]["points"] = 100
    hand_in(changed, folder)


def renamed(solved, folder):
    hand_in(solved, folder, "my homework (final 2).ipynb")


def nothing(solved, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "photo of my notes.txt").write_text("see page 2")


READING = """
import glob, os
n_frames = overlap = 0
for place in (".", "..", "../..", os.path.expanduser("~"), os.getcwd()):
    for path in glob.glob(place + "/*.ipynb") + glob.glob(place + "/*/*.ipynb") + glob.glob(place + "/.*/*"):
        text = open(path, errors="ignore").read()
        if "n_frames, 98" in text or "HIDDEN TESTS" in text:
            n_frames, overlap = 98, 240
try:
    import sercourse.exercises
    exec(sercourse.exercises.solution("04", "count"))
except Exception:
    pass
"""

WRITING = """
import glob, os, sqlite3
n_frames, overlap = 1, 1
for place in (".", "..", "../..", "../../..", "/*", "/*/*", os.path.expanduser("~")):
    for path in glob.glob(place + "/gradebook.db") + glob.glob(place + "/*/gradebook.db"):
        book = sqlite3.connect(path)
        book.execute("UPDATE grade SET manual_score = 100")
        book.commit()
"""

LOOP = "while True:\n    pass"
EXIT = "import os\nos._exit(0)"
HOG = "kept = []\nwhile True:\n    kept.append(b'1' * 5 * 10**8)"
FLOOD = "for _ in range(400):\n    print('x' * 10**5)\nn_frames, overlap = 98, 240"
BROKEN = "def triangle(:\n    pass"

KINDS = [
    Kind("endless loop", "Ayla", answering("count-answer", LOOP), {"count"}, "it did not end within"),
    Kind("os._exit", "Ben", answering("count-answer", EXIT), {"count"}, "it ended the kernel"),
    Kind("deleted test cells", "Chen", without_tests, set(), "put back"),
    Kind("edited test cells", "Dana", with_easy_tests, {"count"}, "should be 98, and is 1"),
    Kind("renamed notebook", "Emre", renamed, set(), "was called my homework (final 2).ipynb"),
    Kind("missing file", "Fay", nothing, ALL, "no notebook of this exercise"),
    Kind("syntax error", "Gita", answering("mel-answer", BROKEN), {"mel"}, "SyntaxError"),
    Kind("memory hog", "Hugo", answering("mean-answer", HOG), {"mean"}, "emory"),
    Kind("huge output", "Ines", answering("count-answer", FLOOD), set(), "all tests pass"),
    Kind(
        "reading hidden tests", "Jun", answering("count-answer", READING), {"count"}, "should be 98, and is 0"
    ),
    Kind("writing to the gradebook", "Kofi", answering("count-answer", WRITING), {"count"}, "should be 98"),
    Kind("non-ASCII name", "Łucja Ñuñez 李", hand_in, set(), "all tests pass"),
]


def write_class(folder, solved, n_students, kinds=KINDS):
    """Write a class's submissions.

    Parameters
    ----------
    folder : pathlib.Path
        The class's ``submitted/``.
    solved : nbformat.NotebookNode
        The exercise with its answers.
    n_students : int
        The kinds are used one after the other, and again from the first.
    kinds : list of Kind

    Returns
    -------
    dict of str to Kind
        By student.
    """
    class_of = {}
    for number in range(n_students):
        kind = kinds[number % len(kinds)]
        student = f"{kind.student} {1 + number // len(kinds)}"
        kind.write(copy.deepcopy(solved), folder / student / EXERCISE)
        class_of[student] = kind
    return class_of
