"""The minutes that a lesson promises, beside what it holds and how long its last recorded run took.

Nothing is timed here. ``sercourse run --record`` writes how long a run took into ``timings.csv``, beside the
lessons; the rule reads that file.
"""

import datetime
import os
import platform
import re
from pathlib import Path

import pandas as pd

from sercourse import lessons, settings
from sercourse.files import written_whole
from sercourse.lint.lesson import Found, Lesson

TIMINGS = "timings.csv"
COLUMNS = ["lesson", "corpus", "seconds", "machine", "date"]

WORDS_A_MINUTE = 100
LINES_A_MINUTE = 10
"""Slow reading, with time to think: a study text in a second language, and code that is new."""

LEAST, MOST = 0.9, 1.5
"""What a lesson may promise, in times of reading and running: predictions and sliders take longer."""


def record(done: lessons.Run, corpus: str, folder: Path | None = None) -> Path:
    """Write how long a run took into the table of timings, in place of what stood there.

    Parameters
    ----------
    done : sercourse.lessons.Run
    corpus : str
        The corpus that it ran on.
    folder : pathlib.Path, optional
        Where the table is; by default that of the lessons.

    Returns
    -------
    pathlib.Path
        The table.
    """
    file = (folder or settings.LESSONS) / TIMINGS
    day = datetime.date.fromtimestamp(done.page.stat().st_mtime).isoformat()
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    row = pd.DataFrame([[done.name, corpus, round(done.seconds), machine, day]], columns=COLUMNS)
    there = read(file.parent)
    kept = there[(there["lesson"] != done.name) | (there["corpus"] != corpus)]
    with written_whole(file) as partial:
        table = pd.concat([kept, row]).sort_values(["lesson", "corpus"])
        table.to_csv(partial, index=False, lineterminator="\n")
    return file


def read(folder: Path) -> pd.DataFrame:
    """Return the table of timings of a folder of lessons; without rows where there is none."""
    file = folder / TIMINGS
    return pd.read_csv(file) if file.exists() else pd.DataFrame(columns=COLUMNS)


def estimate(lesson: Lesson, seconds: float) -> float:
    """Return the minutes that reading a lesson and running it take.

    Words of text at `WORDS_A_MINUTE`, lines of code at `LINES_A_MINUTE`, and the seconds of a run.
    """
    words = sum(len(re.findall(r"\w+", cell.source)) for cell in lesson.markdown)
    lines = sum(len(cell.source.splitlines()) for cell in lesson.code)
    return words / WORDS_A_MINUTE + lines / LINES_A_MINUTE + seconds / 60


def minutes(lesson: Lesson) -> Found:
    """The minutes of the opening cell go with the lesson's length and the recorded run on the demo corpus."""
    table = read(lesson.path.parent)
    own = table[(table["lesson"] == lesson.name) & (table["corpus"] == settings.DEFAULT_CORPUS)]
    number = lesson.name.split("_")[0]
    if own.empty:
        yield "metadata", f"no run is recorded in {TIMINGS}; run `sercourse run {number} --record`"
    elif lesson.written_minutes is not None:
        about = estimate(lesson, own["seconds"].iloc[0])
        if not LEAST * about <= lesson.written_minutes <= MOST * about:
            told = f"promises {lesson.written_minutes} minutes, and reading and running take {about:.0f}"
            yield lesson.first.id, f"{told}; write {LEAST * about:.0f} to {MOST * about:.0f}"
