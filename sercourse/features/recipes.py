"""Recipes: frozen values that say how features are made.

A recipe is printed with a result, is part of the cache key, and travels with a model.
"""

import hashlib
import operator
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sercourse.errors import UnknownNameError
from sercourse.features.cepstrum import statistic

if TYPE_CHECKING:
    from sercourse.augment import Augmentation

VERSION = 3
"""Raised by whoever changes what a recipe computes: old cache entries are then not found."""

KINDS = {
    "mfcc": "{n_mfcc} MFCC",
    "log_mel": "{n_mels} mel bands in dB",
    "stft": "{n_bins} bins of the STFT in dB",
    "prosody": "prosody by Praat",
    "egemaps": "eGeMAPS functionals by openSMILE",
    "compare": "ComParE 2016 functionals by openSMILE",
}
"""What a recipe can compute, each in words."""

OF_THE_WHOLE = ("prosody", "egemaps", "compare")
"""Kinds that give one row of numbers a recording instead of frames."""


@dataclass(frozen=True)
class Recipe:
    """How to turn a recording into features.

    Attributes
    ----------
    name : str
    kind : str
        One of `KINDS`. Prosody and openSMILE's sets give one row a recording; of the other fields they heed
        `rate`, `offset`, `seconds` and `augmentation` only.
    rate : int
        Samples per second, in Hz, that every recording is resampled to.
    n_mfcc : int
        Coefficients a frame.
    n_fft : int
        Length of the analysis window, in samples.
    hop_length : int
        Samples from one frame to the next.
    n_mels : int
        Mel bands, from 0 Hz to half the rate.
    offset : float
        Seconds to leave out at the start of every recording.
    seconds : float or None
        Longer recordings are cut to this, counted from `offset`; shorter ones are padded with masked frames.
        None keeps all there is.
    trim : float or None
        Then cut silence off both ends: what is this many decibels or more below the loudest, see
        `sercourse.audio.trim`. None keeps it.
    frames : int or None
        Keep just so many frames, the first ones. A recording that has fewer is dropped.
    deltas : int
        0, 1 or 2: append to each frame the slope of its coefficients over time, and the curvature.
    statistics : tuple of str
        Summarise over time by these, see `sercourse.features.cepstrum.statistic`: one frame is left of each
        recording, which holds them one after the other. Empty keeps all frames.
    augmentation : sercourse.augment.Augmentation or None
        Changes the samples before anything is computed from them.

    Raises
    ------
    UnknownNameError
        There is no such kind or statistic; the message lists those there are.
    ValueError
        A number is out of range, or a field does not go with the kind.
    TypeError
        A count is not a whole number, or a time no number.
    """

    name: str
    kind: str = "mfcc"
    rate: int = 22_050
    n_mfcc: int = 20
    n_fft: int = 2048
    hop_length: int = 512
    n_mels: int = 128
    offset: float = 0.0
    seconds: float | None = None
    trim: float | None = None
    frames: int | None = None
    deltas: int = 0
    statistics: tuple[str, ...] = ()
    augmentation: "Augmentation | None" = None

    def __post_init__(self):
        # 3 and 3.0 are equal, and so must be the keys made of them.
        for field, (as_type, wanted) in _TYPES.items():
            value = getattr(self, field)
            if value is None and field in ("seconds", "trim", "frames"):
                continue
            try:
                object.__setattr__(self, field, as_type(value))
            except (TypeError, ValueError) as error:
                raise TypeError(f"recipe {self.name!r}: {field} is {value!r}; give {wanted}") from error
        if self.kind not in KINDS:
            raise UnknownNameError("kind of features", self.kind, KINDS)
        for name in self.statistics:
            statistic(name)
        for fine, wanted in _demands(self):
            if not fine:
                raise ValueError(f"recipe {self.name!r}: {wanted}")

    @property
    def key(self) -> str:
        """A digest of everything but the name: recipes of one key compute the same."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "name"}
        return hashlib.sha256(f"{VERSION} {values}".encode()).hexdigest()[:16]

    @property
    def n_bins(self) -> int:
        """Frequencies of the STFT, from 0 Hz to half the rate."""
        return 1 + self.n_fft // 2

    @property
    def n_frames(self) -> int | None:
        """Frames that every recording gets, or None where each has its own number."""
        if self.statistics or self.kind in OF_THE_WHOLE:
            return 1
        if self.frames is not None or self.seconds is None:
            return self.frames
        return 1 + round(self.seconds * self.rate) // self.hop_length

    def __str__(self) -> str:
        values = {field: getattr(self, field) for field in ("n_mfcc", "n_mels", "n_bins")}
        words = [f"{KINDS[self.kind].format(**values)} at {self.rate} Hz"]
        if self.kind not in OF_THE_WHOLE:
            window, hop = (1000 * samples / self.rate for samples in (self.n_fft, self.hop_length))
            words += [f"window {window:.0f} ms", f"hop {hop:.0f} ms"]
        words.append(self._stretch())
        if self.trim is not None:
            words.append(f"trimmed at {self.trim:g} dB")
        if self.frames is not None:
            words.append(f"exactly {self.frames} frames")
        if self.deltas:
            words.append("with deltas" if self.deltas == 1 else "with deltas and delta-deltas")
        if self.statistics:
            words.append(f"{' and '.join(self.statistics)} over time")
        if self.augmentation is not None:
            words.append(f"augmented by {self.augmentation}")
        return f"{self.name}: {', '.join(words)}"

    def _stretch(self) -> str:
        """Return in words which part of a recording is used."""
        if self.seconds is None:
            return f"all after {self.offset:g} s" if self.offset else "whole recording"
        return f"{self.seconds:g} s from {self.offset:g} s" if self.offset else f"first {self.seconds:g} s"


def _several(values) -> tuple[str, ...]:
    """Make a tuple of names; a single name is one of them, since ``("mean")`` is easily written."""
    return (values,) if isinstance(values, str) else tuple(values)


_COUNTS = ("rate", "n_mfcc", "n_fft", "hop_length", "n_mels")
_TYPES: dict[str, tuple[Callable, str]] = {
    **dict.fromkeys((*_COUNTS, "frames", "deltas"), (operator.index, "a whole number")),
    **dict.fromkeys(("offset", "seconds"), (float, "a number of seconds")),
    "trim": (float, "a number of decibels"),
    "statistics": (_several, "a tuple of names"),
}


def _demands(recipe: Recipe) -> list[tuple[bool, str]]:
    """Return what a recipe must fulfil: whether it does, and what to say if not."""
    counts = [
        (getattr(recipe, name) > 0, f"{name} is {getattr(recipe, name)}; give at least 1") for name in _COUNTS
    ]
    by_frame = recipe.frames is not None or recipe.trim is not None or recipe.deltas or recipe.statistics
    return [
        *counts,
        (
            recipe.kind != "mfcc" or recipe.n_mfcc <= recipe.n_mels,
            f"n_mfcc is {recipe.n_mfcc}; {recipe.n_mels} mel bands give no more than {recipe.n_mels} MFCC",
        ),
        (recipe.offset >= 0, f"offset is {recipe.offset:g} s; give 0 or more"),
        (
            recipe.seconds is None or recipe.seconds > 0,
            f"seconds is {recipe.seconds}; give more than 0, or None for the whole recording",
        ),
        (recipe.trim is None or recipe.trim > 0, f"trim is {recipe.trim} dB; give more than 0, or None"),
        (recipe.frames is None or recipe.frames > 0, f"frames is {recipe.frames}; give at least 1, or None"),
        (recipe.deltas in (0, 1, 2), f"deltas is {recipe.deltas}; give 0, 1 or 2"),
        (
            recipe.kind not in OF_THE_WHOLE or not by_frame,
            f"{recipe.kind} gives one row a recording; leave out trim, frames, deltas and statistics",
        ),
    ]


RECIPES = {
    made.name: made
    for made in (
        # Report A [S]: 22,050 Hz, 20 MFCC, n_fft 2048, hop 512, clips of 3 s, so 130 frames. It drops shorter
        # clips without a word; here they are padded with masked frames.
        Recipe("report_a", n_mfcc=20, n_fft=2048, hop_length=512, seconds=3.0),
        # Report B [S]: 2.5 s from .6 s, librosa's default 20 MFCC, cut to 108 frames. [D] Its other defaults
        # too: they make just 108 frames of 2.5 s. A recording with fewer is lost.
        Recipe(
            "report_b",
            rate=22_050,
            n_mfcc=20,
            n_fft=2048,
            hop_length=512,
            offset=0.6,
            seconds=2.5,
            frames=108,
        ),
        # Report C [S]: 40 MFCC, 10 ms shift; [G] averaged over time, rate and window.
        Recipe("report_c", n_mfcc=40, n_fft=2048, hop_length=220, statistics=("mean",)),
        # Report D [S]: the STFT as a picture. [G] all sizes: windows of 32 ms that overlap by half, up to
        # 8 kHz, 3 s; the picture has 188 frames and 257 frequencies.
        Recipe("report_d", kind="stft", rate=16_000, n_fft=512, hop_length=256, seconds=3.0),
        # Report E [S]: MFCC, batches padded to one length. [G] how many of them, rate, window and hop.
        Recipe("report_e", n_mfcc=40, n_fft=2048, hop_length=512),
        # Report E's ANN [S]: dense layers on MFCC. [G] averaged over time, as dense layers need one length.
        Recipe("report_e_mean", n_mfcc=40, n_fft=2048, hop_length=512, statistics=("mean",)),
        # What the course's own networks are given beside the reports' features.
        Recipe("log_mel", kind="log_mel", n_mels=64, seconds=3.0),
        # What the course's best network is given: whole recordings without the silence at their ends.
        Recipe("course_best", kind="log_mel", rate=16_000, n_fft=1024, hop_length=384, n_mels=64, trim=30.0),
        # What support vector machines are given in the course, as baselines.
        Recipe("mfcc_mean", n_mfcc=40, statistics=("mean",)),
        Recipe("mfcc_statistics", n_mfcc=40, statistics=("mean", "deviation", "delta deviation")),
        Recipe("prosody", kind="prosody"),
        # The handcrafted references, at the rate that the challenges' recordings had.
        Recipe("egemaps", kind="egemaps", rate=16_000),
        Recipe("compare", kind="compare", rate=16_000),
    )
}


def recipe(name: str) -> Recipe:
    """Return a recipe by its name.

    Raises
    ------
    UnknownNameError
        Lists the names in `RECIPES`.
    """
    if name not in RECIPES:
        raise UnknownNameError("recipe", name, RECIPES)
    return RECIPES[name]
