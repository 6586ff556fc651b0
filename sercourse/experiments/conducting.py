"""Do one experiment: train once, and say what the network says of validation and test rows."""

import io
import time
from typing import NamedTuple

import numpy as np

from sercourse import training
from sercourse.experiments.description import Experiment
from sercourse.experiments.material import Material, gather


class Said(NamedTuple):
    """What a network said of one side of a split.

    Attributes
    ----------
    recording : numpy.ndarray of str, shape (n,)
        Each row's recording_id; of a copy, that of its recording.
    true : numpy.ndarray of str, shape (n,)
    probabilities : numpy.ndarray of float32, shape (n_epochs, n, n_classes)
    """

    recording: np.ndarray
    true: np.ndarray
    probabilities: np.ndarray


class Outcome(NamedTuple):
    """What came out of one experiment.

    Attributes
    ----------
    epochs : tuple of int
        After which the rows were scored; with ``stop`` the best one.
    classes : numpy.ndarray of str, shape (n_classes,)
    n_train : int
    seconds : float
    validation, test : Said
    """

    epochs: tuple[int, ...]
    classes: np.ndarray
    n_train: int
    seconds: float
    validation: Said
    test: Said

    def after(self, epochs: tuple[int, ...]) -> "Outcome":
        """Return what was scored after some of the epochs."""
        at = [self.epochs.index(epoch) for epoch in epochs]
        return self._replace(
            epochs=epochs,
            validation=self.validation._replace(probabilities=self.validation.probabilities[at]),
            test=self.test._replace(probabilities=self.test.probabilities[at]),
        )

    def packed(self) -> bytes:
        """Return the outcome as the content of a compressed NPZ file."""
        file = io.BytesIO()
        sides = {
            f"{side}_{name}": value
            for side in ("validation", "test")
            for name, value in getattr(self, side)._asdict().items()
        }
        np.savez_compressed(
            file,
            epochs=self.epochs,
            classes=self.classes,
            n_train=self.n_train,
            seconds=self.seconds,
            **sides,
        )
        return file.getvalue()

    @classmethod
    def unpacked(cls, content: bytes) -> "Outcome":
        """Return what `packed` made into bytes."""
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            sides = [
                Said(*(kept[f"{side}_{name}"] for name in Said._fields)) for side in ("validation", "test")
            ]
            epochs = tuple(int(epoch) for epoch in kept["epochs"])
            return cls(epochs, kept["classes"], int(kept["n_train"]), float(kept["seconds"]), *sides)


def conduct(experiment: Experiment, progress: bool = False) -> Outcome:
    """Train once, and score.

    Parameters
    ----------
    experiment : Experiment
    progress : bool
        Show a bar over the epochs.

    Returns
    -------
    Outcome
        Its seconds are those of the training, without the extraction of features.

    Raises
    ------
    SercourseError
        See `sercourse.experiments.material.gather`.
    """
    material = gather(experiment)
    start = time.perf_counter()
    trained = train(experiment, material, progress)
    seconds = time.perf_counter() - start
    rows, sides = material.features.rows, (material.validation, material.test)
    recording = rows["parent"].fillna(rows["recording_id"]).to_numpy(str)
    cut = np.split(trained.probabilities, [len(material.validation)], axis=1)
    said = [
        Said(recording[side], rows["emotion"].to_numpy(str)[side], each)
        for side, each in zip(sides, cut, strict=True)
    ]
    outcome = Outcome(trained.at, trained.classes, len(material.fit), seconds, *said)
    return _best(outcome, experiment.stop) if experiment.stop else outcome


def train(experiment: Experiment, material: Material, progress: bool = False) -> training.Trained:
    """Train once, and predict validation and test rows after each epoch that may be scored.

    Parameters
    ----------
    experiment : Experiment
    material : Material
        See `sercourse.experiments.material.gather`.
    progress : bool

    Returns
    -------
    Trained
        Of the rows of validation, then of test. Its record also has the rows that decide when training
        stops, so that `sercourse.splits.audit` sees every leak that an experiment can describe.
    """
    last = experiment.epochs[-1]
    trained = training.train_and_predict(
        experiment.network,
        material.features,
        material.fit,
        np.concatenate([material.validation, material.test]),
        epochs=last,
        at=range(1, last + 1) if experiment.stop else experiment.epochs,
        scale=_scaling(experiment, material),
        batch_size=experiment.batch_size,
        learning_rate=experiment.learning_rate,
        clip_norm=experiment.clip_norm,
        seed=experiment.seed,
        progress=progress,
        **dict(experiment.options),
    )
    if experiment.stop:
        trained.used.note("stop", getattr(material, experiment.stop))
    return trained


def _scaling(experiment: Experiment, material: Material) -> np.ndarray:
    if experiment.scaled == "train":
        return material.fit
    return np.concatenate([material.fit, material.validation, material.test])


def _best(outcome: Outcome, side: str) -> Outcome:
    """Keep the epoch at which the accuracy on a side is highest, the first of several."""
    said = getattr(outcome, side)
    best = training.best_reading(outcome.classes[said.probabilities.argmax(axis=-1)], said.true)
    return outcome.after((outcome.epochs[best],))
