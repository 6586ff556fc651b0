"""The networks of the five reports: what each is built by, and how well that is known.

Reports A to E are the coursework reports that the course re-examines. Facts are marked as stated in the
report, derived from what it states, or our guess, because it says nothing.
"""

from sercourse.networks.network import DERIVED, GUESS, STATED, Fact, Network

_A = (
    Fact(STATED, "20 MFCC a frame, 22,050 Hz, window 2048, hop 512, clips of 3 s, 5 classes"),
    Fact(STATED, "4 or 6 layers, dropout 0 or .1, learning rate .001 or .01, 20 or 50 epochs"),
    Fact(DERIVED, "130 frames a clip; a clip with another number was dropped, so nothing was padded"),
    Fact(GUESS, "64 units a layer, Keras's own activations, and dropout on each layer's input"),
    Fact(GUESS, "Adam, cross-entropy, batch size"),
)

_B = (
    Fact(STATED, "20 MFCC of 2.5 s from .6 s on, exactly 108 frames, 8 classes"),
    Fact(STATED, "LSTM 64 over the steps, LSTM 32, dropout .2 after each"),
    Fact(STATED, "dense 64, batch normalisation, ReLU, dropout .2, dense 8 with softmax"),
    Fact(DERIVED, "a Conv1D distributed over steps is a Conv2D with a kernel of 1 step: the same numbers"),
    Fact(GUESS, "kernels of 3, strides of 2, Adam, batch size"),
)
_B_SIX = (
    Fact(STATED, "6 blocks of TimeDistributed Conv1D, batch normalisation, ReLU; 32 filters rising to 128"),
    Fact(STATED, "35 to 40 epochs"),
    Fact(GUESS, "filters 32, 32, 64, 64, 128, 128"),
)
_B_COEFFICIENTS = Fact(GUESS, "its 20 x 108 values are not turned, so the steps are the coefficients")
_B_FIRST = (
    Fact(STATED, "one TimeDistributed Conv1D, 100 epochs"),
    Fact(GUESS, "32 filters with batch normalisation and ReLU, and the same layers after it"),
)

_C = (
    Fact(STATED, "40 MFCC, frames 10 ms apart, 8 classes, batch size 1, 100 epochs"),
    Fact(DERIVED, "the input is 40 x 1"),
    Fact(GUESS, "MFCC are averaged over time, and the 40 averages are read as a sequence"),
    Fact(GUESS, "the activations are ReLU"),
)
_FIVE = Fact(DERIVED, "kernels of 5, from the parameters")

_E = Fact(STATED, "7 classes, cross-entropy, 100 epochs")
_E_MFCC = Fact(GUESS, "40 MFCC at 22,050 Hz, window 2048, hop 512")
_E_PADDED = Fact(GUESS, "padded frames are masked")


def _report_a(cell: str, layer: str, jit: bool) -> Network:
    return Network(
        title=f"Report A's stack of four {layer} layers over 130 frames of 20 MFCC",
        builder="recurrent.report_a",
        recipe="report_a",
        input_shape=(130, 20),
        reads="frames",
        jit=jit,
        n_classes=5,
        source="Report A",
        facts=_A,
        options={"cell": cell},
    )


def _report_b(name: str, title: str, reads: str, facts: tuple[Fact, ...], jit: bool, **options) -> Network:
    return Network(
        title=title,
        builder="hybrid.report_b",
        recipe="report_b",
        input_shape=(20, 108) if reads == "coefficients" else (108, 20),
        reads=reads,
        jit=jit,
        source="Report B",
        facts=(*facts, *_B),
        options={"name": name, **options},
    )


def _report_c(model: str, title: str, builder: str, jit: bool, *facts: Fact) -> Network:
    return Network(
        title=f"Report C's Model {model}: {title}, over 40 averaged MFCC",
        builder=builder,
        recipe="report_c",
        input_shape=(40, 1),
        reads="coefficients",
        jit=jit,
        source="Report C",
        facts=(*facts, *_C),
    )


def _report_e(title: str, builder: str, recipe: str, jit: bool, *facts: Fact, **options) -> Network:
    averaged = recipe == "report_e_mean"
    convolutional = builder.startswith("convolutional")
    return Network(
        title=f"Report E's {title}",
        builder=builder,
        recipe=recipe,
        input_shape=(40, 1) if convolutional else (1 if averaged else None, 40),
        reads="coefficients" if convolutional else "frames",
        jit=jit,
        n_classes=7,
        source="Report E",
        facts=(*facts, _E, _E_MFCC, *([] if averaged else [_E_PADDED])),
        options=options,
    )


REPORTS = {
    "report_a_simple_rnn": _report_a("simple_rnn", "SimpleRNN", jit=True),
    "report_a_bilstm": _report_a("bilstm", "bidirectional LSTM", jit=True),
    "report_a_gru": _report_a("gru", "GRU", jit=True),
    "report_b": _report_b(
        "report_b",
        "Report B's CNN and LSTM, walking over 20 coefficients",
        "coefficients",
        (*_B_SIX, _B_COEFFICIENTS),
        jit=False,
    ),
    "report_b_over_frames": _report_b(
        "report_b_over_frames",
        "Report B's CNN and LSTM with its axes turned, walking over 108 frames",
        "frames",
        (*_B_SIX, Fact(GUESS, "the steps are the frames, as if its axes had been turned")),
        jit=False,
    ),
    "report_b_first": _report_b(
        "report_b_first",
        "Report B's first version, with one convolution a step, walking over 20 coefficients",
        "coefficients",
        (*_B_FIRST, _B_COEFFICIENTS),
        jit=False,
        filters=(32,),
    ),
    "report_c_model_a": _report_c(
        "A",
        "an LSTM and two dense layers",
        "recurrent.report_c_model_a",
        False,
        Fact(STATED, "LSTM 128, dense 64, dropout .4, activation, dense 32, dropout .4, activation, dense 8"),
        Fact(STATED, "77,160 parameters"),
    ),
    "report_c_model_b": _report_c(
        "B",
        "four 1-D convolutions",
        "convolutional.report_c_model_b",
        True,
        Fact(STATED, "4,456 parameters, lengths 38, 36, 18, 16, 14, 7"),
        Fact(DERIVED, "kernels of 3 without padding, from lengths and parameters"),
    ),
    "report_c_model_c": _report_c(
        "C",
        "four 1-D convolutions with dropout, its baseline",
        "convolutional.report_c_model_c",
        False,
        Fact(STATED, "6,520 parameters, lengths 40, 40, 5, 5, 5, dropout .1 to .2"),
        _FIVE,
        Fact(GUESS, "dropout .1 after the second convolution, .2 after the third"),
    ),
    "report_c_model_d": _report_c(
        "D",
        "two wide 1-D convolutions with dropout",
        "convolutional.report_c_model_d",
        False,
        Fact(STATED, "87,944 parameters, lengths 40, 5, 5, dropout .1"),
        _FIVE,
    ),
    "report_d": Network(
        title="Report D's CNN and LSTM over the STFT, with a vote of the frames",
        builder="hybrid.report_d",
        recipe="report_d",
        input_shape=(188, 257, 1),
        reads="picture",
        jit=False,
        source="Report D",
        facts=(
            Fact(STATED, "the STFT as a picture, a CNN, an LSTM, dense layers; 8 classes"),
            Fact(STATED, "the frames' probabilities are summed"),
            Fact(STATED, "dropout on inputs and on recurrent connections"),
            Fact(GUESS, "all sizes: 3 convolutions of 16, 32, 32 filters, LSTM 64, dropout .2"),
            Fact(GUESS, "3 s at 16 kHz, window 512, hop 256; padded frames are masked"),
        ),
    ),
    "report_e_cnn": _report_e(
        "CNN over 40 averaged MFCC",
        "convolutional.report_e_cnn",
        "report_e_mean",
        False,
        Fact(STATED, "convolution with ReLU, max-pooling, batch normalisation, dropout .2, softmax; Adam"),
        Fact(STATED, "scaled by mean and deviation of the training set"),
        Fact(GUESS, "3 blocks of 64, 128, 128 filters, kernels of 5, pools of 2"),
        Fact(GUESS, "it walks over the coefficients of an average over time"),
    ),
    "report_e_lstm": _report_e(
        "LSTM and one dense layer over frames of MFCC",
        "recurrent.stack",
        "report_e",
        True,
        Fact(STATED, "an LSTM and one dense layer; batches are padded to one length"),
        Fact(GUESS, "128 units"),
        cell="lstm",
        units=128,
        name="report_e_lstm",
    ),
    "report_e_ann": _report_e(
        "ANN: four dense layers over 40 averaged MFCC",
        "dense.report_e_ann",
        "report_e_mean",
        False,
        Fact(STATED, "four dense layers of 256 on MFCC, batch size 4"),
        Fact(GUESS, "ReLU, a dense layer with softmax after the four, MFCC averaged over time"),
    ),
    "report_e_gru": _report_e(
        "GRU over frames of MFCC",
        "recurrent.report_e_gru",
        "report_e",
        True,
        Fact(STATED, "GRU 2 x 128, ReLU, dense 256, ReLU, dense 7, softmax; batch size 32"),
        Fact(DERIVED, "its cross-entropy takes a second softmax: see the option double_softmax"),
        Fact(GUESS, "2 x 128 is two layers of 128 units; ReLU acts on the last state"),
    ),
}
"""The networks of the reports, by name."""
