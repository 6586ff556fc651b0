"""Pictures for lessons. Each comes with a description in words, and nothing is computed here.

Colours are those of Okabe and Ito, which people with any colour vision tell apart, and
colour never stands alone: there is a hatch, a marker or a label beside it. A picture of
synthetic speech says so in its title.
"""

import base64
import html
import io
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from sercourse.files import written_whole

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#6B6B6B"


class Picture:
    """A figure and its description, shown together by Jupyter.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        It is closed for pyplot, so that Jupyter does not show it a second time.
    description : str
        What there is to see, in one line: the text for whoever cannot see it.
    """

    def __init__(self, figure: Figure, description: str):
        plt.close(figure)
        self.figure = figure
        self.description = description

    def save(self, path) -> None:
        """Write the figure to a file; its ending gives the format, such as ``.svg``."""
        path = Path(path)
        # No date and no random names inside, so that the same figure gives the same file.
        metadata = {"Description": self.description} | ({"Date": None} if path.suffix == ".svg" else {})
        with plt.rc_context({"svg.hashsalt": "sercourse"}), written_whole(path) as partial:
            self.figure.savefig(partial, bbox_inches="tight", metadata=metadata)

    def __repr__(self) -> str:
        return self.description

    def _repr_html_(self) -> str:
        png = io.BytesIO()
        self.figure.savefig(png, format="png", dpi=144, bbox_inches="tight", facecolor="white")
        data, text = base64.b64encode(png.getvalue()).decode(), html.escape(self.description, quote=True)
        width = int(self.figure.get_figwidth() * 96)
        return (
            f'<figure style="margin: 0"><img src="data:image/png;base64,{data}" alt="{text}" '
            f'style="width: {width}px; max-width: 100%">'
            f'<figcaption style="color: {GREY}">{text}</figcaption></figure>'
        )


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
    figure, axes = plt.subplots(figsize=(7.2, 2.7))
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
    sns.despine(ax=axes, left=True)
    title = _titled(title, synthetic)
    axes.set_title(title, loc="left", size=11, pad=20)
    description = (
        f"{title}: UAR {100 * random:.1f} % on a random split, {100 * unseen:.1f} % on unseen speakers; "
        f"guessing gives {100 * chance:.1f} %."
    )
    return Picture(figure, description)


def spectrograms(
    log_mels: dict[str, np.ndarray], rate: int, hop_length: int, title: str, synthetic: bool
) -> Picture:
    """Draw log-mel spectrograms side by side, on one time axis and one colour scale.

    Parameters
    ----------
    log_mels : dict of str to numpy.ndarray, shape (n_frames, n_mels)
        In decibels, by name.
    rate : int
        Samples per second, in Hz; the mel bands reach up to half of it.
    hop_length : int
        Samples from one frame to the next.
    title : str
    synthetic : bool
    """
    columns, hop_seconds = 4, hop_length / rate
    lines = -(-len(log_mels) // columns)
    size = (10, 2.3 * lines)
    figure, grid = plt.subplots(lines, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
    highest = max(value.max() for value in log_mels.values())
    for axes, (name, value) in zip(grid.flat, log_mels.items(), strict=False):
        extent = (0, len(value) * hop_seconds, 0, value.shape[1])
        image = axes.imshow(value.T, origin="lower", aspect="auto", extent=extent, cmap="magma")
        image.set_clim(highest - 80, highest)
        axes.set_title(name, size=10)
    for axes in grid.flat[len(log_mels) :]:
        axes.set_visible(False)
    longest = max(len(value) for value in log_mels.values())
    grid[0, 0].set_xlim(0, longest * hop_seconds)
    for axes in grid[-1]:
        axes.set_xlabel("time (s)")
    for axes in grid[:, 0]:
        _hertz_axis(axes, rate, next(iter(log_mels.values())).shape[1])
    figure.suptitle(_titled(title, synthetic), x=0.01, ha="left", size=11)
    figure.tight_layout()
    figure.colorbar(image, ax=grid, label="level (dB)", fraction=0.025, pad=0.02)
    durations = ", ".join(f"{name} {len(value) * hop_seconds:.1f} s" for name, value in log_mels.items())
    title = _titled(title, synthetic)
    return Picture(figure, f"{title}: spectrograms, brighter is louder. Lengths: {durations}.")


def _hertz_axis(axes, rate: int, n_mels: int) -> None:
    """Label the bands of a mel spectrogram with their frequencies."""
    import librosa  # takes over a second

    centres = librosa.mel_frequencies(n_mels, fmax=rate / 2)
    shown = [hertz for hertz in (500, 1000, 2000, 4000, 8000) if hertz < rate / 2]
    axes.set_yticks(
        np.interp(shown, centres, np.arange(n_mels) + 0.5), [f"{hertz / 1000:g}" for hertz in shown]
    )
    axes.set_ylabel("frequency (kHz)")


def waves(sounds: dict[str, np.ndarray], rate: int, title: str, synthetic: bool) -> Picture:
    """Draw short stretches of sound side by side, each sample a dot, on one scale where 1 is full scale.

    Parameters
    ----------
    sounds : dict of str to numpy.ndarray, shape (n_samples,)
        By name; a few milliseconds each, so that single samples can be seen.
    rate : int
        Samples per second, in Hz.
    title : str
    synthetic : bool
    """
    size = (3.6 * len(sounds), 2.6)
    figure, grid = plt.subplots(1, len(sounds), figsize=size, sharey=True, squeeze=False)
    for axes, (name, samples) in zip(grid[0], sounds.items(), strict=True):
        axes.plot(1000 * np.arange(len(samples)) / rate, samples, ".-", color=BLUE, linewidth=1, markersize=4)
        axes.set(title=name, xlabel="time (ms)")
        sns.despine(ax=axes)
    grid[0, 0].set_ylabel("sample value")
    title = _titled(title, synthetic)
    figure.suptitle(title, x=0.01, ha="left", size=11)
    figure.tight_layout()
    said = ", ".join(
        f"{name} lies between {samples.min():.2f} and {samples.max():.2f} "
        f"for {1000 * len(samples) / rate:.0f} ms"
        for name, samples in sounds.items()
    )
    return Picture(figure, f"{title}: {said}.")


def confusions(tables: dict[str, pd.DataFrame], synthetic: bool) -> Picture:
    """Draw confusion matrices side by side, each row as shares of its class.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Counts as `evaluation.confusion` gives them, by title.
    synthetic : bool
    """
    figure, grid = plt.subplots(1, len(tables), figsize=(5.2 * len(tables), 4.6), sharey=True, squeeze=False)
    said = []
    for axes, (title, counts) in zip(grid[0], tables.items(), strict=True):
        shares = counts.div(counts.sum(axis=1), axis=0)
        style = {"annot": True, "fmt": ".0f", "cmap": "Blues", "cbar": False, "square": True}
        sns.heatmap(100 * shares, ax=axes, vmin=0, vmax=100, **style)
        axes.set(title=_titled(title, synthetic), xlabel="predicted emotion", ylabel="true emotion")
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
    figure.tight_layout()
    return Picture(figure, "Confusions in percent of each true emotion. " + "; ".join(said) + ".")


def counts(table: pd.DataFrame, title: str, synthetic: bool) -> Picture:
    """Draw how many recordings there are of each class, split in two by a second property.

    Parameters
    ----------
    table : pandas.DataFrame of int
        Rows are classes, columns the values of the other property.
    title : str
    synthetic : bool
    """
    figure, axes = plt.subplots(figsize=(7.2, 2.8))
    base = np.zeros(len(table))
    for number, (name, values) in enumerate(table.items()):
        hatch, colour = ("", "//", "..")[number % 3], (BLUE, ORANGE, GREEN)[number % 3]
        axes.bar(table.index, values, bottom=base, label=name, hatch=hatch, color=colour, edgecolor="white")
        base += values.to_numpy(float)
    axes.set(xlabel=table.index.name, ylabel="recordings", title=_titled(title, synthetic))
    axes.legend(title=table.columns.name, frameon=False, bbox_to_anchor=(1, 1), loc="upper left")
    sns.despine(ax=axes)
    said = ", ".join(f"{name} {total}" for name, total in table.sum(axis=1).items())
    return Picture(figure, f"{_titled(title, synthetic)}: {said} recordings.")


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
    figure, axes = plt.subplots(figsize=(7.6, 0.8 + 0.3 * len(table)))
    rows = np.arange(len(table))[::-1]
    axes.hlines(rows, np.minimum(one, other), np.maximum(one, other), color=GREY, linewidth=1)
    axes.plot(one, rows, "o", color=BLUE, label=first, markersize=7)
    axes.plot(other, rows, "s", color=ORANGE, label=second, markersize=6, markeredgecolor="black")
    axes.set_yticks(rows, table.index)
    axes.set(xlabel=label, title=title)
    axes.grid(axis="x", alpha=0.3)
    axes.legend(frameon=False, bbox_to_anchor=(1, 1), loc="upper left")
    sns.despine(ax=axes)
    apart = (other - one).abs()
    return Picture(
        figure,
        f"{title}: {first} and {second} in {len(table)} rows; they lie {apart.median():.2g} apart in the "
        f"middle row and {apart.max():.2g} at most, in {apart.idxmax()}.",
    )


def _titled(title: str, synthetic: bool) -> str:
    return f"{title} (synthetic speech)" if synthetic else title
