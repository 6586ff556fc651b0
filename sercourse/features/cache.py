"""The extractor's view of the store: trouble with it costs the cache, and not the run."""

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from sercourse.features.recording import Attempt
from sercourse.features.store import FeatureStore, default_path

_TOGETHER = 64  # recordings that are written at a time; a kill costs no more of them

_ADVICE = "make room or set SERCOURSE_HOME to a folder that can be written; if the file is damaged, delete it"


@contextmanager
def opened(recipe_key: str, wanted: bool) -> Iterator["Cache"]:
    """Give the cache of a recipe's features; it is empty, and stays so, if it is not wanted."""
    cache = Cache(recipe_key, wanted)
    try:
        yield cache
    finally:
        cache.close()


class Cache:
    """What is kept of the features that one recipe makes; see `opened`.

    Warns
    -----
    UserWarning
        Once, if something cannot be kept or read any more.
    """

    def __init__(self, recipe_key: str, wanted: bool):
        self._key = recipe_key
        self._store: FeatureStore | None = None
        self._unwritten: list[Attempt] = []
        self._keeping = wanted
        if wanted:
            with self._trouble(OSError):
                self._store = FeatureStore()

    def find(self, paths: list[str]) -> list[str | None]:
        """Return under which digest the features of each file are kept; None where they are not."""
        if self._store:
            with self._trouble():
                return self._store.find(self._key, paths)
        return [None] * len(paths)

    def value(self, digest: str | None) -> np.ndarray | None:
        """Return the features that `find` has found; None if they are damaged, or there is no digest."""
        if digest is not None:
            with self._trouble(ValueError):
                return self._store.value(self._key, digest)
        return None

    def keep(self, got: Attempt) -> None:
        """Keep the features of a recording, if it has any."""
        if self._keeping and got.value is not None:
            self._unwritten.append(got)
            if len(self._unwritten) >= _TOGETHER:
                self._write()

    def close(self) -> None:
        """Write what is not yet written, and let go of the store."""
        self._write()
        if self._store:
            self._store.close()

    def _write(self) -> None:
        written, self._unwritten = self._unwritten, []
        if written and self._keeping:
            with self._trouble():
                self._store.add(self._key, [(got.path, got.mark, got.value) for got in written])

    @contextmanager
    def _trouble(self, *also: type[Exception]) -> Iterator[None]:
        """Go on without the store after an error, and say so."""
        try:
            yield
        except (sqlite3.Error, *also) as error:
            if self._keeping:
                message = f"{default_path()}: features are not kept on disk ({error}); {_ADVICE}"
                warnings.warn(message, stacklevel=2)
            self._keeping = False
