"""Run experiments: only those that the store does not have, in several processes, and read the table."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from sercourse import evaluation, parallel
from sercourse.corpora import CORPORA
from sercourse.errors import ExperimentError, WorkersError
from sercourse.experiments.conducting import Outcome, Said, conduct
from sercourse.experiments.description import Experiment, merged
from sercourse.experiments.log import note
from sercourse.experiments.material import extract, needs
from sercourse.experiments.store import DONE, FAILED, Kept, Store

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
    log=None,
) -> pd.DataFrame:
    """Do the experiments that the store does not have yet.

    Each is kept as it finishes, so that a run that was stopped or killed goes on with the same call. One that
    fails is kept with its error, and the others go on: also one whose process dies, for want of memory, say.

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
        No cluster answers, or its workers died. What was finished is kept.
    ExperimentError
        The store or the log cannot be used.
    """
    kept, asked = Store(store), merged(experiments)
    jobs = _missing(asked, kept.kept(), again)
    if jobs:
        kept.prepare()
    if dask is None:
        _extract(jobs, workers, progress)
    for done in _outcomes(jobs, workers, dask, progress):
        kept.add(*done)
    return results(store, asked, final=final, log=log)


def results(
    store, experiments: Iterable[Experiment] | None = None, *, final: bool = False, log=None
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
    store = Store(store)
    kept = store.kept()
    asked = merged([each.experiment for each in kept.values()] if experiments is None else experiments)
    chosen = [(each, kept[each.key]) for each in asked if each.key in kept]
    if final:
        _look(store, [known for _, known in chosen], log)
    rows = [
        known.experiment.columns | scores
        for each, known in chosen
        for scores in _scores(store, each, known, final)
    ]
    kinds = COLUMNS | (TEST_COLUMNS if final else {})
    first = dict.fromkeys(name for row in rows for name in row if name not in kinds)
    return pd.DataFrame(rows, columns=[*first, *kinds]).astype(kinds)


def outcomes(store, experiments: Iterable[Experiment], *, log=None) -> dict[str, Outcome]:
    """Return all that some trainings gave, by `Experiment.key`: test rows too, so this is a look at them.

    Parameters
    ----------
    store : str or path-like
    experiments : iterable of Experiment
        Those that failed or were never done are left out. Each has the epochs that it asks for.
    log
        See `results`.

    Returns
    -------
    dict of Outcome
    """
    store = Store(store)
    kept = store.kept()
    chosen = [(each, kept[each.key]) for each in merged(experiments) if _has(kept.get(each.key), each)]
    _look(store, [known for _, known in chosen], log)
    return {each.key: _scored(store, each, known) for each, known in chosen}


def predictions(store, experiment: Experiment, side: str = "validation", *, log=None) -> Said:
    """Return what a network said of one side, after the last of the experiment's epochs.

    Parameters
    ----------
    store : str or path-like
    experiment : Experiment
        One that the store has.
    side : str
        ``validation`` or ``test``: the latter is a look at the test rows.
    log
        See `results`.

    Returns
    -------
    Said
        Its probabilities have shape (n, n_classes).

    Raises
    ------
    ExperimentError
        The store does not have it, or it failed.
    """
    store = Store(store)
    known = store.kept().get(experiment.key)
    if not _has(known, experiment):
        raise ExperimentError(f"{store.path} has no outcome of {experiment}; run it first")
    if side == "test":
        _look(store, [known], log)
    said = getattr(_scored(store, experiment, known), side)
    return said._replace(probabilities=said.probabilities[-1])


def _missing(asked: list[Experiment], kept: dict[str, Kept], again: bool) -> list[Experiment]:
    """Those to do, networks that are compiled alike one after the other."""
    jobs = []
    for each in asked:
        known = kept.get(each.key)
        if _has(known, each) or (known and known.error and not again):
            continue
        jobs += merged([known.experiment, each]) if known and known.done else [each]
    return sorted(jobs, key=lambda each: (each.corpus, each.network, str(each.options), each.clip_norm or 0))


def _has(known: Kept | None, asked: Experiment) -> bool:
    return known is not None and known.done and known.experiment.covers(asked)


def _extract(jobs: list[Experiment], workers: int | None, progress: bool) -> None:
    """Fill the cache by all processes together, rather than by several trainings at once."""
    for each in dict.fromkeys(map(needs, jobs)):
        try:
            extract(*each, workers=workers, progress=progress)
        except Exception:  # the training meets it again, and the store keeps it
            continue


Done = tuple[Experiment, Outcome | None, str | None]


def _outcomes(
    jobs: list[Experiment], workers: int | None, dask: str | None, progress: bool
) -> Iterator[Done]:
    """Do all jobs. Those in hand when a process died are done again, each in a process of its own."""
    left = {each.key: each for each in jobs}
    sharing = {"workers": workers, "dask": dask, "progress": progress, "ordered": False, "batch": 1}
    while left:
        try:
            for done in parallel.share(_attempt, list(left.values()), "experiments", "training", **sharing):
                del left[done[0].key]
                yield done
        except WorkersError:
            if dask is not None:
                raise
            for each in list(left.values())[: parallel.handed_out(workers)]:
                del left[each.key]
                yield _alone(each)


def _alone(experiment: Experiment) -> Done:
    sharing = {"workers": 1, "apart": True, "progress": False, "batch": 1}
    try:
        (done,) = parallel.share(_attempt, [experiment], "experiments", "training", **sharing)
        return done
    except WorkersError as error:
        return experiment, None, f"WorkersError: {error}"


def _attempt(experiment: Experiment) -> Done:
    try:
        return experiment, conduct(experiment), None
    except Exception as error:  # whatever it is, the others go on, and the table shows it
        return experiment, None, f"{type(error).__name__}: {error}"


def _look(store: Store, known: list[Kept], log) -> None:
    """Note in the log what was never looked at before, of real corpora only."""
    real = {
        each.key: each.experiment
        for each in known
        if each.done and not CORPORA[each.experiment.corpus].synthetic
    }
    if real:
        with store.unsealing(real) as new:
            if new:
                note([real[key] for key in real if key in new], log)


def _scored(store: Store, asked: Experiment, known: Kept) -> Outcome:
    """Return an outcome with those epochs that are asked for and there."""
    outcome = store.outcome(known.key)
    if asked.stop:
        return outcome
    return outcome.after(tuple(epoch for epoch in outcome.epochs if epoch in asked.epochs))


def _scores(store: Store, asked: Experiment, known: Kept, final: bool) -> Iterator[dict]:
    if known.done:
        outcome = _scored(store, asked, known)
        for position, epoch in enumerate(outcome.epochs):
            scores = {"state": DONE, "epoch": epoch, "n_train": outcome.n_train, "seconds": outcome.seconds}
            yield (
                scores
                | _of_side("validation", outcome, position)
                | (_of_side("test", outcome, position) if final else {})
            )
    if known.error and not _has(known, asked):
        yield {"state": FAILED, "error": known.error}


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
