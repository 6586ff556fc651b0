"""Convolutional networks: Report C's and E's over an average, and one over pictures of log-mel spectra.

Those of the reports walk over the coefficients of an average over time, which has no padded frames.
"""

import keras
from keras import layers

from sercourse.networks.masking import (
    FlattenFrames,
    MaskedBatchNormalization,
    MaskedConv2D,
    MaskedMaxPooling2D,
    MaskFrames,
)


def report_c_model_b(input_shape: tuple[int, int], n_classes: int) -> keras.Model:
    """Build Report C's Model B, for which it claims 100 % on validation and test.

    Four 1-D convolutions with kernels of 3, without padding [D], two max-poolings, one dense
    layer. With the report's (40, 1) and 8 classes the lengths are 38 36 18 16 14 7 and
    the parameters 4,456 [S]. The ReLU activations are our guess [G].

    Parameters
    ----------
    input_shape : tuple of (int, int)
        Coefficients and 1: the average over time is read as a sequence [G].
    n_classes : int

    Returns
    -------
    keras.Model
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv1D(8, 3, activation="relu"),
            layers.Conv1D(16, 3, activation="relu"),
            layers.MaxPooling1D(2),
            layers.Conv1D(32, 3, activation="relu"),
            layers.Conv1D(16, 3, activation="relu"),
            layers.MaxPooling1D(2),
            layers.Flatten(),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="report_c_model_b",
    )


def report_c_model_c(
    input_shape: tuple[int, int], n_classes: int, dropout: tuple[float, float] = (0.1, 0.2)
) -> keras.Model:
    """Build Report C's Model C, its baseline.

    Four 1-D convolutions with kernels of 5 [D], padded to equal length, one max-pooling of 8, one dense
    layer. With (40, 1) and 8 classes the lengths are 40 40 5 5 5 and the parameters 6,520 [S]. ReLU is our
    guess [G].

    Parameters
    ----------
    input_shape : tuple of (int, int)
        Coefficients and 1.
    n_classes : int
    dropout : tuple of (float, float)
        After the second convolution and the third: .1 to .2 [S], which of them where is our guess [G].

    Returns
    -------
    keras.Model
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            _same(8),
            _same(16),
            layers.Dropout(dropout[0]),
            layers.MaxPooling1D(8),
            _same(32),
            layers.Dropout(dropout[1]),
            _same(16),
            layers.Flatten(),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="report_c_model_c",
    )


def report_c_model_d(input_shape: tuple[int, int], n_classes: int, dropout: float = 0.1) -> keras.Model:
    """Build Report C's Model D, the widest of the four.

    Two 1-D convolutions with kernels of 5 [D], padded to equal length, dropout .1 after each [S], one
    max-pooling of 8 between, one dense layer. With (40, 1) and 8 classes the lengths are 40 5 5 and the
    parameters 87,944 [S]. ReLU is our guess [G].

    Parameters
    ----------
    input_shape : tuple of (int, int)
        Coefficients and 1.
    n_classes : int
    dropout : float

    Returns
    -------
    keras.Model
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            _same(128),
            layers.Dropout(dropout),
            layers.MaxPooling1D(8),
            _same(128),
            layers.Dropout(dropout),
            layers.Flatten(),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="report_c_model_d",
    )


def report_e_cnn(
    input_shape: tuple[int, int],
    n_classes: int,
    filters: tuple[int, ...] = (64, 128, 128),
    dropout: float = 0.2,
) -> keras.Model:
    """Build Report E's CNN: convolution with ReLU, max-pooling, batch normalisation, dropout .2, softmax [S].

    How many such blocks, their filters and kernels, and that they walk over the coefficients of an average,
    is our guess [G].

    Parameters
    ----------
    input_shape : tuple of (int, int)
        Coefficients and 1.
    n_classes : int
    filters : tuple of int
        Of each block [G].
    dropout : float

    Returns
    -------
    keras.Model
    """
    blocks = [
        [_same(n), layers.MaxPooling1D(2), layers.BatchNormalization(), layers.Dropout(dropout)]
        for n in filters
    ]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            *[layer for block in blocks for layer in block],
            layers.Flatten(),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="report_e_cnn",
    )


def log_mel_cnn(
    input_shape: tuple[int | None, int, int],
    n_classes: int,
    filters: tuple[int, ...] = (16, 32, 64),
    dropout: float = 0.3,
) -> keras.Model:
    """Build a 2-D CNN over a picture of log-mel spectra.

    Blocks as in `picture_blocks`, each halving frames and frequencies; then the mean over the frames that are
    left, dropout and a dense layer. Padded frames are masked throughout.

    Parameters
    ----------
    input_shape : tuple of (int or None, int, int)
        Frames, mel bands and 1. Padded frames must be zero.
    n_classes : int
    filters : tuple of int
        Of each block.
    dropout : float
        Before the dense layer.

    Returns
    -------
    keras.Model
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            *picture_blocks(filters, [(2, 2)] * len(filters)),
            FlattenFrames(),
            layers.GlobalAveragePooling1D(),
            layers.Dropout(dropout),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="log_mel_cnn",
    )


def picture_blocks(
    filters, pools, normalise: bool = True, dropout: float = 0.0, pool_first: bool = False
) -> list[layers.Layer]:
    """Return the layers of a 2-D CNN that passes padded frames over.

    Parameters
    ----------
    filters : sequence of int
        Of each block: convolution with kernels of 3 x 3, batch normalisation, ReLU, max-pooling.
    pools : sequence of (int, int)
        How many frames and frequencies each block makes one of.
    normalise : bool
        Whether there is batch normalisation.
    dropout : float
        Share of each block's channels that are left out of an update, as wholes.
    pool_first : bool
        Pool what the convolution gives, and normalise only what is left of it: a quarter of the numbers.

    Returns
    -------
    list of keras.layers.Layer
        The first one masks frames that are all zeros.
    """
    made = [MaskFrames()]
    for n, pool in zip(filters, pools, strict=True):
        normalised = [MaskedBatchNormalization()] if normalise else []
        activated, pooled = [*normalised, layers.ReLU()], [MaskedMaxPooling2D(pool)]
        made.append(MaskedConv2D(n, (3, 3)))
        made += pooled + activated if pool_first else activated + pooled
        made += [layers.SpatialDropout2D(dropout)] if dropout else []
    return made


def _same(filters: int) -> layers.Layer:
    """Return a convolution with kernels of 5 and ReLU, which keeps the length."""
    return layers.Conv1D(filters, 5, padding="same", activation="relu")
