"""Experiments in several processes: the command, kills, Ctrl-C, a process that dies, a Dask cluster."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest
from conftest import ROOT
from experiments_told import attempt, cells
from test_dask import Cluster
from typer.testing import CliRunner

from sercourse import experiments, parallel
from sercourse.cli import app
from sercourse.errors import WorkersError
from sercourse.experiments import running

GRID = """
network = "report_c_model_b"
corpus = "ravdess"
protocol = "random four"
inner = "recordings held out"
epochs = [10, 30]
batch_size = 16
"""


@pytest.fixture
def grid(tmp_path):
    path = tmp_path / "grid.toml"
    path.write_text(f"{GRID}seed = {list(range(20, 40))}\n")
    return path


@pytest.fixture
def pretended(monkeypatch):
    """Made-up trainings, in the processes too."""
    monkeypatch.setattr(running, "_attempt", attempt)
    monkeypatch.setattr(running, "_extract", lambda *given: None)


def finished(store):
    """Each training that the store has, and when and as which row it came there."""
    if not store.exists():
        return {}
    with sqlite3.connect(store, timeout=60) as database:
        if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
            return {}
        rows = "SELECT key, finished || ' ' || rowid FROM trainings WHERE state = 'done'"
        return dict(database.execute(rows).fetchall())


def started(grid, store, workers):
    """The command, with trainings that are made up and take a third of a second."""
    words = ["command", str(grid), "--store", str(store), "--workers", str(workers)]
    return subprocess.Popen(
        [sys.executable, "-m", "experiments_told", *words],
        cwd=ROOT / "tests",
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(number, store, process):
    while len(finished(store)) < number:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


if hasattr(os, "killpg"):  # Windows has nothing that a test could send in place of the key

    def test_a_run_that_is_killed_and_one_that_is_interrupted_go_on(grid, tmp_path):
        store = tmp_path / "store.sqlite"
        with started(grid, store, 2) as process:
            wait_for(2, store, process)
            processes = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            process.communicate()
        killed = finished(store)
        assert 2 <= len(killed) < 20
        assert not psutil.wait_procs(processes, timeout=30)[1]  # none goes on, for nobody

        with started(grid, store, 1) as process:
            wait_for(len(killed) + 1, store, process)
            os.killpg(process.pid, signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        assert process.returncode == 130
        assert errors.strip().endswith("stopped; run the same command again to go on")
        assert "Traceback" not in errors
        interrupted = finished(store)
        assert len(interrupted) < 20

        with started(grid, store, 1) as process:
            output, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors
        assert "40 rows of scores; 0 trainings failed" in output
        last = finished(store)
        assert last.keys() == {each.key for each in experiments.read(grid)}
        assert interrupted.items() <= last.items()
        assert killed.items() <= interrupted.items()


def test_two_processes_find_what_one_does(small_ravdess, tmp_path):
    parallel._pool.cache_clear()  # processes of an earlier test look for corpora where that one did
    asked = cells(network="report_e_ann", seed=[0, 1], epochs=[4, 8], inner="recordings held out")
    tables = [
        experiments.run(asked, tmp_path / f"{workers}.sqlite", workers=workers, progress=False)
        for workers in (1, 2)
    ]
    columns = [name for name in tables[0] if name != "seconds"]
    assert tables[0][columns].equals(tables[1][columns])
    for each in asked:
        one, two = (experiments.predictions(tmp_path / f"{n}.sqlite", each).probabilities for n in (1, 2))
        np.testing.assert_allclose(one, two, atol=1e-5)


def test_a_training_whose_process_dies_is_named_and_the_others_are_done(pretended, tmp_path):
    asked = cells(seed=[1, 2, 13, *range(20, 40)]) + cells(seed=[13, 3], fold=2)
    table = experiments.run(asked, tmp_path / "store.sqlite", workers=2, progress=False)
    assert len(table) == 25
    dead = table[table["state"] == "failed"]
    assert dead[["seed", "fold"]].to_numpy().tolist() == [[13, 1], [13, 2]]
    assert dead["error"].str.startswith("WorkersError: a process died while it was at work; if memory").all()


def test_one_job_can_be_done_in_a_process_of_its_own():
    (there,) = parallel.share(pid, [0], "", "job", workers=1, apart=True, progress=False)
    assert there != os.getpid()


def pid(number):
    return os.getpid()


def test_a_cluster_does_what_this_machine_does(small_ravdess, home, tmp_path, monkeypatch):
    monkeypatch.setenv("SERCOURSE_DATA", str(home))  # the workers have a home of their own
    asked, failing = (
        cells(network="report_e_ann", epochs=2, **given) for given in ({"seed": [0, 1]}, {"fold": 9})
    )
    here = experiments.run(asked, tmp_path / "here.sqlite", workers=1, progress=False)
    cluster = Cluster(tmp_path, ("one",))
    try:
        path = tmp_path / "there.sqlite"
        there = experiments.run([*asked, *failing], path, dask=cluster.address, progress=False)
    finally:
        cluster.stop()
    assert there["state"].tolist() == ["done", "done", "failed"]
    assert there["error"].iloc[2] == "ExperimentError: fold is 9, and there are 4; count from 1"
    np.testing.assert_allclose(
        *(
            experiments.predictions(file, asked[1], "test", log=tmp_path / "looks.csv").probabilities
            for file in (path, tmp_path / "here.sqlite")
        ),
        atol=1e-5,
    )
    assert here["n_train"].tolist() == [72, 72]


def test_a_cluster_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(parallel, "_PATIENCE", 1)
    with pytest.raises(WorkersError, match=r"tcp://127\.0\.0\.1:1: no Dask scheduler answers"):
        experiments.run(cells(), tmp_path / "s.sqlite", dask="tcp://127.0.0.1:1", progress=False)


# The command


@pytest.fixture
def command(grid, tmp_path, pretended):
    def typed(*words):
        store = ["--store", str(tmp_path / "store.sqlite"), "--workers", "1"]
        return CliRunner().invoke(app, ["experiments", str(grid), *store, *words])

    return typed


def test_the_command_prints_scores_and_failures_and_says_so_by_its_exit_code(command, grid, tmp_path):
    output = tmp_path / "table.csv"
    grid.write_text(f"{GRID}seed = [0, 7, 1]\n")
    done = command("--output", str(output))
    assert done.exit_code == 1
    assert "failed: seed 7: ValueError: seven" in done.output
    assert "4 rows of scores; 1 trainings failed" in done.output
    assert output.read_text().count("\n") == 1 + 4 + 1
    grid.write_text(f"{GRID}seed = [0, 1]\n")
    done = command()
    assert (done.exit_code, "test_uar" in done.output) == (0, False)


def test_final_shows_test_rows(command, grid):
    grid.write_text(GRID.replace("ravdess", "demo"))
    assert "test_uar" in command("--final").output


def test_again_tries_those_that_failed(command, grid, monkeypatch):
    grid.write_text(f"{GRID}seed = [0, 7, 1]\n")
    command()
    tried = []
    monkeypatch.setattr(running, "_attempt", lambda each: tried.append(each.seed) or attempt(each))
    command()
    assert tried == []
    command("--again")
    assert tried == [7]
