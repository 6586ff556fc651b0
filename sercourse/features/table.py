"""The array that features of many recordings are gathered in."""

import numpy as np


class Table:
    """Rows of frames, filled one by one, of which there is never a second copy.

    Where the number of frames is not known beforehand, the array grows with the longest recording so far: it
    is made larger where it lies, and its rows are moved apart.

    Parameters
    ----------
    n_rows : int
    n_frames : int or None
        Of every row; longer ones are cut. None: as many as the longest row has.
    """

    def __init__(self, n_rows: int, n_frames: int | None = None):
        self._lengths = np.zeros(n_rows, dtype=int)
        self._n_frames = n_frames
        self._x: np.ndarray | None = None

    def put(self, row: int, value: np.ndarray) -> None:
        """Fill a row with an array of shape (n_frames, n_coefficients)."""
        value = value[: self._n_frames]
        length = len(value)
        if self._x is None:
            shape = len(self._lengths), self._n_frames or length, value.shape[1]
            self._x = np.zeros(shape, dtype=np.float32)
        if length > self._x.shape[1]:
            self._widen(length + length // 4)
        self._x[row, :length] = value
        self._lengths[row] = length

    def finish(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Close the gaps of rows that were not filled; the table must not be used afterwards.

        Returns
        -------
        x : numpy.ndarray of float32, shape (n_filled, n_frames, n_coefficients)
            0 after the end of a row.
        mask : numpy.ndarray of bool, shape (n_filled, n_frames)
            True where there is a frame.
        filled : numpy.ndarray of bool, shape (n_rows,)
        """
        filled = self._lengths > 0
        lengths = self._lengths[filled]
        n_frames = self._n_frames or lengths.max()
        x, self._x = self._x, None
        _gather(x, np.flatnonzero(filled), n_frames)
        x.resize((len(lengths), n_frames, x.shape[2]), refcheck=False)
        return x, np.arange(n_frames) < lengths[:, None], filled

    def _widen(self, n_frames: int) -> None:
        n_rows, before, n_coefficients = self._x.shape
        self._x.resize((n_rows, n_frames, n_coefficients), refcheck=False)
        _spread(self._x, before)


def _spread(x: np.ndarray, before: int) -> None:
    """Move rows that lie `before` frames apart to where they belong, the last one first."""
    n_rows, n_frames, n_coefficients = x.shape
    flat, used, size = x.reshape(-1), before * n_coefficients, n_frames * n_coefficients
    for row in reversed(range(n_rows)):
        flat[row * size : row * size + used] = flat[row * used : (row + 1) * used]
        flat[row * size + used : (row + 1) * size] = 0


def _gather(x: np.ndarray, rows: np.ndarray, n_frames: int) -> None:
    """Move the first frames of some rows to the front, one after the other."""
    flat, size = x.reshape(-1), n_frames * x.shape[2]
    for place, row in enumerate(rows.tolist()):
        flat[place * size : (place + 1) * size] = x[row, :n_frames].reshape(-1)
