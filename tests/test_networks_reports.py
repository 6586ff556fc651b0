"""The reports' networks: parameters and lengths as stated, or counted by hand."""

import math

import numpy as np
import pytest

from sercourse import networks
from sercourse.networks.backend import load_keras

LN_FLOOR_7 = 1.1654
"""ln(e + 7 - 1) - 1, of which Report E's loss of 1.1745 is not far."""


@pytest.mark.parametrize(
    ("model", "parameters", "lengths"),
    [
        ("a", 77_160, []),
        ("b", 4_456, [38, 36, 18, 16, 14, 7]),
        ("c", 6_520, [40, 40, 5, 5, 5]),
        ("d", 87_944, [40, 5, 5]),
    ],
)
def test_report_cs_models_have_its_parameters_and_lengths(model, parameters, lengths):
    built = networks.build(f"report_c_model_{model}")
    assert built.count_params() == parameters
    changes = [layer for layer in built.layers if layer.name.startswith(("conv", "max"))]
    assert [layer.output.shape[1] for layer in changes] == lengths
    assert built.input_shape == (None, 40, 1)


def test_report_cs_flattened_lengths():
    flat = {
        model: next(
            layer for layer in networks.build(f"report_c_model_{model}").layers if "flatten" in layer.name
        )
        for model in "bcd"
    }
    assert {model: layer.output.shape[1] for model, layer in flat.items()} == {"b": 112, "c": 80, "d": 640}


@pytest.mark.parametrize(
    ("name", "options", "parameters"),
    [
        # A layer of u units over d inputs: SimpleRNN u(d + u + 1), GRU 3u(d + u + 2) as Keras resets, LSTM
        # 4u(d + u + 1), twice that when bidirectional; then 5 classes.
        ("report_a_simple_rnn", {}, 64 * (20 + 65) + 3 * 64 * (64 + 65) + 5 * 65),
        ("report_a_simple_rnn", {"n_layers": 6}, 64 * (20 + 65) + 5 * 64 * (64 + 65) + 5 * 65),
        ("report_a_gru", {}, 3 * 64 * (20 + 66) + 3 * 3 * 64 * (64 + 66) + 5 * 65),
        ("report_a_bilstm", {}, 2 * 4 * 64 * (20 + 65) + 3 * 2 * 4 * 64 * (128 + 65) + 5 * 129),
        ("report_e_ann", {}, 256 * 41 + 3 * 256 * 257 + 7 * 257),
        ("report_e_lstm", {}, 4 * 128 * (40 + 128 + 1) + 7 * 129),
        ("report_e_gru", {}, 3 * 128 * (40 + 130) + 3 * 128 * (128 + 130) + 256 * 129 + 7 * 257),
        # Kernels of 5 over 1, 64, 128 channels; batch normalisation learns two values a channel, keeps two.
        ("report_e_cnn", {}, 64 * 6 + 128 * 321 + 128 * 641 + 4 * (64 + 128 + 128) + 7 * (5 * 128 + 1)),
        # Kernels of 3; 108 values halve to 54 27 14 7 4 2, so that each step has 2 x 128.
        (
            "report_b",
            {},
            32 * 4 + 32 * 97 + 64 * 97 + 64 * 193 + 128 * 193 + 128 * 385 + 4 * 2 * (32 + 64 + 128)
            + 4 * 64 * (256 + 65) + 4 * 32 * (64 + 33) + 64 * 33 + 4 * 64 + 8 * 65,
        ),
        (
            "report_b_first",
            {},
            32 * 4 + 4 * 32 + 4 * 64 * (54 * 32 + 65) + 4 * 32 * (64 + 33) + 64 * 33 + 4 * 64 + 8 * 65,
        ),
        # 257 frequencies pooled by 4, 4 and 2 are 9.
        ("report_d", {}, 16 * 10 + 32 * 145 + 32 * 289 + 4 * 64 * (9 * 32 + 65) + 8 * 65),
    ],
)  # fmt: skip
def test_parameters_counted_by_hand(name, options, parameters):
    assert networks.build(name, **options).count_params() == parameters


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("report_a_simple_rnn", "SimpleRNN"),
        ("report_a_gru", "GRU"),
        ("report_a_bilstm", "LSTM"),
        ("gru", None),
    ],
)
def test_a_seed_gives_the_weights_that_shipped_measurements_began_with(name, layer):
    """As the course's first version wrote them: the recurrent layers, then masking, then the dense layer."""
    keras = load_keras()
    layers = keras.layers
    keras.utils.set_random_seed(3)
    if layer is None:
        stack = [layers.GRU(64)]
    else:
        stack = [getattr(layers, layer)(64, dropout=0.1, return_sequences=number < 3) for number in range(4)]
    if layer == "LSTM":
        keras.utils.set_random_seed(3)
        stack = [
            layers.Bidirectional(layers.LSTM(64, dropout=0.1, return_sequences=number < 3))
            for number in range(4)
        ]
    first = keras.Sequential([keras.Input((130, 20)), layers.Masking(), *stack, layers.Dense(8)])
    keras.utils.set_random_seed(3)
    now = networks.build(name, n_classes=8, **({} if layer is None else {"dropout": 0.1}))
    for own, expected in zip(now.get_weights(), first.get_weights(), strict=True):
        np.testing.assert_array_equal(own, expected)


def test_report_bs_convolution_is_a_conv1d_distributed_over_steps():
    keras = load_keras()
    model = networks.build("report_b", filters=(8,))
    x = np.random.default_rng(0).normal(size=(2, 20, 108, 1)).astype("float32")
    distributed = keras.layers.TimeDistributed(keras.layers.Conv1D(8, 3, strides=2, padding="same"))
    distributed.build(x.shape)
    ours = model.layers[1]
    ours.bias.assign(np.arange(8.0))
    distributed.layer.set_weights([np.asarray(ours.kernel)[0], np.asarray(ours.bias)])
    np.testing.assert_allclose(np.asarray(ours(x)), np.asarray(distributed(x)), atol=1e-5)


def test_report_b_walks_over_either_axis():
    shapes = {
        name: next(
            layer for layer in networks.build(name).layers if layer.name.startswith("lstm")
        ).output.shape
        for name in ("report_b", "report_b_over_frames", "report_b_first")
    }
    assert {name: shape[1:] for name, shape in shapes.items()} == {
        "report_b": (20, 64),
        "report_b_over_frames": (108, 64),
        "report_b_first": (20, 64),
    }


def test_the_double_softmax_has_its_floor():
    """ln(e + K - 1) - 1, from the definition: the right one of K gets e / (e + K - 1)."""
    keras = load_keras()
    perfect = np.eye(7, dtype="float32")
    model = networks.build("report_e_gru", double_softmax=True)
    twice = model.get_layer("second_softmax")(perfect)
    loss = keras.losses.sparse_categorical_crossentropy(np.arange(7), twice)
    np.testing.assert_allclose(np.asarray(loss), math.log(math.e + 6) - 1, atol=1e-6)
    np.testing.assert_allclose(np.asarray(loss), LN_FLOOR_7, atol=5e-5)


@pytest.mark.parametrize(
    ("double", "from_logits", "expected"),
    [(True, False, LN_FLOOR_7), (False, False, 0), (False, True, 0)],
)
def test_only_the_second_softmax_shows_the_floor(double, from_logits, expected):
    """A network that is sure and right: with from_logits=True Keras goes back to the logits, and warns."""
    keras = load_keras()
    model = networks.build("report_e_gru", input_shape=(6, 40), double_softmax=double)
    dense = next(layer for layer in reversed(model.layers) if layer.name.startswith("dense"))
    dense.set_weights([np.zeros((256, 7)), 100.0 * np.eye(7)[3]])
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits))
    x, y = np.ones((4, 6, 40), "float32"), np.full(4, 3)
    if from_logits:
        with pytest.warns(UserWarning, match="from_logits=True"):
            loss = model.evaluate(x, y, verbose=0)
    else:
        loss = model.evaluate(x, y, verbose=0)
    assert loss == pytest.approx(expected, abs=1e-4)


def test_report_d_adds_up_what_its_frames_say():
    x = np.random.default_rng(0).normal(size=(2, 61, 257, 1)).astype("float32")
    model = networks.build("report_d", input_shape=(None, 257, 1))
    frames = networks.layer_output(model, "frame_probabilities", x)
    assert frames.shape == (2, 16, 8)  # 61 frames in twos, and in twos again
    added = frames.sum(axis=1)
    np.testing.assert_allclose(np.asarray(model(x)), added / added.sum(axis=1, keepdims=True), atol=1e-5)
