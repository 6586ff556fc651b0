"""Train a network, and predict the test rows of each fold by one that has not seen them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sercourse import networks, splits
from sercourse.baselines import carried
from sercourse.corpora.manifest import EMOTIONS
from sercourse.features import Features
from sercourse.networks.backend import load_keras
from sercourse.progress import bar
from sercourse.splits import Fold, Used
from sercourse.training import compiled, on_crops, regimes
from sercourse.training.copies import extract_copies
from sercourse.training.normalising import standardise, standardise_versions
from sercourse.training.regimes import Regime

if TYPE_CHECKING:
    from sercourse.augment import Augmentation


def fit(
    model,
    x: np.ndarray,
    y: np.ndarray,
    *,
    epochs: int,
    batch_size: int = 16,
    steps: int | None = None,
    seed: int = 0,
    callbacks=(),
    train: np.ndarray | None = None,
    copies: Sequence[np.ndarray] = (),
    validation: np.ndarray | None = None,
    patience: int | None = None,
    used: Used | None = None,
) -> pd.DataFrame:
    """Train a compiled model; rows are shuffled anew for each pass.

    Faster than ``model.fit(x, y)`` for the course's small networks, since the data stay in
    one TensorFlow pipeline over all epochs.

    Parameters
    ----------
    model : keras.Model
        Compiled, see `compile_model`.
    x : numpy.ndarray, shape (n_utterances,) + input_shape
    y : numpy.ndarray of int, shape (n_utterances,)
    epochs : int
        At most, where there is `patience`.
    batch_size : int
    steps : int, optional
        Updates an epoch; by default one pass over the rows. A multiple of the model's
        ``steps_per_execution``.
    seed : int
        Of the shuffling. Set the seed of the weights before the model is built.
    callbacks : sequence of keras.callbacks.Callback
    train : numpy.ndarray of int, optional
        The rows to train on; by default all.
    copies : sequence of numpy.ndarray
        Augmented versions of all of `x`. Pass p over the rows shows version p modulo their number, where
        version 0 is `x` itself; so there are as many updates as without.
    validation : numpy.ndarray of int, optional
        Rows that are scored after each epoch, without dropout.
    patience : int, optional
        Stop after so many epochs in which the loss on `validation` did not fall, and return to the best
        weights.
    used : Used, optional
        Rows are noted there, as ``fit`` and ``stop``.

    Returns
    -------
    pandas.DataFrame
        One row an epoch: epoch (from 1), loss, accuracy. They are running means over the
        epoch, with dropout on. With `validation` also val_loss, val_accuracy.

    Raises
    ------
    ValueError
        There is `patience`, but nothing to watch.
    """
    if patience is not None and validation is None:
        raise ValueError("patience needs validation rows to watch; hold some out with splits.hold_out")
    train = np.arange(len(x)) if train is None else train
    used = Used() if used is None else used
    used.note("fit", train)
    callbacks = list(callbacks)
    watched = None if validation is None else (x[validation], y[validation])
    if patience is not None:
        used.note("stop", validation)
        stopping = load_keras().callbacks.EarlyStopping
        callbacks.append(stopping("val_loss", patience=patience, restore_best_weights=True))
    history = model.fit(
        _stream([each[train] for each in (x, *copies)], y[train], batch_size, seed),
        epochs=epochs,
        steps_per_epoch=steps or -(-len(train) // batch_size),
        verbose=0,
        shuffle=False,
        callbacks=callbacks,
        validation_data=watched,
    ).history
    return pd.DataFrame(history).rename_axis("epoch").rename(index=lambda epoch: epoch + 1).reset_index()


def _stream(versions: list[np.ndarray], y: np.ndarray, batch_size: int, seed: int):
    """Batches without end; each pass over the rows has an order of its own, and the next version."""
    import tensorflow as tf

    n_rows, n_versions = len(y), len(versions)
    x, y = tf.constant(np.concatenate(versions)), tf.constant(y)
    drawn = tf.data.Dataset.range(n_rows).shuffle(n_rows, seed=seed).repeat().enumerate().batch(batch_size)
    return drawn.map(
        lambda count, row: (
            tf.gather(x, row + n_rows * (count // n_rows % n_versions)),
            tf.gather(y, row),
        )
    )


def predict_by_networks(
    name: str,
    features: Features,
    folds: list[Fold],
    classes: np.ndarray,
    *,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    progress: bool = True,
    patience: int | None = None,
    augment: "Augmentation | None" = None,
    copies: int | None = None,
    **options,
) -> Iterator[tuple[np.ndarray, np.ndarray, Used]]:
    """Predict the test rows of one fold after the other by networks; see `cross_predict`.

    Yields
    ------
    predicted : numpy.ndarray of str, shape (len(fold.test),)
    probabilities : numpy.ndarray of float, shape (len(fold.test), n_classes)
    used : Used
    """
    regime, options = regimes.chosen(name, options, horizon=epochs, batch_size=batch_size)
    if regime is not None:
        if patience is not None or augment is not None or copies is not None:
            raise ValueError(f"{name} is trained on crops: leave out patience, augment and copies")
        yield from _predict_on_crops(name, features, folds, classes, regime, seed, progress, options)
        return
    epochs, batch_size = epochs or 100, batch_size or 16
    _, y = encoded(features)
    versions = [features, *_copies(features, augment, copies, progress)]
    parts = [(fold.train, None) for fold in folds]
    if patience is not None:
        parts = [splits.hold_out(features.rows, fold.train, seed=seed) for fold in folds]
    steps = min(len(train) for train, _ in parts) // batch_size or 1
    fitting = {"epochs": epochs, "batch_size": batch_size, "steps": steps, "seed": seed, "patience": patience}
    with bar(len(folds) * epochs, f"training {name}", "epoch", progress) as shown:
        moves = load_keras().callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: shown.update())
        for number, (fold, (train, validation)) in enumerate(zip(folds, parts, strict=True), start=1):
            used = carried(features.rows)
            x, *augmented = (
                networks.arrange(name, each) for each in standardise_versions(versions, train, used)
            )
            model = compiled.start(name, x.shape[1:], len(classes), steps=steps, seed=seed, **options)
            rows = {"train": train, "validation": validation, "used": used}
            fit(model, x, y, copies=augmented, callbacks=[moves], **rows, **fitting)
            shown.update(number * epochs - shown.n)  # epochs that were not needed
            probabilities = compiled.predict(model, x[fold.test])
            yield classes[probabilities.argmax(axis=1)], probabilities, used


def _predict_on_crops(
    name: str,
    features: Features,
    folds: list[Fold],
    classes: np.ndarray,
    regime: Regime,
    seed: int,
    progress: bool,
    options: dict,
) -> Iterator[tuple[np.ndarray, np.ndarray, Used]]:
    _, y = encoded(features)
    with bar(len(folds) * regime.horizon, f"training {name}", "epoch", progress) as shown:
        for fold in folds:
            used = carried(features.rows)
            x = networks.arrange(name, standardise(features, fold.train, used))
            model = on_crops.train(
                name,
                x,
                y,
                len(classes),
                regime,
                epochs=regime.horizon,
                seed=seed,
                train=fold.train,
                used=used,
                on_epoch=lambda epoch, averaged: shown.update(),
                **options,
            )[0]
            probabilities = on_crops.predict(model, x[fold.test], regime)
            yield classes[probabilities.argmax(axis=1)], probabilities, used


def _copies(features, augment, n_copies: int | None, progress: bool) -> list[Features]:
    if augment is None and n_copies is not None:
        raise ValueError(f"copies is {n_copies}, but there is no augmentation to make them; give augment too")
    return [] if augment is None else extract_copies(features, augment, n_copies or 1, progress=progress)


def encoded(features: Features) -> tuple[np.ndarray, np.ndarray]:
    """Return the emotions there are, in the manifest's order, and each row's position among them.

    Classes of another kind, such as high and low arousal, come after them by the alphabet.

    Returns
    -------
    classes : numpy.ndarray of str, shape (n_classes,)
    y : numpy.ndarray of int, shape (n_utterances,)
    """
    emotions = features.rows["emotion"].to_numpy(str)
    there = set(emotions)
    known = [emotion for emotion in EMOTIONS if emotion in there]
    classes = np.array([*known, *sorted(there.difference(known))])
    return classes, np.argmax(emotions[:, None] == classes, axis=1)
