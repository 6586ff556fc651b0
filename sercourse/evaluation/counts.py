"""Right answers counted by speaker and class: all that UAR and accuracy need to know.

What is drawn or flipped over and over, a bootstrap or a permutation, works on these small tables instead of
on the rows. So a thousand repetitions take milliseconds.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse.errors import UnknownNameError
from sercourse.evaluation import checks

METRICS = ("uar", "accuracy")
"""What can be computed from these counts."""


class Counts(NamedTuple):
    """How many rows each speaker has of each class, and how many of them are right.

    Attributes
    ----------
    right, of : numpy.ndarray of int, shape (n_speakers, n_classes)
        Classes are those that occur in the truth, in alphabetical order.
    speakers : numpy.ndarray of str, shape (n_speakers,)
        In alphabetical order.
    """

    right: np.ndarray
    of: np.ndarray
    speakers: np.ndarray


def count(true, predicted, speakers, metric: str = "uar") -> Counts:
    """Count right answers by speaker and class.

    Parameters
    ----------
    true, predicted, speakers : sequence of str, length n
    metric : str
        With ``accuracy`` all classes are one class: its only recall is the accuracy.

    Returns
    -------
    Counts

    Raises
    ------
    UnknownNameError
        `metric` is not in `METRICS`.
    ValueError
        See `sercourse.evaluation.checks`.
    """
    if metric not in METRICS:
        raise UnknownNameError("metric that is counted by speaker", metric, METRICS)
    true, predicted = checks.pair(true, predicted)
    speaker, known = pd.factorize(checks.aligned(speakers, "speakers", len(true)), sort=True)
    emotion, classes = pd.factorize(true, sort=True)
    right, of = np.zeros((2, len(known), len(classes)), dtype=int)
    np.add.at(of, (speaker, emotion), 1)
    np.add.at(right, (speaker, emotion), true == predicted)
    if metric == "accuracy":
        right, of = right.sum(axis=1, keepdims=True), of.sum(axis=1, keepdims=True)
    return Counts(right, of, known)


def score(right: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return the mean over classes of right over all, without the classes that do not occur.

    Parameters
    ----------
    right, of : numpy.ndarray of int, shape (..., n_classes)

    Returns
    -------
    numpy.ndarray of float, shape (...)
    """
    recalls = np.divide(right, of, out=np.zeros(np.shape(of)), where=of > 0)
    return recalls.sum(axis=-1) / (of > 0).sum(axis=-1)
