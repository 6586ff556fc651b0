"""Compiled networks: compiling takes seconds, so one that is there starts anew from fresh weights."""

import functools

import numpy as np

from sercourse import networks
from sercourse.networks.backend import load_keras

_KEPT = 2  # compiled networks that wait for their next training
_BATCH = 128  # rows predicted at a time


def compile_model(
    model,
    *,
    learning_rate: float = 1e-3,
    clip_norm: float | None = None,
    jit: bool = False,
    steps_per_execution: int = 1,
) -> None:
    """Compile a classifier for integer labels: Adam, cross-entropy, accuracy.

    Parameters
    ----------
    model : keras.Model
    learning_rate : float
    clip_norm : float, optional
        Longest gradient of all weights together; a longer one is scaled down to it. None clips nothing.
    jit : bool
        Compile with XLA, see `networks.Network.jit`.
    steps_per_execution : int
        Updates that TensorFlow makes between two looks of Python at it.
    """
    model.compile(
        optimizer=load_keras().optimizers.Adam(learning_rate, global_clipnorm=clip_norm),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=jit,
        steps_per_execution=steps_per_execution,
    )


def start(
    name: str,
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    steps: int,
    seed: int,
    learning_rate: float = 1e-3,
    clip_norm: float | None = None,
    **options,
):
    """Return an untrained, compiled network. The next call may give the same one, untrained again.

    Parameters
    ----------
    name : str
        One of `networks.NETWORKS`.
    input_shape, n_classes
        See `networks.build`.
    steps : int
        Updates an epoch: what it makes between two looks of Python at it.
    seed : int
        Of the weights.
    learning_rate, clip_norm
        See `compile_model`.
    **options
        Of the network's own function.

    Returns
    -------
    keras.Model
    """
    load_keras().utils.set_random_seed(seed)
    fresh = networks.build(name, input_shape, n_classes, **options)
    model = _compiled(name, input_shape, n_classes, steps, clip_norm, tuple(sorted(options.items())))
    for own, new in zip(model.variables, fresh.variables, strict=True):
        own.assign(new)
    for own in model.optimizer.variables:
        own.assign(load_keras().ops.zeros_like(own))
    model.optimizer.learning_rate = learning_rate
    return model


@functools.lru_cache(_KEPT)
def _compiled(name, input_shape, n_classes, steps, clip_norm, options):
    model = networks.build(name, input_shape, n_classes, **dict(options))
    compile_model(model, clip_norm=clip_norm, jit=networks.network(name).jit, steps_per_execution=steps)
    return model


def predict(model, x: np.ndarray) -> np.ndarray:
    """Return the probabilities of each row.

    All batches have one size, as each size has the network compiled anew.

    Parameters
    ----------
    model : keras.Model
    x : numpy.ndarray, shape (n, *input_shape)

    Returns
    -------
    numpy.ndarray, shape (n, n_classes)
    """
    filled = np.concatenate([x, np.repeat(x[-1:], -len(x) % _BATCH, axis=0)])
    batches = np.split(filled, range(_BATCH, len(filled), _BATCH))
    return np.concatenate([model.predict_on_batch(batch) for batch in batches])[: len(x)]
