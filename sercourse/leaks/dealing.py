"""Which rows a condition trains on: always as many, whatever leaks."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import splits
from sercourse.errors import ManifestError
from sercourse.leaks.conditions import SHARE, Condition
from sercourse.leaks.examples import KINDS
from sercourse.splits import Fold


class Dealt(NamedTuple):
    """The rows of one fold under a condition, as numbers of `sercourse.leaks.examples`.

    Attributes
    ----------
    train : numpy.ndarray of int, shape (n_train,)
        Recordings, then augmented copies, then twins.
    validation : numpy.ndarray of int
        Of training speakers who are held out of all training, with the sentence that is not tested.
    test : numpy.ndarray of int
        The same for all conditions.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def equal_size(rows: pd.DataFrame, folds: list[Fold], seed: int = 0) -> int:
    """Return how many rows every fold can train on when nothing leaks.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of the recordings, or of `examples`.
    folds : list of Fold
        Of unseen speakers with unseen statements, see `splits.unseen_speakers_and_statements`.
    seed : int
        Of the validation speakers.
    """
    return min(len(splits.hold_out(rows, fold.train, seed=seed)[0]) for fold in folds)


def deal(rows: pd.DataFrame, fold: Fold, condition: Condition, n_train: int, seed: int = 0) -> Dealt:
    """Choose the rows that a condition trains on.

    A shared speaker or sentence widens what is drawn from, and a copy takes the place of a recording, so that
    there are `n_train` rows in any case. Emotions are drawn in equal shares.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of `sercourse.leaks.examples`.
    fold : Fold
        Of unseen speakers with unseen statements: what is trained on when nothing leaks, and what is tested.
    condition : Condition
    n_train : int
        See `equal_size`.
    seed : int
        Of the validation speakers and of all that is drawn.

    Returns
    -------
    Dealt

    Raises
    ------
    ManifestError
        There are fewer rows than are to be trained on.
    """
    n = len(rows) // len(KINDS)
    emotions = rows["emotion"].to_numpy(str)
    _, validation = splits.hold_out(rows, fold.train, seed=seed)
    allowed = _allowed(rows[:n], fold, validation, condition)
    copies = {
        switch: _n_copies(condition, switch, len(fold.test))
        for switch in ("augmentation", "duplicates")
        if condition.active(switch)
    }
    n_own = n_train - sum(copies.values())
    if not 0 < n_own <= len(allowed):
        raise ManifestError(
            f"{n_train} rows are to be trained on, {n_train - n_own} of them copies; there are "
            f"{len(allowed)} recordings to draw the others from: use fewer rows"
        )
    own = _in_equal_shares(allowed, emotions, [seed, 0])[:n_own]
    train = [own]
    for number, (switch, n_copies) in enumerate(copies.items(), start=1):
        sources = fold.test if switch in condition.on else own
        drawn = _in_equal_shares(sources, emotions, [seed, number])[:n_copies]
        train.append(drawn + n * KINDS.index({"augmentation": "augmented", "duplicates": "twin"}[switch]))
    return Dealt(np.concatenate(train), validation, fold.test)


def _allowed(recordings: pd.DataFrame, fold: Fold, validation: np.ndarray, condition: Condition):
    """Return the recordings that may be trained on: none that is tested, and none of a validation speaker."""
    speaker, statement = (recordings[name].to_numpy(str) for name in ("speaker", "statement"))
    allowed = ~np.isin(speaker, speaker[validation])
    allowed[fold.test] = False
    if "speakers" not in condition.on:
        allowed &= ~np.isin(speaker, speaker[fold.test])
    if "statements" not in condition.on:
        allowed &= ~np.isin(statement, statement[fold.test])
    return np.flatnonzero(allowed)


def _n_copies(condition: Condition, switch: str, n_tested: int) -> int:
    every = condition.every_twin and switch == "duplicates"
    return n_tested if every else round(SHARE * n_tested)


def _in_equal_shares(rows: np.ndarray, emotions: np.ndarray, seed: list[int]) -> np.ndarray:
    """Shuffle rows so that every beginning of them holds each emotion in its share."""
    drawn = np.random.default_rng(seed).permutation(rows)
    emotion = pd.Series(emotions[drawn])
    each = emotion.groupby(emotion)
    return drawn[np.argsort((each.cumcount() + 0.5) / each.transform("size"), kind="stable")]
