"""Find one recording in two files: the same samples, or a copy that a codec has changed.

A copy in the test set is a test on what the network was trained on. A name does not tell: the copy may have
been encoded with loss, have another rate or level, or start a little later. Two takes of one sentence by one
speaker are no copies, however alike they sound.

It goes in two steps. Each file gets a small `fingerprint`, which a shift in time or a change of level leaves
as it is, and `candidates` are the files whose fingerprints are nearest. Then `correlation` compares the
samples of the candidates themselves.

Measured on RAVDESS speech (1,440 recordings) and on the demo corpus (1,440):

================================================  ===========  ===========
highest correlation of the samples                RAVDESS      demo corpus
================================================  ===========  ===========
lowest of a recording and itself after Vorbis     0.999        0.998
lowest after AAC at 32 kbit/s (240 recordings)    0.929        0.939
lowest at 16 kHz, quieter, 27 ms later (240)      0.999        1.000
highest of two takes by one speaker (720 pairs)   0.576        0.357
highest of others, of the 300 pairs most alike    0.470        0.378
================================================  ===========  ===========

RAVDESS's identical pair is left aside there. The cosine of the fingerprints was at least 0.991 for the
copies, and above `ALIKE` for 27 and 15 pairs of different recordings, out of a million.
"""

import hashlib

import numpy as np
import scipy.fft
import scipy.signal
import soxr

RATE = 8000
"""Rate in Hz at which recordings are compared: every corpus has it, and codecs change little below 4 kHz."""

ALIKE = 0.95
"""Cosine of two fingerprints from which the samples are compared."""

SAME = 0.75
"""Correlation of the samples from which two files hold one recording."""

NEIGHBOURS = 5
"""Files that each file is compared with at most."""

_WINDOW, _HOP = 512, 128  # samples: 64 and 16 ms
_EDGES = np.round(np.geomspace(100, 3600, 17) / RATE * _WINDOW).astype(int)
_FRAMES = 1024  # 16 s: what is longer is laid over itself
_MODULATIONS = slice(4, 68)  # 0.25 to 4 Hz; below lies the mean spectrum, which a speaker's recordings share


def digest(samples: np.ndarray) -> str:
    """Return a digest of the samples alone: equal for a WAV file and a FLAC file of the same sound."""
    return hashlib.sha256(np.ascontiguousarray(samples, dtype=np.float32)).hexdigest()


def narrow(samples: np.ndarray, rate: int) -> np.ndarray:
    """Resample to `RATE`.

    Parameters
    ----------
    samples : numpy.ndarray of float32, shape (n_samples,)
    rate : int
        Samples per second.

    Returns
    -------
    numpy.ndarray of float32
    """
    return samples if rate == RATE else soxr.resample(samples, rate, RATE, quality="HQ")


def fingerprint(samples: np.ndarray) -> np.ndarray:
    """How the level in 16 bands between 100 and 3,600 Hz moves, without when and how loud.

    The magnitude of a Fourier transform over time is the same wherever in its file the speech stands. The
    power is raised to 0.3 (as loudness is), which keeps quiet sounds in view and background noise out.

    Parameters
    ----------
    samples : numpy.ndarray of float32, shape (n_samples,)
        At `RATE`.

    Returns
    -------
    numpy.ndarray of float32, shape (1024,)
        Of mean 0 and length 1, so that the product of two is their cosine; 0 if nothing is heard.
    """
    window = scipy.signal.get_window("hann", _WINDOW).astype(np.float32)
    padded = np.pad(samples, (_WINDOW // 2, _WINDOW))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    folded = np.zeros((_FRAMES, len(_EDGES) - 1), dtype=np.float32)
    for start in range(0, len(frames), _FRAMES):
        power = np.abs(scipy.fft.rfft(frames[start : start + _FRAMES] * window, axis=1)) ** 2
        folded[: len(power)] += np.add.reduceat(power, _EDGES, axis=1)[:, :-1] ** 0.3
    moves = np.abs(scipy.fft.rfft(folded, axis=0))[_MODULATIONS].ravel()
    moves -= moves.mean()
    return moves / max(np.linalg.norm(moves), 1e-9)


def candidates(fingerprints: np.ndarray, block: int = 512) -> list[tuple[int, int]]:
    """Pairs that may be copies: of each fingerprint the `NEIGHBOURS` nearest, if they are `ALIKE`.

    Parameters
    ----------
    fingerprints : numpy.ndarray, shape (n, n_values)
        See `fingerprint`.
    block : int
        Rows compared at a time; memory grows with it, not with the square of n.

    Returns
    -------
    list of (int, int)
        Row numbers, the lower first, sorted.
    """
    pairs = set()
    for start in range(0, len(fingerprints), block):
        cosines = fingerprints[start : start + block] @ fingerprints.T
        own = np.arange(len(cosines))
        cosines[own, start + own] = -1
        most = min(NEIGHBOURS, cosines.shape[1])
        nearest = np.argpartition(-cosines, most - 1, axis=1)[:, :most]
        for row, near in enumerate(nearest):
            alike = near[cosines[row, near] >= ALIKE]
            pairs.update(tuple(sorted((start + row, int(other)))) for other in alike)
    return sorted(pairs)


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Highest cross-correlation of two recordings, at any delay and with either sign.

    Parameters
    ----------
    one, other : numpy.ndarray of float32, shapes (n_samples,) and (m_samples,)
        At `RATE`. Beyond their ends there is silence.

    Returns
    -------
    float
        0 to 1; 1 for copies that differ in level and delay alone.
    """
    length = scipy.fft.next_fast_len(len(one) + len(other) - 1, real=True)
    product = scipy.fft.rfft(one, length) * np.conj(scipy.fft.rfft(other, length))
    peak = np.abs(scipy.fft.irfft(product, length)).argmax()
    # The true delay lies between two samples as a rule: evaluate the inverse transform there too.
    product[0] /= 2
    turn = 2j * np.pi / length * np.arange(len(product))
    product, eighth = product * np.exp(turn * (peak - 1)), np.exp(turn / 8)
    between = []
    for _ in range(17):
        between.append(product.real.sum())
        product *= eighth
    energy = np.sum(one**2, dtype=float) * np.sum(other**2, dtype=float)
    return float(min(1.0, np.abs(between).max() * 2 / length / np.sqrt(energy))) if energy else 0.0
