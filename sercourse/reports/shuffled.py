"""What it is worth to Model B that its forty coefficients stand in their order.

A convolution joins neighbours. Over an average of MFCC over time, neighbours are coefficients. Model B is
trained with them in their order, and with one other order for all recordings: the same numbers, the same
folds of unseen actors, seed and updates, other neighbours. Lesson 11 does it once.
"""

import functools
from collections.abc import Callable, Iterator

import numpy as np

from sercourse import corpora, features, networks, splits, training
from sercourse.features import Features
from sercourse.reports import augmented
from sercourse.reports.puzzle import FITTING, UNSEEN, system

NETWORK = "report_c_model_b"
NATURAL, SHUFFLED = "coefficients in their order", "coefficients shuffled"


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Train Model B on coefficients in their order, and shuffled, and test it on unseen actors.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int
        Seeds 0 to ``seeds - 1`` of the other order, the weights and the shuffling of rows.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`. Shuffled rows also have their difference from those in order,
        see `sercourse.reports.augmented.score`.
    """
    extracted = features.extract(corpora.load(corpus), features.recipe(networks.network(NETWORK).recipe))
    predict = functools.cache(functools.partial(_predict, extracted))
    speakers = extracted.rows["speaker"]
    for seed in range(seeds):
        for order, beside in ((NATURAL, None), (SHUFFLED, NATURAL)):
            identity = {
                "system": f"{system(NETWORK)}, {order}",
                "network": NETWORK,
                "recipe": extracted.recipe.name,
                "corpus": corpus,
                "protocol": UNSEEN,
                "normalisation": "none",
                "fold": "pooled",
                "seed": seed,
            }
            yield identity, functools.partial(augmented.score, predict, order, beside, seed, speakers)


def reordered(extracted: Features, seed: int) -> Features:
    """Return features with their coefficients in another order, the same one for all recordings."""
    order = np.random.default_rng(seed).permutation(extracted.x.shape[2])
    return extracted._replace(x=extracted.x[:, :, order])


def _predict(extracted: Features, order: str, seed: int) -> tuple:
    folds = splits.published_five(extracted.rows)
    read = extracted if order == NATURAL else reordered(extracted, seed)
    found = training.cross_predict(NETWORK, read, folds, seed=seed, **FITTING[NETWORK])
    return extracted.rows["emotion"].to_numpy(str), found.predicted, folds
