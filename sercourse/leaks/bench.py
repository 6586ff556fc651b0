"""The bench on which conditions are tried: what was trained once is read again."""

import functools
from typing import NamedTuple

import numpy as np

from sercourse import training
from sercourse.features import Features
from sercourse.leaks.conditions import Condition
from sercourse.leaks.dealing import Dealt, deal, equal_size
from sercourse.splits import PURPOSES, Fold, Used
from sercourse.training import Predictions

LEARNING_RATES = (2e-3, 1e-3, 4e-3)
"""Settings to select from; the first one is used where nothing is selected."""

EVERY = 2
"""Epochs between two readings of a run: `stopping` chooses among these."""


class _Run(NamedTuple):
    """What one training said at each reading: shape (n_readings, n_rows); and its record."""

    test: np.ndarray
    validation: np.ndarray
    used: Used


class Bench:
    """Conditions, tried on the same test rows with equally many training rows and updates.

    Trainings are kept: two conditions that differ only in what is chosen afterwards, the learning rate or the
    epoch, are two readings of the same runs.

    Parameters
    ----------
    examples : Features
        See `sercourse.leaks.examples`.
    folds : list of Fold
        Of the recordings: unseen speakers with unseen statements.
    network : str
        One of `networks.NETWORKS`.
    epochs, batch_size : int
        `epochs` is a multiple of `EVERY`.
    learning_rates : sequence of float
        What `selection` chooses from; the first one is used where nothing is selected.
    seed : int
        Of the validation speakers, of what is drawn, of weights and shuffling.
    progress : bool

    Attributes
    ----------
    tested : numpy.ndarray of int
        The rows that all conditions are tested on, in ascending order.
    n_train : int
        Rows that each fold trains on.
    """

    def __init__(
        self,
        examples: Features,
        folds: list[Fold],
        *,
        network: str = "report_c_model_b",
        epochs: int = 40,
        batch_size: int = 16,
        learning_rates: tuple[float, ...] = LEARNING_RATES,
        seed: int = 0,
        progress: bool = True,
    ):
        self.examples, self._folds = examples, list(folds)
        self._settings = {"network": network, "epochs": epochs, "batch_size": batch_size, "seed": seed}
        self._learning_rates, self._progress = tuple(learning_rates), progress
        self.n_train = equal_size(examples.rows, self._folds, seed)
        self.tested = np.sort(np.concatenate([fold.test for fold in self._folds]))
        self._run = functools.cache(self._train)

    def dealt(self, condition: Condition) -> list[Dealt]:
        """Return the rows that each fold uses under a condition."""
        seed = self._settings["seed"]
        return [deal(self.examples.rows, fold, condition, self.n_train, seed) for fold in self._folds]

    def folds(self, condition: Condition) -> list[Fold]:
        """Return the folds as a condition trains and tests them, to be audited with `predict`'s record."""
        return [Fold(dealt.train, dealt.test) for dealt in self.dealt(condition)]

    def predict(self, condition: Condition) -> Predictions:
        """Train, or remember, what a condition needs, and read its predictions of the test rows.

        Parameters
        ----------
        condition : Condition

        Returns
        -------
        Predictions
            Without probabilities; its record says what was used to fit, scale, select and stop.
        """
        parts, records = [], []
        for number, dealt in enumerate(self.dealt(condition)):
            rates = self._learning_rates if condition.active("selection") else self._learning_rates[:1]
            runs = [self._run(number, condition.data, rate) for rate in rates]
            true = [self._emotions[rows] for rows in (dealt.test, dealt.validation)]
            parts.append(read(runs, *true, condition))
            records.append(_record(runs, dealt, condition))
        order = np.argsort(np.concatenate([fold.test for fold in self._folds]))
        return Predictions(
            np.concatenate(parts)[order], None, np.unique(self._emotions), records, self.tested
        )

    @functools.cached_property
    def _emotions(self) -> np.ndarray:
        return self.examples.rows["emotion"].to_numpy(str)

    def _train(self, number: int, condition: Condition, learning_rate: float) -> _Run:
        dealt = self.dealt(condition)[number]
        epochs = self._settings["epochs"]
        trained = training.train_and_predict(
            features=self.examples,
            train=dealt.train,
            score=np.concatenate([dealt.test, dealt.validation]),
            at=range(EVERY, epochs + 1, EVERY),
            scale=_scaled_by(dealt, condition),
            learning_rate=learning_rate,
            progress=self._progress,
            **self._settings,
        )
        return _Run(*np.split(trained.predicted, [len(dealt.test)], axis=1), trained.used)


def read(runs: list[_Run], tested: np.ndarray, validated: np.ndarray, condition: Condition) -> np.ndarray:
    """Choose the epoch of each run, then the run, and return what it says of the test rows.

    Parameters
    ----------
    runs : list of _Run
        One a learning rate; one where nothing is selected.
    tested, validated : numpy.ndarray of str
        The true emotions of the test and validation rows.
    condition : Condition
        ``stopping`` chooses the epoch with most right answers, ``selection`` the run: switched on by the test
        rows, controlled by the validation rows. Of equals the first one is taken. Neither: the last epoch.

    Returns
    -------
    numpy.ndarray of str, shape (n_tested,)
    """

    def watched(switch: str) -> tuple[list[np.ndarray], np.ndarray]:
        if switch in condition.on:
            return [run.test for run in runs], tested
        return [run.validation for run in runs], validated

    epochs = [-1] * len(runs)
    if condition.active("stopping"):
        said, true = watched("stopping")
        epochs = [training.best_reading(each, true) for each in said]
    best = 0
    if condition.active("selection"):
        said, true = watched("selection")
        ends = [each[epoch] for each, epoch in zip(said, epochs, strict=True)]
        best = training.best_reading(np.stack(ends), true)
    return runs[best].test[epochs[best]]


def _scaled_by(dealt: Dealt, condition: Condition) -> np.ndarray:
    return np.concatenate([dealt.train, dealt.test]) if "scaling" in condition.on else dealt.train


def _record(runs: list[_Run], dealt: Dealt, condition: Condition) -> Used:
    """Return what the trainings noted themselves, and what the readings chose by."""
    used = Used()
    for run in runs:
        for purpose in PURPOSES:
            used.note(purpose, run.used[purpose])
    for purpose, switch in (("select", "selection"), ("stop", "stopping")):
        if condition.active(switch):
            used.note(purpose, dealt.test if switch in condition.on else dealt.validation)
    return used
