"""Turn the samples of one recording into features, as a recipe says."""

from collections.abc import Callable

import numpy as np

from sercourse import audio
from sercourse.features import smile
from sercourse.features.cepstrum import delta, log_mel, log_stft, mfcc, summarise
from sercourse.features.prosody import Prosody, measure_prosody
from sercourse.features.recipes import OF_THE_WHOLE, Recipe


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
        One frame where the recipe summarises over time or is of the whole recording. Prosody that cannot be
        measured, for want of voice, is NaN.

    Raises
    ------
    ValueError
        The recording cannot be used with this recipe; the message says why.
    """
    if recipe.seconds is not None:
        samples = samples[: round(recipe.seconds * rate)]
    if recipe.trim is not None:
        samples = audio.trim(samples, recipe.trim)
        if len(samples) < recipe.n_fft:
            raise ValueError(f"too short: {len(samples) / rate:.3f} s without the silence at its ends")
    value = _COMPUTED[recipe.kind](samples, rate, recipe)
    if recipe.kind in OF_THE_WHOLE:
        return value[None].astype(np.float32)
    if recipe.frames is not None:
        if len(value) < recipe.frames:
            raise ValueError(f"too short: it has {len(value)} frames, the recipe wants {recipe.frames}")
        value = value[: recipe.frames]
    if recipe.deltas:
        value = np.hstack([value, *(delta(value, order=order) for order in range(1, recipe.deltas + 1))])
    return summarise(value, recipe.statistics) if recipe.statistics else value


def coefficient_names(recipe: Recipe) -> list[str]:
    """Name what the columns of a recipe's features are, in their order.

    Parameters
    ----------
    recipe : Recipe

    Returns
    -------
    list of str
        For example "MFCC 1" (librosa's first, which goes with the level), "mean of MFCC 1",
        "deviation of delta of MFCC 1", "mel band 1", "31.25 Hz", "jitter", or openSMILE's own names.

    Raises
    ------
    SercourseError
        openSMILE is not installed, and its names are asked for.
    """
    names = list(_NAMES[recipe.kind](recipe))
    slopes = ("delta", "delta-delta")[: recipe.deltas]
    names += [f"{slope} of {name}" for slope in slopes for name in names]
    return [f"{statistic} of {name}" for statistic in recipe.statistics for name in names] or names


def _mfcc(samples: np.ndarray, rate: int, recipe: Recipe) -> np.ndarray:
    return mfcc(samples, rate, recipe.n_mfcc, recipe.n_fft, recipe.hop_length, recipe.n_mels)


def _log_mel(samples: np.ndarray, rate: int, recipe: Recipe) -> np.ndarray:
    return log_mel(samples, rate, recipe.n_fft, recipe.hop_length, recipe.n_mels)


def _stft(samples: np.ndarray, rate: int, recipe: Recipe) -> np.ndarray:
    return log_stft(samples, recipe.n_fft, recipe.hop_length)


def _prosody(samples: np.ndarray, rate: int, recipe: Recipe) -> np.ndarray:
    return np.array(measure_prosody(samples, rate))


def _smile(samples: np.ndarray, rate: int, recipe: Recipe) -> np.ndarray:
    return smile.functionals(samples, rate, recipe.kind)


_COMPUTED: dict[str, Callable[[np.ndarray, int, Recipe], np.ndarray]] = {
    "mfcc": _mfcc,
    "log_mel": _log_mel,
    "stft": _stft,
    "prosody": _prosody,
    "egemaps": _smile,
    "compare": _smile,
}

_NAMES: dict[str, Callable[[Recipe], list[str] | tuple[str, ...]]] = {
    "mfcc": lambda recipe: [f"MFCC {number}" for number in range(1, recipe.n_mfcc + 1)],
    "log_mel": lambda recipe: [f"mel band {number}" for number in range(1, recipe.n_mels + 1)],
    "stft": lambda recipe: [f"{k * recipe.rate / recipe.n_fft:.10g} Hz" for k in range(recipe.n_bins)],
    "prosody": lambda recipe: Prosody._fields,
    "egemaps": lambda recipe: smile.names("egemaps"),
    "compare": lambda recipe: smile.names("compare"),
}
