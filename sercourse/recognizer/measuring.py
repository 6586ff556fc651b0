"""How good a recognizer is on speakers it has never heard, by the function that answers people."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sercourse import evaluation
from sercourse.progress import bar
from sercourse.recognizer.answers import REFUSALS, Answer
from sercourse.recognizer.noises import NOISES
from sercourse.recognizer.recognizer import Recognizer

_EACH = 25  # noises of a kind; other ones than the limits were chosen by
_SEED = 1000


def answers(recognizer: Recognizer, rows: pd.DataFrame, *, progress: bool = True) -> list[Answer]:
    """Answer for each recording of a manifest, by `Recognizer.predict_file`."""
    said = []
    with bar(len(rows), "listening", "file", progress) as shown:
        for path in rows["path"]:
            said.append(recognizer.predict_file(path))
            shown.update()
    return said


def judged(said: Sequence[Answer], classes: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return which answers have probabilities, and these.

    Returns
    -------
    there : numpy.ndarray of int, shape (n_judged,)
    probabilities : numpy.ndarray of float, shape (n_judged, n_classes)
    """
    there = np.array([number for number, answer in enumerate(said) if answer.probabilities], int)
    values = [[said[number].probabilities[each] for each in classes] for number in there]
    return there, np.array(values).reshape(len(there), len(classes))


def measure(
    recognizer: Recognizer, rows: pd.DataFrame, *, seed: int = 0, progress: bool = True
) -> dict[str, Any]:
    """Measure a recognizer on recordings of speakers that had no part in making it.

    Parameters
    ----------
    recognizer : Recognizer
    rows : pandas.DataFrame
        Of a manifest.
    seed : int
        Of the bootstrap, and of the noises.
    progress : bool

    Returns
    -------
    dict
        Of plain numbers and texts. ``uar``: of the likeliest emotion, sure or not; what was refused counts as
        wrong. ``interval``: its 95 % interval over speakers, missing (None) below three. ``by_sex`` and
        ``by_speaker``: the UAR of each. ``recall``: of each emotion. ``accuracy``, ``brier``, ``log_loss``:
        the last two of what was judged. ``verdicts``: how many recordings got each. ``coverage``: see
        `sercourse.evaluation.coverage`. ``right_if_sure``: share of named emotions that are right.
        ``noises``: of each kind the share that was refused.
    """
    classes = np.array(recognizer.bundle.classes)
    said = answers(recognizer, rows, progress=progress)
    true, speakers = rows["emotion"].to_numpy(str), rows["speaker"].to_numpy(str)
    likeliest = np.array([answer.likeliest or answer.verdict for answer in said])
    verdicts = np.array([answer.verdict for answer in said])
    there, probabilities = judged(said, classes)
    named = ~np.isin(verdicts, REFUSALS)
    chance = 1 / len(np.unique(true))
    results = {
        "n": len(rows),
        "n_speakers": len(np.unique(speakers)),
        "chance": chance,
        "uar": evaluation.uar(true, likeliest),
        "interval": _interval(true, likeliest, speakers, seed),
        "accuracy": evaluation.accuracy(true, likeliest),
        "recall": _plain(evaluation.recall(true, likeliest)),
        "by_speaker": _plain(evaluation.by(true, likeliest, speakers)),
        "by_sex": {},
        "verdicts": {name: int(count) for name, count in pd.Series(verdicts).value_counts().items()},
        "answered": float(named.mean()),
        "right_if_sure": float((verdicts[named] == true[named]).mean()) if named.any() else None,
        "noises": refused(recognizer, seed=_SEED + seed),
    }
    if rows["sex"].notna().all():
        results["by_sex"] = _plain(evaluation.by(true, likeliest, rows["sex"]))
    if len(there):
        results["brier"] = evaluation.brier(true[there], probabilities, classes)
        results["log_loss"] = evaluation.log_loss(true[there], probabilities, classes)
        table = evaluation.coverage(true[there], probabilities, classes)
        results["coverage"] = table.astype(object).where(table.notna(), None).to_dict("records")
    return results


def refused(recognizer: Recognizer, seed: int = _SEED, seconds: float = 3.0) -> dict[str, float]:
    """Return, for each kind of made noise, the share to which no emotion was given.

    These are kinds that the limits were chosen by, though other sounds; how it does with a kind that nobody
    thought of, they do not say.
    """
    rng, rate = np.random.default_rng(seed), recognizer.bundle.recipe.rate
    shares = {}
    for kind, make in NOISES.items():
        verdicts = [
            recognizer.predict(make(rng, round(seconds * rate), rate), rate).verdict for _ in range(_EACH)
        ]
        shares[kind] = float(np.mean(np.isin(verdicts, REFUSALS)))
    return shares


def _interval(true, predicted, speakers, seed: int) -> list[float] | None:
    if len(np.unique(speakers)) < 3:
        return None
    found = evaluation.bootstrap_speakers(true, predicted, speakers, seed=seed)
    return [found.low, found.high]


def _plain(scores: pd.Series) -> dict[str, float]:
    return {str(name): float(score) for name, score in scores.items()}
