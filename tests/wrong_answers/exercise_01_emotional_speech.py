"""Exercise 01: a contour with octave errors, samples and bits, windows, an effect size."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "the program's mean is taken for the pitch, and wrong frames are thrown away",
        {
            "contour-answer": """
pitch = np.nanmean(f0)
right = f0[f0 > 0.7 * np.nanmedian(f0)]
octave_errors = int(np.sum(f0 < 0.7 * np.nanmedian(f0)))
too_low = right.mean() - np.nanmean(f0)
"""
        },
        {
            "contour-pitch": "and is no good guide either",
            "contour-errors": "number of stretches that are an octave off",
            "contour-mean": "You left the wrong frames out",
        },
    ),
    Wrong(
        "the tone is thought to come back from 0, and decibels of a ratio of powers are taken twice",
        {
            "digital-answer": """
appears = tone - 4000
bits_used = 16 / 2**halvings


def above_noise(samples, rounded):
    return 20 * np.log10(np.var(samples) / np.var(rounded - samples))
"""
        },
        {
            "digital-alias": "comes back from 4000 Hz downwards",
            "digital-bits": "The number of bits in use should be",
            "digital-noise": "you took 20 log of a ratio of powers",
        },
    ),
    Wrong(
        "an offset counts as noise: the mean square in place of the variance",
        {
            "digital-answer": """
appears = 8000 - tone
bits_used = 16 - halvings


def above_noise(samples, rounded):
    return 10 * np.log10(np.mean(samples**2) / np.mean((rounded - samples) ** 2))
"""
        },
        {"digital-noise": "with an offset of 0.5, which is no noise"},
    ),
    Wrong(
        "stripes are taken for harmonics, and the transform for one up to the sampling rate",
        {
            "window-answer": """
long_window = min(windows, key=windows.get)
buzz_f0 = 2 * np.flatnonzero(np.abs(np.fft.rfft(buzz)) > 1000)[0]


def frequencies(rate, seconds):
    n = round(rate * seconds)
    return np.arange(n) * rate / n
"""
        },
        {
            "window-side": "upright stripes: single claps",
            "window-f0": "every second harmonic",
            "window-frequencies": "end at half of the sampling rate",
        },
    ),
    Wrong(
        "effects are taken over all speakers together, as if all had one voice",
        {
            "effect-answer": """
def change(table, emotion):
    means = table.groupby("emotion")["f0"].mean()
    return means[emotion] - means["neutral"]


def spread(table, emotion):
    some = table[table["emotion"].isin(["neutral", emotion])]
    own = some.groupby("emotion")["f0"].transform("mean")
    return np.sqrt(((some["f0"] - own) ** 2).sum() / (len(some) - 2))


d = change(recordings, "angry") / spread(recordings, "angry")
"""
        },
        {
            "effect-change": "it measures whose voice it is",
            "effect-spread": "the difference between high and low voices counts as spread",
            "effect-size": "the change divided by the spread",
        },
    ),
    Wrong(
        "arousal is not seen: fear is said to sound most like anger; and the cut lies at the other mean",
        {
            "table-answer": """
from scipy.stats import norm

people = effects.loc["ravdess"]
told_by = (people.loc[one] - people.loc[other]).abs().idxmax()
like_angry = "fearful"
wrong_side = norm.cdf(-abs(people.loc[one, "f0"]))
"""
        },
        {
            "table-alike": "its intensity lies more than one spread below",
            "table-overlap": "only half an effect size from either mean",
        },
    ),
]
