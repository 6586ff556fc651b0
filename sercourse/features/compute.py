"""Turn the samples of one recording into features, as a recipe says."""

import numpy as np

from sercourse.features.cepstrum import mfcc, summarise
from sercourse.features.recipes import Recipe


def compute(samples: np.ndarray, rate: int, recipe: Recipe) -> np.ndarray:
    """Compute the features of one recording.

    Parameters
    ----------
    samples : numpy.ndarray of float32, shape (n_samples,)
        Mono; the stretch that the recipe asks for.
    rate : int
        In Hz; the recipe's own.
    recipe : Recipe

    Returns
    -------
    numpy.ndarray of float32, shape (n_frames, n_coefficients)
    """
    if recipe.seconds is not None:
        samples = samples[: round(recipe.seconds * rate)]
    value = mfcc(samples, rate, recipe.n_mfcc, recipe.n_fft, recipe.hop_length, recipe.n_mels)
    return summarise(value, recipe.statistics) if recipe.statistics else value
