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


CELLS = {
    "simple_rnn": lambda units, **options: layers.SimpleRNN(units, **options),
    "gru": lambda units, **options: layers.GRU(units, **options),
    "bilstm": lambda units, **options: layers.Bidirectional(layers.LSTM(units, **options)),
}


def report_a_simple_rnn(input_shape: tuple[int, int], n_classes: int, **options) -> keras.Model:
    """Build Report A's stack of SimpleRNN layers; see `report_a_stack`."""
    return report_a_stack("simple_rnn", input_shape, n_classes, **options)


def report_a_gru(input_shape: tuple[int, int], n_classes: int, **options) -> keras.Model:
    """Build Report A's stack of GRU layers; see `report_a_stack`."""
    return report_a_stack("gru", input_shape, n_classes, **options)


def report_a_bilstm(input_shape: tuple[int, int], n_classes: int, **options) -> keras.Model:
    """Build Report A's stack of bidirectional LSTM layers; see `report_a_stack`."""
    return report_a_stack("bilstm", input_shape, n_classes, **options)


def report_a_stack(
    cell: str,
    input_shape: tuple[int, int],
    n_classes: int,
    n_layers: int = 4,
    units: int = 64,
    dropout: float = 0.0,
) -> keras.Model:
    """Build a stack of recurrent layers of one kind, the last state of which is classified.

    Parameters
    ----------
    cell : str
        One of `CELLS`.
    input_shape : tuple of (int, int)
        Frames and coefficients a frame. Padded frames must be zero.
    n_classes : int
    n_layers : int
        4 or 6 [S].
    units : int
        A layer, and in a bidirectional one each way [G].
    dropout : float
        On each layer's input: 0 or .1 [S]; where it acts is our guess [G].

    Returns
    -------
    keras.Model
    """
    stack = [
        CELLS[cell](units, dropout=dropout, return_sequences=layer < n_layers - 1)
        for layer in range(n_layers)
    ]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Masking(0.0),
            *stack,
            layers.Dense(n_classes, activation="softmax"),
        ],
        name=f"report_a_{cell}",
    )
