"""Pictures of filters, how they slide, what they see, and what they respond to; lesson 11."""

from collections.abc import Collection

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from sercourse.plots.palette import BLUE, GREEN, GREY, ORANGE, SIGNED
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled

_CURVES = ((BLUE, "-"), (ORANGE, "--"), (GREEN, ":"))


@styled
def sliding(
    inputs: np.ndarray, kernel: np.ndarray, outputs: np.ndarray, place: int, title: str, synthetic: bool
) -> Picture:
    """Draw a filter at one place of a row of numbers, and what it has given up to there.

    Parameters
    ----------
    inputs : numpy.ndarray, shape (length,)
    kernel : numpy.ndarray, shape (width,)
    outputs : numpy.ndarray, shape (length - width + 1,)
        Without padding: output i comes from inputs i to i + width - 1.
    place : int
        Of the output that is being computed, from 0.
    title : str
    synthetic : bool
    """
    figure, (above, below) = plt.subplots(2, 1, figsize=(WIDTH, 4), sharex=True)
    covered = np.arange(place, place + len(kernel))
    above.axvspan(covered[0] + 0.5, covered[-1] + 1.5, color=ORANGE, alpha=0.25, linewidth=0)
    above.plot(np.arange(1, len(inputs) + 1), inputs, ".-", color=GREY, linewidth=0.8)
    top = max(inputs.max(), 0) + 0.12 * np.ptp(inputs)
    above.plot(covered + 1, inputs[covered], "o", color=ORANGE, markeredgecolor="black", markersize=7)
    for position, weight in zip(covered, kernel, strict=True):
        above.text(position + 1, top, f"{weight:g}", ha="center", size=9)
    above.margins(y=0.15)
    below.plot(np.arange(1, place + 2), outputs[: place + 1], ".-", color=GREY, linewidth=0.8)
    below.plot(place + 1, outputs[place], "D", color=BLUE, markersize=7, markeredgecolor="black")
    below.axhline(0, color="black", linestyle=":", linewidth=0.8)
    below.set(xlabel="position", ylabel="output", ylim=_around(outputs))
    above.set(ylabel="input, weights above", ylim=(None, top + 0.15 * np.ptp(inputs)))
    title = headline(figure, title, synthetic)
    said = " ".join(
        f"{'+' if number else ''} {weight:.1f} × {inputs[position]:.2f}".strip()
        for number, (position, weight) in enumerate(zip(covered, kernel, strict=True))
    )
    return Picture(
        figure,
        f"{title}: output {place + 1} of {len(outputs)} is {said} = {outputs[place]:.2f}, from inputs "
        f"{covered[0] + 1} to {covered[-1] + 1} of {len(inputs)}.",
    )


@styled
def receptive_field(rows: dict[str, tuple[int, Collection[int]]], title: str) -> Picture:
    """Draw the positions of each layer, and which of them one output depends on.

    Parameters
    ----------
    rows : dict of str to (int, collection of int)
        By layer, from the input on: its length, and the positions, from 0, that the output depends on.
    title : str
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.9 + 0.42 * len(rows)))
    widest = max(length for length, _ in rows.values())
    for height, (length, seen) in enumerate(rows.values()):
        places = (np.arange(length) + 0.5) * widest / length
        used = np.isin(np.arange(length), list(seen))
        axes.plot(
            places[~used], np.full((~used).sum(), height), "o", mfc="white", mec=GREY, markersize=6, mew=0.7
        )
        axes.plot(places[used], np.full(used.sum(), height), "s", color=BLUE, markersize=8)
        axes.text(widest * 1.02, height, f"{used.sum()} of {length}", va="center", size=9)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_xticks([])
    axes.set(xlabel="position in the layer; squares count for the one output on top", ylabel="layer")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    headline(figure, title)
    said = "; ".join(f"{name}: {len(seen)} of {length}" for name, (length, seen) in rows.items())
    return Picture(figure, f"{title}. Positions that count: {said}.")


@styled
def band_weights(weights: dict[str, np.ndarray], centres: np.ndarray, title: str) -> Picture:
    """Draw by how much filters over neighbouring MFCC multiply each mel band.

    Parameters
    ----------
    weights : dict of str to numpy.ndarray, shape (n_mels,)
        By the filter's name, at most three.
    centres : numpy.ndarray, shape (n_mels,)
        The middle of each mel band, in Hz.
    title : str
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3))
    numbers = np.arange(len(centres))
    for (name, curve), (colour, line) in zip(weights.items(), _CURVES, strict=False):
        axes.plot(numbers, curve, line, color=colour, linewidth=2, label=name)
    axes.axhline(0, color="black", linewidth=0.8)
    shown = [hertz for hertz in (250, 500, 1000, 2000, 4000, 8000) if hertz < centres[-1]]
    axes.set_xticks(np.interp(shown, centres, numbers), [f"{hertz / 1000:g}" for hertz in shown])
    axes.set(xlabel="frequency (kHz, on the mel scale)", ylabel="weight of the band")
    key(figure, title="filter")
    headline(figure, title)
    said = "; ".join(
        f"{name}: {curve[0]:+.1f} in the lowest band, {curve[-1]:+.1f} in the highest"
        for name, curve in weights.items()
    )
    return Picture(figure, f"{title}. {said}.")


@styled
def responses(
    levels: pd.DataFrame,
    filters: dict[str, tuple[np.ndarray, pd.DataFrame]],
    title: str,
    synthetic: bool,
    label: str = "level (dB)",
) -> Picture:
    """Draw a log-mel picture, and below it what filters respond to it, each beside its weights.

    Parameters
    ----------
    levels : pandas.DataFrame, shape (n_frames, n_mels)
        The index is the time in seconds, columns are the numbers of the mel bands.
    filters : dict of str to (numpy.ndarray, pandas.DataFrame)
        By name: weights, shape (frames, bands), and responses, with an index and columns as in `levels`; some
        rows and columns at the border may be left out.
    title : str
    synthetic : bool
    label : str
        What `levels` holds, with its unit.
    """
    n_rows = 1 + len(filters)
    figure, grid = plt.subplots(
        n_rows, 2, figsize=(WIDTH, 0.4 + 1.8 * n_rows), width_ratios=(1.3, 4.3), squeeze=False
    )
    grid[0, 0].set_visible(False)
    _picture(figure, grid[0, 1], levels, label, "magma")
    said = []
    for (name, (weights, response)), (small, wide) in zip(filters.items(), grid[1:], strict=True):
        _kernel(small, weights, name)
        limit = np.abs(response.to_numpy()).max()
        signed = response.to_numpy().min() < 0
        _picture(figure, wide, response, "response", "PuOr" if signed else "magma", limit, signed)
        wide.set(xlim=grid[0, 1].get_xlim(), ylim=grid[0, 1].get_ylim())
        frame, band = np.unravel_index(np.abs(response.to_numpy()).argmax(), response.shape)
        said.append(
            f"{name}: strongest, {response.iloc[frame, band]:+.1f}, at {response.index[frame]:.2f} s in "
            f"band {response.columns[band]}"
        )
    grid[-1, 1].set_xlabel("time (s)")
    title = headline(figure, title, synthetic)
    return Picture(figure, f"{title}: {levels.shape[1]} mel bands over time. {'; '.join(said)}.")


def _picture(figure, axes, table: pd.DataFrame, label: str, colours: str, limit=None, signed=False) -> None:
    """Draw a table with time from left to right and bands from bottom to top."""
    image = axes.pcolormesh(
        table.index,
        table.columns.to_numpy(float),
        table.T,
        cmap=colours,
        shading="nearest",
        rasterized=True,
        vmin=None if limit is None else -limit if signed else 0,
        vmax=limit,
    )
    axes.set_ylabel("mel band")
    figure.colorbar(image, ax=axes, label=label)


def _kernel(axes, weights: np.ndarray, name: str) -> None:
    """Draw a filter's weights as a small table: frames from left to right, bands from bottom to top."""
    limit = np.abs(weights).max()
    axes.imshow(weights.T, origin="lower", cmap=SIGNED, vmin=-limit, vmax=limit)
    for (frame, band), weight in np.ndenumerate(weights):
        dark = abs(weight) > 0.6 * limit
        axes.text(
            frame,
            band,
            f"{round(weight, 2):g}",
            ha="center",
            va="center",
            size=9,
            color="white" if dark else "black",
        )
    axes.set(xlabel="frame", ylabel="band", xticks=[], yticks=[])
    axes.set_title(name)
    axes.add_patch(
        Rectangle((-0.5, -0.5), *weights.shape, fill=False, edgecolor="black", linewidth=0.8, clip_on=False)
    )


def _around(values: np.ndarray) -> tuple[float, float]:
    """Return limits of an axis that shows all values, and stay when only some are drawn."""
    margin = 0.12 * np.ptp(values)
    return min(values.min(), 0) - margin, max(values.max(), 0) + margin
