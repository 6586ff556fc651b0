"""Recipes: frozen values that say how features are made.

A recipe is printed with a result, is part of the cache key, and travels with a model.
"""

import hashlib
from dataclasses import asdict, dataclass

from sercourse.errors import UnknownNameError

VERSION = 2
"""Raised by whoever changes what a recipe computes: old cache entries are then not found."""


@dataclass(frozen=True)
class Recipe:
    """How to turn a recording into MFCCs.

    Attributes
    ----------
    name : str
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
    seconds : float or None
        Longer recordings are cut to this, from their start; shorter ones are padded
        with masked frames. None keeps the whole recording.
    statistics : tuple of str
        Summarise over time by these, see `sercourse.features.cepstrum.STATISTICS`: one frame is
        left of each recording, which holds them one after the other. Empty keeps all frames.
    """

    name: str
    rate: int = 22_050
    n_mfcc: int = 20
    n_fft: int = 2048
    hop_length: int = 512
    n_mels: int = 128
    seconds: float | None = None
    statistics: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """A digest of everything but the name: equal for recipes that compute the same."""
        values = {field: value for field, value in asdict(self).items() if field != "name"}
        return hashlib.sha256(f"{VERSION} {values}".encode()).hexdigest()[:16]

    def __str__(self) -> str:
        window, hop = (1000 * samples / self.rate for samples in (self.n_fft, self.hop_length))
        length = "whole recording" if self.seconds is None else f"first {self.seconds:g} s"
        summary = f", {' and '.join(self.statistics)} over time" if self.statistics else ""
        return (
            f"{self.name}: {self.n_mfcc} MFCC at {self.rate} Hz, window {window:.0f} ms, hop {hop:.0f} ms, "
            f"{length}{summary}"
        )


RECIPES = {
    made.name: made
    for made in (
        # Report A [S]: 22,050 Hz, 20 MFCC, n_fft 2048, hop 512, clips of 3 s, so 130 frames.
        Recipe("report_a", n_mfcc=20, n_fft=2048, hop_length=512, seconds=3.0),
        # Report C [S]: 40 MFCC, 10 ms shift; [G] averaged over time, rate and window.
        Recipe("report_c", n_mfcc=40, n_fft=2048, hop_length=220, statistics=("mean",)),
        # What support vector machines are given in the course, as baselines.
        Recipe("mfcc_mean", n_mfcc=40, statistics=("mean",)),
        Recipe("mfcc_statistics", n_mfcc=40, statistics=("mean", "deviation", "delta deviation")),
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
