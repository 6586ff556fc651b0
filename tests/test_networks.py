"""Networks by name; what each is described by; TensorFlow only when needed, and quietly."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sercourse import features, networks
from sercourse.errors import SercourseError, UnknownNameError
from sercourse.features.compute import compute
from sercourse.networks.backend import load_keras

OFFLINE = {"transfer_mobilenet": {"weights": None}}
"""Options without which a network needs the internet."""


def built(name, input_shape=None, n_classes=None, **options):
    return networks.build(name, input_shape, n_classes, **{**OFFLINE.get(name, {}), **options})


def of_one_length(shape, n_frames=100):
    return tuple(n_frames if size is None else size for size in shape)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_every_network_gives_probabilities(name):
    known = networks.network(name)
    x = np.random.default_rng(0).normal(size=(4, *of_one_length(known.input_shape))).astype("float32")
    output = built(name).predict_on_batch(x)  # as a graph: frame by frame it takes four times as long
    assert output.shape == (4, known.n_classes)
    np.testing.assert_allclose(output.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_every_network_has_the_shape_of_its_recipe(name):
    known = networks.network(name)
    recipe = features.recipe(known.recipe)
    noise = np.random.default_rng(0).normal(size=4 * recipe.rate).astype("float32")
    frames = compute(noise, recipe.rate, recipe)[None, : recipe.n_frames]
    shape = networks.arrange(name, frames).shape[1:]
    assert of_one_length(known.input_shape, len(frames[0])) == shape
    assert (None in known.input_shape) == (recipe.n_frames is None)


def test_arrange_turns_coefficients_into_steps_and_frames_into_pictures():
    x = np.arange(12).reshape(1, 3, 4)
    assert networks.arrange("gru", x) is x
    coefficients = networks.arrange("report_b", x)
    assert coefficients.shape == (1, 4, 3)
    assert coefficients[0, 1, 2] == x[0, 2, 1]
    picture = networks.arrange("crnn", x)
    assert picture.shape == (1, 3, 4, 1)
    assert picture[0, 2, 1, 0] == x[0, 2, 1]


def test_an_unknown_network_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"'lsmt'.*gru, .*report_c_model_b"):
        networks.build("lsmt")
    with pytest.raises(UnknownNameError, match="'lsmt'"):
        networks.describe("lsmt")


@pytest.mark.parametrize(
    ("name", "parameters_of"),
    [
        # One layer of u units over 20 coefficients, then 8 classes.
        ("simple_rnn", lambda u: u * (20 + u + 1) + 8 * (u + 1)),
        ("lstm", lambda u: 4 * u * (20 + u + 1) + 8 * (u + 1)),
        ("bilstm", lambda u: 2 * 4 * u * (20 + u + 1) + 8 * (2 * u + 1)),
        ("gru", lambda u: 3 * u * (20 + u + 2) + 8 * (u + 1)),
        ("ind_rnn", lambda u: u * (20 + 2) + u * (u + 2) + 8 * (u + 1)),
        ("second_order_rnn", lambda u: u * (20 * u + 1) + 8 * (u + 1)),
    ],
)
def test_units_for_equal_parameters(name, parameters_of):
    best = min(range(1, 300), key=lambda u: abs(parameters_of(u) - 20_000))
    assert networks.units_for(name, 20_000) == best
    assert networks.build(name, units=best).count_params() == parameters_of(best)
    assert networks.units_for(name, 1) == 1


def test_the_best_networks_parameters_are_as_counted_by_hand():
    """Four blocks of convolution and normalisation, a GRU each way over 4 bands of 96, attention, classes."""
    convolutions = sum(9 * below * own + own for below, own in ((1, 16), (16, 32), (32, 64), (64, 96)))
    normalised = 4 * (16 + 32 + 64 + 96)
    gru = 3 * (4 * 96 * 64 + 64 * 64 + 2 * 64)
    by_hand = convolutions + normalised + 2 * gru + 128 + (128 * 8 + 8)
    assert networks.build("course_best").count_params() == by_hand == 253_480


def test_a_description_has_layers_lengths_parameters_and_marks():
    described = networks.describe("report_c_model_b")
    assert described.layers["shape"].tolist()[:6] == [
        (38, 8),
        (36, 16),
        (18, 16),
        (16, 32),
        (14, 16),
        (7, 16),
    ]
    assert described.layers["kind"].tolist()[:3] == [
        "Conv1D, kernel 3",
        "Conv1D, kernel 3",
        "MaxPooling1D, pool 2",
    ]
    assert described.parameters == described.layers["parameters"].sum() == 4456
    assert described.source == "Report C"
    assert {fact.mark for fact in described.facts} == {"stated", "derived", "our guess"}
    assert "our guess: the activations are ReLU" in str(described)
    assert "<td>38 x 8</td>" in described._repr_html_()
    assert "<em>our guess</em>: the activations are ReLU" in described._repr_html_()


@pytest.mark.parametrize("name", networks.NETWORKS)
def test_a_report_is_named_and_every_fact_of_it_is_marked(name):
    known = networks.network(name)
    assert name.startswith("report_") == known.source.startswith("Report ")
    if known.source.startswith("Report "):
        assert known.source == f"Report {name[len('report_')].upper()}"
        marks = [fact.mark for fact in known.facts]
        assert {"stated", "our guess"} <= set(marks) <= {"stated", "derived", "our guess"}
    else:
        assert not known.facts


def test_a_description_follows_the_options_and_names_what_is_wrapped():
    double = networks.describe("report_e_gru", double_softmax=True)
    assert double.layers["kind"].tolist()[-2:] == ["Softmax", "Softmax 'second_softmax'"]
    assert "any x 40" in str(double)
    assert networks.describe("bilstm", n_classes=3).layers["kind"].tolist() == [
        "Masking", "LSTM, both ways", "Dense"
    ]  # fmt: skip
    assert networks.describe("ind_rnn").layers["kind"].tolist()[1] == "IndRNNCell"


def test_without_a_network_the_weights_of_photographs_cannot_be_had(tmp_path, monkeypatch):
    def unreachable(*args, **kwargs):
        raise OSError("no route to host")

    load_keras()
    monkeypatch.setattr("socket.getaddrinfo", unreachable)
    monkeypatch.setattr("socket.socket.connect", unreachable)
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path))  # where none were kept
    with pytest.raises(SercourseError, match=r"'imagenet' of MobileNetV2 cannot be had .*weights=None"):
        networks.build("transfer_mobilenet")
    with pytest.raises(SercourseError, match=r"nowhere\.h5"):
        networks.build("transfer_mobilenet", weights=str(tmp_path / "nowhere.h5"))


def test_random_weights_are_trained_and_others_stay_as_they_are():
    model = built("transfer_mobilenet")
    assert len(model.trainable_variables) > 100
    model = built("transfer_mobilenet", trainable=False)
    assert [variable.shape for variable in model.trainable_variables] == [(1280, 8), (8,)]


def test_tensorflow_is_loaded_by_build_and_nothing_is_written_with_a_mask_either():
    code = (
        "import sys\n"
        "from sercourse import cli, corpora, evaluation, features, networks, plots\n"
        "from sercourse import reports, splits, training\n"
        "corpora.load, features.extract, corpora.CORPORA\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules\n"
        "model = networks.build('gru')\n"
        "assert 'tensorflow' in sys.modules\n"
        "import numpy\n"
        "model(numpy.ones((1, 130, 20), 'float32'))\n"
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


def test_networks_are_pure_keras():
    """Only the module that loads TensorFlow quietly names it."""
    modules = Path(networks.__file__).parent.glob("*.py")
    naming = [path.name for path in modules if re.search(r"\btf\.|import tensorflow", path.read_text())]
    assert naming == ["backend.py"]
