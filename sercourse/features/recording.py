"""The features of one recording: read it, augment it, compute. What a process of the extractor does.

It imports little, because each process pays for that.
"""

from typing import NamedTuple

import numpy as np

from sercourse import audio
from sercourse.errors import AudioError, TooShortError
from sercourse.features import store
from sercourse.features.compute import compute
from sercourse.features.recipes import OF_THE_WHOLE, Recipe


class Attempt(NamedTuple):
    """What became of one recording: a value, or the reason why there is none.

    Attributes
    ----------
    path : str
    mark : sercourse.features.store.Fingerprint or None
        None where the outcome is not to be kept: a damaged file may be readable by a later libsndfile.
    value : numpy.ndarray of float32, shape (n_frames, n_coefficients), or None
    reason : str or None
    """

    path: str
    mark: store.Fingerprint | None = None
    value: np.ndarray | None = None
    reason: str | None = None


def extract_file(path: str, recipe: Recipe) -> np.ndarray:
    """Extract features of one recording.

    Returns
    -------
    numpy.ndarray of float32, shape (n_frames, n_coefficients)

    Raises
    ------
    AudioError
        The file cannot be used; `TooShortError` where it is shorter than one window.
    ValueError
        The recipe cannot be applied to it; says why.
    """
    return _extract(path, recipe, *_read(path))


def extract_samples(samples: np.ndarray, rate: int, recipe: Recipe) -> np.ndarray:
    """Extract features of samples, such as a microphone's: just those of a file that holds them.

    Parameters
    ----------
    samples : numpy.ndarray of float32, shape (n_samples,)
        Mono, in [-1, 1].
    rate : int
        In Hz; any.
    recipe : Recipe
        Without an augmentation.

    Returns
    -------
    numpy.ndarray of float32, shape (n_frames, n_coefficients)

    Raises
    ------
    TooShortError
        There is less than one analysis window.
    ValueError
        The recipe cannot be applied; says why.
    """
    if recipe.augmentation is not None:
        raise ValueError(f"recipe {recipe.name!r} augments what it reads; take it without its augmentation")
    there = audio.stretch(samples, rate, recipe.offset, recipe.seconds)
    return _computed("the samples", audio.resample(there, rate, recipe.rate), recipe)


def attempt(path: str, recipe: Recipe) -> Attempt:
    """Extract features of one recording; what goes wrong is returned, not raised."""
    try:
        content, mark = _read(path)
        try:
            return Attempt(path, mark, _extract(path, recipe, content, mark))
        except TooShortError as error:
            return Attempt(path, mark, reason=error.reason)
        except ValueError as error:
            return Attempt(path, mark, reason=str(error))
    except AudioError as error:
        return Attempt(path, reason=error.reason)


def _read(path: str) -> tuple[bytes, store.Fingerprint]:
    try:
        return store.read(path)
    except OSError as error:
        advice = "check the path and its permissions"
        raise AudioError(path, f"cannot be opened ({error.strerror})", advice) from error


def _extract(path: str, recipe: Recipe, content: bytes, mark: store.Fingerprint) -> np.ndarray:
    samples, rate = audio.read(path, recipe.rate, recipe.offset, recipe.seconds, content)
    if recipe.augmentation is not None:
        samples = recipe.augmentation(samples, rate, mark.digest)
    return _computed(path, samples, recipe)


def _computed(path: str, samples: np.ndarray, recipe: Recipe) -> np.ndarray:
    if recipe.kind not in OF_THE_WHOLE and len(samples) < recipe.n_fft:
        there, window = len(samples) / recipe.rate, recipe.n_fft / recipe.rate
        raise TooShortError(path, f"too short: {there:.3f} s, one analysis window is {window:.3f} s")
    return compute(samples, recipe.rate, recipe)
