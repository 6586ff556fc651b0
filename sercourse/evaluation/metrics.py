"""How good a set of predictions is.

Conventions: `true` and `predicted` are sequences of class names of equal length. UAR, the
unweighted average recall, comes first: it is the mean of the recalls of the classes that
occur in `true`, so a class counts the same however many recordings it has, and chance is
one over the number of classes. It equals scikit-learn's balanced accuracy.

Source: Schuller B, Steidl S, Batliner A (2009) The INTERSPEECH 2009 Emotion Challenge.
Proc. Interspeech, 312-315, where UAR became the field's first measure.
"""

import numpy as np
import pandas as pd


def uar(true, predicted) -> float:
    """Unweighted average recall, in [0, 1].

    Parameters
    ----------
    true, predicted : sequence of str, length n
        For several folds, pool them first: all rows' predictions in one sequence.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        The lengths differ, or there is nothing to score.

    Examples
    --------
    Two of two "sad" and one of four "happy" are right: (1 + 1/4) / 2.

    >>> uar(["sad"] * 2 + ["happy"] * 4, ["sad"] * 5 + ["happy"])
    0.625
    """
    return float(recall(true, predicted).mean())


def accuracy(true, predicted) -> float:
    """Share of rows that are right, in [0, 1]; see `uar` for the parameters."""
    true, predicted = _checked(true, predicted)
    return float(np.mean(true == predicted))


def recall(true, predicted) -> pd.Series:
    """Recall of each class that occurs in `true`: the share of its rows that are right.

    Returns
    -------
    pandas.Series of float
        Indexed by class, in alphabetical order.
    """
    true, predicted = _checked(true, predicted)
    return pd.Series(true == predicted).groupby(true).mean()


def confusion(true, predicted, classes=None) -> pd.DataFrame:
    """Count how often each class was taken for each.

    Parameters
    ----------
    true, predicted : sequence of str, length n
    classes : sequence of str, optional
        Order of rows and columns; by default all classes that occur, sorted.

    Returns
    -------
    pandas.DataFrame of int, shape (n_classes, n_classes)
        Rows are true classes, columns predicted ones.

    Raises
    ------
    ValueError
        A class occurs that `classes` does not name.
    """
    true, predicted = _checked(true, predicted)
    occurring = sorted({*true, *predicted})
    classes = occurring if classes is None else list(classes)
    unnamed = [name for name in occurring if name not in classes]
    if unnamed:
        raise ValueError(f"classes occur that are not named: {', '.join(unnamed)}")
    counts = pd.crosstab(true, predicted).reindex(index=classes, columns=classes, fill_value=0)
    return counts.rename_axis(index="true", columns="predicted")


def _checked(true, predicted) -> tuple[np.ndarray, np.ndarray]:
    true, predicted = np.asarray(true, dtype=str), np.asarray(predicted, dtype=str)
    if true.shape != predicted.shape or true.ndim != 1:
        raise ValueError(
            f"true has shape {true.shape}, predicted {predicted.shape}; give two sequences of equal length"
        )
    if not len(true):
        raise ValueError("there is nothing to score: both sequences are empty")
    return true, predicted
