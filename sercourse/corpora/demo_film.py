"""The demo film: a few minutes of a film's sound, the truth about its lines, and three raters' labels.

It is made for the lesson in which students cut a film's sound at pauses and label the lines, as Report A's
authors did with animated films, but with movie, scene and character kept. Six characters talk in six scenes;
the emotions are Report A's five (surprised is its shock), neutral and fearful. `film_script` has the words,
`film_sound` the sound, `film_raters` the people who label it.

A line's name is six fields, ``ferry_s02_captain_021_angry_strong.wav``: movie, scene, character, number of
the line in the film, emotion, intensity. Neutral has no strong intensity.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from sercourse.corpora import studio
from sercourse.corpora.film_raters import ANGLES, RADII, rate
from sercourse.corpora.film_script import CAST, MOVIE, SCENES, scene_name, truth
from sercourse.corpora.names import one_of

PART = "film"
"""The corpus's only part, and its folder."""

N_FILES = 3 + sum(len(scene.lines) for scene in SCENES)
"""`soundtrack.wav`, `truth.csv`, `ratings.csv`, and a file for each line."""

PRODUCTION = studio.Production(
    name="demo_film",
    writer=__name__,
    parts={PART: N_FILES},
    megabytes=20,
    sources=(
        "sercourse.corpora.film_script",
        "sercourse.corpora.film_sound",
        "sercourse.corpora.film_raters",
        "sercourse.corpora.wav",
    ),
)


def parse(path: Path, corpus: str = "demo_film") -> dict[str, str]:
    """Read the row of a manifest out of a line's file name.

    Parameters
    ----------
    path : pathlib.Path
        Only the name counts; the file is not opened.
    corpus : str

    Returns
    -------
    dict
        Keys are columns of the manifest (see `sercourse.corpora.manifest`).

    Raises
    ------
    ValueError
        The name breaks the convention; the message says where.
    """
    fields = path.stem.split("_")
    if len(fields) != 6 or not re.fullmatch(r"\d{3}", fields[3]):
        raise ValueError("not a name of the demo film's lines (such as ferry_s02_captain_021_angry_strong)")
    movie, scene, character, line, emotion, intensity = fields
    one_of("movie", movie, [MOVIE])
    one_of("scene", scene, map(scene_name, range(1, len(SCENES) + 1)))
    one_of("character", character, CAST)
    one_of("emotion", emotion, ["neutral", *ANGLES])
    one_of("intensity", intensity, RADII)
    if not 1 <= int(line) <= N_FILES - 3:
        raise ValueError(f"line {line} is not one of 001 to {N_FILES - 3:03d}")
    if (emotion, intensity) == ("neutral", "strong"):
        raise ValueError("neutral has no strong intensity in the demo film")
    return {
        "path": str(path),
        "corpus": corpus,
        "recording_id": path.stem,
        "speaker": f"{corpus}_{character}",
        "sex": "male" if CAST[character] % 2 else "female",
        "emotion": emotion,
        "label": emotion,
        "intensity": intensity,
        "movie": movie,
        "scene": scene,
        "character": character,
        "channel": "speech",
        "modality": "audio",
    }


def write(folder: Path, key: dict, part: str) -> Iterator[None]:
    """Write the film; Praat must not have been called before in this process.

    Parameters
    ----------
    folder : pathlib.Path
        It exists and is empty.
    key : dict
        What the film is made from, among it its ``seed``.
    part : str
        `PART`.

    Yields
    ------
    None
        After each file.
    """
    from sercourse.corpora import film_sound, wav

    track, spans = film_sound.film(key["seed"])
    wav.save(folder / "soundtrack.wav", track, film_sound.RATE)
    yield
    rows = truth(spans)
    _save(folder / "truth.csv", rows)
    yield
    _save(folder / "ratings.csv", rate(rows, key["seed"]))
    yield
    (folder / "lines").mkdir()
    for row in rows:
        fields = (
            MOVIE,
            row["scene"],
            row["character"],
            f"{row['line']:03d}",
            row["emotion"],
            row["intensity"],
        )
        start, end = (round(row[edge] * film_sound.RATE) for edge in ("start", "end"))
        wav.save(folder / "lines" / f"{'_'.join(fields)}.wav", track[start:end], film_sound.RATE)
        yield


def _save(path: Path, rows: list[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
