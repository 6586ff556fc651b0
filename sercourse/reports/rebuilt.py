"""What the networks of the five reports reach when they are rebuilt: the tables that end lessons 06 to 12.

Each network is tested as its report tested it, on a random split, and on unseen speakers. Nothing is chosen
by a score, with one exception: the two networks over log-mel pictures were trained for 6 epochs at first, and
for 12 when CRNN hardly beat guessing after those. So read these two with caution. Where the trainings of a
lesson would take hours, the first fold stands for all five, and the columns ``fold`` and ``protocol`` say so.

Reports B, C and D used RAVDESS. Report A's films cannot be had, and RAVDESS stands in for them. Report E used
TESS; where it is not at hand, its two actresses are those of the demo corpus ``demo_second``.
"""

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pandas as pd

from sercourse import corpora, features, networks, splits, training
from sercourse.evaluation import Protocol
from sercourse.features import Features
from sercourse.reports import first_systems
from sercourse.reports.first_systems import Tested
from sercourse.splits import Fold


class Training(NamedTuple):
    """How a network is trained here."""

    epochs: int
    batch_size: int
    first_fold: bool = True  # whether the first of the five folds stands for all
    outer: tuple[str, ...] = ("random five", "published five")  # see `sercourse.evaluation.protocol.OUTER`


TRAINING = {
    "report_c_model_c": Training(100, 16, first_fold=False),
    "report_c_model_d": Training(100, 16, first_fold=False),
    "report_c_model_a": Training(100, 16),
    "report_e_ann": Training(100, 4),
    "report_e_cnn": Training(100, 16),
    "report_a_simple_rnn": Training(20, 32),
    "report_a_gru": Training(20, 32),
    "report_a_bilstm": Training(20, 32),
    "report_b": Training(20, 32),
    "report_b_first": Training(20, 32),
    "report_b_over_frames": Training(20, 32),
    "report_d": Training(6, 32),
    "log_mel_cnn": Training(12, 32, outer=("published five",)),
    "crnn": Training(12, 32, outer=("published five",)),
}
"""How each network is trained on RAVDESS. Model B is in the table ``puzzle``.

Epochs are the report's for C and E [S], and the shorter of its two runs for A [S]. For B they are fewer than
the 35 to 40 that it states, and for D, which says nothing, they are few: two cores must do with them."""

ACTRESSES = {"report_e_ann": 4, "report_e_cnn": 16, "report_e_lstm": 32, "report_e_gru": 32}
"""Report E's networks and their batch sizes, 4 and the last 32 as stated [S]: each is trained for
`ACTRESS_EPOCHS` on two actresses."""

ACTRESS_EPOCHS = 50
TWO_HALVES = "random, two stratified halves, pooled"
OTHER_ACTRESS = "the other actress, two folds, pooled"


class _Task(NamedTuple):
    """One score: what tells it from others, and how it comes about."""

    identity: dict
    folds: Callable[[pd.DataFrame], list[Fold]]
    fitting: dict


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Score the networks on a random split and on unseen speakers; see `reports.measure`.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors, for `TRAINING`; or one with TESS's two actresses, for `ACTRESSES`.
    seeds : int
        Seeds 0 to ``seeds - 1`` of weights, shuffling and the random splits.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`. There are two columns more, ``low`` and ``high``: the ends of
        the 95 % interval over speakers; empty where there are two speakers.
    """
    manifest = corpora.load(corpus)
    two = two_actresses(manifest)
    tasks, manifest = (_on_actors(seeds), manifest) if two.empty else (_on_actresses(seeds), two)

    @functools.lru_cache(1)
    def extracted(recipe: str) -> Features:
        return features.extract(manifest, features.recipe(recipe))

    for task in tasks:
        recipe = networks.network(task.identity["network"]).recipe
        identity = {"recipe": recipe, "corpus": corpus, "normalisation": "none", **task.identity}
        predict = functools.partial(_predict, task, extracted, recipe)
        yield identity, functools.partial(first_systems.score, predict)


def two_actresses(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of TESS's two actresses: all of TESS, half of ``demo_second``, none of others."""
    return manifest[manifest["speaker"].str.endswith(("OAF", "YAF"))].reset_index(drop=True)


def _on_actors(seeds: int) -> Iterator[_Task]:
    for network, trained in TRAINING.items():
        fitting = {"epochs": trained.epochs, "batch_size": trained.batch_size}
        for outer in trained.outer:
            protocol = Protocol(outer, seeds=range(seeds))
            for seed in protocol.seeds:
                columns = protocol.columns
                if trained.first_fold:
                    columns["protocol"] = columns["protocol"].replace("pooled", "the first fold only")
                fold = "1" if trained.first_fold else "pooled"
                identity = _identity(network, fitting, seed) | columns | {"fold": fold}
                folds = functools.partial(_folds, protocol, seed, trained.first_fold)
                yield _Task(identity, folds, fitting | {"seed": seed})


def _folds(protocol: Protocol, seed: int, first_fold: bool, rows: pd.DataFrame) -> list[Fold]:
    folds = protocol.folds(rows, seed)
    return folds[:1] if first_fold else folds


def _on_actresses(seeds: int) -> Iterator[_Task]:
    for network, batch_size in ACTRESSES.items():
        fitting = {"epochs": ACTRESS_EPOCHS, "batch_size": batch_size}
        for seed in range(seeds):
            identity = _identity(network, fitting, seed) | {"fold": "pooled"}
            deals = {
                TWO_HALVES: functools.partial(splits.unsafe_random, n_folds=2, seed=seed),
                OTHER_ACTRESS: functools.partial(splits.unseen_speakers, n_folds=2),
            }
            for protocol, folds in deals.items():
                yield _Task(identity | {"protocol": protocol}, folds, fitting | {"seed": seed})


def _identity(network: str, fitting: dict, seed: int) -> dict:
    system = f"{fitting['epochs']} epochs, batch {fitting['batch_size']}"
    return {"system": system, "network": network, "seed": seed}


def _predict(task: _Task, extracted: Callable[[str], Features], recipe: str) -> Tested:
    read = extracted(recipe)
    folds = task.folds(read.rows)
    predictions = training.cross_predict(task.identity["network"], read, folds, **task.fitting)
    return Tested(read.rows.iloc[predictions.rows], predictions.predicted, folds)
