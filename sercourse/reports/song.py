"""Does song help to recognise emotion in speech? Report C's central claim, with equal updates: lesson 13."""

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import corpora, features, networks, splits, training
from sercourse.errors import CorpusError
from sercourse.features import Features
from sercourse.reports import augmented, puzzle
from sercourse.reports.augmented import NETWORK
from sercourse.splits import Fold

SPEECH, BOTH = "speech", "speech and song"
"""What a network is trained on. It is tested on speech."""

RANDOM, UNSEEN = f"{puzzle.RANDOM}, tested on speech", f"{puzzle.UNSEEN}, tested on speech"

UPDATES = 7_100
"""In each fold, to the nearest epoch: the puzzle's hundred epochs of speech."""

BATCH_SIZE = puzzle.FITTING[NETWORK]["batch_size"]


class Arm(NamedTuple):
    """One way to train and to test: `RANDOM` or `UNSEEN`, `SPEECH` or `BOTH`."""

    protocol: str
    trained: str


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Train Model B on speech, and on speech and song; test it on the same speech.

    The seed is that of the random split, of the weights and of the shuffling.

    Parameters
    ----------
    corpus : str
        RAVDESS, with its speech and its song.
    seeds : int
        Seeds 0 to ``seeds - 1``.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`.

    Raises
    ------
    CorpusError
        Speech or song is not on this machine; says how to get it.
    """
    extracted = features.extract(load(corpus), features.recipe(networks.network(NETWORK).recipe))
    predict = functools.cache(functools.partial(_predict, extracted))
    speakers = extracted.rows["speaker"][_is_speech(extracted.rows)]
    for seed in range(seeds):
        for protocol in (RANDOM, UNSEEN):
            plain = Arm(protocol, SPEECH)
            for arm in (plain, Arm(protocol, BOTH)):
                identity = {
                    "system": f"trained on {arm.trained}, about {UPDATES:,} updates, batch {BATCH_SIZE}",
                    "network": NETWORK,
                    "recipe": extracted.recipe.name,
                    "corpus": corpus,
                    "protocol": protocol,
                    "normalisation": "none",
                    "fold": "pooled",
                    "seed": seed,
                }
                beside = None if arm == plain else plain
                yield identity, functools.partial(augmented.score, predict, arm, beside, seed, speakers)


def load(corpus: str) -> pd.DataFrame:
    """Return the manifest of a corpus that has speech and song.

    Raises
    ------
    CorpusError
        One of the two is not on this machine; says how to get it.
    """
    manifest = corpora.load(corpus, channel=None)
    absent = sorted({"speech", "song"} - set(manifest["channel"]))
    if absent:
        command = "sercourse corpus get ravdess" + " --song" * (absent[0] == "song")
        raise CorpusError(
            f"corpus {corpus} has no {absent[0]} on this machine; RAVDESS has speech and song. "
            f"To get it, run `{command}`."
        )
    return manifest


def folds(rows: pd.DataFrame, arm: Arm, seed: int) -> list[Fold]:
    """Deal speech and song together. Song is never tested.

    With unseen actors, no song of a tested actor is in training. On the random split it is.

    Parameters
    ----------
    rows : pandas.DataFrame
        Speech and song.
    arm : Arm
    seed : int
        Of a random split.

    Returns
    -------
    list of Fold
        Both arms of a protocol have the same folds, but for the song in training.
    """
    dealt = splits.published_five(rows) if arm.protocol == UNSEEN else splits.unsafe_random(rows, seed=seed)
    is_speech = _is_speech(rows)
    trained = is_speech if arm.trained == SPEECH else np.full(len(rows), True)
    return [Fold(train[trained[train]], test[is_speech[test]]) for train, test in dealt]


def _is_speech(rows: pd.DataFrame) -> np.ndarray:
    return (rows["channel"] == "speech").to_numpy(bool)


def _predict(extracted: Features, arm: Arm, seed: int) -> tuple[np.ndarray, np.ndarray, list[Fold]]:
    dealt = folds(extracted.rows, arm, seed)
    epochs = round(UPDATES / (min(len(fold.train) for fold in dealt) // BATCH_SIZE))
    found = training.cross_predict(NETWORK, extracted, dealt, epochs=epochs, batch_size=BATCH_SIZE, seed=seed)
    return extracted.rows["emotion"].to_numpy(str)[found.rows], found.predicted, dealt
