"""How good a set of predictions is.

Conventions: `true` and `predicted` are sequences of class names of equal length. UAR, the
unweighted average recall, comes first: it is the mean of the recalls of the classes that
occur in `true`, so a class counts the same however many recordings it has, and chance is
one over the number of classes. It equals scikit-learn's balanced accuracy. Lessons 05 and 16 use it.

Pooled or mean of folds? Pooled: put the test rows of all folds together and score once. A UAR is no mean over
rows, so the mean of the folds' UARs is another number. In it a recall from three recordings counts as much as
one from a hundred, and a class that a fold lacks drops out of that fold's mean. TESS shows how far this goes:
one misspelt file makes a third "speaker" with a single recording, and a fold of its own. See `by_fold`.

Source: Schuller B, Steidl S, Batliner A (2009) The INTERSPEECH 2009 Emotion Challenge.
Proc. Interspeech, 312-315, where UAR became the field's first measure.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from sercourse.evaluation import checks
from sercourse.splits import Fold


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
        The lengths differ, a value is missing, or there is nothing to score.

    Examples
    --------
    Two of two "sad" and one of four "happy" are right: (1 + 1/4) / 2.

    >>> uar(["sad"] * 2 + ["happy"] * 4, ["sad"] * 5 + ["happy"])
    0.625
    """
    return float(recall(true, predicted).mean())


def accuracy(true, predicted) -> float:
    """Share of rows that are right, in [0, 1]; see `uar` for the parameters."""
    true, predicted = checks.pair(true, predicted)
    return float(np.mean(true == predicted))


def macro_f1(true, predicted) -> float:
    """Mean over classes of F1, the harmonic mean of precision and recall; see `uar` for the parameters.

    Like UAR it takes the classes that occur in `true`. scikit-learn's own default adds those that occur in
    `predicted` alone, each with an F1 of 0.

    Examples
    --------
    "sad" has precision 2/5 and recall 1, so F1 is 4/7; "happy" has 1 and 1/4, so F1 is 2/5.

    >>> round(macro_f1(["sad"] * 2 + ["happy"] * 4, ["sad"] * 5 + ["happy"]), 4)
    0.4857
    """
    return float(per_class(true, predicted)["f1"].mean())


METRICS = {"uar": uar, "macro_f1": macro_f1, "accuracy": accuracy}
"""The scores by name."""

Metric = Callable[..., float]


def recall(true, predicted) -> pd.Series:
    """Recall of each class that occurs in `true`: the share of its rows that are right.

    Returns
    -------
    pandas.Series of float
        Indexed by class, in alphabetical order.
    """
    true, predicted = checks.pair(true, predicted)
    return pd.Series(true == predicted).groupby(true).mean()


def per_class(true, predicted) -> pd.DataFrame:
    """Precision, recall and F1 of each class that occurs in `true`.

    Returns
    -------
    pandas.DataFrame
        Indexed by class, in alphabetical order: n (rows of the class), recall, precision, f1. Precision is
        missing (NaN) where nothing was taken for the class; its f1 is 0 all the same.
    """
    from sklearn.metrics import precision_recall_fscore_support

    true, predicted = checks.pair(true, predicted)
    classes = np.unique(true)
    precision, found, f1, n = precision_recall_fscore_support(
        true, predicted, labels=classes, zero_division=np.nan
    )
    columns = {"n": n, "recall": found, "precision": precision, "f1": f1}
    return pd.DataFrame(columns, index=pd.Index(classes, name="class"))


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
    true, predicted = checks.pair(true, predicted)
    occurring = sorted({*true, *predicted})
    classes = occurring if classes is None else list(classes)
    unnamed = [name for name in occurring if name not in classes]
    if unnamed:
        raise ValueError(f"classes occur that are not named: {', '.join(unnamed)}")
    counts = pd.crosstab(true, predicted).reindex(index=classes, columns=classes, fill_value=0)
    return counts.rename_axis(index="true", columns="predicted")


def by(true, predicted, groups, metric: Metric = uar) -> pd.Series:
    """Score each group of rows by itself: each speaker, each sex.

    A speaker may lack a class. Then UAR is the mean over the classes that this speaker has, and chance is
    higher for them than for others: `summary` counts the classes.

    Parameters
    ----------
    true, predicted : sequence of str, length n
    groups : sequence of str, length n
        The group of each row, such as the manifest's column ``speaker``.
    metric : callable
        ``metric(true, predicted) -> float``.

    Returns
    -------
    pandas.Series of float
        Indexed by group, in alphabetical order.

    Raises
    ------
    ValueError
        The lengths differ, or a value is missing: not every corpus says its speakers' sex.

    Examples
    --------
    >>> by(["sad", "sad", "happy"], ["sad", "happy", "happy"], ["anna", "anna", "ben"]).to_dict()
    {'anna': 0.5, 'ben': 1.0}
    """
    true, predicted = checks.pair(true, predicted)
    numbers, names = pd.factorize(checks.aligned(groups, "groups", len(true)), sort=True)
    scores = [metric(true[numbers == each], predicted[numbers == each]) for each in range(len(names))]
    return pd.Series(scores, index=pd.Index(names, name="group"))


def by_fold(true, predicted, folds: list[Fold], metric: Metric = uar) -> pd.Series:
    """Score each fold's test rows by themselves; their mean is not the pooled score.

    Parameters
    ----------
    true, predicted : sequence of str, length n
        Of all rows that the folds test, in the order of the manifest, as `training.Predictions` has them.
    folds : list of Fold
    metric : callable
        ``metric(true, predicted) -> float``.

    Returns
    -------
    pandas.Series of float
        Indexed by the number of the fold, from 1.

    Raises
    ------
    ValueError
        The folds test a row twice, or another number of rows than there are predictions.

    Examples
    --------
    Of fold 3 all 11 rows are right, all "sad". Pooled, that is 12 of 14 "sad" and 3 of 3 "happy".

    >>> true = ["sad", "sad", "happy"] + ["sad", "happy", "happy"] + ["sad"] * 11
    >>> predicted = ["sad", "happy", "happy"] + ["happy"] * 3 + ["sad"] * 11
    >>> folds = [Fold([], [0, 1, 2]), Fold([], [3, 4, 5]), Fold([], range(6, 17))]
    >>> by_fold(true, predicted, folds).to_dict()
    {1: 0.75, 2: 0.5, 3: 1.0}
    >>> round(uar(true, predicted), 3)
    0.929
    """
    true, predicted = checks.pair(true, predicted)
    scores = by(true, predicted, _tested_in(folds, len(true)), metric)
    return scores.rename(index=int).rename_axis("fold").sort_index()


def summary(rows: pd.DataFrame, predicted, folds: list[Fold] | None = None) -> pd.DataFrame:
    """Put all scores into one table: pooled, per fold, per class, per sex, per speaker.

    Parameters
    ----------
    rows : pandas.DataFrame, length n
        The tested rows of a manifest: ``emotion``, ``speaker``, and ``sex`` where it is known for all.
    predicted : sequence of str, length n
    folds : list of Fold, optional
        See `by_fold`.

    Returns
    -------
    pandas.DataFrame
        Indexed by part (pooled, mean of folds, fold, class, sex, speaker) and name: n, n_classes, uar,
        macro_f1, accuracy. Of one class uar and accuracy are its recall, and macro_f1 is its F1.

    Raises
    ------
    ValueError
        See `by` and `by_fold`.
    """
    true, predicted = checks.pair(rows["emotion"], predicted)
    parts = {"pooled": _scores(true, predicted, np.full(len(true), "all"))}
    if folds is not None:
        parts["fold"] = _scores(true, predicted, _tested_in(folds, len(true))).rename(index=int).sort_index()
        scores = parts["fold"][list(METRICS)].mean()
        parts["mean of folds"] = parts["pooled"].assign(**scores)
    parts["class"] = _scores(true, predicted, true).assign(macro_f1=per_class(true, predicted)["f1"])
    if "sex" in rows and rows["sex"].notna().all():
        parts["sex"] = _scores(true, predicted, rows["sex"])
    parts["speaker"] = _scores(true, predicted, rows["speaker"])
    return pd.concat(parts, names=["part", "name"])


def _scores(true: np.ndarray, predicted: np.ndarray, groups) -> pd.DataFrame:
    sizes = {"n": lambda true, _: len(true), "n_classes": lambda true, _: len(set(true))}
    columns = {name: by(true, predicted, groups, metric) for name, metric in (sizes | METRICS).items()}
    return pd.DataFrame(columns)


def _tested_in(folds: list[Fold], n_rows: int) -> np.ndarray:
    """Return, for each tested row in the order of the manifest, the number of its fold, from 1."""
    tested = np.concatenate([np.asarray(fold.test) for fold in folds])
    if len(np.unique(tested)) < len(tested):
        raise ValueError("the folds test a row twice; score one set of folds at a time")
    if len(tested) != n_rows:
        raise ValueError(
            f"the folds test {len(tested)} rows, but there are {n_rows} predictions; "
            "give those of the tested rows"
        )
    numbers = np.repeat(np.arange(1, len(folds) + 1), [len(fold.test) for fold in folds])
    return numbers[np.argsort(tested)]
