"""Labels on disk: one SQLite file, in which nothing that was saved is ever changed or lost.

What raters do is kept as a history of events: a save, or an undo that takes a save back. The current
label of a rater and clip is the last save that was not taken back. Each event is one transaction, and
`LabelStore.save` returns when it is on the disk, so that a kernel may be killed at any moment.

The labels table, which `LabelStore.labels` returns and agreement functions take, has one row a rater
and clip:

================  =================================================================================
column            meaning
================  =================================================================================
rater             who labelled
clip              which clip
emotion           a label of the scheme, or NA
arousal, valence  1 to 7, or NA
mark              ``""``, ``"unsure"`` (an emotion may stand beside it) or ``"not speech"`` (none may)
note              free text, ``""`` where there is none
labelled_at       UTC, ISO 8601
================  =================================================================================
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sercourse.errors import SercourseError

UNSURE, NOT_SPEECH = "unsure", "not speech"
MARKS = ("", UNSURE, NOT_SPEECH)
SCALE = range(1, 8)
"""Values of arousal and valence."""

VERSION = 1
_APPLICATION = 0x5E12AB31  # marks the file as ours, so that no other database is taken for it
_WAIT = 30.0  # seconds that a commit waits for those of other kernels
_ELSEWHERE = (
    "nothing was saved. See that the disk has room and that the folder can be written, or name another file"
)
_ANOTHER = "restore it from a copy, or name another file"

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    rater TEXT NOT NULL,
    clip TEXT NOT NULL,
    emotion TEXT,
    arousal INTEGER,
    valence INTEGER,
    mark TEXT NOT NULL,
    note TEXT NOT NULL,
    labelled_at TEXT NOT NULL,
    takes_back INTEGER UNIQUE REFERENCES events (number)
);
CREATE INDEX IF NOT EXISTS events_by_rater ON events (rater, clip, number);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the history of labels is only added to'); END;
CREATE TRIGGER IF NOT EXISTS never_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the history of labels is only added to'); END;
CREATE VIEW IF NOT EXISTS valid AS SELECT * FROM events WHERE takes_back IS NULL
    AND number NOT IN (SELECT takes_back FROM events WHERE takes_back IS NOT NULL);
CREATE VIEW IF NOT EXISTS labels AS SELECT * FROM valid
    WHERE number IN (SELECT max(number) FROM valid GROUP BY rater, clip);
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {VERSION};
COMMIT;
"""


class LabelError(SercourseError):
    """A label is not allowed, or the store of labels cannot be used."""


class Label(NamedTuple):
    """What one rater says about one clip; the fields are those of the labels table."""

    rater: str
    clip: str
    emotion: str | None = None
    arousal: int | None = None
    valence: int | None = None
    mark: str = ""
    note: str = ""


_FIELDS = ", ".join(Label._fields)
_NUMBERS = ("number", "arousal", "valence", "takes_back")


def shuffled(clips: Iterable[str], rater: str) -> list[str]:
    """Put clips into a rater's own order: random, and the same in every session.

    Parameters
    ----------
    clips : iterable of str
        Each clip's id.
    rater : str
        The name is the seed.

    Returns
    -------
    list of str
        Sorted by a hash of rater and clip, so that clips which come in later leave the others in order.
    """
    return sorted(clips, key=lambda clip: hashlib.sha256(f"{rater}\0{clip}".encode()).digest())


class LabelStore:
    """The labels of all raters, in one file.

    Several kernels may use one file at once: each waits for the others' commits.

    Parameters
    ----------
    path : str or path-like
        The database; it is made where there is none.
    clips : pandas.DataFrame or iterable of str, optional
        The clips to label: a clips table, or each clip's id. Without them there is no order and no progress.
    scheme : sercourse.labelling.Scheme or iterable of str, optional
        The labels that are allowed; by default any.

    Raises
    ------
    LabelError
        The file is damaged, is no store of labels, was made by a newer version, holds labels that the
        scheme lacks, or cannot be made; or a clip's id stands twice in `clips`.
    """

    def __init__(self, path, clips=None, scheme=None):
        self.path = Path(path)
        self.clips = None if clips is None else _ids(clips)
        self.scheme = None if scheme is None else tuple(getattr(scheme, "labels", scheme))
        self._prepare()
        self._check_scheme()

    def save(
        self,
        rater: str,
        clip: str,
        *,
        emotion: str | None = None,
        arousal: int | None = None,
        valence: int | None = None,
        mark: str = "",
        note: str = "",
    ) -> None:
        """Save a label; it is on the disk when this returns.

        An earlier label of the same rater and clip stays in the history.

        Parameters
        ----------
        rater, clip : str
        emotion : str, optional
            One of the scheme's labels.
        arousal, valence : int, optional
            From 1 to 7.
        mark : str
            One of `MARKS`.
        note : str

        Raises
        ------
        LabelError
            A value is not allowed, or the file cannot be written.
        """
        given = (None if pd.isna(value) else value for value in (emotion, arousal, valence))
        label = Label(_name(rater), str(clip), *given, mark, note.strip())
        self._check(label)
        # SQLite knows Python's own integers only.
        numbers = {name: value and int(value) for name, value in label._asdict().items() if name in _NUMBERS}
        with self._writing() as database:
            _append(database, label._replace(**numbers))

    def undo(self, rater: str) -> Label | None:
        """Take the rater's last save back: an event too, so that the history still knows the label.

        Returns
        -------
        Label or None
            What was taken back. None if there is nothing left to take back.
        """
        with self._writing() as database:
            query = f"SELECT number, {_FIELDS} FROM valid WHERE rater = ? ORDER BY number DESC"
            for number, *values in database.execute(query, (_name(rater),)):
                label = Label(*values)
                if self.clips is None or label.clip in self.clips:
                    _append(database, Label(label.rater, label.clip), takes_back=number)
                    return label
        return None

    def labels(self) -> pd.DataFrame:
        """Return the labels table: the current labels of all raters, sorted by rater and clip."""
        return self._table(f"SELECT {_FIELDS}, labelled_at FROM labels ORDER BY rater, clip")

    def history(self) -> pd.DataFrame:
        """Return every event in its order, also what was taken back.

        Returns
        -------
        pandas.DataFrame
            Columns number, those of the labels table, and takes_back: the number of the save that an undo
            takes back, NA for a save.
        """
        return self._table(f"SELECT number, {_FIELDS}, labelled_at, takes_back FROM events ORDER BY number")

    def order(self, rater: str) -> list[str]:
        """Return the ids of all clips in the rater's own order, see `shuffled`."""
        if self.clips is None:
            raise LabelError(f"{self.path}: opened without clips; use LabelStore(path, clips)")
        return shuffled(self.clips, _name(rater))

    def next(self, rater: str) -> str | None:
        """Return the first clip in the rater's order that the rater has not labelled, None after the last."""
        done = self._done(rater)
        return next((clip for clip in self.order(rater) if clip not in done), None)

    def progress(self, rater: str) -> tuple[int, int]:
        """Return how many clips the rater has labelled, and how many there are."""
        order = self.order(rater)
        return len(self._done(rater).intersection(order)), len(order)

    def _done(self, rater: str) -> set[str]:
        with self._open() as database:
            query = "SELECT DISTINCT clip FROM valid WHERE rater = ?"
            return {clip for (clip,) in database.execute(query, (_name(rater),))}

    def _table(self, query: str) -> pd.DataFrame:
        with self._open() as database:
            rows = database.execute(query)
            columns = [column[0] for column in rows.description]
            table = pd.DataFrame(rows.fetchall(), columns=columns)
        return table.astype({name: "Int64" if name in _NUMBERS else "string" for name in columns})

    def _check(self, label: Label) -> None:
        """Raise `LabelError` for what the labels table does not allow."""
        at = f"clip {label.clip}"
        if not any(label[2:]):
            raise LabelError(f"{at}: nothing to save; give an emotion, a mark or a note")
        if self.clips is not None and label.clip not in self.clips:
            raise LabelError(f"{at}: not among the {len(self.clips)} clips that the store was opened with")
        if label.emotion is not None and self.scheme is not None and label.emotion not in self.scheme:
            raise LabelError(f"{at}: no emotion {label.emotion!r}; choose {', '.join(self.scheme)}")
        if label.mark not in MARKS:
            raise LabelError(f"{at}: no mark {label.mark!r}; choose {', '.join(MARKS[1:])} or none")
        for name in ("arousal", "valence"):
            if (value := getattr(label, name)) is not None and value not in SCALE:
                raise LabelError(f"{at}: {name} is {value!r}; give a whole number from 1 to 7")
        if label.mark == NOT_SPEECH and label[2:5] != (None, None, None):
            raise LabelError(f"{at}: what is not speech has no emotion, arousal or valence; leave them out")

    def _check_scheme(self) -> None:
        with self._open() as database:
            query = "SELECT DISTINCT emotion FROM labels WHERE emotion IS NOT NULL"
            used = {emotion for (emotion,) in database.execute(query)}
        if self.scheme is not None and (others := sorted(used - set(self.scheme))):
            advice = "add them to the scheme, or name a new file for the new scheme"
            raise self._error(f"holds labels that the scheme lacks: {', '.join(others)}", advice)

    def _prepare(self) -> None:
        """Make the tables in a new file; say what is wrong with a file that is not ours."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._error(f"its folder cannot be made ({error.strerror})", _ELSEWHERE) from error
        # The version of the tables is 0 in a new file alone. It is read first: another kernel may be making
        # them at this moment.
        pragmas = ("schema_version", "application_id", "user_version")
        with self._open() as database:
            tables, mark, version = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas)
            if not tables and mark in (0, _APPLICATION):
                database.executescript(_SCHEMA)
            elif mark != _APPLICATION:
                raise self._error("a database, but not one of labels", _ANOTHER)
            elif version > VERSION:
                raise self._error(f"made by a newer version (format {version})", "update sercourse")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for one piece of work.

        A new one each time takes under a millisecond, leaves nothing to close, and serves any thread:
        JupyterLab may handle a widget's messages in another thread than the cells.
        """
        try:
            with closing(sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)) as database:
                # SQLite's own journal, unlike a write-ahead log, also works on network drives. EXTRA waits
                # for the disk, and for the folder's entry of the journal.
                database.execute("PRAGMA synchronous = EXTRA")
                yield database
        except sqlite3.OperationalError as error:
            raise self._error(f"cannot be used now ({error})", _ELSEWHERE) from error
        except sqlite3.DatabaseError as error:
            raise self._error(f"damaged, or not a store of labels ({error})", _ANOTHER) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that holds the file's lock; commit at the end.

        Whatever interrupts the block closes the connection before the commit: SQLite then rolls back.
        """
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.execute("COMMIT")

    def _error(self, reason: str, advice: str) -> LabelError:
        return LabelError(f"{self.path}: {reason}; {advice}")


def _append(database: sqlite3.Connection, label: Label, takes_back: int | None = None) -> None:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    database.execute(
        f"INSERT INTO events ({_FIELDS}, labelled_at, takes_back) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*label, now, takes_back),
    )


def _ids(clips) -> tuple[str, ...]:
    """Ids of a clips table, or the ids themselves; none may stand twice."""
    ids = pd.Series(clips["clip"] if isinstance(clips, pd.DataFrame) else list(clips), dtype="string")
    if ids.duplicated().any():
        raise LabelError(f"clip {ids[ids.duplicated()].iloc[0]}: stands twice; each clip needs its own id")
    return tuple(ids)


def _name(rater: str) -> str:
    if not rater.strip():
        raise LabelError("the rater's name is empty; give a name, such as rater='A'")
    return rater.strip()
