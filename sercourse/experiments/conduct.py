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
        Each row's recording_id.
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
    sides = (material.validation, material.test)
    every = experiment.stop is not None
    trained = training.train_and_predict(
        experiment.network,
        material.features,
        material.fit,
        np.concatenate(sides),
        epochs=experiment.epochs[-1],
        at=range(1, experiment.epochs[-1] + 1) if every else experiment.epochs,
        scale=_scaling(experiment, material),
        batch_size=experiment.batch_size,
        learning_rate=experiment.learning_rate,
        clip_norm=experiment.clip_norm,
        seed=experiment.seed,
        progress=progress,
        **dict(experiment.options),
    )
    seconds = time.perf_counter() - start
    rows, cut = material.features.rows, [len(material.validation)]
    said = [
        Said(rows["recording_id"].to_numpy(str)[side], rows["emotion"].to_numpy(str)[side], each)
        for side, each in zip(sides, np.split(trained.probabilities, cut, axis=1), strict=True)
    ]
    outcome = Outcome(trained.at, trained.classes, len(material.fit), seconds, *said)
    return _best(outcome, experiment.stop) if every else outcome


def _scaling(experiment: Experiment, material: Material) -> np.ndarray:
    if experiment.scaled == "train":
        return material.fit
    return np.concatenate([material.fit, material.validation, material.test])


def _best(outcome: Outcome, side: str) -> Outcome:
    """Keep the epoch at which the accuracy on a side is highest, the first of several."""
    said = getattr(outcome, side)
    right = outcome.classes[said.probabilities.argmax(axis=-1)] == said.true
    best = int(right.mean(axis=1).argmax())
    return outcome._replace(
        epochs=(outcome.epochs[best],),
        validation=outcome.validation._replace(probabilities=outcome.validation.probabilities[[best]]),
        test=outcome.test._replace(probabilities=outcome.test.probabilities[[best]]),
    )
