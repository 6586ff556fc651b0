"""Find lines in a long recording: what lies between its pauses.

The level of the sound is measured every 10 ms. A frame is loud when it lies far enough above the room tone
around it, and not too far below the speech around it. Both are measured near the frame, since a film goes
from a loud engine room to a quiet hall, and music under a scene is a room tone of its own. A pause that
lasts long enough ends a line. `sercourse.labelling.clips` cuts the lines out.

Sound is read block by block: an hour of it is 360,000 levels, and never one array of samples. All times are
seconds from the start of the recording. The defaults were chosen on the demo film of seed 1. Lesson 03 moves
them and looks.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy.ndimage
import soundfile

from sercourse.errors import AudioError, SercourseError

PER_SECOND = 100
"""Levels a second."""

SMOOTHING = 3
"""Levels that are averaged, as power, before they are compared."""

ROOM, SPEECH = (10, 10.0), (90, 30.0)
"""Which percentile of the levels counts as room tone, or as speech, and over how many seconds around."""

SILENCE = -100.0
"""The lowest level, in dB relative to full scale: digital silence has none."""

BLOCK = 60
"""Seconds of sound that are held at a time."""


class Found(NamedTuple):
    """What `find_lines` returns.

    Attributes
    ----------
    lines : pandas.DataFrame
        Columns ``start`` and ``end`` in seconds, one row a line, in order.
    dropped : pandas.DataFrame
        Columns ``start``, ``end`` and ``reason``: what was loud, but is no line.
    """

    lines: pd.DataFrame
    dropped: pd.DataFrame


def measure_levels(samples: np.ndarray, rate: int) -> np.ndarray:
    """Level of the sound, `PER_SECOND` times a second.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.

    Returns
    -------
    numpy.ndarray, shape (n_levels,)
        Mean power of each frame, in dB relative to full scale (a power of 1), at least `SILENCE`. What is
        left over at the end and shorter than a frame is not counted.
    """
    # At many rates a frame is no whole number of samples. With bounds in place of a hop, frames do not drift.
    bounds = np.arange(len(samples) * PER_SECOND // rate + 1) * rate // PER_SECOND
    if len(bounds) < 2:
        return np.zeros(0)
    energy = np.add.reduceat(np.square(samples[: bounds[-1]], dtype=float), bounds[:-1])
    return 10 * np.log10(np.maximum(energy / np.diff(bounds), 10 ** (SILENCE / 10)))


def read_levels(path) -> np.ndarray:
    """Level of a recording's sound, read block by block; see `measure_levels`.

    Parameters
    ----------
    path : path-like
        Any length, any rate; channels are averaged.

    Returns
    -------
    numpy.ndarray, shape (n_levels,)

    Raises
    ------
    AudioError
        The file cannot be read as sound, or ends before its header says.
    """
    try:
        with soundfile.SoundFile(path) as file:
            blocks = file.blocks(BLOCK * file.samplerate, dtype="float32", always_2d=True)
            levels = [measure_levels(block.mean(axis=1), file.samplerate) for block in blocks]
            short = file.frames - file.tell()
    except (soundfile.LibsndfileError, OSError) as error:
        advice = "check the path; take the sound out of a video first, as WAV"
        raise AudioError(path, f"cannot be read as sound ({error})", advice) from error
    if short > 0:
        raise AudioError(path, f"cut off: its last {short} samples are missing", "copy the file again")
    return np.concatenate(levels) if levels else np.zeros(0)


def thresholds(levels: np.ndarray, threshold_db: float = 10.0, depth_db: float = 15.0) -> np.ndarray:
    """The level above which a frame is loud; see `find_lines`.

    Returns
    -------
    numpy.ndarray, shape (n_levels,)
        In dB relative to full scale.
    """
    if not len(levels):
        return np.zeros(0)
    levels = _smooth(levels)
    room, speech = (
        scipy.ndimage.percentile_filter(levels, percentile, size=round(seconds * PER_SECOND), mode="nearest")
        for percentile, seconds in (ROOM, SPEECH)
    )
    return np.maximum(room + threshold_db, speech - depth_db)


def find_lines(
    samples: np.ndarray,
    rate: int,
    threshold_db: float = 10.0,
    min_pause: float = 0.35,
    min_line: float = 0.5,
    padding: float = 0.05,
    *,
    depth_db: float = 15.0,
    max_line: float = 15.0,
) -> Found:
    """Find the lines in a recording's samples. For long recordings: `read_levels`, `find_in_levels`.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    threshold_db : float
        A loud frame lies at least so far above the room tone, which is the level that nine tenths of the
        10 s around exceed, in dB.
    min_pause : float
        A shorter pause does not end a line, in seconds.
    min_line : float
        What is shorter is dropped: a knock, a step. In seconds, without padding.
    padding : float
        Added to both ends of each line, in seconds, but no further than halfway to the next line.
    depth_db : float
        A loud frame lies at most so far below the speech, which is the level that one tenth of the 30 s
        around exceed, in dB. It keeps a room's echo, and breath in a quiet room, from joining lines. The
        price: a line that is quieter than this beside others is missed.
    max_line : float
        What is longer is dropped: music, or a stretch that lacks pauses. In seconds, without padding.

    Returns
    -------
    Found
        The lines, and what was dropped with the reason.

    Raises
    ------
    SercourseError
        A parameter is out of range.
    """
    options = {"depth_db": depth_db, "max_line": max_line}
    return find_in_levels(
        measure_levels(samples, rate), threshold_db, min_pause, min_line, padding, **options
    )


def find_in_levels(
    levels: np.ndarray,
    threshold_db: float = 10.0,
    min_pause: float = 0.35,
    min_line: float = 0.5,
    padding: float = 0.05,
    *,
    depth_db: float = 15.0,
    max_line: float = 15.0,
) -> Found:
    """Find the lines in a recording's levels, as `read_levels` returns them; see `find_lines`."""
    _check(threshold_db, depth_db, min_pause, min_line, max_line, padding)
    loud = _smooth(levels) > thresholds(levels, threshold_db, depth_db)
    edges = np.flatnonzero(np.diff(np.r_[False, loud, False].astype(int)))
    starts, ends = edges[::2] / PER_SECOND, edges[1::2] / PER_SECOND
    parted = starts[1:] - ends[:-1] >= min_pause - 1e-9
    starts, ends = starts[np.r_[True, parted][: len(starts)]], ends[np.r_[parted, True][: len(ends)]]
    seconds = ends - starts
    short, long = seconds < min_line - 1e-9, seconds > max_line + 1e-9
    reasons = np.where(
        short, f"shorter than {min_line:g} s", np.where(long, f"no pause in more than {max_line:g} s", "")
    )
    kept = reasons == ""
    dropped = pd.DataFrame({"start": starts, "end": ends, "reason": reasons})[~kept]
    lines = _pad(starts[kept], ends[kept], padding, len(levels) / PER_SECOND)
    return Found(lines, dropped.astype({"reason": "string"}).reset_index(drop=True))


def compare_lines(found: pd.DataFrame, truth: pd.DataFrame, tolerance: float = 0.2) -> pd.DataFrame:
    """Say what became of each true line.

    Parameters
    ----------
    found : pandas.DataFrame
        Lines with ``start`` and ``end`` in seconds.
    truth : pandas.DataFrame
        True lines, with the same columns and any others.
    tolerance : float
        How far off an edge may be, in seconds.

    Returns
    -------
    pandas.DataFrame, shape (n_true_lines, 2)
        With the index of `truth`. ``outcome``: "found" (both edges within the tolerance), "missed" (nothing
        overlaps it), "merged" (one found line has half of it, or more, and half of another true line),
        "split" (several found lines share it), or "shifted" (one found line, an edge too far off).
        ``row``: the index of the found line that overlaps it most, NA if it was missed.
    """
    starts, ends = (found[edge].to_numpy()[:, None] for edge in ("start", "end"))
    true_starts, true_ends = (truth[edge].to_numpy()[None] for edge in ("start", "end"))
    shared = np.minimum(ends, true_ends) - np.maximum(starts, true_starts)
    near = np.maximum(np.abs(starts - true_starts), np.abs(ends - true_ends)) <= tolerance
    most = shared >= (true_ends - true_starts) / 2
    crowded = most & (most.sum(axis=1, keepdims=True) > 1)
    cases = [near.any(axis=0), ~(shared > 0).any(axis=0), crowded.any(axis=0), (shared > 0).sum(axis=0) > 1]
    outcome = np.select(cases, ["found", "missed", "merged", "split"], "shifted")
    rows = pd.array([pd.NA] * len(truth), dtype="Int64")
    if len(found):
        rows = pd.array(found.index[shared.argmax(axis=0)], dtype="Int64")
        rows[cases[1]] = pd.NA
    return pd.DataFrame({"outcome": pd.array(outcome, dtype="string"), "row": rows}, index=truth.index)


def _smooth(levels: np.ndarray) -> np.ndarray:
    power = scipy.ndimage.uniform_filter1d(10 ** (levels / 10), SMOOTHING, mode="nearest")
    return 10 * np.log10(np.maximum(power, 10 ** (SILENCE / 10)))


def _pad(starts: np.ndarray, ends: np.ndarray, padding: float, total: float) -> pd.DataFrame:
    """Lengthen lines at both ends, but never into one another or beyond the recording."""
    room = np.r_[np.inf, (starts[1:] - ends[:-1]) / 2, np.inf] if len(starts) else np.array([np.inf])
    starts = np.maximum(starts - np.minimum(padding, room[:-1]), 0)
    ends = np.minimum(ends + np.minimum(padding, room[1:]), total)
    return pd.DataFrame({"start": starts.round(4), "end": ends.round(4)})


def _check(threshold_db, depth_db, min_pause, min_line, max_line, padding) -> None:
    for name, value in {"threshold_db": threshold_db, "depth_db": depth_db, "min_pause": min_pause}.items():
        if not value > 0:
            raise SercourseError(f"{name} is {value}; give a number above 0")
    if min_line < 0 or padding < 0 or max_line <= min_line:
        given = f"min_line {min_line}, max_line {max_line}, padding {padding}"
        raise SercourseError(f"{given}; give 0 or more, and a max_line above min_line")
