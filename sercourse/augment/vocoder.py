"""A phase vocoder: change how long a sound lasts, and keep its pitch.

The bins around each peak of the spectrum keep their phases to one another. Without that a vocoder, such as
``librosa.effects.time_stretch``, sounds hollow: speech loses about 3 dB, and its syllables smear. librosa's
also takes longer, and on a new machine some 20 s to compile itself; ``.ci/benchmark_augment.py`` measures it.

Sources: Flanagan JL, Golden RM (1966) Phase vocoder. Bell System Technical Journal 45(9), 1493-1509.
Laroche J, Dolson M (1999) Improved phase vocoder time-scale modification of audio. IEEE Transactions on
Speech and Audio Processing 7(3), 323-332: identity phase locking.
"""

import numpy as np
import scipy.fft
import scipy.signal

_OVERLAP = 4  # frames that each sample lies in


def phase_vocoder(samples: np.ndarray, speed: float, hop_length: int, locked: bool = True) -> np.ndarray:
    """Play a sound faster or slower at the same pitch.

    Frames are read at steps of `speed` hops and written at steps of one.

    Parameters
    ----------
    samples : numpy.ndarray of float32, shape (n_samples,)
    speed : float
        Above 1 is faster.
    hop_length : int
        In samples. The window is four times as long.
    locked : bool
        Keep the phases around each peak together. If not, the output is librosa's.

    Returns
    -------
    numpy.ndarray of float32, shape (round(n_samples / speed),)
        At least one sample.
    """
    window = scipy.signal.get_window("hann", _OVERLAP * hop_length).astype(np.float32)
    padded = np.pad(samples, len(window) // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, len(window))[::hop_length]
    spectra = _read(scipy.fft.rfft(frames * window, axis=1), speed, locked)
    stretched = scipy.fft.irfft(spectra, len(window), axis=1) * window
    # The first and the last samples lie in fewer frames, hence the division sample by sample.
    weight = _overlap_add(np.broadcast_to(window**2, stretched.shape))
    start, n_samples = len(window) // 2, max(1, round(len(samples) / speed))
    middle = slice(start, start + n_samples)
    return _overlap_add(stretched)[middle] / weight[middle]


def _read(spectra: np.ndarray, speed: float, locked: bool) -> np.ndarray:
    """Read spectra at every `speed`-th frame, each turned so that it goes on where the one before ended.

    From one written frame to the next, a partial advances as from the frame that was read to the one behind
    it. If just that one is read next, as always at speed 1, nothing has to be turned.

    Parameters
    ----------
    spectra : numpy.ndarray of complex64, shape (n_frames, n_bins)
    speed, locked
        As for `phase_vocoder`.

    Returns
    -------
    numpy.ndarray of complex64, shape (ceil(n_frames / speed), n_bins)
    """
    steps = np.arange(0, len(spectra), speed)
    spectra = np.pad(spectra, ((0, 2), (0, 0)))
    magnitudes = np.abs(spectra)
    phasors = np.divide(spectra, magnitudes, out=np.ones_like(spectra), where=magnitudes > 0)
    peaks = _peaks(magnitudes)
    written = np.empty((len(steps), spectra.shape[1]), spectra.dtype)
    turn, behind = np.ones_like(phasors[0]), phasors[0]
    for i, step in enumerate(steps):
        frame = int(step)
        share = np.float32(step - frame)
        turn = turn * behind * phasors[frame].conj()
        if locked:
            turn = turn[peaks[frame]]
        magnitude = (1 - share) * magnitudes[frame] + share * magnitudes[frame + 1]
        written[i] = magnitude * phasors[frame] * turn
        behind = phasors[frame + 1]
    return written


def _peaks(magnitudes: np.ndarray) -> np.ndarray:
    """The nearest peak of the spectrum to each bin, shape (n_frames, n_bins)."""
    is_peak = np.ones(magnitudes.shape, bool)
    for distance in (1, 2):
        lower, upper = magnitudes[:, :-distance], magnitudes[:, distance:]
        is_peak[:, distance:] &= upper >= lower
        is_peak[:, :-distance] &= lower >= upper
    # Both ends of a spectrum count as peaks, so that no bin takes over from the frame before or behind.
    is_peak[:, [0, -1]] = True
    peaks = np.flatnonzero(is_peak)
    borders = np.concatenate([[0], (peaks[1:] + peaks[:-1] + 1) // 2, [is_peak.size]])
    return np.repeat(peaks % is_peak.shape[1], np.diff(borders)).reshape(is_peak.shape)


def _overlap_add(frames: np.ndarray) -> np.ndarray:
    """Sum of frames that start a quarter of their length apart."""
    hop_length = frames.shape[1] // _OVERLAP
    blocks = np.zeros((len(frames) + _OVERLAP - 1, hop_length), frames.dtype)
    for part in range(_OVERLAP):
        blocks[part : part + len(frames)] += frames[:, part * hop_length : (part + 1) * hop_length]
    return blocks.ravel()
