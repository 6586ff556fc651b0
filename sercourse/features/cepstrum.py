"""Mel-frequency cepstral coefficients, the way librosa defines them.

The same numbers as ``librosa.feature.mfcc``, in a third of the time: the frames are a
strided view and go through one real FFT. Lesson 04 builds them step by step.

Source: Davis SB, Mermelstein P (1980) Comparison of parametric representations for
monosyllabic word recognition in continuously spoken sentences. IEEE Transactions on
Acoustics, Speech, and Signal Processing 28(4), 357-366; mel scale and filters as in
Slaney's Auditory Toolbox, which librosa follows.
"""

import functools
from collections.abc import Sequence

import numpy as np
import scipy.fft
import scipy.signal

from sercourse.errors import UnknownNameError

TOP_DB = 80.0
_AMIN = 1e-10


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
    padded = np.pad(samples.astype(np.float32, copy=False), n_fft // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop_length]
    spectrum = scipy.fft.rfft(frames * _window(n_fft), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    decibels = 10 * np.log10(np.maximum(power @ _mel_filters(rate, n_fft, n_mels), _AMIN))
    return np.maximum(decibels, decibels.max() - TOP_DB)


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
        Keys of `STATISTICS`.

    Returns
    -------
    numpy.ndarray of float32, shape (1, len(statistics) * n_coefficients)

    Raises
    ------
    UnknownNameError
        Lists the statistics there are.
    """
    for name in statistics:
        if name not in STATISTICS:
            raise UnknownNameError("statistic", name, STATISTICS)
    return np.concatenate([STATISTICS[name](frames) for name in statistics])[None].astype(np.float32)


def delta(frames: np.ndarray, width: int = 9) -> np.ndarray:
    """Slope of each coefficient over time, by a straight line through `width` frames.

    The same as ``librosa.feature.delta``; at most as many frames as there are (an odd number) are used.

    Parameters
    ----------
    frames : numpy.ndarray, shape (n_frames, n_coefficients)
    width : int
        Odd, in frames.

    Returns
    -------
    numpy.ndarray, shape (n_frames, n_coefficients)
        Change a frame.
    """
    width = min(width, len(frames) - 1 + len(frames) % 2)
    if width < 3:
        return np.zeros_like(frames)
    return scipy.signal.savgol_filter(frames, width, polyorder=1, deriv=1, axis=0)


STATISTICS = {
    "mean": lambda frames: frames.mean(axis=0),
    "deviation": lambda frames: frames.std(axis=0),
    "delta deviation": lambda frames: delta(frames).std(axis=0),
}
"""Ways to make one number of a coefficient's course over time."""


@functools.lru_cache(maxsize=8)
def _window(n_fft: int) -> np.ndarray:
    return scipy.signal.get_window("hann", n_fft).astype(np.float32)


@functools.lru_cache(maxsize=8)
def _mel_filters(rate: int, n_fft: int, n_mels: int) -> np.ndarray:
    import librosa.filters  # takes over a second; not needed when everything is in the cache

    return np.ascontiguousarray(librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=n_mels).T)
