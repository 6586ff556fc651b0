"""Is there speech in a sound? Four numbers that speech has together, and most other sounds do not.

=========  =========================================================================================
measure    what it is
=========  =========================================================================================
level      of the loud frames, in dB below full scale: a muted microphone has none
voiced     share of loud frames that repeat themselves at a pitch that people have: noise and clicks do not
change     how much the loud frames' spectra differ, in dB: a hum, a fan or a held chord stay as they are
flatness   how even a loud frame's spectrum is from 100 to 4,000 Hz, in dB: a beep is one line, hiss is level
=========  =========================================================================================

Speech is loud enough, voiced in part, moves from sound to sound, and has a spectrum of peaks and valleys.
What the check cannot do: a melody, a singing voice and an animal's call have these too. It says "not speech"
of what is clearly none, and no more. Its limits are chosen on speech of validation speakers and on made
noises, see `sercourse.recognizer.choosing`. Lesson 17 uses it.

Frames of 40 ms every 20 ms. Voicing is the highest normalised autocorrelation, divided by that of the window.
Source: Boersma P (1993) Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
ratio of a sampled sound. Proc. Institute of Phonetic Sciences 17, Amsterdam, 97-110.
"""

from typing import NamedTuple

import numpy as np
import scipy.fft

_FRAME, _HOP = 0.04, 0.02  # seconds
_PITCH = (70.0, 500.0)  # Hz
_PERIODIC = 0.5  # autocorrelation from which a frame is voiced; Praat's "voicing threshold" is .45
_BANDS = np.array([100, 300, 600, 1000, 1600, 2500, 4000])  # Hz, borders of the bands that are compared
_LOUD = 25.0  # dB below the loudest frames down to which a frame counts
_SILENT = 1e-12  # power of digital silence


class Speech(NamedTuple):
    """What is measured of a sound.

    Attributes
    ----------
    level : float
        In dB below full scale, 0 at most. -120 for digital silence.
    voiced : float
        Share, from 0 to 1.
    change : float
        In dB.
    flatness : float
        Geometric over arithmetic mean of the power spectrum, in dB; median over the frames.
    """

    level: float
    voiced: float
    change: float
    flatness: float


def measure(samples: np.ndarray, rate: int) -> Speech:
    """Measure how much a sound is like speech.

    Parameters
    ----------
    samples : numpy.ndarray of float, shape (n_samples,)
        Mono; at least one frame of 40 ms.
    rate : int
        In Hz; 8,000 or more.

    Returns
    -------
    Speech
    """
    frames = _frames(samples, rate)
    power = np.maximum(np.mean(frames**2, axis=1), _SILENT)
    top = np.percentile(power, 95)
    level = 10 * np.log10(top)
    loud = frames[power >= top * 10 ** (-_LOUD / 10)]
    window = np.hanning(loud.shape[1] + 2)[1:-1].astype(np.float32)
    spectrum = _spectrum(loud, window)
    return Speech(
        float(level), _voiced(spectrum, window, rate), _change(spectrum, rate), _flatness(spectrum, rate)
    )


def _frames(samples: np.ndarray, rate: int) -> np.ndarray:
    """Overlapping frames without their mean, so that a microphone's offset is no sound."""
    samples = np.asarray(samples, np.float32)
    size, hop = round(_FRAME * rate), round(_HOP * rate)
    samples = np.pad(samples, (0, max(0, size - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]
    return frames - frames.mean(axis=1, keepdims=True)


def _spectrum(frames: np.ndarray, window: np.ndarray) -> np.ndarray:
    """Power of each frame's spectrum, with room for an autocorrelation that does not wrap around."""
    size = scipy.fft.next_fast_len(2 * frames.shape[1], real=True)
    spectrum = scipy.fft.rfft(frames * window, size, axis=1)
    return spectrum.real**2 + spectrum.imag**2


def _voiced(spectrum: np.ndarray, window: np.ndarray, rate: int) -> float:
    """Share of frames whose autocorrelation has a high maximum at a lag of a pitch."""
    shortest, longest = int(rate / _PITCH[1]), int(rate / _PITCH[0]) + 1
    correlation = scipy.fft.irfft(spectrum, axis=1)[:, : longest + 1]
    of_window = scipy.fft.irfft(_spectrum(np.ones((1, len(window)), np.float32), window), axis=1)
    of_window = of_window[:, : longest + 1] / of_window[:, :1]
    normalised = correlation / np.maximum(correlation[:, :1], _SILENT) / of_window
    # A maximum, and not the slope down from lag 0, which every slow movement has.
    inside = normalised[:, shortest : longest + 1]
    peak = (inside[:, 1:-1] >= inside[:, :-2]) & (inside[:, 1:-1] >= inside[:, 2:])
    highest = np.where(peak, inside[:, 1:-1], 0).max(axis=1)
    return float(np.mean(highest >= _PERIODIC))


def _change(spectrum: np.ndarray, rate: int) -> float:
    """Deviation over the frames of each band's power in dB, mean over the bands."""
    size = 2 * (spectrum.shape[1] - 1)
    borders = np.round(_BANDS * size / rate).astype(int)
    bands = np.add.reduceat(spectrum[:, : borders[-1]], borders[:-1], axis=1)
    decibels = 10 * np.log10(np.maximum(bands, bands.max() * 1e-6 + _SILENT))
    return float(decibels.std(axis=0).mean())


def _flatness(spectrum: np.ndarray, rate: int) -> float:
    """Spectral flatness in dB; 0 would be a spectrum that is the same everywhere."""
    size = 2 * (spectrum.shape[1] - 1)
    low, high = round(_BANDS[0] * size / rate), round(_BANDS[-1] * size / rate)
    inside = spectrum[:, low:high]
    inside = np.maximum(inside, inside.max(axis=1, keepdims=True) * 1e-9 + 1e-30)
    geometric, arithmetic = np.log10(inside).mean(axis=1), np.log10(inside.mean(axis=1))
    return float(np.median(10 * (geometric - arithmetic)))


def lacks(measured: Speech, limits) -> str:
    """Say in words what a sound lacks to be speech; nothing if it lacks nothing.

    Parameters
    ----------
    measured : Speech
    limits : object with the attributes of `Speech`
        The least that speech has.

    Returns
    -------
    str
    """
    for name, (unit, words) in _WORDS.items():
        there, least = getattr(measured, name), getattr(limits, name)
        if there < least:
            scale = 100 if unit == "%" else 1
            return f"{words} ({scale * there:.0f} {unit}; speech has at least {scale * least:.0f} {unit})"
    return ""


_WORDS = {
    "level": ("dB", "too quiet"),
    "voiced": ("%", "hardly anything in it has a voice's pitch"),
    "change": ("dB", "it stays the same, as a hum or a held note does"),
    "flatness": ("dB", "a single tone, as of a beep"),
}
