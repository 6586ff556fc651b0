"""What experiments gave, on disk: one SQLite file, written as each training finishes.

Each training is one row and one transaction, so a process that is killed loses only what was under way. Test
scores are kept sealed: `sercourse.experiments.results` shows them when it is asked for them.
"""

import dataclasses
import json
import sqlite3
import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from sercourse.errors import ExperimentError, SercourseError
from sercourse.experiments.conducting import Outcome
from sercourse.experiments.description import Experiment

DONE, FAILED = "done", "failed"

_APPLICATION = 0x5E12E897  # marks the file as ours, so that no other database is taken for it
_WAIT = 60.0  # seconds that a commit waits for those of other processes
_ADVICE = "name another file, or see that the disk has room and that file and folder can be written"

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


class Kept(NamedTuple):
    """What the store says of one training, without its outcome.

    Attributes
    ----------
    experiment : Experiment
        With the epochs that were scored.
    key : str
        In the file.
    error : str or None
        Why it failed, or why a longer one did.
    done : bool
        Whether there is an outcome.
    """

    experiment: Experiment
    key: str
    error: str | None
    done: bool


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

    def prepare(self) -> None:
        """Make the file, or write to the one that is there: it shows before hours of work if that fails."""
        with self._writing() as database:
            database.execute(f"PRAGMA application_id = {_APPLICATION}")

    def add(self, experiment: Experiment, outcome: Outcome | None, error: str | None = None) -> None:
        """Keep what a training gave, or why it failed. When this returns, it is on the disk.

        What is there stays if it has these epochs and more, as when another process was faster; or if more
        were tried and failed: the error then stands beside it.

        Parameters
        ----------
        experiment : Experiment
        outcome : Outcome, optional
            None if it failed.
        error : str, optional
            Why it failed.
        """
        said = json.dumps(dataclasses.asdict(experiment))
        row = (experiment.key, said, DONE if outcome else FAILED, error, outcome and outcome.packed())
        with self._writing() as database:
            known = database.execute(
                f"SELECT description FROM trainings WHERE key = ? AND state = '{DONE}'", row[:1]
            ).fetchone()
            if known and outcome is None:
                database.execute("UPDATE trainings SET error = ? WHERE key = ?", (error, experiment.key))
            elif not known or not set(_experiment(known[0]).epochs) > set(experiment.epochs):
                columns = "key, description, state, error, outcome"
                database.execute(f"INSERT OR REPLACE INTO trainings ({columns}) VALUES (?, ?, ?, ?, ?)", row)

    def kept(self) -> dict[str, Kept]:
        """Return what is there by key, without outcomes, in the order in which they finished.

        Warns
        -----
        UserWarning
            A description has a name that this version of the package does not know; it is left out.
        """
        with self._reading() as database:
            rows = database.execute(
                "SELECT key, description, error, state FROM trainings ORDER BY finished, rowid"
            ).fetchall()
        found, foreign = {}, []
        for key, said, error, state in rows:
            try:
                each = Kept(_experiment(said), key, error, state == DONE)
            except (SercourseError, TypeError) as reason:
                foreign.append(f"{reason}")
            else:
                found[each.experiment.key] = each
        if foreign:
            words = f"{len(foreign)} trainings are left out, of another version of sercourse: {foreign[0]}"
            warnings.warn(f"{self.path}: {words}", stacklevel=2)
        return found

    def outcome(self, key: str) -> Outcome:
        """Return what the training gave that has a key in the file, see `Kept`."""
        with self._reading() as database:
            (packed,) = database.execute("SELECT outcome FROM trainings WHERE key = ?", (key,)).fetchone()
        return Outcome.unpacked(packed)

    @contextmanager
    def unsealing(self, keys: Iterable[str]) -> Iterator[set[str]]:
        """Give the keys whose test rows nobody has looked at; at the end of the block somebody has.

        If the block raises, nobody has. No other process does the same meanwhile.
        """
        with self._writing() as database:
            looked_at = {key for (key,) in database.execute("SELECT key FROM trainings WHERE looked_at")}
            new = set(keys) - looked_at
            yield new
            database.executemany("UPDATE trainings SET looked_at = 1 WHERE key = ?", [(key,) for key in new])

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection: to nothing, where there is no file, so that reading makes none."""
        with self._opened(str(self.path) if self.path.exists() else ":memory:") as database:
            yield database

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that holds the file's lock. Commit at the end; roll back if the block raises."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExperimentError(f"{self.path}: {error.strerror}; {_ADVICE}") from error
        with self._opened(str(self.path)) as database:
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.execute("COMMIT")

    @contextmanager
    def _opened(self, path: str) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as database:
                # EXTRA waits for the disk, and for the folder's entry of the journal.
                database.execute("PRAGMA synchronous = EXTRA")
                self._prepare(database)
                yield database
        except sqlite3.Error as error:
            raise ExperimentError(f"{self.path}: {error}; {_ADVICE}") from error

    def _prepare(self, database: sqlite3.Connection) -> None:
        # Tables are looked for before the mark: another process may be making both at this moment.
        if database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            database.executescript(_SCHEMA)
        elif database.execute("PRAGMA application_id").fetchone() != (_APPLICATION,):
            raise ExperimentError(f"{self.path}: this is no store of experiments; name another file")


def _experiment(said: str) -> Experiment:
    fields = json.loads(said)
    return Experiment(**fields | {"epochs": tuple(fields["epochs"])})
