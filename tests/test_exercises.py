"""Each exercise, three ways: solved, blank, and plausibly wrong. And its form."""

import ast
import re

import nbformat
import pytest
from exercises_marked import NAMES, answered, marked, release, source, wrong_answers

from sercourse import lessons
from sercourse.exercises.marking import NO_ANSWER, is_by_hand, is_test, marks_of, task_of

CAPSTONE = "18_capstone"
"""A project of a day or two, with its own number of tasks and minutes, and several answers in words."""

ALONE = [name for name in NAMES if name != CAPSTONE]
"""The exercises that belong to one lesson each."""


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_gets_all_points(name):
    lost = {test: each.reason for test, each in marked(source(name)).items() if each.points < each.out_of}
    assert not lost


@pytest.mark.parametrize("name", NAMES)
def test_the_blank_exercise_gets_none_and_says_why(name):
    marks = marked(release(name))
    assert marks
    for test, each in marks.items():
        assert each.points == 0, f"{test} gives points for nothing"
        assert each.reason.startswith(NO_ANSWER), f"{test}: {each.reason}"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        pytest.param(name, wrong, id=f"{name}: {wrong.title}")
        for name in NAMES
        for wrong in wrong_answers(name)
    ],
)
def test_a_wrong_answer_loses_its_marks_and_no_others(name, wrong):
    marks = marked(answered(source(name), wrong.answers))
    lost = {test: each.reason for test, each in marks.items() if each.points < each.out_of}
    assert set(lost) == set(wrong.loses), lost
    for test, part in wrong.loses.items():
        assert part in lost[test], f"{test}: {lost[test]}"


@pytest.mark.parametrize("name", NAMES)
def test_each_exercise_has_two_wrong_answers_at_least(name):
    assert len(wrong_answers(name)) >= 2


def headings(lesson):
    """Headings of a lesson, by its number."""
    (path,) = lessons.find([lesson])
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return set(re.findall(r"^#+ (.+)$", text, re.MULTILINE))


@pytest.mark.parametrize("name", NAMES)
def test_messages_point_to_headings_that_are_there(name):
    told = [
        place
        for cell in source(name).cells
        if is_test(cell)
        for place in re.findall(r'"(\d\d: [^"]+)"', cell.source)
    ]
    assert told
    for place in told:
        lesson, _, heading = place.partition(": ")
        assert heading in headings(lesson), place


@pytest.mark.parametrize("name", NAMES)
def test_tasks_have_help_in_steps(name):
    cells = source(name).cells
    tasks = list(dict.fromkeys(task_of(cell) for cell in cells if marks_of(cell).get("grade")))
    assert 3 <= len(tasks) <= 7 or name == CAPSTONE
    questions = {
        task_of(cell): cell.source
        for cell in cells
        if marks_of(cell).get("grade_id", "").endswith("-question")
    }
    for task in tasks:
        assert "<summary>Hint</summary>" in questions[task], task
        by_hand = any(is_by_hand(cell) for cell in cells if marks_of(cell) and task_of(cell) == task)
        assert by_hand or "<summary>What you should see</summary>" in questions[task], task


@pytest.mark.parametrize("name", NAMES)
def test_the_points_told_are_the_points_there(name):
    cells = source(name).cells
    points = sum(marks_of(cell).get("points", 0) for cell in cells)
    by_hand = sum(marks_of(cell).get("points", 0) for cell in cells if is_by_hand(cell))
    answers = "an answer" if name in ALONE else "answers"
    assert f"**Points:** {points}, of which {by_hand} are for {answers} in your own words" in cells[0].source
    minutes = int(re.search(r"\*\*Minutes:\*\* (\d+)", cells[0].source)[1])
    assert 30 <= minutes <= 60 or name == CAPSTONE
    for cell in cells:
        if (
            found := re.match(r"## Task \d+: .+ \((\d+) points?\)", cell.source)
        ) and cell.cell_type == "markdown":
            own = [each for each in cells if marks_of(each).get("grade") and task_of(each) == task_of(cell)]
            assert int(found[1]) == sum(marks_of(each)["points"] for each in own), cell.source.splitlines()[0]


@pytest.mark.parametrize("name", ALONE)
def test_one_question_is_answered_in_words(name):
    assert sum(is_by_hand(cell) for cell in source(name).cells) == 1


def assigned(cells):
    """Names that cells set at their top: variables, functions and classes."""
    names = set()
    for cell in cells:
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            names |= {
                each.id for each in ast.walk(node) if isinstance(each, ast.Name) and _is_set(each, node)
            }
    return names


def _is_set(name, statement):
    """Whether a name is set for the cells below: not inside a function or a comprehension."""
    inner = (ast.FunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    hidden = {id(each) for node in ast.walk(statement) if isinstance(node, inner) for each in ast.walk(node)}
    return isinstance(name.ctx, ast.Store) and id(name) not in hidden


@pytest.mark.parametrize("name", NAMES)
def test_no_test_sets_a_name_of_the_answers(name):
    """It would hide the answer from the tests below, here and in the student's own notebook."""
    cells = source(name).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = [cell for cell in cells if cell.cell_type == "code" and marks_of(cell)]
    answers = assigned(cell for cell in code if marks_of(cell)["solution"])
    asked = {each for each in answers if re.search(rf"`{each}\b", text)}
    assert asked
    assert not asked & assigned(cell for cell in code if not marks_of(cell)["solution"])


@pytest.mark.parametrize("name", NAMES)
def test_run_all_does_not_stop_at_a_wrong_answer(name):
    for cell in source(name).cells:
        if cell.cell_type == "code" and (marks_of(cell).get("grade") or marks_of(cell).get("solution")):
            assert cell.metadata["tags"] == ["raises-exception"], marks_of(cell)["grade_id"]
