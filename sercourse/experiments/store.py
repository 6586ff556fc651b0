"""What experiments gave, on disk: one SQLite file, written as each training finishes.

Each training is one row and one transaction, so a process that is killed loses only what was under way. Test
scores are kept sealed: `sercourse.experiments.results` shows them when it is asked for them.
"""

import dataclasses
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sercourse.errors import ExperimentError
from sercourse.experiments.conduct import Outcome
from sercourse.experiments.description import Experiment

DONE, FAILED = "done", "failed"

_APPLICATION = 0x5E12E897  # marks the file as ours, so that no other database is taken for it
_WAIT = 60.0  # seconds that a commit waits for those of other processes

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS trainings (
    key TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    finished TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    outcome BLOB,
    looked_at INTEGER NOT NULL DEFAULT 0
);
PRAGMA application_id = {_APPLICATION};
COMMIT;
"""


class Store:
    """The trainings that were done, in one file. Several processes may add to it at once.

    Parameters
    ----------
    path : str or path-like
        Is made when something is added.

    Raises
    ------
    ExperimentError
        The file is something else, or cannot be read or written; names it.
    """

    def __init__(self, path):
        self.path = Path(path)

    def add(self, experiment: Experiment, outcome: Outcome | None, error: str | None = None) -> None:
        """Keep what a training gave, or why it failed. When this returns, it is on the disk.

        Parameters
        ----------
        experiment : Experiment
            A shorter training of the same key is replaced.
        outcome : Outcome, optional
            None if it failed.
        error : str, optional
            Why it failed.
        """
        said = json.dumps(dataclasses.asdict(experiment))
        row = (experiment.key, said, DONE if outcome else FAILED, error, outcome and outcome.packed())
        with self._opened(write=True) as database, database:
            columns = "key, description, state, error, outcome"
            database.execute(f"INSERT OR REPLACE INTO trainings ({columns}) VALUES (?, ?, ?, ?, ?)", row)

    def kept(self) -> dict[str, tuple[Experiment, str]]:
        """Return what is there: by key, the experiment and its state, in the order in which they finished."""
        with self._opened() as database:
            rows = database.execute(
                "SELECT key, description, state FROM trainings ORDER BY finished, rowid"
            ).fetchall()
        return {key: (_experiment(said), state) for key, said, state in rows}

    def rows(self) -> Iterator[tuple[Experiment, str, str | None, Outcome | None]]:
        """Yield experiment, state, error and outcome of each training, as they finished."""
        with self._opened() as database:
            chosen = "SELECT description, state, error, outcome FROM trainings ORDER BY finished, rowid"
            for said, state, error, outcome in database.execute(chosen):
                yield _experiment(said), state, error, outcome and Outcome.unpacked(outcome)

    def unseal(self, keys: list[str]) -> list[str]:
        """Note that the test rows of some trainings are looked at; return those that never were before."""
        with self._opened(write=True) as database, database:
            looked_at = {key for (key,) in database.execute("SELECT key FROM trainings WHERE looked_at")}
            new = [key for key in keys if key not in looked_at]
            database.executemany("UPDATE trainings SET looked_at = 1 WHERE key = ?", [(key,) for key in new])
        return new

    @contextmanager
    def _opened(self, write: bool = False) -> Iterator[sqlite3.Connection]:
        if write:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path = str(self.path) if write or self.path.exists() else ":memory:"
            with closing(sqlite3.connect(path, timeout=_WAIT)) as database:
                self._prepare(database)
                yield database
        except sqlite3.Error as error:
            advice = "name another file, or see that the disk has room and the file can be written"
            raise ExperimentError(f"{self.path}: {error}; {advice}") from error

    def _prepare(self, database: sqlite3.Connection) -> None:
        (marked,) = database.execute("PRAGMA application_id").fetchone()
        if marked == _APPLICATION:
            return
        if database.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,):
            raise ExperimentError(f"{self.path}: this is no store of experiments; name another file")
        database.executescript(_SCHEMA)


def _experiment(said: str) -> Experiment:
    fields = json.loads(said)
    tuples = {"epochs": tuple(fields["epochs"]), "options": tuple(map(tuple, fields["options"]))}
    return Experiment(**fields | tuples)
