"""One training, described whole; and many of them at once.

Two experiments that differ in their epochs only are one training, of which several epochs are scored.
"""

import dataclasses
import hashlib
import itertools
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sercourse import networks
from sercourse.corpora import CORPORA
from sercourse.errors import ExperimentError, UnknownNameError
from sercourse.evaluation.protocol import INNER, OUTER
from sercourse.experiments.checking import check, check_options, plain
from sercourse.experiments.material import COPIES, DEALT
from sercourse.training.normalising import WAYS

STOP = ("validation", "test")
"""On which rows the best epoch is looked for. ``test`` is a leak, and some reports have it."""

SCALED = ("train", "all")
"""By which rows features are standardised. ``all`` is a leak: the test rows have a say."""


@dataclass(frozen=True)
class Experiment:
    """One training, and what is scored of it.

    Parameters
    ----------
    network : str
        One of `networks.NETWORKS`.
    corpus : str
    protocol : str
        How test rows are set apart: one of `sercourse.evaluation.protocol.OUTER`.
    fold : int
        Which of the protocol's folds, from 1.
    inner : str, optional
        How rows for validation are set apart in the fold's training rows: one of
        `sercourse.evaluation.protocol.INNER`. None: there are none, and all training rows are fitted.
    inner_fold : int
        Which of the inner folds, from 1.
    seed : int
        Of weights, dropout, shuffling and the drawing of folds and copies.
    epochs : tuple of int
        The epochs after which rows are scored; the last one ends the training.
    stop : str, optional
        One of `STOP`: only the best of all epochs is scored, the one with the highest accuracy on those rows.
    batch_size : int
    learning_rate : float
    clip_norm : float, optional
        See `training.compile_model`.
    copies : str
        One of `sercourse.experiments.material.COPIES`: what stands beside each recording.
    dealt : str
        One of `sercourse.experiments.material.DEALT`: where the copies go.
    scaled : str
        One of `SCALED`.
    normalisation : str
        One of `sercourse.training.normalising.WAYS`: what is known of a new speaker. With ``enrolment`` the
        first neutral recordings of each speaker are not tested, see `sercourse.training.enrolment`.
    options : tuple of (str, object)
        Of the network's own function, in alphabetical order.

    Raises
    ------
    UnknownNameError
        A name is not known.
    ExperimentError
        A value is not possible, or two do not go together.

    Examples
    --------
    >>> Experiment("report_a_gru", "demo", "random four", epochs=(20, 50)).key
    '05ba12a9a3de192b'
    """

    network: str
    corpus: str
    protocol: str
    fold: int = 1
    inner: str | None = None
    inner_fold: int = 1
    seed: int = 0
    epochs: tuple[int, ...] = (50,)
    stop: str | None = None
    batch_size: int = 32
    learning_rate: float = 1e-3
    clip_norm: float | None = None
    copies: str = "none"
    dealt: str = "together"
    scaled: str = "train"
    normalisation: str = "none"
    options: tuple[tuple[str, object], ...] = ()

    def __post_init__(self):
        for kind, name, known in (
            ("network", self.network, networks.NETWORKS),
            ("corpus", self.corpus, CORPORA),
            ("way to make outer folds", self.protocol, OUTER),
            ("way to make inner folds", self.inner, {**INNER, None: None}),
            ("rows to stop by", self.stop, (*STOP, None)),
            ("kind of copies", self.copies, COPIES),
            ("way to deal copies", self.dealt, DEALT),
            ("rows to scale by", self.scaled, SCALED),
            ("way to normalise speakers", self.normalisation, WAYS),
        ):
            if name not in list(known):  # a list of names, say, is none of them
                raise UnknownNameError(kind, name, map(str, known))
        for field in dataclasses.fields(self):
            object.__setattr__(self, field.name, plain(getattr(self, field.name)))
        given = self.epochs if isinstance(self.epochs, tuple) else (self.epochs,)
        check(self, given)
        object.__setattr__(self, "epochs", tuple(sorted(set(given))))
        object.__setattr__(self, "options", tuple(sorted(plain(dict(self.options).items()))))
        for name in ("learning_rate", "clip_norm"):  # 1 and 1.0 are one training
            value = getattr(self, name)
            object.__setattr__(self, name, value if value is None else float(value))

    @property
    def key(self) -> str:
        """Sixteen hexadecimal digits that tell this training from others.

        Which of its epochs are scored makes no other training, unless the best of them is looked for.
        """
        said = dataclasses.asdict(self) | {"epochs": self.epochs if self.stop else None}
        if self.normalisation == "none":  # stores of hours of work were there before it
            del said["normalisation"]
        said = json.dumps(said, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def covers(self, other: "Experiment") -> bool:
        """Return whether this training's scores hold those of another one with the same key."""
        return set(self.epochs) >= set(other.epochs)

    @property
    def columns(self) -> dict:
        """The description as a row of a table: options are columns of their own."""
        said = dataclasses.asdict(self)
        return {name: said[name] for name in said if name not in ("epochs", "options")} | dict(self.options)


def grid(**settings) -> list[Experiment]:
    """Return all combinations of settings.

    Parameters
    ----------
    **settings
        A value, or a list of values, for each field of `Experiment`. ``epochs`` are not combined but all
        scored, of one training. Any other name is an option of the network's own function.

    Returns
    -------
    list of Experiment
        In the order of the settings: the last one changes fastest.

    Raises
    ------
    ExperimentError
        A setting is an empty list, or no option of a network.
    UnknownNameError, ExperimentError
        See `Experiment`.

    Examples
    --------
    >>> cells = grid(network="report_a_gru", corpus="demo", protocol="random four",
    ...              learning_rate=[0.001, 0.01], dropout=[0, 0.1], epochs=[20, 50])
    >>> len(cells), cells[1].columns["dropout"], cells[1].epochs
    (4, 0.1, (20, 50))
    """
    fields = {field.name for field in dataclasses.fields(Experiment)} - {"options"}
    epochs = settings.pop("epochs", (50,))
    lists = {name: _values(values) for name, values in settings.items()}
    for name, values in lists.items():
        if not len(values):
            raise ExperimentError(f"{name} has no values; give one, or a list of some")
    described = []
    for values in itertools.product(*lists.values()):
        chosen = dict(zip(lists, values, strict=True))
        options = {name: value for name, value in chosen.items() if name not in fields}
        own = {name: value for name, value in chosen.items() if name in fields}
        described.append(Experiment(**own, epochs=epochs, options=tuple(options.items())))
        check_options(described[-1].network, options, fields)
    return described


def read(path) -> list[Experiment]:
    """Read a grid from a TOML file: its names and values are those of `grid`.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    list of Experiment

    Raises
    ------
    ExperimentError
        The file is no TOML, lacks network, corpus or protocol, or describes what `grid` refuses; names the
        file.
    """
    path = Path(path)
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExperimentError(
            f"{path}: this is no TOML: {error}; write lines such as seed = [0, 1, 2]"
        ) from error
    absent = [name for name in ("network", "corpus", "protocol") if name not in settings]
    if absent:
        raise ExperimentError(
            f'{path}: {", ".join(absent)} is missing; add a line for it, such as corpus = "demo"'
        )
    try:
        return grid(**settings)
    except (ExperimentError, UnknownNameError) as error:
        raise ExperimentError(f"{path}: {error}") from error


def merged(experiments: Iterable[Experiment]) -> list[Experiment]:
    """Bring those together that are one training: it is scored after all their epochs.

    A shorter training is the beginning of the longer one, so this changes no result.
    """
    together: dict[str, Experiment] = {}
    for each in experiments:
        known = together.get(each.key)
        epochs = each.epochs + (known.epochs if known else ())
        together[each.key] = dataclasses.replace(each, epochs=epochs)
    return list(together.values())


def _values(given) -> list:
    """Return a value, or those of a list, as a list; 0 among decimal numbers is one of them."""
    values = list(given) if isinstance(given, list | tuple | range | np.ndarray) else [given]
    decimal = any(isinstance(value, float) for value in values)
    return [float(value) if decimal and type(value) is int else value for value in values]
