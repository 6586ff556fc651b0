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
import shutil
import sys
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sercourse.corpora import demo_speaker, ravdess
from sercourse.corpora.crew import Crew, locked
from sercourse.corpora.demo_speaker import N_FILES, actor, recordings
from sercourse.errors import CorpusError, VoicesError
from sercourse.files import written_whole

__all__ = ["N_SPEAKERS", "actor", "is_complete", "make", "recordings"]

N_SPEAKERS = 24

_RECORD = "corpus.json"


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
    import joblib

    from sercourse import voices

    folder = Path(folder)
    key = _key(seed)
    numbers = sorted(set(speakers))
    if not set(numbers) <= set(range(1, N_SPEAKERS + 1)):
        raise CorpusError(f"speakers {numbers}: the demo corpus has speakers 1 to {N_SPEAKERS}")
    if is_complete(folder, seed):
        return folder
    voices.load()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder):
            if not is_complete(folder, seed):
                _complete(folder, key, numbers, workers or joblib.cpu_count(), progress)
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


@cache
def _source_hash() -> str:
    """SHA-256 of the source files that the recordings depend on, whatever their line endings."""
    writer = Path(demo_speaker.__file__)
    digest = hashlib.sha256()
    for path in [*sorted((writer.parents[1] / "voices").glob("*.py")), Path(ravdess.__file__), writer]:
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
    record = _read_json(path / demo_speaker.RECORD)
    if record.get("key") != key or len(record.get("bytes", {})) != N_FILES:
        return False
    with os.scandir(path) as entries:
        sizes = {entry.name: entry.stat().st_size for entry in entries}
    return all(sizes.get(name) == size for name, size in record["bytes"].items())


def _cannot_write(folder: Path, reason) -> CorpusError:
    return CorpusError(
        f"{folder}: the demo corpus cannot be written here ({reason}); it needs about 250 MB: free some "
        "space, allow writing to the folder, or choose another one. What is there is kept and completed"
    )


def _complete(folder: Path, key: dict, numbers: list[int], workers: int, show: bool) -> None:
    """Make what is missing; the caller holds the lock, so temporary folders are leftovers."""
    from sercourse import progress, voices

    for path in folder.glob(".Actor_*.part-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in filter(Path.exists, (folder / actor(number) for number in numbers)):
        if not (path / demo_speaker.RECORD).is_file():
            raise CorpusError(
                f"{path}: these are not recordings of the demo corpus and would be replaced; choose another "
                "folder for it"
            )
    missing = [number for number in numbers if not _is_whole(folder / actor(number), key)]
    (folder / _RECORD).unlink(missing_ok=True)
    with progress.bar(N_FILES * len(missing), "making the synthetic demo corpus", "file", show) as bar:
        _run(folder, key, missing, workers, bar)
    if all(_is_whole(folder / actor(number), key) for number in range(1, N_SPEAKERS + 1)):
        record = {
            "corpus": "demo",
            "key": key,
            "files": N_SPEAKERS * N_FILES,
            "praat": voices.load().PRAAT_VERSION,
        }
        with written_whole(folder / _RECORD) as partial:
            partial.write_text(json.dumps(record), encoding="utf-8")


def _run(folder: Path, key: dict, numbers: list[int], workers: int, bar) -> None:
    """One process a speaker, `workers` at a time. Whatever goes wrong, no process is left behind."""
    crew = Crew()
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


def _make_speaker(folder: Path, key: dict, number: int, crew: Crew) -> None:
    """Have one speaker's folder made under a temporary name, and put it in place if it is whole."""
    part = folder / f".{actor(number)}.part-{os.getpid()}"
    try:
        # -P: a student's own random.py or wave.py in the current folder must not come first.
        module = demo_speaker.__name__
        command = [sys.executable, "-P", "-m", module, str(part), json.dumps(key), str(number)]
        with crew.start(command) as process:
            while process.stdout.read(1):
                crew.count()
            message = process.stderr.read().decode(errors="replace").strip()
        if process.returncode == demo_speaker.CANNOT_WRITE:
            raise _cannot_write(folder, message)
        if process.returncode == demo_speaker.NO_VOICES:
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
