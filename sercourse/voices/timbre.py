"""Voice quality and recording, as filters on arrays: tilt, breath, articulation; room and microphone."""

from functools import cache, lru_cache

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
def _mel(n_bins: int) -> np.ndarray:
    """Place of each bin from 0 Hz to half of `RATE` on the mel scale, from 0 to 1."""
    mel = np.log10(1 + np.linspace(0, RATE / 2, n_bins) / 700)
    return mel / mel[-1]


def bands(n_bands: int, n_bins: int) -> np.ndarray:
    """Weights that interpolate from bands of equal width in mel to the bins of a spectrum.

    Parameters
    ----------
    n_bands, n_bins : int
        Number of bands, and of bins from 0 Hz to half of `RATE`.

    Returns
    -------
    array of shape (n_bands, n_bins), float32
        Triangles; each column sums to 1.
    """
    position = _mel(n_bins) * (n_bands - 1)
    return np.clip(1 - np.abs(position[None, :] - np.arange(n_bands)[:, None]), 0, None).astype(np.float32)


def finer(colour: np.ndarray, n_bands: int) -> np.ndarray:
    """Interpolate a spectral colour to more bands.

    Parameters
    ----------
    colour : array of shape (bands,)
        dB in bands of equal width in mel.
    n_bands : int

    Returns
    -------
    array of shape (n_bands,)
    """
    return np.interp(np.linspace(0, len(colour) - 1, n_bands), np.arange(len(colour)), colour)


# All of this is float32: twice as fast as float64, and far below what 16 bits can hold.
_FREQUENCIES = np.linspace(0, RATE / 2, FRAME // 2 + 1, dtype=np.float32)
_WINDOW = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME).astype(np.float32)
_TO_BINS = bands(BANDS, FRAME // 2 + 1)
_TO_BANDS = (_TO_BINS / _TO_BINS.sum(axis=1, keepdims=True)).T
_OCTAVES = np.log2(np.clip(_FREQUENCIES, 200, 8000) / 1000)
# Turbulence at the glottis is weak in the low octaves, where the voice is strong.
_ASPIRATION = np.minimum(_FREQUENCIES / 2000, 4)

# A raised voice: the mouth opens, which lifts the region of the first formant, and the glottis closes faster,
# which lifts that about 3 kHz. Directions: Traunmueller and Eriksson (2000), see `rules`; sizes: RAVDESS's
# actors 1 to 12.
# fmt: off
_HERTZ =  (0,  500, 700,  900, 1200, 1500, 1850, 2400, 3000, 3600, 4200, 5500, 11025)
_RAISED = (0, -0.1,   0, 0.12, 0.12, 0.05, 0.05, 0.13,  0.2, 0.18,  0.1, 0.04,     0)
# fmt: on
EFFORT = np.interp(_FREQUENCIES, _HERTZ, _RAISED).astype(np.float32)
"""Change of the spectrum with vocal effort, dB for each dB of loudness, by bin."""

NATURAL = np.array(
    [4, 16, 23, 21, 19, 16, 10, 5, 4, 4, 3, 1, -1, -3, -4, -5, -8, -11, -13, -15, -16, -16, -15, -19]
)
"""Long-term average spectrum of neutral speech, dB in `BANDS` bands of equal width in mel, mean 0: that of
RAVDESS's actors 1 to 12. Speakers of many languages are much alike in it: Byrne, D. et al. (1994). An
international comparison of long-term average speech spectra. Journal of the Acoustical Society of America
96(4), 2108-2120."""


def long_term_spectrum(samples: np.ndarray) -> np.ndarray:
    """Average spectrum of the speech without its pauses.

    Parameters
    ----------
    samples : array of shape (samples,)
        Speech at `RATE`.

    Returns
    -------
    array of shape (BANDS,)
        dB in bands of equal width in mel, mean 0.
    """
    envelope = _envelope(_spectra(samples))
    mean = envelope[_is_speech(envelope)].mean(axis=0)
    return mean - mean.mean()


def _spectra(samples: np.ndarray) -> np.ndarray:
    return np.fft.rfft(_frames(samples.astype(np.float32)) * _WINDOW, axis=1)


def _envelope(spectra: np.ndarray) -> np.ndarray:
    """Spectral envelope of each frame, dB in `BANDS` bands."""
    return 10 * np.log10((spectra.real**2 + spectra.imag**2) @ _TO_BANDS + 1e-9)


def _is_speech(envelope: np.ndarray) -> np.ndarray:
    level = envelope.mean(axis=1)
    return level > level.max() - 35


def voice_quality(
    samples: np.ndarray,
    tilt: float,
    effort: float,
    breath: float,
    articulation: float,
    rng: np.random.Generator,
    correction: np.ndarray | float = 0.0,
) -> np.ndarray:
    """Change the spectrum's slope, the aspiration noise, and how far the envelope moves.

    Parameters
    ----------
    samples : array of shape (samples,)
        Speech at `RATE`.
    tilt : float
        Slope added between 200 Hz and 8 kHz, dB per octave.
    effort : float
        How far the voice is raised, in dB of loudness; the level itself stays.
    breath : float
        Aspiration noise against the voice at 2 kHz, dB. The noise follows the speech's own envelope; against
        the voice it rises by 6 dB an octave up to 8 kHz.
    articulation : float
        Factor on the movement of the short-time envelope about its mean; below 1 sounds are slurred
        towards one another, above 1 they are set off.
    rng : numpy.random.Generator
        Source of the noise.
    correction : array of shape (BANDS,) or float
        Added to the spectrum, dB in bands of equal width in mel.

    Returns
    -------
    array of shape (samples,), float64
    """
    spectra = _spectra(samples)
    envelope = _envelope(spectra)
    movement = envelope - envelope[_is_speech(envelope)].mean(axis=0)
    bands_gain = np.clip((articulation - 1) * movement, -8, 8) + np.float32(correction)
    gain = bands_gain @ _TO_BINS + tilt * _OCTAVES + effort * EFFORT
    noise = rng.standard_normal((2, *spectra.shape), dtype=np.float32)
    ratio = np.float32(10 ** (breath / 20)) * _ASPIRATION
    # Frames of noise do not add up in phase as frames of speech do: half the amplitude is lost.
    aspiration = np.float32(np.sqrt(2)) * ratio * 10 ** ((envelope @ _TO_BINS) / 20)
    spectra = (spectra + aspiration * (noise[0] + np.complex64(1j) * noise[1])) * 10 ** (gain / 20)
    return _overlap_add(np.fft.irfft(spectra, FRAME, axis=1) * _WINDOW, len(samples))


def _frames(samples: np.ndarray) -> np.ndarray:
    """Frames of shape (n, FRAME), padded so that each sample lies in FRAME / HOP of them."""
    edge = FRAME - HOP
    padded = np.concatenate([np.zeros(edge, samples.dtype), samples, np.zeros(FRAME, samples.dtype)])
    return np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]


def _overlap_add(frames: np.ndarray, n_samples: int) -> np.ndarray:
    """Sum of overlapping frames, scaled for the window used twice; the inverse of `_frames`."""
    overlap = FRAME // HOP
    blocks = np.zeros((len(frames) + overlap - 1, HOP), frames.dtype)
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
    room: int | tuple[int, ...],
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
    room : int or tuple of int
        Seed of the room's echoes, the same for all recordings of a speaker.
    rng : numpy.random.Generator
        Source of the noise.

    Returns
    -------
    array of shape (round((before + after) * RATE) + samples,), float64
    """
    start, n_samples = round(before * RATE), round((before + after) * RATE) + len(speech)
    n = 4096 * -(-(n_samples + RATE // 2) // 4096)
    padded = np.zeros(n, np.float32)
    padded[start : start + len(speech)] = speech
    n_bins = n // 2 + 1
    decibels = np.interp(_mel(n_bins), np.linspace(0, 1, len(colour)), colour).astype(np.float32)
    microphone, tone = _slopes(n)
    response = 10 ** (decibels / 20) * microphone
    shape = response * tone
    scale = np.float32(10 ** (floor / 20) * n / np.sqrt(2 * np.sum(shape**2, dtype=float)) / np.sqrt(2))
    noise = rng.standard_normal((2, n_bins), dtype=np.float32)
    spectrum = np.fft.rfft(padded) * _echoes(echo, room, n) * response + scale * shape * (
        noise[0] + np.complex64(1j) * noise[1]
    )
    return np.fft.irfft(spectrum, n)[:n_samples]


@lru_cache(maxsize=32)
def _slopes(n: int) -> tuple[np.ndarray, np.ndarray]:
    """What a microphone passes, and the spectrum of room tone, at the bins of a transform of n samples."""
    hertz = np.arange(n // 2 + 1, dtype=np.float32) * np.float32(RATE / n)
    # Microphones pass nothing at 0 Hz, where Praat's voices have an offset.
    microphone = hertz**2 / (hertz**2 + 30**2)
    # Room tone falls by 3 dB an octave above 50 Hz, and faster where traffic hums.
    low = np.maximum(hertz, 50)
    return microphone, 1 / np.sqrt(low) * (1 + 500 / low)


@lru_cache(maxsize=32)
def _echoes(level: float, room: int | tuple[int, ...], n: int) -> np.ndarray:
    """Spectrum of a small damped room: the direct sound, then noise that decays in .15 to .35 s."""
    rng = np.random.default_rng(room)
    times = np.arange(RATE // 2) / RATE
    tail = rng.standard_normal(len(times)) * 10 ** (-3 * times / rng.uniform(0.25, 0.5))
    tail[: RATE // 500] = 0
    tail *= 10 ** (level / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    return np.fft.rfft(tail.astype(np.float32), n)
