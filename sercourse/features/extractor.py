"""Apply a recipe to every recording of a manifest: parallel, cached, resumable."""

import math
import sqlite3
import warnings
from contextlib import nullcontext
from typing import NamedTuple

import joblib
import numpy as np
import pandas as pd

from sercourse import audio
from sercourse.corpora.manifest import listed, validate
from sercourse.errors import AudioError, CorpusError, TooShortError
from sercourse.features.compute import compute
from sercourse.features.recipes import Recipe
from sercourse.features.store import FeatureStore, default_path, fingerprint
from sercourse.progress import bar

_BATCH = 16  # files a task: small enough that a cut costs little, large enough to outweigh sending it


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


def extract(
    manifest: pd.DataFrame,
    recipe: Recipe,
    *,
    workers: int | None = None,
    progress: bool = True,
    cache: bool = True,
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
        Keep what is computed under `settings.home`, and use what was kept.

    Returns
    -------
    Features
        Recordings that are damaged, or shorter than one analysis window, stand in
        ``dropped`` with the reason; the others are all there.

    Warns
    -----
    UserWarning
        Names the recordings that were dropped.

    Raises
    ------
    CorpusError
        Not one recording could be used.
    """
    paths = validate(manifest)["path"].tolist()
    with _open_store() if cache else nullcontext() as store:
        store, values = _known(store, recipe, paths)
        missing = [path for path, value in zip(paths, values, strict=True) if value is None]
        fresh, reasons = _extract_missing(missing, recipe, workers, progress, store)
    values = [fresh.get(path) if value is None else value for path, value in zip(paths, values, strict=True)]
    kept = [value is not None for value in values]
    if not any(kept):
        first = next(iter(reasons.items()), ("the manifest", "has no rows"))
        raise CorpusError(f"none of {len(paths)} recordings could be used; the first: {first[0]}: {first[1]}")
    dropped = pd.DataFrame(list(reasons.items()), columns=["path", "reason"], dtype="string")
    if len(dropped):
        warnings.warn(listed(f"{len(dropped)} recording(s) left out of the features", dropped), stacklevel=2)
    x, mask = _stack([value for value in values if value is not None], _frames(recipe))
    return Features(x, mask, manifest[kept].reset_index(drop=True), dropped, recipe)


def extract_file(path: str, recipe: Recipe) -> np.ndarray:
    """Extract features of one recording.

    Returns
    -------
    numpy.ndarray of float32, shape (n_frames, n_coefficients)

    Raises
    ------
    AudioError
        The file cannot be used; `TooShortError` where it is shorter than one window.
    """
    samples, rate = audio.read(path, recipe.rate)
    if len(samples) < recipe.n_fft:
        reason = f"too short: {len(samples) / rate:.3f} s, one analysis window is {recipe.n_fft / rate:.3f} s"
        raise TooShortError(path, reason)
    return compute(samples, rate, recipe)


def _open_store():
    try:
        return FeatureStore()
    except (OSError, sqlite3.Error) as error:
        return nullcontext(_warn_not_kept(error))


def _known(store, recipe, paths):
    """Look up what was kept; return the store, or None once it fails, and the values."""
    try:
        return store, store.get(recipe.key, paths) if store else [None] * len(paths)
    except (sqlite3.Error, ValueError, EOFError) as error:
        return _warn_not_kept(error), [None] * len(paths)


def _keep(store, recipe, extracted):
    """Add to the store; return the store, or None once it fails (a full disk, say)."""
    try:
        store.add(recipe.key, extracted)
        return store
    except sqlite3.Error as error:
        return _warn_not_kept(error)


def _warn_not_kept(error) -> None:
    advice = (
        "make room or set SERCOURSE_HOME to a folder that can be written; if the file is damaged, delete it"
    )
    warnings.warn(f"{default_path()}: features are not kept on disk ({error}); {advice}", stacklevel=5)


def _extract_missing(paths, recipe, workers, progress, store):
    """Return a dictionary of features by path, and one of reasons by path for the rest."""
    batches = [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]
    workers = max(1, min(workers or joblib.cpu_count(), len(batches)))
    values, reasons = {}, {}
    # One thread a process: BLAS and FFT threads of several processes would fight for the cores.
    with joblib.parallel_config(backend="loky", n_jobs=workers, inner_max_num_threads=1):
        done = joblib.Parallel(return_as="generator_unordered")(
            joblib.delayed(_extract_batch)(batch, recipe) for batch in batches
        )
        with bar(len(paths), "extracting features", "file", progress) as shown:
            for extracted, failed in done:
                if store and extracted:
                    store = _keep(store, recipe, extracted)
                values.update((path, value) for path, _, value in extracted)
                reasons.update(failed)
                shown.update(len(extracted) + len(failed))
    return values, {path: reasons[path] for path in paths if path in reasons}


def _extract_batch(paths, recipe):
    extracted, failed = [], []
    for path in paths:
        try:
            value = extract_file(path, recipe)
            extracted.append((path, fingerprint(path), value))
        except AudioError as error:
            failed.append((path, error.reason))
        except OSError as error:  # it vanished between two looks
            failed.append((path, f"cannot be read ({error.strerror})"))
    return extracted, failed


def _frames(recipe: Recipe) -> int | None:
    """Frames that every recording gets, or None where the longest one decides."""
    if recipe.statistics:
        return 1
    return None if recipe.seconds is None else math.ceil(recipe.seconds * recipe.rate / recipe.hop_length)


def _stack(values: list[np.ndarray], n_frames: int | None) -> tuple[np.ndarray, np.ndarray]:
    n_frames = n_frames or max(len(value) for value in values)
    x = np.zeros((len(values), n_frames, values[0].shape[1]), dtype=np.float32)
    mask = np.zeros((len(values), n_frames), dtype=bool)
    for row, value in enumerate(values):
        length = min(len(value), n_frames)
        x[row, :length], mask[row, :length] = value[:length], True
    return x, mask
