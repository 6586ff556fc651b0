"""Pictures of how sound becomes MFCC, step by step; lesson 04."""

import matplotlib.pyplot as plt
import numpy as np

from sercourse.plots.palette import BLUE, GREEN, GREY, LEVELS, ORANGE, SIGNED
from sercourse.plots.picture import WIDTH, Picture, headline, key, styled

_STYLES = ((BLUE, "-"), (ORANGE, "--"), (GREEN, ":"))


@styled
def framing(
    samples: np.ndarray,
    rate: int,
    n_fft: int,
    hop_length: int,
    frame: int,
    window: np.ndarray,
    title: str,
    synthetic: bool,
) -> Picture:
    """Draw one frame and its neighbours on the wave, and beside it what the window makes of the frame.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
    rate : int
        In Hz.
    n_fft, hop_length : int
        In samples. Frames are centred: frame k has its middle at sample ``k * hop_length``.
    frame : int
        Number of a frame that lies wholly inside the recording, and so do its two neighbours.
    window : numpy.ndarray, shape (n_fft,)
    title : str
    synthetic : bool
    """
    figure, (wide, close) = plt.subplots(1, 2, figsize=(WIDTH, 3.1), width_ratios=(3, 2))
    start = frame * hop_length - n_fft // 2
    around = np.arange(start - 2 * n_fft // 3, start + n_fft + 2 * n_fft // 3)
    around = around[(around >= 0) & (around < len(samples))]
    wide.plot(around / rate, samples[around], color=GREY, linewidth=0.6)
    height = np.abs(samples[around]).max()
    for number, (colour, line) in zip((-1, 0, 1), (_STYLES[1], _STYLES[0], _STYLES[2]), strict=True):
        left = (start + number * hop_length) / rate
        level = height * (1.25 + 0.22 * (number + 1))
        wide.plot([left, left + n_fft / rate], [level, level], line, color=colour, linewidth=3)
        wide.text(left + n_fft / rate, level, f" frame {frame + number}", va="center", size=9)
    wide.axvspan(start / rate, (start + n_fft) / rate, color=BLUE, alpha=0.12, linewidth=0)
    cut = samples[start : start + n_fft]
    milliseconds = 1000 * np.arange(n_fft) / rate
    close.plot(milliseconds, cut, "-", color=GREY, linewidth=0.5, label="the frame")
    close.plot(milliseconds, cut * window, "-", color=BLUE, linewidth=1.5, label="times the window")
    close.plot(milliseconds, window * np.abs(cut).max(), "--", color=ORANGE, label="the window")
    wide.set(xlabel="time (s)", ylabel="sample value")
    close.set(xlabel="time in the frame (ms)")
    key(figure)
    title = headline(figure, title, synthetic)
    length, hop = 1000 * n_fft / rate, 1000 * hop_length / rate
    return Picture(
        figure,
        f"{title}: frame {frame} is {length:.0f} ms long and starts at {start / rate:.2f} s, the next one "
        f"{hop:.0f} ms later. The window takes both ends of the frame down to zero.",
    )


@styled
def leakage(levels: dict[str, np.ndarray], frequencies: np.ndarray, title: str) -> Picture:
    """Draw what several windows make of one tone: spectra over one another.

    Parameters
    ----------
    levels : dict of str to numpy.ndarray, shape (n_bins,)
        In decibels, by the name of the window; at most three.
    frequencies : numpy.ndarray, shape (n_bins,)
        In Hz.
    title : str
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3))
    for (name, level), (colour, line) in zip(levels.items(), _STYLES, strict=False):
        axes.plot(frequencies, level, line, color=colour, linewidth=1.4, label=name)
    axes.set(xlabel="frequency (Hz)", ylabel="level (dB)")
    key(figure)
    headline(figure, title)
    said = "; ".join(
        f"{name}: peak at {frequencies[level.argmax()]:.0f} Hz, {level.max() - level[-1]:.0f} dB less at "
        f"{frequencies[-1]:.0f} Hz"
        for name, level in levels.items()
    )
    return Picture(figure, f"{title}. {said}.")


@styled
def mel_filters(filters: np.ndarray, rate: int, shown: list[int]) -> Picture:
    """Draw some mel filters, each as high as 1, so that their widths can be compared.

    Parameters
    ----------
    filters : numpy.ndarray, shape (n_mels, n_bins)
    rate : int
        In Hz; the bins go from 0 to half of it.
    shown : list of int
        Which ones to draw.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 2.4))
    frequencies = np.linspace(0, rate / 2, filters.shape[1])
    widths = []
    for number, band in enumerate(shown):
        colour, line = _STYLES[number % 3]
        weights = filters[band] / filters[band].max()
        axes.plot(frequencies / 1000, weights, line, color=colour, linewidth=1.2)
        axes.fill_between(frequencies / 1000, weights, color=colour, alpha=0.25, linewidth=0)
        axes.text(frequencies[weights.argmax()] / 1000, 1.04, str(band), ha="center", size=9)
        inside = frequencies[weights > 0]
        widths.append(inside[-1] - inside[0])
    axes.set(xlabel="frequency (kHz)", ylabel="weight", ylim=(0, 1.2))
    title = headline(figure, f"{len(shown)} of {len(filters)} mel filters, by number")
    return Picture(
        figure,
        f"{title}: triangles that get wider upwards, from {widths[0]:.0f} Hz for filter {shown[0]} to "
        f"{widths[-1]:.0f} Hz for filter {shown[-1]}.",
    )


@styled
def cepstra(
    bands: np.ndarray, coefficients: np.ndarray, hop_seconds: float, title: str, synthetic: bool
) -> Picture:
    """Draw mel bands, the first coefficient as a curve, and the other coefficients, on one time axis.

    Parameters
    ----------
    bands : numpy.ndarray, shape (n_frames, n_mels)
        In decibels.
    coefficients : numpy.ndarray, shape (n_frames, n_mfcc)
    hop_seconds : float
        From one frame to the next.
    title : str
    synthetic : bool
    """
    figure, rows = plt.subplots(3, 1, figsize=(WIDTH, 5.6), sharex=True, height_ratios=(3, 1.3, 3))
    end = len(bands) * hop_seconds
    image = rows[0].imshow(
        bands.T, origin="lower", aspect="auto", extent=(0, end, 0, bands.shape[1]), cmap=LEVELS
    )
    figure.colorbar(image, ax=rows[0], label="level (dB)")
    rows[1].plot((np.arange(len(bands)) + 0.5) * hop_seconds, coefficients[:, 0], color=BLUE)
    others = coefficients[:, 1:]
    limit = np.percentile(np.abs(others), 97)
    extent = (0, end, 1.5, coefficients.shape[1] + 0.5)
    style = {"cmap": SIGNED, "vmin": -limit, "vmax": limit}
    image = rows[2].imshow(others.T, origin="lower", aspect="auto", extent=extent, **style)
    figure.colorbar(image, ax=rows[2], label="value (dB)")
    rows[0].set_ylabel("mel band")
    rows[1].set_ylabel("MFCC 1 (dB)")
    rows[2].set(ylabel="MFCC", xlabel="time (s)")
    rows[2].set_yticks(range(2, coefficients.shape[1] + 1, 3))
    title = headline(figure, title, synthetic)
    first = coefficients[:, 0]
    return Picture(
        figure,
        f"{title}: {bands.shape[1]} mel bands become {coefficients.shape[1]} coefficients in each of "
        f"{len(bands)} frames. MFCC 1 goes with the level, from {first.min():.0f} to {first.max():.0f} dB; "
        f"most others lie within {limit:.0f} dB of 0.",
    )


@styled
def envelope(
    bands: np.ndarray, kept: np.ndarray, n_mfcc: int, centres: np.ndarray, title: str, synthetic: bool
) -> Picture:
    """Draw the mel bands of one frame, and what its first coefficients keep of them.

    Parameters
    ----------
    bands, kept : numpy.ndarray, shape (n_mels,)
        In decibels: before the DCT, and after the inverse DCT of what was kept.
    n_mfcc : int
        How many coefficients were kept.
    centres : numpy.ndarray, shape (n_mels,)
        The middle of each mel filter, in Hz.
    title : str
    synthetic : bool
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    numbers = np.arange(len(bands))
    axes.plot(numbers, bands, color=GREY, linewidth=1, label=f"{len(bands)} mel bands")
    axes.plot(numbers, kept, "--", color=BLUE, linewidth=2.2, label=f"from {n_mfcc} MFCC")
    shown = [hertz for hertz in (250, 500, 1000, 2000, 4000, 8000) if hertz < centres[-1]]
    axes.set_xticks(np.interp(shown, centres, numbers), [f"{hertz / 1000:g}" for hertz in shown])
    axes.set(xlabel="frequency (kHz, on the mel scale)", ylabel="level (dB)")
    key(figure)
    title = headline(figure, title, synthetic)
    apart = np.sqrt(np.mean((bands - kept) ** 2))
    return Picture(
        figure,
        f"{title}: {n_mfcc} MFCC give a curve that lies {apart:.1f} dB from the {len(bands)} mel bands "
        "(root mean square).",
    )


@styled
def slope(
    course: np.ndarray,
    deltas: np.ndarray,
    frame: int,
    width: int,
    hop_seconds: float,
    title: str,
    synthetic: bool,
) -> Picture:
    """Draw a coefficient over time with a straight line through some frames, and below it its delta.

    Parameters
    ----------
    course, deltas : numpy.ndarray, shape (n_frames,)
        The coefficient, and its change a frame.
    frame, width : int
        The middle of the line, and through how many frames it goes (an odd number).
    hop_seconds : float
    title : str
    synthetic : bool
    """
    figure, (above, below) = plt.subplots(2, 1, figsize=(WIDTH, 4.2), sharex=True)
    times = np.arange(len(course)) * hop_seconds
    used = np.arange(frame - width // 2, frame + width // 2 + 1)
    line = course[used].mean() + deltas[frame] * (used - frame)
    above.plot(times, course, ".-", color=GREY, linewidth=0.8, markersize=3)
    above.plot(times[used], course[used], "o", color=ORANGE, markersize=5, label=f"{width} frames")
    above.plot(times[used], line, "-", color=BLUE, linewidth=2.5, label="straight line")
    below.plot(times, deltas, color=BLUE, linewidth=1)
    below.plot(times[frame], deltas[frame], "D", color=ORANGE, markersize=7, markeredgecolor="black")
    below.axhline(0, color="black", linestyle=":", linewidth=0.8)
    above.set_ylabel("coefficient (dB)")
    below.set(xlabel="time (s)", ylabel="delta (dB a frame)")
    key(figure)
    title = headline(figure, title, synthetic)
    return Picture(
        figure,
        f"{title}: the line through {width} frames around {times[frame]:.2f} s rises by {deltas[frame]:.1f} "
        f"dB a frame; over the recording the delta goes from {deltas.min():.1f} to {deltas.max():.1f}.",
    )
