"""Ways to split a corpus into training and test rows.

Each function takes a manifest and returns a list of `Fold`: row numbers, so that they
index features and labels alike. Over a list of folds every row is tested exactly once.

The names say what to expect. A random split puts the same speaker, the same sentence and
often the same day's recording on both sides, and is called unsafe for that reason
(lessons 00, 05 and 15).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from sercourse.errors import ManifestError

PUBLISHED_FIVE = (
    (2, 5, 14, 15, 16),
    (3, 6, 7, 13, 18),
    (10, 11, 12, 19, 20),
    (8, 17, 21, 23, 24),
    (1, 4, 9, 22),
)
"""Test actors of the five RAVDESS folds that published work shares."""

EMOBOX_SIX = (
    (1, 11, 20, 21),
    (4, 10, 12, 14),
    (8, 9, 19, 23),
    (3, 5, 7, 24),
    (2, 15, 16, 18),
    (6, 13, 17, 22),
)
"""Test actors of the six RAVDESS folds of EmoBox: Ma Z et al. (2024) EmoBox: multilingual
multi-corpus speech emotion recognition toolkit and benchmark. Interspeech."""


class Fold(NamedTuple):
    """One way to train and test.

    Attributes
    ----------
    train, test : numpy.ndarray of int
        Row numbers (positions, not labels of the index) of the manifest.
    """

    train: np.ndarray
    test: np.ndarray


def unsafe_random(manifest: pd.DataFrame, n_folds: int = 5, seed: int = 0) -> list[Fold]:
    """Deal recordings at random to folds, classes in equal shares: speakers are on both sides.

    Unsafe because the score answers "how well does it do on people it has heard?" and is
    nearly always read as "how well does it do?".

    Parameters
    ----------
    manifest : pandas.DataFrame
        See `sercourse.corpora.manifest`.
    n_folds : int
    seed : int

    Returns
    -------
    list of Fold
    """
    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    return [Fold(*indices) for indices in splitter.split(manifest, _emotions(manifest))]


def unseen_speakers(manifest: pd.DataFrame, n_folds: int = 5, seed: int = 0) -> list[Fold]:
    """Deal speakers to folds: whoever is tested was never heard in training.

    Classes are as equal over the folds as whole speakers allow.

    Parameters
    ----------
    manifest : pandas.DataFrame
    n_folds : int
        At most the number of speakers.
    seed : int

    Returns
    -------
    list of Fold

    Raises
    ------
    ManifestError
        There are fewer speakers than folds.
    """
    speakers = manifest["speaker"].nunique()
    if speakers < n_folds:
        raise ManifestError(f"{speakers} speakers cannot fill {n_folds} folds; ask for at most {speakers}")
    splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    groups = manifest["speaker"].to_numpy(str)
    return [Fold(*indices) for indices in splitter.split(manifest, _emotions(manifest), groups)]


def published_five(manifest: pd.DataFrame) -> list[Fold]:
    """Return the five folds of unseen actors that published work on RAVDESS shares.

    Parameters
    ----------
    manifest : pandas.DataFrame
        Of RAVDESS, or of the demo corpus, which has RAVDESS's actor numbers.

    Returns
    -------
    list of Fold

    Raises
    ------
    ManifestError
        The manifest has a speaker that is not one of RAVDESS's 24 actors, or all the actors
        of one fold are absent.
    """
    return _by_actors(manifest, PUBLISHED_FIVE)


def emobox_six(manifest: pd.DataFrame) -> list[Fold]:
    """Return EmoBox's six folds of unseen actors; see `published_five`."""
    return _by_actors(manifest, EMOBOX_SIX)


def actors(manifest: pd.DataFrame) -> pd.Series:
    """Return RAVDESS's number of each row's actor, missing where the corpus has none.

    Returns
    -------
    pandas.Series of Int64
        1 to 24 for RAVDESS and for the demo corpus and its twins, which have RAVDESS's numbers.
    """
    return manifest["speaker"].str.extract(r"^(?:ravdess|demo|demo_twins)_(\d+)$")[0].astype("Int64")


def _by_actors(manifest: pd.DataFrame, folds: tuple[tuple[int, ...], ...]) -> list[Fold]:
    numbers = actors(manifest)
    known = {actor for fold in folds for actor in fold}
    foreign = manifest.loc[~numbers.isin(known).fillna(False), "speaker"]
    if len(foreign):
        raise ManifestError(
            f"speaker {foreign.iloc[0]!r} is not one of RAVDESS's 24 actors, so the published folds say "
            "nothing about this corpus; use splits.unseen_speakers"
        )
    tests = [numbers.isin(fold).to_numpy(bool) for fold in folds]
    empty = [number for number, test in enumerate(tests) if not test.any()]
    if empty:
        raise ManifestError(f"no recording of the actors {folds[empty[0]]} of fold {empty[0] + 1}")
    return [Fold(np.flatnonzero(~test), np.flatnonzero(test)) for test in tests]


def _emotions(manifest: pd.DataFrame) -> np.ndarray:
    return manifest["emotion"].to_numpy(str)
