"""Crops of pictures that differ at every look: faster, higher, noisier, with holes, mixed with another.

A corpus of speech has few speakers, and a network sees each recording in every epoch. What does not change
the emotion much is drawn anew each time: where a crop begins, its tempo, how high the voice lies, how long
the vocal tract seems. All of it is done to the picture and not to the sound, which is much quicker.
"""

from collections.abc import Iterator

import numpy as np

from sercourse.training.regimes import Regime


def draw(x: np.ndarray, lengths: np.ndarray, regime: Regime, rng: np.random.Generator) -> np.ndarray:
    """Draw a crop of each recording.

    Parameters
    ----------
    x : numpy.ndarray of float32, shape (n, n_frames, n_bands)
        Standardised.
    lengths : numpy.ndarray of int, shape (n,)
        How many frames are there; those behind are padding.
    regime : Regime
        `frames`, `tempo`, `shift` and `stretch`.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray of float32, shape (n, regime.frames, n_bands)
        Values between two frames or bands are interpolated. What lies past the end of a recording is 0.
    """
    tempo = np.exp(rng.uniform(-regime.tempo, regime.tempo, len(x)))
    room = np.maximum(lengths / tempo - regime.frames, 0)
    start = rng.uniform(0, 1, len(x)) * room
    frames = (start[:, None] + np.arange(regime.frames)) * tempo[:, None]
    there = frames <= lengths[:, None] - 1
    n_bands = x.shape[2]
    shift = rng.uniform(-regime.shift, regime.shift, (len(x), 1))
    bands = np.arange(n_bands) * np.exp(rng.uniform(-regime.stretch, regime.stretch, (len(x), 1))) + shift
    cut = _between(x, np.minimum(frames, lengths[:, None] - 1), axis=1)
    return np.where(there[:, :, None], _between(cut, np.clip(bands, 0, n_bands - 1), axis=2), 0)


def _between(x: np.ndarray, at: np.ndarray, axis: int) -> np.ndarray:
    """Interpolate along an axis at positions, shape (n, n_positions), that differ by recording."""
    below = np.minimum(at.astype(int), x.shape[axis] - 2)
    share = np.expand_dims((at - below).astype(np.float32), 3 - axis)
    below = np.expand_dims(below, 3 - axis)
    return np.take_along_axis(x, below, axis) * (1 - share) + np.take_along_axis(x, below + 1, axis) * share


def spoil(crops: np.ndarray, regime: Regime, rng: np.random.Generator) -> np.ndarray:
    """Add noise, change the level, and make holes; padded frames stay 0.

    Parameters
    ----------
    crops : numpy.ndarray of float32, shape (n, n_frames, n_bands)
    regime : Regime
        `noise`, `level`, `masked_bands` and `masked_frames`.
    rng : numpy.random.Generator
    """
    n, n_frames, n_bands = crops.shape
    there = crops.any(axis=2, keepdims=True)
    spoilt = crops + regime.noise * rng.standard_normal(crops.shape, np.float32)
    spoilt += regime.level * rng.standard_normal((n, 1, 1), np.float32)
    for _ in range(2):
        there = there & _outside(n, n_frames, regime.masked_frames, rng)[:, :, None]
        there = there & _outside(n, n_bands, regime.masked_bands, rng)[:, None, :]
    return np.where(there, spoilt, 0)


def _outside(n: int, size: int, widest: int, rng: np.random.Generator) -> np.ndarray:
    """Return what lies outside of a stretch below `widest`, drawn for each of n: shape (n, size)."""
    width = rng.integers(0, max(widest, 1), (n, 1))
    start = np.floor(rng.uniform(0, 1, (n, 1)) * (size - width + 1))
    at = np.arange(size)
    return (at < start) | (at >= start + width)


def mix(
    x: np.ndarray, y: np.ndarray, regime: Regime, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Mix each crop with another one of the batch, and their labels by the same share.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, n_frames, n_bands)
    y : numpy.ndarray, shape (n, n_classes)
        Probabilities.
    regime : Regime
        `mixup`.
    rng : numpy.random.Generator
    """
    if not regime.mixup:
        return x, y
    share = rng.beta(regime.mixup, regime.mixup, (len(x), 1)).astype(np.float32)
    share = np.maximum(share, 1 - share)
    other = rng.permutation(len(x))
    return (
        share[:, :, None] * x + (1 - share)[:, :, None] * x[other],
        share * y + (1 - share) * y[other],
    )


def views(
    x: np.ndarray, tempo: float, shift: float, n_views: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Yield whole recordings, each time with another tempo and height.

    Parameters
    ----------
    x : numpy.ndarray of float32, shape (n, n_frames, n_bands, 1)
        Standardised; padded frames are 0.
    tempo, shift
        See `Regime`.
    n_views : int
    rng : numpy.random.Generator

    Yields
    ------
    numpy.ndarray of float32, shape (n, at least n_frames, n_bands, 1)
    """
    mild = Regime(frames=int(np.ceil(x.shape[1] * np.exp(tempo))), tempo=tempo, shift=shift, stretch=0.0)
    for _ in range(n_views):
        yield draw(x[..., 0], _lengths(x), mild, rng)[..., None]


def _lengths(x: np.ndarray) -> np.ndarray:
    """Return how many frames of each recording are there."""
    return x.any(axis=(2, 3)).sum(axis=1)


def batches(
    x: np.ndarray, y: np.ndarray, n_classes: int, regime: Regime, seed: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield batches without end; each pass over the recordings has an order and crops of its own.

    Parameters
    ----------
    x : numpy.ndarray of float32, shape (n, n_frames, n_bands, 1)
        Standardised; padded frames are 0.
    y : numpy.ndarray of int, shape (n,)
    n_classes : int
    regime : Regime
        The last batch of a pass takes recordings of the next one.
    seed : int

    Yields
    ------
    x : numpy.ndarray of float32, shape (regime.batch_size, regime.frames, n_bands, 1)
    y : numpy.ndarray of float32, shape (regime.batch_size, n_classes)
        Smoothed and mixed labels.
    """
    rng = np.random.default_rng(seed)
    x, lengths = x[..., 0], _lengths(x)
    smooth = np.eye(n_classes, dtype=np.float32) * (1 - regime.label_smoothing)
    smooth += regime.label_smoothing / n_classes
    waiting = np.empty(0, int)
    while True:
        while len(waiting) < regime.batch_size:
            waiting = np.concatenate([waiting, rng.permutation(len(x))])
        rows, waiting = np.split(waiting, [regime.batch_size])
        crops = spoil(draw(x[rows], lengths[rows], regime, rng), regime, rng)
        crops, labels = mix(crops, smooth[y[rows]], regime, rng)
        yield crops[..., None], labels
