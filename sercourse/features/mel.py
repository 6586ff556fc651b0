"""The mel filter bank: triangles that are evenly spaced on the mel scale.

Source: Slaney M (1998) Auditory Toolbox, version 2. Technical Report 1998-010, Interval Research Corporation.
On his scale, 3 mel are 200 Hz up to 1 kHz; above, 27 mel are a factor of 6.4. The same filters as
``librosa.filters.mel``, written out because importing librosa takes a second in each process.
"""

import functools
from typing import NamedTuple

import numpy as np

_BREAK = 1000.0  # Hz, where the scale turns from linear to logarithmic
_LINEAR = 3 / 200  # mel a Hz below it
_LOGARITHMIC = 27 / np.log(6.4)  # mel a factor of e above it
_TOGETHER = 16  # bands a group, see `groups`


class Group(NamedTuple):
    """Neighbouring bands, and the filters' weights in the only bins of the spectrum that they look at.

    Attributes
    ----------
    bands, bins : slice
    weights : numpy.ndarray of float32, shape (n_bins, n_bands)
        Of this group alone.
    """

    bands: slice
    bins: slice
    weights: np.ndarray


def to_mel(hertz: np.ndarray | float) -> np.ndarray:
    """Convert frequencies in Hz to mel.

    Examples
    --------
    >>> to_mel([200, 1000, 6400]).tolist()
    [3.0, 15.0, 42.0]
    """
    hertz = np.asarray(hertz, float)
    above = _BREAK * _LINEAR + _LOGARITHMIC * np.log(np.maximum(hertz, _BREAK) / _BREAK)
    return np.where(hertz < _BREAK, hertz * _LINEAR, above)


def to_hertz(mel: np.ndarray | float) -> np.ndarray:
    """Convert mel to frequencies in Hz; the inverse of `to_mel`."""
    mel = np.asarray(mel, float)
    above = _BREAK * np.exp((mel - _BREAK * _LINEAR) / _LOGARITHMIC)
    return np.where(mel < _BREAK * _LINEAR, mel / _LINEAR, above)


def filters(rate: int, n_fft: int, n_mels: int) -> np.ndarray:
    """Return the filter bank from 0 Hz to half the rate.

    Parameters
    ----------
    rate : int
        In Hz.
    n_fft : int
        Length of the Fourier transform, in samples.
    n_mels : int
        How many filters there are.

    Returns
    -------
    numpy.ndarray of float32, shape (1 + n_fft // 2, n_mels)
        A triangle a column, of area 1 in Hz: it rises from the peak of the band below it to its own, and
        falls to that of the band above.
    """
    corners = to_hertz(np.linspace(0, to_mel(rate / 2), n_mels + 2))
    low, peak, high = corners[:-2], corners[1:-1], corners[2:]
    bins = np.fft.rfftfreq(n_fft, 1 / rate)[:, None]
    triangles = np.minimum((bins - low) / (peak - low), (high - bins) / (high - peak))
    return (2 / (high - low) * np.maximum(triangles, 0)).astype(np.float32)


@functools.lru_cache(maxsize=8)
def groups(rate: int, n_fft: int, n_mels: int) -> list[Group]:
    """Split the filter bank into groups of bands, see `filters` for the parameters.

    Of a column of the filter bank all but a few weights are 0. To multiply group by group takes a quarter of
    the time of the whole matrix.
    """
    bank = filters(rate, n_fft, n_mels)
    found = []
    for first in range(0, n_mels, _TOGETHER):
        bands = slice(first, first + _TOGETHER)
        used = np.flatnonzero(bank[:, bands].any(axis=1))
        bins = slice(used[0], used[-1] + 1) if len(used) else slice(0, 0)
        found.append(Group(bands, bins, np.ascontiguousarray(bank[bins, bands])))
    return found
