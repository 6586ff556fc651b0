"""The folds of RAVDESS's actors that published work shares, so that its figures can be compared with ours."""

import numpy as np
import pandas as pd

from sercourse.errors import ManifestError
from sercourse.splits.folds import Fold

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
