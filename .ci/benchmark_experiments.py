"""Measure what a second process gains in many trainings, and what a kill of the whole run costs.

uv run python .ci/benchmark_experiments.py [--network report_a_gru] [--trainings 8] [--epochs 20]

The trainings differ in seed and learning rate, in equal parts. Each way to do them is a fresh
``sercourse experiments`` with a store of its own; its clock starts before Python does. The features
lie in the cache already. By the median of `--rounds` rounds, each way once a round:

- ``--workers 1`` trains in the command's own process, which may use all cores at once;
- ``--workers 2`` trains in two processes with one thread each.

Then a run with two processes is killed (``kill -9``) when a third of the trainings is in the store,
and the same command runs again. Repeated is what was in the store and was written to it again; lost is
what was in it and is no more.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sercourse import corpora, experiments, features, networks


def command(grid: Path, store: Path, workers: int) -> list[str]:
    """Return what a user types."""
    words = ("experiments", str(grid), "--store", str(store), "--workers", str(workers))
    return [sys.executable, "-m", "sercourse", *words]


def seconds(grid: Path, store: Path, workers: int) -> float:
    """Run the command, and return how long it took."""
    start = time.perf_counter()
    subprocess.run(command(grid, store, workers), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def done(store: Path) -> dict[str, str]:
    """Return each training that is in the store, and when and as which row it came there."""
    if not store.exists():
        return {}
    with sqlite3.connect(store, timeout=60) as database:
        if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
            return {}
        rows = "SELECT key, finished || ' ' || rowid FROM trainings WHERE state = 'done'"
        return dict(database.execute(rows).fetchall())


def killed(grid: Path, store: Path, enough: int) -> tuple[dict[str, str], float]:
    """Kill the command when enough is done; return what was in the store, and after how long."""
    start = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # of processes whose parent has gone
    with subprocess.Popen(command(grid, store, 2), **quiet) as process:
        while len(done(store)) < enough:
            if process.poll() is not None:
                raise SystemExit("the run ended before it could be killed; give it more trainings")
            time.sleep(0.05)
        process.kill()
        process.wait()
    return done(store), time.perf_counter() - start


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", default="demo")
    parser.add_argument("--network", default="report_a_gru")
    parser.add_argument("--trainings", type=int, default=8, help="an even number")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    settings = {
        "network": asked.network,
        "corpus": asked.corpus,
        "protocol": "unseen speakers four",
        "inner": "speakers held out",
        "learning_rate": [0.001, 0.01],
        "seed": list(range(asked.trainings // 2)),
        "epochs": asked.epochs,
    }
    recipe = features.recipe(networks.network(asked.network).recipe)
    features.extract(corpora.load(asked.corpus), recipe, progress=False)
    load = os.getloadavg()[0]
    print(f"{asked.trainings} trainings of {asked.network}, {asked.epochs} epochs each, on {asked.corpus}")
    print(f"{os.cpu_count()} cores, load {load:.1f} before the start\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        grid = Path(folder, "grid.toml")
        grid.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()))
        speed_up(grid, Path(folder), asked.rounds)
        resume(grid, Path(folder, "killed.sqlite"))


def speed_up(grid: Path, folder: Path, rounds: int) -> None:
    """Print how long one process and two take."""
    taken: dict[int, list[float]] = {1: [], 2: []}
    for number in range(rounds):
        for workers, times in taken.items():
            times.append(seconds(grid, folder / f"{number} {workers}.sqlite", workers))
    medians = {workers: statistics.median(times) for workers, times in taken.items()}
    gain = statistics.median(one / two for one, two in zip(*taken.values(), strict=True))
    print("| processes | seconds | times faster |\n|---|---|---|")
    for workers, gained in ((1, 1.0), (2, gain)):
        print(f"| {workers} | {medians[workers]:.1f} | {gained:.2f} |", flush=True)


def resume(grid: Path, store: Path) -> None:
    """Print what a kill costs."""
    wanted = {each.key for each in experiments.read(grid)}
    before, first = killed(grid, store, len(wanted) // 3)
    second = seconds(grid, store, 2)
    after = done(store)
    repeated = [key for key in before if after.get(key, before[key]) != before[key]]
    lost = [key for key in before if key not in after]
    print("\n| trainings | done at the kill | after s | done at the end | s more | repeated | lost |")
    print("|---|---|---|---|---|---|---|")
    numbers = (len(wanted), len(before), f"{first:.1f}", len(wanted & after.keys()), f"{second:.1f}")
    print(f"| {' | '.join(map(str, (*numbers, len(repeated), len(lost))))} |")


if __name__ == "__main__":
    main()
