"""The test: what was chosen, with several seeds, beside its rivals on ComParE 2016, and both together."""

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import corpora, evaluation, experiments, networks
from sercourse.evaluation.protocol import OUTER
from sercourse.experiments import Outcome
from sercourse.reports import results
from sercourse.reports.best import rivals, searching
from sercourse.reports.best.rivals import CHOSEN, PLAIN, Rivals

SINGLE = "one network"
TOGETHER = "mean of {} networks"
FUSED = "mean of {} networks and of the SVM, half and half"
"""The systems, besides the rivals. The weights of the last one were fixed before any look; the SVM in it is
`sercourse.reports.best.PLAIN`."""


class Tested(NamedTuple):
    """What a test gives.

    Attributes
    ----------
    scores : pandas.DataFrame
        Columns of ``reports.shape("course_best")``: the rivals, each network, the mean of the networks'
        probabilities, and the mean of networks and SVM; each by fold, and all folds pooled. Pooled ones have
        an interval over speakers.
    pairs : pandas.DataFrame
        Columns of ``reports.shape("course_best_pairs")``: each of them less each that stands above it. Seeds
        of one system stand one after the other there, and count as one.
    """

    scores: pd.DataFrame
    pairs: pd.DataFrame


class _Answer(NamedTuple):
    """What one system said of the test rows of a fold, or of several."""

    true: np.ndarray
    predicted: np.ndarray
    speaker: np.ndarray
    n_train: float
    seconds: float


class _System(NamedTuple):
    """What a line of the table is made of, and its answers by fold."""

    system: str
    network: str
    recipe: str
    protocol: str
    seed: int
    taken: dict[int, str]
    answers: dict[int, _Answer]

    @property
    def pooled(self) -> _Answer:
        """All folds as one."""
        parts = list(zip(*self.answers.values(), strict=True))
        return _Answer(*map(np.concatenate, parts[:3]), np.mean(parts[3]), sum(parts[4]))


def final(
    corpus: str,
    chosen: dict[int, str],
    seeds: int = 3,
    normalisations: Sequence[str] = ("none",),
    *,
    path=None,
    log=None,
    **running,
) -> Tested:
    """Train what was chosen on all training speakers, and look at the test rows.

    Parameters
    ----------
    corpus : str
    chosen : dict of int to str
        A candidate for each fold, see `sercourse.reports.best.choose`.
    seeds : int
        Seeds 0 to ``seeds - 1``. None is left out.
    normalisations : sequence of str
        See `sercourse.training.normalise_speakers`. Each is tested by itself. The networks are always those
        of `chosen`; the rival that may choose chooses anew.
    path, **running
        See `sercourse.reports.best.search`.
    log : path-like, optional
        Where the look is noted, see `sercourse.experiments.log`.

    Raises
    ------
    UnknownNameError
        No such normalisation.
    ExperimentError
        A training failed; says why.
    SercourseError
        The package opensmile is not installed.
    """
    tested = {"corpus": corpus, "protocol": searching.protocol(corpus)}
    normalisations = list(dict.fromkeys(normalisations))
    asked = {
        (how, fold, seed): searching.trainings(name, fold=fold, seed=seed, normalisation=how, **tested)[0]
        for how in normalisations
        for fold, name in chosen.items()
        for seed in range(seeds)
    }
    shared = {name: running[name] for name in ("workers", "progress") if name in running}
    numbers = rivals.numbers(corpus, **shared)
    path = path or searching.store()
    searching.trained(path, list(asked.values()), final=True, log=log, **running)
    kept = experiments.outcomes(path, asked.values(), log=log)
    people = corpora.load(corpus).set_index("recording_id")["speaker"]
    circumstances = results.circumstances(
        " ".join(
            [f"SERCOURSE_DATA=<data> sercourse best --final --corpus {corpus} --seeds {seeds}"]
            + [f"--normalisation {how}" for how in normalisations]
        )
    )
    protocols = OUTER[tested["protocol"]].words, searching.words(corpus, "selected")
    scores, pairs = [], []
    for how in normalisations:
        said = {cell[1:]: kept[each.key] for cell, each in asked.items() if cell[0] == how}
        theirs = rivals.rivals(corpus, numbers, how, **shared)
        systems = list(_systems(chosen, said, theirs, people, *protocols))
        words = {"corpus": corpus, "normalisation": how, **circumstances}
        scores += [{**system._asdict(), **words, **row} for system in systems for row in _scored(system)]
        pairs += [{**words, "protocol": protocols[0], **row} for row in _compared(systems)]
    return Tested(_shaped(scores, "course_best"), _shaped(pairs, "course_best_pairs"))


def _shaped(rows: list[dict], name: str) -> pd.DataFrame:
    columns = results.shape(name).columns
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _systems(
    chosen: dict[int, str], said, theirs: dict[int, Rivals], people: pd.Series, outer: str, selected: str
) -> Iterator[_System]:
    """Yield the rivals, each seed's networks, all of them together, and all with the SVM."""
    seeds = sorted({seed for _, seed in said})
    answer = functools.partial(_answer, people=people)
    own = (searching.NETWORK, networks.network(searching.NETWORK).recipe)
    every = {fold: [said[fold, seed] for seed in seeds] for fold in chosen}
    taken = {fold: theirs[fold].taken for fold in chosen}
    (inner,) = {theirs[fold].selected for fold in chosen}
    for rival, name, protocol, its in (
        (PLAIN, "svm", outer, {}),
        (CHOSEN, "svm or logistic_regression", f"{outer}, {inner}", taken),
    ):
        answers = {fold: _rival(theirs[fold], rival, every[fold][0], people) for fold in chosen}
        yield _System(rival, name, rivals.RECIPE, protocol, 0, its, answers)
    for seed in seeds:
        alone = {fold: answer([said[fold, seed]]) for fold in chosen}
        yield _System(SINGLE, *own, selected, seed, chosen, alone)
    together = {fold: answer(every[fold]) for fold in chosen}
    yield _System(TOGETHER.format(len(seeds)), *own, selected, 0, chosen, together)
    both = (f"{own[0]}, svm", f"{own[1]}, {rivals.RECIPE}")
    fused = {fold: answer(every[fold], theirs[fold].probabilities) for fold in chosen}
    yield _System(FUSED.format(len(seeds)), *both, selected, 0, chosen, fused)


def _answer(outcomes: list[Outcome], curved: pd.DataFrame | None = None, *, people) -> _Answer:
    """Return what networks say of the rows of a fold, or they and the SVM, half and half."""
    test, classes = outcomes[0].test, outcomes[0].classes
    probabilities = np.mean([each.test.probabilities[-1] for each in outcomes], axis=0)
    if curved is not None:
        probabilities = (probabilities + curved.loc[test.recording, classes].to_numpy()) / 2
    predicted = classes[probabilities.argmax(axis=1)]
    speaker = people[test.recording].to_numpy(str)
    return _Answer(test.true, predicted, speaker, outcomes[0].n_train, sum(each.seconds for each in outcomes))


def _rival(theirs: Rivals, name: str, outcome: Outcome, people: pd.Series) -> _Answer:
    """Return what a rival says of the rows of a fold, in the order of a network's."""
    recordings = outcome.test.recording
    predicted = theirs.predicted[name][recordings].to_numpy(str)
    return _Answer(outcome.test.true, predicted, people[recordings].to_numpy(str), theirs.n_train, np.nan)


def _scored(system: _System) -> Iterator[dict]:
    """Yield the scores of a fold, then of all folds pooled, with their interval over speakers."""
    for fold, answer in system.answers.items():
        yield {"fold": str(fold), "taken": system.taken.get(fold), **_scores(answer)}
    whole, ends = system.pooled, {}
    if len(set(whole.speaker)) > 2:
        interval = evaluation.bootstrap_speakers(*whole[:3])
        ends = {"low": interval.low, "high": interval.high}
    yield {"fold": "pooled", "taken": None, **_scores(whole), **ends}


def _scores(answer: _Answer) -> dict:
    return {
        "n_train": round(answer.n_train),
        "n_test": len(answer.true),
        "uar": evaluation.uar(answer.true, answer.predicted),
        "accuracy": evaluation.accuracy(answer.true, answer.predicted),
        "seconds": answer.seconds,
    }


def _compared(systems: Iterable[_System]) -> Iterator[dict]:
    """Yield the difference of each system from each one above it."""
    named = {name: list(own) for name, own in itertools.groupby(systems, lambda each: each.system)}
    for (other, theirs), (system, own) in itertools.combinations(named.items(), 2):
        seeds = max(len(own), len(theirs))
        found = _difference(_one_after_the_other(own, seeds), _one_after_the_other(theirs, seeds))
        yield {"system": system, "other": other, "seeds": seeds, **found}


def _one_after_the_other(systems: list[_System], seeds: int) -> _Answer:
    """Return the answers of all seeds as one; a system that has one answer gives it again."""
    parts = [each.pooled for each in systems] * (seeds // len(systems))
    true, predicted, speaker = map(np.concatenate, zip(*(each[:3] for each in parts), strict=True))
    return parts[0]._replace(true=true, predicted=predicted, speaker=speaker)


def _difference(answer: _Answer, other: _Answer) -> dict:
    """Return the difference of two, its interval over speakers and its p; these need three speakers."""
    true, predicted, speaker = answer[:3]
    found = {"difference": evaluation.uar(true, predicted) - evaluation.uar(true, other.predicted)}
    if len(set(speaker)) < 3:
        return found
    interval = evaluation.bootstrap_difference(true, predicted, other.predicted, speaker)
    p = evaluation.paired_permutation(true, predicted, other.predicted, speaker).p
    return {**found, "low": interval.low, "high": interval.high, "p": p}


def summary(scores: pd.DataFrame) -> pd.DataFrame:
    """Return one line a system and normalisation: all seeds, and all folds.

    Parameters
    ----------
    scores : pandas.DataFrame
        From `final`, or ``reports.measured("course_best")``: of one corpus.

    Returns
    -------
    pandas.DataFrame
        Indexed by normalisation and system, in the order of `scores`. Columns: uar (pooled, mean of the
        seeds), mean over folds (and seeds), low and high (ends of the interval over speakers, mean of the
        seeds), lowest and highest (seed), seeds.
    """
    keys = ["normalisation", "system"]
    pooled = scores[scores["fold"] == "pooled"].groupby(keys, sort=False)
    by_fold = scores[scores["fold"] != "pooled"].groupby(keys, sort=False)["uar"].mean()
    lines = pooled[["uar", "low", "high"]].mean()
    lines.insert(1, "mean over folds", by_fold[lines.index])
    return lines.assign(
        lowest=pooled["uar"].min(), highest=pooled["uar"].max(), seeds=pooled["seed"].nunique()
    )


def compared(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the differences of systems beside a p that knows how many were tested.

    Parameters
    ----------
    pairs : pandas.DataFrame
        From `final`, or ``reports.measured("course_best_pairs")``: of one corpus.

    Returns
    -------
    pandas.DataFrame
        Indexed by normalisation, system and other, in the order of `pairs`. Columns: difference, low, high,
        p, and holm: p adjusted for all lines.
    """
    table = pairs.set_index(["normalisation", "system", "other"])[["difference", "low", "high", "p"]]
    tested = table["p"].dropna()
    return table.assign(holm=evaluation.holm(tested) if len(tested) else np.nan)
