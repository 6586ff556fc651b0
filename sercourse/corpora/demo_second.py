"""A second synthetic corpus: other speakers, other sentences, other microphones, other names.

Two women speak as in TESS, "Say the word ..." with 20 words in 7 emotions, under TESS's names; two men as
in SAVEE, 15 sentences in 7 emotions and neutral twice, under SAVEE's. None of the four is among the 24 of
the demo corpus. Words and sentences are our own.

The women are trained actresses who repeat themselves: between two recordings of one emotion there is a
third of the usual chance. With that, and only two voices, a random split looks almost perfect, as it does
on TESS itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sercourse.corpora import savee, studio, tess

# fmt: off
WORDS = (
    "apple", "basket", "bread", "candle", "cloud", "coffee", "flower", "garden", "hammer", "kitchen",
    "ladder", "lemon", "mirror", "pencil", "pillow", "rabbit", "river", "spoon", "table", "window",
)
# fmt: on

SENTENCES = (
    "The kettle is singing in the kitchen",
    "My neighbour feeds two grey cats",
    "We left the umbrella on the train",
    "Her letter came on Monday morning",
    "The bakery opens before the school",
    "He painted the garden gate green",
    "There is snow on the tall bridge",
    "Nobody answered the second bell",
    "The lamp in the hall was still on",
    "They planted beans behind the shed",
    "Our bus goes past the old mill",
    "I found a button under the chair",
    "The ferry waits for one more car",
    "Grandfather counts the boats at noon",
    "A warm wind moved the curtains",
)

CAST = {"OAF": 26, "YAF": 28, "DC": 25, "JE": 27}
"""Numbers of the speakers, by their names in the files: even is female, and the demo corpus ends at 24."""

STEADY = 1 / 3
"""Share of the usual chance from recording to recording that the women have."""

VOICE = 0.5
"""Share of a drawn timbre that is the voice's own: it stands for voice and microphone together."""


class Microphone(NamedTuple):
    """Where a half of the corpus was recorded.

    Attributes
    ----------
    rate : int
        Samples per second. Praat's voices reach 11 kHz, so that there is nothing above.
    level : float
        Of neutral speech, dB relative to full scale.
    floor : float
        Room tone against the neutral speech, dB.
    echo : float
        Reverberation against the direct sound, dB.
    colour : tuple of float
        Frequency response, dB in ten bands of equal width in mel; the voice's own is added.
    """

    rate: int
    level: float
    floor: float
    echo: float
    colour: tuple[float, ...]


# A dry booth with a bright microphone, and a lively room with a dull one; both noisier than the demo corpus.
BOOTH = Microphone(24_414, -36, -42, -30, (-6, -4, -2, -1, 0, 1, 2, 3, 4, 5))
ROOM = Microphone(44_100, -48, -36, -14, (5, 4, 2, 1, 0, -1, -2, -4, -6, -8))


def recordings(part: str) -> list[tuple[str, str, str]]:
    """What one speaker says, in the order in which it must be made.

    Parameters
    ----------
    part : str
        The speaker, one of `CAST`.

    Returns
    -------
    list of (file name, emotion, text)
        140 of an actress, 120 of a man.
    """
    if part in tess.ACTRESSES:
        return [
            (f"{part}_{word}_{code}.wav", emotion, f"Say the word {word}")
            for word in WORDS
            for code, emotion in tess.EMOTIONS.items()
        ]
    return [
        (f"{part}_{code}{number:02d}.wav", emotion, SENTENCES[(number - 1) % len(SENTENCES)])
        for code, (emotion, _) in savee.EMOTIONS.items()
        for number in range(1, savee.N_SENTENCES[code] + 1)
    ]


PRODUCTION = studio.Production(
    name="demo_second",
    writer=__name__,
    parts={part: len(recordings(part)) for part in CAST},
    megabytes=150,
    sources=("sercourse.corpora.tess", "sercourse.corpora.savee", "sercourse.corpora.wav"),
)


def parse(path: Path, corpus: str = "demo_second") -> dict[str, str]:
    """Read the row of a manifest out of a file's name: TESS's if it has three fields, or else SAVEE's.

    Parameters
    ----------
    path : pathlib.Path
    corpus : str

    Returns
    -------
    dict
        Keys are columns of the manifest (see `sercourse.corpora.manifest`).

    Raises
    ------
    ValueError
        The name breaks both conventions; the message says where.
    """
    return (tess if path.stem.count("_") == 2 else savee).parse(path, corpus)


def write(folder: Path, key: dict, part: str) -> Iterator[None]:
    """Write one speaker's recordings; the writer that `sercourse.corpora.studio` asks for.

    Parameters
    ----------
    folder : pathlib.Path
        Where they go.
    key : dict
        What the corpus is made from, among it its ``seed``.
    part : str
        The speaker, one of `CAST`.

    Yields
    ------
    None
        After each file.
    """
    import numpy as np
    import soxr

    from sercourse import voices
    from sercourse.corpora import wav

    seed, number = key["seed"], CAST[part]
    actress = part in tess.ACTRESSES
    microphone = BOOTH if actress else ROOM
    speaker = _recorded(voices.speaker(number, seed), microphone)
    strengths = voices.STRENGTHS
    if actress:
        strengths = replace(strengths, repetition=STEADY * strengths.repetition)
    for row, (name, emotion, text) in enumerate(recordings(part)):
        rng = np.random.default_rng([seed, number, row])
        intensity = "normal" if emotion == "neutral" else "strong"
        samples, rate = voices.synthesise(speaker, emotion, intensity, text, rng, strengths)
        wav.save(folder / name, soxr.resample(samples, rate, microphone.rate), microphone.rate)
        yield


def _recorded(speaker, microphone: Microphone):
    """The speaker in front of another microphone."""
    colour = tuple(VOICE * own + more for own, more in zip(speaker.timbre, microphone.colour, strict=True))
    place = {name: getattr(microphone, name) for name in ("level", "floor", "echo")}
    return replace(speaker, timbre=colour, **place)
