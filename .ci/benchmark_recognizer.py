"""Measure how long an answer takes for a window of 3 s, on one core, and what each way to run it brings.

taskset -c 1 uv run python .ci/benchmark_recognizer.py [--bundle PATH] [--times 200]

Ways are taken in turns, a call of each a round, so that a busy machine slows them all alike. The first ten
rounds, in which things are compiled, do not count. The sound is at 48 kHz, as browsers record it. All ways
must give the same probabilities. ``answer`` is what a user waits for: resampling, the speech check, features,
and the network.
"""

import argparse
import os

os.environ.update(
    dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
    )
)

import resource
import tempfile
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from sercourse import audio, corpora, features
from sercourse.networks.backend import load_keras
from sercourse.recognizer import speech
from sercourse.recognizer.using import opened

RATE, WARM = 48_000, 10


def ways_of(recognizer, samples: np.ndarray) -> dict[str, Callable]:
    """Return what is timed by name; those whose name begins with "network" give probabilities."""
    load_keras()
    import tensorflow as tf

    recipe, model = recognizer.bundle.recipe, recognizer.bundle.model
    at_recipe = audio.resample(samples, RATE, recipe.rate)
    x = recognizer.arranged(recognizer.features(samples, RATE))
    spec = [tf.TensorSpec(x.shape, tf.float32)]
    xla = tf.function(lambda x: model(x, training=False), spec, jit_compile=True, autograph=False)
    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, format="tf_saved_model", input_signature=spec, verbose=False)
        exported = tf.saved_model.load(folder)
    return {
        "answer": lambda: recognizer.predict(samples, RATE),
        "answer, but by model.predict": lambda: by_predict(recognizer, samples),
        "features alone, resampling included": lambda: features.extract_samples(samples, RATE, recipe),
        "speech check alone": lambda: speech.measure(at_recipe, recipe.rate),
        "network: model.predict": lambda: model.predict(x, verbose=0)[0],
        "network: predict_on_batch (make_predict_function)": lambda: model.predict_on_batch(x)[0],
        "network: call on a tensor": lambda: model(tf.constant(x), training=False).numpy()[0],
        "network: tf.function (ours)": lambda: recognizer._forward(x),
        "network: tf.function with XLA": lambda: xla(tf.constant(x)).numpy()[0],
        "network: exported SavedModel": lambda: exported.serve(tf.constant(x)).numpy()[0],
    }


def by_predict(recognizer, samples: np.ndarray):
    """Answer as `Recognizer.predict` does, but with the network run by ``model.predict``."""
    ours = recognizer._forward
    recognizer._forward = lambda x: recognizer.bundle.model.predict(x, verbose=0)[0]
    try:
        return recognizer.predict(samples, RATE)
    finally:
        recognizer._forward = ours


def timed(ways: dict[str, Callable], times: int) -> pd.DataFrame:
    """Return p50 and p95 of each way, in milliseconds."""
    taken = {name: [] for name in ways}
    for number in range(WARM + times):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if number >= WARM:
                taken[name].append(1000 * (time.perf_counter() - started))
    rows = {name: np.percentile(each, [50, 95]) for name, each in taken.items()}
    return pd.DataFrame(rows, index=["p50 ms", "p95 ms"]).T.round(2)


def main() -> None:
    """Print the table, and the peak memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bundle", help="by default that of the demo corpus")
    parser.add_argument("--times", type=int, default=200)
    chosen = parser.parse_args()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    recognizer = opened(chosen.bundle)
    own, rate = audio.read(corpora.load("demo")["path"].iloc[100], seconds=3.0)
    samples = np.resize(audio.resample(own, rate, RATE), 3 * RATE)
    recognizer.predict(samples, RATE)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ways = ways_of(recognizer, samples)
    said = {name: way() for name, way in ways.items() if name.startswith("network")}
    apart = max(np.abs(each - said["network: model.predict"]).max() for each in said.values())
    print(recognizer.predict(samples, RATE), f"\nlargest difference between the ways: {apart:.1e}")
    print(timed(ways, chosen.times).to_string())
    print(f"peak memory: {before / 1024:.0f} MB after imports, {peak / 1024:.0f} MB after the first answer")


if __name__ == "__main__":
    main()
