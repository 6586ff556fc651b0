"""The runner of lessons, on small notebooks."""

import concurrent.futures
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from sercourse import lessons
from sercourse.errors import LessonError, UnknownNameError


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A folder for small lessons, and a build folder."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setattr(lessons.settings, "LESSONS", folder)
    monkeypatch.setattr(lessons, "BUILD", tmp_path / "build")
    return folder


def write_lesson(folder, name, *sources, tags=()):
    cells = [new_markdown_cell("# A lesson"), *(new_code_cell(source) for source in sources)]
    cells[-1].metadata["tags"] = list(tags)
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_a_lesson_is_run_and_written_as_notebook_and_page(school):
    path = write_lesson(school, "00_small", "import os", "print('corpus', os.environ['SERCOURSE_CORPUS'])")
    before = path.read_bytes()
    seen = []
    done = lessons.run(path, "demo", on_cell=lambda *counts: seen.append(counts))
    assert done.fresh
    assert "corpus demo" in done.page.read_text(encoding="utf-8")
    assert "corpus demo" in (done.page.with_suffix(".ipynb")).read_text(encoding="utf-8")
    assert seen[-1] == (3, 3)
    assert path.read_bytes() == before
    assert sorted(each.name for each in done.page.parent.iterdir()) == ["00_small.html", "00_small.ipynb"]


def test_it_runs_on_this_very_python(school):
    path = write_lesson(school, "00_small", "import sys; print(sys.executable)", tags=[lessons.HEADLINE])
    assert Path(lessons.run(path, "demo").headline).samefile(sys.executable)


def test_a_data_folder_may_be_named_from_where_the_command_is_typed(school, tmp_path, monkeypatch):
    """The kernel works in the lessons' folder, the user in his own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERCOURSE_DATA", "data")
    source = "from sercourse import settings; print(settings.data_folders()[0])"
    done = lessons.run(write_lesson(school, "00_small", source, tags=[lessons.HEADLINE]), "demo")
    assert Path(done.headline) == tmp_path / "data"


def test_a_valid_run_is_kept_until_something_changes(school):
    path = write_lesson(school, "00_small", "print('one')", tags=[lessons.HEADLINE])
    lessons.run(path, "demo")
    kept = lessons.run(path, "demo", again=False)
    assert (kept.fresh, kept.headline) == (False, "one")
    assert lessons.run(path, "ravdess", again=False).fresh
    write_lesson(school, "00_small", "print('two')", tags=[lessons.HEADLINE])
    changed = lessons.run(path, "demo", again=False)
    assert (changed.fresh, changed.headline) == (True, "two")


def test_a_failing_cell_is_named_and_the_page_shows_how_far_it_came(school):
    path = write_lesson(school, "00_small", "print('fine')", "x = 1\nx / 0", "print('never')")
    with pytest.raises(
        LessonError, match=r"00_small: cell 3 \('x = 1'\) raised ZeroDivisionError: division by zero"
    ):
        lessons.run(path, "demo")
    page = (lessons.BUILD / "demo" / "00_small.html").read_text(encoding="utf-8")
    assert "fine" in page
    assert "ZeroDivisionError" in page
    with pytest.raises(LessonError):
        lessons.run(path, "demo", again=False)


def test_a_kernel_that_dies_is_named(school):
    path = write_lesson(school, "00_small", "import os", "os._exit(3)")
    with pytest.raises(LessonError, match=r"00_small: cell 3 \('os._exit\(3\)'\): the kernel died"):
        lessons.run(path, "demo")


def test_progress_bars_leave_nothing_behind(school):
    source = "from sercourse.progress import bar\nwith bar(3, 'x', 'y') as b:\n    b.update(3)"
    done = lessons.run(write_lesson(school, "00_small", source), "demo")
    notebook = nbformat.read(done.page.with_suffix(".ipynb"), as_version=4)
    assert notebook.cells[1].outputs == []


def test_lessons_are_found_by_name_and_number(school):
    paths = [write_lesson(school, name, "1") for name in ("00_small", "01_next")]
    assert lessons.find() == paths
    assert lessons.find(["01", "00_small.ipynb"]) == paths[::-1]
    appendix = write_lesson(school, "A_more", "1")
    assert lessons.find() == [*paths, appendix]
    assert lessons.find(["A"]) == [appendix]
    with pytest.raises(UnknownNameError, match="'02'; choose one of: 00_small, 01_next, A_more"):
        lessons.find(["02"])


def test_no_lessons_says_what_to_do(school):
    with pytest.raises(LessonError, match="in a clone of the repository"):
        lessons.find()


STOPS = [signal.SIGINT, signal.SIGKILL] if os.name == "posix" else [signal.SIGTERM]


@pytest.mark.parametrize("kill", STOPS)
def test_a_stopped_run_goes_on_where_it_was(school, tmp_path, kill):
    """Two lessons; stopped in the second; the next run does the second only."""
    write_lesson(school, "00_small", "1")
    mark = tmp_path / "started"
    slow = (
        "import pathlib, time\n"
        f"pathlib.Path({str(mark)!r}).touch()\n"
        f"time.sleep(0 if pathlib.Path({str(tmp_path / 'go')!r}).exists() else 60)"
    )
    write_lesson(school, "01_slow", slow)
    code = (
        "import pathlib, sys\n"
        "from sercourse import corpora, lessons, settings\n"
        f"settings.LESSONS = pathlib.Path({str(school)!r})\n"
        f"lessons.BUILD = pathlib.Path({str(lessons.BUILD)!r})\n"
        "corpora.load = lambda name: None\n"
        "from sercourse.cli import main\n"
        "sys.argv = ['sercourse', 'run']\n"
        "main()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    deadline = time.monotonic() + 60
    while not mark.exists():
        assert child.poll() is None, child.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(child.pid, kill)
    output = child.communicate(timeout=60)[0]
    assert child.returncode != 0
    if kill == signal.SIGINT:
        assert "stopped; run the same command again to go on" in output
    (tmp_path / "go").touch()
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    first, second = [line for line in again.stdout.splitlines() if line.startswith("0")]
    assert first.startswith("00_small")
    assert first.endswith("earlier, still valid")
    assert second.startswith("01_slow")
    assert second.endswith(" s")


def test_a_cell_that_may_fail_is_not_blamed_for_a_later_one(school):
    path = write_lesson(school, "00_small", "1 / 0", "int('x')")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata["tags"] = ["raises-exception"]
    nbformat.write(notebook, path)
    with pytest.raises(LessonError, match=r"cell 3 .* raised ValueError"):
        lessons.run(path, "demo")


def test_an_interrupt_before_the_kernel_is_there_stops_the_run(school, monkeypatch):
    """The slow start of a kernel must not turn Ctrl-C into a wait for the whole lesson."""
    path = write_lesson(school, "00_small", "import time; time.sleep(60)")
    waited = []

    def interrupted(futures, timeout):
        waited.append(timeout)
        if len(waited) == 1:
            raise KeyboardInterrupt
        return concurrent.futures.wait(futures, timeout)

    monkeypatch.setattr(lessons, "wait", interrupted)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        lessons.run(path, "demo")
    assert time.monotonic() - start < 30


def test_a_changed_corpus_makes_an_earlier_run_invalid(school, small_ravdess):
    path = write_lesson(school, "00_small", "1")
    lessons.run(path, "ravdess")
    assert not lessons.run(path, "ravdess", again=False).fresh
    next(small_ravdess.rglob("*.wav")).unlink()
    assert lessons.run(path, "ravdess", again=False).fresh
