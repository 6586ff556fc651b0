"""What an experiment cannot be: each error names the setting, its value, and what would do."""

import ast
import difflib
import functools
import inspect
import math
from collections.abc import ItemsView, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sercourse import networks, training
from sercourse.errors import ExperimentError
from sercourse.training import regimes

if TYPE_CHECKING:
    from sercourse.experiments.description import Experiment


def plain(value):
    """Return a value as Python's own: numbers for NumPy's, and tuples for what has several."""
    value = value.tolist() if isinstance(value, np.generic | np.ndarray) else value
    return tuple(map(plain, value)) if isinstance(value, list | tuple | range | ItemsView) else value


def check(said: "Experiment", epochs: tuple) -> None:
    """Raise `ExperimentError` for a value that is not possible, or two that do not go together."""
    for name, least in {"fold": 1, "inner_fold": 1, "batch_size": 1, "seed": 0}.items():
        if not _whole(getattr(said, name), least):
            raise ExperimentError(f"{name} is {getattr(said, name)!r}; give a whole number from {least}")
    if not epochs or not all(_whole(epoch, 1) for epoch in epochs):
        raise ExperimentError(f"epochs are {epochs}; give one or more whole numbers from 1")
    for name in ("learning_rate", "clip_norm"):
        value = getattr(said, name)
        if not _above_zero(value) and (name, value) != ("clip_norm", None):
            raise ExperimentError(f"{name} is {value!r}; give a number above 0, such as 0.001")
    if said.stop and len(set(epochs)) > 1:
        raise ExperimentError(
            f"stop is '{said.stop}', which scores one epoch, and epochs are {epochs}; "
            "give the most that it may train"
        )
    if said.stop == "validation" and said.inner is None:
        raise ExperimentError("stop is 'validation', and inner says nothing; name a way to set rows apart")
    if wrong := sorted(_fixed(said.network) & set(dict(said.options))):
        raise ExperimentError(f"{said.network} fixes {', '.join(wrong)}; choose another network")


def check_options(network: str, given: Iterable[str], fields: Iterable[str]) -> None:
    """Raise `ExperimentError` for a name that is neither a field nor an option of the network's function.

    Where that function hands options on to Keras's layers, only Keras knows them all.
    """
    known, more = _accepted(networks.network(network).builder)
    known = (known - _fixed(network)) | regimes.fields_of(network)
    taken = inspect.signature(training.train_and_predict).parameters
    for name in given:
        meant = difflib.get_close_matches(name, fields, 1, 0.8)
        if name not in known and (not more or meant or name in taken):
            advice = f"did you mean {meant[0]}?" if meant else f"it has {', '.join(sorted(known)) or 'none'}"
            raise ExperimentError(f"{name} is no setting, and no option of {network}; {advice}")


def _whole(value, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _above_zero(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _fixed(network: str) -> set[str]:
    """The options that make a network what its name says; its sizes may be changed."""
    return {name for name, value in networks.network(network).options.items() if isinstance(value, str)}


@functools.cache
def _accepted(builder: str) -> tuple[frozenset[str], bool]:
    """Return the options of a network's function, and whether it hands on others.

    They are read in its source, since to import it is to load TensorFlow.
    """
    module, function = builder.split(".")
    source = Path(networks.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    said = next(
        node.args
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == function
    )
    names = {each.arg for each in (*said.args, *said.kwonlyargs)}
    return frozenset(names - {"input_shape", "n_classes"}), said.kwarg is not None
