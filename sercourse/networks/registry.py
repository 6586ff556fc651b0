"""The networks by name: look one up, build it, arrange features for it."""

import importlib

import numpy as np

from sercourse.errors import UnknownNameError
from sercourse.networks.backend import load_keras
from sercourse.networks.course_networks import COURSE
from sercourse.networks.network import Network
from sercourse.networks.report_networks import REPORTS

NETWORKS: dict[str, Network] = {**REPORTS, **COURSE}
"""All networks of the course by name: those of the reports, then its own."""


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


def build(
    name: str, input_shape: tuple[int | None, ...] | None = None, n_classes: int | None = None, **options
):
    """Build an untrained network.

    Parameters
    ----------
    name : str
        One of `NETWORKS`.
    input_shape : tuple of int or None, optional
        Of one utterance, as `arrange` gives it; by default the report's own.
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
    return builder(
        input_shape or known.input_shape, n_classes or known.n_classes, **{**known.options, **options}
    )


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
        By the network's ``reads``. ``frames``: `x` itself. ``coefficients``: shape (n_utterances,
        n_coefficients, n_frames). ``picture``: shape (n_utterances, n_frames, n_coefficients, 1).
    """
    reads = network(name).reads
    if reads == "coefficients":
        return np.swapaxes(x, 1, 2)
    return x[..., None] if reads == "picture" else x


def units_for(name: str, n_parameters: int, **settings) -> int:
    """Return how many units bring a network closest to a number of parameters.

    A fair comparison of recurrent layers gives each as many parameters, not as many units: for each unit, an
    LSTM has four times the weights of a SimpleRNN. Lessons 09 and 10 use it.

    Parameters
    ----------
    name : str
        One of `NETWORKS` that has an option ``units``.
    n_parameters : int
    **settings
        As in `build`: `input_shape`, `n_classes` and the network's other options.

    Returns
    -------
    int
        At least 1. Of two that are equally close, the smaller one.
    """

    def parameters(units: int) -> int:
        return build(name, units=units, **settings).count_params()

    enough = 1
    while parameters(enough) < n_parameters:
        enough *= 2
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (middle, enough) if parameters(middle) < n_parameters else (too_few, middle)
    return min((max(too_few, 1), enough), key=lambda units: abs(parameters(units) - n_parameters))
