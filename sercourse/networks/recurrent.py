"""Recurrent networks. Frames that are all zeros are padding, and are masked."""

import keras
from keras import layers

from sercourse.networks.cells import IndRNNCell, SecondOrderCell

CELLS = {
    "simple_rnn": lambda units, **options: layers.SimpleRNN(units, **options),
    "lstm": lambda units, **options: layers.LSTM(units, **options),
    "bilstm": lambda units, **options: layers.Bidirectional(layers.LSTM(units, **options)),
    "gru": lambda units, **options: layers.GRU(units, **options),
    "ind_rnn": lambda units, activation="relu", bound=1.0, **options: layers.RNN(
        IndRNNCell(units, activation, bound), **options
    ),
    "second_order_rnn": lambda units, activation="sigmoid", **options: layers.RNN(
        SecondOrderCell(units, activation), **options
    ),
}
"""A recurrent layer by its name, from its units and its own options."""


def stack(
    input_shape: tuple[int | None, int],
    n_classes: int,
    cell: str,
    units: int = 64,
    n_layers: int = 1,
    name: str | None = None,
    **options,
) -> keras.Model:
    """Build a stack of recurrent layers of one kind, the last state of which is classified.

    Parameters
    ----------
    input_shape : tuple of (int or None, int)
        Frames and coefficients a frame. Padded frames must be zero.
    n_classes : int
    cell : str
        One of `CELLS`.
    units : int
        A layer, and in a bidirectional one each way.
    n_layers : int
    name : str, optional
        Of the network; by default the cell's.
    **options
        To each layer. Keras's own take `dropout` (on the input), `recurrent_dropout` (on the last state) and
        more; the other two `activation`, and IndRNN `bound`, see `sercourse.networks.cells`. A single layer
        with `go_backwards` walks from the last frame to the first.

    Returns
    -------
    keras.Model
    """
    recurrent = [
        CELLS[cell](units, return_sequences=layer < n_layers - 1, **options) for layer in range(n_layers)
    ]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Masking(0.0),
            *recurrent,
            layers.Dense(n_classes, activation="softmax"),
        ],
        name=name or cell,
    )


def report_a(
    input_shape: tuple[int | None, int], n_classes: int, cell: str, n_layers: int = 4, **options
) -> keras.Model:
    """Build Report A's stack; see `stack`.

    Parameters
    ----------
    input_shape : tuple of (int or None, int)
        130 frames of 20 MFCC [S].
    n_classes : int
        5 [S].
    cell : str
        ``simple_rnn``, ``bilstm`` or ``gru`` [S].
    n_layers : int
        4 or 6 [S].
    **options
        `dropout`, 0 or .1 [S]; where it acts is our guess [G]. `units`, 64 [G].

    Returns
    -------
    keras.Model
    """
    return stack(input_shape, n_classes, cell, n_layers=n_layers, name=f"report_a_{cell}", **options)


def report_c_model_a(
    input_shape: tuple[int, int], n_classes: int, dropout: float = 0.4, activation: str = "relu"
) -> keras.Model:
    """Build Report C's Model A: an LSTM of 128 units that walks over 40 coefficients, not over time.

    LSTM 128, dense 64, dropout, activation, dense 32, dropout, activation, dense 8: 77,160 parameters [S].
    Nothing is masked: an average over time has no padded frames, and a coefficient may be 0.

    Parameters
    ----------
    input_shape : tuple of (int, int)
        40 and 1: the average over time is read as a sequence [G].
    n_classes : int
    dropout : float
        After both dense layers: .4 [S].
    activation : str
        ReLU [G].

    Returns
    -------
    keras.Model
    """
    dense = [
        [layers.Dense(units), layers.Dropout(dropout), layers.Activation(activation)] for units in (64, 32)
    ]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.LSTM(128),
            *dense[0],
            *dense[1],
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="report_c_model_a",
    )


def report_e_gru(
    input_shape: tuple[int | None, int],
    n_classes: int,
    units: int = 128,
    double_softmax: bool = False,
) -> keras.Model:
    """Build Report E's GRU: two GRU layers of 128, ReLU, dense 256, ReLU, dense 7, softmax [S].

    The report's loss of 1.1745 at 99.3 % shows that it takes the softmax twice [D], once more inside its
    cross-entropy. With `double_softmax` the second one stands there as a layer. The loss then has a floor: it
    makes e / (e + K - 1) of a probability of 1 for the right one of K classes, so that the cross-entropy is
    ln(e + K - 1) - 1 at least, which is 1.1654 for 7. (``from_logits=True`` does not show this: from the
    output of a softmax, Keras goes back to the logits.)

    Parameters
    ----------
    input_shape : tuple of (int or None, int)
        Frames and coefficients a frame. Padded frames must be zero; they are masked [G].
    n_classes : int
    units : int
        A GRU layer.
    double_softmax : bool
        Whether the second softmax is there.

    Returns
    -------
    keras.Model
    """
    second = [layers.Softmax(name="second_softmax")] if double_softmax else []
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Masking(0.0),
            layers.GRU(units, return_sequences=True),
            layers.GRU(units),
            layers.ReLU(),
            layers.Dense(256),
            layers.ReLU(),
            layers.Dense(n_classes),
            layers.Softmax(name="softmax"),
            *second,
        ],
        name="report_e_gru",
    )
