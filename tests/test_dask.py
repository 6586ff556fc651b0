"""Extraction on a Dask cluster: a real scheduler and two worker processes, one of which dies."""

import os
import signal
import socket
import subprocess
import sys

import distributed
import numpy as np
import pytest
from conftest import ROOT

import sercourse
from sercourse import corpora, features, parallel
from sercourse.errors import WorkersError
from sercourse.parallel import share

# Many frames, so that a batch takes its time.
HEAVY = features.Recipe("heavy", hop_length=4, statistics=("mean",))


class Cluster:
    """A scheduler and its workers, each a process, with a home of their own."""

    def __init__(self, folder, names):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.home = folder / "home of the workers"
        self._log = (folder / "log").open("w")
        self.scheduler = self._start("scheduler", "--host=127.0.0.1", f"--port={port}")
        self.workers = {
            name: self._start("worker", self.address, f"--name={name}", "--no-nanny", "--nthreads=1")
            for name in names
        }
        with self.client() as client:
            client.wait_for_workers(len(names), timeout=60) if names else None

    def _start(self, what, *words):
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *words]
        environment = os.environ | {"SERCOURSE_HOME": str(self.home)}
        return subprocess.Popen(command, stdout=self._log, stderr=self._log, env=environment)

    def client(self):
        return distributed.Client(self.address, timeout=60, set_as_default=False)

    def busy(self):
        """Name of the worker that has most work in hand."""
        with self.client() as client:
            names = {
                address: worker["name"] for address, worker in client.scheduler_info()["workers"].items()
            }
            work = client.processing()
        assert any(work.values())
        return names[max(work, key=lambda address: len(work[address]))]

    def stop(self):
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.wait()
        self._log.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    made = Cluster(tmp_path_factory.mktemp("cluster"), ("one", "two"))
    yield made
    made.stop()


def test_a_cluster_extracts_what_this_machine_does_and_leaves_the_cache_to_it(small_ravdess, home, cluster):
    rows = corpora.load("ravdess")
    there = features.extract(rows, HEAVY, dask=cluster.address)
    here = features.extract(rows, HEAVY, cache=False)
    np.testing.assert_allclose(there.x, here.x, atol=1e-4)
    assert not cluster.home.exists()
    with features.FeatureStore() as store:
        assert all(value is not None for value in store.get(HEAVY.key, rows["path"]))


def test_the_command_extracts_on_a_cluster_and_says_what_was_dropped(small_ravdess, cluster):
    (small_ravdess / "Actor_01" / "03-01-04-01-01-01-01.wav").write_bytes(b"")
    command = [sys.executable, "-m", "sercourse", "extract", "ravdess", "--recipe", "report_a"]
    done = subprocess.run(
        [*command, "--dask", cluster.address], capture_output=True, text=True, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "95 of 96 recordings of ravdess: 22 frames of 20 coefficients each" in done.stdout
    assert "1 left out:" in done.stdout
    assert "03-01-04-01-01-01-01.wav: empty file (0 bytes)" in done.stdout


def test_what_a_worker_raises_reaches_the_caller(cluster):
    with pytest.raises(TypeError, match="bad operand type"):
        list(share(abs, ["no number"] * 40, "", "job", progress=False, dask=cluster.address))


def test_another_version_over_there_is_refused(cluster, monkeypatch):
    monkeypatch.setattr(sercourse, "__version__", "9.9")
    with pytest.raises(WorkersError, match=r"install sercourse 9\.9 where the scheduler and the workers run"):
        list(share(abs, [1], "", "job", progress=False, dask=cluster.address))


def test_a_worker_that_is_killed_in_the_middle_costs_nothing_but_time(small_ravdess, cluster):
    rows = corpora.load("ravdess")
    killed = None
    values = []
    for outcome in features.stream(rows, HEAVY, dask=cluster.address, cache=False, progress=False):
        if killed is None:
            killed = cluster.workers[cluster.busy()]
            killed.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            killed.wait()
        values.append(outcome.value[0])
    whole = features.extract(rows, HEAVY, cache=False)
    np.testing.assert_allclose(values, whole.x[:, 0], atol=1e-4)


def test_a_cluster_without_workers_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(parallel, "_PATIENCE", 2)
    empty = Cluster(tmp_path, ())
    try:
        with pytest.raises(WorkersError, match=f"{empty.address}: the Dask scheduler has no workers"):
            list(share(abs, [1], "", "job", progress=False, dask=empty.address))
    finally:
        empty.stop()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "carrier-pigeon://roof:1"])
def test_a_scheduler_that_does_not_answer_is_named(address, monkeypatch):
    monkeypatch.setattr(parallel, "_PATIENCE", 1)
    with pytest.raises(WorkersError, match=f"{address}: no Dask scheduler answers.*start one with"):
        list(share(abs, [1], "", "job", progress=False, dask=address))


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkersError, match=r"install the extra `dask`: pip install 'sercourse\[dask\]'"):
        list(share(abs, [1], "", "job", progress=False, dask="tcp://127.0.0.1:1"))
