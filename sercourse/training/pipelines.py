"""Predict the test rows of each fold by a scikit-learn estimator that has not seen them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from sercourse.baselines import noted, table, used
from sercourse.features import Features
from sercourse.progress import bar
from sercourse.splits import Fold, Used


def predict_by_pipelines(
    estimator, features: Features, folds: list[Fold], classes: np.ndarray, *, progress: bool = True
) -> Iterator[tuple[np.ndarray, np.ndarray | None, Used]]:
    """Predict the test rows of one fold after the other by clones of an estimator; see `cross_predict`.

    Yields
    ------
    predicted : numpy.ndarray of str, shape (len(fold.test),)
    probabilities : numpy.ndarray of float, shape (len(fold.test), n_classes), or None
    used : Used
    """
    x, emotions = table(features), features.rows["emotion"].to_numpy(str)
    with bar(len(folds), f"fitting {_name(estimator)}", "fold", progress) as shown:
        for fold in folds:
            # On small tables the threads of BLAS compute little and, where cores are busy, wait for long.
            with threadpool_limits(1):
                fitted = noted(estimator).fit(x.iloc[fold.train], emotions[fold.train])
            test = x.iloc[fold.test]
            yield fitted.predict(test).astype(str), _probabilities(fitted, test, classes), used(fitted)
            shown.update()


def _probabilities(fitted, x: pd.DataFrame, classes: np.ndarray) -> np.ndarray | None:
    """Probabilities by class, 0 for one that does not occur in training; None if the estimator has none."""
    if not hasattr(fitted, "predict_proba"):
        return None
    known = pd.DataFrame(fitted.predict_proba(x), columns=fitted.classes_)
    return known.reindex(columns=classes, fill_value=0.0).to_numpy()


def _name(estimator) -> str:
    inner = getattr(estimator, "estimator", estimator)
    return type(inner[-1] if hasattr(inner, "steps") else inner).__name__
