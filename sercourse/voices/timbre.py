"""Voice quality and recording, as filters on arrays: tilt, breath, articulation; room and microphone."""

from functools import cache

import numpy as np

from sercourse.voices.praat import RATE

FRAME = 512
HOP = 128
BANDS = 24


def resample(samples: np.ndarray, ratio: float) -> np.ndarray:
    """Play speech `ratio` times faster: formants and F0 rise by it, the duration shrinks by it.

    Band-limited, by cutting or padding the spectrum. The ratio is met to one part in a thousand, since
    lengths are rounded to multiples of 64 to keep the Fourier transforms short.

    Parameters
    ----------
    samples : array of shape (samples,)
    ratio : float
        About .7 to 1.4.

    Returns
    -------
    array of shape (about samples / ratio,)
    """
    n_in = 64 * -(-(len(samples) + 1024) // 64)
    n_out = 64 * round(n_in / ratio / 64)
    spectrum = np.fft.rfft(samples, n_in)
    resized = np.zeros(n_out // 2 + 1, complex)
    n = min(len(spectrum), len(resized))
    resized[:n] = spectrum[:n]
    return np.fft.irfft(resized, n_out)[: int(len(samples) * n_out / n_in)] * (n_out / n_in)


@cache
def bands(n_bands: int, n_bins: int) -> np.ndarray:
    """Weights that interpolate from bands of equal width in mel to the bins of a spectrum.

    Parameters
    ----------
    n_bands, n_bins : int
        Number of bands, and of bins from 0 Hz to half of `RATE`.

    Returns
    -------
    array of shape (n_bands, n_bins)
        Triangles; each column sums to 1.
    """
    mel = 2595 * np.log10(1 + np.linspace(0, RATE / 2, n_bins) / 700)
    position = mel / mel[-1] * (n_bands - 1)
    return np.clip(1 - np.abs(position[None, :] - np.arange(n_bands)[:, None]), 0, None)


_FREQUENCIES = np.linspace(0, RATE / 2, FRAME // 2 + 1)
_WINDOW = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME)
_TO_BINS = bands(BANDS, FRAME // 2 + 1)
_TO_BANDS = (_TO_BINS / _TO_BINS.sum(axis=1, keepdims=True)).T
_OCTAVES = np.log2(np.clip(_FREQUENCIES, 200, 8000) / 1000)
# Turbulence at the glottis is weak in the low octaves, where the voice is strong.
_ASPIRATION = _FREQUENCIES / (_FREQUENCIES + 800)


def voice_quality(
    samples: np.ndarray, tilt: float, breath: float, articulation: float, rng: np.random.Generator
) -> np.ndarray:
    """Change the spectrum's slope, the aspiration noise, and how far the envelope moves.

    Parameters
    ----------
    samples : array of shape (samples,)
        Speech at `RATE`.
    tilt : float
        Slope added between 200 Hz and 8 kHz, dB per octave.
    breath : float
        Aspiration noise against the voice above 800 Hz, dB. The noise follows the speech's own envelope and
        takes the voice's place, so that the sum keeps its level.
    articulation : float
        Factor on the movement of the short-time envelope about its mean; below 1 sounds are slurred
        towards one another, above 1 they are set off.
    rng : numpy.random.Generator
        Source of the noise.

    Returns
    -------
    array of shape (samples,), float64
    """
    frames = _frames(samples)
    spectra = np.fft.rfft(frames * _WINDOW, axis=1)
    envelope = 10 * np.log10((spectra.real**2 + spectra.imag**2) @ _TO_BANDS + 1e-9)
    level = envelope.mean(axis=1)
    speech = level > level.max() - 35
    movement = envelope - envelope[speech].mean(axis=0)
    gain = np.clip((articulation - 1) * movement, -8, 8) @ _TO_BINS + tilt * _OCTAVES
    noise = rng.standard_normal((2, *spectra.shape), dtype=np.float32)
    ratio = 10 ** (breath / 20) * _ASPIRATION
    voice = 1 / np.sqrt(1 + ratio**2)
    # Frames of noise do not add up in phase as frames of speech do: half the amplitude is lost.
    aspiration = 2 * voice * ratio * 10 ** ((envelope @ _TO_BINS) / 20) / np.sqrt(2)
    spectra = (spectra * voice + aspiration * (noise[0] + 1j * noise[1])) * 10 ** (gain / 20)
    return _overlap_add(np.fft.irfft(spectra, FRAME, axis=1) * _WINDOW, len(samples))


def _frames(samples: np.ndarray) -> np.ndarray:
    """Frames of shape (n, FRAME), padded so that each sample lies in FRAME / HOP of them."""
    edge = FRAME - HOP
    padded = np.concatenate([np.zeros(edge), samples, np.zeros(FRAME)])
    return np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]


def _overlap_add(frames: np.ndarray, n_samples: int) -> np.ndarray:
    """Sum of overlapping frames, scaled for the window used twice; the inverse of `_frames`."""
    overlap = FRAME // HOP
    blocks = np.zeros((len(frames) + overlap - 1, HOP))
    for part in range(overlap):
        blocks[part : part + len(frames)] += frames[:, part * HOP : (part + 1) * HOP]
    edge = FRAME - HOP
    return blocks.ravel()[edge : edge + n_samples] * 2 / overlap


def fade(samples: np.ndarray, seconds: float) -> np.ndarray:
    """Let speech end softly: Praat's voices stop at full level, which clicks.

    Parameters
    ----------
    samples : array of shape (samples,)
        Speech at `RATE`.
    seconds : float
        Length of the fade at the end; the start gets a tenth of it.

    Returns
    -------
    array of shape (samples,), float64
    """
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    faded = samples[loud[0] : loud[-1] + 1].astype(float)
    n = round(seconds * RATE)
    ramp = np.sin(np.pi / 2 * (np.arange(n) + 0.5) / n) ** 2
    faded[-n:] *= ramp[::-1]
    faded[: n // 10] *= ramp[::10][: n // 10]
    return faded


def speech_level(samples: np.ndarray) -> float:
    """Level of the speech without its pauses, dB relative to full scale (RMS of 1).

    Frames of 20 ms that are more than 30 dB below the loudest count as pause.
    """
    n = RATE // 50
    power = np.mean(samples[: len(samples) // n * n].reshape(-1, n) ** 2, axis=1)
    return float(10 * np.log10(power[power > power.max() / 1000].mean()))


def record(
    speech: np.ndarray,
    before: float,
    after: float,
    floor: float,
    echo: float,
    colour: np.ndarray,
    room: np.random.Generator,
    rng: np.random.Generator,
) -> np.ndarray:
    """Put speech into a room, in front of a microphone.

    Parameters
    ----------
    speech : array of shape (samples,)
        At `RATE`, at its final level.
    before, after : float
        Room tone around the speech, seconds.
    floor : float
        Level of the room tone, dB relative to full scale.
    echo : float
        Energy of the reverberation against the direct sound, dB.
    colour : array of shape (bands,)
        Frequency response of voice and microphone, dB in bands of equal width in mel.
    room, rng : numpy.random.Generator
        Sources of the room's echoes (the same for all recordings of a speaker) and of the noise.

    Returns
    -------
    array of shape (round((before + after) * RATE) + samples,), float64
    """
    start, n_samples = round(before * RATE), round((before + after) * RATE) + len(speech)
    n = 4096 * -(-(n_samples + RATE // 4) // 4096)
    padded = np.zeros(n)
    padded[start : start + len(speech)] = speech
    n_bins = n // 2 + 1
    hertz = np.arange(n_bins) * RATE / n
    # Microphones pass nothing at 0 Hz, where Praat's voices have an offset.
    response = 10 ** (colour @ bands(len(colour), n_bins) / 20) * hertz**2 / (hertz**2 + 30**2)
    # Room tone falls by 3 dB an octave above 50 Hz.
    shape = response / np.sqrt(np.maximum(hertz, 50))
    scale = 10 ** (floor / 20) * n / np.sqrt(2 * np.sum(shape**2)) / np.sqrt(2)
    noise = rng.standard_normal((2, n_bins), dtype=np.float32)
    tone = scale * shape * (noise[0] + 1j * noise[1])
    spectrum = np.fft.rfft(padded) * np.fft.rfft(_echoes(echo, room), n) * response + tone
    return np.fft.irfft(spectrum, n)[:n_samples]


def _echoes(level: float, room: np.random.Generator) -> np.ndarray:
    """Impulse response of a small damped room: the direct sound, then noise that decays in .15 to .35 s."""
    times = np.arange(RATE // 4) / RATE
    tail = room.standard_normal(len(times)) * 10 ** (-3 * times / room.uniform(0.15, 0.35))
    tail[: RATE // 500] = 0
    tail *= 10 ** (level / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    return tail
