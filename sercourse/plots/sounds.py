"""Pictures of sound: waves and spectrograms."""

import matplotlib.pyplot as plt
import numpy as np

from sercourse.plots.palette import BLUE, LEVELS
from sercourse.plots.picture import WIDTH, Picture, headline, styled


@styled
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
    size = (WIDTH, 0.4 + 1.8 * lines)
    figure, grid = plt.subplots(lines, columns, figsize=size, sharex=True, sharey=True, squeeze=False)
    highest = max(value.max() for value in log_mels.values())
    for axes, (name, value) in zip(grid.flat, log_mels.items(), strict=False):
        extent = (0, len(value) * hop_seconds, 0, value.shape[1])
        image = axes.imshow(value.T, origin="lower", aspect="auto", extent=extent, cmap=LEVELS)
        image.set_clim(highest - 80, highest)
        axes.set_title(name)
    for axes in grid.flat[len(log_mels) :]:
        axes.set_visible(False)
    longest = max(len(value) for value in log_mels.values())
    grid[0, 0].set_xlim(0, longest * hop_seconds)
    for axes in grid[-1]:
        axes.set_xlabel("time (s)")
    for axes in grid[:, 0]:
        _hertz_axis(axes, rate, next(iter(log_mels.values())).shape[1])
    title = headline(figure, title, synthetic)
    figure.colorbar(image, ax=grid, label="level (dB)", fraction=0.025, pad=0.02)
    durations = ", ".join(f"{name} {len(value) * hop_seconds:.1f} s" for name, value in log_mels.items())
    return Picture(figure, f"{title}: spectrograms, brighter is louder. Lengths: {durations}.")


@styled
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
    size = (min(WIDTH, 3.6 * len(sounds)), 2.6)
    figure, grid = plt.subplots(1, len(sounds), figsize=size, sharey=True, squeeze=False)
    for axes, (name, samples) in zip(grid[0], sounds.items(), strict=True):
        axes.plot(1000 * np.arange(len(samples)) / rate, samples, ".-", color=BLUE, linewidth=1, markersize=4)
        axes.set(title=name, xlabel="time (ms)")
    grid[0, 0].set_ylabel("sample value")
    title = headline(figure, title, synthetic)
    said = ", ".join(
        f"{name} lies between {samples.min():.2f} and {samples.max():.2f} "
        f"for {1000 * len(samples) / rate:.0f} ms"
        for name, samples in sounds.items()
    )
    return Picture(figure, f"{title}: {said}.")


def _hertz_axis(axes, rate: int, n_mels: int) -> None:
    """Label the bands of a mel spectrogram with their frequencies."""
    import librosa  # takes over a second

    centres = librosa.mel_frequencies(n_mels, fmax=rate / 2)
    shown = [hertz for hertz in (500, 1000, 2000, 4000, 8000) if hertz < rate / 2]
    axes.set_yticks(
        np.interp(shown, centres, np.arange(n_mels) + 0.5), [f"{hertz / 1000:g}" for hertz in shown]
    )
    axes.set_ylabel("frequency (kHz)")
