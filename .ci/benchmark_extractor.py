"""Time the extractor against what it cannot beat, and against what the reports did.

uv run python .ci/benchmark_extractor.py [FOLDER] [--rounds 5] [--no-memory]

FOLDER holds WAV files at any depth, such as real RAVDESS; without it the demo corpus is used. Every way runs
in a fresh process, one way after the other, round by round, with one thread a process:

- reports: ``librosa.load`` and ``librosa.feature.mfcc``, one file at a time, JSON with indent;
- floor: read, resample and Fourier transform of the same frames in two processes, started as ours are, by
  soundfile, soxr and SciPy;
- tuned floor: the same with the extractor's own reading and its blocks of frames;
- ours: ``features.extract`` in two processes with an empty cache, and once more when all is in it.

The clock starts when this process has imported everything, and counts the start of the other processes. CPU
seconds are those of all processes. Memory is the highest sum of the resident memory of all processes, while
the files are extracted and then four times as many, which differ from them in a few samples.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
N_MFCC, N_FFT, HOP, RATE, WORKERS, TIMES = 20, 2048, 512, 22_050, 2, 4


def processes() -> list:
    """Return this process and those that it has started."""
    import psutil

    return [psutil.Process(), *psutil.Process().children(recursive=True)]


def timed(work) -> dict:
    """Return wall and CPU seconds of a function; the processes that it starts must outlive it."""
    started, used = time.perf_counter(), sum(sum(each.cpu_times()[:2]) for each in processes())
    work()
    wall = time.perf_counter() - started
    return {"wall": wall, "cpu": sum(sum(each.cpu_times()[:2]) for each in processes()) - used}


def reports(paths: list[str], folder: Path) -> dict:
    """What the reports did."""
    import librosa
    import numpy as np

    def one_by_one():
        for path in paths:
            samples, rate = librosa.load(path, sr=RATE)
            value = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=N_MFCC, n_fft=N_FFT, hop_length=HOP)
            values.append(value.T)
        data = {"labels": paths, "mfcc": [value.tolist() for value in values]}
        (folder / "data.json").write_text(json.dumps(data, indent=4))

    librosa.feature.mfcc(y=librosa.load(paths[0], sr=RATE)[0], sr=RATE)  # compiles what it needs
    values = []
    taken = timed(one_by_one)
    np.savez(folder / "reports.npz", *values)
    return {"reports": taken}


def floor(paths: list[str], folder: Path) -> dict:
    """What every way must do, as the libraries offer it."""
    return {"floor": timed(lambda: shared(touch, paths))}


def tuned(paths: list[str], folder: Path) -> dict:
    """What every way must do, in the fastest way that we know."""
    return {"tuned floor": timed(lambda: shared(touch_fast, paths))}


def shared(work, paths: list[str]) -> None:
    """Start two processes as the extractor does, and let them work."""
    from sercourse.parallel import share

    for _ in share(work, paths, "", "file", workers=WORKERS, progress=False):
        pass


def touch(path: str) -> int:
    """Read, resample and transform one file."""
    import numpy as np
    import scipy.fft
    import soundfile
    import soxr

    samples, rate = soundfile.read(path, dtype="float32")
    samples = samples.mean(axis=1) if samples.ndim > 1 else samples
    samples = soxr.resample(samples, rate, RATE, quality="HQ")
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, N_FFT // 2), N_FFT)[::HOP]
    window = np.hanning(N_FFT + 1)[:-1].astype(np.float32)
    return len(scipy.fft.rfft(frames * window, axis=1))


def touch_fast(path: str) -> int:
    """The same with the extractor's reading, and frames transformed while they are in the cache."""
    from sercourse import audio
    from sercourse.features import cepstrum

    samples, _ = audio.read(path, RATE)
    return sum(len(power) for _, power in cepstrum._power(samples, cepstrum._window(N_FFT), HOP))


def ours(paths: list[str], folder: Path) -> dict:
    """The extractor, without and with what it has kept."""
    import numpy as np

    from sercourse import features

    manifest = rows(paths)
    recipe = features.Recipe("benchmark", rate=RATE, n_mfcc=N_MFCC, n_fft=N_FFT, hop_length=HOP)
    extracted = []

    def extract():
        extracted.append(features.extract(manifest, recipe, workers=WORKERS, progress=False))

    taken = {"ours": timed(extract), "cached": timed(extract)}
    np.savez(folder / "ours.npz", *(x[there] for x, there in zip(*extracted[0][:2], strict=True)))
    return taken


def memory(paths: list[str], folder: Path, how: str) -> dict:
    """Return the peak memory of this process and its children, in MB, and how large the features are."""
    import threading

    from sercourse import features

    manifest = rows(paths)
    recipe = features.recipe("report_a")
    peak, stop = [0], threading.Event()

    def watch():
        while not stop.wait(0.02):
            peak[0] = max(peak[0], sum(each.memory_info().rss for each in processes()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    size = 0
    if how == "stream":
        for outcome in features.stream(manifest, recipe, workers=WORKERS, progress=False):
            size += outcome.value.nbytes
    else:
        size = features.extract(manifest, recipe, workers=WORKERS, progress=False).x.nbytes
    stop.set()
    watcher.join()
    return {"peak": peak[0] / 1e6, "features": size / 1e6}


def rows(paths: list[str]):
    """Return a manifest of files of which nothing is known."""
    from sercourse.corpora import manifest

    return manifest.build(
        {"path": path, "corpus": "any", "recording_id": path, "speaker": "any_1", "emotion": "neutral"}
        for path in paths
    )


def in_a_process(name: str, files: Path, folder: Path, *more: str) -> dict:
    """Run one of the functions above in a fresh process, with an empty home."""
    with tempfile.TemporaryDirectory(dir=folder) as home:
        done = subprocess.run(
            [sys.executable, __file__, str(files), "--only", name, "--into", str(folder), *more],
            env=os.environ | ONE_THREAD | {"SERCOURSE_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return json.loads(done.stdout.splitlines()[-1])


def time_all(files: Path, folder: Path, rounds: int) -> None:
    """Print the table of seconds."""
    taken: dict[str, list[dict]] = {"reports": [], "floor": [], "tuned floor": [], "ours": [], "cached": []}
    for number in range(rounds):
        for name in ("reports", "floor", "tuned", "ours"):
            for way, seconds in in_a_process(name, files, folder).items():
                taken[way].append(seconds)
        print(f"round {number + 1} of {rounds}", file=sys.stderr)

    def ratio(way: str, other: str, clock: str) -> float:
        pairs = zip(taken[way], taken[other], strict=True)
        return statistics.median(one[clock] / two[clock] for one, two in pairs)

    print(
        "| way | wall s | CPU s | reports / way, wall | CPU | way / floor, wall | CPU | / tuned, wall | CPU |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for way, rounds_of in taken.items():
        median = [statistics.median(each[clock] for each in rounds_of) for clock in ("wall", "cpu")]
        gains = [ratio("reports", way, clock) for clock in ("wall", "cpu")]
        floors = ("floor", "tuned floor")
        above = [ratio(way, other, clock) for other in floors for clock in ("wall", "cpu")]
        cells = [f"{value:.2f}" for value in (*median, *gains, *above)]
        print(f"| {way} | {' | '.join(cells)} |")


def compare(folder: Path) -> None:
    """Print the largest difference of ours from librosa's."""
    import numpy as np

    with np.load(folder / "ours.npz") as own, np.load(folder / "reports.npz") as other:
        largest = max(float(np.abs(own[name] - other[name]).max()) for name in other.files)
    print(f"\nlargest difference from librosa's MFCC: {largest:.1e} (aim: at most 1e-3)")


def weigh(files: Path, folder: Path) -> None:
    """Print the table of memory."""
    more = folder / "more"
    for number, path in enumerate(sorted(files.rglob("*.wav"))):
        content = bytearray(path.read_bytes())
        for copy in range(TIMES):
            content[-2 * (copy + 1)] ^= 1
            target = more / f"{number % 100}" / f"{number}_{copy}.wav"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    print("\n| how | files | peak memory MB | of it features MB | ratio |")
    print("|---|---|---|---|---|")
    for how in ("stream", "extract"):
        first = None
        for where in (files, more):
            found = in_a_process("memory", where, folder, "--how", how)
            first = first or found["peak"]
            held = found["features"] if how == "extract" else 0
            count = len(list(where.rglob("*.wav")))
            print(f"| {how} | {count} | {found['peak']:.0f} | {held:.0f} | {found['peak'] / first:.2f} |")


def demo() -> Path:
    """Return the folder of the demo corpus, which is made if it is not there."""
    from sercourse import corpora

    return Path(corpora.make("demo"))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-memory", action="store_true")
    for name in ("--only", "--into", "--how"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    given = parser.parse_args()
    files = (given.folder or demo()).resolve()
    if given.only:
        paths = sorted(str(path) for path in files.rglob("*.wav"))
        more = (given.how,) if given.how else ()
        print(json.dumps(globals()[given.only](paths, Path(given.into), *more)))
        return
    with tempfile.TemporaryDirectory() as folder:
        time_all(files, Path(folder), given.rounds)
        compare(Path(folder))
        if not given.no_memory:
            weigh(files, Path(folder))


if __name__ == "__main__":
    main()
