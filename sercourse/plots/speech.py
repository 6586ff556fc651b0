"""Pictures of speech over time, and of what emotion does to it; lesson 01.

What varies over time is a pandas object whose index is the time in seconds, so that a picture needs no
rates and hops.
"""

from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from sercourse.plots.palette import BLUE, GREEN, GREY, LEVELS, ORANGE, SKY
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled

_DEPTH = 70  # dB under the loudest that a spectrogram still shows
_MARKS = (("o", BLUE), ("s", ORANGE), ("^", GREEN))


class Contours(NamedTuple):
    """One utterance over time; every index is in seconds."""

    wave: pd.Series  # sample values, 1 is full scale
    levels: pd.DataFrame  # spectrogram in dB; columns are frequencies in Hz, rising
    f0: pd.Series  # Hz; NaN where there is no voice
    intensity: pd.Series  # dB


@styled
def spectra(pictures: dict[str, pd.DataFrame], title: str, synthetic: bool) -> Picture:
    """Draw spectrograms on a linear frequency axis side by side, on one time axis.

    Parameters
    ----------
    pictures : dict of str to pandas.DataFrame, shape (n_frames, n_frequencies)
        Levels in dB by name; the index is the time in seconds, columns are frequencies in Hz. Each picture
        has a colour scale of its own, from its loudest value down.
    title : str
    synthetic : bool
    """
    figure, grid = plt.subplots(
        1,
        len(pictures),
        figsize=(min(WIDTH, 5 * len(pictures)), 3.2),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for axes, (name, levels) in zip(grid[0], pictures.items(), strict=True):
        image = _spectrogram(axes, levels)
        axes.set(title=name, xlabel="time (s)")
        figure.colorbar(image, ax=axes, label="level (dB)")
    grid[0, 0].set_ylabel("frequency (kHz)")
    title = headline(figure, title, synthetic)
    said = "; ".join(_loudest(name, levels) for name, levels in pictures.items())
    return Picture(figure, f"{title}: spectrograms, brighter is louder. {said}.")


@styled
def contours(voices: dict[str, Contours], title: str, synthetic: bool) -> Picture:
    """Draw waveform, spectrogram with F0, and intensity of utterances side by side, on common axes.

    Parameters
    ----------
    voices : dict of str to Contours
        By name.
    title : str
    synthetic : bool
    """
    size = (min(WIDTH, 4.2 * len(voices)), 6.4)
    figure, grid = plt.subplots(3, len(voices), figsize=size, sharex=True, sharey="row", squeeze=False)
    highest = max(voice.levels.to_numpy().max() for voice in voices.values())
    f0_axes = [
        _column(axes, name, voice, highest)
        for axes, (name, voice) in zip(grid.T, voices.items(), strict=True)
    ]
    _same_hertz(f0_axes, [voice.f0 for voice in voices.values()])
    loudest = max(voice.intensity.max() for voice in voices.values())
    grid[-1, 0].set_ylim(loudest - _DEPTH, loudest + 5)
    for axes, label in zip(grid[:, 0], ("sample value", "frequency (kHz)", "intensity (dB)"), strict=True):
        axes.set_ylabel(label)
    title = headline(figure, title, synthetic)
    said = "; ".join(
        f"{name}: {voice.wave.index[-1]:.1f} s, F0 mostly {voice.f0.quantile(0.1):.0f} to "
        f"{voice.f0.quantile(0.9):.0f} Hz, intensity up to {voice.intensity.max():.0f} dB"
        for name, voice in voices.items()
    )
    return Picture(figure, f"{title}: waveform, spectrogram with F0 as dots, intensity. {said}.")


@styled
def effect_sizes(table: pd.DataFrame, title: str) -> Picture:
    """Draw effect sizes of emotions, one panel a measure, one mark a corpus.

    Parameters
    ----------
    table : pandas.DataFrame of float
        Cohen's d against the neutral voice. The index has two levels, measure and emotion; columns are
        corpora, at most three, and say which of them is synthetic.
    title : str
    """
    measures = list(dict.fromkeys(table.index.get_level_values(0)))
    emotions = list(dict.fromkeys(table.index.get_level_values(1)))
    columns = min(4, len(measures))
    lines = -(-len(measures) // columns)
    size = (min(WIDTH, 2.7 * columns), 0.7 + (0.6 + 0.24 * len(emotions)) * lines)
    figure, grid = plt.subplots(lines, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
    rows = np.arange(len(emotions))[::-1]
    for axes, measure in zip(grid.flat, measures, strict=False):
        axes.axvline(0, color="black", linewidth=0.8)
        for (marker, colour), (corpus, sizes) in zip(_MARKS, table.loc[measure].items(), strict=False):
            style = {"color": colour, "markersize": 6, "markeredgecolor": "black", "markeredgewidth": 0.5}
            axes.plot(sizes.reindex(emotions), rows, marker, label=corpus, linestyle="none", **style)
        axes.set_yticks(rows, emotions)
        axes.set_title(measure)
        axes.grid(axis="x")
    for axes in grid.flat[len(measures) :]:
        axes.set_visible(False)
    for axes in grid[-1]:
        axes.set_xlabel("Cohen's d")
    headline(figure, f"{title}, against the speaker's neutral voice")
    key(figure)
    said = "; ".join(f"{corpus}: {_largest(sizes)}" for corpus, sizes in table.items())
    return Picture(figure, f"{title}, {len(measures)} measures of {len(emotions)} emotions. {said}.")


def _column(grid, name: str, voice: Contours, highest: float):
    """Draw one utterance from top to bottom; return the axes of its F0."""
    wave, spectrogram, intensity = grid
    wave.plot(voice.wave.index, voice.wave, color=BLUE, linewidth=0.4)
    wave.set_title(name)
    _spectrogram(spectrogram, voice.levels, highest)
    f0 = spectrogram.twinx()
    # A dark edge keeps the dots visible on bright and on dark ground.
    f0.plot(voice.f0.index, voice.f0, "o", color=SKY, markersize=3.5, markeredgecolor="black", mew=0.5)
    intensity.plot(voice.intensity.index, voice.intensity, color=ORANGE)
    intensity.set_xlabel("time (s)")
    return f0


def _spectrogram(axes, levels: pd.DataFrame, highest: float | None = None):
    """Draw a spectrogram with time in s and frequency in kHz; return the image."""
    highest = levels.to_numpy().max() if highest is None else highest
    kilohertz = levels.columns.to_numpy(float) / 1000
    image = axes.pcolormesh(
        levels.index, kilohertz, levels.T, cmap=LEVELS, shading="nearest", rasterized=True
    )
    image.set_clim(highest - _DEPTH, highest)
    return image


def _same_hertz(axes: list, f0: list[pd.Series]) -> None:
    """Give the F0 axes one logarithmic scale, and label the last of them."""
    together = pd.concat(f0).dropna()
    low, high = (together.min() / 1.5, together.max() * 1.5) if len(together) else (50, 500)
    shown = [hertz for hertz in (50, 100, 200, 400, 800) if low < hertz < high]
    for each in axes:
        each.set_yscale("log")
        each.set_ylim(low, high)
        each.minorticks_off()
        each.set_yticks(shown, [])
    axes[-1].set_yticks(shown, [str(hertz) for hertz in shown])
    axes[-1].set_ylabel("F0 (Hz), dots", color=GREY)


def _loudest(name: str, levels: pd.DataFrame) -> str:
    frame, column = np.unravel_index(levels.to_numpy().argmax(), levels.shape)
    return (
        f"{name}: {len(levels)} frames of {levels.shape[1]} frequencies, loudest at "
        f"{levels.index[frame]:.2f} s and {levels.columns[column]:.0f} Hz"
    )


def _largest(sizes: pd.Series) -> str:
    measure, emotion = sizes.abs().idxmax()
    return f"the largest effect is {sizes.loc[(measure, emotion)]:+.1f}, {measure} of {emotion}"
