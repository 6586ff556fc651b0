"""Shared fixtures. Tests write under build/, never into the user's own data folder."""

import os
import platform
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from babble import write_corpus
from spent import Spent

from sercourse import settings

ROOT = Path(__file__).resolve().parents[1]
RATE = 22_050

# Before any test, and for the kernels of the lessons too: kept from run to run, so that the
# demo corpus is made once.
os.environ.setdefault("SERCOURSE_HOME", str(ROOT / "build" / "home"))
os.environ.update(settings.as_environment())

# Several files of tests run at a time: threads of their own would only stand in each other's way.
for library in ("TF_NUM_INTRAOP", "TF_NUM_INTEROP", "OMP_NUM", "OPENBLAS_NUM"):
    os.environ.setdefault(f"{library}_THREADS", "1")

ALLOWED_SKIPS = ("real RAVDESS is not here", "chromium is not here", "cannot keep code apart here")
"""A skip for any other reason fails CI."""

# Praat's synthesiser has no wheel for Linux on ARM; everywhere else it must be there.
NO_PRAAT = platform.system() == "Linux" and platform.machine() == "aarch64"
collect_ignore = (
    ["test_voices.py", "test_demo.py", "test_film.py", "test_labelling_film.py", "test_prosody.py"]
    if NO_PRAAT
    else []
)


def pytest_configure(config):
    """Measure where the time goes."""
    config.pluginmanager.register(Spent(ROOT / "build" / "spent.csv"))


def pytest_collection_modifyitems(items):
    """What takes longest comes first, lest one process waits for the other at the end: lessons, the site."""
    long = ("notebooks/", "tests/test_site.py")
    items.sort(key=lambda item: [item.nodeid.startswith(each) for each in long], reverse=True)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home, and no data folders beside it."""
    monkeypatch.setenv("SERCOURSE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SERCOURSE_DATA", raising=False)
    monkeypatch.delenv("SERCOURSE_CORPUS", raising=False)
    return tmp_path / "home"


@pytest.fixture
def small_ravdess(home):
    """A corpus in RAVDESS's names: 24 actors, 2 emotions, 2 repetitions, a second of tone each."""
    rng = np.random.default_rng(0)
    for actor in range(1, 25):
        for emotion, pitch in (("04", 150), ("05", 300)):
            for repetition in ("01", "02"):
                name = f"03-01-{emotion}-01-01-{repetition}-{actor:02d}.wav"
                write_tone(home / "ravdess" / f"Actor_{actor:02d}" / name, pitch * rng.uniform(0.9, 1.1), rng)
    return home / "ravdess"


@pytest.fixture(scope="session")
def babble_home(tmp_path_factory):
    """A home with a corpus of babble in RAVDESS's names: see `babble.write_corpus`."""
    folder = tmp_path_factory.mktemp("babble")
    write_corpus(folder / "ravdess")
    return folder


@pytest.fixture(scope="session")
def small_bundle(babble_home):
    """A recognizer's bundle, trained on babble in a few seconds."""
    from sercourse import recognizer

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERCOURSE_HOME", str(babble_home))
        patch.delenv("SERCOURSE_DATA", raising=False)
        return recognizer.train("ravdess", "report_e_ann", epochs=4, listen=False, progress=False)


@pytest.fixture(scope="session")
def real_ravdess():
    """The folder of real RAVDESS speech, where there is one."""
    for folder in os.environ.get("SERCOURSE_DATA", "").split(os.pathsep):
        if folder and (Path(folder) / "ravdess").is_dir():
            return Path(folder) / "ravdess"
    pytest.skip("real RAVDESS is not here: set SERCOURSE_DATA to the folder that holds ravdess/")


@pytest.fixture(scope="module")
def browser():
    """Chromium, where there is one. Not for the whole run: Playwright's event loop gets in others' way."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("chromium is not here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(autouse=True)
def pictures_keep_the_style(request, monkeypatch):
    """Whatever picture a test of pictures makes, it has the course's colours, and can be read on a page."""
    if not request.path.name.startswith("test_plots") or request.path.name == "test_plots_style.py":
        yield
        return
    from looks import complaints

    from sercourse import plots

    made, begin = [], plots.Picture.__init__
    monkeypatch.setattr(
        plots.Picture, "__init__", lambda self, *said: made.append(self) or begin(self, *said)
    )
    yield
    assert not [words for picture in made for words in complaints(picture)]


def write_tone(path, pitch, rng, seconds=0.5):
    """Write a tone with overtones and a little noise."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 6))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.2 * tone + 0.01 * rng.normal(size=time.size), RATE, subtype="PCM_16")


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """In CI, say which skips are on no list."""
    for report in _unexpected_skips(terminalreporter) if os.environ.get("CI") else []:
        terminalreporter.write_line(f"skipped, and not on the list in conftest.py: {report.nodeid}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """In CI, a skip that is on no list fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and _unexpected_skips(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _unexpected_skips(reporter):
    skipped = reporter.stats.get("skipped", [])
    return [
        report for report in skipped if not any(reason in str(report.longrepr) for reason in ALLOWED_SKIPS)
    ]
