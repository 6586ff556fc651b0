"""Augmented copies of recordings: to put behind the originals, or to be shown in training by turns.

A copy never leaves its original: it belongs to training if the original does, and is never tested.
"""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sercourse.baselines import carried
from sercourse.errors import ManifestError
from sercourse.features import Features, extract
from sercourse.splits import Fold

if TYPE_CHECKING:
    from sercourse.augment import Augmentation


def extract_copies(
    features: Features,
    augmentation: "Augmentation",
    n_copies: int = 1,
    *,
    workers: int | None = None,
    progress: bool = True,
) -> list[Features]:
    """Extract features of augmented copies of all recordings, in parallel and cached like any others.

    Parameters
    ----------
    features : Features
        Of the originals.
    augmentation : Augmentation
        Copy number k draws with the augmentation's seed plus k, from 0.
    n_copies : int
    workers, progress
        See `sercourse.features.extract`.

    Returns
    -------
    list of Features, length n_copies
        With the rows and the shape of the originals. A recording whose copy cannot be used, because
        it became too short, say, stands there as it was, and is listed in ``dropped``.

    Raises
    ------
    ValueError
        The features are normalised by speaker; their copies would not be.
    """
    _refuse_normalised(features)
    copies = []
    for number in range(n_copies):
        seeded = augmentation.with_seed(augmentation.seed + number)
        recipe = dataclasses.replace(features.recipe, augmentation=seeded)
        copy = extract(features.rows, recipe, workers=workers, progress=progress)
        copies.append(_in_place_of(features, copy))
    return copies


def _in_place_of(features: Features, copy: Features) -> Features:
    """Put a copy's features where its originals stand, in as many frames as those have."""
    at = pd.Index(features.rows["path"]).get_indexer(copy.rows["path"])
    x, mask = features.x.copy(), features.mask.copy()
    n_frames = x.shape[1]
    x[at], mask[at] = _padded(copy.x, n_frames), _padded(copy.mask, n_frames)
    return copy._replace(x=x, mask=mask, rows=features.rows)


def with_copies(features: Features, copies: Sequence[Features]) -> Features:
    """Put augmented copies behind the originals.

    Parameters
    ----------
    features : Features
        Of the originals, which keep their row numbers.
    copies : sequence of Features
        See `extract_copies`; or of the same recordings with a recipe that carries an augmentation.

    Returns
    -------
    Features
        Each copy's ``parent`` is the recording_id of its original, its own recording_id is that one and
        the number of the copy. Normalise by speaker after this, not before.

    Raises
    ------
    ValueError
        The features are normalised by speaker; their copies would not be.
    """
    _refuse_normalised(features)
    rows = [features.rows]
    for number, copy in enumerate(copies, start=1):
        parents = copy.rows["recording_id"]
        rows.append(copy.rows.assign(parent=parents, recording_id=parents + f" copy {number}"))
    parts = [features, *copies]
    n_frames = max(part.x.shape[1] for part in parts)
    return features._replace(
        x=np.concatenate([_padded(part.x, n_frames) for part in parts]),
        mask=np.concatenate([_padded(part.mask, n_frames) for part in parts]),
        rows=pd.concat(rows, ignore_index=True),
        dropped=pd.concat([part.dropped for part in parts], ignore_index=True),
    )


def with_children(folds: list[Fold], rows: pd.DataFrame) -> list[Fold]:
    """Add to each fold's training rows the augmented copies of these, and to its test rows none.

    Parameters
    ----------
    folds : list of Fold
        Of the originals only.
    rows : pandas.DataFrame
        Rows of originals and copies, see `with_copies`.

    Returns
    -------
    list of Fold

    Raises
    ------
    ManifestError
        A fold has copies already.
    """
    is_child = rows["parent"].isin(rows["recording_id"]).to_numpy(bool)
    children = np.flatnonzero(is_child)
    parents = rows["parent"].to_numpy()[children]
    grown = []
    for fold in folds:
        named = np.concatenate(fold)
        if is_child[named].any():
            child = named[is_child[named]][0]
            raise ManifestError(
                f"row {child} is a copy and stands in a fold; make the folds of the originals"
            )
        own = np.isin(parents, rows["recording_id"].to_numpy()[fold.train])
        grown.append(fold._replace(train=np.concatenate([fold.train, children[own]])))
    return grown


def _padded(x: np.ndarray, n_frames: int) -> np.ndarray:
    """Return the array with this many frames: cut, or filled with zeros."""
    missing = max(0, n_frames - x.shape[1])
    return np.pad(x[:, :n_frames], [(0, 0), (0, missing), *[(0, 0)] * (x.ndim - 2)])


def _refuse_normalised(features: Features) -> None:
    if len(carried(features.rows)["normalise"]):
        raise ValueError(
            "the features are normalised by speaker, their augmented copies would not be; put the copies "
            "behind the originals with with_copies, then normalise"
        )
