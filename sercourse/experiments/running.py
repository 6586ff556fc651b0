"""Run experiments: only those that the store does not have, in several processes, and read the table."""

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from sercourse import evaluation, parallel
from sercourse.experiments.conduct import Outcome, Said, conduct
from sercourse.experiments.description import Experiment, merged
from sercourse.experiments.log import LOG, note
from sercourse.experiments.store import DONE, FAILED, Store

COLUMNS = {
    "epoch": "Int64",
    "state": "string",
    "error": "string",
    "n_train": "Int64",
    "n_validation": "Int64",
    "validation_uar": "float64",
    "validation_accuracy": "float64",
    "validation_largest_share": "float64",  # of the rows given to one class: 1 where the network collapsed
    "seconds": "float64",
}
"""The columns behind those of the description. ``seconds`` are those of the whole training."""

TEST_COLUMNS = {
    "n_test": "Int64",
    "test_uar": "float64",
    "test_accuracy": "float64",
    "test_largest_share": "float64",
}
"""The columns that ``final`` adds."""


def run(
    experiments: Iterable[Experiment],
    store,
    *,
    final: bool = False,
    workers: int | None = None,
    dask: str | None = None,
    again: bool = False,
    progress: bool = True,
    log=LOG,
) -> pd.DataFrame:
    """Do the experiments that the store does not have yet.

    Each is kept as it finishes, so that a run that was stopped or killed goes on with the same call. One that
    fails is kept with its error, and the others go on.

    Parameters
    ----------
    experiments : iterable of Experiment
        Those that differ in epochs only are one training.
    store : str or path-like
        The file, see `Store`.
    final, log
        See `results`.
    workers : int, optional
        Processes on this machine, each with one thread; by default one a core.
    dask : str, optional
        Address of a Dask scheduler, see `sercourse.parallel.share`. The workers need the corpora.
    again : bool
        Try those again that failed.
    progress : bool

    Returns
    -------
    pandas.DataFrame
        Of these experiments, see `results`.

    Raises
    ------
    WorkersError
        A process died, or no cluster answers. What was finished is kept.
    ExperimentError
        The store cannot be used.
    """
    store, asked = Store(store), merged(experiments)
    jobs = _missing(asked, store, again)
    done = parallel.share(
        _attempt,
        jobs,
        "experiments",
        "training",
        workers=workers,
        dask=dask,
        progress=progress,
        ordered=False,
        batch=1,
    )
    for experiment, outcome, error in done:
        store.add(experiment, outcome, error)
    return results(store.path, asked, final=final, log=log)


def results(
    store, experiments: Iterable[Experiment] | None = None, *, final: bool = False, log=LOG
) -> pd.DataFrame:
    """Return what the store has.

    Parameters
    ----------
    store : str or path-like
    experiments : iterable of Experiment, optional
        Only these, and of these only the epochs that they name.
    final : bool
        Show the test rows' scores as well, as one does at the end, when nothing is left to be chosen. A look
        at the test rows of a real corpus is noted in `log`, the first time.
    log : path-like
        See `sercourse.experiments.log`.

    Returns
    -------
    pandas.DataFrame
        One row a training and epoch: the description's columns, then `COLUMNS`, and `TEST_COLUMNS` where it
        is final. A training that failed has one row, without scores.
    """
    asked = None if experiments is None else {each.key: each for each in merged(experiments)}
    kept = Store(store)
    rows, shown = [], []
    for experiment, state, error, outcome in kept.rows():
        if asked is not None and experiment.key not in asked:
            continue
        shown.append(experiment)
        epochs = (asked or {}).get(experiment.key, experiment).epochs
        for scores in _scores(experiment, outcome, epochs, final):
            rows.append(experiment.columns | {"state": state, "error": error} | scores)
    if final and shown:
        new = set(kept.unseal([each.key for each in shown]))
        note([each for each in shown if each.key in new], log)
    kinds = COLUMNS | (TEST_COLUMNS if final else {})
    first = dict.fromkeys(name for row in rows for name in row if name not in kinds)
    return pd.DataFrame(rows, columns=[*first, *kinds]).astype(kinds)


def predictions(store, experiment: Experiment, side: str = "validation") -> Said:
    """Return what a network said of one side, after the last of the experiment's epochs.

    Parameters
    ----------
    store : str or path-like
    experiment : Experiment
        One that the store has.
    side : str
        ``validation`` or ``test``.

    Returns
    -------
    Said
        Its probabilities have shape (n, n_classes).

    Raises
    ------
    KeyError
        The store does not have it, or it failed.
    """
    for known, _, _, outcome in Store(store).rows():
        if known.key == experiment.key and outcome is not None:
            said = getattr(outcome, side)
            last = -1 if experiment.stop else outcome.epochs.index(experiment.epochs[-1])
            return said._replace(probabilities=said.probabilities[last])
    raise KeyError(f"{store} has no outcome of {experiment}; run it first")


def _missing(asked: list[Experiment], store: Store, again: bool) -> list[Experiment]:
    """Those to do, networks that are compiled alike one after the other."""
    kept = store.kept()
    jobs = []
    for each in asked:
        known, state = kept.get(each.key, (None, None))
        if state == FAILED and not again:
            continue
        if state != DONE or not _covers(known, each):
            epochs = each.epochs if state != DONE or each.stop else each.epochs + known.epochs
            jobs.append(dataclasses.replace(each, epochs=epochs))
    return sorted(jobs, key=lambda each: (each.corpus, each.network, str(each.options), each.clip_norm or 0))


def _covers(known: Experiment, asked: Experiment) -> bool:
    return known.epochs == asked.epochs if asked.stop else set(known.epochs) >= set(asked.epochs)


def _attempt(experiment: Experiment) -> tuple[Experiment, Outcome | None, str | None]:
    try:
        return experiment, conduct(experiment), None
    except Exception as error:  # whatever it is, the others go on, and the table shows it
        return experiment, None, f"{type(error).__name__}: {error}"


def _scores(experiment: Experiment, outcome: Outcome | None, epochs, final: bool) -> Iterator[dict]:
    if outcome is None:
        yield {}
        return
    for position, epoch in enumerate(outcome.epochs):
        if experiment.stop is None and epoch not in epochs:
            continue
        scores = {"epoch": epoch, "n_train": outcome.n_train, "seconds": outcome.seconds}
        yield (
            scores
            | _of_side("validation", outcome, position)
            | (_of_side("test", outcome, position) if final else {})
        )


def _of_side(side: str, outcome: Outcome, position: int) -> dict:
    said = getattr(outcome, side)
    counted = {f"n_{side}": len(said.true)}
    if not len(said.true):
        return counted
    predicted = outcome.classes[said.probabilities[position].argmax(axis=1)]
    _, shares = np.unique(predicted, return_counts=True)
    return counted | {
        f"{side}_uar": evaluation.uar(said.true, predicted),
        f"{side}_accuracy": evaluation.accuracy(said.true, predicted),
        f"{side}_largest_share": shares.max() / len(predicted),
    }
