"""The two sides of each fold, as the auditor sees them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse.errors import ManifestError
from sercourse.splits.folds import Fold
from sercourse.splits.groups import By, Groups, groups
from sercourse.splits.record import Used, row_numbers

TRAINING = ("fit", "scale", "select", "stop")
"""Purposes that make a row part of training, whatever the fold says."""


class Side(NamedTuple):
    """What stands on the two sides of one fold.

    Attributes
    ----------
    planned : numpy.ndarray of int
        The rows that the fold gives to training.
    train : numpy.ndarray of int
        These, and whatever else the record says was trained on, without the rows of `test` that only the
        record names. Sorted, each once.
    test : numpy.ndarray of int
    used : Used or None
    """

    planned: np.ndarray
    train: np.ndarray
    test: np.ndarray
    used: Used | None


def sides(
    manifest: pd.DataFrame, split: Fold | Sequence[Fold], used: Used | Sequence[Used] | None
) -> list[Side]:
    """Bring folds and records together.

    Raises
    ------
    ManifestError
        A side of a fold is empty, or a row number is beyond the manifest's end.
    ValueError
        There are not as many records as folds.
    """
    folds = [split] if isinstance(split, Fold) else list(split)
    records = [used] if used is None or isinstance(used, Used) else list(used)
    if used is None:
        records = records * len(folds)
    if not folds or len(records) != len(folds):
        raise ValueError(f"{len(folds)} folds and {len(records)} records; give one record for each fold")
    return [_side(manifest, number, *pair) for number, pair in enumerate(zip(folds, records, strict=True), 1)]


def _side(manifest: pd.DataFrame, number: int, fold: Fold, used: Used | None) -> Side:
    planned, test = (np.unique(row_numbers(rows)) for rows in fold)
    noted = [used[purpose] for purpose in TRAINING] if used is not None else []
    besides = np.setdiff1d(np.concatenate([*noted, []]).astype(np.int64), test)
    side = Side(planned, np.union1d(planned, besides), test, used)
    for name, rows in (("training", planned), ("test", test)):
        if not len(rows):
            raise ManifestError(f"fold {number} has no rows for {name}")
    last = max(side.train[-1], test[-1])
    if last >= len(manifest):
        raise ManifestError(
            f"fold {number} names row {last}, counted from 0, and the manifest has {len(manifest)} rows; "
            "give the manifest that was split"
        )
    return side


def sided(folds: Sequence[Side]) -> np.ndarray:
    """Return the rows that stand on a side of any fold, sorted."""
    return np.unique(np.concatenate([rows for side in folds for rows in (side.train, side.test)]))


def sided_groups(manifest: pd.DataFrame, folds: Sequence[Side], by: By) -> Groups:
    """Return the groups of all rows that stand on a side; see `sercourse.splits.groups`.

    Returns
    -------
    Groups
        ``of`` counts for all rows of the manifest, -1 where a row stands on no side.
    """
    rows = sided(folds)
    found = groups(manifest, by, rows)
    of = np.full(len(manifest), -1)
    of[rows] = found.of
    return Groups(of, found.names)


def in_folds(numbers: Sequence[int], n_folds: int) -> str:
    """Say which folds (from 0) are meant, counted from 1; nothing where there is one only.

    Examples
    --------
    >>> in_folds([0, 2], 5), in_folds([1], 5), in_folds([0, 1, 2], 3), in_folds([0], 1)
    (' in folds 1, 3', ' in fold 2', ' in all 3 folds', '')
    """
    shown = sorted({int(number) + 1 for number in numbers})
    if n_folds == 1:
        return ""
    if len(shown) == n_folds:
        return f" in all {n_folds} folds"
    return f" in fold{'s' if len(shown) > 1 else ''} {', '.join(map(str, shown))}"
