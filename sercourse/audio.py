"""Read sound: any format that libsndfile knows, any rate, stereo to mono.

Conventions: samples are float32 in [-1, 1], one-dimensional (mono), at a rate in hertz.
A file that cannot be used raises `AudioError`, which names the file and the reason.
A recording that was cut off while it was copied counts as damaged: libsndfile reads
what is left of it without a word, so its length is checked against its header here.
"""

import struct
from pathlib import Path

import numpy as np
import soundfile
import soxr

from sercourse.errors import AudioError

SUFFIXES = (".wav", ".flac")

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_UNKNOWN_SIZE = 0xFFFFFFFF  # what a program writes that streams and cannot go back to the header


def read(path, rate: int | None = None) -> tuple[np.ndarray, int]:
    """Read a recording as mono.

    Parameters
    ----------
    path : str or path-like
        A file that libsndfile can read, such as WAV or FLAC.
    rate : int, optional
        Resample to this rate in Hz (soxr, high quality). By default the file's own rate.

    Returns
    -------
    samples : numpy.ndarray of float32, shape (n_samples,)
        Channels are averaged.
    rate : int
        Samples per second.

    Raises
    ------
    AudioError
        The file is missing, empty, a Git LFS pointer, not sound, cut off, or holds
        values that are not finite.
    """
    path = Path(path)
    _check_content(path)
    try:
        samples, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
        declared = soundfile.info(path).frames
    except soundfile.LibsndfileError as error:
        raise AudioError(path, f"not readable as sound ({error.error_string.rstrip('.')})") from error
    if len(samples) < declared:
        raise AudioError(path, f"cut off: {len(samples)} of {declared} samples are there")
    if len(samples) == 0:
        raise AudioError(path, "holds no samples")
    samples = samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]
    if not np.isfinite(samples).all():
        raise AudioError(path, "holds samples that are not finite (NaN or infinity)")
    if rate is not None and rate != own_rate:
        samples = soxr.resample(samples, own_rate, rate, quality="HQ")
        own_rate = rate
    return samples, own_rate


def trim(
    samples: np.ndarray, top_db: float = 30.0, frame_length: int = 2048, hop_length: int = 512
) -> np.ndarray:
    """Cut silence off both ends, as ``librosa.effects.trim`` does.

    Written out here because librosa's compiles itself for some 20 s when it is first used.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    top_db : float
        A frame that lies this many decibels or more below the loudest one is silence.
    frame_length, hop_length : int
        In samples. Frames are centred; beyond the ends there is silence.

    Returns
    -------
    numpy.ndarray, shape (n_samples_left,)
        Empty if there is nothing but digital silence.
    """
    padded = np.pad(samples, frame_length // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, frame_length)[::hop_length]
    power = np.mean(frames**2, axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (-top_db / 10))
    return samples[loud[0] * hop_length : (loud[-1] + 1) * hop_length] if len(loud) else samples[:0]


def _check_content(path: Path) -> None:
    """Raise `AudioError` for what libsndfile would refuse unclearly, or not refuse at all."""
    try:
        with open(path, "rb") as file:
            head = file.read(64)
            if not head:
                raise AudioError(path, "empty file (0 bytes)")
            if head.startswith(_LFS_POINTER):
                advice = "fetch the content with `git lfs pull`"
                raise AudioError(path, "a Git LFS pointer, not the recording itself", advice)
            if head.startswith(b"RIFF"):
                _check_wav_length(path, file)
    except OSError as error:
        raise AudioError(
            path, f"cannot be opened ({error.strerror})", "check the path and its permissions"
        ) from error


def _check_wav_length(path: Path, file) -> None:
    """Walk the chunks of a WAV file and compare the sound's declared size with the file's size."""
    size = file.seek(0, 2)
    position = 12
    while position + 8 <= size:
        file.seek(position)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"data":
            there = size - position - 8
            if length != _UNKNOWN_SIZE and there < length:
                raise AudioError(path, f"cut off: {there} of {length} bytes of sound are there")
            return
        position += 8 + length + length % 2
    raise AudioError(path, "cut off: a WAV header without sound")
