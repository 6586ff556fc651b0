"""Pictures of leaks: each beside its control, and one on top of the other; lesson 15."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from sercourse.plots.palette import BLUE, GREY, ORANGE
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled, titled


@styled
def leak_pairs(table: pd.DataFrame, title: str, label: str, chance: float, synthetic: bool) -> Picture:
    """Draw what each leak scores, its control's score, and the difference with its interval.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a leak, named by the index. Columns: score, control score; difference, low, high (ends of its
        interval).
    title : str
    label : str
        What the scores are.
    chance : float
        What guessing reaches.
    synthetic : bool
    """
    title = titled(title, synthetic)
    figure, (left, right) = plt.subplots(1, 2, sharey=True)
    figure.set_size_inches(WIDTH, 1.7 + 0.36 * len(table))
    rows = np.arange(len(table))[::-1]
    scores = table[["score", "control score"]]
    left.hlines(rows, scores.min(axis=1), scores.max(axis=1), color=GREY, linewidth=1)
    style = {"markeredgecolor": "black", "markersize": 7}
    left.plot(table["control score"], rows, "o", color=BLUE, label="control", **style)
    left.plot(table["score"], rows, "s", color=ORANGE, label="with the leak", **style)
    left.axvline(chance, color=GREY, linestyle=":", label="guessing")
    left.set(xlabel=label, xlim=(0, 1))
    left.set_yticks(rows, table.index)
    ends = [table["difference"] - table["low"], table["high"] - table["difference"]]
    right.errorbar(table["difference"], rows, xerr=ends, fmt="D", color="black", capsize=4, markersize=5)
    right.axvline(0, color=GREY, linestyle=":")
    for row, (difference, high) in zip(rows, table[["difference", "high"]].to_numpy(), strict=True):
        right.annotate(f"{difference:+.3f}", (high, row), (8, 0), textcoords="offset points", va="center")
    right.set(xlabel=f"difference of the {label}", ylim=(-0.6, len(table) - 0.4))
    right.margins(x=0.25)
    for axes in (left, right):
        axes.grid(axis="x")
    right.tick_params(axis="y", length=0)
    headline(figure, title)
    key(figure)
    said = [
        f"{name} {row['score']:.3f}, control {row['control score']:.3f}, difference {row['difference']:+.3f} "
        f"[{row['low']:+.3f}, {row['high']:+.3f}]"
        for name, row in table.iterrows()
    ]
    return Picture(figure, f"{title}, {label}: {'; '.join(said)}; guessing {chance:.3f}.")


@styled
def ladder(scores: pd.Series, title: str, label: str, chance: float, synthetic: bool) -> Picture:
    """Draw scores as rungs: each bar goes as far as the one above it, and on by what is new.

    Parameters
    ----------
    scores : pandas.Series of float
        From the first rung to the last, named by the index; between 0 and 1.
    title, label : str
    chance : float
    synthetic : bool
    """
    title = titled(title, synthetic)
    figure, axes = plt.subplots(figsize=(WIDTH, 1.6 + 0.42 * len(scores)))
    rows = np.arange(len(scores))[::-1]
    before = scores.shift(fill_value=0.0)
    shared, gain = np.minimum(scores, before), scores - before
    axes.barh(rows, shared, color=BLUE, height=0.7, label="as above")
    axes.barh(rows[:1], scores.iloc[:1], color=GREY, hatch="..", height=0.7, label="nothing leaks")
    axes.barh(
        rows[1:],
        gain.iloc[1:],
        left=before.iloc[1:],
        color=ORANGE,
        edgecolor="black",
        hatch="//",
        height=0.7,
        label="what is added",
    )
    for row, score, more in zip(rows, scores, gain, strict=True):
        words = f"{score:.3f}" if row == rows[0] else f"{score:.3f} ({more:+.3f})"
        axes.text(max(score, score - more) + 0.01, row, words, va="center")
    axes.axvline(chance, color="black", linestyle=":", label="guessing")
    axes.set_yticks(rows, scores.index)
    axes.set(xlabel=label, xlim=(0, 1.19), ylim=(-0.6, len(scores) - 0.4))
    axes.set_xticks(np.linspace(0, 1, 6))
    headline(figure, title)
    key(figure)
    said = [f"{name} {score:.3f}" for name, score in scores.items()]
    return Picture(figure, f"{title}, {label}: {', then '.join(said)}; guessing {chance:.3f}.")
