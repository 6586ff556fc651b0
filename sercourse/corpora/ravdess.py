"""RAVDESS, and every corpus that uses its file names (the demo corpus does).

A name is seven two-digit fields, ``03-01-06-01-02-01-12.wav``:
modality - vocal channel - emotion - intensity - statement - repetition - actor.
Odd actors are male, even ones female; neutral has no strong intensity. The files of an
actor lie in a folder ``Actor_12``.

Speech is 24 actors with 60 recordings each. Song is 23 actors with 44: actor 18 does not
sing, and nobody sings disgust or surprise. Each recording exists as audio (03), as audio-video
(01) and as video without sound (02). The sound of an audio-video file is the recording that
the audio file holds too: both have one ``recording_id``.

Source: Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional
Speech and Song (RAVDESS). PLoS ONE 13(5): e0196391. Zenodo record 1188976.
"""

import re
from pathlib import Path

from sercourse.corpora.names import one_of

MODALITIES = {"01": "audio-video", "03": "audio"}
CHANNELS = {"01": "speech", "02": "song"}
EMOTIONS = {
    "01": "neutral",
    "02": "calm",
    "03": "happy",
    "04": "sad",
    "05": "angry",
    "06": "fearful",
    "07": "disgust",
    "08": "surprised",
}
INTENSITIES = {"01": "normal", "02": "strong"}
STATEMENTS = {"01": "kids", "02": "dogs"}
SENTENCES = {"kids": "Kids are talking by the door", "dogs": "Dogs are sitting by the door"}

NOT_SUNG = ("disgust", "surprised")
NO_SINGER = "18"

_STEREO = "stereo, where all others are mono"

ODDITIES = {
    "03-01-02-01-01-02-01": _STEREO,
    "03-01-08-01-02-02-01": _STEREO,
    "03-01-02-01-02-02-05": _STEREO,
    "03-01-03-01-02-01-20": _STEREO,
    "03-01-06-01-01-02-20": _STEREO,
    "03-01-03-01-02-01-07": "the same bytes as 03-01-03-01-02-02-07, which should be the second take",
    "03-01-03-01-02-02-07": "the same bytes as 03-01-03-01-02-01-07, which should be the first take",
}
"""Name of a file without suffix: what is odd about it. Found in the published files."""

_NAME = re.compile(r"\d{2}(-\d{2}){6}")
_ACTOR_FOLDER = re.compile(r"Actor_(\d{2})")


def parse(path: Path, corpus: str = "ravdess") -> dict[str, str | int]:
    """Read the row of a manifest out of a file's name.

    Parameters
    ----------
    path : pathlib.Path
        Only the name and the name of the folder count; the file is not opened.
    corpus : str
        Name of the corpus that uses this convention.

    Returns
    -------
    dict
        Keys are columns of the manifest (see `sercourse.corpora.manifest`).

    Raises
    ------
    ValueError
        The name breaks the convention; the message says where.
    """
    if not _NAME.fullmatch(path.stem):
        raise ValueError("not a RAVDESS name (seven two-digit fields such as 03-01-06-01-02-01-12)")
    modality, channel, emotion, intensity, statement, repetition, actor = path.stem.split("-")
    if modality == "02":
        raise ValueError("modality 02 is video without sound")
    row = {
        "modality": MODALITIES[one_of("modality", modality, MODALITIES)],
        "channel": CHANNELS[one_of("vocal channel", channel, CHANNELS)],
        "emotion": EMOTIONS[one_of("emotion", emotion, EMOTIONS)],
        "intensity": INTENSITIES[one_of("intensity", intensity, INTENSITIES)],
        "statement": STATEMENTS[one_of("statement", statement, STATEMENTS)],
        "repetition": int(one_of("repetition", repetition, ("01", "02"))),
    }
    if row["emotion"] == "neutral" and row["intensity"] == "strong":
        raise ValueError("neutral has no strong intensity in RAVDESS")
    if not 1 <= int(actor) <= 24:
        raise ValueError(f"actor {actor} is not one of 01 to 24")
    if row["channel"] == "song" and row["emotion"] in NOT_SUNG:
        raise ValueError(f"emotion {emotion}: RAVDESS has no song in {row['emotion']}")
    if row["channel"] == "song" and actor == NO_SINGER:
        raise ValueError(f"actor {actor} has no song in RAVDESS")
    folder = _ACTOR_FOLDER.fullmatch(path.parent.name)
    if folder and folder[1] != actor:
        raise ValueError(f"the name says actor {actor}, the folder says {path.parent.name}")
    return row | {
        "path": str(path),
        "corpus": corpus,
        "recording_id": path.stem[3:],
        "speaker": f"{corpus}_{actor}",
        "sex": "male" if int(actor) % 2 else "female",
        "label": row["emotion"],
    }
