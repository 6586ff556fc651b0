"""The store of experiments: what is on the disk stays there, whoever is killed, and whoever writes beside."""

import signal
import sqlite3
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import ROOT
from experiments_told import cells, told

from sercourse import experiments
from sercourse.errors import ExperimentError
from sercourse.experiments import Store, running

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite"


def adding(path, first, number, size=1):
    """A process that adds outcomes and prints each key that is kept."""
    words = [sys.executable, "-m", "experiments_told", "add", path, first, number, size]
    return subprocess.Popen(list(map(str, words)), cwd=ROOT / "tests", stdout=subprocess.PIPE, text=True)


def keys(path):
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [key for (key,) in database.execute("SELECT key FROM trainings")]


def test_an_outcome_comes_back_as_it_was(path):
    (cell,) = cells(epochs=[2, 4], dropout=0.5, network="crnn", filters=[[8, 16]], stop=None)
    given = told(cell, np.array(["sad", "happy", "happy", "sad"]))
    Store(path).add(cell, given)
    (kept,) = Store(path).kept().values()
    assert kept.experiment == cell
    back = Store(path).outcome(kept.key)
    assert (back.epochs, back.n_train, back.seconds) == ((2, 4), 12, 1.5)
    for side in ("validation", "test"):
        for one, other in zip(getattr(given, side), getattr(back, side), strict=True):
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype
    row = experiments.results(path).iloc[1]
    assert (row["epoch"], row["dropout"], row["filters"]) == (4, 0.5, (8, 16))
    assert row["validation_accuracy"] == 0.75
    assert row["validation_uar"] == pytest.approx((2 / 3 + 1) / 2)
    assert row["validation_largest_share"] == 0.5


def test_a_store_that_is_not_there_is_empty_and_reading_makes_none(path):
    assert experiments.results(path).empty
    assert not path.exists()


def test_the_slower_of_two_processes_takes_nothing_away(path):
    (long,), (short,) = cells(epochs=[2, 5]), cells(epochs=2)
    Store(path).add(long, told(long))
    Store(path).add(short, told(short))
    assert experiments.results(path)["epoch"].tolist() == [2, 5]
    Store(path).add(long, None, "MemoryError: too little")
    assert experiments.results(path)["state"].tolist() == ["done", "done"]


def test_two_processes_add_to_one_store(path):
    processes = [adding(path, first, 40) for first in (0, 40)]
    told_of = [line.strip() for each in processes for line in each.communicate(timeout=300)[0].splitlines()]
    assert [each.returncode for each in processes] == [0, 0]
    assert sorted(told_of) == sorted(keys(path)) == sorted(each.key for each in cells(seed=range(80)))


def test_a_kill_at_any_moment_loses_nothing_that_was_kept(path):
    """Outcomes of a megabyte or so, so that many kills come while one is written."""
    kept, rng = [], np.random.default_rng(0)
    for number in range(4):
        with adding(path, 1000 * number, 1000, size=20_000) as child:
            kept.append(child.stdout.readline().strip())
            time.sleep(rng.uniform(0, 0.3))
            child.send_signal(KILL)
            kept += child.stdout.read().split()
        there = keys(path)
        assert set(kept) <= set(there)
        assert len(there) <= len(kept) + number + 1
    assert len(experiments.results(path, cells(seed=0))) == 1


def other_database(path):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE songs (title TEXT)")
    return "this is no store of experiments; name another file"


def text(path):
    path.write_text("key,state\n" * 100)
    return "file is not a database; name another file"


def damaged(path):
    Store(path).prepare()
    path.write_bytes(path.read_bytes()[:100] + bytes(4000))
    return "malformed; name another file"


def folder(path):
    path.mkdir()
    return "unable to open database file; name another file"


def below_a_file(path):
    path.parent.joinpath("taken").write_text("")
    return "; name another file, or see that the disk has room and that file and folder can be written"


@pytest.mark.parametrize("make", [other_database, text, damaged, folder, below_a_file])
def test_what_is_no_store_is_named_before_anything_is_trained(path, make, monkeypatch):
    words = make(path)
    if make is below_a_file:
        path = path.with_name("taken") / "store.sqlite"
    before = path.read_bytes() if path.is_file() else None
    monkeypatch.setattr(running, "_attempt", pytest.fail)
    with pytest.raises(ExperimentError, match=rf"store\.sqlite: .*{words}"):
        experiments.run(cells(), path, workers=1, progress=False)
    assert before == (path.read_bytes() if path.is_file() else None)


@pytest.mark.parametrize("trouble", ["readonly", "full"])
def test_a_disk_that_takes_nothing_is_named_before_anything_is_trained(path, monkeypatch, trouble):
    """SQLite itself refuses, as it does in a folder that is read-only or full; what is there can be read."""
    (cell,) = cells()
    Store(path).add(cell, told(cell))
    connect = sqlite3.connect

    def troubled(file, **options):
        if trouble == "readonly":
            return connect(f"file:{file}?mode=ro", uri=True, **options)
        database = connect(file, **options)
        database.execute("PRAGMA max_page_count = 1")
        return database

    monkeypatch.setattr(sqlite3, "connect", troubled)
    assert len(experiments.results(path)) == 1
    if trouble == "readonly":
        monkeypatch.setattr(running, "_attempt", pytest.fail)
        with pytest.raises(
            ExperimentError, match=r"store\.sqlite: attempt to write a readonly database; name"
        ):
            experiments.run(cells(seed=1), path, workers=1, progress=False)
        return
    with pytest.raises(
        ExperimentError, match=r"store\.sqlite: database or disk is full; name another file, or"
    ):
        Store(path).add(*cells(seed=1), told(cell, size=20_000))


def test_a_store_of_the_first_days_can_be_read(tmp_path):
    """Its tables and a description as the room's first version wrote them, before weeks of training."""
    (cell,) = cells(seed=5)
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(
            """CREATE TABLE trainings (key TEXT PRIMARY KEY, description TEXT NOT NULL, state TEXT NOT NULL,
            error TEXT, finished TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), outcome BLOB,
            looked_at INTEGER NOT NULL DEFAULT 0);
            PRAGMA application_id = 0x5E12E897;"""
        )
        said = (
            '{"network": "report_c_model_b", "corpus": "ravdess", "protocol": "random four", "fold": 1, '
            '"inner": null, "inner_fold": 1, "seed": 5, "epochs": [3], "stop": null, "batch_size": 32, '
            '"learning_rate": 0.001, "clip_norm": null, "copies": "none", "dealt": "together", '
            '"scaled": "train", "options": []}'
        )
        row = ("e3f3", said, "done", told(cell).packed())
        database.execute("INSERT INTO trainings (key, description, state, outcome) VALUES (?, ?, ?, ?)", row)
        other = said.replace("report_c_model_b", "report_z")
        database.execute(
            "INSERT INTO trainings (key, description, state) VALUES ('e3f4', ?, 'failed')", (other,)
        )
    words = "1 trainings are left out, of another version of sercourse: no network is called 'report_z'"
    with pytest.warns(UserWarning, match=words):
        assert experiments.results(path)["state"].tolist() == ["done"]
    with pytest.warns(UserWarning, match=words):
        assert len(experiments.predictions(path, cell).true) == 4
