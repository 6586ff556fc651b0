"""What must not be torn apart: the group that each row of a manifest belongs to."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sercourse.errors import ManifestError

By = str | Sequence[str]
"""A column, or several of which a group has all in common, such as ``("movie", "scene")``."""


class Groups(NamedTuple):
    """The groups of a manifest.

    Attributes
    ----------
    of : numpy.ndarray of int, shape (n_rows,)
        Number of each row's group.
    names : numpy.ndarray of str, shape (n_groups,)
        Sorted.
    """

    of: np.ndarray
    names: np.ndarray


def groups(manifest: pd.DataFrame, by: By, rows: np.ndarray | None = None) -> Groups:
    """Return the group of each row, or of some rows.

    Rows of one group agree in all columns of `by`. ``recording_id`` stands for the recording that a row comes
    from in the end: an augmented row belongs to its ``parent``, and one made from that as well. Two corpora
    may use one recording_id for different recordings, so it counts within its corpus.

    Parameters
    ----------
    manifest : pandas.DataFrame
    by : str or sequence of str
    rows : numpy.ndarray of int, optional
        Row numbers. Whether two of them hang together may depend on a row that is not among them.

    Returns
    -------
    Groups

    Raises
    ------
    ManifestError
        The manifest has no such column, or the column has missing values.
    """
    rows = np.arange(len(manifest)) if rows is None else rows
    keys = pd.DataFrame({name: _values(manifest, name, rows) for name in columns(by)})
    names = keys.drop_duplicates().sort_values(list(keys)).agg(" ".join, axis=1)
    return Groups(keys.groupby(list(keys), sort=True).ngroup().to_numpy(), names.to_numpy(str))


def columns(by: By) -> tuple[str, ...]:
    """Return the columns that `by` names."""
    return (by,) if isinstance(by, str) else tuple(by)


def called(by: By) -> str:
    """Return what the groups are called in a message: speakers, recordings, groups of movie and scene."""
    named = columns(by)
    if len(named) > 1:
        return f"groups of {' and '.join(named)}"
    return "recordings" if named[0] == "recording_id" else f"{named[0]}s"


def _values(manifest: pd.DataFrame, name: str, rows: np.ndarray) -> np.ndarray:
    if name not in manifest:
        raise ManifestError(f"the manifest has no column {name!r}; choose out of {', '.join(manifest)}")
    values = _origins(manifest) if name == "recording_id" else manifest[name]
    values = values.iloc[rows]
    missing = int(values.isna().sum())
    if missing:
        raise ManifestError(
            f"{name} is missing in {missing} of {len(rows)} rows, so they belong to no group; fill it in, "
            "leave these rows out, or split by another column"
        )
    return values.to_numpy(str)


def _origins(manifest: pd.DataFrame) -> pd.Series:
    """Name the recording that each row comes from: of all that hang together by ``parent``, the topmost."""
    corpus, recording = manifest["corpus"].to_numpy(str), manifest["recording_id"].to_numpy(str)
    parent = manifest["parent"].fillna(manifest["recording_id"]).to_numpy(str)
    n_rows = len(manifest)
    codes, known = pd.factorize(
        np.char.add(np.tile(np.char.add(corpus, " "), 2), np.append(recording, parent))
    )
    child, origin = codes[:n_rows], codes[n_rows:]
    links = coo_array((np.ones(n_rows), (child, origin)), shape=(len(known), len(known)))
    _, family = connected_components(links, directed=False)
    has_parent = np.isin(np.arange(len(known)), child[child != origin])
    topmost_first = np.argsort(has_parent, kind="stable")
    topmost = pd.Series(known[topmost_first]).groupby(family[topmost_first]).first()
    return pd.Series(topmost.loc[family[child]].to_numpy(str))
