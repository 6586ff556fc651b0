"""What an experiment trains on and tests: recordings, their copies, and the folds of both.

Reports B and C multiplied their recordings before they split them. To switch that leak off, the same copies
are dealt in another way.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sercourse import augment, corpora, features, leaks, networks, training
from sercourse.errors import ExperimentError
from sercourse.evaluation.protocol import INNER, OUTER
from sercourse.features import Features
from sercourse.splits import Fold

if TYPE_CHECKING:
    from sercourse.experiments.description import Experiment


def _no_copies(recordings: Features, seed: int, **sharing) -> list[Features]:
    return []


def _exact(recordings: Features, seed: int, **sharing) -> list[Features]:
    return [recordings]


def _soundtracks(recordings: Features, seed: int, **sharing) -> list[Features]:
    """Encode every recording anew once a process: the cache of features does not know these."""
    key = (recordings.recipe, tuple(recordings.rows["path"]))
    if key not in _KEPT:
        _KEPT.clear()
        _KEPT[key] = leaks.soundtracks(recordings, **sharing)
    return [_KEPT[key]]


_KEPT: dict[tuple, Features] = {}


def _report_b(recordings: Features, seed: int, **sharing) -> list[Features]:
    chain = augment.augmentation("report_b").with_seed(3 * seed)
    return training.extract_copies(recordings, chain, 3, **sharing)


class Copies(NamedTuple):
    """What stands beside each recording, or in its place; and whether song is among the recordings."""

    words: str
    make: Callable[..., list[Features]]  # of recordings, a seed, workers and progress
    instead: bool = False  # whether the recording itself is left out
    channel: str | None = "speech"  # None: speech and song
    drawn: bool = False  # whether the copies depend on the seed


COPIES = {
    "none": Copies("each recording once", _no_copies),
    "exact twins": Copies("each recording twice", _exact),
    "soundtrack twins": Copies("each recording, and the sound of a video of it", _soundtracks),
    "song": Copies("each recording once, of speech and of song", _no_copies, channel=None),
    "song and exact twins": Copies("each recording twice, of speech and of song", _exact, channel=None),
    "report_b": Copies(
        "three augmented copies in place of each recording", _report_b, instead=True, drawn=True
    ),
}
"""What stands beside each recording."""

DEALT = {
    "apart": "dealt as if each were a recording of its own",
    "together": "each on the side of its recording",
    "training": "each on the side of its recording, and never tested",
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


def extract(
    corpus: str, recipe: str, copies: str, seed: int, workers: int | None = 1, progress: bool = False
) -> tuple[Features, Features]:
    """Extract recordings and their copies. What is extracted lies in the cache then.

    Parameters
    ----------
    corpus, recipe, copies, seed
        See `needs`.
    workers, progress
        See `sercourse.features.extract`. One, in a process that has others beside it.

    Returns
    -------
    recordings, examples : Features
        The examples are the recordings, then the copies.
    """
    known, sharing = COPIES[copies], {"workers": workers, "progress": progress}
    manifest = corpora.load(corpus, channel=known.channel)
    recordings = features.extract(manifest, features.recipe(recipe), **sharing)
    return recordings, training.with_copies(recordings, known.make(recordings, seed, **sharing))


def needs(experiment: "Experiment") -> tuple[str, str, str, int]:
    """Return what an experiment has to have extracted: corpus, recipe, kind of copies, and their seed."""
    seed = experiment.seed if COPIES[experiment.copies].drawn else 0
    return experiment.corpus, networks.network(experiment.network).recipe, experiment.copies, seed


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
    copies = COPIES[experiment.copies]
    recordings, examples = extract(*needs(experiment))
    examples, enrolled = normalised(recordings, examples, experiment.normalisation)
    n_recordings = len(recordings.rows)
    first = n_recordings if experiment.dealt == "apart" and copies.instead else 0
    last = len(examples.rows) if experiment.dealt == "apart" else n_recordings
    units = np.arange(first, last)
    fit, validation, test = _sides(experiment, examples.rows.iloc[units].reset_index(drop=True))
    sides = [units[side] for side in (fit, validation, test)]
    if experiment.dealt != "apart" and experiment.copies != "none":
        grown = [_with_copies(examples.rows, side, copies) for side in sides]
        sides = grown if experiment.dealt == "together" else [*grown[:1], *sides[1:]]
    return Material(examples, sides[0], *(side[~np.isin(side, enrolled)] for side in sides[1:]))


def normalised(recordings: Features, examples: Features, how: str) -> tuple[Features, np.ndarray]:
    """Normalise by speaker, if asked; return also the rows by which speakers enrolled, lest they be tested.

    Parameters
    ----------
    recordings, examples : Features
        What speakers enrol by, and what is normalised: the same recordings, with copies behind them, if any.
    how : str
        One of `sercourse.training.normalising.WAYS`.

    Returns
    -------
    features : Features
    enrolled : numpy.ndarray of int
        Empty where nobody enrols.
    """
    enrolled = training.enrolment(recordings.rows) if how == "enrolment" else np.array([], dtype=int)
    given = enrolled if how == "enrolment" else None
    return training.normalise_speakers(examples, how, given), enrolled


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
