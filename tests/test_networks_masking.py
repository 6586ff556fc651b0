"""Padded frames change nothing: for layers, against NumPy on the frames alone; for networks, end to end."""

import numpy as np
import pytest

from sercourse import networks
from sercourse.networks.backend import load_keras

SEQUENCES = [
    *(f"report_a_{cell}" for cell in ("simple_rnn", "bilstm", "gru")),
    *("report_e_lstm", "report_e_gru"),
    *("simple_rnn", "lstm", "bilstm", "gru", "ind_rnn", "second_order_rnn"),
    *("lstm_last", "lstm_mean", "lstm_attention"),
]
OVER_FRAMES = {
    **dict.fromkeys(SEQUENCES, (None, 6)),
    "report_b_over_frames": (None, 6),
    "report_d": (None, 40, 1),
    "log_mel_cnn": (None, 16, 1),
    "crnn": (None, 16, 1),
    "course_best": (None, 16, 1),
}
NO_FRAMES_OR_NO_MASK = {
    "report_b",
    "report_b_first",
    "report_e_ann",
    "report_e_cnn",
    "transfer_mobilenet",
} | {f"report_c_model_{model}" for model in "abcd"}


def with_random_weights(model):
    """Draw every weight, biases and the moments of batch normalisation too: zeros would hide mistakes."""
    draw = np.random.default_rng(0)
    for variable in model.variables:
        if "seed" in variable.name:
            continue
        n_inputs = np.prod(variable.shape[:-1]) if len(variable.shape) > 1 else 4
        values = draw.normal(scale=(2 / n_inputs) ** 0.5, size=variable.shape)
        if "variance" in variable.name or "gamma" in variable.name:
            values = np.abs(values) + 0.5
        variable.assign(values if variable.constraint is None else variable.constraint(values))
    return model


def drawn(shape, n_frames, n=3):
    sizes = tuple(n_frames if size is None else size for size in shape)
    return np.random.default_rng(1).normal(size=(n, *sizes)).astype("float32")


def padded(x, n_frames):
    return np.pad(x, [(0, 0), (0, n_frames), *[(0, 0)] * (x.ndim - 2)])


def test_every_network_is_tested_here_or_has_no_mask():
    assert set(OVER_FRAMES) | NO_FRAMES_OR_NO_MASK == set(networks.NETWORKS)


@pytest.mark.parametrize("name", OVER_FRAMES)
def test_padded_frames_change_nothing(name):
    """17 frames are no multiple of any pool, so that a padded frame shares a pool with one that is there."""
    options = {"masking": True} if name == "report_b_over_frames" else {}
    model = with_random_weights(networks.build(name, OVER_FRAMES[name], 4, **options))
    x = drawn(OVER_FRAMES[name], 17)
    alone = np.asarray(model(x))
    assert np.ptp(alone, axis=0).max() > 1e-3  # it does look at its input
    for n_padded in (1, 10):
        np.testing.assert_allclose(np.asarray(model(padded(x, n_padded))), alone, atol=1e-5)


@pytest.mark.parametrize("name", ["gru", "lstm_attention", "log_mel_cnn", "crnn", "course_best", "report_d"])
def test_utterances_of_different_lengths_share_a_batch(name):
    model = with_random_weights(networks.build(name, OVER_FRAMES[name], 4))
    x = drawn(OVER_FRAMES[name], 21)
    lengths = (21, 14, 9)
    for row, length in enumerate(lengths):
        x[row, length:] = 0
    together = np.asarray(model(x))
    alone = [np.asarray(model(x[row : row + 1, :length]))[0] for row, length in enumerate(lengths)]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_an_lstm_walks_backwards_over_the_frames_that_are_there():
    forward = with_random_weights(networks.build("lstm", (None, 6), 4))
    backward = with_random_weights(networks.build("lstm", (None, 6), 4, go_backwards=True))
    x = drawn((None, 6), 17)
    np.testing.assert_allclose(np.asarray(backward(padded(x, 5))), np.asarray(forward(x[:, ::-1])), atol=1e-5)


def test_report_b_heeds_padded_frames_unless_it_is_told_to_mask_them():
    model = with_random_weights(networks.build("report_b_over_frames", (None, 6), 4))
    x = drawn((None, 6), 17)
    assert np.abs(np.asarray(model(padded(x, 10))) - np.asarray(model(x))).max() > 1e-3


@pytest.fixture(scope="module")
def masked():
    """A batch of two pictures of 9 frames, the second of which has 5, and its mask."""
    x = drawn((9, 6, 3), 9, n=2)
    x[1, 5:] = 0
    keep = np.ones((2, 9), bool)
    keep[1, 5:] = False
    return x, keep


def test_the_mask_of_a_picture_and_of_its_pools(masked):
    load_keras()
    from sercourse.networks import masking

    x, keep = masked
    np.testing.assert_array_equal(np.asarray(masking.MaskFrames().compute_mask(x)), keep)
    pool = masking.MaskedMaxPooling2D((2, 3))
    pooled = [[True] * 5, [True, True, True, False, False]]  # 5 frames are 3 pools of two
    np.testing.assert_array_equal(np.asarray(pool.compute_mask(x, keep)), pooled)


def test_batch_normalisation_learns_from_the_frames_that_are_there(masked):
    load_keras()
    from sercourse.networks import masking

    x, keep = masked
    x = x + 5.0
    layer = masking.MaskedBatchNormalization(momentum=0.0, epsilon=0.0)
    output = np.asarray(layer(x, training=True, mask=keep))
    there = x[keep].reshape(-1, 3)
    np.testing.assert_allclose(np.asarray(layer.moving_mean), there.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(np.asarray(layer.moving_variance), there.var(axis=0), rtol=1e-4)
    np.testing.assert_allclose(output[keep].reshape(-1, 3).mean(axis=0), 0, atol=1e-5)


def test_a_pool_takes_the_largest_frame_that_is_there(masked):
    """All values are below 0, so that a padded 0 would win."""
    load_keras()
    from sercourse.networks import masking

    x, keep = masked
    x = np.where(keep[:, :, None, None], x - 10, 0)
    output = np.asarray(masking.MaskedMaxPooling2D((2, 3))(x, mask=keep))
    assert output.shape == (2, 5, 2, 3)
    np.testing.assert_allclose(output[1, 2, 0], x[1, 4, :3].max(axis=0))
    np.testing.assert_allclose(output[1, 1, 1], x[1, 2:4, 3:].max(axis=(0, 1)))
    assert (output[1, 3:] == 0).all()


def test_layers_that_could_not_keep_the_mask_are_refused():
    load_keras()
    from sercourse.networks import masking

    with pytest.raises(ValueError, match="padding is 'valid'"):
        masking.MaskedConv2D(4, (3, 3), padding="valid")
    with pytest.raises(ValueError, match="stride over frames 2"):
        masking.MaskedConv2D(4, (3, 3), strides=2)
    with pytest.raises(ValueError, match=r"strides \(1, 1\)"):
        masking.MaskedMaxPooling2D((2, 2), strides=1)
    with pytest.raises(ValueError, match=r"pool of \(3, 2\); .* 1 or 2 frames"):
        masking.MaskedMaxPooling2D((3, 2))
