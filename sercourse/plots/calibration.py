"""Pictures of probabilities: whether confidence is kept, and what it is good for; lesson 16."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from sercourse.plots.palette import BLUE, GREEN, GREY, ORANGE
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled

_LINES = (("o", "-", BLUE), ("s", "--", ORANGE), ("D", ":", GREEN))


@styled
def reliability(tables: dict[str, dict[str, pd.DataFrame]], title: str, synthetic: bool) -> Picture:
    """Draw reliability diagrams side by side, and below each how many rows its bins hold.

    Parameters
    ----------
    tables : dict of str to (dict of str to pandas.DataFrame)
        By title of the panel, by name of the system: a table as `evaluation.reliability` gives it. A panel
        has up to three systems.
    title : str
    synthetic : bool
    """
    figure, grid = plt.subplots(
        2, len(tables), squeeze=False, height_ratios=(4, 1), sharex=True, sharey="row"
    )
    figure.set_size_inches(min(WIDTH, 1 + 3.4 * len(tables)), 4.9)
    said = []
    for (upper, lower), (panel, systems) in zip(grid.T, tables.items(), strict=True):
        upper.plot([0, 1], [0, 1], color=GREY, lw=1, label="as sure as right")
        for (marker, line, colour), (name, table) in zip(_LINES, systems.items(), strict=False):
            filled = table[table["n"] > 0]
            upper.plot(
                filled["confidence"], filled["right"], marker=marker, ls=line, color=colour, label=name
            )
            middle = (table["low"] + table["high"]) / 2
            lower.step(middle, table["n"], where="mid", ls=line, color=colour)
            apart = float(((filled["confidence"] - filled["right"]) * filled["n"]).sum() / filled["n"].sum())
            said.append(f"{panel}, {name}: confidence lies {apart:+.2f} from the share right on average")
        upper.set_title(panel)
        upper.set(xlim=(0, 1), ylim=(0, 1))
        lower.set(xlabel="confidence (highest probability)")
    grid[0, 0].set(ylabel="share right")
    grid[1, 0].set(ylabel="recordings")
    key(figure)
    title = headline(figure, title, synthetic)
    return Picture(figure, f"{title}. {'; '.join(said)}.")


@styled
def answered(curves: dict[str, pd.Series], title: str, synthetic: bool) -> Picture:
    """Draw how many answers are right if only the surest are given.

    Parameters
    ----------
    curves : dict of str to pandas.Series of float
        By name of the system, up to three: the share that is right, indexed by the share of recordings that
        are answered, both in (0, 1].
    title : str
    synthetic : bool
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    said = []
    for (_, line, colour), (name, curve) in zip(_LINES, curves.items(), strict=False):
        axes.plot(100 * curve.index, 100 * curve, ls=line, color=colour, lw=2, label=name)
        half = float(np.interp(0.5, curve.index, curve))
        said.append(f"{name} {100 * curve.iloc[-1]:.0f} % of all, {100 * half:.0f} % of the surest half")
    axes.set(
        xlim=(0, 100), ylim=(0, 100), xlabel="answered: the surest … % of the recordings", ylabel="right (%)"
    )
    axes.grid(True)
    key(figure)
    title = headline(figure, title, synthetic)
    return Picture(figure, f"{title}: right are, {'; '.join(said)}.")
