"""What Report B's fixed number of frames silently drops, by emotion and actor: lesson 04."""

import functools
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from sercourse import corpora, features, splits
from sercourse.corpora.manifest import EMOTIONS

RECIPE = "report_b"
"""It keeps just 108 frames [S], so that a recording with fewer is lost [D]."""


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Count the recordings that `RECIPE` drops, for each actor and emotion.

    There is no chance in it, so `seeds` has no effect.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`.
    """
    manifest = corpora.load(corpus)
    actors = splits.actors(manifest).to_numpy()
    lost = functools.cache(lambda: drops(manifest, features.recipe(RECIPE)))
    for actor in np.unique(actors):
        for emotion in (each for each in EMOTIONS if (manifest["emotion"] == each).any()):
            identity = {"recipe": RECIPE, "corpus": corpus, "actor": int(actor), "emotion": emotion}
            rows = (actors == actor) & (manifest["emotion"] == emotion).to_numpy(bool)
            yield identity, functools.partial(_count, lost, rows)


def drops(manifest: pd.DataFrame, recipe: features.Recipe) -> np.ndarray:
    """Say of each recording whether a recipe drops it.

    Parameters
    ----------
    manifest : pandas.DataFrame
    recipe : sercourse.features.Recipe

    Returns
    -------
    numpy.ndarray of bool, shape (n_utterances,)
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it names what is dropped, and that is counted here
        dropped = features.extract(manifest, recipe).dropped
    return manifest["path"].isin(dropped["path"]).to_numpy(bool)


def _count(lost: Callable[[], np.ndarray], rows: np.ndarray) -> dict:
    return {"n": int(rows.sum()), "dropped": int(lost()[rows].sum())}
