"""What was extracted before, on disk: one SQLite file, keyed by content and recipe.

A recording's content is known by its hash. In front of that stands an index of path, size
and time of last change, so that a file that did not change is not read again. SQLite keeps
every commit whole, so a run that is killed loses at most the batch it was working on.
"""

import hashlib
import io
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sercourse import settings

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, digest TEXT);
CREATE TABLE IF NOT EXISTS features (recipe TEXT, digest TEXT, value BLOB, PRIMARY KEY (recipe, digest));
"""


def default_path() -> Path:
    """Return where features are kept unless another place is named."""
    return settings.home() / "cache" / "features.sqlite"


class Fingerprint(NamedTuple):
    """Size in bytes, time of last change in nanoseconds, and hash of a file's content."""

    size: int
    mtime_ns: int
    digest: str


def fingerprint(path) -> Fingerprint:
    """Read a file once and return its fingerprint (BLAKE2b, 128 bits)."""
    with open(path, "rb") as file:
        status = os.fstat(file.fileno())
        content = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    return Fingerprint(status.st_size, status.st_mtime_ns, content)


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
        self._connection = sqlite3.connect(self.path, timeout=60)
        self._connection.executescript(_SCHEMA)

    def get(self, recipe_key: str, paths: list[str]) -> list[np.ndarray | None]:
        """Return what is known of each file, in the order asked for; None where nothing is."""
        known = {row[0]: Fingerprint(*row[1:]) for row in self._connection.execute("SELECT * FROM files")}
        digests = {
            row[0]
            for row in self._connection.execute("SELECT digest FROM features WHERE recipe = ?", (recipe_key,))
        }
        found = []
        for path in paths:
            content = self._digest(path, known.get(path)) if digests else None
            found.append(self._value(recipe_key, content) if content in digests else None)
        return found

    def add(self, recipe_key: str, extracted: Iterable[tuple[str, Fingerprint, np.ndarray]]) -> None:
        """Keep features of files, all of them or, if interrupted, none."""
        with self._connection:
            for path, mark, value in extracted:
                packed = io.BytesIO()
                np.save(packed, value)
                self._connection.execute("REPLACE INTO files VALUES (?, ?, ?, ?)", (path, *mark))
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

    def _digest(self, path: str, known: Fingerprint | None) -> str | None:
        """Hash of a file's content; the file is read only where size or time changed."""
        try:
            status = os.stat(path)
            if known and (status.st_size, status.st_mtime_ns) == known[:2]:
                return known.digest
            return fingerprint(path).digest
        except OSError:
            return None

    def _value(self, recipe_key: str, content: str) -> np.ndarray:
        query = "SELECT value FROM features WHERE recipe = ? AND digest = ?"
        return np.load(io.BytesIO(self._connection.execute(query, (recipe_key, content)).fetchone()[0]))
