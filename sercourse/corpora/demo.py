"""The demo corpus: synthetic emotional speech in RAVDESS's folders and file names.

24 speakers, 8 emotions, 2 intensities, 2 sentences, 2 repetitions: 1,440 recordings, so that whatever
reads RAVDESS reads this corpus too. How it is made whole is the business of `sercourse.corpora.studio`.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from sercourse.corpora import ravdess, studio
from sercourse.errors import CorpusError

N_SPEAKERS = 24

N_FILES = 60
"""Recordings of one speaker: 7 emotions x 2 x 2 x 2, and neutral in one intensity only."""


def actor(number: int) -> str:
    """Name of a speaker's folder, such as `Actor_07`."""
    return f"Actor_{number:02d}"


PRODUCTION = studio.Production(
    name="demo",
    writer=__name__,
    parts={actor(number): N_FILES for number in range(1, N_SPEAKERS + 1)},
    megabytes=250,
    sources=("sercourse.corpora.ravdess", "sercourse.corpora.wav"),
)


def make(
    folder,
    seed: int = 0,
    workers: int | None = None,
    progress: bool = True,
    speakers=range(1, N_SPEAKERS + 1),
) -> Path:
    """Make the demo corpus, or complete it, or do nothing if it is there.

    Parameters
    ----------
    folder, seed, workers, progress
        See `sercourse.corpora.studio.make`.
    speakers : iterable of int
        Speakers to make, 1 to 24. With fewer than all of them the corpus stays incomplete.

    Returns
    -------
    pathlib.Path
        `folder`.

    Raises
    ------
    VoicesError
        If Praat's synthesiser is missing.
    CorpusError
        If the folder cannot be written.
    """
    numbers = sorted(set(speakers))
    if not set(numbers) <= set(range(1, N_SPEAKERS + 1)):
        raise CorpusError(f"speakers {numbers}: the demo corpus has speakers 1 to {N_SPEAKERS}")
    return studio.make(PRODUCTION, folder, seed, workers, progress, map(actor, numbers))


def is_complete(folder, seed: int | None = None) -> bool:
    """Whether all 1,440 recordings are there, made with this source code.

    Parameters
    ----------
    folder : path-like
        A demo corpus.
    seed : int, optional
        The seed it should have; any if left out.

    Returns
    -------
    bool
    """
    return studio.is_complete(PRODUCTION, folder, seed)


def recordings(number: int) -> list[tuple[str, str, str, str, int]]:
    """What one speaker says, in the order in which it must be made.

    Parameters
    ----------
    number : int
        The speaker, 1 to 24.

    Returns
    -------
    list of (file name, emotion, intensity, statement, repetition)
        60 of them; repetition is 1 or 2.
    """
    rows = []
    codes = product(ravdess.EMOTIONS, ravdess.INTENSITIES, ravdess.STATEMENTS, (1, 2))
    for emotion, intensity, statement, repetition in codes:
        row = (ravdess.EMOTIONS[emotion], ravdess.INTENSITIES[intensity], ravdess.STATEMENTS[statement])
        if row[:2] != ("neutral", "strong"):
            name = f"03-01-{emotion}-{intensity}-{statement}-{repetition:02d}-{number:02d}.wav"
            rows.append((name, *row, repetition))
    return rows


def write(folder: Path, key: dict, part: str) -> Iterator[None]:
    """Write one speaker's recordings; the writer that `sercourse.corpora.studio` asks for.

    Parameters
    ----------
    folder : pathlib.Path
        Where they go.
    key : dict
        What the corpus is made from, among it its ``seed``.
    part : str
        The speaker's folder, such as `Actor_07`.

    Yields
    ------
    None
        After each file.
    """
    import numpy as np

    from sercourse import voices
    from sercourse.corpora import wav

    seed, number = key["seed"], int(part[-2:])
    speaker = voices.speakers(seed)[number - 1]
    for name, emotion, intensity, statement, _ in recordings(number):
        rng = np.random.default_rng([seed, *map(int, re.findall(r"\d+", name))])
        samples, rate = voices.synthesise(speaker, emotion, intensity, ravdess.SENTENCES[statement], rng)
        wav.save(folder / name, samples, rate)
        yield
