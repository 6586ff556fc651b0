"""Networks of dense layers."""

import keras
from keras import layers


def report_e_ann(
    input_shape: tuple[int, int], n_classes: int, units: int = 256, n_layers: int = 4
) -> keras.Model:
    """Build Report E's ANN: four dense layers of 256 [S] and one that gives probabilities.

    With 40 averaged MFCC and 7 classes it has 209,671 parameters. ReLU is our guess [G], and so is the
    average over time [G]: a dense layer needs one length, and the report does not say how it gets it. Given
    frames, it reads padded ones like any other; there is no mask.

    Parameters
    ----------
    input_shape : tuple of (int, int)
        Frames, 1 after the average, and coefficients.
    n_classes : int
    units : int
        A layer.
    n_layers : int

    Returns
    -------
    keras.Model
    """
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Flatten(),
            *[layers.Dense(units, activation="relu") for _ in range(n_layers)],
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="report_e_ann",
    )
