"""Do the trainings of the ladders, and turn them into measured results."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import corpora, evaluation, experiments, networks, settings
from sercourse.errors import ExperimentError, UnknownNameError
from sercourse.evaluation.protocol import OUTER
from sercourse.experiments import Experiment, Outcome
from sercourse.experiments.material import DEALT
from sercourse.reports import results
from sercourse.reports.replication import films
from sercourse.reports.replication.ladders import LADDERS, Step, described, steps

FILMS = "A"
"""The report with a grid."""

Run = Callable[[list[Experiment]], pd.DataFrame]


class Replicated(NamedTuple):
    """What came out of a replication: rows of two tables of measured results.

    Attributes
    ----------
    ladder : pandas.DataFrame
        One row a network, step and seed: the table ``replication``.
    grid : pandas.DataFrame
        One row a cell of Report A: the table ``report_a_grid``. Of the other reports it has none.
    """

    ladder: pd.DataFrame
    grid: pd.DataFrame


class _Task(NamedTuple):
    """One score: a network, a step, a seed, and the trainings whose test rows are pooled."""

    number: int
    step: Step
    trainings: list[Experiment]


def store() -> Path:
    """Return the file that keeps the trainings, unless another one is named."""
    return settings.home() / "experiments" / "replication.sqlite"


def replicate(report: str, corpus: str | None = None, seeds: int = 3, *, path=None, **running) -> Replicated:
    """Train and test a report's networks step by step, from its own protocol to an honest one.

    What was trained before is not trained again, so that a run which was stopped goes on. This looks at test
    rows; on a real corpus that is noted in the log of looks.

    Parameters
    ----------
    report : str
        A to E.
    corpus : str, optional
        By default the report's own, or what stands in for it.
    seeds : int
        Seeds 0 to ``seeds - 1``. Report A's grid has seed 0, and its best cells have `films.SEEDS`.
    path : path-like, optional
        The store of trainings; by default `store`.
    **running
        `workers`, `dask`, `again`, `progress` and `log`, see `experiments.run`.

    Returns
    -------
    Replicated

    Raises
    ------
    UnknownNameError
        There is no such report.
    ExperimentError
        A training failed; says why.
    """
    if report not in (FILMS, *LADDERS):
        raise UnknownNameError("report", report, (FILMS, *LADDERS))
    corpus = corpus or ("ravdess" if report == FILMS else LADDERS[report].corpus)
    path = path or store()
    run = functools.partial(_run, path, running)
    cells = pd.DataFrame()
    if report == FILMS:
        tasks, cells = _films(corpus, seeds, run)
    else:
        tasks = list(_ladder(report, corpus, seeds))
        run([each for task in tasks for each in task.trainings])
    command = f"SERCOURSE_DATA=<data> sercourse replicate {report} --corpus {corpus} --seeds {seeds}"
    made = results.circumstances(command)
    wanted = [each for task in tasks for each in task.trainings]
    said = experiments.outcomes(path, wanted)
    people = corpora.load(corpus, channel=None).set_index("recording_id")["speaker"]
    scored = [{"report": report, **score(task.trainings, said, people), **_words(task)} for task in tasks]
    return Replicated(
        _typed(pd.DataFrame(scored).assign(**made), "replication"),
        _typed(cells.assign(**made), "report_a_grid"),
    )


def score(trainings: list[Experiment], said: dict, people: pd.Series) -> dict:
    """Pool the test rows of several folds, and score them.

    Parameters
    ----------
    trainings : list of Experiment
        The folds of one step and seed.
    said : dict
        Outcomes by key, see `experiments.outcomes`.
    people : pandas.Series
        The speaker of each recording_id.

    Returns
    -------
    dict
        Columns of a measured result, with the ends of the interval over speakers; NaN with fewer than three.
    """
    first, found = trainings[0], [_asked(said[each.key], each) for each in trainings]
    true = np.concatenate([each.test.true for each in found])
    predicted = np.concatenate([each.classes[each.test.probabilities[0].argmax(axis=1)] for each in found])
    speakers = people[np.concatenate([each.test.recording for each in found])].to_numpy(str)
    low = high = np.nan
    if len(set(speakers)) > 2:
        _, low, high, *_ = evaluation.bootstrap_speakers(true, predicted, speakers)
    pooled = len(trainings) > 1
    return {
        "system": _system(first),
        "network": first.network,
        "recipe": networks.network(first.network).recipe,
        "corpus": first.corpus,
        "protocol": f"{OUTER[first.protocol].words}, {'pooled' if pooled else 'the first fold only'}",
        "normalisation": "none",
        "fold": "pooled" if pooled else "1",
        "seed": first.seed,
        "n_train": round(np.mean([each.n_train for each in found])),
        "n_test": len(true),
        "uar": evaluation.uar(true, predicted),
        "accuracy": evaluation.accuracy(true, predicted),
        "low": low,
        "high": high,
        "seconds": round(sum(each.seconds for each in found), 1),
    }


def _asked(outcome: Outcome, training: Experiment) -> Outcome:
    """Return the last epoch that a training asks for; with ``stop`` it is the only one there is."""
    return outcome if training.stop else outcome.after(training.epochs[-1:])


def _ladder(report: str, corpus: str, seeds: int) -> Iterator[_Task]:
    for network in LADDERS[report].networks:
        for seed in range(seeds):
            for number, step in enumerate(steps(report, corpus)):
                yield _Task(number, step, described(LADDERS[report], network, step, corpus, seed))


def _films(corpus: str, seeds: int, run: Run) -> tuple[list[_Task], pd.DataFrame]:
    """Train Report A's grid, then what depends on it: several seeds, five folds, clipping."""
    grids = {split: run(films.cells(corpus, split)) for split in (films.RANDOM, films.UNSEEN)}
    tasks = []
    for number, step in enumerate(films.STEPS[:-1]):
        split = step.settings["protocol"]
        chosen = films.best(grids[split], step.settings["by"])
        tasks += [_Task(number, step, chosen[name].trainings(corpus, split)) for name in films.FAMILIES]
    last, five = films.STEPS[-1], list(range(1, films.STEPS[-1].n_folds + 1))
    for cell in films.STATED_BEST:
        for seed in range(seeds):
            folds = cell.trainings(corpus, films.PUBLISHED, fold=five, seed=seed)
            tasks.append(_Task(len(films.STEPS) - 1, last, folds))
    besides = [each for task in tasks for each in task.trainings]
    for cell in films.STATED_BEST:
        besides += cell.trainings(corpus, films.UNSEEN, seed=list(range(films.SEEDS)))
    besides += films.COLLAPSED.trainings(corpus, films.UNSEEN, clip_norm=films.CLIP_NORM)
    rows = pd.concat([*grids.values(), run(besides)])
    return tasks, films.table(rows)


def _run(path, running: dict, wanted: list[Experiment]) -> pd.DataFrame:
    table = experiments.run(wanted, path, final=True, **running)
    failed = table[table["state"] == "failed"]
    if len(failed):
        first = failed.iloc[0]
        raise ExperimentError(
            f"{path}: {len(failed)} of the trainings failed, {first['network']} first: {first['error']}; "
            "mend that, and run the same command with --again"
        )
    return table


def _words(task: _Task) -> dict:
    return {"step": task.number, "change": task.step.change, "why": task.step.why}


def _typed(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows with the columns of a table, each once."""
    shape = results.shape(name)
    typed = rows.reindex(columns=list(shape.columns)).astype(shape.columns)
    return typed.drop_duplicates(list(shape.identity), ignore_index=True)


def _system(said: Experiment) -> str:
    """Say in words what the other columns do not."""
    words = [f"{said.epochs[-1]} epochs", f"batch {said.batch_size}"]
    if said.stop:
        words[0] = f"best of {said.epochs[-1]} epochs by {said.stop} rows"
    words += [f"{name} {value}" for name, value in said.options]
    if said.options:
        words.append(f"learning rate {said.learning_rate}")
    if said.copies != "none":
        words.append(f"copies: {said.copies}, {DEALT[said.dealt]}")
    if said.scaled == "all":
        words.append("scaled by all rows")
    return ", ".join(words)
