"""Pictures of what reads forward and what reads backward: which output depends on which frame; lesson 09."""

import textwrap
from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm

from sercourse.plots.palette import BLUE, GREEN, GREY, ORANGE, SHARES
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled

_LINES = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREEN, "-.", "D"), (GREY, ":", "^"))
_DECADES = 3
_LABEL = 30  # letters that an axis has room for


@styled
def dependence(changes: Mapping[str, np.ndarray], title: str, synthetic: bool) -> Picture:
    """Draw how far each output moves when one frame is changed, a panel a layer.

    Parameters
    ----------
    changes : mapping of str to numpy.ndarray, shape (n_frames, n_frames)
        By name of the layer. The value in row t and column s is how far output t moves when frame s is
        changed; none is negative. The colours span three decades; where nothing moves at all the panel
        is hatched.
    title : str
    synthetic : bool

    Raises
    ------
    ValueError
        Nothing moves in any of them.
    """
    largest = max(np.max(moved) for moved in changes.values())
    if not largest > 0:
        raise ValueError(f"no output of {', '.join(changes)} moves; change the frames by more")
    figure, grid = plt.subplots(1, len(changes), squeeze=False, sharey=True)
    figure.set_size_inches(min(WIDTH, 0.8 + 2.6 * len(changes)), 3.1)
    norm = LogNorm(largest / 10**_DECADES, largest, clip=True)
    said = []
    for axes, (name, moved) in zip(grid[0], changes.items(), strict=True):
        there = np.ma.masked_equal(moved, 0)
        image = axes.imshow(there, norm=norm, cmap=SHARES, origin="lower", interpolation="nearest")
        axes.patch.set(hatch="///", edgecolor=GREY)
        axes.set(title=name, xlabel="changed frame")
        still = np.argwhere(moved == 0)
        if len(still):
            row, column = still.mean(axis=0)
            box = {"facecolor": "white", "edgecolor": "none", "pad": 2}
            axes.text(column, row, "no change", ha="center", va="center", size=9, style="italic", bbox=box)
        said.append(f"{name}: {_shares(moved)}")
    grid[0, 0].set_ylabel("output at frame")
    figure.colorbar(image, ax=grid[0].tolist(), label="how far the output moves", shrink=0.85, extend="min")
    title = headline(figure, title, synthetic)
    return Picture(figure, f"{title}. Output moves in how many pairs of frames: {'; '.join(said)}.")


@styled
def curves(
    table: pd.DataFrame,
    title: str,
    label: str,
    marks: Mapping[str, float] | None = None,
    chance: float | None = None,
) -> Picture:
    """Draw lines over time, one a column.

    Parameters
    ----------
    table : pandas.DataFrame of float
        The index is time, and its name says in what unit; up to four columns, named by what they hold.
    title : str
        Says where speech is synthetic.
    label : str
        What the values are, for the axis.
    marks : mapping of str to float, optional
        Moments that get an upright line, by name.
    chance : float, optional
        What guessing reaches, where the values are scores.

    Raises
    ------
    ValueError
        There are more columns than kinds of lines.
    """
    if table.shape[1] > len(_LINES):
        raise ValueError(f"{table.shape[1]} lines; a picture has at most {len(_LINES)}")
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    every = max(1, len(table) // 12)
    for (colour, line, marker), (name, values) in zip(_LINES, table.items(), strict=False):
        style = {"color": colour, "linestyle": line, "marker": marker, "markevery": every, "markersize": 5}
        axes.plot(table.index, values, label=name, **style)
    for name, moment in (marks or {}).items():
        axes.axvline(moment, color="black", linewidth=1)
        axes.annotate(name, (moment, 1), xycoords=("data", "axes fraction"), ha="center", va="bottom", size=9)
    if chance is not None:
        axes.axhline(chance, color=GREY, linestyle=(0, (1, 3)), label="guessing")
    axes.set(xlabel=table.index.name, ylabel=textwrap.fill(label, _LABEL))
    headline(figure, title)
    axes.grid(True)
    key(figure)
    marked = "".join(f"; {name} at {moment:.3g}" for name, moment in (marks or {}).items())
    guessing = "" if chance is None else f"; guessing {chance:.3f}"
    said = "; ".join(f"{name} {_course(values)}" for name, values in table.items())
    return Picture(figure, f"{title}, {label} over {table.index.name}: {said}{marked}{guessing}.")


def _shares(moved: np.ndarray) -> str:
    """Say in how many pairs an output moves: with a later frame changed, an earlier one, its own."""
    earlier, later = moved[np.tril_indices_from(moved, -1)], moved[np.triu_indices_from(moved, 1)]
    return f"{np.mean(earlier > 0):.0%} with an earlier frame, {np.mean(later > 0):.0%} with a later one"


def _course(values: pd.Series) -> str:
    """Say where a line begins, where it is highest, and where it ends."""
    top = f"at most {values.max():.3g} at {values.idxmax():.3g}"
    return f"begins with {values.iloc[0]:.3g}, {top}, ends with {values.iloc[-1]:.3g}"
