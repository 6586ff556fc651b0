"""Apply a recipe to every recording of a manifest: parallel, cached, resumable, one after the other."""

import functools
import warnings
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse.corpora.manifest import listed, validate
from sercourse.errors import CorpusError
from sercourse.features.cache import Cache
from sercourse.features.recipes import Recipe
from sercourse.features.recording import attempt, extract_file
from sercourse.features.table import Table
from sercourse.parallel import share

__all__ = ["Features", "Outcome", "extract", "extract_file", "stream"]


class Features(NamedTuple):
    """Features of a corpus.

    Attributes
    ----------
    x : numpy.ndarray of float32, shape (n_utterances, n_frames, n_coefficients)
        Frames after the end of a recording are 0.
    mask : numpy.ndarray of bool, shape (n_utterances, n_frames)
        True where there is a frame of the recording.
    rows : pandas.DataFrame
        The manifest's rows that `x` holds, in the same order, numbered from 0.
    dropped : pandas.DataFrame
        Columns ``path`` and ``reason``: recordings that could not be used.
    recipe : Recipe
    """

    x: np.ndarray
    mask: np.ndarray
    rows: pd.DataFrame
    dropped: pd.DataFrame
    recipe: Recipe


class Outcome(NamedTuple):
    """What became of one recording.

    Attributes
    ----------
    row : int
        Position of the recording in the manifest, from 0.
    path : str
    value : numpy.ndarray of float32, shape (n_frames, n_coefficients), or None
        None where the recording cannot be used.
    reason : str or None
        Why it cannot.
    """

    row: int
    path: str
    value: np.ndarray | None
    reason: str | None


def extract(
    manifest: pd.DataFrame,
    recipe: Recipe,
    *,
    workers: int | None = None,
    progress: bool = True,
    cache: bool = True,
    dask: str | None = None,
) -> Features:
    """Extract features of every recording of a manifest.

    Parameters
    ----------
    manifest : pandas.DataFrame
        See `sercourse.corpora.manifest`.
    recipe : Recipe
    workers : int, optional
        Processes at work; by default one a core.
    progress : bool
        Show a progress bar while there is something to compute.
    cache : bool
        Keep what is computed under `settings.home`, and use what was kept. A run that was stopped, or
        killed, goes on where it was.
    dask : str, optional
        Address of a Dask scheduler, whose workers then do the work instead of processes of this machine.
        They must be able to import this package, and to read the recordings under the manifest's paths; the
        cache stays here. See `sercourse.parallel.share`.

    Returns
    -------
    Features
        Recordings that are damaged, or that the recipe cannot use, stand in ``dropped`` with the reason;
        the others are all there.

    Warns
    -----
    UserWarning
        Names the recordings that were dropped; or says why nothing is kept on disk.

    Raises
    ------
    CorpusError
        Not one recording could be used.
    WorkersError
        The Dask cluster cannot be used, or a process died.
    """
    table, reasons = Table(len(manifest), recipe.n_frames), {}
    outcomes = stream(manifest, recipe, workers=workers, progress=progress, cache=cache, dask=dask)
    for row, path, value, reason in outcomes:
        if value is None:
            reasons[path] = reason
        else:
            table.put(row, value)
    if len(reasons) == len(manifest):
        first = next(iter(reasons.items()), ("the manifest", "has no rows"))
        raise CorpusError(f"none of {len(manifest)} recordings could be used; the first: {': '.join(first)}")
    dropped = pd.DataFrame(list(reasons.items()), columns=["path", "reason"], dtype="string")
    if len(dropped):
        warnings.warn(listed(f"{len(dropped)} recording(s) left out of the features", dropped), stacklevel=2)
    x, mask, filled = table.finish()
    return Features(x, mask, manifest[filled].reset_index(drop=True), dropped, recipe)


def stream(
    manifest: pd.DataFrame,
    recipe: Recipe,
    *,
    workers: int | None = None,
    progress: bool = True,
    cache: bool = True,
    dask: str | None = None,
) -> Iterator[Outcome]:
    """Extract features of one recording after the other, in the order of the manifest.

    For a corpus whose features do not fit in memory. The parameters are those of `extract`. The processes
    work a little ahead of the caller, and wait for it if it is slow.

    Yields
    ------
    Outcome
        One for every row.

    Warns
    -----
    UserWarning
        Nothing is kept on disk; says why.
    """
    paths = validate(manifest)["path"].tolist()
    work = functools.partial(attempt, recipe=recipe)
    with closing(Cache(recipe.key, cache)) as kept:
        digests = kept.find(paths)
        missing = [path for path, digest in zip(paths, digests, strict=True) if digest is None]
        fresh = share(
            work, missing, "extracting features", "file", workers=workers, progress=progress, dask=dask
        )
        with closing(fresh):
            for row, (path, digest) in enumerate(zip(paths, digests, strict=True)):
                got = next(fresh) if digest is None else kept.get(path, digest) or work(path)
                if digest is None:
                    kept.keep(got)
                yield Outcome(row, path, got.value, got.reason)
