"""TESS, and every corpus that uses its file names (half of `demo_second` does).

A name is actress, word and emotion: ``OAF_back_angry.wav``. Two actresses, an older (OAF) and a younger
(YAF) one, say "Say the word ..." with 200 words in seven emotions; ``ps`` is pleasant surprise. That makes
2,800 recordings. A well-known archive nests a second copy of everything in a folder of its own; the copies
have the same ``recording_id``, and `sercourse.corpora.library` leaves them out.

Source: Pichora-Fuller MK, Dupuis K (2020) Toronto emotional speech set (TESS). Borealis,
doi 10.5683/SP2/E8H2MF.
"""

import re
from pathlib import Path

from sercourse.corpora.names import one_of

ACTRESSES = ("OAF", "YAF")
EMOTIONS = {
    "angry": "angry",
    "disgust": "disgust",
    "fear": "fearful",
    "happy": "happy",
    "neutral": "neutral",
    "ps": "surprised",
    "sad": "sad",
}

_NAME = re.compile(r"([A-Z]+)_([a-z]+)_([a-z]+)")

# One file of the corpus as it is published; a reader who does not know it finds a third actress.
_MISSPELT = {"OA_bite_neutral": "OAF_bite_neutral"}

ODDITIES = {"OA_bite_neutral": "its name is misspelt; read as OAF_bite_neutral"}
"""Name of a file without suffix: what is odd about it."""


def parse(path: Path, corpus: str = "tess") -> dict[str, str]:
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
        Keys are columns of the manifest (see `sercourse.corpora.manifest`).

    Raises
    ------
    ValueError
        The name breaks the convention; the message says where.
    """
    name = _MISSPELT.get(path.stem, path.stem)
    fields = _NAME.fullmatch(name)
    if not fields:
        raise ValueError("not a TESS name (actress, word and emotion, such as OAF_back_angry)")
    actress, word, emotion = fields.groups()
    one_of("actress", actress, ACTRESSES)
    one_of("emotion", emotion, EMOTIONS)
    return {
        "path": str(path),
        "corpus": corpus,
        "recording_id": name,
        "speaker": f"{corpus}_{actress}",
        "sex": "female",
        "emotion": EMOTIONS[emotion],
        "label": emotion,
        "statement": word,
        "channel": "speech",
        "modality": "audio",
    }
