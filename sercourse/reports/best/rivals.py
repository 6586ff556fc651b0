"""What the networks are compared with: an SVM and a logistic regression on ComParE 2016."""

import functools
from typing import NamedTuple

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from sercourse import baselines, corpora, features, splits, training
from sercourse.evaluation.protocol import OUTER
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
"""What `CHOSEN` is chosen from, on inner folds: kernels, classifiers, and how much each is held back."""


class Rivals(NamedTuple):
    """What the rivals said of a fold's test rows, by recording."""

    predicted: dict[str, pd.Series]  # by `PLAIN` and `CHOSEN`
    probabilities: pd.DataFrame  # those of `PLAIN`, a column a class
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
        See `sercourse.training.normalise_speakers`.
    workers : int, optional
        Processes at work on the inner folds; by default one a core.
    progress : bool

    Returns
    -------
    dict of int to Rivals
        By the number of the fold.
    """
    enrolled = training.enrolment(extracted.rows) if normalisation == "enrolment" else None
    extracted = training.normalise_speakers(extracted, normalisation, enrolled)
    dealt = OUTER[searching.protocol(corpus)].deal(extracted.rows, 0)
    dealt = dealt if enrolled is None else training.not_tested(dealt, enrolled)
    said = {}
    with bar(len(dealt), "rivals", "fold", progress) as shown:
        for number, fold in enumerate(dealt, start=1):
            said[number] = _of(extracted, fold, workers or -1)
            shown.update()
    return said


def _of(extracted: Features, fold: Fold, workers: int) -> Rivals:
    """Train them for one fold. Inner folds by speaker choose, and give the SVM's curves."""
    rows = extracted.rows
    few = rows["speaker"].iloc[fold.train].nunique() < 3  # leaving one of TESS's two actresses out, say
    inner = functools.partial(splits.inner, rows, by="recording_id" if few else "speaker", n_folds=3)
    plain, curved, chosen = (
        training.cross_predict(each, extracted, [fold], progress=False)
        for each in (
            baselines.svm(),
            baselines.calibrated(baselines.svm(), inner),
            baselines.search(baselines.svm(), GRID, inner, n_jobs=workers),
        )
    )
    recordings = rows["recording_id"].iloc[plain.rows].to_numpy(str)
    said = {PLAIN: plain, CHOSEN: chosen}
    return Rivals(
        {name: pd.Series(each.predicted, recordings) for name, each in said.items()},
        pd.DataFrame(curved.probabilities, recordings, curved.classes),
        len(fold.train),
    )
