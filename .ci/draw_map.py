"""Draw the map of the course from the lessons' opening cells. Run: uv run python .ci/draw_map.py.

It writes `notebooks/course_map.svg`, and the two tables in `notebooks/course_map.md`, between their markers.
"""

import itertools
import re
import textwrap
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

import nbformat

from sercourse.plots.palette import BLUE

ROOT = Path(__file__).parents[1]
PAGE, PICTURE = (ROOT / "notebooks" / f"course_map.{kind}" for kind in ("md", "svg"))
PATHS = {
    "a weekend: why the numbers fall": "00 02 04 05 15 16",
    "a term: the core, with its exercises": "00 02 04 05 06 08 10 11 15 16 18",
    "research: you know networks, and want numbers that hold": "00 05 13 14 15 16 18",
}
MADE = {"demo_film": "demo film", "demo_twins": "demo twins", "demo_second": "second demo"}
WIDTH, BOX, ROW = 640, (154, 56), 80
CORE = f'fill="#cfe5f3" stroke="{BLUE}" stroke-width="2"'
ELECTIVE = 'fill="#fff" stroke="#555" stroke-width="1.5" stroke-dasharray="5 3"'


class Lesson(NamedTuple):
    """What the map tells of a lesson. `needs` has numbers of lessons, `exercise` minutes and points."""

    stem: str
    number: str
    title: str
    needs: tuple[str, ...]
    minutes: int
    core: bool
    exercise: tuple[int, int] | None
    reports: str
    corpora: str


@cache
def lessons() -> tuple[Lesson, ...]:
    """Read all lessons, in their order."""
    return tuple(_read(path) for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")))


def _read(path: Path) -> Lesson:
    cells = nbformat.read(path, as_version=4).cells
    opening = cells[0].source
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    text = "\n".join(cell.source for cell in cells)
    letters = sorted(set(re.findall(r"\bReport ([A-E])\b", text)))
    needs = re.search(r"\*\*Needs:\*\* ([^.]*)\.", opening)[1]
    corpora = [name for key, name in MADE.items() if f'"{key}"' in code]
    if re.search(r"reports\.measured\(|beside_claims|compare_layers", code):
        corpora.append("RAVDESS, measured")
    number = path.stem[:2]
    return Lesson(
        stem=path.stem,
        number=number,
        title=re.search(r"^# \d\d · ([^:\n]+)", opening)[1],
        needs=tuple(re.findall(r"\b\d\d\b", needs)),
        minutes=_minutes(opening),
        core=f"\n| {number} | core |" in (ROOT / "exercises" / "TEACHING.md").read_text(encoding="utf-8"),
        exercise=_exercise(path.stem),
        reports="all" if "Five reports" in opening else " ".join(letters),
        corpora=", ".join(corpora),
    )


def _minutes(opening: str) -> int:
    return int(re.search(r"\*\*Minutes:\*\* (\d+)", opening)[1])


def _exercise(stem: str) -> tuple[int, int] | None:
    path = ROOT / "exercises" / "release" / stem / f"{stem}.ipynb"
    if not path.exists():
        return None
    opening = nbformat.read(path, as_version=4).cells[0].source
    return _minutes(opening), int(re.search(r"\*\*Points:\*\* (\d+)", opening)[1])


def table() -> str:
    """Return the table of lessons as Markdown."""
    lines = ["| lesson | | needs | minutes | exercise, minutes | points | reports | data beside yours |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for each in lessons():
        minutes, points = each.exercise or ("", "")
        kind = "core" if each.core else "elective"
        link = f"[{each.number} {each.title}]({each.stem}.ipynb)"
        cells = (link, kind, " ".join(each.needs), each.minutes, minutes, points, each.reports, each.corpora)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def paths() -> str:
    """Return the table of ways through the course as Markdown: what is left out is told as well."""
    known = {each.number: each for each in lessons()}
    lines = ["| way | lessons | read the recap of | hours | with exercises |", "|---|---|---|---|---|"]
    for name, numbers in PATHS.items():
        taken = [known[number] for number in numbers.split()]
        left_out = {need for each in taken for need in each.needs} - set(numbers.split())
        hours = sum(each.minutes for each in taken) / 60
        more = sum(each.exercise[0] for each in taken if each.exercise) / 60
        cells = (name, numbers, " ".join(sorted(left_out)), f"{hours:.0f}", f"{hours + more:.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def direct_needs() -> dict[str, list[str]]:
    """Return what each lesson needs, without what is needed already by what it needs."""
    needs = {each.number: set(each.needs) for each in lessons()}

    def all_needs(number):
        return needs[number].union(*(all_needs(need) for need in needs[number]))

    return {
        number: sorted(own - set().union(*(all_needs(need) for need in own))) for number, own in needs.items()
    }


def places() -> tuple[dict[str, tuple[float, float]], list[list[str]]]:
    """Return where each lesson stands, and each arrow as the points that it passes.

    A lesson stands one row below the lowest that it needs. An arrow that passes a row has a place of its own
    in it, so that it runs beside the boxes.
    """
    needs = direct_needs()
    row: dict[str, int] = {}
    for number in needs:
        row[number] = max((row[need] + 1 for need in needs[number]), default=0)
    ways = [
        [need, *(f"{need}-{number}-{passed}" for passed in range(row[need] + 1, row[number])), number]
        for number in needs
        for need in needs[number]
    ]
    above: dict[str, list[str]] = {number: [] for number in needs}
    for way in ways:
        for one, other in itertools.pairwise(way):
            above.setdefault(other, []).append(one)
            row.setdefault(other, row[one] + 1)
    where: dict[str, tuple[float, float]] = {}
    for level in range(max(row.values()) + 1):
        own = [name for name in row if row[name] == level]
        own.sort(
            key=lambda name: (sum(where[each][0] for each in above[name]) / max(1, len(above[name])), name)
        )
        for place, name in enumerate(own, 1):
            where[name] = (WIDTH * (place - 0.5) / len(own), 8 + level * ROW)
    return where, ways


def picture() -> str:
    """Return the map as SVG."""
    where, ways = places()
    known = {each.number: each for each in lessons()}
    height = max(y for _, y in where.values()) + BOX[1] + 40
    described = "; ".join(
        f"{number} needs {' and '.join(needs)}" for number, needs in direct_needs().items() if needs
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" font-family="sans-serif" font-size="13">',
        f"<title>What depends on what in the course</title><desc>{escape(described)}</desc>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
        *(_arrow([where[name] for name in way], known, way) for way in ways),
        *(_box(known[name], *where[name]) for name in known),
        _legend(height - 26),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _arrow(points: list[tuple[float, float]], known: dict[str, Lesson], way: list[str]) -> str:
    (x, y), *rest = points
    path = f"M{x:.0f} {y + BOX[1]:.0f}"
    y += BOX[1]
    for name, (to_x, to_y) in zip(way[1:], rest, strict=True):
        middle = (y + to_y) / 2
        path += f"C{x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}"
        x, y = to_x, to_y
        if name not in known:
            y += BOX[1]
            path += f"L{x:.0f} {y:.0f}"
    return f'<path d="{path}" fill="none" stroke="#555" stroke-width="1.5" marker-end="url(#tip)"/>'


def _box(lesson: Lesson, x: float, y: float) -> str:
    left = x - BOX[0] / 2
    look = CORE if lesson.core else ELECTIVE
    title, *more = textwrap.wrap(f"{lesson.number} {lesson.title}", 20)
    exercise = f" + {lesson.exercise[0]}" if lesson.exercise else ""
    lines = [f'<tspan font-weight="bold">{lesson.number}</tspan>{escape(title[2:])}', *map(escape, more)]
    lines.append(f"{lesson.minutes}{exercise} min")
    first = y + BOX[1] / 2 + 5 - 8 * (len(lines) - 1)
    return f'<rect x="{left:.0f}" y="{y:.0f}" width="{BOX[0]}" height="{BOX[1]}" rx="6" {look}/>' + "".join(
        f'<text x="{x:.0f}" y="{first + 16 * place:.0f}" text-anchor="middle" fill="#111">{line}</text>'
        for place, line in enumerate(lines)
    )


def _legend(y: float) -> str:
    boxes = ""
    for x, words, look in ((8, "core", CORE), (90, "elective", ELECTIVE)):
        boxes += f'<rect x="{x}" y="{y}" width="22" height="14" rx="3" {look}/>'
        boxes += f'<text x="{x + 28}" y="{y + 12}" fill="#111">{words}</text>'
    words = "minutes: lesson + exercise; an arrow leads to what builds on it"
    return boxes + f'<text x="190" y="{y + 12}" fill="#111">{words}</text>'


def page(text: str) -> str:
    """Return the page with fresh tables between the markers."""
    for name, made in (("lessons", table()), ("ways", paths())):
        mark = re.compile(rf"(<!-- {name}: made by .ci/draw_map.py -->\n).*?(\n<!-- end -->)", re.DOTALL)
        text = mark.sub(lambda found, made=made: found[1] + "\n" + made + "\n" + found[2], text)
    return text


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
