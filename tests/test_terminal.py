"""What the command line shows of a run."""

from pathlib import Path

import numpy as np
import pytest

from sercourse import features, terminal
from sercourse.lessons import Run

RUN = Run("00_small", 12.34, Path("/build/demo/00_small.html"), "Model B: two numbers", True)


def test_a_lesson_is_one_line_with_its_seconds_and_its_headline_below(capsys):
    with terminal.LessonProgress(3) as progress:
        for name in ("00_small", "01_next", "02_last"):
            progress.start(name)
            progress.cell(1, 10)
        progress.finished(RUN)
        progress.finished(RUN._replace(name="01_next", fresh=False, headline=""))
        progress.failed("02_last")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["00_small", "12.3", "s"],
        ["Model", "B:", "two", "numbers"],
        ["01_next", "12.3", "s", "earlier,", "still", "valid"],
        ["02_last", "failed"],
    ]


def test_an_extraction_is_told_in_words():
    told = terminal.Extraction("tess", features.recipe("report_e"))
    told.add(features.Outcome(0, "a.wav", np.zeros((1, 40)), None))
    assert "1 of 1 recordings of tess: 1 frame of 40 coefficients each" in str(told)
    told.add(features.Outcome(1, "b.wav", np.zeros((7, 40)), None))
    told.add(features.Outcome(2, "c.wav", None, "empty file (0 bytes)"))
    first, *lines, last = str(told).splitlines()
    assert first.startswith("report_e: 40 MFCC")
    assert lines == [
        "2 of 3 recordings of tess: 1 to 7 frames of 40 coefficients each",
        "1 left out:",
        "  c.wav: empty file (0 bytes)",
    ]
    assert last.endswith(" s")


@pytest.mark.parametrize(
    ("wanted", "opened"), [(True, ["file:///build/demo/00_small.html"]), (False, []), (None, [])]
)
def test_a_page_is_named_and_opened_only_where_it_is_wanted(wanted, opened, monkeypatch, capsys):
    """Without a word it is opened on a desktop; a test has none."""
    seen = []
    monkeypatch.setattr(terminal.webbrowser, "open", seen.append)
    terminal.show_page(Path("/build/demo/00_small.html"), wanted)
    assert seen == opened
    assert "file:///build/demo/00_small.html" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variables", "desktop"),
    [
        ({"DISPLAY": ":0"}, True),
        ({}, False),
        ({"DISPLAY": ":0", "CI": "true"}, False),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "x"}, False),
    ],
)
def test_a_desktop_is_a_terminal_with_a_screen(variables, desktop, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "CI", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(terminal.sys, "platform", "linux")
    monkeypatch.setattr(terminal.sys.stdout, "isatty", lambda: True, raising=False)
    assert terminal._desktop() is desktop
