"""Where exercises lie, in a clone of the course or in an instructor's own folder."""

from pathlib import Path

from sercourse import settings
from sercourse.errors import LessonError, UnknownNameError

EXERCISES = settings.LESSONS.parent / "exercises"
SOURCE, RELEASE = "source", "release"


def names(kind: str = SOURCE, folder: Path = EXERCISES) -> list[str]:
    """Return the names of all exercises, in the order of the course.

    Raises
    ------
    LessonError
        There are none.
    """
    there = sorted(
        path.parent.name for path in (folder / kind).glob("*/*.ipynb") if path.stem == path.parent.name
    )
    if not there:
        advice = "run the command in a clone of the repository, or name a notebook file"
        raise LessonError(f"{folder / kind}: no exercises here; {advice}")
    return there


def find(name: str, kind: str = RELEASE, folder: Path = EXERCISES) -> Path:
    """Return an exercise's notebook.

    Parameters
    ----------
    name : str
        Such as ``04_mfcc``, or just ``04``.
    kind : str
        `SOURCE` with the answers, or `RELEASE` without.
    folder : pathlib.Path
        Which holds both.

    Raises
    ------
    LessonError
        There is no such folder.
    UnknownNameError
        No exercise has this name.
    """
    there = {name: folder / kind / name / f"{name}.ipynb" for name in names(kind, folder)}
    by_name = there | {stem.split("_")[0]: path for stem, path in there.items()}
    if name not in by_name:
        raise UnknownNameError("exercise", name, list(there))
    return by_name[name]
