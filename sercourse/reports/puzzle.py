"""The puzzle of lesson 00: one network, one corpus, two ways to split, two numbers."""

import functools
import time
from collections.abc import Callable, Iterator

from sercourse import corpora, evaluation, features, networks, splits, training

RANDOM = evaluation.PROTOCOLS["random"].columns["protocol"]
UNSEEN = evaluation.PROTOCOLS["unseen"].columns["protocol"]

FITTING = {
    "report_c_model_b": {"epochs": 100, "batch_size": 16},
    "gru": {"epochs": 20, "batch_size": 32},
}
"""How long each network is trained: Report C's 100 epochs for Model B [S], Report A's shorter
run for the GRU [S]. The batch sizes are our guess [G]: Report C's own is 1, and takes an hour."""


def system(name: str) -> str:
    """Say how long a network of `FITTING` is trained, for a table's column ``system``."""
    return f"{FITTING[name]['epochs']} epochs, batch {FITTING[name]['batch_size']}"


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Train each network of `FITTING` on both splits.

    The seed is that of the random split, of the weights and of the shuffling.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int
        Seeds 0 to ``seeds - 1``.

    Yields
    ------
    identity : dict
        The columns that tell this result from others, see `results.IDENTITY`.
    measure : callable
        Measures it now, and returns the columns that are left.
    """
    manifest = corpora.load(corpus)
    for name, fitting in FITTING.items():
        extracted = features.extract(manifest, features.recipe(networks.network(name).recipe))
        for seed in range(seeds):
            folds = {
                RANDOM: splits.unsafe_random(extracted.rows, seed=seed),
                UNSEEN: splits.published_five(extracted.rows),
            }
            for protocol, each in folds.items():
                identity = {
                    "system": system(name),
                    "network": name,
                    "recipe": extracted.recipe.name,
                    "corpus": corpus,
                    "protocol": protocol,
                    "normalisation": "none",
                    "fold": "pooled",
                    "seed": seed,
                }
                predict = functools.partial(_predict, name, extracted, each, seed, fitting)
                yield identity, functools.partial(score, predict)


def score(predict: Callable[[], tuple]) -> dict:
    """Measure a result's scores: what a plan yields beside a result's identity.

    Parameters
    ----------
    predict : callable
        Returns the true and the predicted emotions and the folds, see `sercourse.splits`.

    Returns
    -------
    dict
        n_train (mean over the folds), n_test, uar, accuracy, seconds.
    """
    start = time.perf_counter()
    true, predicted, folds = predict()
    return {
        "n_train": round(sum(len(fold.train) for fold in folds) / len(folds)),
        "n_test": len(true),
        "uar": evaluation.uar(true, predicted),
        "accuracy": evaluation.accuracy(true, predicted),
        "seconds": round(time.perf_counter() - start, 1),
    }


def _predict(name, extracted, folds, seed, fitting):
    return (
        extracted.rows["emotion"],
        training.cross_predict(name, extracted, folds, seed=seed, **fitting).predicted,
        folds,
    )
