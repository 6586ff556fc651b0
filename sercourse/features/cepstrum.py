"""Mel-frequency cepstral coefficients, the way librosa defines them.

The same numbers as ``librosa.feature.mfcc``, in a third of the time: the frames are a
strided view and go through one real FFT. Lesson 04 builds them step by step.

Source: Davis SB, Mermelstein P (1980) Comparison of parametric representations for
monosyllabic word recognition in continuously spoken sentences. IEEE Transactions on
Acoustics, Speech, and Signal Processing 28(4), 357-366; mel scale and filters as in
Slaney's Auditory Toolbox, which librosa follows.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import scipy.fft

from sercourse.errors import UnknownNameError
from sercourse.features import mel

TOP_DB = 80.0
_AMIN = 1e-10
_BLOCK = 2**16  # samples that are transformed at a time


def log_mel(
    samples: np.ndarray, rate: int, n_fft: int = 2048, hop_length: int = 512, n_mels: int = 128
) -> np.ndarray:
    """Mel spectrogram in decibels, at most 80 dB below its highest value.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    n_fft, hop_length : int
        In samples. Frames are centred; the signal is padded with zeros at both ends.
    n_mels : int

    Returns
    -------
    numpy.ndarray of float32, shape (1 + n_samples // hop_length, n_mels)
    """
    bands = np.empty((1 + len(samples) // hop_length, n_mels), np.float32)
    for block, power in _power(samples, _window(n_fft), hop_length):
        for group in mel.groups(rate, n_fft, n_mels):
            np.matmul(power[:, group.bins], group.weights, out=bands[block, group.bands])
    return _decibels(bands)


def log_stft(samples: np.ndarray, n_fft: int = 2048, hop_length: int = 512) -> np.ndarray:
    """Power of the short-time Fourier transform in decibels, at most 80 dB below its highest value.

    The same as librosa's ``amplitude_to_db`` of its ``stft``; see `log_mel` for the parameters.

    Returns
    -------
    numpy.ndarray of float32, shape (1 + n_samples // hop_length, 1 + n_fft // 2)
        librosa's are the transpose of this.
    """
    # A single frequency can be 80 dB below the frame's loudest: that takes double precision.
    power = [power for _, power in _power(samples, _window(n_fft, np.float64), hop_length)]
    return _decibels(np.concatenate(power)).astype(np.float32)


def mfcc(
    samples: np.ndarray,
    rate: int,
    n_mfcc: int = 20,
    n_fft: int = 2048,
    hop_length: int = 512,
    n_mels: int = 128,
) -> np.ndarray:
    """Mel-frequency cepstral coefficients; see `log_mel` for the parameters.

    Returns
    -------
    numpy.ndarray of float32, shape (1 + n_samples // hop_length, n_mfcc)
        librosa's are the transpose of this.
    """
    bands = log_mel(samples, rate, n_fft, hop_length, n_mels)
    return scipy.fft.dct(bands, axis=1, type=2, norm="ortho")[:, :n_mfcc]


def summarise(frames: np.ndarray, statistics: Sequence[str]) -> np.ndarray:
    """Summarise each coefficient over time.

    Parameters
    ----------
    frames : numpy.ndarray, shape (n_frames, n_coefficients)
    statistics : sequence of str
        Names that `statistic` knows.

    Returns
    -------
    numpy.ndarray of float32, shape (1, len(statistics) * n_coefficients)

    Raises
    ------
    UnknownNameError
        Lists the statistics there are.
    """
    return np.concatenate([statistic(name)(frames) for name in statistics])[None].astype(np.float32)


def statistic(name: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function that makes one number of each coefficient's course over time.

    Parameters
    ----------
    name : str
        A key of `STATISTICS`, or "percentile" and a number from 0 to 100, for example "percentile 10".

    Raises
    ------
    UnknownNameError
        Lists the statistics there are.
    """
    percentile = re.fullmatch(r"percentile (\d+(\.\d+)?)", name)
    if percentile and float(percentile[1]) <= 100:
        return functools.partial(np.percentile, q=float(percentile[1]), axis=0)
    if name not in STATISTICS:
        raise UnknownNameError("statistic", name, [*STATISTICS, "percentile N (0 to 100)"])
    return STATISTICS[name]


def delta(frames: np.ndarray, width: int = 9, order: int = 1) -> np.ndarray:
    """Slope of each coefficient over time, by a straight line through `width` frames.

    Of order 2 it is the curvature (delta-delta), by a parabola. The same as ``librosa.feature.delta``; at
    most as many frames as there are (an odd number) are used.

    Parameters
    ----------
    frames : numpy.ndarray, shape (n_frames, n_coefficients)
    width : int
        Odd, in frames.
    order : int
        1 or 2.

    Returns
    -------
    numpy.ndarray, shape (n_frames, n_coefficients)
        Change a frame; 0 where there are fewer than three frames.
    """
    width = min(width, len(frames) - 1 + len(frames) % 2)
    if width < 3:
        return np.zeros_like(frames)
    import scipy.signal  # takes half a second, in each process that extracts

    return scipy.signal.savgol_filter(frames, width, polyorder=order, deriv=order, axis=0)


STATISTICS = {
    "mean": lambda frames: frames.mean(axis=0),
    "deviation": lambda frames: frames.std(axis=0),
    "delta deviation": lambda frames: delta(frames).std(axis=0),
}
"""Ways to make one number of a coefficient's course over time."""


def _power(samples: np.ndarray, window: np.ndarray, hop_length: int) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield the power spectrum of some frames at a time, so few that they stay in the processor's cache.

    Each is a slice of the frames, and shape (n_frames, 1 + len(window) // 2) in the window's precision.
    """
    n_fft = len(window)
    padded = np.pad(samples.astype(np.float32, copy=False), n_fft // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop_length]
    step = max(1, _BLOCK // n_fft)
    for start in range(0, len(frames), step):
        block = slice(start, start + step)
        spectrum = scipy.fft.rfft(frames[block] * window, axis=1)
        power = spectrum.real**2
        power += spectrum.imag**2
        yield block, power


def _decibels(power: np.ndarray) -> np.ndarray:
    decibels = 10 * np.log10(np.maximum(power, _AMIN))
    return np.maximum(decibels, decibels.max() - TOP_DB)


@functools.lru_cache(maxsize=8)
def _window(n_fft: int, dtype: type = np.float32) -> np.ndarray:
    """Hann window whose period is `n_fft`."""
    return np.hanning(n_fft + 1)[:-1].astype(dtype)
