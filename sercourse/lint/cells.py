"""Cells: how many and how long, and what may not be in them."""

import re
import statistics

from sercourse.lint.lesson import Found, Lesson

_FEWEST, _MOST = 20, 40
_LONGEST = 20
_MEDIAN = 15
"""Lines of a lesson's typical code cell, as Ruff formats them."""

_ABSOLUTE = re.compile(
    r"(?<![\w./:-])(?:/(?:home|Users|root|tmp|mnt|media|opt|var|usr|etc|work|content|private)\b|~/|file:/|[A-Za-z]:\\)"
)


def sizes(lesson: Lesson) -> Found:
    """Twenty to forty cells with names; no code cell over twenty lines, half of them at most fifteen."""
    cells = [cell for cell in lesson.notebook.cells if cell.id != "install"]  # the same in all lessons
    if not (lesson.is_appendix or len(cells) >= _FEWEST):
        yield "metadata", f"has {len(cells)} cells; a lesson has {_FEWEST} to {_MOST}"
    if len(cells) > _MOST:
        yield "metadata", f"has {len(cells)} cells; leave out or join until {_MOST} are left"
    lengths = [len(cell.source.splitlines()) for cell in lesson.code]
    for cell, length in zip(lesson.code, lengths, strict=True):
        if length > _LONGEST:
            yield cell.id, f"has {length} lines, {_LONGEST} at most; split it, or move code into the package"
    if lengths and (median := statistics.median(lengths)) > _MEDIAN:
        yield "metadata", f"half of the code cells have {median:g} lines or more; shorten them to {_MEDIAN}"
    for cell in cells:
        if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", cell.id):
            yield cell.id, "give the cell a name for an id, such as `frames-text`: findings and facts name it"


def clean(lesson: Lesson) -> Found:
    """No outputs, no execution counts, no path of one machine."""
    for cell in lesson.notebook.cells:
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield cell.id, "has outputs or a count; in JupyterLab, Edit, Clear Outputs of All Cells"
        if found := _ABSOLUTE.search(cell.source):
            yield cell.id, f"{found[0]!r} begins a path of one machine; use `settings` or a relative path"
