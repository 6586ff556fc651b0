"""Effects: waveform in, waveform out.

Conventions: samples are float32 in [-1, 1], mono, at a rate in Hz. An effect never changes its input. Silence
stays silence. Where the result would go beyond full scale, the whole of it is turned down until its highest
peak is 1: cutting the peaks off instead would add overtones that nobody spoke.

Report B's parameters are the defaults of `noise`, `stretch`, `shift` and `pitch`; facts about it are marked
stated [S], derived [D], our guess [G]. It defines these four, but draws only noise, pitch and nothing [S].
Lengths of time are kept in seconds, so that an effect does the same at any rate.
"""

import functools
from collections.abc import Callable

import numpy as np
import scipy.fft
import scipy.signal
import soxr

from sercourse.augment import opus
from sercourse.augment.vocoder import phase_vocoder

_HOP = 256 / 22_050  # seconds between the vocoder's frames; with librosa's 512 syllables smear
_SLOWEST, _FASTEST = 0.25, 4.0


def _effect(function: Callable) -> Callable:
    """Check what an effect is given, and keep what it returns within full scale."""

    @functools.wraps(function)
    def checked(samples, *arguments, **settings):
        samples = np.asarray(samples)
        if samples.ndim != 1 or samples.size == 0:
            raise ValueError(f"an effect needs mono samples, shape (n,), n > 0, not {samples.shape}")
        if not np.issubdtype(samples.dtype, np.floating):
            raise ValueError(f"an effect needs floats in [-1, 1], not {samples.dtype}: divide by full scale")
        if not np.isfinite(samples).all():
            raise ValueError("the samples hold NaN or infinity: replace the recording")
        changed = function(samples.astype(np.float32), *arguments, **settings)
        peak = np.abs(changed).max()
        return changed / peak if peak > 1 else changed

    return checked


@_effect
def nothing(samples: np.ndarray) -> np.ndarray:
    """Return a copy.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)

    Returns
    -------
    numpy.ndarray of float32, shape (n_samples,)
    """
    return samples


@_effect
def noise(samples: np.ndarray, rng: np.random.Generator, amount: float = 0.035) -> np.ndarray:
    """Add white noise.

    Its standard deviation is `amount` times a number drawn evenly from 0 to 1 times the peak: .035 x uniform
    x max in Report B [S]. [G] The noise is Gaussian, and max is the largest absolute value.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rng : numpy.random.Generator
        Gives the level first, by ``uniform()``, then the noise, by ``standard_normal``.
    amount : float
        Largest standard deviation of the noise, as a share of the peak.

    Returns
    -------
    numpy.ndarray of float32, shape (n_samples,)

    Raises
    ------
    ValueError
        `amount` is negative.
    """
    if not 0 <= amount < np.inf:
        raise ValueError(f"the amount of noise must be 0 or more, not {amount}")
    deviation = np.float32(amount * rng.uniform() * np.abs(samples).max())
    return samples + deviation * rng.standard_normal(len(samples), dtype=np.float32)


@_effect
def stretch(samples: np.ndarray, rate: int, speed: float = 0.85) -> np.ndarray:
    """Speak faster or slower at the same pitch, by a phase vocoder with windows of 46 ms.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    speed : float
        From .25 to 4. The default, Report B's [S], lasts 1 / .85 times as long ([G] it is a speed).

    Returns
    -------
    numpy.ndarray of float32, shape (round(n_samples / speed),)
        At least one sample.

    Raises
    ------
    ValueError
        `speed` is out of its range.
    """
    if not _SLOWEST <= speed <= _FASTEST:
        raise ValueError(f"the speed must be from {_SLOWEST} to {_FASTEST}, not {speed}")
    return phase_vocoder(samples, speed, _hop_length(rate))


@_effect
def shift(
    samples: np.ndarray, rate: int, rng: np.random.Generator, seconds: float = 5000 / 22_050
) -> np.ndarray:
    """Move a recording in time by a random number of samples.

    What leaves at one end comes in at the other ([G] for Report B). Nothing is lost and nothing invented, and
    the seam lies in the pauses where a recording starts and ends with one.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    rng : numpy.random.Generator
        Gives the shift by ``integers(-n, n, endpoint=True)``, n = round(seconds * rate).
    seconds : float
        Largest shift either way. The default is Report B's 5,000 samples [S] at 22,050 Hz [G].

    Returns
    -------
    numpy.ndarray of float32, shape (n_samples,)

    Raises
    ------
    ValueError
        `seconds` is negative.
    """
    if not 0 <= seconds < np.inf:
        raise ValueError(f"the largest shift must be 0 s or more, not {seconds}")
    largest = round(seconds * rate)
    return np.roll(samples, rng.integers(-largest, largest, endpoint=True))


@_effect
def pitch(samples: np.ndarray, rate: int, semitones: float = 0.7) -> np.ndarray:
    """Speak higher or lower for the same time: F0 and formants move together.

    The recording is stretched, then resampled to its old length.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    semitones : float
        From -24 to 24; twelve are an octave. The default is Report B's [S].

    Returns
    -------
    numpy.ndarray of float32, shape (n_samples,)

    Raises
    ------
    ValueError
        `semitones` is out of its range.
    """
    speed = 2 ** (-semitones / 12)
    if not _SLOWEST <= speed <= _FASTEST:
        raise ValueError(f"the pitch can change by -24 to 24 semitones, not by {semitones}")
    longer = phase_vocoder(samples, speed, _hop_length(rate))
    return _of_length(soxr.resample(longer, rate / speed, rate, quality="HQ"), len(samples))


@_effect
def room(
    samples: np.ndarray,
    rate: int,
    rng: np.random.Generator,
    rt60: float = 0.5,
    direct_to_reverberant: float = 0.0,
) -> np.ndarray:
    """Put a speaker into a room: each call another one, with the same reverberation time.

    The direct sound is followed by white noise that decays exponentially. There are no single early echoes,
    and all frequencies decay alike; for walls with places and materials use pyroomacoustics.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    rng : numpy.random.Generator
        Gives the noise by ``standard_normal``.
    rt60 : float
        Seconds until the reverberation has fallen by 60 dB, up to 10: about .5 in a living room.
    direct_to_reverberant : float
        Energy of the direct sound against that of the reverberation, dB.

    Returns
    -------
    numpy.ndarray of float32, shape (n_samples,)
        With the input's root mean square. What sounds on after the end is cut off.

    Raises
    ------
    ValueError
        `rt60` or `direct_to_reverberant` is out of its range.

    Notes
    -----
    Source: Moorer JA (1979) About this reverberation business. Computer Music Journal 3(2), 13-28.
    """
    if not 0 < rt60 <= 10:
        raise ValueError(f"the reverberation time must be in (0, 10] s, not {rt60}")
    if not -60 <= direct_to_reverberant <= 60:
        raise ValueError(f"direct_to_reverberant must be -60 to 60 dB, not {direct_to_reverberant}")
    response = rng.standard_normal(1 + max(1, round(rt60 * rate)), dtype=np.float32)
    response[1:] *= 10 ** (-3 * np.arange(1, len(response), dtype=np.float32) / (rt60 * rate))
    response[1:] *= 10 ** (-direct_to_reverberant / 20) / np.linalg.norm(response[1:])
    response[0] = 1
    wet = scipy.signal.fftconvolve(samples, response)[: len(samples)]
    level = np.linalg.norm(wet)
    return wet * (np.linalg.norm(samples) / level) if level > 0 else wet


@_effect
def codec(samples: np.ndarray, rate: int, kilobits: float = 12.0) -> np.ndarray:
    """Send speech through an internet call: Opus at a low bit rate, wideband, and back.

    Nothing above 8 kHz is left, and nothing above 4 kHz at 8 kbit/s or less. Opus's delay is taken out.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    kilobits : float
        A second, from 6 to 64.

    Returns
    -------
    numpy.ndarray of float32, shape (n_samples,)

    Raises
    ------
    ValueError
        `kilobits` is out of its range.

    Notes
    -----
    Source: Valin JM, Vos K, Terriberry T (2012) Definition of the Opus audio codec. RFC 6716.
    """
    if not 6 <= kilobits <= 64:
        raise ValueError(f"the bit rate must be from 6 to 64 kbit/s, not {kilobits}")
    if not samples.any():
        return samples  # a decoder may make soft noise of silence
    sent = soxr.resample(samples, rate, opus.RATE, quality="HQ")
    # A single sample at 48 kHz is none at 16 kHz, which no encoder takes.
    received = opus.encode_and_decode(_of_length(sent, max(1, len(sent))), kilobits)
    return _of_length(soxr.resample(received, opus.RATE, rate, quality="HQ"), len(samples))


def _hop_length(rate: int) -> int:
    """Samples between the vocoder's frames; the Fourier transform is fast at four times as many."""
    return scipy.fft.next_fast_len(round(_HOP * rate), real=True)


def _of_length(samples: np.ndarray, n_samples: int) -> np.ndarray:
    """Cut at the end, or pad with silence there; resampling rounds a length by a sample or two."""
    return np.pad(samples[:n_samples], (0, max(0, n_samples - len(samples))))


EFFECTS: dict[str, Callable] = {
    effect.__name__: effect for effect in (nothing, noise, stretch, shift, pitch, room, codec)
}
"""By name."""
