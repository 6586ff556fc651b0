"""SAVEE, and every corpus that uses its file names (half of `demo_second` does).

A name is speaker, emotion and number: ``DC_a01.wav``, or ``a01.wav`` in the speaker's folder ``DC``. Four
men say 15 sentences in each of six emotions, and 30 in neutral.

``statement`` is the number. Within one emotion a number is one sentence; from one emotion to another only the
first three are the same, and neutral repeats sentences of the others under numbers of its own. A split that
keeps numbers apart thus keeps sentences apart within the six emotions, but not between them and neutral.

Sources: Haq S, Jackson PJB (2009) Speaker-dependent audio-visual emotion recognition. Proc. AVSP, 53-58.
Haq S, Jackson PJB (2010) Multimodal emotion recognition. In: Wang W (ed.) Machine Audition: Principles,
Algorithms and Systems. IGI Global, 398-423.
"""

import re
from pathlib import Path

from sercourse.corpora.names import one_of

SPEAKERS = ("DC", "JE", "JK", "KL")
EMOTIONS = {
    "a": ("angry", "anger"),
    "d": ("disgust", "disgust"),
    "f": ("fearful", "fear"),
    "h": ("happy", "happiness"),
    "n": ("neutral", "neutral"),
    "sa": ("sad", "sadness"),
    "su": ("surprised", "surprise"),
}
"""Code: the course's word, and the corpus's own."""

N_SENTENCES = {code: 30 if code == "n" else 15 for code in EMOTIONS}

ODDITIES: dict[str, str] = {}
"""No file is known to be odd."""

_NAME = re.compile(r"(?:([A-Z]+)_)?([a-z]+)(\d{2})")


def parse(path: Path, corpus: str = "savee") -> dict[str, str]:
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
    fields = _NAME.fullmatch(path.stem)
    if not fields:
        raise ValueError("not a SAVEE name (speaker, emotion and number, such as DC_a01 or DC/a01)")
    named, emotion, number = fields.groups()
    folder = path.parent.name
    speaker = one_of("speaker", named or folder, SPEAKERS)
    if folder in SPEAKERS and folder != speaker:
        raise ValueError(f"the name says speaker {speaker}, the folder says {folder}")
    one_of("emotion", emotion, EMOTIONS)
    if not 1 <= int(number) <= N_SENTENCES[emotion]:
        raise ValueError(f"number {number} is not one of 01 to {N_SENTENCES[emotion]} of emotion {emotion}")
    common, own = EMOTIONS[emotion]
    return {
        "path": str(path),
        "corpus": corpus,
        "recording_id": f"{speaker}_{emotion}{number}",
        "speaker": f"{corpus}_{speaker}",
        "sex": "male",
        "emotion": common,
        "label": own,
        "statement": number,
        "channel": "speech",
        "modality": "audio",
    }
