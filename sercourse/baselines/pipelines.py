"""The baselines, the table they take, and the search for their settings."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sercourse.baselines.noting import carried, carrying, noted
from sercourse.features import Features, coefficient_names
from sercourse.splits import Fold


def majority() -> Pipeline:
    """Build the classifier that names the most frequent class for everything.

    Its UAR is one over the number of classes. Its probabilities are the shares of the classes in training.
    """
    return noted(Pipeline([("classifier", DummyClassifier(strategy="prior"))]))


def logistic_regression() -> Pipeline:
    """Build a logistic regression (L2 penalty, C = 1) on imputed and standardised features."""
    return _behind_a_scaler(LogisticRegression(max_iter=1000))


def svm() -> Pipeline:
    """Build a support vector machine (radial basis function, C = 10) on imputed and standardised features.

    It gives no probabilities.
    """
    return _behind_a_scaler(SVC(C=10))


BASELINES: dict[str, Callable[[], Pipeline]] = {
    "majority": majority,
    "logistic_regression": logistic_regression,
    "svm": svm,
}
"""The baselines by name. Their steps are called ``imputer``, ``scaler`` and ``classifier``."""


def _behind_a_scaler(classifier) -> Pipeline:
    # Praat finds too little voice in some recordings: the median of the training rows stands in.
    imputer = SimpleImputer(strategy="median", keep_empty_features=True)
    return noted(Pipeline([("imputer", imputer), ("scaler", StandardScaler()), ("classifier", classifier)]))


def table(features: Features) -> pd.DataFrame:
    """Return features as the table that the pipelines take.

    Parameters
    ----------
    features : Features
        With one frame a recording: statistics over time, say, or prosody.

    Returns
    -------
    pandas.DataFrame of float32, shape (n_utterances, n_coefficients)
        Indexed by row number, with the coefficients' names for columns. It carries the record of what was
        done to the features before.

    Raises
    ------
    ValueError
        There are several frames a recording.
    """
    if features.x.shape[1] != 1:
        raise ValueError(
            f"{features.recipe.name}: recordings have {features.x.shape[1]} frames, a pipeline takes one; "
            'choose a recipe with statistics over time, such as "mfcc_statistics"'
        )
    names = coefficient_names(features.recipe)
    values = pd.DataFrame(features.x[:, 0], index=np.arange(len(features.x)), columns=names)
    return carrying(values, carried(features.rows))


def search(
    pipeline,
    grid: dict[str, list] | list[dict[str, list]],
    folds: list[Fold] | Callable[[np.ndarray], list[Fold]],
    *,
    n_jobs: int | None = None,
) -> GridSearchCV:
    """Choose a pipeline's settings on inner folds by UAR, then fit it on all rows it was given.

    Parameters
    ----------
    pipeline : estimator
        A baseline, say.
    grid : dict of list, or list of them
        Values to try by parameter, such as ``{"classifier__C": [1, 10, 100]}``. Of several grids each is
        tried by itself: other classifiers have other parameters.
    folds : list of Fold, or callable
        The inner folds in row numbers, see `sercourse.splits.inner`. Or a function that makes them of the row
        numbers that ``fit`` receives, so that each outer fold gets its own:
        ``functools.partial(splits.inner, features.rows)``.
    n_jobs : int, optional
        Processes at work; by default one.

    Returns
    -------
    sklearn.model_selection.GridSearchCV
        Unfitted. The rows it is fitted on are noted as ``select``, see `noted`.
    """
    inner = _InnerFolds(folds)
    return noted(GridSearchCV(pipeline, grid, scoring="balanced_accuracy", cv=inner, n_jobs=n_jobs))


def calibrated(pipeline, folds: list[Fold] | Callable[[np.ndarray], list[Fold]]) -> CalibratedClassifierCV:
    """Give probabilities to a pipeline that has none, by a logistic curve a class.

    Parameters
    ----------
    pipeline : estimator
        `svm`, say.
    folds : list of Fold, or callable
        The inner folds, see `search`. What the pipeline says of their tested rows decides the curves.

    Returns
    -------
    sklearn.calibration.CalibratedClassifierCV
        Unfitted. The pipeline inside is fitted on all rows that it is given.

    References
    ----------
    .. [1] Platt, J. (1999). Probabilistic outputs for support vector machines and comparisons to regularized
       likelihood methods. Advances in Large Margin Classifiers, 61-74.
    """
    return noted(CalibratedClassifierCV(pipeline, cv=_InnerFolds(folds), ensemble=False))


class _InnerFolds:
    """Folds in row numbers as scikit-learn wants them: positions in the table that is being fitted on."""

    def __init__(self, folds):
        self.folds = folds

    def split(self, x: pd.DataFrame, y=None, groups=None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for fold in self._of(x):
            yield tuple(_positions(x.index, rows) for rows in fold)

    def get_n_splits(self, x: pd.DataFrame, y=None, groups=None) -> int:
        return len(self._of(x))

    def _of(self, x: pd.DataFrame) -> list[Fold]:
        return self.folds(x.index.to_numpy()) if callable(self.folds) else self.folds


def _positions(index: pd.Index, rows: np.ndarray) -> np.ndarray:
    found = index.get_indexer(rows)
    if (found < 0).any():
        raise ValueError(
            f"the inner folds name row {np.asarray(rows)[found < 0][0]}, which is not among the rows to fit "
            "on; make them with splits.inner from the training rows of the outer fold"
        )
    return found
