"""Train a network, and predict every row by a network that was not trained on it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sercourse import networks
from sercourse.corpora.manifest import EMOTIONS
from sercourse.features import Features
from sercourse.networks.backend import load_keras
from sercourse.progress import bar
from sercourse.splits import Fold


def standardise(features: Features, train: np.ndarray) -> np.ndarray:
    """Scale each coefficient by its mean and standard deviation over the training rows.

    Parameters
    ----------
    features : Features
    train : numpy.ndarray of int
        Row numbers; no other row has any say in the scaling.

    Returns
    -------
    numpy.ndarray of float32, shape (n_utterances, n_frames, n_coefficients)
        Mean 0 and deviation 1 over the frames of the training rows; padded frames are 0.
    """
    frames = features.x[train][features.mask[train]]
    deviation = frames.std(axis=0)
    scaled = (features.x - frames.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    return np.where(features.mask[:, :, None], scaled, 0).astype(np.float32)


def compile_model(
    model, *, learning_rate: float = 1e-3, jit: bool = False, steps_per_execution: int = 1
) -> None:
    """Compile a classifier for integer labels: Adam, cross-entropy, accuracy.

    Parameters
    ----------
    model : keras.Model
    learning_rate : float
    jit : bool
        Compile with XLA, see `networks.Network.jit`.
    steps_per_execution : int
        Updates that TensorFlow makes between two looks of Python at it.
    """
    model.compile(
        optimizer=load_keras().optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=jit,
        steps_per_execution=steps_per_execution,
    )


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
) -> pd.DataFrame:
    """Train a compiled model; rows are shuffled anew for each pass.

    Faster than ``model.fit(x, y)`` for the course's small networks, since the data stay in
    one TensorFlow pipeline over all epochs.

    Parameters
    ----------
    model : keras.Model
        Compiled, see `compile_model`.
    x : numpy.ndarray, shape (n_utterances, *input_shape)
    y : numpy.ndarray of int, shape (n_utterances,)
    epochs : int
    batch_size : int
    steps : int, optional
        Updates an epoch; by default one pass over the rows. A multiple of the model's
        ``steps_per_execution``.
    seed : int
        Of the shuffling. Set the seed of the weights before the model is built.
    callbacks : sequence of keras.callbacks.Callback

    Returns
    -------
    pandas.DataFrame
        One row an epoch: epoch (from 1), loss, accuracy. They are running means over the
        epoch, with dropout on.
    """
    import tensorflow as tf

    x, y = tf.constant(x), tf.constant(y)
    rows = tf.data.Dataset.range(len(x)).shuffle(len(x), seed=seed).repeat().batch(batch_size)
    data = rows.map(lambda row: (tf.gather(x, row), tf.gather(y, row)))
    steps = steps or -(-len(x) // batch_size)
    history = model.fit(
        data, epochs=epochs, steps_per_epoch=steps, verbose=0, shuffle=False, callbacks=list(callbacks)
    ).history
    return pd.DataFrame(history).rename_axis("epoch").rename(index=lambda epoch: epoch + 1).reset_index()


def cross_predict(name: str, features: Features, folds: list[Fold], **settings) -> np.ndarray:
    """Predict each row by a network that was trained without it.

    For each fold a network starts anew, features are standardised by the training rows, and
    the test rows are predicted once, after the last epoch: nothing is chosen by looking at
    them. Every fold gets the same number of updates.

    Parameters
    ----------
    name : str
        One of `networks.NETWORKS`.
    features : Features
    folds : list of Fold
        See `sercourse.splits`; together their test rows are all rows.
    **settings
        `epochs` (100 by default), `batch_size` (16), `seed` of the weights and of the shuffling (0) and
        `progress` (True); any other is passed on to the network's own function.

    Returns
    -------
    numpy.ndarray of str, shape (n_utterances,)
        A predicted emotion for each row.

    Raises
    ------
    ValueError
        The folds do not test every row exactly once.
    """
    tested = np.sort(np.concatenate([fold.test for fold in folds]))
    if not np.array_equal(tested, np.arange(len(features.rows))):
        raise ValueError(
            f"the folds must test each of the {len(features.rows)} rows once; make them from features.rows"
        )
    predicted = features.rows["emotion"].to_numpy(str).copy()
    for fold, named in zip(folds, predict_folds(name, features, folds, **settings), strict=True):
        predicted[fold.test] = named
    return predicted


def predict_folds(
    name: str,
    features: Features,
    folds: list[Fold],
    *,
    epochs: int = 100,
    batch_size: int = 16,
    seed: int = 0,
    progress: bool = True,
    **options,
) -> Iterator[np.ndarray]:
    """Predict the test rows of one fold after the other, which need not be all rows.

    Parameters
    ----------
    name, features, epochs, batch_size, seed, progress, **options
        See `cross_predict`.
    folds : list of Fold

    Yields
    ------
    numpy.ndarray of str, shape (len(fold.test),)
        Predicted emotions.
    """
    emotions = features.rows["emotion"].to_numpy(str)
    classes = np.array([emotion for emotion in EMOTIONS if emotion in emotions])
    y = np.argmax(emotions[:, None] == classes, axis=1)
    steps = min(len(fold.train) for fold in folds) // batch_size or 1
    model = None
    with bar(len(folds) * epochs, f"training {name}", "epoch", progress) as shown:
        moves = load_keras().callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: shown.update())
        for fold in folds:
            x = networks.arrange(name, standardise(features, fold.train))
            load_keras().utils.set_random_seed(seed)
            fresh = networks.build(name, x.shape[1:], len(classes), **options)
            if model is None:
                model = fresh
                compile_model(model, jit=networks.network(name).jit, steps_per_execution=steps)
            else:
                _restart(model, fresh)
            fit(
                model,
                x[fold.train],
                y[fold.train],
                epochs=epochs,
                batch_size=batch_size,
                steps=steps,
                seed=seed,
                callbacks=[moves],
            )
            yield classes[model.predict(x[fold.test], verbose=0).argmax(axis=1)]


def _restart(model, fresh) -> None:
    """Give a compiled model the state of a fresh one: compiling takes seconds, this does not."""
    for own, new in zip(model.variables, fresh.variables, strict=True):
        own.assign(new)
    for own in model.optimizer.variables:
        if own is not model.optimizer.learning_rate:
            own.assign(load_keras().ops.zeros_like(own))
