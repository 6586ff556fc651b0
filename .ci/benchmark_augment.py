"""Measure what each effect of `sercourse.augment` costs, beside an MFCC and librosa's effects.

SERCOURSE_DATA=<data> uv run python .ci/benchmark_augment.py [--corpus ravdess] [--rounds 100]

Prints, for 3 s at 22,050 Hz and one thread: the median time of a call, the same in MFCCs, and the first use
in a new process, imports and all. In each round every way has its turn, so that other load on the machine
hits all alike. Then, over 24 recordings of the corpus: how much a stretch changes the level, and how well the
energy over time agrees with the original's.
"""

import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import subprocess
import sys
import tempfile
import time

import librosa
import numpy as np
import pandas as pd
import scipy.signal

from sercourse import audio, augment, corpora, features, settings

RATE = 22_050
SECONDS = 3
RECORDINGS = 24

LIBROSA = {
    "librosa.feature.mfcc": "librosa.feature.mfcc(y=samples, sr=22_050)",
    "librosa time_stretch": "librosa.effects.time_stretch(samples, rate=0.85)",
    "librosa pitch_shift": "librosa.effects.pitch_shift(samples, sr=22_050, n_steps=0.7)",
}
WAYS = {
    "features.mfcc": "features.mfcc(samples, 22_050)",
    **{name: f"augment.augmentation({name!r})(samples, 22_050, 'a')" for name in augment.AUGMENTATIONS},
    **LIBROSA,
}
FIRST_USE = """
import time
start = time.perf_counter()
import numpy as np
samples = np.sin(np.arange({n}) * 0.05).astype(np.float32) / 2
{imports}
{call}
print(time.perf_counter() - start)
"""


def load(corpus: str) -> list[np.ndarray]:
    """Return recordings from all over a corpus, at least 3 s long, at `RATE`."""
    paths = corpora.load(corpus)["path"]
    found = []
    for path in paths.iloc[:: max(1, len(paths) // (3 * RECORDINGS))]:
        samples, _ = audio.read(path, RATE)
        if len(samples) >= SECONDS * RATE and len(found) < RECORDINGS:
            found.append(samples)
    return found


def time_calls(samples: np.ndarray, rounds: int) -> pd.Series:
    """Return the median milliseconds of each way."""
    known = {"samples": samples, "librosa": librosa, "augment": augment, "features": features}
    calls = {name: eval(f"lambda: {call}", known) for name, call in WAYS.items()}
    taken = {name: [] for name in WAYS}
    for _ in range(rounds + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - start)
    return pd.Series({name: 1000 * np.median(each[1:]) for name, each in taken.items()})


def time_first_use(name: str, **environment: str) -> float:
    """Return the seconds that a new process takes for its first call."""
    imports = "import librosa" if name in LIBROSA else "from sercourse import augment, features"
    program = FIRST_USE.format(n=SECONDS * RATE, imports=imports, call=WAYS[name])
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def envelope(samples: np.ndarray) -> np.ndarray:
    """Return the energy over time, below 20 Hz."""
    low_pass = scipy.signal.butter(2, 20, fs=RATE, output="sos")
    return scipy.signal.sosfiltfilt(low_pass, samples.astype(float) ** 2)


def compare_stretches(recordings: list[np.ndarray], speed: float = 0.85) -> pd.DataFrame:
    """Return the change of level (dB) and the correlation of envelopes, means over recordings."""
    ways = {
        "stretch": lambda samples: augment.stretch(samples, RATE, speed),
        "librosa time_stretch": lambda samples: librosa.effects.time_stretch(samples, rate=speed),
    }
    rows = []
    for name, stretch in ways.items():
        for samples in recordings:
            slow = stretch(samples)
            before, after = envelope(samples), envelope(slow)
            after = np.interp(np.arange(len(before)) / speed, np.arange(len(after)), after)
            level = 10 * np.log10(np.mean(slow**2) / np.mean(samples**2))
            rows.append({"way": name, "level": level, "envelope": np.corrcoef(before, after)[0, 1]})
    return pd.DataFrame(rows).groupby("way").mean()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--corpus", default=settings.corpus())
    options.add_argument("--rounds", type=int, default=100)
    given = options.parse_args()
    recordings = load(given.corpus)
    table = time_calls(recordings[0][: SECONDS * RATE], given.rounds).to_frame("ms")
    table["MFCCs"] = table["ms"] / table.loc["features.mfcc", "ms"]
    table["first use, s"] = [time_first_use(name) for name in table.index]
    print(table.to_string(float_format=lambda value: f"{value:.2f}"))
    with tempfile.TemporaryDirectory() as empty:
        cold = time_first_use("librosa time_stretch", NUMBA_CACHE_DIR=empty)
    print(f"\nlibrosa time_stretch, nothing compiled yet: {cold:.1f} s")
    print(f"\n{len(recordings)} recordings of {given.corpus}, stretched to 1 / 0.85 of their length:")
    print(compare_stretches(recordings).to_string(float_format=lambda value: f"{value:.3f}"))


if __name__ == "__main__":
    main()
