"""Read a network from its file, and look inside: what a layer gives for an utterance."""

import importlib
from pathlib import Path

import numpy as np

from sercourse.networks.backend import load_keras


def load(path: str | Path):
    """Read a network that ``model.save`` has written, with the layers of this room.

    Parameters
    ----------
    path : path-like
        Ends in ``.keras``.

    Returns
    -------
    keras.Model
    """
    keras = load_keras()
    for module in ("cells", "masking", "pooling"):  # Keras knows a layer once its module has run
        importlib.import_module(f"sercourse.networks.{module}")
    return keras.saving.load_model(path)


def layer_output(model, layer: str | int, x: np.ndarray) -> np.ndarray:
    """Return what a layer of a network gives: filter responses, states, probabilities of frames.

    Parameters
    ----------
    model : keras.Model
        Made by `sercourse.networks.build`.
    layer : str or int
        Its name (``"attention"``, or Report D's ``"frame_probabilities"``), or its number as
        in ``model.layers``.
    x : numpy.ndarray, shape (n_utterances,) + input_shape

    Returns
    -------
    numpy.ndarray, shape (n_utterances, ...)
        Without dropout. Where there is a mask, padded frames have values too, which mean nothing.

    Raises
    ------
    ValueError
        There is no such layer.
    """
    keras = load_keras()
    found = model.get_layer(**({"index": layer} if isinstance(layer, int) else {"name": layer}))
    part = keras.Model(model.inputs[0], found.output)
    return keras.ops.convert_to_numpy(part(x, training=False))


def attention_weights(model, x: np.ndarray) -> np.ndarray:
    """Return how much each frame of an utterance counts for a network with attention.

    Parameters
    ----------
    model : keras.Model
        Such as ``build("lstm_attention")``, trained.
    x : numpy.ndarray, shape (n_utterances, n_frames, n_coefficients)
        Padded frames must be zero.

    Returns
    -------
    numpy.ndarray, shape (n_utterances, n_frames)
        Positive, 0 for padded frames; an utterance's weights sum to 1. The middle of frame t is at
        ``t * hop_length / rate`` seconds of what the recipe has kept.

    Raises
    ------
    ValueError
        The network has no attention.
    """
    if "attention" not in {layer.name for layer in model.layers}:
        raise ValueError(f"the network {model.name!r} has no attention; build 'lstm_attention'")
    return layer_output(model, "attention", x)
