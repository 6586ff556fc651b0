"""Augmentation before the split, inside it, and copies that hold nothing new: lesson 13."""

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import augment, corpora, evaluation, features, networks, splits, training
from sercourse.features import Features
from sercourse.reports import puzzle
from sercourse.reports.puzzle import RANDOM, UNSEEN
from sercourse.splits import Fold

NETWORK = "report_c_model_b"

N_COPIES = 3
"""Examples that Report B makes of each recording [S]."""

NONE, AUGMENTED, EXACT = "no copies", "three augmented copies", "three exact copies"
"""What a network is trained on: the recordings; chains of effects as Report B draws them, without the
recordings themselves; or the recordings, each three times."""

AFTER = "random after augmentation, stratified five-fold of the copies, pooled"
"""Report B's split: all copies are made first, then dealt at random, and tested too."""

TESTED_ON_COPIES = "random, stratified five-fold, pooled, tested on the copies"
"""The control of `AFTER`: as much to train on and the same copies to test, but all copies of a recording stay
on its side."""


class Arm(NamedTuple):
    """One way to train and to test.

    Attributes
    ----------
    protocol : str
        `AFTER`, `TESTED_ON_COPIES`, or one of `puzzle.RANDOM` and `puzzle.UNSEEN`, which test recordings.
    copies : str
        `NONE`, `AUGMENTED` or `EXACT`. They are made of the training recordings.
    epochs : int
    """

    protocol: str
    copies: str
    epochs: int

    @property
    def system(self) -> str:
        """What the table's column ``system`` says."""
        return f"{self.copies}, {self.epochs} epochs, batch {BATCH_SIZE}"


BATCH_SIZE = puzzle.FITTING[NETWORK]["batch_size"]

EPOCHS = puzzle.FITTING[NETWORK]["epochs"] // N_COPIES * N_COPIES
"""The puzzle's, so that three copies in a third of the epochs get just as many updates."""

EQUAL = (
    Arm(AFTER, AUGMENTED, EPOCHS // N_COPIES),
    Arm(TESTED_ON_COPIES, AUGMENTED, EPOCHS // N_COPIES),
    Arm(RANDOM, NONE, EPOCHS),
    Arm(RANDOM, AUGMENTED, EPOCHS // N_COPIES),
    Arm(UNSEEN, NONE, EPOCHS),
    Arm(UNSEEN, AUGMENTED, EPOCHS // N_COPIES),
    Arm(UNSEEN, EXACT, EPOCHS // N_COPIES),
)
"""With equally many updates. On 1,440 recordings these are 7,128 a fold on random splits, and 7,029 with
unseen actors."""

LONGER = (Arm(UNSEEN, AUGMENTED, EPOCHS), Arm(UNSEEN, EXACT, EPOCHS))
"""With as many epochs as the recordings alone get, and thus three times as many updates."""


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Train Model B in each way of `EQUAL`, then in each of `LONGER`.

    The seed is that of the random split, of the copies, of the weights and of the shuffling.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int
        Seeds 0 to ``seeds - 1``.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`.
    """
    extracted = features.extract(corpora.load(corpus), features.recipe(networks.network(NETWORK).recipe))
    predict = functools.cache(functools.partial(_predict, extracted))
    for arms in (EQUAL, LONGER):
        for seed in range(seeds):
            for arm in arms:
                identity = {
                    "system": arm.system,
                    "network": NETWORK,
                    "recipe": extracted.recipe.name,
                    "corpus": corpus,
                    "protocol": arm.protocol,
                    "normalisation": "none",
                    "fold": "pooled",
                    "seed": seed,
                }
                plain = Arm(arm.protocol, NONE, EPOCHS)
                if arm == plain or plain not in EQUAL:  # it tests other rows
                    yield identity, functools.partial(score, predict, arm, None, seed)
                else:
                    yield (
                        identity,
                        functools.partial(score, predict, arm, plain, seed, extracted.rows["speaker"]),
                    )


def score(predict: Callable[..., tuple], arm, plain, seed: int, speakers=None) -> dict:
    """Score a system, and how much better it is than another one on the same rows.

    Parameters
    ----------
    predict : callable
        ``predict(arm, seed)`` returns what `sercourse.reports.puzzle.score` takes.
    arm, plain
        The system, and the one that it is compared with, or None.
    seed : int
    speakers : sequence of str
        Of the rows that both predict.

    Returns
    -------
    dict
        As `sercourse.reports.puzzle.score`; and difference, low, high: of the two UAR, with the 95 % interval
        over speakers; missing where there is nothing to compare.
    """
    scored = puzzle.score(lambda: predict(arm, seed))
    if plain is None:
        return scored | dict.fromkeys(("difference", "low", "high"), np.nan)
    (true, predicted, _), (_, other, _) = predict(arm, seed), predict(plain, seed)
    found = evaluation.bootstrap_difference(true, predicted, other, speakers)
    return scored | {"difference": found.estimate, "low": found.low, "high": found.high}


def _predict(extracted: Features, arm: Arm, seed: int) -> tuple[np.ndarray, np.ndarray, list[Fold]]:
    examples = extracted
    if arm.copies == EXACT:
        examples = training.with_copies(extracted, [extracted] * N_COPIES)
    elif arm.copies == AUGMENTED:
        chain = augment.augmentation("report_b").with_seed(N_COPIES * seed)
        examples = training.with_copies(extracted, training.extract_copies(extracted, chain, N_COPIES))
    dealt = folds(examples.rows, arm, seed)
    found = training.cross_predict(
        NETWORK, examples, dealt, epochs=arm.epochs, batch_size=BATCH_SIZE, seed=seed
    )
    return examples.rows["emotion"].to_numpy(str)[found.rows], found.predicted, dealt


def folds(rows: pd.DataFrame, arm: Arm, seed: int) -> list[Fold]:
    """Deal recordings, or their copies, to training and test.

    Parameters
    ----------
    rows : pandas.DataFrame
        Recordings, with their copies behind them where the arm has some; see `training.with_copies`.
    arm : Arm
    seed : int
        Of a random split.

    Returns
    -------
    list of Fold
    """
    is_copy = rows["parent"].isin(rows["recording_id"]).to_numpy(bool)
    copies = np.flatnonzero(is_copy)
    if arm.protocol == AFTER:
        return [
            Fold(*(copies[side] for side in fold))
            for fold in splits.unsafe_random(rows.iloc[copies], seed=seed)
        ]
    recordings = rows[~is_copy]
    dealt = (
        splits.published_five(recordings)
        if arm.protocol == UNSEEN
        else splits.unsafe_random(recordings, seed=seed)
    )
    if arm.copies != NONE:
        dealt = [fold._replace(train=_copies_of(rows, fold.train)) for fold in dealt]
    if arm.protocol == TESTED_ON_COPIES:
        dealt = [fold._replace(test=_copies_of(rows, fold.test)) for fold in dealt]
    return dealt


def _copies_of(rows: pd.DataFrame, recordings: np.ndarray) -> np.ndarray:
    return np.flatnonzero(rows["parent"].isin(rows["recording_id"].iloc[recordings]))
