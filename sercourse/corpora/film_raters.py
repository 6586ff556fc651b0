"""Three simulated raters who label the lines of the demo film, each with habits that a lesson can find out.

`rater_1` is the one to agree with. `rater_2` hears loudness: valence is what gets confused, and labels are
missing where music plays, that is, not at random. `rater_3` says "neutral" when in doubt, keeps to the middle
of the sliders, so that correlation with others is better than agreement, and gets worse towards the end.

References
----------
.. [1] Russell, J. A. (1980). A circumplex model of affect. Journal of Personality and Social Psychology
   39(6), 1161-1178.
"""

from typing import NamedTuple

import numpy as np

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
