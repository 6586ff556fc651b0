"""Pictures of what one corpus is worth on another; lesson 16."""

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.patches import Rectangle

from sercourse.plots.picture import ORANGE, Picture


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
    figure, grid = plt.subplots(
        1, len(tables), figsize=(max(width, 4.5), height), squeeze=False, layout="constrained"
    )
    said = []
    for axes, (name, table) in zip(grid[0], tables.items(), strict=True):
        style = {"annot": True, "fmt": ".2f", "cmap": "Blues", "cbar": False, "linewidths": 1}
        sns.heatmap(table.astype(float), ax=axes, vmin=0, vmax=1, square=True, **style)
        for row, trained in enumerate(table.index):
            for column, tested in enumerate(table.columns):
                if trained == tested:
                    axes.add_patch(
                        Rectangle(
                            (column, row), 1, 1, fill=False, edgecolor=ORANGE, linewidth=3, clip_on=False
                        )
                    )
        axes.set_title(name, size=10)
        axes.set(xlabel="tested on", ylabel="trained on")
        axes.tick_params(axis="y", rotation=0)
        axes.tick_params(axis="x", rotation=0)
        said.append(f"{name}: {_in_words(table)}")
    for axes in grid[0, 1:]:
        axes.set_ylabel("")
    figure.suptitle(
        f"{title}; {label}; framed: unseen speakers of the same corpus", x=0.01, ha="left", size=10
    )
    return Picture(figure, f"{title}, {label}, trained on and tested on. {'; '.join(said)}.")


def _in_words(table: pd.DataFrame) -> str:
    cells = [
        f"{trained} on {tested} {value:.2f}"
        for trained, row in table.iterrows()
        for tested, value in row.dropna().items()
    ]
    return ", ".join(cells)
