"""Pictures of recurrent networks: what a step has seen, states over frames, gradients; lesson 07."""

import matplotlib.pyplot as plt
import numpy as np

from sercourse.plots.palette import BLUE, GREEN, GREY, ORANGE, SHADE, SIGNED
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled

_LINES = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREEN, ":", "D"), (GREY, "-.", "^"))
_KEY = "orange is below 0, violet above, grey has not been read"
_SIGNED = {"cmap": SIGNED, "origin": "lower", "aspect": "auto"}


@styled
def unrolled(
    frames: np.ndarray,
    states: np.ndarray,
    step: int,
    hop_seconds: float,
    title: str,
    synthetic: bool,
) -> Picture:
    """Draw one step of a recurrent layer: what it has seen, the frame it reads, its states so far.

    Parameters
    ----------
    frames : numpy.ndarray, shape (n_frames, n_coefficients)
        Standardised.
    states : numpy.ndarray, shape (n_frames, units)
        After each frame.
    step : int
        From 1: the first `step` frames have been read.
    hop_seconds : float
        From one frame to the next.
    title : str
    synthetic : bool
    """
    figure, grid = plt.subplots(2, 2, figsize=(WIDTH, 5), width_ratios=(4, 1), sharey="row", sharex="col")
    rows = (("coefficient", frames, 2.5, ORANGE), ("unit", states, 1.0, BLUE))
    for (over_time, now), (name, values, limit, colour) in zip(grid, rows, strict=True):
        _uncovered(over_time, values, (step, values.shape[1]), hop_seconds, limit)
        over_time.axvline(step * hop_seconds, color="black", linewidth=1.2)
        over_time.set_ylabel(name)
        now.barh(np.arange(values.shape[1]) + 1, values[step - 1], color=colour, height=0.9)
        now.axvline(0, color="black", linewidth=0.6)
    before = states[step - 2] if step > 1 else np.zeros(states.shape[1])
    last = grid[1, 1]
    last.plot(before, np.arange(len(before)) + 1, "|", color="black", markersize=5, label="one step before")
    key(figure)
    last.set(xlabel="value (no unit)")
    grid[1, 0].set_xlabel(f"time (s); {_KEY}")
    for axes, words in zip(grid.flat, ("input", "frame read now", "states", "state now"), strict=True):
        axes.set_title(words)
    title = headline(figure, title, synthetic)
    most = np.abs(states[step - 1] - before).argmax()
    return Picture(
        figure,
        f"{title}, step {step}: {step} of {len(frames)} frames have been read, the first "
        f"{step * hop_seconds:.2f} s. The state has {len(before)} values; with this frame unit {most + 1} "
        f"moved most, from {before[most]:.2f} to {states[step - 1, most]:.2f}.",
    )


@styled
def walks(frames: np.ndarray, step: int, hop_seconds: float, title: str, synthetic: bool) -> Picture:
    """Draw what two networks have read after some steps: one walks over frames, one over coefficients.

    Parameters
    ----------
    frames : numpy.ndarray, shape (n_frames, n_coefficients)
        Standardised.
    step : int
        From 1, at most the number of coefficients.
    hop_seconds : float
    title : str
    synthetic : bool
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 3), sharex=True, sharey=True)
    n_frames, n_coefficients = frames.shape
    _uncovered(left, frames, (step, n_coefficients), hop_seconds, 2.5)
    _uncovered(right, frames, (n_frames, step), hop_seconds, 2.5)
    left.axvline(step * hop_seconds, color="black")
    right.axhline(step + 0.5, color="black")
    left.set_title(f"over frames: step {step} of {n_frames}")
    right.set_title(f"over coefficients: step {step} of {n_coefficients}")
    for axes in (left, right):
        axes.set_xlabel("time (s)")
    figure.supxlabel(_KEY, size=9)
    left.set_ylabel("MFCC")
    title = headline(figure, title, synthetic)
    return Picture(
        figure,
        f"{title}: over frames, step {step} has read all {n_coefficients} coefficients of the first "
        f"{step * hop_seconds:.2f} s; over coefficients, {step} of {n_coefficients} coefficients of all "
        f"{n_frames * hop_seconds:.2f} s.",
    )


@styled
def states(
    tables: dict[str, np.ndarray], end: int, hop_seconds: float, title: str, synthetic: bool
) -> Picture:
    """Draw the states of one utterance over its frames and the padded ones, one table below the other.

    Parameters
    ----------
    tables : dict of str to numpy.ndarray, shape (n_frames, units)
        States between -1 and 1, by name.
    end : int
        How many frames the utterance has; what follows is padding.
    hop_seconds : float
    title : str
    synthetic : bool
    """
    figure, grid = plt.subplots(
        len(tables),
        1,
        figsize=(WIDTH, 0.7 + 1.6 * len(tables)),
        sharex=True,
        squeeze=False,
    )
    said = []
    for axes, (name, values) in zip(grid[:, 0], tables.items(), strict=True):
        image = _uncovered(axes, values, values.shape, hop_seconds, 1.0)
        axes.axvline(end * hop_seconds, color="black", linestyle="--")
        axes.set_title(name)
        axes.set_ylabel("unit")
        moved = np.abs(values[-1] - values[end - 1]).max()
        said.append(f"{name}: after the end a state moves by up to {moved:.2f}")
    figure.colorbar(image, ax=grid[:, 0], label="state (no unit)")
    grid[-1, 0].set_xlabel("time (s); the utterance ends at the dashed line")
    title = headline(figure, title, synthetic)
    return Picture(figure, f"{title}. The utterance ends at {end * hop_seconds:.2f} s. {'; '.join(said)}.")


@styled
def reach(
    norms: dict[str, np.ndarray],
    hop_seconds: float,
    title: str,
    synthetic: bool,
    label: str = "norm of the gradient",
    even: bool = True,
) -> Picture:
    """Draw how far back a gradient reaches: its size at each frame, on a logarithmic axis.

    Parameters
    ----------
    norms : dict of str to numpy.ndarray, shape (n_frames,)
        By name, at most four; frame 0 is the first of the recording. What is 0 is not drawn.
    hop_seconds : float
    title : str
    synthetic : bool
    label : str
        Of the axis.
    even : bool
        Whether to mark 1, where a gradient neither fades nor grows.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.6))
    said = []
    for (name, values), (colour, line, marker) in zip(norms.items(), _LINES, strict=False):
        times = np.arange(len(values)) * hop_seconds
        style = {
            "color": colour,
            "linestyle": line,
            "marker": marker,
            "markersize": 5,
            "markeredgecolor": "black",
        }
        every = ((len(values) - 1) % 12, 12)  # so that the last frame is marked
        axes.semilogy(times, np.where(values > 0, values, np.nan), markevery=every, label=name, **style)
        said.append(f"{name}: {values[0]:.1e} at the first frame, {values[-1]:.1e} at the last")
    if even:
        axes.axhline(1, color="black", linewidth=0.8, linestyle=(0, (1, 3)))
    axes.set(xlabel="time in the recording (s)", ylabel=label, xlim=(-hop_seconds, len(values) * hop_seconds))
    axes.grid(axis="y")
    key(figure)
    title = headline(figure, title, synthetic)
    return Picture(figure, f"{title}, {label}. {'; '.join(said)}.")


def _uncovered(axes, values: np.ndarray, seen: tuple[int, int], hop_seconds: float, limit: float):
    """Draw a table with time to the right; what lies past the seen frames and columns is grey."""
    shown = np.full(values.shape, np.nan)
    shown[: seen[0], : seen[1]] = values[: seen[0], : seen[1]]
    extent = (0, len(values) * hop_seconds, 0.5, values.shape[1] + 0.5)
    axes.set_facecolor(SHADE)
    return axes.imshow(shown.T, extent=extent, vmin=-limit, vmax=limit, **_SIGNED)
