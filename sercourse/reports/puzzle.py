"""The puzzle of lesson 00: one network, one corpus, two ways to split, two numbers."""

import time

import pandas as pd

from sercourse import corpora, evaluation, features, networks, splits, training
from sercourse.reports.results import circumstances

RANDOM = "random, stratified five-fold, pooled"
UNSEEN = "unseen actors, published five folds, pooled"

FITTING = {
    "report_c_model_b": {"epochs": 100, "batch_size": 16},
    "gru": {"epochs": 20, "batch_size": 32},
}
"""How long each network is trained: Report C's 100 epochs for Model B [S], Report A's shorter
run for the GRU [S]. The batch sizes are our guess [G]: Report C's own is 1, and takes an hour."""


def measure_puzzle(corpus: str, seeds: int) -> pd.DataFrame:
    """Train each network of `FITTING` on both splits.

    The seed is that of the random split, of the weights and of the shuffling.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int
        Seeds 0 to ``seeds - 1``.

    Returns
    -------
    pandas.DataFrame
        One row a network, protocol and seed; columns as in `reports.COLUMNS`.
    """
    manifest = corpora.load(corpus)
    rows = []
    for name, fitting in FITTING.items():
        recipe = features.recipe(networks.network(name).recipe)
        extracted = features.extract(manifest, recipe)
        for seed in range(seeds):
            folds = {
                RANDOM: splits.unsafe_random(extracted.rows, seed=seed),
                UNSEEN: splits.published_five(extracted.rows),
            }
            for protocol, each in folds.items():
                rows.append(_row(name, extracted, protocol, each, seed, fitting))
    command = f"SERCOURSE_DATA=<data> sercourse measure puzzle --corpus {corpus} --seeds {seeds}"
    described = {"system": "network", "corpus": corpus, "normalisation": "none", "fold": "pooled"}
    return pd.DataFrame(rows).assign(**described, **circumstances(command))


def _row(name, extracted, protocol, folds, seed, fitting) -> dict:
    true = extracted.rows["emotion"]
    start = time.perf_counter()
    predicted = training.cross_predict(name, extracted, folds, seed=seed, **fitting)
    return {
        "network": name,
        "recipe": extracted.recipe.name,
        "protocol": protocol,
        "seed": seed,
        "n_train": round(sum(len(fold.train) for fold in folds) / len(folds)),
        "n_test": len(true),
        "uar": evaluation.uar(true, predicted),
        "accuracy": evaluation.accuracy(true, predicted),
        "seconds": round(time.perf_counter() - start, 1),
    }
