"""Pictures of learning: loss and accuracy from epoch to epoch, and what an answer costs; lessons 06 to 14."""

import matplotlib.pyplot as plt
import pandas as pd

from sercourse.plots.palette import BLUE, GREEN, GREY, ORANGE, PURPLE, SHADE, SKY
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled

_MARKS = ((BLUE, "o"), (ORANGE, "s"), (GREEN, "D"), (PURPLE, "^"), (SKY, "v"), (GREY, "X"))
_PANELS = {"loss": "mean cross-entropy (nats)", "accuracy": "accuracy"}


@styled
def learning_curves(
    histories: dict[str, pd.DataFrame], title: str, synthetic: bool, floor: float | None = None
) -> Picture:
    """Draw loss and accuracy over the epochs, side by side.

    Each training has a colour and a marker of its own. Training rows have a solid line and filled marks,
    validation rows a dashed line and open ones.

    Parameters
    ----------
    histories : dict of str to pandas.DataFrame
        By what was trained, six at most. One row an epoch, columns as `training.fit` returns them: epoch,
        loss, accuracy, and where there are validation rows also val_loss, val_accuracy.
    title : str
    synthetic : bool
    floor : float, optional
        A loss that cannot be undercut, drawn as a dotted line.

    Raises
    ------
    ValueError
        There are more trainings than markers.
    """
    if len(histories) > len(_MARKS):
        raise ValueError(f"{len(histories)} trainings; a picture has at most {len(_MARKS)}")
    figure, panels = plt.subplots(1, 2, figsize=(WIDTH, 3.8))
    for axes, (measure, label) in zip(panels, _PANELS.items(), strict=True):
        for (name, history), (colour, marker) in zip(histories.items(), _MARKS, strict=False):
            style = {"color": colour, "marker": marker, "markevery": max(1, len(history) // 8)}
            axes.plot(history["epoch"], history[measure], "-", label=f"{name}, training", **style)
            if f"val_{measure}" in history:
                style |= {"linestyle": "--", "markerfacecolor": "white"}
                axes.plot(history["epoch"], history[f"val_{measure}"], label=f"{name}, validation", **style)
        axes.set(xlabel="epoch", ylabel=label)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(True)
    if floor is not None:
        panels[0].axhline(floor, color="black", linestyle=":", label=f"floor {floor:.4f}")
    panels[0].set_ylim(bottom=0)
    panels[1].set_ylim(-0.02, 1.02)
    key(figure)
    title = headline(figure, title, synthetic)
    said = "; ".join(f"{name}: {_in_words(history)}" for name, history in histories.items())
    bound = "" if floor is None else f"; floor of the loss {floor:.4f}"
    return Picture(figure, f"{title}. {said}{bound}.")


@styled
def costs(table: pd.DataFrame, title: str, highest: float = 4.0) -> Picture:
    """Draw what an answer costs by the probability that it gives to the true class.

    A wrong answer gives the true class one half at most. That half of the picture is shaded.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a probability of the true class, which is the index, in ascending order. One column of
        cross-entropy in nats a curve, six at most.
    title : str
    highest : float
        Where the axis of the cost ends, in nats.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 4))
    axes.axvspan(0, 0.5, color=SHADE, zorder=0)
    middle = {"y": 0.97 * highest, "ha": "center", "va": "top", "size": 9}
    axes.text(0.25, s="every wrong answer", **middle)
    axes.text(0.75, s="right answers only", **middle)
    said = []
    for (name, values), (colour, marker) in zip(table.items(), _MARKS, strict=False):
        axes.plot(values.index, values, "-", color=colour, marker=marker, markevery=0.1, label=name)
        half = values.iloc[(values.index.to_series() - 0.5).abs().argmin()]
        said.append(f"{name}: {half:.3f} nats at one half, {values.iloc[-1]:.3f} at {values.index[-1]:g}")
    axes.set(xlabel="probability of the true class", ylabel="cost of the answer (nats)")
    axes.set(xlim=(0, 1), ylim=(0, highest))
    headline(figure, title)
    axes.grid(True)
    key(figure)
    return Picture(figure, f"{title}: {'; '.join(said)}.")


def _in_words(history: pd.DataFrame) -> str:
    """Say where the curves begin and end, and where the validation loss is lowest."""
    first, last = history.iloc[0], history.iloc[-1]
    words = [
        f"{measure} {first[measure]:.3f} in epoch {first['epoch']:.0f}, {last[measure]:.3f} in epoch "
        f"{last['epoch']:.0f}"
        for measure in _PANELS
    ]
    if "val_loss" in history:
        best = history.loc[history["val_loss"].idxmin()]
        words.append(
            f"validation loss lowest in epoch {best['epoch']:.0f} ({best['val_loss']:.3f}), at the end "
            f"{last['val_loss']:.3f} with accuracy {last['val_accuracy']:.3f}"
        )
    return ", ".join(words)
