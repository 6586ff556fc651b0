"""What every score checks first: as many predictions as truths, one for each row, and nothing missing."""

import numpy as np
import pandas as pd


def pair(true, predicted) -> tuple[np.ndarray, np.ndarray]:
    """Return true and predicted classes as arrays of text.

    Parameters
    ----------
    true, predicted : sequence of str, length n

    Returns
    -------
    true, predicted : numpy.ndarray of str, shape (n,)

    Raises
    ------
    ValueError
        The lengths differ, a value is missing, or there is nothing to score.
    """
    true, predicted = names(true, "true"), names(predicted, "predicted")
    if true.shape != predicted.shape:
        raise ValueError(
            f"true has shape {true.shape}, predicted {predicted.shape}; give two sequences of equal length"
        )
    if not len(true):
        raise ValueError("there is nothing to score: both sequences are empty")
    return true, predicted


def aligned(values, what: str, n_rows: int) -> np.ndarray:
    """Return one name a row as an array of text; see `names`.

    Raises
    ------
    ValueError
        There is not one for each row, or one is missing.
    """
    values = names(values, what)
    if len(values) != n_rows:
        raise ValueError(f"{what} has {len(values)} values for {n_rows} rows; give one for each row")
    return values


def names(values, what: str) -> np.ndarray:
    """Return names as an array of text.

    Parameters
    ----------
    values : sequence of str
    what : str
        What a message calls them.

    Returns
    -------
    numpy.ndarray of str, shape (n,)

    Raises
    ------
    ValueError
        They are not one sequence, or one is missing: NaN must not become a class of its own.
    """
    values = np.asarray(values, dtype=object)  # as text, a missing value would no longer be seen
    if values.ndim != 1:
        raise ValueError(f"{what} has shape {values.shape}; give one sequence of names")
    missing = np.flatnonzero(pd.isna(values))
    if len(missing):
        raise ValueError(
            f"{what} is missing in {len(missing)} of {len(values)} rows, first in row {missing[0]}; "
            "leave these rows out"
        )
    return values.astype(str)
