"""Read the demo film back: its sound, the truth about its lines, and what the raters said."""

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sercourse.corpora import demo_film, library
from sercourse.errors import CorpusError


class Film(NamedTuple):
    """The film as `load_film` returns it."""

    soundtrack: Path
    truth: pd.DataFrame
    ratings: pd.DataFrame


def load_film(folder=None) -> Film:
    """Find the demo film and read its tables.

    Parameters
    ----------
    folder : path-like, optional
        Where `soundtrack.wav` lies; found by `sercourse.corpora.library` if left out.

    Returns
    -------
    Film
        The sound track's file. The truth, one row a line: line (from 1), start and end in seconds, scene,
        character, emotion, intensity, text, music (under it), overlap (two talk at once). The ratings, one
        row a rater and line: emotion, arousal and valence from 1 to 7, all missing where a line was left out.

    Raises
    ------
    CorpusError
        The film is not on this machine.

    Notes
    -----
    The raters are simulated, each with habits that a lesson can find out: see
    `sercourse.corpora.film_raters`.
    """
    if folder is None:
        found = library.find("demo_film")
        if found is None:
            raise CorpusError(f"the demo film is not on this machine: {library.how_to_get('demo_film')}")
        folder = found / demo_film.PART
    folder = Path(folder)
    tables = (pd.read_csv(folder / f"{name}.csv") for name in ("truth", "ratings"))
    return Film(folder / "soundtrack.wav", *tables)
