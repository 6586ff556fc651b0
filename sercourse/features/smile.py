"""openSMILE's feature sets: eGeMAPSv02 and ComParE 2016, one row of functionals a recording.

They are what handcrafted features reached, and the reference that a network has to beat. They need the
optional package `opensmile`.

openSMILE is not free software. Its licence, audEERING's Research License Agreement, allows research, teaching
and private use; in commercial products or services it may not be used without a licence of another kind. The
full text is the file LICENSE of https://github.com/audeering/opensmile-python.

Sources: Eyben F, Wöllmer M, Schuller B (2010) openSMILE: the Munich versatile and fast open-source audio
feature extractor. ACM Multimedia, 1459-1462. Eyben F et al. (2016) The Geneva Minimalistic Acoustic Parameter
Set (GeMAPS) for voice research and affective computing. IEEE Transactions on Affective Computing 7(2),
190-202. Schuller B et al. (2016) The INTERSPEECH 2016 computational paralinguistics challenge. Interspeech,
2001-2005.
"""

import atexit
import functools
import importlib.util
import sys
import warnings

import numpy as np

from sercourse.errors import SercourseError

FEATURE_SETS = {"egemaps": "eGeMAPSv02", "compare": "ComParE_2016"}
"""Our names of the sets, and openSMILE's."""

ADVICE = (
    "openSMILE's features need the package opensmile: install it with `uv sync --extra opensmile` or "
    "`pip install opensmile`. Its licence allows research and teaching, not commercial use"
)


def functionals(samples: np.ndarray, rate: int, feature_set: str) -> np.ndarray:
    """Compute one of openSMILE's sets of functionals.

    Parameters
    ----------
    samples : numpy.ndarray, shape (n_samples,)
        Mono, within -1 and 1.
    rate : int
        In Hz; any.
    feature_set : str
        A key of `FEATURE_SETS`.

    Returns
    -------
    numpy.ndarray of float32, shape (n_functionals,)
        88 of eGeMAPS, 6,373 of ComParE.

    Raises
    ------
    SercourseError
        The package opensmile is not installed; says how to install it.
    ValueError
        The recording is too short for openSMILE.
    """
    values = _away_from_tensorflow(_process, samples, rate, feature_set)
    if not np.isfinite(values).all():
        raise ValueError(f"too short for openSMILE: {len(samples) / rate:.3f} s")
    return values


def names(feature_set: str) -> list[str]:
    """Return openSMILE's names of the functionals in their order; see `functionals`."""
    return _away_from_tensorflow(_names, feature_set)


def _away_from_tensorflow(work, *arguments):
    """Do the work here, or in a process of its own where TensorFlow is loaded.

    In a process that has loaded TensorFlow, openSMILE's library overwrites memory, and takes the whole
    process down: the kernel of a lesson, say.
    """
    if importlib.util.find_spec("opensmile") is None:
        raise SercourseError(ADVICE)
    return _helper().submit(work, *arguments).result() if "tensorflow" in sys.modules else work(*arguments)


@functools.cache
def _helper():
    from joblib.externals.loky import ProcessPoolExecutor

    return ProcessPoolExecutor(1, timeout=60)


atexit.register(_helper.cache_clear)


def _process(samples: np.ndarray, rate: int, feature_set: str) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Segment too short")  # `functionals` says it instead
        return _smile(feature_set).process_signal(samples, rate).to_numpy(np.float32)[0]


def _names(feature_set: str) -> list[str]:
    return list(_smile(feature_set).feature_names)


@functools.cache
def _smile(feature_set: str):
    """Return openSMILE with a set loaded, made once a process."""
    import opensmile

    return opensmile.Smile(
        feature_set=opensmile.FeatureSet[FEATURE_SETS[feature_set]],
        feature_level=opensmile.FeatureLevel.Functionals,
    )
