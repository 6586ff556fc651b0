"""Pictures of networks that walk over speech: which way, what a frame says, how much it counts; lesson 12."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from sercourse.plots.palette import BLUE, EMOTION_COLOURS, GREY, ORANGE, SHARES, SIGNED
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled


@styled
def neighbours(table: np.ndarray, step: tuple[int, int], kernel: int, title: str, synthetic: bool) -> Picture:
    """Draw the steps and kernels of two networks in one table: steps are coefficients, or frames.

    Each picture has one step framed, in it the neighbours that the first kernel sees, and an arrow along the
    steps, the way a recurrent layer walks.

    Parameters
    ----------
    table : numpy.ndarray, shape (n_frames, n_coefficients)
        Standardised.
    step : tuple of (int, int)
        Numbers of the frame and of the coefficient that are framed, both from 0.
    kernel : int
        How many neighbours a kernel sees.
    title : str
    synthetic : bool
    """
    n_frames, n_coefficients = table.shape
    frame, mfcc = step[0], step[1] + 1
    figure, both = plt.subplots(1, 2, figsize=(WIDTH, 3.2), sharey=True)
    boxes = (
        (Rectangle((-0.5, mfcc - 0.5), n_frames, 1), _seen(frame, mfcc, kernel, 1)),
        (Rectangle((frame - 0.5, 0.5), 1, n_coefficients), _seen(frame, mfcc, 1, kernel)),
    )
    arrows = (((-4, 1), (-4, n_coefficients)), ((0, 0), (n_frames - 1, 0)))
    limit = np.percentile(np.abs(table), 97)
    for axes, own, (start, end) in zip(both, boxes, arrows, strict=True):
        extent = (-0.5, n_frames - 0.5, 0.5, n_coefficients + 0.5)
        style = {"cmap": SIGNED, "vmin": -limit, "vmax": limit, "alpha": 0.6}
        axes.imshow(table.T, origin="lower", aspect="auto", extent=extent, **style)
        for box, colour in zip(own, (BLUE, "black"), strict=True):
            box.set(fill=colour == "black", edgecolor=colour, facecolor=colour, linewidth=2)
            axes.add_patch(box)
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": ORANGE, "lw": 3})
        axes.set(xlim=(-7, n_frames), ylim=(-1, n_coefficients + 1), xlabel="frame")
    both[0].set_title("steps are the coefficients")
    both[1].set_title("steps are the frames")
    both[0].set_ylabel("MFCC")
    both[0].set_yticks([1, *range(5, n_coefficients + 1, 5)])
    title = headline(figure, title, synthetic)
    return Picture(
        figure,
        f"{title}. Left, {n_coefficients} steps: a step is one coefficient over {n_frames} frames, "
        f"its kernel (black) sees {kernel} neighbouring frames, and the arrow goes from MFCC 1 to "
        f"{n_coefficients}. "
        f"Right, {n_frames} steps: a step is one frame of {n_coefficients} coefficients, its kernel sees "
        f"{kernel} neighbouring coefficients, and the arrow goes along time.",
    )


@styled
def frame_probabilities(
    samples: np.ndarray, rate: int, probabilities: pd.DataFrame, title: str, synthetic: bool
) -> Picture:
    """Draw what each frame says under the waveform, and the mean of it beside.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    probabilities : pandas.DataFrame, shape (n_frames, n_classes)
        Each row sums to 1. The index is the time of the frames in seconds, equally spaced; columns are
        classes.
    title : str
    synthetic : bool
    """
    figure, grid = plt.subplots(
        2,
        2,
        figsize=(WIDTH, 4.2),
        sharex="col",
        width_ratios=(4, 1),
        height_ratios=(1, 1.6),
    )
    wave, picture, bars = grid[0, 0], grid[1, 0], grid[1, 1]
    grid[0, 1].set_visible(False)
    _wave(wave, samples, rate)
    times, classes = probabilities.index.to_numpy(float), list(probabilities)
    places = np.arange(len(classes))
    style = {"cmap": SHARES, "vmin": 0, "vmax": 1, "shading": "nearest"}
    image = picture.pcolormesh(times, places, probabilities.T, **style)
    own = probabilities.to_numpy().argmax(axis=1)
    dots = [EMOTION_COLOURS.get(classes[place], ORANGE) for place in own]
    picture.scatter(times, own, s=20, c=dots, edgecolors="black", linewidths=0.5)
    picture.set_yticks(places, classes)
    picture.set(xlabel="time (s); a dot marks the frame's own choice", ylabel="emotion")
    picture.invert_yaxis()
    figure.colorbar(image, ax=bars, label="probability")
    mean = probabilities.mean()
    colours = [EMOTION_COLOURS.get(name, BLUE) for name in classes]
    bars.barh(places, mean, color=colours, edgecolor="black", linewidth=0.5)
    bars.set_yticks(places, [])
    bars.set_ylim(picture.get_ylim())
    bars.set(xlim=(0, 1), xlabel="mean over frames")
    title = headline(figure, title, synthetic)
    votes = ", ".join(f"{classes[place]} {np.mean(own == place):.0%}" for place in np.unique(own))
    return Picture(
        figure,
        f"{title}: {len(times)} frames. Each frame's own choice: {votes}. The mean is highest for "
        f"{mean.idxmax()}, {mean.max():.2f}.",
    )


@styled
def attended(samples: np.ndarray, rate: int, weights: pd.Series, title: str, synthetic: bool) -> Picture:
    """Draw how much each frame counts under the waveform.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    weights : pandas.Series of float, shape (n_frames,)
        They sum to 1. The index is the time of the frames in seconds.
    title : str
    synthetic : bool
    """
    figure, (wave, below) = plt.subplots(2, 1, figsize=(WIDTH, 4), sharex=True, height_ratios=(1, 1.2))
    _wave(wave, samples, rate)
    times, equal = weights.index.to_numpy(float), 1 / len(weights)
    below.fill_between(times, weights, color=BLUE, alpha=0.3, linewidth=0)
    below.plot(times, weights, color=BLUE, label="attention")
    below.axhline(equal, color="black", linestyle=":", label="all alike, as in a mean")
    top = int(weights.to_numpy().argmax())
    below.plot(times[top], weights.iloc[top], "v", color=ORANGE, markersize=9, markeredgecolor="black")
    below.set(xlabel="time (s)", ylabel="weight of the frame", ylim=(0, 1.15 * weights.iloc[top]))
    key(figure)
    title = headline(figure, title, synthetic)
    half = 1 + int(np.searchsorted(np.sort(weights)[::-1].cumsum(), 0.5))
    return Picture(
        figure,
        f"{title}: the frame at {times[top]:.2f} s counts most, {weights.iloc[top] / equal:.1f} times as "
        f"much as in a mean. {half} of {len(weights)} frames hold half of the weight.",
    )


def _seen(frame: int, mfcc: int, frames: int, coefficients: int) -> Rectangle:
    """Return the box of what a kernel sees, centred on one value."""
    return Rectangle((frame - frames / 2, mfcc - coefficients / 2), frames, coefficients)


def _wave(axes, samples: np.ndarray, rate: int) -> None:
    axes.plot(np.arange(len(samples)) / rate, samples, color=GREY, linewidth=0.4)
    axes.set_ylabel("sample value")
