"""Sounds that are no speech, made by rule: what the speech check is chosen against.

Seven kinds, each drawn with other settings every time: how loud, which pitches, how fast. They stand for what
stands before a live microphone: nothing, hiss, a mains hum, a fan, a chord, keys and knocks.
"""

from collections.abc import Callable

import numpy as np


def silence(rng: np.random.Generator, n: int, rate: int) -> np.ndarray:
    """A microphone's own hiss, 70 to 90 dB below full scale."""
    return 10 ** (rng.uniform(-90, -70) / 20) * rng.normal(size=n)


def hiss(rng: np.random.Generator, n: int, rate: int) -> np.ndarray:
    """Noise whose spectrum falls by 0 to 6 dB an octave, from white to brown."""
    spectrum = np.fft.rfft(rng.normal(size=n))
    slope = np.maximum(np.fft.rfftfreq(n, 1 / rate), 20.0) ** -rng.uniform(0, 1)
    return _as_loud(np.fft.irfft(spectrum * slope, n), rng)


def hum(rng: np.random.Generator, n: int, rate: int) -> np.ndarray:
    """The mains: 50 or 60 Hz with harmonics, and a little noise."""
    base = rng.choice([50.0, 60.0])
    return _as_loud(_tones(rng, n, rate, base * np.arange(1, 12)) + 0.01 * rng.normal(size=n), rng)


def fan(rng: np.random.Generator, n: int, rate: int) -> np.ndarray:
    """Hiss with a blade's tone, slowly swelling."""
    swell = 1 + 0.3 * np.sin(2 * np.pi * rng.uniform(0.2, 1.5) * np.arange(n) / rate)
    tone = _tones(rng, n, rate, rng.uniform(80, 240) * np.arange(1, 4))
    return _as_loud(swell * (0.3 * tone + hiss(rng, n, rate) / 0.1), rng)


def chord(rng: np.random.Generator, n: int, rate: int) -> np.ndarray:
    """A held chord of three notes with overtones, as of an organ."""
    root = 110 * 2 ** (rng.integers(0, 24) / 12)
    third = rng.choice([3, 4])
    notes = root * 2 ** (np.array([0, third, 7]) / 12)
    return _as_loud(sum(_tones(rng, n, rate, note * np.arange(1, 6)) for note in notes), rng)


def clicks(rng: np.random.Generator, n: int, rate: int) -> np.ndarray:
    """Keys and knocks: short bursts that die away, two to ten a second."""
    made = 1e-3 * rng.normal(size=n)
    burst = round(0.03 * rate)
    for start in rng.integers(0, max(1, n - burst), max(1, int(rng.uniform(2, 10) * n / rate))):
        decay = np.exp(-np.arange(burst) / rng.uniform(0.001, 0.008) / rate)
        made[start : start + burst] += (rng.normal(size=burst) * decay)[: n - start]
    return _as_loud(made, rng)


def beeps(rng: np.random.Generator, n: int, rate: int) -> np.ndarray:
    """A telephone's or a machine's beeps: a tone that is switched on and off."""
    time = np.arange(n) / rate
    gate = np.sin(2 * np.pi * rng.uniform(0.5, 3) * time + rng.uniform(0, 6)) > 0
    return _as_loud(gate * np.sin(2 * np.pi * rng.uniform(400, 2000) * time) + 1e-3 * rng.normal(size=n), rng)


NOISES: dict[str, Callable[[np.random.Generator, int, int], np.ndarray]] = {
    made.__name__: made for made in (silence, hiss, hum, fan, chord, clicks, beeps)
}
"""The kinds by name: ``kind(rng, n_samples, rate) -> samples``, mono, in [-1, 1]."""


def _tones(rng: np.random.Generator, n: int, rate: int, frequencies: np.ndarray) -> np.ndarray:
    """Sines whose amplitude falls with their number, each beginning somewhere in its period."""
    time = np.arange(n) / rate
    there = frequencies[frequencies < rate / 2]
    return sum(
        np.sin(2 * np.pi * each * time + rng.uniform(0, 2 * np.pi)) / number
        for number, each in enumerate(there, start=1)
    )


def _as_loud(samples: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Scale to a root mean square between 40 and 15 dB below full scale; peaks are cut off."""
    wanted = 10 ** (rng.uniform(-40, -15) / 20)
    return np.clip(samples * wanted / max(np.sqrt(np.mean(samples**2)), 1e-12), -1, 1)
