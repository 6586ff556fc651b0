"""What an experiment trains on and tests: recordings, their copies, and the folds of both.

Reports B and C multiplied their recordings before they split them. To switch that leak off, the same copies
are dealt in another way.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sercourse import augment, corpora, features, networks, training
from sercourse.errors import ExperimentError
from sercourse.evaluation.protocol import INNER, OUTER
from sercourse.features import Features
from sercourse.splits import Fold

if TYPE_CHECKING:
    from sercourse.experiments.description import Experiment


def _no_copies(recordings: Features, seed: int) -> list[Features]:
    return []


def _exact(recordings: Features, seed: int) -> list[Features]:
    return [recordings]


def _through_a_codec(recordings: Features, seed: int) -> list[Features]:
    return training.extract_copies(recordings, augment.augmentation("codec").with_seed(seed), progress=False)


def _report_b(recordings: Features, seed: int) -> list[Features]:
    chain = augment.augmentation("report_b").with_seed(3 * seed)
    return training.extract_copies(recordings, chain, 3, progress=False)


class Copies(NamedTuple):
    """What stands beside each recording, or in its place."""

    words: str
    make: Callable[[Features, int], list[Features]]
    instead: bool = False  # whether the recording itself is left out


COPIES = {
    "none": Copies("each recording once", _no_copies),
    "exact twins": Copies("each recording twice", _exact),
    "codec twins": Copies("each recording, and once more after a codec", _through_a_codec),
    "report_b": Copies("three augmented copies in place of each recording", _report_b, instead=True),
}
"""What stands beside each recording."""

DEALT = {
    "apart": "each copy is dealt as if it were a recording of its own",
    "together": "copies are on the side of their recording",
    "training": "copies are on the side of their recording, and only recordings are tested",
}
"""Where the copies go. ``apart`` is a leak: a copy is tested, and its twin trained on."""


class Material(NamedTuple):
    """What one experiment needs.

    Attributes
    ----------
    features : Features
        Recordings, then copies.
    fit, validation, test : numpy.ndarray of int
        Row numbers. `validation` may be empty.
    """

    features: Features
    fit: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def gather(experiment: "Experiment") -> Material:
    """Load, copy and split what an experiment needs.

    Parameters
    ----------
    experiment : Experiment

    Returns
    -------
    Material

    Raises
    ------
    ExperimentError
        There are not as many folds.
    CorpusError, ManifestError
        The corpus is not here, or cannot be split so.
    """
    recipe = features.recipe(networks.network(experiment.network).recipe)
    recordings = features.extract(corpora.load(experiment.corpus), recipe, progress=False)
    copies = COPIES[experiment.copies]
    examples = training.with_copies(recordings, copies.make(recordings, experiment.seed))
    n_recordings = len(recordings.rows)
    first = n_recordings if experiment.dealt == "apart" and copies.instead else 0
    last = len(examples.rows) if experiment.dealt == "apart" else n_recordings
    units = np.arange(first, last)
    fit, validation, test = _sides(experiment, examples.rows.iloc[units].reset_index(drop=True))
    sides = [units[side] for side in (fit, validation, test)]
    if experiment.dealt != "apart" and experiment.copies != "none":
        grown = [_with_copies(examples.rows, side, copies) for side in sides]
        sides = grown if experiment.dealt == "together" else [*grown[:1], *sides[1:]]
    return Material(examples, *sides)


def _with_copies(rows: pd.DataFrame, recordings: np.ndarray, copies: Copies) -> np.ndarray:
    """Return these recordings and their copies, or their copies alone."""
    own = np.flatnonzero(rows["parent"].isin(rows["recording_id"].iloc[recordings]))
    return own if copies.instead else np.concatenate([recordings, own])


def _sides(experiment: "Experiment", rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    fold = _of(OUTER[experiment.protocol].deal(rows, experiment.seed), experiment.fold, "fold")
    if experiment.inner is None:
        return fold.train, np.array([], dtype=int), fold.test
    inner = INNER[experiment.inner].deal(rows, fold.train, experiment.seed)
    held = _of(inner, experiment.inner_fold, "inner_fold")
    return held.train, held.test, fold.test


def _of(folds: list[Fold], number: int, name: str) -> Fold:
    if number > len(folds):
        raise ExperimentError(f"{name} is {number}, and there are {len(folds)}; count from 1")
    return folds[number - 1]
