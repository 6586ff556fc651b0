"""Convolutional networks."""

import keras
from keras import layers


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
