"""What exercises are made of: messages, personal data, values that travel, marking, `sercourse check`."""

import json
import math
import shutil
import subprocess
import sys
from collections import namedtuple

import nbformat
import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sercourse import exercises
from sercourse.cli import app
from sercourse.errors import LessonError, UnknownNameError
from sercourse.exercises import NotYet, expect, expect_close, expect_equal, expect_error, personal_rng, wire
from sercourse.exercises.marking import NO_ANSWER, mark, marks_of
from sercourse.exercises.students import LocalStudent

SEE = "04: Step 1: frames"


def said(check, *arguments, **keywords):
    with pytest.raises(NotYet) as raised:
        check(*arguments, **keywords)
    return str(raised.value)


def test_a_message_says_what_was_expected_what_came_and_where_to_read():
    assert said(expect, False, "It should rain.", SEE) == (
        "It should rain. Read again: lesson 04, “Step 1: frames”."
    )
    assert "The count should be 3, and is 4." in said(expect_equal, 4, 3, "the count", SEE)
    assert "The count should be 3, and is 4." in said(
        expect_equal, np.int64(4), np.int64(3), "the count", SEE
    )
    assert "should have the shape (2,), and has (3,)" in said(expect_close, [1, 2, 3], [1, 2], "it", SEE)
    assert "in 1 of 3 places: at (1,) it should be 2, and is 5" in said(
        expect_close, [1, 5, 3], [1, 2, 3], "it", SEE
    )
    assert "should be numbers, and is 'many'" in said(expect_close, "many", 1, "it", SEE)
    assert "raises nothing" in said(expect_error, lambda: 1, ValueError, "it", SEE)
    assert "raises KeyError" in said(expect_error, lambda: {}["a"], ValueError, "it", SEE)


def test_what_is_right_is_silent():
    expect(True, "never shown", SEE)
    expect_equal(" Angry", "angry", "it", SEE)
    expect_equal((1, 2), [1, 2], "it", SEE)
    expect_equal(np.array([1, 2]), [1, 2], "it", SEE)
    expect_close([1.0000001, math.nan], [1, math.nan], "it", SEE)
    expect_error(lambda: int("a"), ValueError, "it", SEE)
    expect_error(lambda: {}["a"], LookupError, "it", SEE)


def test_what_is_not_written_yet_is_no_wrong_error():
    def blank():
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        expect_error(blank, ValueError, "it", SEE)


def test_data_belong_to_a_name_however_it_is_typed():
    draws = [personal_rng(name, "04").integers(10**9) for name in ("Zoë", " zoe\u0308 ", "ZOË")]
    assert len(set(draws)) == 1
    others = [personal_rng("Zoë", "05"), personal_rng("Zoe", "04"), personal_rng("李", "04")]
    assert len({draws[0], *(rng.integers(10**9) for rng in others)}) == 4
    for name in ("", "  ", 3, None):
        with pytest.raises(ValueError, match="write your name"):
            personal_rng(name, "04")


def travelled(value):
    return wire.decode(json.loads(json.dumps(wire.encode(value))))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
    max_leaves=20,
)


@given(values)
def test_plain_values_travel_unchanged(value):
    assert travelled(value) == value
    assert type(travelled(value)) is type(value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.zeros((0, 4), np.float32),
        np.array(["a", "ß"]),
        np.eye(2, dtype=complex) > 0,
    ],
    ids=str,
)
def test_arrays_travel_unchanged(array):
    came = travelled(array)
    assert came.dtype == array.dtype
    np.testing.assert_array_equal(came, array)


def test_tables_and_named_tuples_travel():
    frame = pd.DataFrame({"a": [1, 2], "b": pd.array(["x", pd.NA], dtype="string")}, index=["p", "q"])
    pd.testing.assert_frame_equal(travelled(frame), frame, check_index_type=False)
    pd.testing.assert_series_equal(travelled(frame["a"]), frame["a"], check_index_type=False)
    fold = namedtuple("Fold", "train test")(np.arange(3), np.arange(2))
    came = travelled(fold)
    assert (came.train.tolist(), came.test.tolist()) == ([0, 1, 2], [0, 1])
    assert travelled({1, 2}) == {1, 2}
    assert travelled(np.float32(2.5)) == np.float32(2.5)


def test_objects_do_not_travel_and_no_array_of_objects_is_read():
    with pytest.raises(TypeError, match="object"):
        wire.encode(object())
    with pytest.raises(ValueError, match="cannot be read"):
        wire.decode({"array": ["", "|O", [0], False]})


def test_tests_see_the_students_names_and_not_the_other_way():
    cells = [
        ("own", "from sercourse.exercises import expect\nfound = 1"),
        ("answer", "def double(x):\n    return 2 * x\n\n\nexpect = None\nlist = None"),
        ("test", "for each in list(range(3)):\n    expect(double(each) == 2 * each, 'Twice.', see='04: a')"),
        ("answer", "hidden = 'secret' in globals()"),
        ("test", "secret = 1\nexpect(not hidden, 'No.', see='04: a')"),
        ("test", "expect(missing == 3, 'No.', see='04: a')"),
    ]
    marks = mark(notebook_of(cells), LocalStudent())
    assert [each.points for each in marks] == [1, 1, 0]
    assert marks[-1].reason.startswith(NO_ANSWER)


def test_a_broken_answer_is_named_in_what_its_tests_say():
    cells = [("answer", "1 / 0"), ("test", "total + 1")]
    (only,) = mark(notebook_of(cells), LocalStudent())
    assert only.reason == "Your answer did not run: ZeroDivisionError: division by zero."


def notebook_of(cells):
    made = []
    for number, (kind, text) in enumerate(cells):
        cell = nbformat.v4.new_code_cell(text)
        name = f"task-{number}"
        marks = {"grade": kind == "test", "locked": kind != "answer", "solution": kind == "answer"}
        cell.metadata["nbgrader"] = marks | {"grade_id": name, "points": 1}
        made.append(cell)
    return nbformat.v4.new_notebook(cells=made)


def test_check_says_what_is_missing_and_shows_a_solution(tmp_path):
    run = CliRunner().invoke
    blank = run(app, ["check", "04"])
    assert blank.exit_code == 1
    assert blank.output.startswith(str(exercises.find("04")))
    assert "0 of 16 points, and 4 more for your own words" in blank.output
    own = tmp_path / "my own.ipynb"
    shutil.copy(exercises.find("04", "source"), own)
    before = own.read_bytes()
    solved = run(app, ["check", str(own)])
    assert solved.exit_code == 0
    assert "16 of 16 points" in solved.output
    assert own.read_bytes() == before
    shown = run(app, ["check", "04", "--solution", "mel"]).output
    assert "np.interp" in shown
    assert "SOLUTION" not in shown


def test_students_need_no_nbgrader():
    code = (
        "import sys; sys.modules['nbgrader'] = None\n"
        "from sercourse.exercises import check, solution\n"
        "print(len(check('04')), len(solution('04', 'mel')) > 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["12", "True"], done.stderr


def test_what_is_no_exercise_is_named(tmp_path):
    with pytest.raises(UnknownNameError, match="99"):
        exercises.check("99")
    with pytest.raises(LessonError, match=r"none\.ipynb: no such file"):
        exercises.check(str(tmp_path / "none.ipynb"))
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "empty.ipynb")
    with pytest.raises(LessonError, match="no tests in it"):
        exercises.check(str(tmp_path / "empty.ipynb"))
    with pytest.raises(UnknownNameError, match="nothing"):
        exercises.solution("04", "nothing")


def test_every_task_has_a_solution_to_show():
    for name in exercises.library.names():
        cells = nbformat.read(exercises.find(name, "source"), as_version=4).cells
        for task in {
            marks_of(cell)["grade_id"].split("-")[0] for cell in cells if marks_of(cell).get("grade")
        }:
            assert exercises.solution(name, task).strip()
