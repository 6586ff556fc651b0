"""IndRNN and second-order cells against loops in NumPy, attention against its formula; gradients; files."""

import subprocess
import sys

import numpy as np
import pytest

from sercourse import networks
from sercourse.networks.backend import load_keras


@pytest.fixture(scope="module")
def keras():
    return load_keras()


@pytest.fixture
def frames():
    return np.random.default_rng(1).normal(size=(3, 12, 5)).astype("float32")


def with_random_weights(layer, x, seed=2):
    """Build a layer and draw its weights; none of them may be zero, lest it hide a mistake."""
    layer(x)
    draw = np.random.default_rng(seed)
    layer.set_weights([draw.normal(scale=0.5, size=weight.shape) for weight in layer.get_weights()])
    return layer


def ind_rnn_by_hand(x, kernel, recurrent, bias):
    """Li et al. (2018), equation 1, with the rectifier."""
    state, states = np.zeros((len(x), len(bias))), []
    for frame in np.swapaxes(x.astype(float), 0, 1):
        state = np.maximum(frame @ kernel + recurrent * state + bias, 0)
        states.append(state)
    return np.stack(states, axis=1)


def second_order_by_hand(x, kernel, bias):
    """Giles et al. (1992): each product of state and input has a weight; the first state is 1, 0, ..."""
    states = np.zeros((len(x), x.shape[1], len(bias)))
    for utterance, sequence in enumerate(x.astype(float)):
        state = np.eye(len(bias))[0]
        for time, frame in enumerate(sequence):
            total = bias.astype(float).copy()
            for i in range(len(bias)):
                for j in range(len(bias)):
                    for k in range(len(frame)):
                        total[i] += kernel[j, k, i] * state[j] * frame[k]
            state = 1 / (1 + np.exp(-total))
            states[utterance, time] = state
    return states


def test_ind_rnn_equals_a_loop(keras, frames):
    from sercourse.networks.cells import IndRNNCell

    layer = with_random_weights(keras.layers.RNN(IndRNNCell(4), return_sequences=True), frames)
    expected = ind_rnn_by_hand(frames, *layer.get_weights())
    assert (expected > 0).any()
    np.testing.assert_allclose(np.asarray(layer(frames)), expected, atol=1e-5)


def test_the_second_order_cell_equals_a_loop(keras, frames):
    from sercourse.networks.cells import SecondOrderCell

    layer = with_random_weights(keras.layers.RNN(SecondOrderCell(4), return_sequences=True), frames)
    expected = second_order_by_hand(frames, *layer.get_weights())
    np.testing.assert_allclose(np.asarray(layer(frames)), expected, atol=1e-5)


def test_the_first_frame_counts_for_the_second_order_cell(keras, frames):
    from sercourse.networks.cells import SecondOrderCell

    layer = with_random_weights(keras.layers.RNN(SecondOrderCell(4)), frames[:, :1])
    first, other = np.asarray(layer(frames[:, :1])), np.asarray(layer(frames[:, 1:2]))
    assert np.abs(first - other).max() > 1e-2


def test_the_own_weights_of_ind_rnn_stay_within_their_bound(keras, frames):
    from sercourse.networks.cells import IndRNNCell

    layer = keras.layers.RNN(IndRNNCell(50, bound=0.9))
    model = keras.Sequential([keras.Input((12, 5)), layer, keras.layers.Dense(1)])
    recurrent = layer.get_weights()[1]
    assert recurrent.min() >= 0
    assert recurrent.max() <= 0.9
    assert recurrent.std() == pytest.approx(0.9 / 12**0.5, rel=0.3)  # uniform
    model.compile(optimizer=keras.optimizers.SGD(100.0), loss="mse")
    model.train_on_batch(frames, np.full((3, 1), 1e3))
    moved = layer.get_weights()[1]
    assert np.abs(moved).max() == pytest.approx(0.9)
    assert not np.allclose(moved, recurrent)


def test_attention_is_a_softmax_over_the_frames_that_are_there(keras):
    keras.utils.set_random_seed(0)
    model = networks.build("lstm_attention", input_shape=(None, 5), units=6)
    attention = model.get_layer("attention")
    attention.set_weights([np.random.default_rng(0).normal(scale=3, size=(6, 1))])
    x = np.random.default_rng(1).normal(size=(2, 15, 5)).astype("float32")
    x[0, 9:] = 0
    weights = networks.attention_weights(model, x)
    lstm = next(layer.name for layer in model.layers if layer.name.startswith("lstm"))
    for row, n_frames in ((0, 9), (1, 15)):
        states = networks.layer_output(model, lstm, x)[row, :n_frames]
        raised = np.exp(states @ attention.get_weights()[0][:, 0])
        np.testing.assert_allclose(weights[row, :n_frames], raised / raised.sum(), atol=1e-5)
        assert (weights[row, n_frames:] == 0).all()
        pooled = weights[row, :n_frames] @ states
        kernel, bias = model.layers[-1].get_weights()
        raised = np.exp(pooled @ kernel + bias)
        np.testing.assert_allclose(np.asarray(model(x))[row], raised / raised.sum(), atol=1e-5)
    assert weights.max() > 1.5 / 9  # not just a mean


def test_untrained_attention_is_a_mean(keras):
    keras.utils.set_random_seed(0)
    attention = networks.build("lstm_attention", input_shape=(None, 5))
    keras.utils.set_random_seed(0)
    mean = networks.build("lstm_mean", input_shape=(None, 5))
    x = np.random.default_rng(1).normal(size=(2, 15, 5)).astype("float32")
    x[0, 9:] = 0
    np.testing.assert_allclose(networks.attention_weights(attention, x)[0, :9], 1 / 9, atol=1e-6)
    mean.layers[-1].set_weights(attention.layers[-1].get_weights())
    np.testing.assert_allclose(np.asarray(attention(x)), np.asarray(mean(x)), atol=1e-5)


def test_what_cannot_be_seen_is_said():
    with pytest.raises(ValueError, match="'lstm_mean' has no attention; build 'lstm_attention'"):
        networks.attention_weights(networks.build("lstm_mean"), np.ones((1, 130, 20)))
    with pytest.raises(ValueError, match="pooling is 'max'; choose one of: last, mean, attention"):
        networks.build("lstm_mean", pooling="max")


def test_a_layers_output_is_found_by_number_too(keras):
    model = networks.build("report_c_model_b")
    x = np.random.default_rng(1).normal(size=(2, 40, 1)).astype("float32")
    first = np.asarray(model.layers[0](x))
    np.testing.assert_allclose(networks.layer_output(model, 0, x), first, atol=1e-6)


SHORT = {
    "report_b": (6, 24),
    "report_b_over_frames": (24, 6),
    "report_b_first": (6, 24),
    "report_c_model_a": (8, 1),
    "report_c_model_b": (40, 1),
    "report_c_model_c": (40, 1),
    "report_c_model_d": (40, 1),
    "report_d": (16, 40, 1),
    "report_e_cnn": (40, 1),
    "report_e_ann": (1, 40),
    "log_mel_cnn": (16, 16, 1),
    "crnn": (16, 16, 1),
    "course_best": (32, 16, 1),
    "transfer_mobilenet": (16, 16, 1),
}
"""Small input shapes; (6, 6) for the others."""


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_the_gradient_reaches_every_weight(keras, name):
    import tensorflow as tf

    keras.utils.set_random_seed(0)
    shape = SHORT.get(name, (6, 6))
    options = {"weights": None} if name == "transfer_mobilenet" else {}
    model = networks.build(name, shape, 4, **options)
    x = np.random.default_rng(0).normal(size=(8, *shape)).astype("float32")
    with tf.GradientTape() as tape:
        loss = keras.losses.sparse_categorical_crossentropy(np.arange(8) % 3, model(x, training=False))
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        assert gradient is not None, variable.path
        assert np.isfinite(gradient).all(), variable.path
        assert np.abs(gradient).max() > 0, variable.path


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ind_rnn", {"bound": 0.5}),
        ("second_order_rnn", {}),
        ("lstm_attention", {}),
        ("log_mel_cnn", {}),
        ("crnn", {}),
        ("report_b_over_frames", {"masking": True}),
        ("report_d", {}),
        ("report_e_gru", {"double_softmax": True}),
    ],
)
def test_a_network_is_the_same_after_it_was_saved(keras, tmp_path, name, options):
    shape = SHORT.get(name, (6, 6))
    model = networks.build(name, shape, 4, **options)
    x = np.random.default_rng(0).normal(size=(3, *shape)).astype("float32")
    x[0, -4:] = 0
    before = np.asarray(model(x))
    model.save(tmp_path / "model.keras")
    again = networks.load(tmp_path / "model.keras")
    np.testing.assert_allclose(np.asarray(again(x)), before, atol=1e-6)
    kinds = [[type(layer) for layer in each.layers] for each in (model, again)]
    assert kinds[0] == kinds[1]


def test_a_saved_network_is_read_in_a_process_that_has_built_none(tmp_path):
    model = networks.build("crnn", SHORT["crnn"], 4)
    model.save(tmp_path / "model.keras")
    code = "import sys\nfrom sercourse import networks\nprint(networks.load(sys.argv[1]).count_params())\n"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "model.keras")], capture_output=True, text=True
    )
    assert done.stdout.strip() == str(model.count_params()), done.stderr
