"""EMO-DB, the Berlin database of emotional speech.

A name is speaker, text, emotion and take: ``03a01Fa.wav`` is speaker 03, text a01, happiness (*Freude*),
take a. The emotion's letter is that of the German word. Five men and five women say ten German texts in
seven emotions, some of them more than once. Only what listeners recognised was published, so that texts,
speakers and emotions do not fill a table: 535 recordings.

Sources: Burkhardt F, Paeschke A, Rolfes M, Sendlmeier W, Weiss B (2005) A database of German emotional
speech. Proc. Interspeech, 1517-1520. Zenodo record 7447302.
"""

import re
from pathlib import Path

from sercourse.corpora.names import one_of

SEXES = {
    "03": "male",
    "08": "female",
    "09": "female",
    "10": "male",
    "11": "male",
    "12": "male",
    "13": "female",
    "14": "female",
    "15": "male",
    "16": "female",
}

SENTENCES = {
    "a01": "Der Lappen liegt auf dem Eisschrank",
    "a02": "Das will sie am Mittwoch abgeben",
    "a04": "Heute abend könnte ich es ihm sagen",
    "a05": "Das schwarze Stück Papier befindet sich da oben neben dem Holzstück",
    "a07": "In sieben Stunden wird es soweit sein",
    "b01": "Was sind denn das für Tüten, die da unter dem Tisch stehen",
    "b02": "Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter",
    "b03": "An den Wochenenden bin ich jetzt immer nach Hause gefahren und habe Agnes besucht",
    "b09": "Ich will das eben wegbringen und dann mit Karl was trinken gehen",
    "b10": "Die wird auf dem Platz sein, wo wir sie immer hinlegen",
}

EMOTIONS = {
    "W": ("angry", "anger"),
    "L": ("bored", "boredom"),
    "E": ("disgust", "disgust"),
    "A": ("fearful", "fear"),
    "F": ("happy", "happiness"),
    "T": ("sad", "sadness"),
    "N": ("neutral", "neutral"),
}
"""Letter: the course's word, and the corpus's own in English."""

ODDITIES: dict[str, str] = {}
"""No file is known to be odd."""

_NAME = re.compile(r"(\d{2})([a-z]\d{2})([A-Z])([a-z])")


def parse(path: Path, corpus: str = "emodb") -> dict[str, str | int]:
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
        Keys are columns of the manifest (see `sercourse.corpora.manifest`); ``statement`` is the code of
        the text, a key of `SENTENCES`, and ``repetition`` the take, 1 for a. Takes have gaps: those that
        listeners did not recognise are missing.

    Raises
    ------
    ValueError
        The name breaks the convention; the message says where.
    """
    fields = _NAME.fullmatch(path.stem)
    if not fields:
        raise ValueError("not an EMO-DB name (speaker, text, emotion and take, such as 03a01Fa)")
    speaker, text, letter, take = fields.groups()
    common, own = EMOTIONS[one_of("emotion", letter, EMOTIONS)]
    return {
        "path": str(path),
        "corpus": corpus,
        "recording_id": path.stem,
        "speaker": f"{corpus}_{one_of('speaker', speaker, SEXES)}",
        "sex": SEXES[speaker],
        "emotion": common,
        "label": own,
        "statement": one_of("text", text, SENTENCES),
        "repetition": ord(take) - ord("a") + 1,
        "channel": "speech",
        "modality": "audio",
    }
