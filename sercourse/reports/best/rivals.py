"""The rivals on ComParE 2016: an SVM as it is, and an SVM or logistic regression that inner folds choose.

What they said of a fold is kept, as networks are: fitting them takes minutes.
"""

from typing import NamedTuple

import joblib
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from sercourse import baselines, corpora, features, settings, splits, training
from sercourse.evaluation.protocol import INNER, OUTER
from sercourse.experiments import material
from sercourse.features import Features
from sercourse.progress import bar
from sercourse.reports.best import searching
from sercourse.splits import Fold

RECIPE = "compare"
PLAIN = "an SVM, C = 10"
CHOSEN = "an SVM or a logistic regression, chosen"
GRID = [
    {"classifier": [SVC()], "classifier__C": [1, 10, 100]},
    {"classifier": [SVC(kernel="linear")], "classifier__C": [1e-4, 1e-3, 1e-2]},
    {"classifier": [LogisticRegression(max_iter=1000)], "classifier__C": [1e-3, 1e-2, 1e-1, 1]},
]
"""What `CHOSEN` is chosen from: kernels, classifiers, and how much each is held back."""


class Rivals(NamedTuple):
    """What the rivals said of a fold's test rows, by recording."""

    predicted: dict[str, pd.Series]  # by `PLAIN` and `CHOSEN`
    probabilities: pd.DataFrame  # those of `PLAIN`, a column a class
    taken: str  # what `CHOSEN` is
    selected: str  # on what it was chosen
    n_train: int


def numbers(corpus: str, **running) -> Features:
    """Return the 6,373 numbers of each recording, from the cache where it has them.

    Raises
    ------
    SercourseError
        The package opensmile is not installed.
    """
    return features.extract(corpora.load(corpus), features.recipe(RECIPE), **running)


def rivals(
    corpus: str, extracted: Features, normalisation: str, *, workers: int | None = None, progress: bool = True
) -> dict[int, Rivals]:
    """Train the rivals for each fold by which a corpus is tested.

    Parameters
    ----------
    corpus : str
    extracted : Features
        See `numbers`.
    normalisation : str
        See `sercourse.training.normalise_speakers`. `CHOSEN` is chosen with it.
    workers : int, optional
        Processes at work on the inner folds; by default one a core.
    progress : bool

    Returns
    -------
    dict of int to Rivals
        By the number of the fold.
    """
    own, enrolled = material.normalised(extracted, extracted, normalisation)
    dealt = training.not_tested(OUTER[searching.protocol(corpus)].deal(own.rows, 0), enrolled)
    ask = joblib.Memory(settings.home() / "cache" / "rivals", verbose=0).cache(_ask, ignore=["workers"])
    emotions, recordings = (own.rows[column].to_numpy(str) for column in ("emotion", "recording_id"))
    said = {}
    with bar(len(dealt), "rivals", "fold", progress) as shown:
        for number, fold in enumerate(dealt, start=1):
            inner, words = _inner(own.rows, fold.train)
            choosing = training.not_tested(inner, enrolled)
            plain, chosen, curves, taken = ask(
                own.x[:, 0], emotions, fold, inner, choosing, GRID, workers or -1
            )
            tested = recordings[fold.test]
            said[number] = Rivals(
                {PLAIN: pd.Series(plain, tested), CHOSEN: pd.Series(chosen, tested)},
                pd.DataFrame(curves, tested, np.unique(emotions[fold.train])),
                taken,
                f"selected on {words}",
                len(fold.train),
            )
            shown.update()
    return said


def _inner(rows: pd.DataFrame, train: np.ndarray) -> tuple[list[Fold], str]:
    """Return three folds of the training rows by speaker, and what they are in words.

    Leaving one of TESS's two actresses out, say, leaves too few speakers: there it goes by recording.
    """
    if rows["speaker"].iloc[train].nunique() < 3:
        inner = splits.inner(rows, train, by="recording_id", n_folds=3)
        return inner, "three folds of the training recordings"
    return INNER["speakers three"].deal(rows, train, 0), INNER["speakers three"].words


def _ask(
    x: np.ndarray,
    emotions: np.ndarray,
    fold: Fold,
    inner: list[Fold],
    choosing: list[Fold],
    grid: list[dict],
    workers: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, str]:
    """Return what both say of a fold's test rows, probabilities of the first, and what the second one is."""
    table = pd.DataFrame(x)
    with threadpool_limits(1):
        plain, curved, chosen = (
            each.fit(table.iloc[fold.train], emotions[fold.train])
            for each in (
                baselines.svm(),
                baselines.calibrated(baselines.svm(), inner),
                baselines.search(baselines.svm(), grid, choosing, n_jobs=workers),
            )
        )
    tested = table.iloc[fold.test]
    said = plain.predict(tested), chosen.predict(tested), curved.predict_proba(tested)
    return *said, repr(chosen.best_estimator_["classifier"])
