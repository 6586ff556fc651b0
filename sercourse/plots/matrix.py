"""Pictures of what one corpus is worth on another; lesson 16."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.patches import Rectangle

from sercourse.plots.palette import ORANGE, SHARES
from sercourse.plots.picture import WIDTH, Picture, headline, styled


@styled
def transfer(tables: dict[str, pd.DataFrame], title: str, label: str) -> Picture:
    """Draw matrices side by side: trained on the corpus of the row, tested on that of the column.

    The diagonal, a corpus on its own unseen speakers, has a frame.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame of float
        Scores in [0, 1] by title. Rows and columns are named by corpora; what is missing stays blank.
    title : str
        Says where speech is synthetic.
    label : str
        What the scores are.
    """
    width = sum(1.2 + 1.0 * table.shape[1] for table in tables.values())
    height = 1.5 + 0.75 * max(len(table) for table in tables.values())
    figure, grid = plt.subplots(1, len(tables), figsize=(min(max(width, 4.5), WIDTH), height), squeeze=False)
    said = []
    for axes, (name, table) in zip(grid[0], tables.items(), strict=True):
        style = {"annot": True, "fmt": ".2f", "cmap": SHARES, "cbar": False, "linewidths": 1}
        sns.heatmap(table.astype(float), ax=axes, vmin=0, vmax=1, **style)
        for row, trained in enumerate(table.index):
            for column, tested in enumerate(table.columns):
                if trained == tested:
                    axes.add_patch(
                        Rectangle(
                            (column, row), 1, 1, fill=False, edgecolor=ORANGE, linewidth=3, clip_on=False
                        )
                    )
        axes.set_title(textwrap.fill(name, 11 * table.shape[1]))
        axes.set(xlabel="tested on", ylabel="trained on")
        axes.tick_params(axis="y", rotation=0)
        axes.set_xticks(np.arange(table.shape[1]) + 0.5, [str(name).replace("_", "_\n") for name in table])
        axes.tick_params(axis="x", rotation=0)
        said.append(f"{name}: {_in_words(table)}")
    first = next(iter(tables.values()))
    for axes, table in zip(grid[0, 1:], list(tables.values())[1:], strict=True):
        axes.set_ylabel("")
        if table.index.equals(first.index):
            axes.set_yticks([])
    headline(figure, f"{title}; {label}; framed: unseen speakers of the same corpus")
    return Picture(figure, f"{title}, {label}, trained on and tested on. {'; '.join(said)}.")


def _in_words(table: pd.DataFrame) -> str:
    cells = [
        f"{trained} on {tested} {value:.2f}"
        for trained, row in table.iterrows()
        for tested, value in row.dropna().items()
    ]
    return ", ".join(cells)
