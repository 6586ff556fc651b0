"""The demo corpus: synthetic emotional speech in RAVDESS's folders and file names.

24 speakers, 8 emotions, 2 intensities, 2 sentences, 2 repetitions: 1,440 recordings, so that whatever
reads RAVDESS reads this corpus too.

Each speaker is made by a process of its own, because Praat's noise source carries on from call to call
and only a fresh process repeats it. A speaker's folder is written under a temporary name and renamed
when it is whole; `corpus.json` comes last. A run that was stopped, however rudely, is thus completed
by the next one, with the same bytes as if nothing had happened. One lock per corpus keeps two runs
from working on it at once.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import wave
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import product
from pathlib import Path

from ..errors import CorpusError, VoicesError

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
INTENSITIES = ("normal", "strong")
STATEMENTS = ("kids", "dogs")
N_SPEAKERS = 24
N_FILES = 60
"""Recordings of one speaker: 7 emotions x 2 x 2 x 2, and neutral in one intensity only."""

_CANNOT_WRITE, _NO_VOICES = 3, 4
_RECORD, _SPEAKER_RECORD, _LOCK = "corpus.json", "speaker.json", ".lock"


def make(
    folder,
    seed: int = 0,
    workers: int | None = None,
    progress: bool = True,
    speakers=range(1, N_SPEAKERS + 1),
) -> Path:
    """Make the demo corpus, or complete it, or do nothing if it is there.

    Parameters
    ----------
    folder : path-like
        Where the `Actor_XX` folders go; it is created. A demo corpus of another seed or of other source
        code is made anew.
    seed : int
        The same seed gives the same bytes on the same platform.
    workers : int, optional
        Processes at a time; as many as processors if left out.
    progress : bool
        Show a bar.
    speakers : iterable of int
        Speakers to make, 1 to 24. With fewer than all of them the corpus stays incomplete.

    Returns
    -------
    pathlib.Path
        `folder`.

    Raises
    ------
    VoicesError
        If Praat's synthesiser is missing.
    CorpusError
        If the folder cannot be written.
    """
    folder = Path(folder)
    key = _key(seed)
    numbers = sorted(set(speakers))
    if not set(numbers) <= set(range(1, N_SPEAKERS + 1)):
        raise CorpusError(f"speakers {numbers}: the demo corpus has speakers 1 to {N_SPEAKERS}")
    if is_complete(folder, seed):
        return folder
    _need_voices()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            if not is_complete(folder, seed):
                _complete(folder, key, numbers, workers or _processors(), progress)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    return folder


def is_complete(folder, seed: int | None = None) -> bool:
    """Whether all 1,440 recordings are there, made with this source code.

    Parameters
    ----------
    folder : path-like
        A demo corpus.
    seed : int, optional
        The seed it should have; any if left out.

    Returns
    -------
    bool
    """
    folder = Path(folder)
    record = _read_json(folder / _RECORD)
    found = record.get("key", {})
    if not isinstance(found, dict) or not _same(found, _key(found.get("seed") if seed is None else seed)):
        return False
    return all(_is_whole(folder / actor(number), found) for number in range(1, N_SPEAKERS + 1))


def actor(number: int) -> str:
    """Name of a speaker's folder, such as `Actor_07`."""
    return f"Actor_{number:02d}"


def recordings(number: int) -> list[tuple[str, str, str, str, int]]:
    """What one speaker says, in the order in which it must be made.

    Parameters
    ----------
    number : int
        The speaker, 1 to 24.

    Returns
    -------
    list of (file name, emotion, intensity, statement, repetition)
        60 of them; repetition is 1 or 2.
    """
    rows = []
    for emotion, intensity, statement, repetition in product(EMOTIONS, INTENSITIES, STATEMENTS, (1, 2)):
        if emotion == "neutral" and intensity == "strong":
            continue
        codes = (
            EMOTIONS.index(emotion) + 1,
            INTENSITIES.index(intensity) + 1,
            STATEMENTS.index(statement) + 1,
            repetition,
            number,
        )
        name = "-".join(f"{code:02d}" for code in (3, 1, *codes)) + ".wav"
        rows.append((name, emotion, intensity, statement, repetition))
    return rows


@cache
def _source_hash() -> str:
    """SHA-256 of the source files that the recordings depend on, whatever their line endings."""
    here = Path(__file__)
    digest = hashlib.sha256()
    for path in [*sorted((here.parents[1] / "voices").glob("*.py")), here]:
        digest.update(path.name.encode() + b"\0" + path.read_text(encoding="utf-8").encode() + b"\0")
    return digest.hexdigest()


def _key(seed: int) -> dict:
    """What the bytes of a corpus depend on, apart from the platform."""
    try:
        praat = version("praat-parselmouth")
    except PackageNotFoundError:
        praat = None
    return {"seed": seed, "sercourse": version("sercourse"), "parselmouth": praat, "source": _source_hash()}


def _same(found: dict, key: dict) -> bool:
    """Whether two keys agree. Without Praat a corpus brought from elsewhere is good whatever its Praat."""
    ignored = {"parselmouth"} if key["parselmouth"] is None else set()
    return all(found.get(name) == value for name, value in key.items() if name not in ignored)


def _read_json(path: Path) -> dict:
    """The record in a file, or an empty one if it is missing or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _is_whole(path: Path, key: dict) -> bool:
    """Whether a speaker's folder was finished with this key and still has all files at full size."""
    record = _read_json(path / _SPEAKER_RECORD)
    if record.get("key") != key or len(record.get("bytes", {})) != N_FILES:
        return False
    with os.scandir(path) as entries:
        sizes = {entry.name: entry.stat().st_size for entry in entries}
    return all(sizes.get(name) == size for name, size in record["bytes"].items())


def _need_voices() -> None:
    from .. import voices

    voices.load()


def _cannot_write(folder: Path, reason) -> CorpusError:
    return CorpusError(
        f"{folder}: the demo corpus cannot be written here ({reason}); it needs about 250 MB: free some "
        "space, allow writing to the folder, or choose another one. What is there is kept and completed"
    )


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _locked(folder: Path):
    """Hold the corpus's lock; the system releases it even if this process is killed."""
    with open(folder / _LOCK, "ab") as file:
        while not _try_lock(file):
            time.sleep(0.2)
        yield


def _try_lock(file) -> bool:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _complete(folder: Path, key: dict, numbers: list[int], workers: int, show: bool) -> None:
    """Make what is missing; the caller holds the lock, so temporary folders are leftovers."""
    from .. import progress

    for path in folder.glob(".Actor_*.part-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in filter(Path.exists, (folder / actor(number) for number in numbers)):
        if not (path / _SPEAKER_RECORD).is_file():
            raise CorpusError(
                f"{path}: these are not recordings of the demo corpus and would be replaced; choose another "
                "folder for it"
            )
    missing = [number for number in numbers if not _is_whole(folder / actor(number), key)]
    (folder / _RECORD).unlink(missing_ok=True)
    with progress.bar(N_FILES * len(missing), "making the synthetic demo corpus", "file", show) as bar:
        _run(folder, key, missing, workers, bar)
    if all(_is_whole(folder / actor(number), key) for number in range(1, N_SPEAKERS + 1)):
        from ..voices import load

        record = {"corpus": "demo", "key": key, "files": N_SPEAKERS * N_FILES, "praat": load().PRAAT_VERSION}
        part = folder / f"{_RECORD}.part"
        part.write_text(json.dumps(record), encoding="utf-8")
        os.replace(part, folder / _RECORD)


def _run(folder: Path, key: dict, numbers: list[int], workers: int, bar) -> None:
    """One process a speaker, `workers` at a time. Whatever goes wrong, no process is left behind."""
    crew = _Crew()
    pool = ThreadPoolExecutor(workers)
    waiting = [pool.submit(_make_speaker, folder, key, number, crew) for number in numbers]
    try:
        while waiting:
            # A wait without end could not be interrupted on Windows, nor move the bar.
            done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_EXCEPTION)
            bar.update(crew.made - bar.n)
            for future in done:
                future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        crew.dismiss()
        pool.shutdown()


class _Crew:
    """The running processes and the count of files they have made, shared by the pool's threads."""

    def __init__(self):
        self.made = 0
        self._processes = []
        self._dismissed = False
        self._lock = threading.Lock()

    def start(self, command: list[str]) -> subprocess.Popen:
        # One BLAS thread: the pool uses the processors already, and the order of sums stays fixed.
        single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        with self._lock:
            if self._dismissed:
                raise CorpusError("the demo corpus was stopped; run it again to complete it")
            environment = os.environ | single | {"PYTHONUTF8": "1"}
            process = subprocess.Popen(command, env=environment, bufsize=0, **pipes)
            self._processes.append(process)
        return process

    def count(self) -> None:
        with self._lock:
            self.made += 1

    def dismiss(self) -> None:
        with self._lock:
            self._dismissed = True
            for process in self._processes:
                process.kill()


def _make_speaker(folder: Path, key: dict, number: int, crew: _Crew) -> None:
    """Have one speaker's folder made under a temporary name, and put it in place if it is whole."""
    part = folder / f".{actor(number)}.part-{os.getpid()}"
    try:
        # -P: a student's own random.py or wave.py in the current folder must not come first.
        command = [sys.executable, "-P", "-m", __spec__.name, str(part), str(key["seed"]), str(number)]
        with crew.start(command) as process:
            while process.stdout.read(1):
                crew.count()
            message = process.stderr.read().decode(errors="replace").strip()
        if process.returncode == _CANNOT_WRITE:
            raise _cannot_write(folder, message)
        if process.returncode == _NO_VOICES:
            raise VoicesError(message)
        if process.returncode != 0 or not _is_whole(part, key):
            raise CorpusError(f"{folder}: speaker {number} was not finished; run it again. {message}")
        _install(part, folder / actor(number))
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _install(part: Path, target: Path) -> None:
    """Rename a whole folder into place; a stale one moves aside under a name that counts as leftover."""
    if target.exists():
        stale = part.with_name(f"{part.name}-stale")
        target.rename(stale)
        part.rename(target)
        shutil.rmtree(stale, ignore_errors=True)
    else:
        part.rename(target)


def _write_speaker(folder: Path, seed: int, number: int) -> None:
    """Write one speaker's recordings and their record into a new folder, printing a dot for each file."""
    import numpy as np

    from .. import voices

    folder.mkdir()
    speaker = voices.speakers(seed)[number - 1]
    sizes = {}
    for name, emotion, intensity, statement, _ in recordings(number):
        rng = np.random.default_rng([seed, *map(int, re.findall(r"\d+", name))])
        samples, rate = voices.synthesise(speaker, emotion, intensity, statement, rng)
        path = folder / name
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate, len(samples), "NONE", ""))
            file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())
        sizes[name] = path.stat().st_size
        os.write(1, b".")
    record = json.dumps({"key": _key(seed), "bytes": sizes})
    (folder / _SPEAKER_RECORD).write_text(record, encoding="utf-8")


def _leave_with_parent() -> None:
    """End this process when its parent is gone, which closes the pipe at the other end."""
    os.read(0, 1)
    os._exit(1)


def _main() -> int:
    """Entry of a speaker's process: folder, seed, number. Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    folder, seed, number = sys.argv[1:]
    try:
        _write_speaker(Path(folder), int(seed), int(number))
    except OSError as error:
        print(error, file=sys.stderr)
        return _CANNOT_WRITE
    except VoicesError as error:
        print(error, file=sys.stderr)
        return _NO_VOICES
    return 0


if __name__ == "__main__":
    sys.exit(_main())
