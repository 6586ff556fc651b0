"""Measure how soon a network reaches a validation UAR: our way, and by plain Keras with batches of 1.

SERCOURSE_DATA=<data> uv run python .ci/benchmark_training.py [--corpus ravdess] [--seeds 1]

Report C trains its four models by batches of 1; plain ``model.fit`` stands for that, here for 10 epochs. Our
way is `sercourse.training.fit` with batches of 16, for 100 epochs. Both start from the same weights, with the
same learning rate. The goal is the best validation UAR that both reach, and each way's time is when it first
does so. Validation speakers are held out of the first published fold's training actors; nobody who is tested
is looked at.

A UAR is the mean of three epochs, since a single one jumps. Clocks run from before the network is compiled,
and stand while it is scored.
"""

import argparse
import os
import time
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import corpora, evaluation, features, networks, splits, training
from sercourse.networks.backend import load_keras

keras = load_keras()

MODELS = [f"report_c_model_{letter}" for letter in "abcd"]
EPOCHS, OUR_EPOCHS = 10, 100
SMOOTHED = 3  # epochs
BATCH_SIZE = 16


class Data(NamedTuple):
    """Standardised examples: to fit, and to validate."""

    x: np.ndarray
    y: np.ndarray
    x_validation: np.ndarray
    emotions: np.ndarray
    classes: np.ndarray


class Clock(keras.callbacks.Callback):
    """Scores each epoch, and keeps how many seconds of training it came after."""

    def __init__(self, data: Data):
        super().__init__()
        self.data, self.seconds, self.uar = data, [], []
        self.spent, self.started = 0.0, time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Score the epoch while the clock stands."""
        self.spent += time.perf_counter() - self.started
        predicted = np.asarray(self.model(self.data.x_validation, training=False)).argmax(axis=1)
        self.uar.append(evaluation.uar(self.data.emotions, self.data.classes[predicted]))
        self.seconds.append(self.spent)
        self.started = time.perf_counter()

    @property
    def smoothed(self) -> np.ndarray:
        """The mean UAR of each epoch and those before it; 0 until there are enough."""
        return pd.Series(self.uar).rolling(SMOOTHED).mean().fillna(0).to_numpy()

    def reached(self, goal: float) -> tuple[float, int]:
        """Return after how many seconds, and in which epoch, a UAR was first reached."""
        epoch = int(np.argmax(self.smoothed >= goal))
        return self.seconds[epoch], epoch + 1


def load(corpus: str, seed: int) -> Data:
    """Extract what Report C's models read, and hold validation speakers out."""
    extracted = features.extract(corpora.load(corpus), features.recipe("report_c"), progress=False)
    outer = splits.published_five(extracted.rows)[0]
    fit, validation = splits.hold_out(extracted.rows, outer.train, seed=seed)
    x = networks.arrange(MODELS[0], training.standardise(extracted, fit))
    emotions = extracted.rows["emotion"].to_numpy(str)
    classes, y = np.unique(emotions, return_inverse=True)
    return Data(x[fit], y[fit], x[validation], emotions[validation], classes)


def build(name: str, data: Data, seed: int):
    """Return a network with the weights of a seed."""
    keras.utils.set_random_seed(seed)
    return networks.build(name, data.x.shape[1:], len(data.classes))


def plain(name: str, data: Data, epochs: int, seed: int) -> Clock:
    """Train as Report C does."""
    model, clock = build(name, data, seed), Clock(data)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(data.x, data.y, batch_size=1, epochs=epochs, verbose=0, callbacks=[clock])
    return clock


def ours(name: str, data: Data, epochs: int, seed: int) -> Clock:
    """Train as `sercourse.training.cross_predict` does."""
    model, clock = build(name, data, seed), Clock(data)
    steps = len(data.x) // BATCH_SIZE
    training.compile_model(model, jit=networks.network(name).jit, steps_per_execution=steps)
    fitting = {"epochs": epochs, "batch_size": BATCH_SIZE, "steps": steps, "seed": seed}
    training.fit(model, data.x, data.y, callbacks=[clock], **fitting)
    return clock


def compare(name: str, data: Data, seed: int) -> dict:
    """Return a row: how soon each way reached the goal, and how many times sooner ours did."""
    clocks = {
        way.__name__: way(name, data, epochs, seed) for way, epochs in ((plain, EPOCHS), (ours, OUR_EPOCHS))
    }
    bests = {f"best, {way}": clock.smoothed.max() for way, clock in clocks.items()}
    goal = min(bests.values())
    reached = {way: clock.reached(goal) for way, clock in clocks.items()}
    return {
        "model": name,
        "seed": seed,
        **bests,
        "goal": goal,
        **{f"s, {way}": seconds for way, (seconds, _) in reached.items()},
        **{f"epochs, {way}": epoch for way, (_, epoch) in reached.items()},
        "times sooner": reached["plain"][0] / reached["ours"][0],
    }


def main() -> None:
    """Compare the four models on one corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", default="ravdess")
    parser.add_argument("--seeds", type=int, default=1, help="seeds 0 to one less, for weights and speakers")
    parser.add_argument("--models", nargs="+", default=MODELS)
    asked = parser.parse_args()
    print(
        f"{asked.corpus}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start", flush=True
    )
    rows = []
    for seed in range(asked.seeds):
        data = load(asked.corpus, seed)
        rows += [compare(name, data, seed) for name in asked.models]
    print(pd.DataFrame(rows).round(3).to_string(index=False))


if __name__ == "__main__":
    main()
