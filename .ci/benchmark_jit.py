"""Seconds an epoch of a network with and without XLA. Run: uv run python .ci/benchmark_jit.py NAME.

Says what to write as the network's `jit`. The machine should do nothing else meanwhile.
"""

import sys
import time

import numpy as np

from sercourse import networks, training

N_EXAMPLES, BATCH, EPOCHS = 1152, 32, 3  # as many as RAVDESS has for training
FRAMES = 130  # where a network takes any number


def seconds(name: str, jit: bool) -> float:
    """Return the seconds of the fastest epoch after the first, in which the network is compiled."""
    known = networks.network(name)
    rng = np.random.default_rng(0)
    shape = tuple(FRAMES if size is None else size for size in known.input_shape)
    x = rng.normal(size=(N_EXAMPLES, *shape)).astype("float32")
    y = rng.integers(known.n_classes, size=N_EXAMPLES)
    model = networks.build(name)
    training.compile_model(model, jit=jit, steps_per_execution=N_EXAMPLES // BATCH)  # as our training does
    taken = []
    for _ in range(1 + EPOCHS):
        start = time.perf_counter()
        model.fit(x, y, batch_size=BATCH, verbose=0)
        taken.append(time.perf_counter() - start)
    return min(taken[1:])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    plain, compiled = (seconds(sys.argv[1], jit) for jit in (False, True))
    print(f"{sys.argv[1]}: {plain:.2f} s an epoch, {compiled:.2f} s with XLA; jit={compiled < plain}")
