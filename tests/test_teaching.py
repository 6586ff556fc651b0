"""What instructors are told about the exercises is true: minutes, points, and what finds a misconception."""

import re

import nbformat
import pytest
from conftest import ROOT
from exercises_marked import NAMES, source, wrong_answers

from sercourse import settings
from sercourse.exercises.marking import is_by_hand, marks_of, task_of

CORE = ["00", "02", "04", "05", "06", "08", "10", "11", "15", "16", "18"]
NUMBERS = {name[:2]: name for name in NAMES}
TEXT = (ROOT / "exercises" / "TEACHING.md").read_text(encoding="utf-8")


def table(heading):
    """Rows of the table under a heading, without the first two lines."""
    section = re.split(r"^## ", TEXT.split(f"## {heading}\n")[1], flags=re.MULTILINE)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def minutes(notebook):
    return int(re.search(r"\*\*Minutes:\*\* (\d+)", notebook.cells[0].source)[1])


def of_lesson(number):
    """Minutes of a lesson; None if it is not there yet."""
    there = sorted(settings.LESSONS.glob(f"{number}_*.ipynb"))
    return minutes(nbformat.read(there[0], as_version=4)) if there else None


def of_exercise(number):
    return minutes(source(NUMBERS[number])) if number in NUMBERS else 0


def test_minutes_and_points_are_those_of_the_notebooks():
    told = table("What each takes")
    wanted = []
    for number in sorted({*NUMBERS, *CORE}):
        row = [number, "core" if number in CORE else "elective", str(of_lesson(number) or "")]
        if number in NUMBERS:
            cells = source(NUMBERS[number]).cells
            points = sum(marks_of(cell).get("points", 0) for cell in cells)
            by_hand = sum(marks_of(cell).get("points", 0) for cell in cells if is_by_hand(cell))
            row += [f"`{NUMBERS[number]}`", str(of_exercise(number)), str(points), str(by_hand)]
        wanted.append(row + [""] * (7 - len(row)))
    assert told == wanted


def test_the_plan_holds_each_lesson_once_and_its_minutes():
    core, electives = [], []
    for week, _, *halves in table("Twelve weeks"):
        for numbers, told, kept in ((*halves[:2], core), (*halves[2:], electives)):
            there = re.findall(r"\d\d", numbers)
            kept += there
            parts = [sum(of_lesson(each) or 0 for each in there), sum(map(of_exercise, there))]
            total = str(sum(parts) or "")
            assert told == (f"{parts[0]} + {parts[1]} = {total}" if all(parts) else total), week
    assert core == CORE
    assert sorted(core + electives) == sorted({*NUMBERS, "00"})


def test_the_plan_tells_the_hours_of_the_core():
    total = sum((of_lesson(each) or 0) + of_exercise(each) for each in CORE)
    assert f"The core alone takes {total / 60:.0f} hours." in TEXT


@pytest.mark.parametrize("row", table("What students think, and what finds it"), ids=lambda row: row[0])
def test_a_misconception_is_found_by_what_is_named(row):
    _, number, found_by = row
    name = NUMBERS[number]
    cells = [cell for cell in source(name).cells if marks_of(cell)]
    known = {marks_of(cell)["grade_id"] for cell in cells} | set(map(task_of, cells))
    headings = "\n".join(cell.source for cell in cells)
    titles = [wrong.title for wrong in wrong_answers(name)]
    tests = re.findall(r"`([^`]+)`", found_by)
    tasks = [
        task
        for group in re.findall(r"tasks? ([\d, and to]+)", found_by)
        for task in re.findall(r"\d+", group)
    ]
    wrong = re.findall(r'"([^"]+)"', found_by)
    places = [
        place
        for group in re.findall(r"answers? ([\d, and]+)", found_by)
        for place in re.findall(r"\d+", group)
    ]
    assert set(tests) <= known
    assert all(f"## Task {task}:" in headings for task in tasks)
    assert all(any(part in title for title in titles) for part in wrong), titles
    assert all(1 <= int(place) <= len(titles) for place in places)
    assert tests or tasks or wrong or places


def test_each_exercise_has_misconceptions_and_questions():
    assert {row[1] for row in table("What students think, and what finds it")} == set(NUMBERS)
    assert {row[0] for row in table("Five minutes by word of mouth")} == set(NUMBERS)
