"""The extractor's view of the store: trouble with it costs the cache, and not the run."""

import sqlite3
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from sercourse.features.recording import Attempt
from sercourse.features.store import FeatureStore, default_path

# Recordings are written when so many seconds have passed, or when there are so many. More a kill cannot cost.
_SECONDS, _MOST = 1.0, 256

_ADVICE = "make room or set SERCOURSE_HOME to a folder that can be written; if the file is damaged, delete it"


class Cache:
    """What is kept of the features that one recipe makes; to be closed.

    Parameters
    ----------
    recipe_key : str
        See `sercourse.features.Recipe.key`.
    wanted : bool
        If not, the cache is empty and stays so.

    Warns
    -----
    UserWarning
        Once, if something cannot be kept or read any more.
    """

    def __init__(self, recipe_key: str, wanted: bool):
        self._key = recipe_key
        self._store: FeatureStore | None = None
        self._unwritten: list[Attempt] = []
        self._written = time.monotonic()
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

    def get(self, path: str, digest: str) -> Attempt | None:
        """Return what `find` has found; None if it is damaged."""
        with self._trouble(ValueError):
            value = self._store.value(self._key, digest)
            return Attempt(path, reason=str(value)) if _is_reason(value) else Attempt(path, value=value)

    def keep(self, got: Attempt) -> None:
        """Keep the features of a recording, or the reason why the recipe cannot use it."""
        if self._keeping and got.mark is not None:
            self._unwritten.append(got)
            if len(self._unwritten) >= _MOST or time.monotonic() > self._written + _SECONDS:
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
                self._store.add(self._key, [(got.path, got.mark, _packed(got)) for got in written])
        self._written = time.monotonic()

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


def _packed(got: Attempt) -> np.ndarray:
    """A value, or an array that holds the reason as text."""
    return np.array(got.reason) if got.value is None else got.value


def _is_reason(value: np.ndarray) -> bool:
    return value.dtype.kind == "U"
