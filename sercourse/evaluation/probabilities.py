"""How good the probabilities are that a system gives, not only its first choice.

Brier score and log loss come first. Both are proper: nobody can lower the expected loss by saying another
probability than they believe. Both mix two things, how well the classes are told apart and how honest the
probabilities are; the reliability table looks at the second alone.

Conventions: `probabilities` has a row an utterance and a column a class, in the order of `classes`, as
`training.Predictions` has them. Not every system's first choice is the class with the highest probability:
scikit-learn's SVC fits its probabilities apart. All here goes by the probabilities. Lesson 16 uses it.

References
----------
.. [1] Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly Weather
   Review 78(1), 1-3.
.. [2] Guo, C., Pleiss, G., Sun, Y., & Weinberger, K. Q. (2017). On calibration of modern neural networks.
   Proc. ICML, 1321-1330.
.. [3] El-Yaniv, R., & Wiener, Y. (2010). On the foundations of noise-free selective classification. Journal
   of Machine Learning Research 11, 1605-1641.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sercourse.errors import UnknownNameError
from sercourse.evaluation import checks

EQUAL = ("width", "count")
"""What the bins of confidence have in common: how wide they are, or how many rows they hold."""


def brier(true, probabilities, classes) -> float:
    """Brier score as Brier defined it [1]_: mean over rows of the sum over classes of squared differences.

    The difference is between the probability and 1 for the true class, 0 for the others. From 0 to 2; lower
    is better. To give all of k classes 1/k costs 1 - 1/k. For two classes some books and libraries halve it.

    Parameters
    ----------
    true : sequence of str, length n
    probabilities : array-like of float, shape (n, n_classes)
        Rows sum to 1.
    classes : sequence of str, length n_classes
        The class of each column.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        The shapes do not fit, a row is not a distribution, or a true class has no column.

    Examples
    --------
    .3 short of the truth, and .2 and .1 given to the others: .09 + .04 + .01.

    >>> round(brier(["sad"], [[0.7, 0.2, 0.1]], ["sad", "happy", "angry"]), 6)
    0.14
    """
    from sklearn.metrics import brier_score_loss

    true, probabilities, classes = _checked(true, probabilities, classes)
    return float(brier_score_loss(true, probabilities, labels=classes, scale_by_half=False))


def log_loss(true, probabilities, classes) -> float:
    """Mean negative natural logarithm of the probability of the true class: cross-entropy, in nats.

    A sure mistake is dear: a probability of 0 for the true class counts as 2.2e-16, which costs 36. To give
    all of k classes 1/k costs ln k.

    Parameters
    ----------
    true, probabilities, classes
        See `brier`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        See `brier`.
    """
    from sklearn.metrics import log_loss as cross_entropy

    true, probabilities, classes = _checked(true, probabilities, classes)
    return float(cross_entropy(true, probabilities, labels=classes))


def reliability(true, probabilities, classes, *, bins: int = 10, equal: str = "width") -> pd.DataFrame:
    """Compare confidence with the share that is right: of all rows at about 80 %, 80 % should be.

    Confidence is the highest probability of a row. It is never below one over the number of classes, so the
    lowest bins of equal width stay empty.

    Parameters
    ----------
    true, probabilities, classes
        See `brier`.
    bins : int
    equal : str
        ``width``: bins of equal width from 0 to 1. ``count``: about as many rows in each; where many rows
        share a confidence there may be fewer bins.

    Returns
    -------
    pandas.DataFrame
        A row a bin: low (exclusive, but for the first bin), high, n, confidence (mean) and right (share that
        is right), both missing where the bin is empty.

    Raises
    ------
    UnknownNameError
        `equal` is neither of the two.
    ValueError
        There is no bin, or see `brier`.
    """
    true, probabilities, classes = _checked(true, probabilities, classes)
    confidence = probabilities.max(axis=1)
    right = classes[probabilities.argmax(axis=1)] == true
    edges = _edges(confidence, bins, equal)
    number = np.searchsorted(edges[1:-1], confidence)
    n = np.bincount(number, minlength=len(edges) - 1)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(number, each, len(n)) / n for each in (confidence, right)]
    columns = {"low": edges[:-1], "high": edges[1:], "n": n, "confidence": means[0], "right": means[1]}
    return pd.DataFrame(columns)


def coverage(true, probabilities, classes, *, thresholds: Sequence[float] | None = None) -> pd.DataFrame:
    """Tell how much is still answered, and how much of that is right, if only sure answers are given [3]_.

    Parameters
    ----------
    true, probabilities, classes
        See `brier`.
    thresholds : sequence of float, optional
        Confidences from which an answer is given; by default 0 to .9 in steps of a tenth.

    Returns
    -------
    pandas.DataFrame of float
        A row a threshold: threshold, coverage (share of rows whose highest probability reaches it), accuracy
        (share of these that is right; missing where there is none).

    Raises
    ------
    ValueError
        See `brier`.

    Examples
    --------
    From .6 on two of three are answered, and one of the two is right.

    >>> said = [[0.9, 0.1], [0.3, 0.7], [0.5, 0.5]]
    >>> coverage(["sad"] * 3, said, ["sad", "happy"], thresholds=[0.6]).round(2).values.tolist()
    [[0.6, 0.67, 0.5]]
    """
    true, probabilities, classes = _checked(true, probabilities, classes)
    thresholds = np.linspace(0, 0.9, 10) if thresholds is None else np.asarray(thresholds, float)
    confidence = probabilities.max(axis=1)
    right = classes[probabilities.argmax(axis=1)] == true
    given = confidence >= thresholds[:, None]
    with np.errstate(invalid="ignore"):
        accuracy = (given & right).sum(axis=1) / given.sum(axis=1)
    return pd.DataFrame({"threshold": thresholds, "coverage": given.mean(axis=1), "accuracy": accuracy})


def calibration_error(true, probabilities, classes, *, bins: Sequence[int] = (5, 10, 20, 40)) -> pd.DataFrame:
    """Expected calibration error [2]_ (ECE) for several ways to make bins: an illustration, not a result.

    It is the mean over rows of the distance between the confidence and the share right of their bin. It
    depends on the bins: few hide errors that cancel, many make errors out of chance, so that even honest
    probabilities score above 0. It also says nothing of skill: whoever always names the same class with the
    share that this class has is perfectly calibrated. Hence a table in place of a number. Report `brier` and
    `log_loss`.

    Parameters
    ----------
    true, probabilities, classes
        See `brier`.
    bins : sequence of int
        Numbers of bins to try.

    Returns
    -------
    pandas.DataFrame of float
        Indexed by the number of bins, with the columns width and count; see `reliability`.

    Raises
    ------
    ValueError
        See `reliability`.
    """

    def error(n_bins: int, equal: str) -> float:
        table = reliability(true, probabilities, classes, bins=n_bins, equal=equal)
        distances = (table["confidence"] - table["right"]).abs()
        return float((distances * table["n"]).sum() / table["n"].sum())

    errors = {equal: [error(each, equal) for each in bins] for equal in EQUAL}
    return pd.DataFrame(errors, index=pd.Index(list(bins), name="bins"))


def _edges(confidence: np.ndarray, bins: int, equal: str) -> np.ndarray:
    if equal not in EQUAL:
        raise UnknownNameError("way to make bins equal", equal, EQUAL)
    if bins < 1:
        raise ValueError(f"bins is {bins}; there is one at least")
    shares = np.linspace(0, 1, bins + 1)
    if equal == "width":
        return shares
    edges = np.unique(np.quantile(confidence, shares))
    return edges if len(edges) > 1 else np.repeat(edges, 2)


def _checked(true, probabilities, classes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the truth, and probabilities with their classes in alphabetical order, as scikit-learn does."""
    true, _ = checks.pair(true, true)
    classes = checks.names(classes, "classes")
    probabilities = np.asarray(probabilities, dtype=float)
    if probabilities.shape != (len(true), len(classes)):
        raise ValueError(
            f"probabilities have shape {probabilities.shape}; {len(true)} rows and {len(classes)} classes "
            f"need ({len(true)}, {len(classes)})"
        )
    if len(classes) < 2 or len(set(classes)) < len(classes):
        raise ValueError(f"classes are {', '.join(classes)}; give two or more, each once")
    if strange := sorted(set(true) - set(classes)):
        raise ValueError(
            f"{', '.join(strange)}: true classes without a column; classes are {', '.join(classes)}"
        )
    sums = probabilities.sum(axis=1)
    wrong = np.flatnonzero(~((probabilities >= 0).all(axis=1) & (abs(sums - 1) < 1e-3)))
    if len(wrong):
        raise ValueError(
            f"row {wrong[0]}: {probabilities[wrong[0]]} are no probabilities: they are 0 or more and sum to 1"
        )
    order = np.argsort(classes)
    # Sums of float32 are off by a little, at which scikit-learn would complain.
    return true, probabilities[:, order] / sums[:, None], classes[order]
