"""One training, watched: what the network says of some rows after several of its epochs.

A training of 50 epochs holds the one of 20. To stop at the best epoch, or to choose between settings, is to
read the same run in another way: by the rows that were held out, or, as one must not, by the test rows.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import networks
from sercourse.baselines import carried
from sercourse.features import Features
from sercourse.networks.backend import load_keras
from sercourse.progress import bar
from sercourse.splits import Used
from sercourse.training import compiled, on_crops, regimes
from sercourse.training.networks import encoded, fit
from sercourse.training.normalising import standardise


class Trained(NamedTuple):
    """What came out of one training.

    Attributes
    ----------
    probabilities : numpy.ndarray of float32, shape (n_epochs_watched, n_rows, n_classes)
        Of the rows that were asked for, in their order, after each epoch that was asked for.
    at : tuple of int
        Those epochs, from 1.
    classes : numpy.ndarray of str, shape (n_classes,)
        The emotions in the order of the probabilities.
    history : pandas.DataFrame
        One row an epoch, see `sercourse.training.fit`.
    used : Used
        The rows that fitted the weights and the scaler. Who stops or chooses by a reading of
        `probabilities` notes that: ``used.note("stop", rows)``.
    """

    probabilities: np.ndarray
    at: tuple[int, ...]
    classes: np.ndarray
    history: pd.DataFrame
    used: Used

    @property
    def predicted(self) -> np.ndarray:
        """The likeliest emotion, shape (n_epochs_watched, n_rows)."""
        return self.classes[self.probabilities.argmax(axis=-1)]


def best_reading(predicted: np.ndarray, true: np.ndarray) -> int:
    """Return which of several readings has most right answers; of equals the first.

    A reading is what is said after an epoch, or with a setting.

    Parameters
    ----------
    predicted : numpy.ndarray of str, shape (n_readings, n_rows)
        Such as `Trained.predicted`.
    true : numpy.ndarray of str, shape (n_rows,)

    Examples
    --------
    >>> best_reading(np.array([["sad", "sad"], ["sad", "happy"]]), np.array(["sad", "happy"]))
    1
    """
    return int((predicted == true).mean(axis=1).argmax())


def train_and_predict(
    network: str,
    features: Features,
    train: np.ndarray,
    score: np.ndarray,
    *,
    epochs: int,
    at: Sequence[int] | None = None,
    scale: np.ndarray | None = None,
    batch_size: int = 16,
    learning_rate: float = 1e-3,
    clip_norm: float | None = None,
    seed: int = 0,
    steps: int | None = None,
    progress: bool = True,
    **options,
) -> Trained:
    """Train a network once, and predict rows after several epochs.

    Parameters
    ----------
    network : str
        One of `networks.NETWORKS`.
    features : Features
    train, score : numpy.ndarray of int
        Row numbers: to fit the weights on, and to predict.
    epochs : int
    at : sequence of int, optional
        The epochs, from 1, after which to predict; by default the last one.
    scale : numpy.ndarray of int, optional
        Rows whose mean and deviation standardise the features; by default those of `train`.
    batch_size : int
    learning_rate, clip_norm
        See `compile_model`.
    seed : int
        Of weights, dropout and shuffling.
    steps : int, optional
        Updates an epoch; by default the whole batches that the training rows fill.
    progress : bool
    **options
        Of the network's own function.

    Returns
    -------
    Trained

    Raises
    ------
    ValueError
        An epoch of `at` is none of those that are trained.
    """
    at = tuple(sorted(set(at))) if at else (epochs,)
    if not 1 <= at[0] <= at[-1] <= epochs:
        raise ValueError(f"at is {at}; there are epochs 1 to {epochs}")
    classes, y = encoded(features)
    used = carried(features.rows)
    x = networks.arrange(network, standardise(features, train if scale is None else scale, used))
    regime, options = regimes.chosen(network, options, learning_rate=learning_rate, batch_size=batch_size)
    if regime is not None:
        asked = (train, score, epochs, at)
        return _on_crops(network, x, y, classes, regime, *asked, seed, used, progress, options)
    steps = steps or len(train) // batch_size or 1
    said: list[np.ndarray] = []
    with bar(epochs, f"training {network}", "epoch", progress) as shown:
        model = compiled.start(
            network,
            x.shape[1:],
            len(classes),
            steps=steps,
            seed=seed,
            learning_rate=learning_rate,
            clip_norm=clip_norm,
            **options,
        )

        def watch(epoch, logs):
            shown.update()
            if epoch + 1 in at:
                said.append(compiled.predict(model, x[score]))

        callback = load_keras().callbacks.LambdaCallback(on_epoch_end=watch)
        history = fit(
            model,
            x,
            y,
            epochs=epochs,
            batch_size=batch_size,
            steps=steps,
            seed=seed,
            callbacks=[callback],
            train=train,
            used=used,
        )
    return Trained(np.stack(said), at, classes, history, used)


def _on_crops(
    network, x, y, classes, regime, train, score, epochs, at, seed, used, progress, options
) -> Trained:
    said: list[np.ndarray] = []
    with bar(epochs, f"training {network}", "epoch", progress) as shown:

        def watch(epoch, averaged):
            shown.update()
            if epoch in at:
                with averaged.applied():
                    said.append(on_crops.predict(averaged.model, x[score], regime))

        _, history = on_crops.train(
            network,
            x,
            y,
            len(classes),
            regime,
            epochs=epochs,
            seed=seed,
            train=train,
            used=used,
            on_epoch=watch,
            **options,
        )
    return Trained(np.stack(said), at, classes, history, used)
