"""Pictures of the replication table: claimed, as published, honest; lesson 16."""

import matplotlib.pyplot as plt
import pandas as pd

from sercourse.plots.palette import BLUE, GREY, ORANGE
from sercourse.plots.picture import WIDTH, Picture, styled
from sercourse.plots.protocols import lines_from_above, with_lines_named


@styled
def replication(table: pd.DataFrame, title: str, label: str, chance: float | None = None) -> Picture:
    """Draw what is claimed, what the report's own protocol gives, and what an honest one gives.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a line of the picture, named by the index. Columns, in [0, 1]: claimed, published, honest, and
        low and high, the ends of the interval of honest. What is missing is not drawn.
    title : str
        Says where speech is synthetic.
    label : str
        What the scores are, for the axis.
    chance : float, optional
        What guessing reaches.
    """
    _, axes = plt.subplots(figsize=(WIDTH, 1.5 + 0.46 * len(table)))
    place = lines_from_above(table)
    known = table[["claimed", "published", "honest"]]
    axes.hlines(place, known.min(axis=1), known.max(axis=1), color=GREY, linewidth=1, zorder=1)
    style = {"linestyle": "", "markeredgecolor": "black", "markeredgewidth": 0.7, "zorder": 3}
    axes.plot(table["claimed"], place, "D", color="white", markersize=11, label="claimed", **style)
    axes.plot(table["published"], place, "o", color=BLUE, markersize=8, label="ours, as published", **style)
    ends = [table["honest"] - table["low"], table["high"] - table["honest"]]
    axes.errorbar(
        table["honest"],
        place,
        xerr=ends,
        fmt="s",
        color=ORANGE,
        ecolor="black",
        capsize=4,
        markersize=8,
        markeredgecolor="black",
        markeredgewidth=0.7,
        zorder=3,
        label="ours, honest, 95 % over speakers",
    )
    axes.set_xlim(0, 1.03)
    return with_lines_named(axes, table, title, label, chance, _in_words)


def _in_words(row: pd.Series) -> str:
    parts = []
    for column, words in (("claimed", "claimed"), ("published", "as published"), ("honest", "honest")):
        if pd.notna(row[column]):
            parts.append(f"{words} {row[column]:.3f}")
    if pd.notna(row["low"]):
        parts[-1] += f" [{row['low']:.3f}, {row['high']:.3f}]"
    return ", ".join(parts)
