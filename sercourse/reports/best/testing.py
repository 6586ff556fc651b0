"""The test: what was chosen, with several seeds, beside ComParE 2016 with an SVM, and both together."""

import functools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import baselines, corpora, evaluation, experiments, features, networks, splits, training
from sercourse.baselines import svm
from sercourse.evaluation.protocol import OUTER
from sercourse.experiments import Outcome
from sercourse.reports import results
from sercourse.reports.best import searching
from sercourse.splits import Fold

RIVAL_RECIPE = "compare"
SINGLE = "one network"
TOGETHER = "mean of {} networks"
RIVAL = "an SVM, C = 10"
FUSED = "mean of {} networks and of the SVM, half and half"
"""The systems. The weights of the last one were fixed before any look."""


class _System(NamedTuple):
    """One line of the table: what it is made of, and its answers by fold."""

    system: str
    network: str
    recipe: str
    seed: int
    answers: "dict[int, _Answer]"


class _Answer(NamedTuple):
    """What one system said of the test rows of a fold, or of several."""

    true: np.ndarray
    predicted: np.ndarray
    speaker: np.ndarray
    n_train: float
    seconds: float


class _Rival(NamedTuple):
    """What the SVM said of a fold's test rows, by recording."""

    predicted: pd.Series
    probabilities: pd.DataFrame
    n_train: int


def final(
    corpus: str, chosen: dict[int, str], seeds: int = 3, normalisation: str = "none", *, path=None, **running
) -> pd.DataFrame:
    """Train what was chosen on all training speakers, and look at the test rows.

    Parameters
    ----------
    corpus : str
    chosen : dict of int to str
        A candidate for each fold, see `sercourse.reports.best.choose`.
    seeds : int
        Seeds 0 to ``seeds - 1``. None is left out.
    normalisation : str
        See `sercourse.training.normalise_speakers`. It is the same for network and SVM.
    path, **running
        See `sercourse.reports.best.search`; also `log`, where the look is noted.

    Returns
    -------
    pandas.DataFrame
        Columns of ``reports.shape("course_best")``: each network, the mean of their probabilities, an SVM on
        `RIVAL_RECIPE`, and the mean of networks and SVM; each by fold, and all folds pooled. Pooled ones have
        an interval over speakers, and are compared with the SVM.

    Raises
    ------
    ExperimentError
        A training failed; says why.
    SercourseError
        The package opensmile is not installed.
    """
    rivals = _rivals(corpus, normalisation, running.get("workers"), running.get("progress", True))
    path = path or searching.store()
    tested = {"corpus": corpus, "protocol": searching.protocol(corpus), "normalisation": normalisation}
    asked = {
        (fold, seed): searching.trainings(name, fold=fold, seed=seed, **tested)[0]
        for fold, name in chosen.items()
        for seed in range(seeds)
    }
    searching.trained(path, list(asked.values()), **{**running, "final": True})
    log = {name: value for name, value in running.items() if name == "log"}
    kept = experiments.outcomes(path, asked.values(), **log)
    said = {cell: kept[each.key] for cell, each in asked.items()}
    people = corpora.load(corpus).set_index("recording_id")["speaker"]
    systems = list(_systems(chosen, said, rivals, people))
    rival = _pooled(systems[0].answers.values())
    command = f"SERCOURSE_DATA=<data> sercourse best --final --corpus {corpus} --seeds {seeds}"
    protocol = searching.words(corpus, "selected")
    command += "" if normalisation == "none" else f" --normalisation {normalisation}"
    rows = [
        {
            **system._asdict(),
            **tested,
            "protocol": protocol,
            "fold": fold,
            **scores,
            **results.circumstances(command),
        }
        for system in systems
        for fold, scores in _scored(system.answers, None if system.system == RIVAL else rival)
    ]
    shape = results.shape("course_best")
    return pd.DataFrame(rows, columns=list(shape.columns)).astype(shape.columns)


def _systems(chosen, said, rivals: dict[int, _Rival], people: pd.Series) -> Iterator[_System]:
    """Yield the SVM, each seed's networks, all of them together, and all with the SVM."""
    seeds = sorted({seed for _, seed in said})
    answer = functools.partial(_answer, people=people)
    own = (searching.NETWORK, networks.network(searching.NETWORK).recipe)
    theirs = ("svm", RIVAL_RECIPE)
    alone = {fold: answer([said[fold, 0]], rivals[fold], alone=True) for fold in chosen}
    yield _System(RIVAL, *theirs, 0, alone)
    for seed in seeds:
        yield _System(SINGLE, *own, seed, {fold: answer([said[fold, seed]]) for fold in chosen})
    every = {fold: [said[fold, seed] for seed in seeds] for fold in chosen}
    together = {fold: answer(every[fold]) for fold in chosen}
    yield _System(TOGETHER.format(len(seeds)), *own, 0, together)
    fused = {fold: answer(every[fold], rivals[fold]) for fold in chosen}
    yield _System(FUSED.format(len(seeds)), *map(", ".join, zip(own, theirs, strict=True)), 0, fused)


def _rivals(corpus: str, normalisation: str, workers, progress: bool) -> dict[int, _Rival]:
    """Train the SVM for each fold; curves on inner folds by speaker give it probabilities."""
    extracted = features.extract(
        corpora.load(corpus), features.recipe(RIVAL_RECIPE), workers=workers, progress=progress
    )
    enrolled = training.enrolment(extracted.rows) if normalisation == "enrolment" else None
    extracted = training.normalise_speakers(extracted, normalisation, enrolled)
    dealt = OUTER[searching.protocol(corpus)].deal(extracted.rows, 0)
    dealt = dealt if enrolled is None else training.not_tested(dealt, enrolled)
    return {number: _rival(extracted, fold) for number, fold in enumerate(dealt, start=1)}


def _rival(extracted: features.Features, fold: Fold) -> _Rival:
    rows = extracted.rows
    few = rows["speaker"].iloc[fold.train].nunique() < 3  # leaving one of TESS's two actresses out, say
    inner = functools.partial(splits.inner, rows, by="recording_id" if few else "speaker", n_folds=3)
    plain, curved = (
        training.cross_predict(each, extracted, [fold], progress=False)
        for each in (svm(), baselines.calibrated(svm(), inner))
    )
    recordings = rows["recording_id"].iloc[fold.test].to_numpy(str)
    return _Rival(
        pd.Series(plain.predicted, recordings),
        pd.DataFrame(curved.probabilities, recordings, curved.classes),
        len(fold.train),
    )


def _answer(outcomes: list[Outcome], rival: _Rival | None = None, alone=False, *, people) -> _Answer:
    """Return what networks say, or they and the rival, or the rival alone, of the rows of a fold."""
    test, classes = outcomes[0].test, outcomes[0].classes
    probabilities = np.mean([each.test.probabilities[-1] for each in outcomes], axis=0)
    if rival is not None:
        probabilities = (probabilities + rival.probabilities.loc[test.recording, classes].to_numpy()) / 2
    predicted = classes[probabilities.argmax(axis=1)]
    return _Answer(
        test.true,
        rival.predicted[test.recording].to_numpy(str) if alone else predicted,
        people[test.recording].to_numpy(str),
        rival.n_train if alone else outcomes[0].n_train,
        np.nan if alone else sum(each.seconds for each in outcomes),
    )


def _scored(answers: dict[int, _Answer], rival: _Answer | None):
    """Yield the name of a fold and its scores, then of all folds pooled, compared with the rival's."""
    for fold, answer in answers.items():
        yield str(fold), _scores(answer)
    whole = _pooled(answers.values())
    yield "pooled", _scores(whole) | _sureness(whole, rival)


def _pooled(answers: Iterable[_Answer]) -> _Answer:
    parts = list(zip(*answers, strict=True))
    return _Answer(*map(np.concatenate, parts[:3]), np.mean(parts[3]), sum(parts[4]))


def _scores(answer: _Answer) -> dict:
    return {
        "n_train": round(answer.n_train),
        "n_test": len(answer.true),
        "uar": evaluation.uar(answer.true, answer.predicted),
        "accuracy": evaluation.accuracy(answer.true, answer.predicted),
        "seconds": answer.seconds,
        **dict.fromkeys(("low", "high", "difference", "difference_low", "difference_high", "p"), np.nan),
    }


def _sureness(answer: _Answer, rival: _Answer | None) -> dict:
    """Return the interval over speakers, and the comparison with the rival; nothing with two speakers."""
    true, predicted, speaker = answer[:3]
    if len(set(speaker)) < 3:
        return {}
    interval = evaluation.bootstrap_speakers(true, predicted, speaker)
    sureness = {"low": interval.low, "high": interval.high}
    if rival is None:
        return sureness
    compared = evaluation.bootstrap_difference(true, predicted, rival.predicted, speaker)
    p = evaluation.paired_permutation(true, predicted, rival.predicted, speaker).p
    ends = {"difference_low": compared.low, "difference_high": compared.high}
    return {**sureness, "difference": compared[0], **ends, "p": p}


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one line a system and normalisation: all seeds, and all folds.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `final`, or ``reports.measured("course_best")``: of one corpus.

    Returns
    -------
    pandas.DataFrame
        Indexed by normalisation and system, in the order of `rows`. Columns: uar (pooled, mean of the
        seeds), mean over folds (and seeds), lowest and highest (seed), low and high (ends of the interval
        over speakers, mean of the seeds), difference (from the SVM, mean of the seeds), p (the largest of
        the seeds), seeds.
    """
    keys = ["normalisation", "system"]
    pooled = rows[rows["fold"] == "pooled"].groupby(keys, sort=False)
    by_fold = rows[rows["fold"] != "pooled"].groupby(keys, sort=False)["uar"].mean()
    return pd.DataFrame(
        {
            "uar": pooled["uar"].mean(),
            "mean over folds": by_fold,
            "lowest": pooled["uar"].min(),
            "highest": pooled["uar"].max(),
            "low": pooled["low"].mean(),
            "high": pooled["high"].mean(),
            "difference": pooled["difference"].mean(),
            "p": pooled["p"].max(),
            "seeds": pooled["seed"].nunique(),
        }
    )
