"""What baselines reach, by protocol: the table of lesson 05.

Everything here is a support vector machine, a logistic regression or the like on one row of numbers a
recording. Its first use is as the mark that a network has to beat. Its second is to show what a protocol is
worth: one system under several protocols, one thing changed at a time.
"""

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.model_selection import ParameterGrid
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sercourse import baselines, corpora, evaluation, features, splits, training
from sercourse.evaluation import Protocol
from sercourse.evaluation.protocol import NORMALISATION
from sercourse.features import Features
from sercourse.reports import puzzle
from sercourse.splits import Fold

RECIPE = "mfcc_statistics"
"""What all systems are given, but those of `OTHER_RECIPES`."""

OTHER_RECIPES = ("prosody", "egemaps", "compare")
"""What the two classifiers are given besides. The last two need the package opensmile."""

SLOW = "compare"
"""Takes minutes to extract, and is left out where speech is synthetic."""

C_10 = "C = 10"
NOT_ENROLLED = "C = 10, enrolled recordings not tested"
PERMUTED = "C = 10, training labels permuted"
NESTED = "C and gamma chosen on inner folds"
ON_TEST = "C and gamma chosen on the test folds"
SYSTEMS = {
    "majority": ("majority", "the most frequent class", baselines.majority),
    "logistic_regression": ("logistic_regression", "L2 penalty, C = 1", baselines.logistic_regression),
    "svm": ("svm", C_10, baselines.svm),
}
"""The baselines: network, system, and what builds it."""

GRID = {"classifier__C": [0.1, 1, 10, 100], "classifier__gamma": [0.0003, 0.001, 0.003, 0.01, 0.03]}
"""Settings of the support vector machine to choose from."""

SAME_STATEMENT = "unseen speakers with known statements, five folds by two, pooled"
"""The control of the text-independent split: as many training rows, of the statement that is tested."""


class Tested(NamedTuple):
    """What a system said of the rows that were tested."""

    rows: pd.DataFrame
    predicted: np.ndarray
    folds: list[Fold]


class _Task(NamedTuple):
    """One score: what tells it from others, what features it needs, and what predicts."""

    identity: dict
    predict: Callable[[Features], Tested]


def small_network(seed: int):
    """Build a network with one small hidden layer, as a system whose result depends on a seed.

    Parameters
    ----------
    seed : int
        Of weights and shuffling.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Trained until the loss on the training rows hardly falls any more.
    """
    return make_pipeline(StandardScaler(), MLPClassifier((32,), tol=0.001, max_iter=500, random_state=seed))


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Score the baselines under several protocols; see `reports.measure`.

    What depends on no seed has one row: folds of unseen actors are the same for all seeds, and a support
    vector machine draws nothing.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int
        Seeds 0 to ``seeds - 1`` of the random splits, inner folds, permutations and weights.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`. There are two columns more, ``low`` and ``high``: the ends of
        the 95 % interval over speakers.
    """
    manifest = corpora.load(corpus)

    @functools.lru_cache(1)
    def extracted(recipe: str) -> Features:
        return features.extract(manifest, features.recipe(recipe))

    others = [each for each in OTHER_RECIPES if each != SLOW or not corpora.CORPORA[corpus].synthetic]
    for task in [
        *_by_split(seeds),
        *_seeded(seeds),
        *_normalised(),
        *_selected(seeds),
        *_permuted(seeds),
        *_by_statement(),
        *_by_recipe(seeds, others),
    ]:
        identity = {"recipe": RECIPE, "corpus": corpus, "fold": "pooled", "seed": 0} | task.identity
        predict = functools.partial(_predict, task, extracted, identity["recipe"])
        yield identity, functools.partial(score, predict)


def _predict(task: _Task, extracted: Callable[[str], Features], recipe: str) -> Tested:
    return task.predict(extracted(recipe))


def score(predict: Callable[[], Tested]) -> dict:
    """Measure the scores of a result, and its interval over speakers: see `puzzle.score`.

    Parameters
    ----------
    predict : callable
        Returns a `Tested`.

    Returns
    -------
    dict
        As of `puzzle.score`, and low, high: the ends of the 95 % interval; NaN with two speakers.
    """
    tested = []

    def scored():
        tested.append(predict())
        return tested[0].rows["emotion"], tested[0].predicted, tested[0].folds

    scores = puzzle.score(scored)
    rows, predicted, _ = tested[0]
    if rows["speaker"].nunique() < 3:
        return scores | {"low": np.nan, "high": np.nan}
    interval = evaluation.bootstrap_speakers(rows["emotion"], predicted, rows["speaker"])
    return scores | {"low": interval.low, "high": interval.high}


def cross(estimator, extracted: Features, folds: list[Fold]) -> Tested:
    """Predict the test rows of all folds by an estimator that was trained without them."""
    predictions = training.cross_predict(estimator, extracted, folds, progress=False)
    return Tested(extracted.rows.iloc[predictions.rows], predictions.predicted, folds)


def _by_split(seeds: int) -> Iterator[_Task]:
    """Score every baseline on random folds and on unseen actors."""
    for network, system, build in SYSTEMS.values():
        yield from _on_both({"network": network, "system": system}, build, seeds)


def _by_recipe(seeds: int, recipes: list[str]) -> Iterator[_Task]:
    """Score the two classifiers on other features."""
    for recipe in recipes:
        for network, system, build in (SYSTEMS["svm"], SYSTEMS["logistic_regression"]):
            yield from _on_both({"network": network, "system": system, "recipe": recipe}, build, seeds)


def _on_both(identity: dict, build, seeds: int) -> Iterator[_Task]:
    for outer, n_seeds in (("random five", seeds), ("published five", 1)):
        protocol = Protocol(outer, seeds=range(n_seeds))
        for seed in protocol.seeds:
            columns = identity | protocol.columns | {"seed": seed}
            yield _Task(columns, functools.partial(_split, build, protocol, seed))


def _seeded(seeds: int) -> Iterator[_Task]:
    """Score a system that draws its weights."""
    protocol = Protocol("published five", seeds=range(seeds))
    for seed in protocol.seeds:
        identity = {"network": "mlp", "system": "32 hidden units", "seed": seed, **protocol.columns}
        build = functools.partial(small_network, seed)
        yield _Task(identity, functools.partial(_split, build, protocol, seed))


def _split(build, protocol: Protocol, seed: int, extracted: Features) -> Tested:
    return cross(build(), extracted, protocol.folds(extracted.rows, seed))


def _normalised() -> Iterator[_Task]:
    """Score the three claims about normalisation, and once more on the same test rows."""
    for how in NORMALISATION:
        protocol = Protocol("published five", normalisation=how, seeds=[0])
        identity = {"network": "svm", **protocol.columns}
        if how == "transductive":
            yield _Task(identity | {"system": C_10}, functools.partial(_normalise, how, False))
        yield _Task(identity | {"system": NOT_ENROLLED}, functools.partial(_normalise, how, True))


def _normalise(how: str, without_enrolled: bool, extracted: Features) -> Tested:
    folds = splits.published_five(extracted.rows)
    enrolled = training.enrolment(extracted.rows)
    normalised = training.normalise_speakers(extracted, how, enrolled if how == "enrolment" else None)
    return cross(
        baselines.svm(), normalised, training.not_tested(folds, enrolled) if without_enrolled else folds
    )


def _selected(seeds: int) -> Iterator[_Task]:
    """Choose settings on inner folds, and, as one must not, on the test folds."""
    protocol = Protocol("published five", "speakers five", seeds=range(seeds))
    for seed in protocol.seeds:
        identity = {"network": "svm", "system": NESTED, "seed": seed, **protocol.columns}
        yield _Task(identity, functools.partial(_select, protocol, seed))
    identity = {"network": "svm", "system": ON_TEST, **Protocol("published five").columns}
    yield _Task(identity, _select_on_test)


def _select(protocol: Protocol, seed: int, extracted: Features) -> Tested:
    inner = functools.partial(protocol.inner_folds, extracted.rows, seed=seed)
    search = baselines.search(baselines.svm(), GRID, inner)
    return cross(search, extracted, protocol.folds(extracted.rows, seed))


def _select_on_test(extracted: Features) -> Tested:
    """Return the best of all settings by the score on the test rows: too good by construction."""
    folds = splits.published_five(extracted.rows)
    tried = [cross(baselines.svm().set_params(**each), extracted, folds) for each in ParameterGrid(GRID)]
    return max(tried, key=lambda tested: evaluation.uar(tested.rows["emotion"], tested.predicted))


def _permuted(seeds: int) -> Iterator[_Task]:
    """Train on permuted labels, where there is nothing to learn."""
    for outer in ("random five", "published five"):
        protocol = Protocol(outer, seeds=range(seeds))
        for seed in protocol.seeds:
            identity = {"network": "svm", "system": PERMUTED, "seed": seed, **protocol.columns}
            yield _Task(identity, functools.partial(_permute, protocol, seed))


def _permute(protocol: Protocol, seed: int, extracted: Features) -> Tested:
    """Permute the training labels of each fold anew; the test labels stay."""
    folds = protocol.folds(extracted.rows, seed)
    parts = []
    for fold in folds:
        labels = extracted.rows["emotion"].copy()
        labels.iloc[fold.train] = evaluation.permuted_labels(extracted.rows, fold.train, seed)
        permuted = extracted._replace(rows=extracted.rows.assign(emotion=labels))
        parts.append(cross(baselines.svm(), permuted, [fold]))
    return Tested(
        pd.concat([part.rows for part in parts]), np.concatenate([part.predicted for part in parts]), folds
    )


def _by_statement() -> Iterator[_Task]:
    """Test statements that training has not heard, and the control in which it has heard no other."""
    identity = {"network": "svm", "system": C_10}
    columns = Protocol("unseen speakers and statements").columns
    yield _Task(identity | columns, functools.partial(_statements, text_independent))
    yield _Task(
        identity | columns | {"protocol": SAME_STATEMENT}, functools.partial(_statements, same_statement)
    )


def _statements(deal, extracted: Features) -> Tested:
    return cross(baselines.svm(), extracted, deal(extracted.rows))


def text_independent(rows: pd.DataFrame) -> list[Fold]:
    """Return the folds in which neither speaker nor statement is shared."""
    return Protocol("unseen speakers and statements").folds(rows, 0)


def same_statement(rows: pd.DataFrame) -> list[Fold]:
    """Return `text_independent` with as many training rows of the same speakers, of the tested statement.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of a corpus with two statements, both said by everyone.
    """
    speaker, statement = rows["speaker"].to_numpy(str), rows["statement"].to_numpy(str)
    return [
        fold._replace(
            train=np.flatnonzero(
                np.isin(speaker, speaker[fold.train]) & np.isin(statement, statement[fold.test])
            )
        )
        for fold in text_independent(rows)
    ]
