"""Cut lines out of a recording, one sound file each, and keep where each comes from.

Report A cut 1,300 clips of 3 s out of films, and kept neither film nor scene nor voice. So no split could
keep them apart. Here every clip carries them.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import soundfile

from sercourse.errors import AudioError, ManifestError
from sercourse.files import written_whole
from sercourse.progress import bar

CARRIED = ("movie", "scene", "character")

TOUCH = 0.2
"""Seconds of a second scene or character that a line may hold: edges are never sure."""


class Cut(NamedTuple):
    """What `cut` returns.

    Attributes
    ----------
    clips : pandas.DataFrame
        One row a clip: ``clip`` (its name), ``path``, ``movie``, ``scene``, ``character``, ``start`` and
        ``end`` (seconds in the recording), ``lost`` (seconds of the line that did not fit into the clip).
    dropped : pandas.DataFrame
        Columns ``start``, ``end`` and ``reason``: lines that were not cut out.
    """

    clips: pd.DataFrame
    dropped: pd.DataFrame


def cut(
    recording,
    lines: pd.DataFrame,
    folder,
    *,
    movie: str | None = None,
    scene: str | None = None,
    character: str | None = None,
    within: Iterable[pd.DataFrame] = (),
    length: float | None = 3.0,
    progress: bool = True,
) -> Cut:
    """Write each line of a recording as a WAV file of its own, mono, at the recording's rate.

    Parameters
    ----------
    recording : path-like
        The sound that the lines were found in. It is read line by line.
    lines : pandas.DataFrame
        Columns ``start`` and ``end`` in seconds, as `sercourse.labelling.segment.find_lines` returns them.
    folder : path-like
        Where the clips go. A clip is named by its movie and its place in the recording in milliseconds, so
        that lines found anew by other parameters never get the name, and the label, of other sound.
    movie, scene, character : str, optional
        The same for all lines. By default the movie is the recording's name; the others are missing.
    within : iterable of pandas.DataFrame
        Tables with ``start``, ``end`` and any of ``movie``, ``scene``, ``character``: which scene plays
        when, or who talks when. A line takes what it overlaps; one that holds more than `TOUCH` seconds of a
        second scene or character is dropped, since it can have only one label.
    length : float or None
        Seconds. Lines are cut off at this length, or filled up with silence at the end, as in Report A
        (3 s is stated; the silence is our guess). None keeps them whole.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Cut
        The clips, and the lines that were dropped with the reason.

    Raises
    ------
    AudioError
        The recording cannot be read.
    ManifestError
        The movie's name cannot be part of a file's name, or a table lacks a column.
    """
    movie = Path(recording).stem if movie is None else movie
    if length is not None and length <= 0:
        raise ManifestError(f"length is {length}; give seconds above 0, or None for whole lines")
    carried, reasons = _carry(lines, {"movie": movie, "scene": scene, "character": character}, list(within))
    for name in {about["movie"] for about in carried}:
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            raise ManifestError(f"movie {name!r}: use letters, digits, _ and - only; give one with movie=")
    rows, dropped = [], []
    try:
        with soundfile.SoundFile(recording) as sound, bar(len(lines), "cutting", "clip", progress) as shown:
            places = zip(lines["start"], lines["end"], carried, reasons, strict=True)
            for start, end, about, reason in places:
                samples, reason = (None, reason) if reason else _read(sound, start, end, length)
                if reason:
                    dropped.append({"start": start, "end": end, "reason": reason})
                else:
                    rows.append(_write(samples, sound.samplerate, Path(folder), start, end, length, about))
                shown.update(1)
    except soundfile.LibsndfileError as error:
        advice = "check the path; take the sound out of a video first, as WAV"
        raise AudioError(recording, f"cannot be read as sound ({error})", advice) from error
    clips = pd.DataFrame(rows, columns=["clip", "path", *CARRIED, "start", "end", "lost"])
    clips = clips.astype(dict.fromkeys(["clip", "path", *CARRIED], "string"))
    types = {"start": float, "end": float, "reason": "string"}
    return Cut(clips, pd.DataFrame(dropped, columns=list(types)).astype(types))


def _read(sound: soundfile.SoundFile, start: float, end: float, length: float | None):
    """Return a line's samples and no reason, or none and the reason."""
    rate = sound.samplerate
    first, last = round(start * rate), min(round(end * rate), sound.frames)
    if first < 0 or first >= last:
        return None, "lies outside the recording"
    if length is not None:
        last = min(last, first + round(length * rate))
    sound.seek(first)
    samples = sound.read(last - first, dtype="float32", always_2d=True).mean(axis=1)
    if len(samples) < last - first:
        return None, "the recording is cut off here"
    if not np.isfinite(samples).all():
        return None, "holds samples that are not finite"
    if length is not None:
        samples = np.pad(samples, (0, round(length * rate) - len(samples)))
    return samples, ""


def _write(samples, rate, folder, start, end, length, about) -> dict:
    """Write a clip, and return its row."""
    clip = f"{about['movie']}_{round(1000 * start):08d}-{round(1000 * end):08d}"
    with written_whole(folder / f"{clip}.wav") as partial:
        soundfile.write(partial, samples, rate, subtype="PCM_16")
    lost = 0.0 if length is None else max(0.0, end - start - length)
    place = {"start": start, "end": round(end - lost, 4), "lost": round(lost, 4)}
    return {"clip": clip, "path": str(folder / f"{clip}.wav"), **about, **place}


def _carry(lines: pd.DataFrame, given: dict, tables: list[pd.DataFrame]) -> tuple[list[dict], list[str]]:
    """Return for each line its movie, scene and character, and why it cannot be used, or ""."""
    for table in tables:
        if not {"start", "end"} <= set(table) or not set(CARRIED) & set(table):
            raise ManifestError(
                f"a table has the columns {', '.join(table)}; it needs start, end, and one or more of "
                f"{', '.join(CARRIED)}"
            )
    carried, reasons = [], []
    for line in lines.itertuples():
        about, reason = dict(given), ""
        for table in tables:
            seconds = table["end"].clip(upper=line.end) - table["start"].clip(lower=line.start)
            for what in set(CARRIED) & set(table):
                shares = seconds.clip(lower=0).groupby(table[what]).sum().sort_values(ascending=False)
                if len(shares) and shares.iloc[0] > 0:
                    about[what] = str(shares.index[0])
                if len(shares) > 1 and shares.iloc[1] > TOUCH:
                    several = " and ".join(sorted(map(str, shares.index[shares > TOUCH])))
                    reason = f"more than one {what}: {several}"
        carried.append(about)
        reasons.append(reason)
    return carried, reasons
