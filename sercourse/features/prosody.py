"""Prosody: what a listener would call pitch, loudness, tempo and tone of voice, measured by Praat.

One recording gives one number a measure. The measures are those that the literature of vocal
emotion speaks of (see `sercourse.voices.rules`); lesson 01 draws them over time.
"""

import itertools
from typing import NamedTuple

import numpy as np

from sercourse import voices

_STEP = 0.01
_PERIODS = 0.0001, 0.02, 1.3  # Praat's defaults: shortest and longest period in s, largest ratio of two
_SHORTEST = 0.2  # seconds; Praat's harmonics-to-noise ratio takes nine periods of 60 Hz
_PAUSE_DB = 25  # this far below the loudest frame a frame is no speech


class Prosody(NamedTuple):
    """Prosody of one recording; NaN where there is too little voice to measure it."""

    f0: float  # mean F0, semitones above 100 Hz
    f0_deviation: float  # standard deviation of F0, semitones
    f0_ending: float  # F0 of the last third of the voiced frames less that of the rest, semitones
    intensity: float  # level of the speech without its pauses, dB relative to full scale
    rate: float  # tempo: -100 times the natural logarithm of the seconds from onset to end, per cent
    pauses: float  # share of frames between onset and end that are no speech, per cent
    tilt: float  # slope of the speech's mean spectrum from 200 Hz to 8 kHz or half the rate, dB per octave
    hnr: float  # harmonics-to-noise ratio, dB
    jitter: float  # local jitter, per cent
    movement: float  # standard deviation over time of the shape of the mel spectrum, dB
    shimmer: float  # local shimmer, per cent


def measure_prosody(samples: np.ndarray, rate: int) -> Prosody:
    """Measure the prosody of one utterance.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
        Mono, within -1 and 1; a single sentence with some silence around it.
    rate : int
        In Hz.

    Returns
    -------
    Prosody

    Raises
    ------
    VoicesError
        Praat is not installed.
    ValueError
        There is nothing but digital silence, or the sound is too short for Praat's windows.

    Notes
    -----
    F0 is found in two passes, the second within limits set by the quartiles of the first, which
    prevents most octave errors. Boersma P (1993) Accurate short-term analysis of the fundamental
    frequency and the harmonics-to-noise ratio of a sampled sound. Proceedings of the Institute of
    Phonetic Sciences 17, 97-110. De Looze C, Hirst D (2008) Detecting changes in key and range for
    the automatic modelling and coding of intonation. Speech Prosody, 135-138.
    """
    if len(samples) < _SHORTEST * rate:
        raise ValueError(f"too short: {len(samples) / rate:.3f} s, prosody takes at least {_SHORTEST} s")
    if np.ptp(samples) == 0:
        raise ValueError("nothing but silence: there is no prosody to measure; leave the recording out")
    praat = voices.load()
    sound = praat.Sound(np.asarray(samples, float), sampling_frequency=rate)
    level, speech = _levels(samples, rate)
    onset, end = np.flatnonzero(speech)[[0, -1]]
    low, high = _pitch_limits(sound)
    pitch = sound.to_pitch(_STEP, low, high)
    hertz = pitch.selected_array["frequency"]
    semitones = 12 * np.log2(hertz[hertz > 0] / 100)
    tilt, movement = _spectrum(samples, rate, speech)
    harmonicity = sound.to_harmonicity_ac(_STEP, low, 0.1, 4.5)
    voiced = np.interp(pitch.xs()[hertz > 0], harmonicity.xs(), harmonicity.values[0])
    jitter, shimmer = _perturbation(praat, sound, low, high)
    enough = len(semitones) > 10
    third = len(semitones) * 2 // 3
    return Prosody(
        f0=semitones.mean() if enough else np.nan,
        f0_deviation=semitones.std() if enough else np.nan,
        f0_ending=semitones[third:].mean() - semitones[:third].mean() if enough else np.nan,
        intensity=level,
        rate=-100 * np.log((end - onset + 1) * _STEP),
        pauses=100 * (1 - speech[onset : end + 1].mean()),
        tilt=tilt,
        hnr=voiced[voiced > -50].mean() if enough else np.nan,
        jitter=jitter,
        movement=movement,
        shimmer=shimmer,
    )


def _pitch_limits(sound) -> tuple[float, float]:
    """Floor and ceiling of F0 for this recording, Hz."""
    first = sound.to_pitch(_STEP, 60, 700).selected_array["frequency"]
    voiced = first[first > 0]
    if len(voiced) < 10:
        return 60.0, 600.0
    lower, upper = np.percentile(voiced, [25, 75])
    return max(0.7 * lower, 60), min(2 * upper, 700)


def _perturbation(praat, sound, low: float, high: float) -> tuple[float, float]:
    """Local jitter and shimmer, per cent."""
    try:
        pulses = praat.praat.call(sound, "To PointProcess (periodic, cc)", low, high)
    except praat.PraatError:  # exact zeros between two pulses leave Praat without a correlation
        return np.nan, np.nan
    jitter = praat.praat.call(pulses, "Get jitter (local)", 0, 0, *_PERIODS)
    shimmer = praat.praat.call([sound, pulses], "Get shimmer (local)", 0, 0, *_PERIODS, 1.6)
    return 100 * jitter, 100 * shimmer


def _levels(samples: np.ndarray, rate: int) -> tuple[float, np.ndarray]:
    """Level of the speech in dB, and for each frame of 10 ms whether it is speech."""
    n = round(_STEP * rate)
    power = np.mean(samples[: len(samples) // n * n].reshape(-1, n) ** 2, axis=1)
    if not power.any():
        raise ValueError("nothing but silence before the last hundredth of a second; leave the recording out")
    smooth = np.convolve(power, np.ones(3) / 3, "same")
    speech = smooth > smooth.max() * 10 ** (-_PAUSE_DB / 10)
    return float(10 * np.log10(power[speech].mean())), speech


def _spectrum(samples: np.ndarray, rate: int, speech: np.ndarray) -> tuple[float, float]:
    """Slope of the mean spectrum, dB per octave, and movement of its shape, dB."""
    import scipy.signal  # takes half a second, which recipes without prosody need not pay

    n = round(_STEP * rate)
    hertz, _, power = scipy.signal.spectrogram(
        samples, rate, "hann", nperseg=2 * n, noverlap=n, nfft=1024, mode="psd"
    )
    frames = speech[: power.shape[1]]
    thirds = 200 * 2 ** (np.arange(17) / 3)
    edges = thirds[: 1 + np.count_nonzero(thirds[:-1] < rate / 2)]
    bands = [(hertz >= low) & (hertz < high) for low, high in itertools.pairwise(edges)]
    energy = np.array([power[band].mean(axis=0) for band in bands])[:, frames]
    octaves = np.log2(edges[:-1])
    tilt = np.polyfit(octaves, 10 * np.log10(energy.mean(axis=1)), 1)[0]
    decibels = 10 * np.log10(energy + 1e-4 * energy.max())
    shape = decibels - decibels.mean(axis=0)
    return float(tilt), float(shape.std(axis=1).mean())
