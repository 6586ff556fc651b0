"""CREMA-D, the crowd-sourced emotional multimodal actors dataset.

A name is actor, sentence, emotion and level: ``1001_DFA_ANG_XX.wav``. 91 actors, 48 men and 43 women, say
twelve sentences in six emotions. The first one, IEO, they say at a low, a medium and a high level (LO, MD,
HI); everything else, and all neutral speech, has no stated level (XX). The label is what the actor meant:
listeners who only hear the recording agree with it in about four cases of ten. 7,442 recordings.

The sex is not in the name. It comes from the table of actors that is published with the corpus.

Sources: Cao H, Cooper DG, Keutmann MK, Gur RC, Nenkova A, Verma R (2014) CREMA-D: Crowd-sourced emotional
multimodal actors dataset. IEEE Transactions on Affective Computing 5(4), 377-390.
``VideoDemographics.csv`` in the repository CheyneyComputerScience/CREMA-D.
"""

import re
from pathlib import Path

from sercourse.corpora.names import one_of

ACTORS = range(1001, 1092)

# fmt: off
WOMEN = frozenset((
    1002, 1003, 1004, 1006, 1007, 1008, 1009, 1010, 1012, 1013, 1018, 1020, 1021, 1024, 1025, 1028, 1029,
    1030, 1037, 1043, 1046, 1047, 1049, 1052, 1053, 1054, 1055, 1056, 1058, 1060, 1061, 1063, 1072, 1073,
    1074, 1075, 1076, 1078, 1079, 1082, 1084, 1089, 1091,
))
# fmt: on
"""Of `ACTORS`; the others are men."""

SENTENCES = {
    "IEO": "It's eleven o'clock",
    "TIE": "That is exactly what happened",
    "IOM": "I'm on my way to the meeting",
    "IWW": "I wonder what this is about",
    "TAI": "The airplane is almost full",
    "MTI": "Maybe tomorrow it will be cold",
    "IWL": "I would like a new alarm clock",
    "ITH": "I think I have a doctor's appointment",
    "DFA": "Don't forget a jacket",
    "ITS": "I think I've seen this before",
    "TSI": "The surface is slick",
    "WSI": "We'll stop in a couple of minutes",
}

EMOTIONS = {
    "ANG": ("angry", "anger"),
    "DIS": ("disgust", "disgust"),
    "FEA": ("fearful", "fear"),
    "HAP": ("happy", "happy"),
    "NEU": ("neutral", "neutral"),
    "SAD": ("sad", "sad"),
}
"""Code: the course's word, and the corpus's own."""

INTENSITIES = {"LO": "low", "MD": "normal", "HI": "strong", "XX": None}

# The corpus's own tables call it XX, but the file as it is published lacks a letter.
_MISSPELT = {"1040_ITH_SAD_X": "1040_ITH_SAD_XX"}

ODDITIES = {
    "1040_ITH_SAD_X": "its name lacks a letter; read as 1040_ITH_SAD_XX",
    "1064_IEO_DIS_MD": "known to be a bad recording",
    "1064_TIE_SAD_XX": "known to be a bad recording",
    "1076_MTI_NEU_XX": "known to be a bad recording",
    "1076_MTI_SAD_XX": "known to be silent",
}
"""Name of a file without suffix: what is odd about it."""

_NAME = re.compile(r"(\d{4})_([A-Z]{3})_([A-Z]{3})_([A-Z]{2})")


def parse(path: Path, corpus: str = "cremad") -> dict[str, str | None]:
    """Read the row of a manifest out of a file's name.

    Parameters
    ----------
    path : pathlib.Path
        Only the name counts; the file is not opened.
    corpus : str
        Name of the corpus that uses this convention.

    Returns
    -------
    dict
        Keys are columns of the manifest (see `sercourse.corpora.manifest`); ``statement`` is a key of
        `SENTENCES`, and ``intensity`` is None where no level is stated.

    Raises
    ------
    ValueError
        The name breaks the convention; the message says where.
    """
    name = _MISSPELT.get(path.stem, path.stem)
    fields = _NAME.fullmatch(name)
    if not fields:
        raise ValueError("not a CREMA-D name (actor, sentence, emotion and level, such as 1001_DFA_ANG_XX)")
    actor, sentence, emotion, level = fields.groups()
    if int(actor) not in ACTORS:
        raise ValueError(f"actor {actor} is not one of {ACTORS[0]} to {ACTORS[-1]}")
    one_of("sentence", sentence, SENTENCES)
    common, own = EMOTIONS[one_of("emotion", emotion, EMOTIONS)]
    one_of("level", level, INTENSITIES)
    if level != "XX" and (sentence != "IEO" or emotion == "NEU"):
        raise ValueError(f"level {level}: only IEO is said at levels, and not in neutral; all else is XX")
    return {
        "path": str(path),
        "corpus": corpus,
        "recording_id": name,
        "speaker": f"{corpus}_{actor}",
        "sex": "female" if int(actor) in WOMEN else "male",
        "emotion": common,
        "label": own,
        "intensity": INTENSITIES[level],
        "statement": sentence,
        "channel": "speech",
        "modality": "audio",
    }
