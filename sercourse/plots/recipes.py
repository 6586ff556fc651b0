"""Pictures of what a recipe keeps of recordings, and which ones it loses; lesson 04."""

from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns

from sercourse.plots.palette import LEVELS, SHADE, SHARES
from sercourse.plots.picture import WIDTH, Picture, headline, styled


class Kept(NamedTuple):
    """What a recipe keeps of one recording."""

    values: np.ndarray  # shape (n_frames, n_coefficients)
    start: float  # of the stretch that was used, in seconds
    end: float


@styled
def kept(tables: dict[str, Kept], seconds: float, title: str, synthetic: bool) -> Picture:
    """Draw tables of features of one recording under one another, each where it lies in the recording.

    Each has a colour scale of its own. The first column is not drawn: that of MFCC goes with the level, and
    would outshine the others.

    Parameters
    ----------
    tables : dict of str to Kept
        By the recipe's name.
    seconds : float
        How long the recording is.
    title : str
    synthetic : bool
    """
    size = (WIDTH, 0.6 + 0.95 * len(tables))
    figure, rows = plt.subplots(len(tables), 1, figsize=size, sharex=True, squeeze=False)
    said = []
    for axes, (name, (values, start, end)) in zip(rows[:, 0], tables.items(), strict=True):
        n_frames, n_columns = values.shape
        low, high = np.percentile(values[:, 1:], (3, 97))
        extent = (start, end, 1.5, n_columns + 0.5)
        style = {"origin": "lower", "aspect": "auto", "cmap": LEVELS, "vmin": low, "vmax": high}
        axes.imshow(values[:, 1:].T, extent=extent, **style)
        axes.set_xlim(0, seconds)
        axes.set_yticks([2, n_columns])
        axes.set_facecolor(SHADE)
        frames = f"{n_frames} frame{'s' * (n_frames > 1)} of {n_columns}"
        axes.set_title(f"{name}: {frames}")
        axes.set_ylabel("column")
        said.append(f"{name}: {frames} from {start:.1f} to {end:.1f} s")
    rows[-1, 0].set_xlabel("time (s); grey is not used")
    title = headline(figure, title, synthetic)
    return Picture(figure, f"{title}, {seconds:.1f} s long. {'; '.join(said)}.")


@styled
def losses(tables: dict[str, pd.DataFrame]) -> Picture:
    """Draw how many recordings are lost of each class and speaker.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame of int
        By title, which says where speech is synthetic; rows are classes, columns speakers.
    """
    size = (WIDTH, 2.9 * len(tables))
    figure, rows = plt.subplots(len(tables), 1, figsize=size, squeeze=False)
    highest = max(table.to_numpy().max() for table in tables.values())
    said = []
    for axes, (title, table) in zip(rows[:, 0], tables.items(), strict=True):
        counts = table.astype(int)
        words = counts.astype("string").mask(counts == 0, "")
        style = {"cmap": SHARES, "vmin": 0, "vmax": highest, "linewidths": 0.5, "linecolor": SHADE}
        sns.heatmap(counts, ax=axes, annot=words, fmt="", cbar=False, **style)
        axes.set_title(title)
        axes.set(xlabel=table.columns.name, ylabel=table.index.name)
        axes.tick_params(axis="y", rotation=0)
        by_class, by_speaker = counts.sum(axis=1), counts.sum()
        said.append(
            f"{title}: {counts.to_numpy().sum()} lost, most of {by_class.idxmax()} ({by_class.max()}) and of "
            f"{table.columns.name} {by_speaker.idxmax()} ({by_speaker.max()})"
        )
    return Picture(figure, "Recordings lost, empty where none. " + "; ".join(said) + ".")
