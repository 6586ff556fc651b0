"""What a system reaches that has learned nothing.

Three answers to three questions:

- `majority`: what does naming one class for everything score? UAR 1/k with k classes. Accuracy can be far
  higher, which is one reason to report UAR.
- `permuted_scores`: could predictions that have nothing to do with the labels score like that by luck? The
  predictions stay, the true labels are shuffled. Fast, but blind to leaks: a system that has seen the test
  set also gives predictions that have to do with its labels.
- `permuted_labels`: what does the whole procedure score where there is nothing to learn? The training labels
  are shuffled, and everything is done again: scaling, selection, training, scoring with the true labels. It
  should come out at 1/k. If it does not, test labels have leaked into the procedure, by selection or stopping
  on the test set, say. It costs a training each time.

Neither of the last two finds speakers or recordings that stand on both sides. What is learned from those does
help with the test rows, and it is gone when the labels are shuffled. To find them is the auditor's work,
`sercourse.splits.audit`. Lesson 05 uses all three.

Source: Ojala M, Garriga G C (2010) Permutation tests for studying classifier performance. Journal of Machine
Learning Research 11, 1833-1863.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse.errors import UnknownNameError
from sercourse.evaluation import checks
from sercourse.evaluation.counts import METRICS, score
from sercourse.splits.groups import By, groups


class Majority(NamedTuple):
    """What one scores who names one class for everything.

    Attributes
    ----------
    emotion : str
        The most frequent class.
    uar, accuracy : float
    """

    emotion: str
    uar: float
    accuracy: float


class Permuted(NamedTuple):
    """A score beside those that the same predictions reach with shuffled labels.

    Attributes
    ----------
    score : float
        With the labels as they are.
    shuffled : numpy.ndarray of float, shape (permutations,)
        With the labels shuffled.
    p : float
        How often shuffled labels score at least as high; the labels as they are count as one of the shuffles.
    """

    score: float
    shuffled: np.ndarray
    p: float

    def __str__(self) -> str:
        low, high = np.quantile(self.shuffled, [0.025, 0.975])
        return f"{self.score:.3f}; with shuffled labels {low:.3f} to {high:.3f} (95 %), p = {self.p:.3g}"


def majority(true) -> Majority:
    """Score the naming of the most frequent class for everything.

    Parameters
    ----------
    true : sequence of str, length n
        The first in the alphabet wins a tie.

    Returns
    -------
    Majority

    Examples
    --------
    >>> majority(["happy", "happy", "happy", "sad"])
    Majority(emotion='happy', uar=0.5, accuracy=0.75)
    """
    true, _ = checks.pair(true, true)
    classes, counts = np.unique(true, return_counts=True)
    return Majority(str(classes[counts.argmax()]), 1 / len(classes), float(counts.max() / len(true)))


def permuted_scores(
    true, predicted, *, within=None, metric: str = "uar", permutations: int = 1000, seed: int = 0
) -> Permuted:
    """Score fixed predictions against shuffled labels; nothing is trained again, see the module's text.

    Parameters
    ----------
    true, predicted : sequence of str, length n
    within : sequence of str, optional
        Shuffle labels only among rows of the same group. With the speakers: does it do better than one who
        knows who speaks, and how often each speaker shows which emotion, but does not listen to how?
    metric : str
        ``uar`` or ``accuracy``.
    permutations : int
        p is never below 1 / (permutations + 1).
    seed : int

    Returns
    -------
    Permuted

    Raises
    ------
    UnknownNameError
        `metric` is neither of the two.
    ValueError
        The lengths differ, a value is missing, or `permutations` is less than 1.
    """
    if permutations < 1:
        raise ValueError(f"permutations is {permutations}; shuffle once at least")
    if metric not in METRICS:
        raise UnknownNameError("metric of permuted scores", metric, METRICS)
    true, predicted = checks.pair(true, predicted)
    group = np.zeros(len(true)) if within is None else checks.aligned(within, "within", len(true))
    classes, truth = np.unique(true, return_inverse=True)
    guess = pd.Index(classes).get_indexer(predicted)
    rng = np.random.default_rng(seed)
    orders = [np.arange(len(true)), *(_shuffle(group, rng) for _ in range(permutations))]
    right = np.array([_right(truth[order], guess, len(classes)) for order in orders])
    of = np.bincount(truth)
    if metric == "accuracy":
        right, of = right.sum(axis=1, keepdims=True), of.sum(keepdims=True)
    seen, *shuffled = score(right, np.broadcast_to(of, right.shape))
    shuffled = np.array(shuffled)
    # Equal scores may differ by a rounding error.
    p = (1 + np.sum(shuffled >= seen - 1e-12)) / (1 + permutations)
    return Permuted(float(seen), shuffled, float(p))


def permuted_labels(
    manifest: pd.DataFrame, rows: np.ndarray, seed: int, within: By | None = "speaker"
) -> np.ndarray:
    """Return shuffled emotions for training rows: train on these, and score with the true ones.

    Parameters
    ----------
    manifest : pandas.DataFrame
    rows : numpy.ndarray of int, shape (n,)
        The training rows of a fold.
    seed : int
        Another seed shuffles otherwise; one shuffle is one draw, so take several.
    within : str, sequence of str or None
        Shuffle among rows that agree in these columns, so that who speaks says of the label what it did
        before; None shuffles among all rows.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        One for each of `rows`, in their order. Each group has the emotions that it had.

    Raises
    ------
    ManifestError
        A row has no value in a column of `within`.
    """
    rows = np.asarray(rows, dtype=int)
    group = np.zeros(len(rows), dtype=int) if within is None else groups(manifest, within, rows).of
    return manifest["emotion"].to_numpy(str)[rows][_shuffle(group, np.random.default_rng(seed))]


def _right(truth: np.ndarray, guess: np.ndarray, n_classes: int) -> np.ndarray:
    """Count the right rows of each class."""
    return np.bincount(truth[truth == guess], minlength=n_classes)


def _shuffle(group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return an order of the rows in which each place is taken by a row of the same group."""
    order = np.empty(len(group), dtype=int)
    order[np.argsort(group, kind="stable")] = np.lexsort((rng.random(len(group)), group))
    return order
