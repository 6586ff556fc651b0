"""Bring features to a common scale: by the training rows, or speaker by speaker.

Normalising by speaker is a claim of its own, to be reported apart. With ``none`` the system knows nothing of
a new speaker. With ``enrolment`` it has heard a few of their recordings, which must not be scored.
With ``transductive`` it has heard all the recordings that it is tested on, though not their labels.
"""

import warnings
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sercourse.baselines import carried, carrying
from sercourse.errors import ManifestError, UnknownNameError
from sercourse.features import Features
from sercourse.splits import Fold, Used

WAYS = ("none", "enrolment", "transductive")
"""What `normalise_speakers` can do."""


def standardise(features: Features, train: np.ndarray, used: Used | None = None) -> np.ndarray:
    """Scale each coefficient by its mean and standard deviation over the training rows.

    Parameters
    ----------
    features : Features
    train : numpy.ndarray of int
        Row numbers; no other row has any say in the scaling.
    used : Used, optional
        The rows are noted there, as ``scale``.

    Returns
    -------
    numpy.ndarray of float32, shape (n_utterances, n_frames, n_coefficients)
        Mean 0 and deviation 1 over the frames of the training rows. Padded frames are 0, and so is what is
        missing (NaN): the mean of the training rows stands in.
    """
    return next(standardise_versions([features], train, used))


def standardise_versions(
    versions: Sequence[Features], train: np.ndarray, used: Used | None = None
) -> Iterator[np.ndarray]:
    """Scale recordings, and augmented copies of them, by the recordings alone; see `standardise`.

    Parameters
    ----------
    versions : sequence of Features
        The recordings as they are, then their copies, see `extract_copies`.

    Yields
    ------
    numpy.ndarray of float32, shape (n_utterances, n_frames, n_coefficients)
        A version.
    """
    if used is not None:
        used.note("scale", train)
    mean, deviation = moments(versions[0], train)
    for version in versions:
        yield np.nan_to_num(scaled(version, mean, deviation))


def moments(features: Features, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of each coefficient over the frames of some rows.

    Returns
    -------
    mean, deviation : numpy.ndarray, shape (n_coefficients,)
        What is missing (NaN) has no say. A deviation of 0 is given as 1, so that one can divide by it.
    """
    frames = features.x[rows][features.mask[rows]]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Mean of empty slice|Degrees of freedom", RuntimeWarning)
        mean, deviation = np.nanmean(frames, axis=0), np.nanstd(frames, axis=0)
    return mean, np.where(deviation > 0, deviation, 1)


def scaled(features: Features, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """Return ``x`` less the mean, over the deviation; padded frames are 0."""
    whole = (features.x - mean) / deviation
    return np.where(features.mask[:, :, None], whole, 0).astype(np.float32)


def normalise_speakers(features: Features, how: str, enrolled: np.ndarray | None = None) -> Features:
    """Bring every speaker to mean 0, and to deviation 1, by recordings of their own.

    Parameters
    ----------
    features : Features
    how : str
        One of `WAYS`. ``none`` changes nothing. ``transductive`` takes mean and deviation from all
        recordings of a speaker. ``enrolment`` takes the mean from those in `enrolled`. A few recordings say
        too little about a deviation, so there it is the deviation within speakers over all who enrolled.
    enrolled : numpy.ndarray of int, optional
        Rows to enrol every speaker by, see `enrolment`. Take them out of the tests, see `not_tested`.

    Returns
    -------
    Features
        Its rows carry the record of what was used to normalise, which `cross_predict` passes on. Augmented
        copies are scaled like their originals and have no say.

    Raises
    ------
    UnknownNameError
        No such way.
    ValueError
        `enrolled` is missing, or given though nobody is enrolled.
    ManifestError
        A speaker is not among those enrolled.
    """
    if how not in WAYS:
        raise UnknownNameError("way to normalise", how, WAYS)
    if (how == "enrolment") != (enrolled is not None):
        raise ValueError(
            f'how is "{how}", enrolled is {enrolled}; give enrolled with "enrolment", and only then'
        )
    if how == "none":
        return features
    rows = features.rows
    originals = np.flatnonzero(~rows["parent"].isin(rows["recording_id"]))
    sources = originals if enrolled is None else np.asarray(enrolled)
    x = features.x.copy()
    for speaker, own in rows.groupby("speaker").indices.items():
        known = np.intersect1d(own, sources)
        if not len(known):
            raise ManifestError(f"speaker {speaker!r} has no recording to be normalised by; enrol one")
        mean, deviation = moments(features, known)
        x[own] = (x[own] - mean) / (deviation if enrolled is None else 1)
    if enrolled is not None:  # each speaker's mean is 0 now, so this is the deviation within speakers
        x /= moments(features._replace(x=x), sources)[1]
    record = carried(rows)
    record.note("normalise", sources)
    return features._replace(x=np.where(features.mask[:, :, None], x, 0), rows=carrying(rows, record))


def enrolment(manifest: pd.DataFrame, n_recordings: int = 2, emotion: str = "neutral") -> np.ndarray:
    """Choose recordings to enrol each speaker by: the first ones of an emotion.

    Parameters
    ----------
    manifest : pandas.DataFrame
        ``features.rows``, say.
    n_recordings : int
        Of each speaker.
    emotion : str
        What a new user can be asked for: neutral speech.

    Returns
    -------
    numpy.ndarray of int
        Row numbers, sorted.

    Raises
    ------
    ManifestError
        A speaker has fewer such recordings.
    """
    candidates = manifest.reset_index(drop=True).query("emotion == @emotion")
    counts = candidates["speaker"].value_counts().reindex(manifest["speaker"].unique(), fill_value=0)
    if counts.min() < n_recordings:
        raise ManifestError(
            f"speaker {counts.idxmin()!r} has {counts.min()} recordings that are {emotion}, "
            f"{n_recordings} are to be enrolled; enrol fewer, or another emotion"
        )
    return candidates.groupby("speaker").head(n_recordings).index.to_numpy()


def not_tested(folds: list[Fold], rows: np.ndarray) -> list[Fold]:
    """Take rows out of the tests of all folds: recordings that speakers were enrolled by, say.

    Parameters
    ----------
    folds : list of Fold
    rows : numpy.ndarray of int

    Returns
    -------
    list of Fold
        Training rows are as before.
    """
    return [fold._replace(test=np.setdiff1d(fold.test, rows)) for fold in folds]
