"""Pictures of what the gates of a recurrent layer do while it listens; lessons 08 and 10."""

import matplotlib.pyplot as plt
import pandas as pd

from sercourse.plots.palette import BLUE, GREEN, GREY, ORANGE
from sercourse.plots.picture import WIDTH, Picture, headline, styled

_STYLES = ((BLUE, "-"), (ORANGE, "--"), (GREEN, ":"), (GREY, "-."))
_STEADY = 0.005  # what changes less is not seen in the picture


@styled
def gates(
    wave: pd.Series,
    level: pd.Series,
    opened: pd.DataFrame,
    values: pd.DataFrame,
    title: str,
    synthetic: bool,
) -> Picture:
    """Draw an utterance, and below it the gates and the values of one unit that listens to it.

    Parameters
    ----------
    wave : pandas.Series
        Sample values, 1 is full scale; the index of this and of all others is the time in seconds.
    level : pandas.Series
        In dB.
    opened : pandas.DataFrame, shape (n_frames, n_gates)
        How far each gate is open, from 0 to 1; at most four columns, named as in "input".
    values : pandas.DataFrame, shape (n_frames, n_values)
        What is behind the gates: candidate, cell, output; at most four columns.
    title : str
    synthetic : bool
    """
    figure, rows = plt.subplots(4, 1, figsize=(WIDTH, 6.6), sharex=True, height_ratios=(1, 1, 1.7, 1.7))
    sound, loudness, above, below = rows
    sound.plot(wave.index, wave, color=GREY, linewidth=0.4)
    loudness.plot(level.index, level, color=BLUE, linewidth=1.2)
    _lines(above, opened)
    _lines(below, values)
    below.axhline(0, color="black", linewidth=0.6)
    above.set_ylim(-0.04, 1.04)
    above.set_yticks([0, 0.5, 1], ["0, shut", "0.5", "1, open"])
    for axes, label in zip(rows, ("sample value", "level (dB)", "gates", "values"), strict=True):
        axes.set_ylabel(label)
    below.set_xlabel("time (s)")
    title = headline(figure, title, synthetic)
    figure.align_ylabels(rows)
    said = [_gate_in_words(*each) for each in opened.items()]
    said += [_value_in_words(*each) for each in values.items()]
    return Picture(figure, f"{title}: {len(opened)} frames. {'; '.join(said)}.")


def _lines(axes, table: pd.DataFrame) -> None:
    """Draw each column as a line of its own colour and dash, named beside the panel."""
    for (name, line), (colour, dash) in zip(table.items(), _STYLES, strict=False):
        axes.plot(line.index, line, dash, color=colour, linewidth=1.8, label=name)
    axes.legend(bbox_to_anchor=(1, 1), loc="upper left")


def _gate_in_words(name: str, opened: pd.Series) -> str:
    if opened.max() - opened.min() < _STEADY:
        return f"{name} gate: {opened.mean():.2f} throughout"
    widest = f"widest ({opened.max():.2f}) at {opened.idxmax():.2f} s"
    return f"{name} gate: {opened.mean():.2f} on average, {widest}"


def _value_in_words(name: str, line: pd.Series) -> str:
    if line.max() - line.min() < _STEADY:
        return f"{name}: {line.mean():.2f} throughout"
    return f"{name}: {line.min():.2f} to {line.max():.2f}, at the end {line.iloc[-1]:.2f}"
