"""The search: every candidate on inner folds, and what each outer fold takes."""

import functools
import itertools
from pathlib import Path

import pandas as pd

from sercourse import corpora, experiments, networks, settings
from sercourse.errors import ExperimentError, ManifestError
from sercourse.evaluation.protocol import INNER, OUTER
from sercourse.experiments import Experiment
from sercourse.reports import results

NETWORK = "course_best"
SEARCHED = "published five"
HELD_OUT = "speakers held out"
"""How the search sets test speakers apart, and holds others out: of `sercourse.evaluation.protocol`."""

FITTING = {"epochs": 60, "batch_size": 32, "learning_rate": 0.002}
CANDIDATES: dict[str, dict] = {
    "as it is": {},
    "wider": {"filters": (24, 48, 96, 128)},
    "spoilt more, and mixed": {"masked_bands": 10, "masked_frames": 16, "noise": 0.15, "mixup": 0.3},
    "not spoilt": {"masked_bands": 0, "masked_frames": 0, "noise": 0.0},
    "dropout .2": {"dropout": 0.2},
}
"""What the search tries: changes of the network's regime, or of its own options. On corpora on which nothing
is searched, the first one is tested."""

COSTLY = ("wider",)
"""Candidates that are scored and not taken: 1.7 times the seconds, for a gain below what seeds differ by."""

SURVIVORS = 2
"""How many candidates of each fold go into the second round."""


def store() -> Path:
    """Return the file that keeps the trainings, unless another one is named."""
    return settings.home() / "experiments" / "course_best.sqlite"


def protocol(corpus: str) -> str:
    """Return how a corpus is tested: by the published folds, or leaving one speaker out at a time.

    Raises
    ------
    CorpusError
        It is not on this machine.
    """
    try:
        OUTER[SEARCHED].deal(corpora.load(corpus), 0)
    except ManifestError:
        return "leave one speaker out"
    return SEARCHED


def searched(corpus: str) -> bool:
    """Return whether candidates are compared on a corpus: where it has the published folds of RAVDESS."""
    return protocol(corpus) == SEARCHED


def folds(corpus: str) -> list[int]:
    """Return the numbers of the folds by which a corpus is tested, see `protocol`."""
    return list(range(1, len(OUTER[protocol(corpus)].deal(corpora.load(corpus), 0)) + 1))


def trainings(candidate: str, **asked) -> list[Experiment]:
    """Return the trainings of a candidate.

    Parameters
    ----------
    candidate : str
        One of `CANDIDATES`.
    **asked
        Values of `Experiment`, each one or a list of several: at least corpus and protocol.
    """
    own = {
        name: [value] if isinstance(value, tuple) else value for name, value in CANDIDATES[candidate].items()
    }
    return experiments.grid(network=NETWORK, **FITTING, **asked, **own)


def search(corpus: str, *, path=None, **running) -> pd.DataFrame:
    """Train candidates on inner folds, and score them on the speakers that were held out there.

    There are two rounds. The first has all candidates, with seed 0. In the second, the `SURVIVORS` of each
    fold are trained with seed 1, which holds other speakers out: four speakers alone are soon won by luck.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    path : path-like, optional
        The store of trainings; by default `store`.
    **running
        `workers`, `dask`, `again` and `progress`, see `experiments.run`.

    Returns
    -------
    pandas.DataFrame
        One row a training: the columns of ``reports.shape("course_best_search")``. The scores are of the
        speakers that were held out; the test rows are not looked at.

    Raises
    ------
    ExperimentError
        A training failed; says why.
    """
    scored = functools.partial(_scored, corpus, path or store(), running)
    first = scored(set(itertools.product(CANDIDATES, folds(corpus), [0])))
    best = _open_to_choice(first).sort_values("uar", ascending=False, kind="stable").groupby("fold")
    left = best.head(SURVIVORS)[["candidate", "fold"]]
    second = scored({(name, fold, 1) for name, fold in left.itertuples(index=False)})
    return pd.concat([first, second], ignore_index=True)


def _scored(corpus: str, path, running: dict, cells: set[tuple[str, int, int]]) -> pd.DataFrame:
    """Return the scores of candidates by fold and seed, in the order of `CANDIDATES`."""
    asked = {"corpus": corpus, "protocol": SEARCHED, "inner": HELD_OUT}
    ordered = sorted(cells, key=lambda cell: (list(CANDIDATES).index(cell[0]), *cell[1:]))
    wanted = [
        (name, each)
        for name, fold, seed in ordered
        for each in trainings(name, fold=int(fold), seed=seed, **asked)
    ]
    table = trained(path, [each for _, each in wanted], **running).assign(
        candidate=[name for name, _ in wanted],
        recipe=networks.network(NETWORK).recipe,
        protocol=words(corpus, "scored"),
        **results.circumstances(f"SERCOURSE_DATA=<data> sercourse best --corpus {corpus}"),
    )
    table = table.rename(columns={"validation_uar": "uar", "validation_accuracy": "accuracy"})
    shape = results.shape("course_best_search")
    return table[list(shape.columns)].astype(shape.columns)


def choose(found: pd.DataFrame) -> dict[int, str]:
    """Return what each fold takes: of the last round, the candidate that its own held-out speakers prefer.

    Parameters
    ----------
    found : pandas.DataFrame
        From `search`, or ``reports.measured("course_best_search")``.

    Returns
    -------
    dict of int to str
        By the mean UAR over seeds. Of equals the first one in `CANDIDATES`.
    """
    scores = _open_to_choice(found).groupby(["fold", "candidate"])["uar"].agg(["count", "mean"])
    last = scores[scores["count"] == scores["count"].groupby("fold").transform("max")]
    means = last.reset_index().pivot_table("mean", "fold", "candidate")
    ordered = means[[name for name in CANDIDATES if name in means]]
    return {int(fold): str(name) for fold, name in ordered.idxmax(axis=1).items()}


def _open_to_choice(found: pd.DataFrame) -> pd.DataFrame:
    return found[~found["candidate"].isin(COSTLY)]


def by_fold(found: pd.DataFrame) -> pd.DataFrame:
    """Return the UAR of each candidate or system and seed by fold, and the mean where no fold is missing."""
    rows = ["candidate" if "candidate" in found else "system", "seed"]
    table = found.pivot_table("uar", rows, "fold", sort=False).sort_index(axis=1)
    return table.assign(mean=table.drop(columns="pooled", errors="ignore").mean(axis=1, skipna=False))


def untouched(corpus: str) -> dict[int, str]:
    """Return the recipe as it is for every fold of a corpus: what to test where nothing is searched."""
    return dict.fromkeys(folds(corpus), next(iter(CANDIDATES)))


def words(corpus: str, done: str) -> str:
    """Return the column ``protocol`` of measured results: what was done with speakers who were held out."""
    outer = OUTER[protocol(corpus)].words
    return f"{outer}, {done} on {INNER[HELD_OUT].words}" if searched(corpus) else outer


def trained(path, wanted: list[Experiment], **running) -> pd.DataFrame:
    """Do the trainings that a store lacks; see `experiments.run`.

    Raises
    ------
    ExperimentError
        One failed; says why.
    """
    table = experiments.run(wanted, path, **running)
    failed = table[table["state"] == "failed"]
    if len(failed):
        raise ExperimentError(
            f"{path}: {len(failed)} training(s) failed, the first: {failed['error'].iloc[0]}; mend that, and "
            "run it again"
        )
    return table
