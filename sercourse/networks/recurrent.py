"""Recurrent networks. Frames that are all zeros are padding, and are masked."""

import keras
from keras import layers


def gru(input_shape: tuple[int, int], n_classes: int, units: int = 64) -> keras.Model:
    """Build one layer of gated recurrent units, whose last state is classified.

    Parameters
    ----------
    input_shape : tuple of (int, int)
        Frames and coefficients a frame. Padded frames must be zero.
    n_classes : int
    units : int

    Returns
    -------
    keras.Model

    Notes
    -----
    Cho K et al. (2014) Learning phrase representations using RNN encoder-decoder for
    statistical machine translation. EMNLP, 1724-1734.
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Masking(0.0),
            layers.GRU(units),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="gru",
    )
