"""The command, as typed."""

import os
import subprocess
import sys
import time

from conftest import ROOT
from pretend import pretend
from typer.testing import CliRunner

from sercourse.cli import app
from sercourse.corpora import demo_second
from sercourse.errors import UnknownNameError

COMMAND = [sys.executable, "-m", "sercourse"]


def typed(*words, **environment):
    return subprocess.run(
        [*COMMAND, *words],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"COLUMNS": "200"} | environment,
        cwd=ROOT,
    )


def test_help_names_every_command():
    done = typed("--help")
    assert done.returncode == 0
    for command in (
        "run",
        "lab",
        "lint",
        "site",
        "doctor",
        "extract",
        "measure",
        "corpus",
        "forensics",
        "experiments",
        "replicate",
        "best",
        "predict",
        "bundle",
    ):
        assert command in done.stdout


def test_help_loads_no_heavy_package():
    """What makes help answer at once; the seconds themselves are in no test."""
    code = (
        "import sys\n"
        "from sercourse import cli\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'pandas', 'librosa', 'matplotlib', 'sklearn', 'nbclient'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_extract_fills_the_cache_and_says_what_came_out(small_ravdess, home):
    """Half a second at 22,050 Hz is 22 frames of 512 samples; report_b starts after its end."""
    done = typed("extract", "ravdess", "--recipe", "report_a", "--workers", "2")
    assert done.returncode == 0, done.stderr
    assert "report_a: 20 MFCC at 22050 Hz" in done.stdout
    assert "96 of 96 recordings of ravdess: 22 frames of 20 coefficients each" in done.stdout
    assert (home / "cache" / "features.sqlite").exists()
    done = typed("extract", "ravdess", "--recipe", "report_b")
    assert done.returncode == 1
    assert "0 of 96 recordings of ravdess\n96 left out:" in done.stdout
    assert "Actor_24/03-01-05-01-01-02-24.wav: too short: 0.500 s" in done.stdout.replace("\\", "/")


def test_extract_says_what_it_does_not_know(small_ravdess):
    done = typed("extract", "ravdess", "--recipe", "report_z")
    assert done.returncode == 1
    assert "no recipe is called 'report_z'; choose one of:" in done.stderr
    invoke = CliRunner().invoke
    assert isinstance(invoke(app, ["extract", "nowhere", "--recipe", "report_a"]).exception, UnknownNameError)
    assert invoke(app, ["extract", "ravdess", "--recipe", "report_a", "--workers", "0"]).exit_code == 2


def test_corpus_list_says_where_or_how(small_ravdess):
    done = typed("corpus", "list")
    assert done.returncode == 0
    assert f"96 recordings in {small_ravdess}" in done.stdout
    assert "make it with `sercourse corpus make demo_second`" in done.stdout


def test_a_corpus_that_is_not_made_here_says_how_to_get_it(home):
    done = typed("corpus", "make", "ravdess")
    assert done.returncode == 1
    assert "ravdess is not made on this machine. To get it, run" in done.stderr


def test_another_seed_needs_a_folder(home):
    done = typed("corpus", "make", "demo", "--seed", "1")
    assert done.returncode == 2
    assert "--folder" in done.stderr


def test_a_corpus_that_is_there_is_not_made_again(home):
    pretend(demo_second.PRODUCTION, home / "demo_second")
    done = typed("corpus", "make", "demo_second")
    assert done.returncode == 0, done.stderr
    assert f"the corpus demo_second is in {home / 'demo_second'}" in done.stdout


def test_the_script_makes_every_variant(home, tmp_path):
    script = [sys.executable, ROOT / "data_scripts" / "make_demo_corpus.py"]
    folder = pretend(demo_second.PRODUCTION, tmp_path / "anywhere")
    done = subprocess.run([*script, folder, "--variant", "second"], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1].strip().endswith(str(folder)), done.stderr
    shown = subprocess.run([*script, "--help"], capture_output=True, text=True, check=True).stdout
    assert "--seed" in shown
    assert "{standard,twins,second,film}" in shown


def test_a_missing_corpus_is_said_in_words(home):
    done = typed("run", "00", "--corpus", "ravdess")
    assert done.returncode == 1
    assert f"Looked in:\n  {home / 'ravdess'} (not there)" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_lesson_is_said_in_words(home):
    done = typed("run", "99_nothing")
    assert done.returncode == 1
    assert "no lesson is called '99_nothing'; choose one of: 00_start_here" in done.stderr


def test_the_doctor_finds_this_machine_fit(home):
    done = typed("doctor", SERCOURSE_HOME=str(home))
    assert done.returncode == 0, done.stdout
    assert "TensorFlow" in done.stdout
    assert "corpus ravdess: not here" in done.stdout
    assert "problem" not in done.stdout


def test_the_doctor_names_what_is_wrong_and_a_fix(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SERCOURSE_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("SERCOURSE_DATA", str(tmp_path / "nowhere"))
    monkeypatch.setenv("SERCOURSE_CORPUS", "demmo")
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "-> set SERCOURSE_HOME to a folder that you can write" in done.stdout
    assert f"SERCOURSE_DATA names {tmp_path / 'nowhere'}, which is not a folder" in done.stdout
    assert "SERCOURSE_CORPUS is 'demmo'" in done.stdout
    assert "3 problem(s) to mend" in done.stdout


def test_lab_opens_the_lesson_that_is_named(home, tmp_path):
    """JupyterLab starts, and would open the lesson: the address it prints says so."""
    log = tmp_path / "log"
    with log.open("w") as out:
        command = [*COMMAND, "lab", "04", "--no-browser", "--allow-root", "--port-retries=50"]
        lab = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=tmp_path)
    try:
        deadline = time.monotonic() + 60
        while "/lab/tree/notebooks/04_mfcc.ipynb?token=" not in log.read_text():
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
    finally:
        lab.terminate()
        lab.wait(timeout=30)


def test_lab_opens_lesson_00_if_none_is_named(home, monkeypatch):
    from jupyterlab.labapp import LabApp

    launched = []
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setattr(LabApp, "default_url", None)
    monkeypatch.setattr(LabApp, "launch_instance", launched.extend)
    assert CliRunner().invoke(app, ["lab", "--no-browser"]).exit_code == 0
    assert LabApp.default_url == "/lab/tree/notebooks/00_start_here.ipynb"
    assert launched == [f"--ServerApp.root_dir={ROOT}", "--no-browser"]
