"""The course's own networks: single recurrent layers to compare, ways to pool frames, pictures."""

from sercourse.networks.network import Network


def _layer(cell: str, title: str, source: str, jit: bool, **options) -> Network:
    return Network(
        title=f"{title} over frames of MFCC",
        builder="recurrent.stack",
        recipe="report_a",
        input_shape=(130, 20),
        reads="frames",
        jit=jit,
        source=source,
        options={"cell": cell, **options},
    )


def _pooling(pooling: str, title: str, source: str = "") -> Network:
    return Network(
        title=f"one LSTM layer of 64 units over frames of MFCC, {title}",
        builder="hybrid.lstm_pooling",
        recipe="report_a",
        input_shape=(130, 20),
        reads="frames",
        jit=True,
        source=source,
        options={"pooling": pooling},
    )


def _picture(builder: str, title: str, source: str, jit: bool) -> Network:
    return Network(
        title=f"{title} over pictures of log-mel spectra",
        builder=builder,
        recipe="log_mel",
        input_shape=(130, 64, 1),
        reads="picture",
        jit=jit,
        source=source,
    )


COURSE = {
    "simple_rnn": _layer(
        "simple_rnn",
        "one SimpleRNN layer of 64 units",
        "Elman JL (1990) Finding structure in time. Cognitive Science 14(2), 179-211",
        jit=True,
    ),
    "lstm": _layer(
        "lstm",
        "one LSTM layer of 64 units",
        "Hochreiter S, Schmidhuber J (1997) Long short-term memory. Neural Computation 9(8), 1735-1780",
        jit=True,
    ),
    "bilstm": _layer(
        "bilstm",
        "one bidirectional LSTM layer of 64 units each way",
        "Graves A, Schmidhuber J (2005) Framewise phoneme classification with bidirectional LSTM and other "
        "neural network architectures. Neural Networks 18(5-6), 602-610",
        jit=True,
    ),
    "gru": _layer(
        "gru",
        "one GRU layer of 64 units",
        "Cho K et al. (2014) Learning phrase representations using RNN encoder-decoder for statistical "
        "machine translation. EMNLP, 1724-1734",
        jit=True,
    ),
    "ind_rnn": _layer(
        "ind_rnn",
        "two IndRNN layers of 64 units",
        "Li S et al. (2018) Independently recurrent neural network (IndRNN): building a longer and deeper "
        "RNN. CVPR, 5457-5466",
        jit=True,
        n_layers=2,
    ),
    "second_order_rnn": _layer(
        "second_order_rnn",
        "one second-order layer of 16 units",
        "Giles CL et al. (1992) Learning and extracting finite state automata with second-order recurrent "
        "neural networks. Neural Computation 4(3), 393-405",
        jit=True,
        units=16,
    ),
    "lstm_last": _pooling("last", "of which the last output is classified"),
    "lstm_mean": _pooling("mean", "of which the mean is classified"),
    "lstm_attention": _pooling(
        "attention",
        "of which a weighted mean is classified",
        "Mirsamadi S, Barsoum E, Zhang C (2017) Automatic speech emotion recognition using recurrent neural "
        "networks with local attention. ICASSP, 2227-2231",
    ),
    "log_mel_cnn": _picture("convolutional.log_mel_cnn", "a 2-D CNN", "", jit=False),
    "crnn": _picture(
        "hybrid.crnn",
        "a CRNN, three convolutions and a GRU,",
        "Lim W, Jang D, Lee T (2016) Speech emotion recognition using convolutional and recurrent neural "
        "networks. APSIPA, 1-4",
        jit=False,
    ),
    "course_best": Network(
        title="a CRNN pooled by attention, over pictures of log-mel spectra, trained on crops",
        builder="hybrid.attentive_crnn",
        recipe="course_best",
        input_shape=(None, 64, 1),
        reads="picture",
        jit=False,
    ),
    "transfer_mobilenet": _picture(
        "transfer.mobilenet",
        "MobileNetV2, trained on photographs,",
        "Sandler M et al. (2018) MobileNetV2: inverted residuals and linear bottlenecks. CVPR, 4510-4520",
        jit=False,
    ),
}
"""The course's own networks, by name."""
