"""Pictures of protocols: who stands on which side of a split, and scores with their intervals; lesson 05."""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from sercourse.plots.palette import BLUE, GREEN, GREY, ORANGE, SHADE
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled

_SIDES = {"": "white", "train": (BLUE, 0.2), "test": ORANGE, "both": (GREY, 0.7)}
_MARKS = (("o", BLUE), ("s", ORANGE), ("D", GREEN))


@styled
def sides(tables: dict[str, pd.DataFrame], title: str, synthetic: bool) -> Picture:
    """Draw who stands on which side: a word and a colour for each group and fold.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame of str
        By name of the split. Rows are groups, such as speakers; columns are folds, or a second kind of group.
        Each value is ``train``, ``test``, ``both``, or empty for what is on neither side.
    title : str
    synthetic : bool

    Raises
    ------
    ValueError
        A table holds another word.
    """
    figure, grid = plt.subplots(1, len(tables), squeeze=False)
    figure.set_size_inches(
        min(WIDTH, sum(1.6 + 0.6 * table.shape[1] for table in tables.values())),
        1.2 + 0.2 * max(len(table) for table in tables.values()),
    )
    said = []
    for axes, (name, table) in zip(grid[0], tables.items(), strict=True):
        strange = set(table.to_numpy().ravel()) - set(_SIDES)
        if strange:
            raise ValueError(f"{name}: {sorted(strange)[0]!r} is no side; use {', '.join(_SIDES)}")
        numbers = table.map(list(_SIDES).index)
        style = {
            "cmap": ListedColormap(list(_SIDES.values()), "sides"),
            "vmin": -0.5,
            "vmax": len(_SIDES) - 0.5,
        }
        lines = {"linewidths": 0.5, "linecolor": SHADE, "cbar": False}
        sns.heatmap(numbers, ax=axes, annot=table, fmt="", annot_kws={"size": 9}, **style, **lines)
        for text in axes.texts:
            text.set_color("black")
        axes.set_title(name)
        axes.set(xlabel=table.columns.name, ylabel=table.index.name)
        axes.set_yticks(np.arange(len(table)) + 0.5, table.index, rotation=0)
        said.append(f"{name}: {_counted(table)}")
    for axes in grid[0, 1:]:
        axes.set_ylabel("")
    title = headline(figure, title, synthetic)
    return Picture(figure, f"{title}. {'; '.join(said)}.")


@styled
def intervals(table: pd.DataFrame, title: str, label: str, chance: float | None = None) -> Picture:
    """Draw scores with their intervals, one below the other.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a line of the picture, named by the index. Columns: score, low and high (ends of the interval,
        missing where there is none) and kind, of which there are three at most. A kind has a marker and a
        colour of its own, and a line in the legend.
    title : str
        Says where speech is synthetic.
    label : str
        What the scores are, for the axis.
    chance : float, optional
        What guessing reaches.

    Raises
    ------
    ValueError
        There are more kinds than markers.
    """
    if table["kind"].nunique() > len(_MARKS):
        raise ValueError(f"{table['kind'].nunique()} kinds of scores; a picture has at most {len(_MARKS)}")
    _, axes = plt.subplots(figsize=(WIDTH, 1.5 + 0.32 * len(table)))
    place = pd.Series(lines_from_above(table), index=pd.RangeIndex(len(table)))
    for (marker, colour), (kind, own) in zip(
        _MARKS, table.reset_index(drop=True).groupby("kind", sort=False), strict=False
    ):
        ends = [own["score"] - own["low"], own["high"] - own["score"]]
        style = {"color": colour, "markersize": 6, "markeredgecolor": "black", "markeredgewidth": 0.6}
        axes.errorbar(
            own["score"],
            place[own.index],
            xerr=ends,
            fmt=marker,
            capsize=5,
            elinewidth=2,
            label=kind,
            **style,
        )
    return with_lines_named(axes, table, title, label, chance, _with_interval)


@styled
def lines_from_above(table: pd.DataFrame) -> np.ndarray:
    """Return the heights of a table's rows in a picture: the first row is the highest, the last lies at 0."""
    return np.arange(len(table))[::-1]


@styled
def with_lines_named(
    axes: Axes, table: pd.DataFrame, title: str, label: str, chance: float | None, in_words: Callable
) -> Picture:
    """Finish a picture that has a line for each row of a table, at `lines_from_above`.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With the marks of all rows.
    table : pandas.DataFrame
        Its index names the lines.
    title, label : str
    chance : float, optional
        Where the line for guessing stands.
    in_words : callable
        Says for a row what its line shows.
    """
    if chance is not None:
        axes.axvline(chance, color=GREY, linestyle=":", label="guessing")
    axes.set_yticks(lines_from_above(table), table.index)
    axes.set(xlabel=label, ylim=(-0.6, len(table) - 0.4))
    headline(axes.figure, title)
    axes.grid(axis="x")
    key(axes.figure)
    said = "; ".join(f"{name} {in_words(row)}" for name, row in table.iterrows())
    guessing = "" if chance is None else f"; guessing {chance:.3f}"
    return Picture(axes.figure, f"{title}, {label}: {said}{guessing}.")


def _counted(table: pd.DataFrame) -> str:
    counts = pd.Series(table.to_numpy(str).ravel()).value_counts()
    words = [f"{counts[side]} {side or 'on neither side'}" for side in _SIDES if side in counts]
    return f"of {table.size} cells {', '.join(words)}"


def _with_interval(row: pd.Series) -> str:
    if pd.isna(row["low"]):
        return f"{row['score']:.3f}"
    return f"{row['score']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"
