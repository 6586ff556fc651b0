"""Synthetic emotional speech: Praat's synthesiser and the rules of emotional prosody.

The rules stand in one table, `RULES`, with their sources. A recording is made in four steps:
`rules.express` turns emotion, intensity and the speaker's manner into effects; `praat.speak` and
`praat.intone` speak the sentence with the rate and the F0 contour that they ask for;
`timbre.voice_quality` changes slope, breath and articulation; `timbre.record` adds the room.

What such speech can show is limited to what the rules say: see lesson 01.

Examples
--------
>>> import numpy as np
>>> from sercourse import voices
>>> speaker = voices.speakers(seed=0)[0]
>>> text = "Kids are talking by the door"
>>> samples, rate = voices.synthesise(speaker, "angry", "strong", text, np.random.default_rng(0))
>>> rate
22050
"""

from functools import cache

import numpy as np

from sercourse.voices.cast import VOICES, Speaker, speaker, speakers
from sercourse.voices.praat import ADVICE, RATE, available, intone, load, speak
from sercourse.voices.rules import (
    CHANCE,
    INTENSITIES,
    MANNER,
    RULES,
    SPECTRUM,
    STRENGTHS,
    Effects,
    Strengths,
    check,
    express,
    spectrum,
)
from sercourse.voices.timbre import (
    BANDS,
    NATURAL,
    fade,
    finer,
    long_term_spectrum,
    record,
    resample,
    speech_level,
    voice_quality,
)

__all__ = [
    "ADVICE",
    "CHANCE",
    "INTENSITIES",
    "MANNER",
    "RATE",
    "RULES",
    "SPECTRUM",
    "STRENGTHS",
    "Effects",
    "Speaker",
    "Strengths",
    "available",
    "express",
    "load",
    "portray",
    "render",
    "speaker",
    "speakers",
    "spectrum",
    "synthesise",
]

_REFERENCE = "Mother bought seven yellow boats and thirty good shoes near the water"


def synthesise(
    speaker: Speaker,
    emotion: str,
    intensity: str,
    text: str,
    rng: np.random.Generator,
    strengths: Strengths = STRENGTHS,
) -> tuple[np.ndarray, int]:
    """One recording of one speaker.

    Parameters
    ----------
    speaker : Speaker
        One of `speakers`.
    emotion, intensity : str
        Keys of `RULES` and `INTENSITIES`.
    text : str
        What is said, in English.
    rng : numpy.random.Generator
        Source of everything in which two repetitions differ.
    strengths : Strengths
        Weights of the rules and of chance.

    Returns
    -------
    samples : array of shape (samples,), float32, within -1 and 1
        Room tone, sentence, room tone: three to four seconds in most cases.
    rate : int
        Sampling rate, Hz.

    Raises
    ------
    UnknownNameError
        For a name that the tables lack.
    VoicesError
        If Praat is missing.

    Notes
    -----
    Praat's noise source carries on within a process, so the samples repeat only in a fresh process that
    makes the same calls in the same order.
    """
    effects, colour = portray(speaker, emotion, intensity, rng, strengths)
    return render(speaker, effects, text, rng, colour, strengths.noise)


def portray(
    speaker: Speaker,
    emotion: str,
    intensity: str,
    rng: np.random.Generator,
    strengths: Strengths = STRENGTHS,
) -> tuple[Effects, np.ndarray]:
    """What one speaker does to show an emotion once.

    Parameters
    ----------
    speaker, emotion, intensity, rng, strengths
        See `synthesise`.

    Returns
    -------
    effects : Effects
        Rule, the speaker's manner and chance together; see `express`.
    colour : array of shape (timbre.BANDS,)
        The same for the spectrum, dB; see `spectrum`.

    Raises
    ------
    UnknownNameError
        For an emotion or intensity that the tables lack.
    """
    check(emotion, intensity)
    index = list(RULES).index(emotion)
    effects = express(emotion, intensity, np.asarray(speaker.manner[index]), rng, strengths)
    return effects, spectrum(emotion, intensity, np.asarray(speaker.shades[index]), rng, strengths)


def render(
    speaker: Speaker,
    effects: Effects,
    text: str,
    rng: np.random.Generator,
    colour: np.ndarray | float = 0.0,
    noise: float = 0.0,
) -> tuple[np.ndarray, int]:
    """One recording with given effects, for those who would move one of them alone.

    Parameters
    ----------
    speaker : Speaker
    effects : Effects
        Relative to the speaker's neutral voice.
    text : str
        What is said, in English.
    rng : numpy.random.Generator
        Source of tremor, breath, room tone and pauses around the sentence.
    colour : array of shape (timbre.BANDS,) or float
        Added to the speaker's timbre, dB.
    noise : float
        Change of the room tone, dB.

    Returns
    -------
    samples : array of shape (samples,), float32
    rate : int

    Raises
    ------
    VoicesError
        If Praat is missing.
    """
    speech = _sentence(speaker, effects, text, rng)
    speech = voice_quality(
        speech,
        tilt=speaker.tilt + effects.tilt,
        effort=effects.loudness,
        breath=float(np.clip(speaker.breath + effects.breath, -40, 0)),
        articulation=float(np.clip(0.85 * np.exp(effects.articulation / 100), 0.5, 1.6)),
        correction=_correction(speaker),
        rng=rng,
    )
    speech = fade(speech, 0.12)
    speech *= 10 ** ((speaker.level + effects.loudness - speech_level(speech)) / 20)
    before, after = np.clip(speaker.waits + 0.05 * rng.standard_normal(2), 0.4, 1.6)
    timbre = finer(np.asarray(speaker.timbre), BANDS) + colour
    samples = record(
        speech,
        before,
        after,
        speaker.level + speaker.floor + noise,
        speaker.echo,
        timbre,
        speaker.number,
        rng,
    )
    # A recordist turns down what would clip.
    samples *= min(1.0, 0.95 / np.abs(samples).max())
    return samples.astype(np.float32), RATE


@cache
def _correction(speaker: Speaker) -> np.ndarray:
    """What the neutral voice lacks to have a natural long-term average spectrum, dB in bands."""
    neutral, rng = Effects(*[0.0] * len(Effects._fields)), np.random.default_rng(speaker.number)
    return np.clip(NATURAL - long_term_spectrum(_sentence(speaker, neutral, _REFERENCE, rng)), -15, 15)


def _sentence(speaker: Speaker, effects: Effects, text: str, rng: np.random.Generator) -> np.ndarray:
    """The sentence with the rate, the formants and the F0 contour asked for, at no particular level."""
    tract = float(np.clip(speaker.tract * np.exp(effects.tract / 100), 0.8, 1.25))
    # Playing the voice faster by `tract` moves the formants; rate and F0 are asked for that much lower.
    rate = float(np.clip(speaker.rate * np.exp(effects.rate / 100) / tract, 90, 320))
    own = VOICES[speaker.sex][speaker.voice]
    target = float(np.clip(speaker.pitch * 2 ** (effects.pitch / 12), 65, 420))
    # F0 of these voices is .25 + .75 times the multiplier: coming close spares PSOLA the long way.
    multiplier = float(np.clip((target / tract / own - 0.25) / 0.75, 0.7, 1.35))
    spoken = speak(text, speaker.voice, multiplier, rate, max(0.01 + effects.pause / 1000, 0.0))
    return intone(
        resample(spoken, tract),
        expected=own * (0.25 + 0.75 * multiplier) * tract,
        mean=target,
        range=float(np.clip(speaker.range * np.exp(effects.range / 100), 0.5, 6)),
        ending=effects.ending,
        tremor=max(0.3 + effects.tremor, 0.0),
        jitter=max(0.3 + effects.jitter, 0.0),
        rng=rng,
    )
