"""One recurrent layer against another, at equal size, actor by actor: the table of lessons 07 to 10 and 12.

All have the parameters of an LSTM of 64 units, as nearly as whole units allow, and are trained alike: the
same features, folds, epochs and batches. Only the layer differs, or, in lesson 12, what is made of its
outputs.

RAVDESS's actors have recorded equally much of every emotion. So the UAR of all rows is the mean of the
actors' own UARs, and 24 of those are all that a comparison over speakers needs.
"""

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from sercourse import corpora, evaluation, features, networks, splits, training
from sercourse.errors import UnknownNameError
from sercourse.evaluation import Protocol
from sercourse.features import Features
from sercourse.reports import puzzle, results

LIKE = ("lstm", 64)
"""The layer, and its units, that give the number of parameters."""

FITTING = {"epochs": 20, "batch_size": 32}
"""How long each is trained, and in what batches: as the GRU of the table ``puzzle``, not by a score."""

SYSTEMS = {
    "SimpleRNN": ("simple_rnn", {}),
    "LSTM": ("lstm", {}),
    "LSTM, backward": ("lstm", {"go_backwards": True}),
    "BiLSTM": ("bilstm", {}),
    "GRU": ("gru", {}),
    "LSTM, mean over frames": ("lstm_mean", {}),
    "LSTM, attention": ("lstm_attention", {}),
}
"""What is compared: the network of each, and its options. ``LSTM`` classifies its last output; the last two
differ from it in that only. Attention adds a few weights of its own."""


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Score each of `SYSTEMS` on unseen actors; see `reports.measure`.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int
        Seeds 0 to ``seeds - 1`` of weights and shuffling.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`, with more columns: ``parameters``, and each actor's UAR.
    """
    protocol = Protocol("published five", seeds=range(seeds))
    manifest = corpora.load(corpus)

    @functools.cache
    def extracted(recipe: str) -> Features:
        return features.extract(manifest, features.recipe(recipe))

    for system, (network, options) in SYSTEMS.items():
        for seed in protocol.seeds:
            identity = {
                "system": system,
                "network": network,
                "recipe": networks.network(network).recipe,
                "corpus": corpus,
                "fold": "pooled",
                "seed": seed,
                **protocol.columns,
            }
            yield identity, functools.partial(_score, extracted, protocol, network, options, seed)


def units(network: str, input_shape: tuple[int, int], n_classes: int) -> int:
    """Return how many units give a network of one layer as many parameters as `LIKE` has.

    Parameters
    ----------
    network : str
        One of `networks.NETWORKS`.
    input_shape : tuple of (int, int)
        Frames and coefficients.
    n_classes : int
    """
    like, enough = LIKE
    shape = {"input_shape": input_shape, "n_classes": n_classes}
    wanted = networks.build(like, units=enough, **shape).count_params()
    return networks.units_for(network, wanted, **shape)


def _score(
    extracted: Callable[[str], Features], protocol: Protocol, network: str, options: dict, seed: int
) -> dict:
    read = extracted(networks.network(network).recipe)
    folds = protocol.folds(read.rows, seed)
    true, input_shape = read.rows["emotion"], read.x.shape[1:]
    options = options | {"units": units(network, input_shape, true.nunique())}
    made = []

    def predict():
        settings = FITTING | options | {"seed": seed}
        made.append(training.cross_predict(network, read, folds, **settings).predicted)
        return true, made[0], folds

    scores = puzzle.score(predict)
    by_actor = evaluation.by(true, made[0], splits.actors(read.rows))
    parameters = networks.build(network, input_shape, true.nunique(), **options).count_params()
    return scores | {"parameters": parameters} | {f"actor {actor}": uar for actor, uar in by_actor.items()}


def compare_layers(systems: Sequence[str] | None = None) -> pd.DataFrame:
    """Put the layers' measured scores on unseen actors of real RAVDESS side by side.

    Parameters
    ----------
    systems : sequence of str, optional
        Of `SYSTEMS`; by default all.

    Returns
    -------
    pandas.DataFrame
        One row a system: parameters; seeds (how many); score (UAR, the mean of the seeds); lowest and highest
        (of the seeds); low and high (ends of the 95 % interval over the 24 actors); seconds (of the five
        trainings, the mean of the seeds; the machine had other work meanwhile, so do not compare them).
    """
    table, by_actor = _measured(systems)
    grouped = table.groupby("system", sort=False)
    ends = {system: interval_over_actors(uar) for system, uar in by_actor.items()}
    return pd.DataFrame(
        {
            "parameters": grouped["parameters"].first(),
            "seeds": grouped["seed"].nunique(),
            "score": grouped["uar"].mean(),
            "lowest": grouped["uar"].min(),
            "highest": grouped["uar"].max(),
            "low": {system: low for system, (low, _) in ends.items()},
            "high": {system: high for system, (_, high) in ends.items()},
            "seconds": grouped["seconds"].mean(),
        }
    ).loc[list(by_actor)]


def layer_differences(systems: Sequence[str] | None = None) -> pd.DataFrame:
    """Compare each two of the layers actor by actor, on unseen actors of real RAVDESS.

    Parameters
    ----------
    systems : sequence of str, optional
        Of `SYSTEMS`; by default all.

    Returns
    -------
    pandas.DataFrame
        One row a pair, "GRU less LSTM": difference (of the UAR, each the mean of the seeds); low and
        high (its 95 % interval over the 24 actors, drawn for both alike); p (sign-flip test over
        actors); holm (p adjusted for all pairs here, see `sercourse.evaluation.holm`); resolved (whether
        that is below .05).
    """
    _, by_actor = _measured(systems)
    rows = {}
    for one, two in itertools.combinations(by_actor, 2):
        difference = (by_actor[two] - by_actor[one]).to_numpy()
        p = evaluation.sign_flip(difference)
        low, high = interval_over_actors(difference)
        rows[f"{two} less {one}"] = {"difference": difference.mean(), "low": low, "high": high, "p": p}
    table = pd.DataFrame.from_dict(rows, orient="index")
    table["holm"] = evaluation.holm(table["p"])
    table["resolved"] = table["holm"] < 0.05
    return table


def _measured(systems: Sequence[str] | None) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Return the rows of the systems, and of each the mean of the seeds by actor."""
    table = results.measured("layers")
    table = table[table["corpus"] == "ravdess"]
    systems = list(SYSTEMS) if systems is None else list(systems)
    for system in systems:
        if system not in set(table["system"]):
            raise UnknownNameError("measured layer", system, table["system"].unique())
    actors = table.columns[table.columns.str.startswith("actor ")]
    means = table.groupby("system")[list(actors)].mean()
    return table[table["system"].isin(systems)], {system: means.loc[system] for system in systems}


def interval_over_actors(values) -> tuple[float, float]:
    """Return the 95 % percentile interval of a mean over actors, such as that of their differences."""
    rng = np.random.default_rng(0)
    found = stats.bootstrap(
        (np.asarray(values, float),), np.mean, method="percentile", n_resamples=2000, rng=rng
    )
    return found.confidence_interval.low, found.confidence_interval.high
