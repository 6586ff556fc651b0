"""What is chosen on validation speakers: the temperature, what counts as speech, and when to be not sure.

Nobody who is tested has a say. Mostly the same validation speakers stopped the training, too, so what is
chosen here is a little too hopeful; the measured results, on speakers that nothing was chosen on, say by how
much.
"""

from collections.abc import Iterable

import numpy as np
from scipy.optimize import minimize_scalar

from sercourse import evaluation
from sercourse.recognizer import speech
from sercourse.recognizer.noises import NOISES
from sercourse.recognizer.running import tempered

_TEMPERATURES = (0.2, 10.0)
_EACH = 25  # noises of a kind
_SECONDS = 3.0
_NOISY = 10.0  # dB of speech over white noise at which it is still to count as speech
_LEAST_ANSWERED = 0.1  # share of recordings that must be answered, so that a limit rests on more than luck


def temperature(true, probabilities: np.ndarray, classes) -> float:
    """Return the temperature with the lowest log loss.

    Parameters
    ----------
    true : sequence of str, length n
    probabilities : numpy.ndarray, shape (n, n_classes)
        As the network gives them.
    classes : sequence of str

    Returns
    -------
    float
        From .2 to 10. Above 1 the network was too sure.
    """
    found = minimize_scalar(
        lambda log: evaluation.log_loss(true, tempered(probabilities, np.exp(log)), classes),
        bounds=np.log(_TEMPERATURES),
        method="bounded",
    )
    return float(np.exp(found.x))


def sure(right, confidence, precision: float) -> float:
    """Return the lowest confidence from which answers are right often enough.

    Parameters
    ----------
    right : sequence of bool, length n
        Whether the likeliest emotion is the true one.
    confidence : sequence of float, length n
    precision : float
        Share of right answers that is wanted among all that are at least this confident.

    Returns
    -------
    float
        Where no limit reaches the share while a tenth is still answered, the one that comes closest.

    Examples
    --------
    Of the three answers from .6 on two are right, of all four only two.

    >>> sure([True, True, False, False], [0.9, 0.7, 0.6, 0.5], 0.6)
    0.6
    """
    right, confidence = np.asarray(right, bool), np.asarray(confidence, float)
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # A limit takes all answers of the same confidence.
    last = np.append(np.diff(confidence[order]) < 0, True)
    usable = last & (np.arange(1, len(order) + 1) >= _LEAST_ANSWERED * len(order))
    enough = np.flatnonzero(usable & (share >= precision))
    chosen = enough[-1] if len(enough) else np.flatnonzero(usable)[share[usable].argmax()]
    return float(confidence[order][chosen])


def speech_limits(recordings: Iterable[np.ndarray], rate: int, seed: int = 0) -> dict[str, float]:
    """Return the least of each measure that speech has, between speech and made noises.

    Speech is heard as it is, and again with white noise 10 dB below it: a room is not a studio. Each kind of
    noise is left to the measure that tells it from speech best. The limit of a measure lies half way between
    the lowest that speech has (but for 1 % of it) and the highest of the noises that are left to it (but for
    1 %). Where no noise is left to a measure, its limit lies one deviation of speech below that lowest.

    Parameters
    ----------
    recordings : iterable of numpy.ndarray, shape (n_samples,)
        Of validation speakers, mono, at `rate`.
    rate : int
    seed : int
        Of the noises.

    Returns
    -------
    dict of str to float
        ``level``, ``voiced``, ``change``, ``flatness``; see `sercourse.recognizer.speech`.
    """
    rng = np.random.default_rng(seed)
    spoken = np.array([speech.measure(each, rate) for samples in recordings for each in _noisy(samples, rng)])
    length = round(_SECONDS * rate)
    noises = {
        kind: np.array([speech.measure(make(rng, length, rate), rate) for _ in range(_EACH)])
        for kind, make in NOISES.items()
    }
    least, spread = np.percentile(spoken, 1, axis=0), spoken.std(axis=0) + 1e-9
    most = np.array([np.percentile(made, 99, axis=0) for made in noises.values()])
    best = ((least - most) / spread).argmax(axis=1)
    limits = {}
    for number, name in enumerate(speech.Speech._fields):
        left = most[best == number, number]
        between = (least[number] + left.max()) / 2 if len(left) else least[number] - spread[number]
        limits[name] = float(min(between, least[number]))
    return limits


def _noisy(samples: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    deviation = np.sqrt(np.mean(samples**2)) * 10 ** (-_NOISY / 20)
    return [samples, samples + deviation * rng.standard_normal(len(samples), np.float32)]
