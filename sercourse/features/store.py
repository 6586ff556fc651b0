"""What was extracted before, on disk: one SQLite file, keyed by content and recipe.

A recording's content is known by its hash. In front of that stands an index of path, size
and time of last change, so that a file that did not change is not read again. SQLite keeps
every commit whole, so a run that is killed loses at most what it has not yet added.
"""

import ast
import functools
import hashlib
import io
import os
import sqlite3
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sercourse import settings

_SCHEMA = """
BEGIN;
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, digest TEXT);
CREATE INDEX IF NOT EXISTS files_by_size ON files (size);
CREATE TABLE IF NOT EXISTS features (recipe TEXT, digest TEXT, value BLOB, PRIMARY KEY (recipe, digest));
COMMIT;
"""


def default_path() -> Path:
    """Return where features are kept unless another place is named."""
    return settings.home() / "cache" / "features.sqlite"


class Fingerprint(NamedTuple):
    """Size in bytes, time of last change in nanoseconds, and hash of a file's content."""

    size: int
    mtime_ns: int
    digest: str


def read(path) -> tuple[bytes, Fingerprint]:
    """Read a file once, and return its content and fingerprint (the first half of SHA-256).

    Most processors compute SHA-256 by themselves, twice as fast as they do BLAKE2b.
    """
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        content = file.read()
    digest = hashlib.sha256(content).hexdigest()[:32]
    return content, Fingerprint(status.st_size, status.st_mtime_ns, digest)


def fingerprint(path) -> Fingerprint:
    """Read a file and return its fingerprint."""
    return read(path)[1]


class FeatureStore:
    """The cache of extracted features.

    Parameters
    ----------
    path : str or path-like, optional
        The database; by default ``cache/features.sqlite`` in `settings.home`.

    Raises
    ------
    OSError, sqlite3.Error
        The folder cannot be written, or the file is not a database of this kind.
    """

    def __init__(self, path=None):
        self.path = Path(path) if path is not None else default_path()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Several lessons may run at once: wait for each other's commits rather than fail.
        # A generator that reads may be moved on by another thread than the one that made it.
        self._connection = sqlite3.connect(self.path, timeout=60, check_same_thread=False)
        self._connection.executescript(_SCHEMA)

    def find(self, recipe_key: str, paths: Iterable[str]) -> list[str | None]:
        """Return under which digest the features of each file are kept; None where they are not."""
        met = {}  # files that were moved, copied or touched
        found = [self._find(recipe_key, path, met) for path in paths]
        with self._connection:
            for path, mark in met.items():
                self._index(path, mark)
        return found

    def value(self, recipe_key: str, digest: str) -> np.ndarray:
        """Return the features that `find` has found."""
        query = "SELECT value FROM features WHERE recipe = ? AND digest = ?"
        return _unpack(self._connection.execute(query, (recipe_key, digest)).fetchone()[0])

    def get(self, recipe_key: str, paths: Iterable[str]) -> list[np.ndarray | None]:
        """Return what is known of each file, in the order asked for; None where nothing is."""
        found = self.find(recipe_key, paths)
        return [None if digest is None else self.value(recipe_key, digest) for digest in found]

    def add(self, recipe_key: str, extracted: Iterable[tuple[str, Fingerprint, np.ndarray]]) -> None:
        """Keep features of files, all of them or, if interrupted, none."""
        with self._connection:
            for path, mark, value in extracted:
                self._index(path, mark)
                packed = io.BytesIO()
                np.save(packed, value)
                self._connection.execute(
                    "REPLACE INTO features VALUES (?, ?, ?)", (recipe_key, mark.digest, packed.getvalue())
                )

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def _find(self, recipe_key: str, path: str, met: dict[str, Fingerprint]) -> str | None:
        """Digest under which a file's features are kept; the file is read only where that may help."""
        try:
            status = os.stat(path)
            known = "SELECT digest FROM files WHERE path = ? AND size = ? AND mtime_ns = ?"
            digest = self._first(known, path, status.st_size, status.st_mtime_ns)
            if digest is None:
                alike = "SELECT 1 FROM files JOIN features USING (digest) WHERE size = ? AND recipe = ?"
                if self._first(alike, status.st_size, recipe_key) is None:
                    return None
                met[path] = fingerprint(path)
                digest = met[path].digest
        except OSError:
            return None
        return self._first("SELECT digest FROM features WHERE recipe = ? AND digest = ?", recipe_key, digest)

    def _first(self, query: str, *values):
        row = self._connection.execute(query, values).fetchone()
        return row and row[0]

    def _index(self, path: str, mark: Fingerprint) -> None:
        self._connection.execute("REPLACE INTO files VALUES (?, ?, ?, ?)", (path, *mark))


def _unpack(packed: bytes) -> np.ndarray:
    """Read an array in NumPy's .npy format; as ``np.load``, which parses the header of each anew."""
    start = 10 + struct.unpack_from("<H", packed, 8)[0]
    dtype, shape = _layout(packed[:start])
    return np.frombuffer(packed, dtype, offset=start).reshape(shape).copy()


@functools.lru_cache(maxsize=1024)
def _layout(header: bytes) -> tuple[np.dtype, tuple[int, ...]]:
    described = ast.literal_eval(header[10:].decode("latin1"))
    return np.dtype(described["descr"]), described["shape"]
