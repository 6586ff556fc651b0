"""Networks of convolutions and recurrent layers, and ways to pool frames. Frames of zeros are padding."""

import keras
from keras import layers

from sercourse.networks.convolutional import picture_blocks
from sercourse.networks.masking import FlattenFrames, MaskedBatchNormalization, MaskedConv2D, MaskFrames
from sercourse.networks.pooling import FrameAttention

POOLING = ("last", "mean", "attention")
"""How `lstm_pooling` makes one of an utterance's frames."""


def report_b(
    input_shape: tuple[int | None, int],
    n_classes: int,
    filters: tuple[int, ...] = (32, 32, 64, 64, 128, 128),
    masking: bool = False,
    name: str = "report_b",
) -> keras.Model:
    """Build Report B's network: convolutions at each step, then two LSTM layers over the steps.

    Six blocks of TimeDistributed Conv1D (32 rising to 128 filters), batch normalisation and ReLU; flattened
    step by step; LSTM 64 over the steps, LSTM 32, dropout .2 after each; dense 64, batch normalisation, ReLU,
    dropout .2; softmax [S]. What a step is depends on the axes. The report does not turn its 20 x 108 values,
    so that it probably walks over the 20 coefficients, and convolves along the 108 frames [G].

    A Conv1D that is distributed over steps is a Conv2D with a kernel of one step: the same weights, the same
    numbers. It stands here as that, since TensorFlow would distribute step by step.

    Kernels of 3 and strides of 2 are our guess [G]. With strides of 1 the first LSTM alone would have
    3.6 million parameters.

    Parameters
    ----------
    input_shape : tuple of (int or None, int)
        Steps and values a step: (20, 108) over coefficients, (108, 20) over frames.
    n_classes : int
    filters : tuple of int
        Of each block: one that starts with 32 and ends with 128 [S], what is between them [G]. ``(32,)`` is
        the report's first version [S].
    masking : bool
        Mask steps that are all zeros. The report does not: it keeps exactly 108 frames and drops what has
        fewer, so that no frame is padded. Set it over frames, for features that are padded. Over coefficients
        leave it off: a coefficient that is zero throughout is no padding.
    name : str

    Returns
    -------
    keras.Model
    """
    convolutions = [
        [MaskedConv2D(n, (1, 3), strides=(1, 2)), MaskedBatchNormalization(), layers.ReLU()] for n in filters
    ]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Reshape((-1, input_shape[1], 1)),
            *([MaskFrames()] if masking else []),
            *[layer for block in convolutions for layer in block],
            FlattenFrames(),
            layers.LSTM(64, return_sequences=True),
            layers.Dropout(0.2),
            layers.LSTM(32),
            layers.Dropout(0.2),
            layers.Dense(64),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dropout(0.2),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name=name,
    )


def report_d(
    input_shape: tuple[int | None, int, int],
    n_classes: int,
    filters: tuple[int, ...] = (16, 32, 32),
    units: int = 64,
    dropout: float = 0.2,
) -> keras.Model:
    """Build Report D's network: CNN over the STFT as a picture, LSTM, and a vote of the frames.

    Each frame that the CNN leaves gets probabilities of its own, and they are summed over the frames [S].
    Here the sum is divided by the number of frames, so that the outcome is a probability again; the same
    class wins. All sizes are our guess [G]. The layer ``frame_probabilities`` gives what each frame says, see
    `sercourse.networks.layer_output`.

    Parameters
    ----------
    input_shape : tuple of (int or None, int, int)
        Frames, frequencies and 1. Padded frames must be zero; they are masked [G] and have no vote.
    n_classes : int
    filters : tuple of int
        Of each convolution [G].
    units : int
        Of the LSTM [G].
    dropout : float
        On the LSTM's inputs and on its recurrent connections: that both are used is stated [S], not how
        much [G].

    Returns
    -------
    keras.Model
    """
    pools = [(2, 4), (2, 4), *[(1, 2)] * (len(filters) - 2)]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            *picture_blocks(filters, pools, normalise=False),
            FlattenFrames(),
            layers.LSTM(units, return_sequences=True, dropout=dropout, recurrent_dropout=dropout),
            layers.Dense(n_classes, activation="softmax", name="frame_probabilities"),
            layers.GlobalAveragePooling1D(name="summed_probabilities"),
        ],
        name="report_d",
    )


def lstm_pooling(
    input_shape: tuple[int | None, int], n_classes: int, pooling: str = "attention", units: int = 64
) -> keras.Model:
    """Build an LSTM whose outputs are pooled over frames: the last one, their mean, or a weighted mean.

    Parameters
    ----------
    input_shape : tuple of (int or None, int)
        Frames and coefficients a frame. Padded frames must be zero; they are masked.
    n_classes : int
    pooling : str
        One of `POOLING`. With ``attention``, a layer called ``attention`` gives the weights, see
        `sercourse.networks.attention_weights`; it costs one parameter a unit.
    units : int

    Returns
    -------
    keras.Model

    Raises
    ------
    ValueError
        No such pooling.

    Notes
    -----
    Mirsamadi S, Barsoum E, Zhang C (2017) Automatic speech emotion recognition using recurrent neural
    networks with local attention. ICASSP, 2227-2231. There, a bidirectional LSTM is pooled.
    """
    if pooling not in POOLING:
        raise ValueError(f"pooling is {pooling!r}; choose one of: {', '.join(POOLING)}")
    inputs = keras.Input(input_shape)
    frames = layers.LSTM(units, return_sequences=pooling != "last")(layers.Masking(0.0)(inputs))
    if pooling == "last":
        pooled = frames
    elif pooling == "mean":
        pooled = layers.GlobalAveragePooling1D()(frames)
    else:
        pooled = layers.Dot(axes=1)([FrameAttention(name="attention")(frames), frames])
    outputs = layers.Dense(n_classes, activation="softmax")(pooled)
    return keras.Model(inputs, outputs, name=f"lstm_{pooling}")


def crnn(
    input_shape: tuple[int | None, int, int],
    n_classes: int,
    filters: tuple[int, ...] = (16, 32, 64),
    units: int = 64,
    dropout: float = 0.3,
) -> keras.Model:
    """Build a CRNN: a CNN over a picture of log-mel spectra, and a GRU over what it leaves of the frames.

    Parameters
    ----------
    input_shape : tuple of (int or None, int, int)
        Frames, mel bands and 1. Padded frames must be zero; they are masked throughout.
    n_classes : int
    filters : tuple of int
        Of each block, see `sercourse.networks.convolutional.picture_blocks`. The first two halve the frames,
        all halve the frequencies.
    units : int
        Of the GRU.
    dropout : float
        Before the dense layer.

    Returns
    -------
    keras.Model

    Notes
    -----
    Lim W, Jang D, Lee T (2016) Speech emotion recognition using convolutional and recurrent neural networks.
    APSIPA, 1-4.
    """
    pools = [(2 if block < 2 else 1, 2) for block in range(len(filters))]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            *picture_blocks(filters, pools),
            FlattenFrames(),
            layers.GRU(units),
            layers.Dropout(dropout),
            layers.Dense(n_classes, activation="softmax"),
        ],
        name="crnn",
    )


def attentive_crnn(
    input_shape: tuple[int | None, int, int],
    n_classes: int,
    filters: tuple[int, ...] = (16, 32, 64, 96),
    units: int = 64,
    channel_dropout: float = 0.1,
    dropout: float = 0.4,
) -> keras.Model:
    """Build a CRNN whose bidirectional GRU is pooled by attention.

    Parameters
    ----------
    input_shape : tuple of (int or None, int, int)
        Frames, mel bands and 1. Padded frames must be zero; they are masked throughout.
    n_classes : int
    filters : tuple of int
        Of each block, see `sercourse.networks.convolutional.picture_blocks`; each halves frames and
        frequencies.
    units : int
        Of the GRU, each way.
    channel_dropout : float
        Share of channels that are left out, after each block.
    dropout : float
        Before the dense layer.

    Returns
    -------
    keras.Model
    """
    frames = inputs = keras.Input(input_shape)
    pools = [(2, 2)] * len(filters)
    for layer in picture_blocks(filters, pools, dropout=channel_dropout, pool_first=True):
        frames = layer(frames)
    frames = FlattenFrames()(frames)
    frames = layers.Bidirectional(layers.GRU(units, return_sequences=True))(frames)
    pooled = layers.Dot(axes=1)([FrameAttention(name="attention")(frames), frames])
    outputs = layers.Dense(n_classes, activation="softmax")(layers.Dropout(dropout)(pooled))
    return keras.Model(inputs, outputs, name="attentive_crnn")
