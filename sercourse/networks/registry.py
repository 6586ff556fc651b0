"""The networks of the course by name, and what is known of each before it is built."""

import importlib
from dataclasses import dataclass

import numpy as np

from sercourse.errors import UnknownNameError
from sercourse.networks.backend import load_keras


@dataclass(frozen=True)
class Network:
    """A network and the values its report gives it.

    Attributes
    ----------
    title : str
    builder : str
        ``module.function`` in this room: ``function(input_shape, n_classes) -> keras.Model``.
    recipe : str
        Name of the features it reads, see `sercourse.features.recipes`.
    input_shape : tuple of (int, int)
        Steps that the network walks over, and values a step.
    walks_over : str
        ``frames`` or ``coefficients``: which axis of the features the steps are.
    jit : bool
        Whether XLA makes its training faster (measured on two cores).
    n_classes : int
    """

    title: str
    builder: str
    recipe: str
    input_shape: tuple[int, int]
    walks_over: str
    jit: bool
    n_classes: int = 8


NETWORKS = {
    "report_c_model_b": Network(
        title="Report C's Model B: four 1-D convolutions over 40 averaged MFCC",
        builder="convolutional.report_c_model_b",
        recipe="report_c",
        input_shape=(40, 1),
        walks_over="coefficients",
        jit=True,
    ),
    "gru": Network(
        title="one GRU layer of 64 units over frames of MFCC",
        builder="recurrent.gru",
        recipe="report_a",
        input_shape=(130, 20),
        walks_over="frames",
        jit=True,
    ),
    **{
        f"report_a_{cell}": Network(
            title=f"Report A's stack of four {layer} layers over 130 frames of 20 MFCC",
            builder=f"recurrent.report_a_{cell}",
            recipe="report_a",
            input_shape=(130, 20),
            walks_over="frames",
            jit=jit,
            n_classes=5,
        )
        for cell, layer, jit in (
            ("simple_rnn", "SimpleRNN", True),
            ("gru", "GRU", True),
            ("bilstm", "bidirectional LSTM", False),
        )
    },
}


def network(name: str) -> Network:
    """Return what is known of a network by its name.

    Raises
    ------
    UnknownNameError
        Lists the names in `NETWORKS`.
    """
    if name not in NETWORKS:
        raise UnknownNameError("network", name, NETWORKS)
    return NETWORKS[name]


def build(name: str, input_shape: tuple[int, int] | None = None, n_classes: int | None = None, **options):
    """Build an untrained network.

    Parameters
    ----------
    name : str
        One of `NETWORKS`.
    input_shape : tuple of (int, int), optional
        Steps and values a step; by default the report's own.
    n_classes : int, optional
        By default the report's own.
    **options
        Passed on to the network's own function.

    Returns
    -------
    keras.Model
        Input ``(batch, *input_shape)``, output ``(batch, n_classes)``: probabilities.

    Raises
    ------
    UnknownNameError
        No network has this name.
    """
    known = network(name)
    load_keras()
    module, function = known.builder.split(".")
    builder = getattr(importlib.import_module(f"sercourse.networks.{module}"), function)
    return builder(input_shape or known.input_shape, n_classes or known.n_classes, **options)


def arrange(name: str, x: np.ndarray) -> np.ndarray:
    """Arrange features the way a network reads them.

    Parameters
    ----------
    name : str
        One of `NETWORKS`.
    x : numpy.ndarray, shape (n_utterances, n_frames, n_coefficients)

    Returns
    -------
    numpy.ndarray
        ``x`` itself for a network that walks over frames; for one that walks over
        coefficients, with shape (n_utterances, n_coefficients, n_frames).
    """
    return x if network(name).walks_over == "frames" else np.swapaxes(x, 1, 2)
