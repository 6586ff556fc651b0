"""The cast of the demo corpus: 24 speakers, numbered as in RAVDESS (odd male, even female)."""

from dataclasses import dataclass

import numpy as np

from sercourse.voices.rules import RULES, STRENGTHS, Effects, Strengths
from sercourse.voices.timbre import BANDS

N_SPEAKERS = 24
N_BANDS = 10
"""Bands of equal width in mel in which a speaker's timbre, voice and microphone together, is drawn."""

# Praat's voices, with the mean F0 in Hz that each has at pitch multiplier 1.
VOICES = {
    "male": {"Male1": 88, "Male2": 97, "Male3": 98, "Male4": 87, "Male5": 99, "Male6": 95, "Male7": 99},
    "female": {"Female1": 170, "Female2": 184, "Female3": 196, "Female4": 170, "Female5": 194},
}
MEAN_PITCH = {"male": 115.0, "female": 200.0}


@dataclass(frozen=True)
class Speaker:
    """One voice with its room and microphone. Lists are tuples, so that a speaker can be a key.

    Attributes
    ----------
    number : int
        1 to 24; odd is male, as in RAVDESS.
    sex : str
        "male" or "female".
    voice : str
        Name of Praat's voice variant.
    pitch : float
        Mean F0 of the neutral voice, Hz.
    range : float
        Standard deviation of F0 in the neutral voice, semitones.
    tract : float
        Ratio of all formants to those of Praat's voice; a short vocal tract has more than 1.
    rate : float
        Speaking rate, words per minute.
    tilt : float
        Slope of the spectrum against Praat's voice, dB per octave.
    breath : float
        Aspiration noise against the voice, dB.
    level : float
        Level of the neutral speech in the recording, dB below full scale.
    floor : float
        Level of the room tone against that of the neutral speech, dB.
    echo : float
        Level of the room's reverberation below the direct sound, dB.
    waits : tuple of two floats
        Mean silence before and after a sentence, seconds.
    timbre : tuple of float, length `N_BANDS`
        Colour of voice and microphone together, dB in bands of equal width in mel.
    manner : tuple of tuples, shape (8 emotions, 12 effects)
        How this speaker deviates from the rules, standard normal, in the order of `RULES`.
    shades : tuple of tuples, shape (8 emotions, `timbre.BANDS`)
        The same for the spectrum of each emotion.
    """

    number: int
    sex: str
    voice: str
    pitch: float
    range: float
    tract: float
    rate: float
    tilt: float
    breath: float
    level: float
    floor: float
    echo: float
    waits: tuple[float, float]
    timbre: tuple[float, ...]
    manner: tuple[tuple[float, ...], ...]
    shades: tuple[tuple[float, ...], ...]


def speakers(seed: int = 0, strengths: Strengths = STRENGTHS) -> list[Speaker]:
    """The 24 speakers of one seed.

    Each speaker has a random stream of his own, so that one can be made without the others.

    Parameters
    ----------
    seed : int
        Seed of the corpus.
    strengths : Strengths
        `speaker` widens or narrows the differences between speakers.

    Returns
    -------
    list of Speaker
        In the order of their numbers, 1 to 24.
    """
    return [speaker(number, seed, strengths) for number in range(1, N_SPEAKERS + 1)]


def speaker(number: int, seed: int = 0, strengths: Strengths = STRENGTHS) -> Speaker:
    """Draw one speaker; 1 to 24 are those of `speakers`, other numbers are other people.

    Parameters
    ----------
    number : int
        Odd is male, even is female.
    seed : int
    strengths : Strengths
        `speaker` widens or narrows the differences between speakers.

    Returns
    -------
    Speaker
    """
    strength = strengths.speaker
    rng = np.random.default_rng([seed, number])
    sex = "male" if number % 2 else "female"
    names = list(VOICES[sex])

    def deviation(size: float, shape: int | None = None):
        return strength * size * np.clip(rng.standard_normal(shape), -2, 2)

    return Speaker(
        number=number,
        sex=sex,
        voice=names[(number - 1) // 2 % len(names)],
        pitch=float(MEAN_PITCH[sex] * 2 ** (deviation(2.0) / 12)),
        range=float(2.2 * np.exp(deviation(0.2))),
        tract=float(np.exp(deviation(0.04))),
        rate=float(178 * np.exp(deviation(0.08))),
        tilt=float(deviation(1.5)),
        breath=float(-20 + deviation(3.0)),
        level=float(-42 + deviation(3.2)),
        floor=float(-58 + deviation(1.5)),
        echo=float(-22 + deviation(1.0)),
        waits=tuple((1.0 + deviation(0.06, 2)).tolist()),
        timbre=tuple(deviation(3.5, N_BANDS).tolist()),
        manner=tuple(tuple(own) for own in _own(rng, len(Effects._fields))),
        shades=tuple(tuple(own) for own in _own(rng, BANDS)),
    )


def _own(rng: np.random.Generator, n: int) -> list[list[float]]:
    """Deviations of one speaker, standard normal, a row of n for each emotion."""
    drawn = np.clip(rng.standard_normal((len(RULES), n)), -2.5, 2.5)
    # Part of a speaker's manner in neutral speech is the voice itself.
    drawn[list(RULES).index("neutral")] *= 0.6
    return drawn.tolist()
