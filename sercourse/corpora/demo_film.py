"""The demo film: a few minutes of a film's sound, the truth about its lines, and three raters' labels.

It is made for the lesson in which students cut a film's sound at pauses and label the lines, as Report A's
authors did with animated films, but with movie, scene and character kept. Six characters talk in six scenes;
the emotions are Report A's five (surprised is its shock), neutral and fearful. `film_script` has the words,
`film_sound` the sound.

A line's name is six fields, ``ferry_s02_captain_021_angry_strong.wav``: movie, scene, character, number of
the line in the film, emotion, intensity. Neutral has no strong intensity.

References
----------
.. [1] Russell, J. A. (1980). A circumplex model of affect. Journal of Personality and Social Psychology
   39(6), 1161-1178.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sercourse.corpora import studio
from sercourse.corpora.film_script import CAST, MOVIE, SCENES, scene_name, truth
from sercourse.corpora.names import one_of

if TYPE_CHECKING:
    import pandas as pd

PART = "film"
"""The corpus's only part, and its folder."""

N_FILES = 3 + sum(len(scene.lines) for scene in SCENES)
"""`soundtrack.wav`, `truth.csv`, `ratings.csv`, and a file for each line."""

PRODUCTION = studio.Production(
    name="demo_film",
    writer=__name__,
    parts={PART: N_FILES},
    megabytes=20,
    sources=("sercourse.corpora.film_script", "sercourse.corpora.film_sound", "sercourse.corpora.wav"),
)

ANGLES = {"happy": 35, "surprised": 75, "angry": 105, "fearful": 115, "disgust": 150, "sad": 210}
"""Where an emotion lies on the circle of affect, in degrees from pleasure towards arousal. Russell [1]_ puts
excitement at 45, arousal at 90, distress at 135, displeasure at 180 and depression at 225; the places between
are ours. Neutral is the centre."""

RADII = {"normal": 0.6, "strong": 1.0}

NEIGHBOURS = {
    "neutral": ("sad",),
    "happy": ("surprised",),
    "surprised": ("happy", "fearful"),
    "angry": ("disgust", "fearful"),
    "fearful": ("surprised", "angry"),
    "disgust": ("angry", "sad"),
    "sad": ("neutral", "disgust"),
}
"""What an emotion is mistaken for: its neighbours on the circle."""


class Habits(NamedTuple):
    """How a simulated rater judges; chances are between 0 and 1.

    The two sliders go from 1 to 7, with 4 in the middle: 4 + 3 x (bias + slope x truth + noise), rounded.
    """

    mistakes: float  # chance of naming a neighbour on the first line
    tires: float  # by so much the chance of a mistake has risen, and judged arousal fallen, on the last line
    loudness: float  # chance of judging by arousal alone: angry, neutral or sad
    caution: float  # chance of saying "neutral" for a line of normal intensity
    arousal: tuple[float, float]  # bias and slope of the arousal slider
    valence: tuple[float, float]  # bias and slope of the valence slider
    noise: float  # standard deviation of the sliders' noise
    skips: float  # chance of leaving a line without music unrated
    skips_music: float  # chance of leaving a line under music unrated


# fmt: off
HABITS = {
    #                 mistakes tires loudness caution arousal      valence     noise skips skips_music
    # careful: right in six cases of seven, and otherwise near
    "rater_1": Habits(0.15,    0.00, 0.00,    0.00,   (0.0, 1.0),  (0.0, 1.0), 0.12, 0.02, 0.04),
    # hears loudness: one label in three is arousal alone, and music is in the way
    "rater_2": Habits(0.10,    0.00, 0.35,    0.00,   (0.15, 1.2), (0.0, 0.6), 0.20, 0.03, 0.30),
    # cautious, avoids the sliders' ends, and gets tired
    "rater_3": Habits(0.05,    0.30, 0.00,    0.40,   (0.1, 0.5),  (0.0, 0.5), 0.12, 0.03, 0.06),
}
# fmt: on


class Film(NamedTuple):
    """The film as `film` returns it."""

    soundtrack: Path
    truth: "pd.DataFrame"
    ratings: "pd.DataFrame"


def film(folder=None) -> Film:
    """The film as it was made.

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
    The raters are simulated, each with habits that a lesson can find out (`HABITS`). `rater_1` is the one to
    agree with. `rater_2` hears loudness: valence is what gets confused, and labels are missing where music
    plays, that is, not at random. `rater_3` says "neutral" when in doubt, keeps to the middle of the sliders,
    so that correlation with others is better than agreement, and gets worse towards the end.
    """
    import pandas as pd

    from sercourse.corpora import library
    from sercourse.errors import CorpusError

    if folder is None:
        found = library.find("demo_film")
        if found is None:
            raise CorpusError(f"the demo film is not on this machine: {library.how_to_get('demo_film')}")
        folder = found / PART
    folder = Path(folder)
    tables = (pd.read_csv(folder / f"{name}.csv") for name in ("truth", "ratings"))
    return Film(folder / "soundtrack.wav", *tables)


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


def rate(lines: list[dict], seed: int) -> list[dict]:
    """Have the simulated raters of `HABITS` judge all lines, in the film's order.

    Parameters
    ----------
    lines : list of dict
        With the truth's emotion, intensity and music.
    seed : int
        Each rater has a random stream of their own; nothing else has a part in it.

    Returns
    -------
    list of dict
        rater, line, emotion, arousal, valence; the last three empty where a rater left a line out.
    """
    ratings = []
    for number, (rater, habits) in enumerate(HABITS.items(), 1):
        rng = np.random.default_rng([seed, 2000 + number])
        for place, line in enumerate(lines):
            judged = _judge(line, habits, place / max(len(lines) - 1, 1), rng)
            ratings.append({"rater": rater, "line": line["line"], **judged})
    return ratings


def _judge(line: dict, habits: Habits, time: float, rng: np.random.Generator) -> dict:
    """One rater's judgement of one line, with `time` from 0 on the first line to 1 on the last."""
    # All chances are drawn for every line, so that one habit can be changed and the rest stays the same.
    skipped, cautious, by_loudness, mistaken, which = rng.random(5)
    noise = habits.noise * rng.standard_normal(2)
    angle = np.deg2rad(ANGLES.get(line["emotion"], 0))
    radius = RADII[line["intensity"]] if line["emotion"] in ANGLES else 0.0
    arousal, valence = radius * np.sin(angle), radius * np.cos(angle)
    if skipped < (habits.skips_music if line["music"] else habits.skips):
        return {"emotion": "", "arousal": "", "valence": ""}
    if line["intensity"] == "normal" and cautious < habits.caution:
        emotion = "neutral"
    elif by_loudness < habits.loudness:
        emotion = "angry" if arousal > 0.5 else "sad" if arousal < -0.2 else "neutral"
    elif mistaken < habits.mistakes + habits.tires * time:
        choices = NEIGHBOURS[line["emotion"]]
        emotion = choices[int(which * len(choices))]
    else:
        emotion = line["emotion"]
    heard = arousal - habits.tires * time
    return {
        "emotion": emotion,
        "arousal": _slider(habits.arousal, heard, noise[0]),
        "valence": _slider(habits.valence, valence, noise[1]),
    }


def _slider(habit: tuple[float, float], truth: float, noise: float) -> int:
    return int(np.clip(round(4 + 3 * (habit[0] + habit[1] * truth + noise)), 1, 7))


def _save(path: Path, rows: list[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
