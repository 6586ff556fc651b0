"""Pictures of counts and of how good predictions are."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns

from sercourse.plots.palette import BLUE, GREEN, GREY, ORANGE, SHARES
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled


@styled
def puzzle_card(random: float, unseen: float, chance: float, title: str, synthetic: bool) -> Picture:
    """Draw the puzzle: the score on a random split beside the score on unseen speakers.

    Parameters
    ----------
    random, unseen, chance : float
        UAR, in [0, 1].
    title : str
        Which network and which corpus.
    synthetic : bool
        Whether the corpus is synthetic speech.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 2.7))
    names = ["random split\n(its speakers are known)", "unseen speakers"]
    bars = axes.barh(names, [random, unseen], color=[BLUE, ORANGE], edgecolor="white", height=0.72)
    bars[1].set_hatch("//")
    for bar, value in zip(bars, [random, unseen], strict=True):
        middle = bar.get_y() + bar.get_height() / 2
        axes.text(value + 0.012, middle, f"{100 * value:.0f} %", va="center", size=30, weight="bold")
    axes.axvline(chance, color="black", linestyle=":")
    axes.text(chance, -0.48, f"guessing: {100 * chance:.1f} %", ha="center", va="bottom", size=9)
    axes.set(xlim=(0, 1), ylim=(1.45, -0.45), xlabel="UAR (mean of the classes' recalls)")
    axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    axes.tick_params(axis="y", length=0, labelsize=11)
    axes.spines["left"].set_visible(False)
    title = headline(figure, title, synthetic)
    description = (
        f"{title}: UAR {100 * random:.1f} % on a random split, {100 * unseen:.1f} % on unseen speakers; "
        f"guessing gives {100 * chance:.1f} %."
    )
    return Picture(figure, description)


@styled
def confusions(tables: dict[str, pd.DataFrame], synthetic: bool) -> Picture:
    """Draw confusion matrices side by side, each row as shares of its class.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Counts as `evaluation.confusion` gives them, by title.
    synthetic : bool
    """
    figure, grid = plt.subplots(
        1, len(tables), figsize=(min(WIDTH, 5.2 * len(tables)), 4.4), sharey=True, squeeze=False
    )
    said = []
    for axes, (title, counts) in zip(grid[0], tables.items(), strict=True):
        shares = counts.div(counts.sum(axis=1), axis=0)
        style = {"annot": True, "fmt": ".0f", "cmap": SHARES, "cbar": False, "square": True}
        sns.heatmap(100 * shares, ax=axes, vmin=0, vmax=100, **style)
        axes.set(title=title, xlabel="predicted emotion", ylabel="true emotion")
        apart = shares.to_numpy().copy()
        np.fill_diagonal(apart, -1)
        row, column = np.unravel_index(apart.argmax(), apart.shape)
        names = shares.index
        said.append(
            f"{title}: {100 * np.mean(np.diag(shares)):.0f} % on the diagonal on average, most often "
            f"{names[row]} is taken for {names[column]} ({100 * apart[row, column]:.0f} %)"
        )
    for axes in grid[0, 1:]:
        axes.set_ylabel("")
    title = headline(figure, "Confusions in percent of each true emotion", synthetic)
    return Picture(figure, f"{title}. {'; '.join(said)}.")


@styled
def counts(table: pd.DataFrame, title: str, synthetic: bool) -> Picture:
    """Draw how many recordings there are of each class, split in two by a second property.

    Parameters
    ----------
    table : pandas.DataFrame of int
        Rows are classes, columns the values of the other property.
    title : str
    synthetic : bool
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3))
    base = np.zeros(len(table))
    for number, (name, values) in enumerate(table.items()):
        hatch, colour = ("", "//", "..")[number % 3], (BLUE, ORANGE, GREEN)[number % 3]
        axes.bar(table.index, values, bottom=base, label=name, hatch=hatch, color=colour, edgecolor="white")
        base += values.to_numpy(float)
    axes.set(xlabel=table.index.name, ylabel="recordings")
    title = headline(figure, title, synthetic)
    key(figure, title=table.columns.name)
    said = ", ".join(f"{name} {total}" for name, total in table.sum(axis=1).items())
    return Picture(figure, f"{title}: {said} recordings.")


@styled
def pairs(table: pd.DataFrame, title: str, label: str) -> Picture:
    """Draw two values a row as two marks joined by a line.

    Parameters
    ----------
    table : pandas.DataFrame of float
        One row a line of the picture, named by the index; two columns, named by what they hold.
    title : str
    label : str
        What the values are, for the axis.
    """
    (first, one), (second, other) = table.items()
    figure, axes = plt.subplots(figsize=(WIDTH, 1.2 + 0.25 * len(table)))
    rows = np.arange(len(table))[::-1]
    axes.hlines(rows, np.minimum(one, other), np.maximum(one, other), color=GREY, linewidth=1)
    axes.plot(one, rows, "o", color=BLUE, label=first, markersize=9)
    axes.plot(other, rows, "s", color=ORANGE, label=second, markersize=5, markeredgecolor="black")
    axes.set_yticks(rows, table.index)
    axes.set_xlabel(label)
    axes.grid(axis="x")
    headline(figure, title)
    key(figure)
    apart = (other - one).abs()
    return Picture(
        figure,
        f"{title}: {first} and {second} in {len(table)} rows; they lie {apart.median():.3g} apart in the "
        f"middle row and {apart.max():.3g} at most, in {apart.idxmax()}.",
    )
