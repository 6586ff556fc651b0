"""Grading: what students get, work that runs apart, and a class that nobody can stop."""

import copy
import subprocess
import sys
import tempfile
from pathlib import Path

import hostile_class
import nbformat
import pandas as pd
import pytest
from conftest import ROOT
from exercises_marked import answered, source
from hostile_class import EXERCISE, KINDS, hand_in

from sercourse import grading
from sercourse.errors import LessonError, UnknownNameError
from sercourse.exercises import library
from sercourse.exercises.kernels import KernelDied, KernelStudent, Launched, Limits
from sercourse.exercises.marking import is_by_hand, is_test, marks_of
from sercourse.exercises.remote import StudentError
from sercourse.grading import classroom, sandbox
from sercourse.grading.steps import whole


@pytest.fixture(scope="module")
def solved():
    return source(EXERCISE)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class with one exercise, which gives a cell four seconds."""
    folder = tmp_path_factory.mktemp("class") / "room"
    assert grading.new(folder, ["04"]) == [EXERCISE]
    with (folder / classroom.CONFIG).open("a") as config:
        config.write("\nc.MarkApart.seconds = 4\nc.MarkApart.memory = 1.5\n")
    grading.release(folder, "04")
    return folder


def test_what_is_committed_is_what_the_sources_make():
    differ = grading.write_release(check=True)
    advice = "run `uv run sercourse class derive`"
    assert not differ, f"{', '.join(str(path.relative_to(ROOT)) for path in differ)}: {advice}"


def test_a_changed_source_and_a_release_without_one_are_named(tmp_path, solved):
    for kind in (library.SOURCE, library.RELEASE):
        (tmp_path / kind / EXERCISE).mkdir(parents=True)
    source = tmp_path / library.SOURCE / EXERCISE / f"{EXERCISE}.ipynb"
    nbformat.write(solved, source)
    orphan = tmp_path / library.RELEASE / EXERCISE / "99_gone.ipynb"
    nbformat.write(solved, orphan)
    assert grading.write_release(tmp_path, check=True) == [source, orphan]
    assert grading.write_release(tmp_path) == [source, orphan]
    assert grading.write_release(tmp_path, check=True) == [orphan]


def test_nbgrader_makes_the_same_release(room):
    ours = nbformat.read(library.find(EXERCISE), as_version=4)
    theirs = nbformat.read(room / "release" / EXERCISE / f"{EXERCISE}.ipynb", as_version=4)
    assert [cell.source for cell in ours.cells] == [cell.source for cell in theirs.cells]
    assert [marks_of(cell) for cell in ours.cells] == [marks_of(cell) for cell in theirs.cells]


def test_students_get_neither_answers_nor_hidden_tests():
    for name in library.names(library.RELEASE):
        text = library.find(name).read_text(encoding="utf-8")
        for secret in ("BEGIN SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
            assert secret not in text, f"{name}: {secret}"
        source = nbformat.read(library.find(name, library.SOURCE), as_version=4)
        for cell in source.cells:
            if is_by_hand(cell):
                assert cell.source not in text


def test_every_cell_comes_back_in_its_place(solved):
    wanted = [cell for cell in solved.cells if marks_of(cell)]
    own = nbformat.v4.new_code_cell("my_note = 1")
    handed_in = copy.deepcopy(solved).cells[::-1]
    handed_in = [cell for cell in handed_in if marks_of(cell).get("grade_id") != "mel-sides"]
    place = next(n for n, cell in enumerate(handed_in) if marks_of(cell).get("grade_id") == "mel-answer")
    handed_in[place].source = "def triangle(*_): return 1"
    handed_in[place].metadata["nbgrader"]["grade"] = True
    handed_in.insert(place + 1, own)
    twice = copy.deepcopy(handed_in[place])
    twice.source = "twice = 1"
    handed_in.append(twice)
    cells = whole(handed_in, copy.deepcopy(wanted))
    names = [marks_of(cell).get("grade_id") for cell in cells]
    assert [name for name in names if name] == [marks_of(cell)["grade_id"] for cell in wanted]
    answer = names.index("mel-answer")
    assert cells[answer].source == "def triangle(*_): return 1"
    assert not marks_of(cells[answer])["grade"]
    assert own in cells[answer + 1 : answer + 3]
    assert "twice = 1" in [cell.source for cell in cells if not marks_of(cell)]


@pytest.fixture(scope="module")
def marked(room, solved):
    """Eight of the twelve kinds of submission, marked, and one who hands in nothing at all."""
    apart = sandbox.best_way() != sandbox.NONE  # else nothing hinders those who read tests or write marks
    kinds = [KINDS[place] for place in ((0, 1, 2, 3, 4, 5, 9, 10) if apart else range(8))]
    class_of = hostile_class.write_class(room / "submitted", solved, len(kinds), kinds)
    (room / "submitted" / "Zola").mkdir()
    before = contents(room / "submitted")
    seen = []
    table = grading.grade(room, "04", on_student=lambda row, fresh: seen.append((row.student, fresh)))
    assert contents(room / "submitted") == before, "what was handed in stays as it was"
    assert [student for student, fresh in seen if fresh] == sorted([*class_of, "Zola"])
    return table.set_index("student"), class_of


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def points_of(solved, tasks):
    cells = [cell for cell in solved.cells if is_test(cell)]
    return sum(
        marks_of(cell)["points"] for cell in cells if marks_of(cell)["grade_id"].split("-")[0] in tasks
    )


def test_every_student_gets_a_mark_and_a_reason(marked, solved):
    table, class_of = marked
    for student, kind in class_of.items():
        row = table.loc[student]
        assert row["points"] == 16 - points_of(solved, kind.lost), f"{kind.title}: {row['reason']}"
        assert row["out_of"] == 16
        assert kind.says in f"{row['reason']} {row['note']}", kind.title
    assert (table["reason"] != "").all()
    assert table.loc["Zola", "reason"] == "no notebook of this exercise was handed in"


def test_a_class_may_be_named_from_where_one_stands(tmp_path, monkeypatch, solved):
    monkeypatch.chdir(tmp_path)
    grading.new(Path("room"), ["04"])
    grading.release(Path("room"), "04")
    hand_in(solved, Path("room") / "submitted" / "ada" / EXERCISE)
    assert grading.grade(Path("room"), "04")["points"].tolist() == [16]


def test_the_report_says_how_code_was_kept_apart(marked):
    table, _ = marked
    assert set(table["isolation"]) <= {sandbox.best_way(), "not run"}


def test_marks_are_in_the_gradebook_too(marked, room):
    table, class_of = marked
    known = classroom.all_marks(room).set_index("student")
    for student in class_of:
        assert known.loc[student, "points"] == table.loc[student, "points"]
        assert known.loc[student, "out_of"] == 20
    answered_in_words = table["by_hand"] == 4
    assert known.loc[table.index[answered_in_words], "to_mark_by_hand"].all()
    assert not known.loc["Zola", "handed_in"]
    assert known.loc[table.index[answered_in_words], "handed_in"].all()


def test_nothing_is_marked_twice_until_it_changes(marked, room, solved):
    student = next(iter(marked[1]))
    seen = []
    again = grading.grade(room, "04", on_student=lambda row, fresh: seen.append((row.student, fresh)))
    assert not any(fresh for _, fresh in seen)
    pd.testing.assert_frame_equal(again.set_index("student"), marked[0], check_dtype=False)
    hand_in(solved, room / "submitted" / student / EXERCISE)
    table = grading.grade(room, "04", on_student=lambda row, fresh: seen.append((row.student, fresh)))
    assert [name for name, fresh in seen if fresh] == [student]
    assert table.set_index("student").loc[student, "points"] == 16


def test_the_hardest_task_comes_first(marked, room):
    found = grading.item_statistics(room, "04")
    assert found["difficulty"].is_monotonic_increasing
    assert found["task"].iloc[0] == "count"  # most of the kinds spoil this one
    by_task = found.set_index("task")
    with classroom.api(room).gradebook as gradebook:
        kept = [
            grade.score == grade.max_score
            for each in gradebook.notebook_submissions(EXERCISE, EXERCISE)
            for grade in each.grades
            if grade.name == "frames-shape" and each.student.id not in ("Fay 1", "Zola")
        ]
    assert by_task.loc["frames", "solved"] == pytest.approx(sum(kept) / len(kept))
    assert by_task.loc["frames", "students"] == len(kept)


def test_each_student_gets_a_page(marked, room):
    pages = classroom.feedback(room, "04")
    assert len(pages) >= 7
    text = next(page for page in pages if "Dana" in str(page)).read_text(encoding="utf-8")
    assert "should be 98, and is 1" in text


@pytest.fixture
def open_folder():
    """A folder that other users may pass through; pytest's own lets nobody in."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("way", [way for way in sandbox.WAYS if way != sandbox.NONE])
def test_code_that_runs_apart_sees_and_reaches_nothing(way, open_folder):
    if not sandbox.works(way):
        pytest.skip(f"{way} cannot keep code apart here")
    secret = open_folder / "secret.txt"
    secret.write_text("98")
    secret.chmod(0o600)
    work = open_folder / "work"
    work.mkdir()
    limits = Limits(seconds=10)
    with KernelStudent(work, sandbox.launcher(way, work, limits), limits) as student:
        student.run("import os, socket, sys")
        assert "Error" in student.run(f"open({str(secret)!r}).read()").error
        student.run(f"open({str(secret)!r}, 'w').write('1')")
        student.run("open('own.txt', 'w').write('1')\nhere = sorted(os.listdir())")
        assert "own.txt" in student.value("here")
        if way == sandbox.BUBBLEWRAP:
            student.run("seen = os.path.exists('/home') or os.path.exists('/root/.ssh')")
            student.run(f"seen = seen or os.path.exists({str(library.EXERCISES)!r})")
            assert student.value("seen") is False
            assert "Error" in student.run("socket.create_connection(('192.0.2.1', 80), 2)").error
            assert "Error" in student.run("open('/spill', 'wb')").error
    assert secret.read_text() == "98"


def test_without_isolation_the_batch_says_so(room, monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "best_way", lambda: sandbox.NONE)
    from typer.testing import CliRunner

    from sercourse.cli import app

    said = CliRunner().invoke(app, ["class", "grade", str(tmp_path), "04"])
    assert "NOTHING KEEPS IT APART" in said.output


def test_files_are_collected_and_none_is_lost(room, solved, tmp_path):
    handed_in = tmp_path / "inbox"
    hand_in(solved, handed_in, "Mia_04_mfcc.ipynb")
    hand_in(solved, handed_in / "Noor", "whatever.ipynb")
    (handed_in / "read me.txt").write_text("?")
    taken = {each.student: each for each in grading.collect(room, "04", handed_in)}
    assert set(taken) == {"Mia", "Noor", "read me.txt"}
    assert taken["read me.txt"].path is None
    first = room / "submitted" / "Mia" / EXERCISE / f"{EXERCISE}.ipynb"
    old = first.read_text()
    hand_in(answered(solved, {"count-answer": "n_frames = 1"}), handed_in, "Mia_04_mfcc.ipynb")
    again = {each.student: each for each in grading.collect(room, "04", handed_in)}
    assert "is kept as" in again["Mia"].note
    assert old in [path.read_text() for path in first.parent.glob("*.txt")]
    assert first.read_text() != old
    for student in ("Mia", "Noor"):
        for path in sorted((room / "submitted" / student).rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        (room / "submitted" / student).rmdir()


def test_what_is_wrong_is_named(room, tmp_path):
    with pytest.raises(LessonError, match="no class here"):
        grading.grade(tmp_path, "04")
    with pytest.raises(UnknownNameError, match="99"):
        grading.grade(room, "99")
    grading.new(tmp_path / "other", ["04"])
    with pytest.raises(LessonError, match="sercourse class release 04_mfcc"):
        grading.grade(tmp_path / "other", "04")
    with pytest.raises(LessonError, match="no such folder"):
        grading.collect(room, "04", tmp_path / "nowhere")
    damaged = tmp_path / "04_mfcc.ipynb"
    damaged.write_text('{"cells": [')
    with pytest.raises(LessonError, match="no whole notebook"):
        classroom.read(damaged)


def test_a_link_to_anothers_work_is_no_work(solved, tmp_path):
    hand_in(solved, tmp_path / "Ada")
    (tmp_path / "Bob").mkdir()
    (tmp_path / "Bob" / f"{EXERCISE}.ipynb").symlink_to(tmp_path / "Ada" / f"{EXERCISE}.ipynb")
    assert classroom.find_notebook(tmp_path / "Bob", EXERCISE)[0] is None
    assert classroom.find_notebook(tmp_path / "Ada", EXERCISE)[0] is not None


def test_a_kernel_that_cannot_start_is_named(tmp_path):
    launch = lambda sockets: Launched(["false"], tmp_path, {})  # noqa: E731
    with pytest.raises(KernelDied, match="no kernel could be started"):
        KernelStudent(tmp_path, launch)


def test_a_class_is_added_to_and_not_overwritten(room):
    path = room / library.SOURCE / EXERCISE / f"{EXERCISE}.ipynb"
    changed = path.read_text().replace("how many frames?", "how many frames, please?")
    path.write_text(changed)
    assert grading.new(room, ["04"]) == []
    assert path.read_text() == changed
    path.write_text(changed.replace("how many frames, please?", "how many frames?"))


def test_the_class_of_24_is_one_command():
    done = subprocess.run(
        [sys.executable, ".ci/grade_hostile_class.py", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "--students" in done.stdout


def test_an_answer_cannot_reach_the_tests():
    with KernelStudent() as student:
        student.run("import numpy as np\nnp.allclose = lambda *_, **__: True\nvalue = 3")
        student.run("def call(*_): raise KeyError('no')\nclass Odd: pass\nodd = Odd()")
        assert student.value("value") == 3
        with pytest.raises(StudentError, match="no"):
            student.value("call")(1)
        with pytest.raises(NameError, match="nothing"):
            student.value("nothing")
        student.run("get_ipython().user_ns['__sercourse_desk__'] = None")
        with pytest.raises(StudentError):
            student.value("value")


def test_what_stays_with_the_student_can_be_handed_back():
    with KernelStudent() as student:
        student.run("def double(x): return 2 * x\ndef apply(f, x): return f(x)\npair = (double, 'name')")
        assert student.value("apply")(student.value("double"), 4) == 8
        assert student.value("pair")[0](5) == 10
        with pytest.raises(TypeError, match="cannot be sent"):
            student.value("double")(object())
