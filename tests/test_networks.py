"""Networks against their reports; TensorFlow only when needed, and quietly."""

import subprocess
import sys

import numpy as np
import pytest

from sercourse import networks
from sercourse.errors import UnknownNameError


def test_model_b_has_the_parameters_and_lengths_of_report_c():
    model = networks.build("report_c_model_b")
    assert model.count_params() == 4456
    lengths = [layer.output.shape[1] for layer in model.layers]
    assert lengths == [38, 36, 18, 16, 14, 7, 112, 8]


def test_the_gru_has_the_parameters_of_its_equations():
    """3 x (units x inputs + units x units + 2 x units) with reset_after, then a dense layer."""
    model = networks.build("gru", input_shape=(50, 20), n_classes=5)
    assert model.count_params() == 3 * (64 * 20 + 64 * 64 + 2 * 64) + 5 * (64 + 1)


def test_padded_frames_change_nothing_for_the_gru():
    x = np.random.default_rng(0).normal(size=(3, 40, 20)).astype("float32")
    padded = np.concatenate([x, np.zeros((3, 10, 20), "float32")], axis=1)
    model = networks.build("gru", input_shape=(None, 20))
    np.testing.assert_allclose(model(x), model(padded), atol=1e-6)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_every_network_gives_probabilities(name):
    known = networks.network(name)
    model = networks.build(name)
    x = np.random.default_rng(0).normal(size=(4, *known.input_shape)).astype("float32")
    output = np.asarray(model(x))
    assert output.shape == (4, known.n_classes)
    np.testing.assert_allclose(output.sum(axis=1), 1, atol=1e-6)


def test_arrange_turns_coefficients_into_steps():
    x = np.arange(6).reshape(1, 1, 6)
    assert networks.arrange("report_c_model_b", x).shape == (1, 6, 1)
    assert networks.arrange("gru", x) is x


def test_an_unknown_network_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"'lstm'.*gru, .*report_c_model_b"):
        networks.build("lstm")


def test_tensorflow_is_loaded_by_build_and_writes_nothing():
    code = (
        "import sys\n"
        "from sercourse import cli, corpora, evaluation, features, networks, plots\n"
        "from sercourse import reports, splits, training\n"
        "corpora.load, features.extract, corpora.CORPORA\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules\n"
        "networks.build('gru')\n"
        "assert 'tensorflow' in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", code], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_a_failing_import_wrote_is_shown():
    code = (
        "import os, sys\n"
        "from sercourse.networks.backend import _stderr_aside\n"
        "with _stderr_aside():\n"
        "    os.write(2, b'noise from below')\n"
        "    raise ImportError('no such backend')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "noise from below" in done.stderr
    assert "no such backend" in done.stderr


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        # A layer of u units over d inputs: SimpleRNN u(d + u + 1), GRU 3u(d + u + 2) as Keras resets, LSTM
        # 4u(d + u + 1), twice that when bidirectional; then 5 classes.
        ("report_a_simple_rnn", 64 * (20 + 65) + 3 * 64 * (64 + 65) + 5 * 65),
        ("report_a_gru", 3 * 64 * (20 + 66) + 3 * 3 * 64 * (64 + 66) + 5 * 65),
        ("report_a_bilstm", 2 * 4 * 64 * (20 + 65) + 3 * 2 * 4 * 64 * (128 + 65) + 5 * 129),
    ],
)
def test_report_as_stacks_have_the_parameters_of_four_layers(name, parameters):
    assert networks.build(name).count_params() == parameters
