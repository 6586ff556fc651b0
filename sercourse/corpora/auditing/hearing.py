"""Listen to every file of a corpus, several at a time, and keep a few figures of each."""

import hashlib
from typing import NamedTuple

import numpy as np
import pandas as pd
import soundfile

from sercourse import audio
from sercourse.corpora.auditing import duplicates
from sercourse.errors import AudioError
from sercourse.parallel import share


class Sound(NamedTuple):
    """What is kept of a recording.

    Attributes
    ----------
    path : str
    rate : int
        Samples per second.
    channels : int
    seconds : float
    mean, deviation : float
        Of the samples, all channels averaged; full scale is 1.
    flat_tops : int
        Runs of three samples or more at the highest or the lowest value of the recording.
    content, samples : str
        Digests of the file and of its samples.
    fingerprint : numpy.ndarray of float32, shape (1024,)
        See `sercourse.corpora.auditing.duplicates`.
    """

    path: str
    rate: int
    channels: int
    seconds: float
    mean: float
    deviation: float
    flat_tops: int
    content: str
    samples: str
    fingerprint: np.ndarray


def listen(
    paths: list[str], workers: int | None = None, progress: bool = True
) -> tuple[dict[str, Sound], dict[str, AudioError]]:
    """Listen to files.

    Parameters
    ----------
    paths : list of str
    workers : int, optional
        Processes at work; by default one a core.
    progress : bool
        Show a progress bar.

    Returns
    -------
    sounds : dict
        `Sound` by path.
    errors : dict
        By path: why a file cannot be used.
    """
    heard = list(share(listen_file, paths, "listening", "file", workers=workers, progress=progress))
    sounds = {sound.path: sound for sound in heard if isinstance(sound, Sound)}
    return sounds, {error.path: error for error in heard if isinstance(error, AudioError)}


def listen_file(path: str) -> Sound | AudioError:
    """Listen to one file; an error is returned, not raised."""
    try:
        samples, rate = audio.read(path)
        channels = soundfile.info(path).channels
        with open(path, "rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except AudioError as error:
        return error
    except OSError as error:  # it vanished between two looks
        return AudioError(path, f"cannot be read ({error.strerror})")
    return Sound(
        path,
        rate,
        channels,
        len(samples) / rate,
        float(samples.mean(dtype=float)),
        float(samples.std(dtype=float)),
        flat_tops(samples),
        content,
        duplicates.digest(samples),
        duplicates.fingerprint(duplicates.narrow(samples, rate)),
    )


def flat_tops(samples: np.ndarray, run: int = 3, lowest: float = 0.01) -> int:
    """Count how often a wave stays at its highest or lowest value for some samples.

    An unclipped wave does not, however loud it is. One that was made quieter after clipping still does.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    run : int
        Samples that make a flat top.
    lowest : float
        Below this extreme nothing is counted: a wave of a few quantisation steps is flat everywhere.
    """
    count = 0
    for extreme in (samples.max(), samples.min()):
        if abs(extreme) >= lowest:
            edges = np.flatnonzero(np.diff(samples == extreme, prepend=False, append=False))
            count += int((edges[1::2] - edges[::2] >= run).sum())
    return count


def near_copies(
    sounds: pd.DataFrame, workers: int | None = None, progress: bool = True
) -> dict[str, tuple[str, float]]:
    """Find the recordings that are in a second file after a codec, a resampler or a gain.

    Parameters
    ----------
    sounds : pandas.DataFrame
        Columns ``path`` and ``fingerprint``; of two copies the upper one counts as the original.
    workers, progress
        See `listen`.

    Returns
    -------
    dict
        Path of a copy: path of its original, and the correlation of the two.
    """
    if len(sounds) < 2:
        return {}
    paths = sounds["path"].tolist()
    pairs = duplicates.candidates(np.stack(sounds["fingerprint"].tolist()))
    named = [(paths[upper], paths[lower]) for upper, lower in pairs]
    likeness = share(compare_files, named, "comparing", "pair", workers=workers, progress=progress)
    copies = {}
    for (original, copy), value in zip(named, likeness, strict=True):
        if value >= duplicates.SAME:
            copies.setdefault(copy, (original, value))
    return copies


def compare_files(pair: tuple[str, str]) -> float:
    """Correlation of the samples of two files, see `sercourse.corpora.auditing.duplicates.correlation`."""
    return duplicates.correlation(*(duplicates.narrow(*audio.read(path)) for path in pair))
