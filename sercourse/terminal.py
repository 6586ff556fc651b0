"""What the command line shows: lessons as a bar, a line each and a page; an extraction in some lines."""

import os
import sys
import time
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sercourse import lessons
from sercourse.errors import LessonError
from sercourse.lessons import Run

if TYPE_CHECKING:
    from sercourse.exercises import Mark
    from sercourse.features import Outcome, Recipe


class LessonProgress:
    """A bar over lessons and their cells, and a line for each lesson that is done.

    Parameters
    ----------
    total : int
        How many lessons there are.
    """

    def __init__(self, total: int):
        self._console = Console(soft_wrap=True, highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Progress(
            *columns, console=self._console, transient=True, disable=not self._console.is_terminal
        )
        self._lessons = self._bar.add_task("lessons", total=total)
        self._cells = self._bar.add_task("cells", total=None)

    def __enter__(self):
        self._bar.start()
        return self

    def __exit__(self, *exception):
        self._bar.stop()

    def start(self, name: str) -> None:
        """Say which lesson is running."""
        self._bar.reset(self._cells, description=f"cells of {name}", total=None)

    def cell(self, done: int, total: int) -> None:
        """Move on in a lesson."""
        self._bar.update(self._cells, completed=done, total=total)

    def finished(self, run: Run) -> None:
        """Write a lesson's line."""
        seconds = f"{run.seconds:6.1f} s" if run.fresh else f"{run.seconds:6.1f} s earlier, still valid"
        lines = [f"{run.name:<32} {seconds}", *(f"    {line}" for line in run.headline.splitlines())]
        self._done("\n".join(lines))

    def failed(self, name: str) -> None:
        """Write the line of a lesson that failed."""
        self._done(f"{name:<32} failed")

    def _done(self, text: str) -> None:
        self._console.print(text, markup=False)
        self._bar.advance(self._lessons)


def each_run(chosen: list[Path], corpus: str, again: bool = False) -> Iterator[Run | LessonError]:
    """Run lessons under a bar, and yield each when it is done, or the error that stopped it.

    Parameters
    ----------
    chosen : list of pathlib.Path
    corpus : str
    again : bool
        Run lessons again whose last run is still valid.
    """
    with LessonProgress(len(chosen)) as progress:
        for path in chosen:
            progress.start(path.stem)
            try:
                done = lessons.run(path, corpus, again=again, on_cell=progress.cell)
            except LessonError as error:
                progress.failed(path.stem)
                yield error
                continue
            progress.finished(done)
            yield done


class Extraction:
    """What came out of an extraction of features, in words.

    Parameters
    ----------
    corpus : str
    recipe : sercourse.features.Recipe
    """

    def __init__(self, corpus: str, recipe: "Recipe"):
        self.usable = 0
        self._corpus, self._recipe, self._started = corpus, recipe, time.perf_counter()
        self._dropped: list[str] = []
        self._frames: set[int] = set()
        self._coefficients = 0

    def add(self, outcome: "Outcome") -> None:
        """Count one recording."""
        if outcome.value is None:
            self._dropped.append(f"  {outcome.path}: {outcome.reason}")
            return
        self.usable += 1
        self._frames.add(len(outcome.value))
        self._coefficients = outcome.value.shape[1]

    def __str__(self) -> str:
        total = self.usable + len(self._dropped)
        lines = [str(self._recipe), f"{self.usable} of {total} recordings of {self._corpus}"]
        if self.usable:
            few, many = min(self._frames), max(self._frames)
            frames = f"{many}" if few == many else f"{few} to {many}"
            lines[1] += f": {frames} frame{'s' * (many > 1)} of {self._coefficients} coefficients each"
        if self._dropped:
            lines += [f"{len(self._dropped)} left out:", *self._dropped]
        return "\n".join([*lines, f"{time.perf_counter() - self._started:.1f} s"])


def show_page(page: Path, wanted: bool | None, what: str = "the whole lesson") -> None:
    """Say where a page is, and open it in a browser where there is one to be seen."""
    print(f"    {what}: {page.as_uri()}")
    if wanted or (wanted is None and _desktop()):
        webbrowser.open(page.as_uri())


def _desktop() -> bool:
    """Whether a person sits at a screen here: not in CI, not over a text connection."""
    if not sys.stdout.isatty() or os.environ.get("CI") or os.environ.get("SSH_CONNECTION"):
        return False
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def marks_shown(marks: "list[Mark]") -> str:
    """Return what an exercise's tests gave: a line each, and the sum."""
    lines = []
    for each in marks:
        if each.points == each.points:
            sign = "ok " if each.points == each.out_of else "-- "
            lines.append(f"{sign} {each.test} ({each.points:g} of {each.out_of:g})")
            lines += [f"      {each.reason}"] if each.reason else []
    tested = [each for each in marks if each.points == each.points]
    by_hand = sum(each.out_of for each in marks) - sum(each.out_of for each in tested)
    points, out_of = (sum(getattr(each, what) for each in tested) for what in ("points", "out_of"))
    total = f"{points:g} of {out_of:g} points"
    return "\n".join([*lines, "", total + (f", and {by_hand:g} more for your own words" if by_hand else "")])
