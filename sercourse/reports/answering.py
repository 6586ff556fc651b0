"""How the recognizer of lesson 17 does in front of people: its bundles, speaker by speaker.

A bundle is trained as ``sercourse bundle make`` trains it, and answers for recordings as ``sercourse
predict`` does. It meets the speakers of its own corpus that it has never heard, and all speakers of every
other corpus that is on this machine.

Two corpora do not have the same emotions. A recording whose emotion the bundle does not know is left out: no
answer to it could be right. An answer with an emotion that the tested corpus does not have stays, and is
wrong: in front of people nobody takes it back. So is a recording wrong that is refused ("not speech").
"""

import functools
import time
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from sercourse import corpora, evaluation, features, networks
from sercourse.errors import UnknownNameError
from sercourse.recognizer import REFUSALS, Answer, Recognizer, making, measuring, train
from sercourse.reports.transfer import ACROSS, CORPORA

OWN = "unseen speakers of its own corpus, first published fold"
SYSTEM = "as `sercourse bundle make` trains it"
CONFIDENCES = tuple(round(tenth / 10, 1) for tenth in range(10))
"""Confidences from which an answer is counted, for coverage against accuracy."""


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Train a bundle with each seed, and let it answer for speakers that it has never heard.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int
        Seeds 0 to ``seeds - 1`` of the training. None is left out.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`, a row a speaker; the other columns are those of `results.LIVE`.

    Raises
    ------
    UnknownNameError
        Its emotions are not those of the course.
    CorpusError
        It is not on this machine.
    """
    if corpus not in CORPORA:
        raise UnknownNameError("corpus to make a bundle of", corpus, CORPORA)
    recipe = making.windowed(features.recipe(networks.network(making.NETWORK).recipe))
    trained = functools.lru_cache(1)(lambda seed: Recognizer(train(corpus, seed=seed)))
    for seed in range(seeds):
        for tested_on in [corpus, *(name for name in CORPORA if name != corpus and corpora.find(name))]:
            rows = corpora.load(tested_on)
            if tested_on == corpus:
                rows = rows.iloc[making.outer_fold(rows).test]
            for speaker, own in rows.groupby("speaker", sort=True):
                identity = {
                    "system": SYSTEM,
                    "network": making.NETWORK,
                    "recipe": recipe.name,
                    "corpus": corpus,
                    "protocol": OWN if tested_on == corpus else ACROSS,
                    "normalisation": "none",
                    "fold": "0",
                    "seed": seed,
                    "tested_on": tested_on,
                    "speaker": speaker,
                }
                yield identity, functools.partial(_measure, trained, corpus, seed, own)


def _measure(trained: Callable[[int], Recognizer], corpus: str, seed: int, rows: pd.DataFrame) -> dict:
    recognizer = trained(seed)
    heard = rows[rows["emotion"].isin(recognizer.bundle.classes)]
    started = time.perf_counter()
    said = measuring.answers(recognizer, heard, progress=False)
    seconds = time.perf_counter() - started
    fitted = corpora.load(corpus)["speaker"].isin(recognizer.bundle.split["train"]).sum()
    return {
        "n_train": int(fitted),
        "n_test": len(heard),
        "seconds": round(seconds, 1),
        "sex": rows["sex"].iloc[0],
        "threshold": recognizer.bundle.thresholds.sure,
        **scores(heard["emotion"].to_numpy(str), said),
    }


def scores(true: np.ndarray, said: list[Answer]) -> dict:
    """Score the answers to one speaker's recordings.

    Parameters
    ----------
    true : numpy.ndarray of str, shape (n,)
    said : list of Answer, length n

    Returns
    -------
    dict
        ``uar`` and ``accuracy`` of the likeliest emotion, sure or not; ``named`` recordings got an emotion,
        ``named_right`` of them the right one, ``refused`` none since they were taken for no speech or too
        short; ``outside`` have a likeliest emotion that is nobody's here; ``most_frequent``, the likeliest
        emotion that comes most often, and its ``largest_share``. For each of `CONFIDENCES`, how many answers
        have at least that, and how many of these are right.
    """
    verdicts = np.array([answer.verdict for answer in said])
    likeliest = np.array([answer.likeliest or answer.verdict for answer in said])
    confidence = np.array([answer.confidence for answer in said])
    judged = np.array([answer.likeliest is not None for answer in said])
    named, right = ~np.isin(verdicts, REFUSALS), likeliest == true
    often = pd.Series(likeliest).value_counts()
    found = {
        "uar": evaluation.uar(true, likeliest),
        "accuracy": evaluation.accuracy(true, likeliest),
        "named": int(named.sum()),
        "named_right": int((named & right).sum()),
        "refused": int((~judged).sum()),
        "outside": int((judged & ~np.isin(likeliest, true)).sum()),
        "most_frequent": often.index[0],
        "largest_share": float(often.iloc[0] / len(said)),
    }
    for least in CONFIDENCES:
        sure = judged & (confidence >= least)
        found |= {f"from {least}": int(sure.sum()), f"right from {least}": int((sure & right).sum())}
    return found
