"""Samples as they come, from a microphone or another program: any type, mono or stereo, of any length."""

import operator
from collections.abc import Iterable, Iterator

import numpy as np

_BLOCK = 2**20  # samples that are made mono at a time
_LARGEST = (
    16.0  # of floats; a decoder may overshoot 1 a little, whole numbers turned to floats do not stop here
)
_CHANNELS = 32


def checked(samples, rate) -> tuple[np.ndarray, int]:
    """Return samples with a row a moment, and the rate; nothing is copied.

    Parameters
    ----------
    samples : array-like of int or float
        Of shape (n_samples,), (n_samples, n_channels) or (n_channels, n_samples). Whole numbers fill their
        type's range, as in a WAV file; floats lie in [-1, 1].
    rate : int or float
        In Hz.

    Returns
    -------
    samples : numpy.ndarray, shape (n_samples,) or (n_samples, n_channels)
    rate : int

    Raises
    ------
    ValueError
        They are no sound: another shape or type, or no rate; says what they are.
    """
    samples = np.asarray(samples)
    if samples.dtype.kind not in "iuf":
        raise ValueError(f"samples are {samples.dtype}; give whole numbers or floats")
    if samples.ndim == 2 and samples.shape[0] <= _CHANNELS < samples.shape[1]:
        samples = samples.T
    if samples.ndim not in (1, 2) or (samples.ndim == 2 and not 0 < samples.shape[1] <= _CHANNELS):
        raise ValueError(f"samples have shape {samples.shape}; give (n_samples,) or (n_samples, n_channels)")
    try:
        whole = operator.index(round(rate))
    except (TypeError, ValueError, OverflowError):
        whole = 0
    if whole < 1:
        raise ValueError(f"rate is {rate!r}; give samples per second, such as 48000")
    return samples, whole


def mono(samples: np.ndarray) -> np.ndarray:
    """Return float32 samples in [-1, 1], channels averaged, as `sercourse.audio.read` does.

    Raises
    ------
    ValueError
        A sample is not finite, or floats are not in [-1, 1].
    """
    if samples.dtype.kind in "iu":
        bits = 8 * samples.dtype.itemsize
        if bits > 32:
            raise ValueError(f"samples are {samples.dtype}; give int16 or int32, or floats in [-1, 1]")
        middle = 2 ** (bits - 1) if samples.dtype.kind == "u" else 0
        as_float = np.float32 if bits <= 16 else np.float64
        samples = ((samples.astype(as_float) - middle) * 2.0 ** (1 - bits)).astype(np.float32)
    elif len(samples):
        largest = np.abs(samples).max()
        if not np.isfinite(largest):
            raise ValueError(
                "samples are not all finite (NaN or infinity); repair or leave out the recording"
            )
        if largest > _LARGEST:
            raise ValueError(
                f"float samples reach {largest:g}; they lie in [-1, 1], so divide by their full scale"
            )
    samples = samples.astype(np.float32, copy=False)
    return samples.mean(axis=1) if samples.ndim == 2 else samples


def pieces(samples: np.ndarray) -> Iterator[np.ndarray]:
    """Yield samples as mono, some at a time, so that a long recording is never copied whole."""
    for start in range(0, len(samples), _BLOCK):
        yield mono(samples[start : start + _BLOCK])


def windows(parts: Iterable[np.ndarray], size: int, step: int, rest: int) -> Iterator[tuple[int, np.ndarray]]:
    """Cut sound that comes in pieces into windows; no more than a window and a piece are held.

    Parameters
    ----------
    parts : iterable of numpy.ndarray, shape (n_samples,)
        One after the other, mono.
    size, step : int
        Length of a window, and from the start of one to the next, in samples; ``1 <= step <= size``.
    rest : int
        The last window is shorter. It is left out if it adds fewer samples than this to what was seen.

    Yields
    ------
    start : int
        In samples.
    window : numpy.ndarray, shape (n_samples,)
        The first one may be empty: then there was no sound.
    """
    held, start = np.zeros(0, np.float32), 0
    for part in parts:
        held = np.concatenate([held, part])
        while len(held) >= size:
            yield start, held[:size]
            held, start = held[step:], start + step
    if start == 0 or len(held) - (size - step) >= rest:
        yield start, held
