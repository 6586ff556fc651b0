"""Pictures of a search: a grid of settings, its cells beside other seeds of one of them; lesson 14."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.patches import Patch, Rectangle

from sercourse.plots.palette import BLUE, GREY, ORANGE, SHARES
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled, titled


@styled
def grid(
    tables: Mapping[str, pd.DataFrame],
    title: str,
    label: str,
    flagged: Mapping[str, pd.DataFrame] | None = None,
    flag: str = "",
    synthetic: bool = False,
) -> Picture:
    """Draw tables of scores, one a system, as squares of settings side by side.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame of float
        By system. Index and columns are the settings, and their names say of what. Scores are shares, and
        are shown in percent. The best cell of each system has a frame.
    title, label : str
        The label says what the scores are.
    flagged : mapping of str to pandas.DataFrame of bool, optional
        Cells that are hatched.
    flag : str
        What is true of those, for the legend.
    synthetic : bool
    """
    title = titled(title, synthetic)
    figure, row = plt.subplots(1, len(tables), squeeze=False, sharey=True)
    widest = max(table.shape[1] for table in tables.values())
    figure.set_size_inches(
        min(WIDTH, max(5.5, 1.4 + len(tables) * (0.3 + 0.62 * widest))),
        1.9 + 0.42 * len(next(iter(tables.values()))),
    )
    said = []
    for axes, (name, table) in zip(row[0], tables.items(), strict=True):
        style = {"cmap": SHARES, "vmin": 0, "vmax": 100, "cbar": False, "linewidths": 1}
        sns.heatmap(100 * table, ax=axes, annot=True, fmt=".1f", annot_kws={"size": 9}, **style)
        axes.set(title=name, xlabel=table.columns.name, ylabel="")
        axes.tick_params(length=0, labelrotation=0)
        best = np.unravel_index(np.nanargmax(table.to_numpy(float)), table.shape)
        axes.add_patch(_square(best, fill=False, edgecolor="black", linewidth=2.5))
        words = f"{name}: best {table.iloc[best]:.3f} at {_setting(table, best)}"
        if flagged is not None:
            cells = np.argwhere(flagged[name].eq(True).to_numpy())  # a missing cell is none
            for cell in cells:
                axes.add_patch(_square(cell, fill=False, hatch="////", edgecolor=ORANGE, linewidth=0))
            words += f", {flag} in {len(cells)} of {table.size} cells"
        said.append(words)
    row[0, 0].set_ylabel(next(iter(tables.values())).index.name)
    keys = [Patch(fill=False, edgecolor="black", linewidth=2, label="best of the system")]
    if flagged is not None:
        keys.append(Patch(fill=False, hatch="////", edgecolor=ORANGE, linewidth=0, label=flag))
    key(figure, *keys)
    headline(figure, f"{title}: {label} in %")
    return Picture(figure, f"{title}, {label}. {'; '.join(said)}.")


@styled
def ranked(
    cells: Mapping[str, pd.Series],
    seeds: Mapping[str, Sequence[float]],
    title: str,
    label: str,
    chance: float | None = None,
    synthetic: bool = False,
) -> Picture:
    """Draw the cells of a grid in order, beside what other seeds make of one of them.

    Parameters
    ----------
    cells : mapping of str to pandas.Series of float
        By system, the score of each cell with one seed.
    seeds : mapping of str to sequence of float
        By system, the scores of several seeds in one cell. They are drawn in front of the first place, and
        the range of them goes across as a band. A system may have none.
    title, label : str
    chance : float, optional
        What guessing reaches.
    synthetic : bool
    """
    title = titled(title, synthetic)
    figure, row = plt.subplots(1, len(cells), squeeze=False, sharey=True)
    figure.set_size_inches(min(WIDTH, 1.2 + 3.1 * len(cells)), 3.6)
    said = []
    for axes, (name, scores) in zip(row[0], cells.items(), strict=True):
        ordered = scores.sort_values(ascending=False)
        place = np.arange(1, len(ordered) + 1)
        axes.plot(place, ordered, "o", color=BLUE, markersize=6, label="a cell, one seed")
        own = list(seeds.get(name, ()))
        words = f"{name}: {len(ordered)} cells from {ordered.iloc[0]:.3f} to {ordered.iloc[-1]:.3f}"
        if own:
            low, high = min(own), max(own)
            style = {"color": ORANGE, "markeredgecolor": "black", "markersize": 7}
            axes.plot(np.zeros(len(own)), own, "D", label="one of the cells, several seeds", **style)
            axes.axhspan(low, high, color=ORANGE, alpha=0.25, lw=0, label="range of the seeds")
            inside = int(((ordered >= low) & (ordered <= high)).sum())
            words += f", {inside} of them between {low:.3f} and {high:.3f}, as {len(own)} seeds of one cell"
        said.append(words)
        if chance is not None:
            axes.axhline(chance, color=GREY, linestyle=":", label="guessing")
        axes.set(title=name, xlabel="place of the cell", xlim=(-1, len(ordered) + 1))
    row[0, 0].set_ylabel(label)
    key(figure)
    headline(figure, title)
    return Picture(figure, f"{title}, {label}. {'; '.join(said)}.")


@styled
def choices(tables: Mapping[str, pd.DataFrame], title: str, label: str, synthetic: bool = False) -> Picture:
    """Draw what each cell of a search promises on the validation rows against what the test rows then say.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame of float
        By protocol or system. One row a cell, named by the index; columns validation and test. The cell that
        is best on the validation rows has a diamond, the one that is best on the test rows a square; where
        they are the same, the square stands around the diamond.
    title, label : str
    synthetic : bool
    """
    title = titled(title, synthetic)
    figure, row = plt.subplots(1, len(tables), squeeze=False)
    figure.set_size_inches(min(WIDTH, max(5.5, 0.6 + 3.4 * len(tables))), 4.1)
    said = []
    for axes, (name, table) in zip(row[0], tables.items(), strict=True):
        ends = [table.to_numpy().min() - 0.03, table.to_numpy().max() + 0.03]
        axes.plot(ends, ends, color=GREY, linestyle=":", label="equal")
        axes.plot(table["validation"], table["test"], "o", color=BLUE, markersize=5, label="a cell")
        kept = table.loc[table["validation"].idxmax()]
        told = table.loc[table["test"].idxmax()]
        style = {"linestyle": "none", "markeredgecolor": "black"}
        axes.plot(*told, marker="s", markersize=13, markerfacecolor="none", label="best on test", **style)
        axes.plot(*kept, marker="D", markersize=8, color=ORANGE, label="best on validation", **style)
        axes.set(title=name, xlabel=f"{label}, validation rows", xlim=ends, ylim=ends, aspect="equal")
        axes.grid(True)
        said.append(
            f"{name}: {kept.name} is best on validation with {kept['validation']:.3f} and has "
            f"{kept['test']:.3f} on test; {told.name} is best on test with {told['test']:.3f}"
        )
    row[0, 0].set_ylabel(f"{label}, test rows")
    key(figure)
    headline(figure, title)
    return Picture(figure, f"{title}. {'; '.join(said)}.")


def _square(cell, **style) -> Rectangle:
    """Return a frame around a cell of a heat map, given by its row and column."""
    row, column = cell
    return Rectangle((column, row), 1, 1, **style)


def _setting(table: pd.DataFrame, cell) -> str:
    """Say in words where a cell stands."""
    row, column = cell
    return f"{table.index[row]} ({table.index.name}) with {table.columns[column]} ({table.columns.name})"
