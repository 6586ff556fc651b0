"""Pictures of comparisons on the same actors: systems joined actor by actor, and differences; lesson 10."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from sercourse.plots.palette import BLUE, GREY, ORANGE
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled


@styled
def joined(table: pd.DataFrame, interval: tuple[float, float], title: str, label: str) -> Picture:
    """Draw the scores of two systems joined by a line for each actor, and beside them the differences.

    Parameters
    ----------
    table : pandas.DataFrame of float
        One row an actor, named by the index; two columns, named by the systems.
    interval : tuple of (float, float)
        Ends of the 95 % interval of the mean difference, second system less first.
    title : str
        Says where speech is synthetic.
    label : str
        What the scores are, for the axis.
    """
    (first, one), (second, other) = table.items()
    difference = (other - one).sort_values()
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 1.8 + 0.18 * len(table)), width_ratios=(2, 3))
    for actor in table.index:
        line, colour = ("-", BLUE) if other[actor] >= one[actor] else ("--", ORANGE)
        left.plot([0, 1], [one[actor], other[actor]], line, color=colour, marker="o", markersize=4, lw=1.2)
    left.plot([0, 1], [one.mean(), other.mean()], color="black", marker="D", lw=2.5, label="mean")
    left.set_xticks([0, 1], [first, second])
    left.set(xlim=(-0.25, 1.25), ylabel=label)

    rows = np.arange(len(difference))
    colours = np.where(difference >= 0, BLUE, ORANGE)
    right.barh(rows, difference, color=colours, height=0.6)
    for bar, value in zip(right.patches, difference, strict=True):
        bar.set_hatch("" if value >= 0 else "///")
        bar.set_edgecolor("white")
    right.axvspan(*interval, color=GREY, alpha=0.3, lw=0, zorder=0, label="mean, 95 % interval")
    right.axvline(difference.mean(), color="black", lw=2)
    right.axvline(0, color="black", lw=0.8)
    right.locator_params(axis="x", nbins=6)
    right.set_yticks(rows, difference.index)
    right.set(xlabel=f"{label}: {second} less {first}", ylabel=table.index.name)
    key(figure)
    headline(figure, title)
    low, high = interval
    return Picture(
        figure,
        f"{title}, {label}: {second} is ahead of {first} with {(difference > 0).sum()} of {len(table)} "
        f"actors, behind with {(difference < 0).sum()}; the difference goes from {difference.iloc[0]:+.3f} "
        f"({difference.index[0]}) to {difference.iloc[-1]:+.3f} ({difference.index[-1]}), its mean is "
        f"{difference.mean():+.3f} [{low:+.3f}, {high:+.3f}].",
    )


@styled
def differences(table: pd.DataFrame, title: str, label: str) -> Picture:
    """Draw differences with their intervals around a line at zero.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a comparison, named by the index. Columns: difference, low and high (ends of its interval),
        resolved (bool): those have a filled marker, the others an open one.
    title : str
        Says where speech is synthetic.
    label : str
        What the differences are of, for the axis.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 1.5 + 0.36 * len(table)))
    place = np.arange(len(table))[::-1]
    for resolved, words, marker, colour in (
        (True, "resolved", "o", BLUE),
        (False, "not resolved", "s", ORANGE),
    ):
        own = (table["resolved"] == resolved).to_numpy()
        if not own.any():
            continue
        rows = table[own]
        axes.errorbar(
            rows["difference"],
            place[own],
            xerr=[rows["difference"] - rows["low"], rows["high"] - rows["difference"]],
            fmt=marker,
            color=colour,
            markerfacecolor=colour if resolved else "white",
            capsize=5,
            elinewidth=2,
            label=words,
        )
    axes.axvline(0, color="black", lw=0.8)
    axes.set_yticks(place, table.index)
    axes.set(xlabel=label, ylim=(-0.6, len(table) - 0.4))
    headline(figure, title)
    axes.grid(axis="x")
    key(figure)
    said = "; ".join(
        f"{name} {row['difference']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}], "
        f"{'resolved' if row['resolved'] else 'not resolved'}"
        for name, row in table.iterrows()
    )
    return Picture(figure, f"{title}, {label}: {said}.")
