"""Predict every row by a system that was not trained on it, and keep the record of the rows used."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sercourse.features import Features
from sercourse.splits import Fold, Used
from sercourse.training.networks import encoded, predict_by_networks
from sercourse.training.pipelines import predict_by_pipelines


class Predictions(NamedTuple):
    """What a system said of rows that it was not trained on.

    Attributes
    ----------
    predicted : numpy.ndarray of str, shape (n,)
        Emotions.
    probabilities : numpy.ndarray of float, shape (n, n_classes), or None
        None where the system gives no probabilities.
    classes : numpy.ndarray of str, shape (n_classes,)
        The emotions in the order of the probabilities' columns.
    used : list of Used
        For each fold, which rows were used for what; see `sercourse.splits.audit`.
    rows : numpy.ndarray of int, shape (n,)
        The rows that were tested, in ascending order; those of one fold in its own order.
    """

    predicted: np.ndarray
    probabilities: np.ndarray | None
    classes: np.ndarray
    used: list[Used]
    rows: np.ndarray


def cross_predict(system, features: Features, folds: list[Fold], **settings) -> Predictions:
    """Predict each row by a system that was trained without it.

    For each fold the system starts anew and learns from the training rows only. The test rows are predicted
    once, at the end: nothing is chosen by looking at them.

    Parameters
    ----------
    system : str or estimator
        One of `networks.NETWORKS`, or a scikit-learn estimator or pipeline, such as
        ``baselines.svm()``. An estimator is cloned for each fold, and brings its own scaler.
        For a network, features are standardised by the training rows.
    features : Features
    folds : list of Fold
        See `sercourse.splits`. Together their test rows are usually all rows.
    **settings
        `progress` (True by default). For a network also:

        - `epochs` (100), `batch_size` (16), `seed` of the weights and of the shuffling (0).
          Every fold gets the same number of updates;
        - `patience`: stop early, when the loss on a fifth of the training speakers, held out of the training,
          has not fallen for so many epochs, and return to the best weights;
        - `augment`, a `sercourse.augment.Augmentation`, and `copies` (1): show the recordings and their
          augmented copies by turns, a version a pass, with as many updates as without. Test and validation
          rows are never augmented. All versions stand in memory, about four times the size of their features;
        - any other is passed on to the network's own function.

        A network of `sercourse.training.regimes.REGIMES` is trained on crops: by default with the epochs and
        the batches of its regime, without `patience`, `augment` and `copies`; any field of the regime can be
        set, too.

    Returns
    -------
    Predictions
        Of all rows that are tested.

    Raises
    ------
    ValueError
        The folds test a row twice, or name one that the features do not have.
    """
    tested = np.concatenate([fold.test for fold in folds])
    _check(folds, tested, len(features.rows))
    parts = list(predict_folds(system, features, folds, **settings))
    order = np.argsort(tested)
    probabilities = None
    if all(part.probabilities is not None for part in parts):
        probabilities = np.concatenate([part.probabilities for part in parts])[order]
    return Predictions(
        np.concatenate([part.predicted for part in parts])[order],
        probabilities,
        parts[0].classes,
        [used for part in parts for used in part.used],
        tested[order],
    )


def predict_folds(system, features: Features, folds: list[Fold], **settings) -> Iterator[Predictions]:
    """Predict the test rows of one fold after the other; two folds may test the same row.

    Parameters
    ----------
    system, features, folds, **settings
        See `cross_predict`.

    Yields
    ------
    Predictions
        Of the test rows of a fold.
    """
    classes, _ = encoded(features)
    predict = predict_by_networks if isinstance(system, str) else predict_by_pipelines
    answers = predict(system, features, folds, classes, **settings)
    for fold, (predicted, probabilities, used) in zip(folds, answers, strict=True):
        yield Predictions(predicted, probabilities, classes, [used], fold.test)


def _check(folds: list[Fold], tested: np.ndarray, n_rows: int) -> None:
    named = np.concatenate([tested, *(fold.train for fold in folds)])
    if named.max() >= n_rows:
        raise ValueError(
            f"the folds name row {named.max()}, the features have rows 0 to {n_rows - 1}; make the folds "
            "from features.rows"
        )
    numbers, counts = np.unique(tested, return_counts=True)
    if counts.max() > 1:
        raise ValueError(
            f"row {numbers[counts.argmax()]} is tested by {counts.max()} folds; use predict_folds, or folds "
            "that test each row once"
        )
