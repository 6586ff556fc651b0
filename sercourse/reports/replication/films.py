"""Report A's grid of 48 cells, trained again: on RAVDESS, as its films cannot be had.

Three networks, two learning rates, dropout or none, four layers or six: 24 trainings of 50 epochs, each
scored after 20 epochs as well. Twice: on a random quarter, as the report did, and on six unseen actors. In
both a fifth of the training is held out for validation, so that a cell can be chosen without a look at the
test rows.
"""

from typing import NamedTuple

import pandas as pd

from sercourse.experiments import Experiment, grid
from sercourse.reports.replication.ladders import Step

UNITS = {"report_a_simple_rnn": 32, "report_a_bilstm": 16, "report_a_gru": 32}
"""A layer [G], in the BiLSTM each way. So every layer hands on 32 numbers: fewer than in the lessons, for the
hours."""

FAMILIES = tuple(UNITS)

BATCH_SIZE = 32
"""[G]"""

RANDOM, UNSEEN, PUBLISHED = "random four", "unseen speakers four", "published five"
HELD_OUT = {RANDOM: "recordings held out", UNSEEN: "speakers held out", PUBLISHED: None}
"""The ways to split, and how rows for validation are held out. Where the cell is fixed there are none."""

SPLITS = {
    RANDOM: "random quarter",
    UNSEEN: "six unseen actors",
    PUBLISHED: "unseen actors, one of the published five folds",
}
"""How the table ``report_a_grid`` names the splits."""

SEEDS = 5
"""Of each family's best cell, on six unseen actors."""

CLIP_NORM = 1.0
"""Longest gradient where `COLLAPSED` is trained with clipping [ours]."""


class Cell(NamedTuple):
    """A cell of the grid."""

    network: str
    n_layers: int
    dropout: float
    learning_rate: float
    epochs: int

    def trainings(self, corpus: str, split: str, **settings) -> list[Experiment]:
        """Return the trainings of this cell; settings are those of `experiments.grid`, such as ``seed``."""
        return _grid(corpus, split, **self._asdict(), **settings)


STATED_BEST = (
    Cell("report_a_simple_rnn", 6, 0.0, 0.001, 50),
    Cell("report_a_bilstm", 6, 0.0, 0.001, 50),
    Cell("report_a_gru", 4, 0.0, 0.001, 20),
)
"""Each family's best by the report [S]. They are fixed before anything is trained here, so their scores on
the published folds choose nothing."""

COLLAPSED = Cell("report_a_simple_rnn", 6, 0.0, 0.01, 50)
"""A cell that the report's own figures show as collapsed [D]. Here it is trained with clipping, too."""

STEPS = (
    Step(
        "as published: a random quarter, and the best of 16 cells by the test rows",
        "Every tested voice was heard in training, and the choice is paid for with test rows.",
        {"protocol": RANDOM, "by": "test_accuracy"},
    ),
    Step(
        "the cell is chosen by held-out recordings",
        "The luck of the best of 16 on the test rows is gone.",
        {"protocol": RANDOM, "by": "validation_accuracy"},
    ),
    Step(
        "six unseen actors, the cell is chosen by held-out actors",
        "Now no tested voice was heard in training.",
        {"protocol": UNSEEN, "by": "validation_accuracy"},
    ),
    Step(
        "honest: the report's own best cell, on all five folds of unseen actors",
        "24 actors are tested in place of six, and nothing was chosen.",
        {"protocol": PUBLISHED},
        n_folds=5,
    ),
)
"""Report A's ladder. Who chooses stands under ``by``."""


def cells(corpus: str, split: str) -> list[Experiment]:
    """Return the 24 trainings that hold the 48 cells, of seed 0.

    Parameters
    ----------
    corpus : str
    split : str
        `RANDOM` or `UNSEEN`.

    Returns
    -------
    list of Experiment
    """
    settings = {
        "n_layers": [4, 6],
        "dropout": [0.0, 0.1],
        "learning_rate": [0.001, 0.01],
        "epochs": [20, 50],
    }
    return [each for network in FAMILIES for each in _grid(corpus, split, network=network, **settings)]


def best(results: pd.DataFrame, by: str) -> dict[str, Cell]:
    """Return the best cell of each family; of several equally good ones the first.

    Parameters
    ----------
    results : pandas.DataFrame
        Of `cells` on one split, see `experiments.results`.
    by : str
        ``validation_accuracy``, or, as the report did, ``test_accuracy``.

    Returns
    -------
    dict of Cell
        By network.
    """
    return {name: _cell(own.loc[own[by].idxmax()]) for name, own in results.groupby("network")}


def table(results: pd.DataFrame) -> pd.DataFrame:
    """Turn what `experiments.results` gives into columns of the table ``report_a_grid``.

    Parameters
    ----------
    results : pandas.DataFrame
        With the scores of the test rows.

    Returns
    -------
    pandas.DataFrame
        One row a cell, split, fold and seed; all columns but those that say when and how it was measured.
    """
    names = {
        "epoch": "epochs",
        "test_uar": "uar",
        "test_accuracy": "accuracy",
        "test_largest_share": "largest_share",
    }
    return results.rename(columns=names).assign(
        system=results["epoch"].astype("string") + f" epochs, batch {BATCH_SIZE}",
        recipe="report_a",
        protocol=results["protocol"].map(SPLITS),
        normalisation="none",
        fold=results["fold"].astype("string"),
    )


def _grid(corpus: str, split: str, network: str, **settings) -> list[Experiment]:
    fixed = {"inner": HELD_OUT[split], "batch_size": BATCH_SIZE, "units": UNITS[network]}
    return grid(network=network, corpus=corpus, protocol=split, **fixed, **settings)


def _cell(row: pd.Series) -> Cell:
    return Cell(
        row["network"],
        int(row["n_layers"]),
        float(row["dropout"]),
        float(row["learning_rate"]),
        int(row["epoch"]),
    )
