"""Which rows were used for what, written down while it happens.

A manifest and a list of folds say what was planned. They cannot show that a scaler saw the test rows, that
the learning rate was chosen on them, or that training stopped when they looked best. So training and
pipelines keep a `Used` for each fold, and `sercourse.splits.audit` reads it. Lesson 15 breaks each rule once.
"""

import numpy as np

from sercourse.errors import UnknownNameError

PURPOSES = {
    "fit": "to fit the weights",
    "scale": "to fit the scaler",
    "select": "to choose between systems or settings",
    "stop": "to decide when training stops",
    "normalise": "to normalise each speaker by their own recordings",
}
"""What rows can be used for. Only ``normalise`` may see test rows: without labels, and if one says so."""


class Used:
    """Which rows of a manifest were used for what.

    A row may be noted for several purposes, and several times for one; nothing is ever taken away.

    Examples
    --------
    >>> used = Used()
    >>> used.note("fit", [4, 2, 0])
    >>> used.note("fit", [2, 5])
    >>> used["fit"]
    array([0, 2, 4, 5])
    >>> used["stop"]
    array([], dtype=int64)
    >>> used
    Used(fit=4 rows)
    """

    def __init__(self):
        self._rows = {purpose: np.array([], dtype=np.int64) for purpose in PURPOSES}

    def note(self, purpose: str, rows) -> None:
        """Write down that rows were used.

        Parameters
        ----------
        purpose : str
            One of `PURPOSES`.
        rows : sequence of int, shape (n,)
            Row numbers of the manifest, as in `sercourse.splits.Fold`.

        Raises
        ------
        UnknownNameError
            No such purpose.
        ValueError
            These are not row numbers. A mask is refused too, lest it count as the rows 0 and 1.
        """
        self._rows[purpose] = np.union1d(self[purpose], row_numbers(rows))

    def __getitem__(self, purpose: str) -> np.ndarray:
        """Return the rows used for a purpose, sorted, each once; none if it was never noted."""
        if purpose not in self._rows:
            raise UnknownNameError("purpose", purpose, PURPOSES)
        return self._rows[purpose].copy()

    def __eq__(self, other) -> bool:
        # pandas compares what tables carry before it puts them together.
        return isinstance(other, Used) and all(np.array_equal(self[p], other[p]) for p in PURPOSES)

    def __repr__(self) -> str:
        noted = [f"{purpose}={len(rows)} rows" for purpose, rows in self._rows.items() if len(rows)]
        return f"Used({', '.join(noted)})"


def row_numbers(rows) -> np.ndarray:
    """Return row numbers as an array of int, or raise a ValueError that shows what they are instead."""
    numbers = np.asarray(rows)
    if numbers.size == 0:
        return np.array([], dtype=np.int64)
    if numbers.ndim != 1 or not np.issubdtype(numbers.dtype, np.integer) or numbers.min() < 0:
        raise ValueError(f"rows are whole numbers from 0 in one dimension, not {rows!r}")
    return numbers.astype(np.int64)
