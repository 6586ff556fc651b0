"""Corpora that are made on this machine: what each is, and how it is made whole.

A `Production` says what a corpus consists of; the module it names as writer makes the files. Each part,
one folder, is made by a process of its own, because Praat's noise source carries on from call to call and
only a fresh process repeats it. A part is written under a temporary name and renamed when it is whole;
`corpus.json` comes last. A run that was stopped, however rudely, is thus completed by the next one, with
the same bytes as if nothing had happened. One lock per corpus keeps two runs from working on it at once.

Nothing here or in a writer loads a heavy package when imported: each part's process pays for it.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from sercourse.errors import CorpusError, VoicesError
from sercourse.files import written_whole

RECORD = "record.json"
"""File of a part that says what it was made from, and the sizes of its files."""

CANNOT_WRITE, NO_VOICES = 3, 4
"""Exit codes of a part's process; the reason stands on its standard error."""

_CORPUS_RECORD = "corpus.json"
_EARLIER_RECORD = "speaker.json"  # the name of `RECORD` until a corpus could have parts other than speakers


@dataclass(frozen=True)
class Production:
    """A corpus that is made on this machine.

    Attributes
    ----------
    name : str
        Name of the corpus.
    writer : str
        Module with ``write(folder, key, part)``: a generator that writes a part's files into a folder, and
        yields after each. ``key["seed"]`` is the seed. If the corpus needs another one, ``write`` takes
        the folder of that one as its fourth argument.
    parts : mapping of str to int
        Each part's folder, and how many files it has.
    megabytes : int
        Size of the whole, for the message on a full disk.
    sources : tuple of str
        Modules whose source text the bytes depend on, beside the writer and the voices.
    speaks : bool
        The writer calls Praat.
    needs : Production, optional
        A corpus that this one is made from, part by part: parts of one name belong together.
    """

    name: str
    writer: str
    parts: Mapping[str, int]
    megabytes: int
    sources: tuple[str, ...] = ()
    speaks: bool = True
    needs: "Production | None" = None


class _Task(NamedTuple):
    production: Production
    folder: Path
    key: dict
    source: Path | None

    def is_whole(self, part: str) -> bool:
        """Whether a part is there, made with this key."""
        return _is_whole(self.folder / part, self.key, self.production.parts[part])


def make(
    production: Production,
    folder,
    seed: int = 0,
    workers: int | None = None,
    progress: bool = True,
    parts: Iterable[str] | None = None,
    source=None,
) -> Path:
    """Make a corpus, or complete it, or do nothing if it is there.

    Parameters
    ----------
    production : Production
        What is to be made.
    folder : path-like
        Where the parts go; it is created. A corpus of another seed or of other source code is made anew.
    seed : int
        The same seed gives the same bytes on the same platform.
    workers : int, optional
        Processes at a time; as many as processors if left out.
    progress : bool
        Show a bar.
    parts : iterable of str, optional
        Parts to make; all if left out. With fewer than all of them the corpus stays incomplete.
    source : path-like, optional
        Where the corpus that this one needs lies, or is to be made; beside `folder`, with `_source` added
        to its name, if left out.

    Returns
    -------
    pathlib.Path
        `folder`.

    Raises
    ------
    VoicesError
        If Praat's synthesiser is needed and missing.
    CorpusError
        If there is no such part, or if the folder cannot be written.
    """
    from sercourse.corpora import crew

    folder = Path(folder)
    chosen = _chosen(production, parts)
    if is_complete(production, folder, seed):
        return folder
    if production.needs:
        source = source or folder.absolute().with_name(f"{folder.absolute().name}_source")
        source = make(production.needs, source, seed, workers, progress, chosen)
    task = _Task(production, folder, _key(production, seed), source)
    if production.speaks and not all(map(task.is_whole, chosen)):
        from sercourse import voices

        voices.load()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with crew.locked(folder):
            if not is_complete(production, folder, seed):
                _complete(task, chosen, workers, progress)
    except OSError as error:
        raise _cannot_write(task, error) from error
    return folder


def is_complete(production: Production, folder, seed: int | None = None) -> bool:
    """Whether all files are there, made with this source code.

    Parameters
    ----------
    production : Production
    folder : path-like
        A corpus, whole or not, or no folder at all.
    seed : int, optional
        The seed it should have; any if left out.

    Returns
    -------
    bool
    """
    folder = Path(folder)
    found = _read_json(folder / _CORPUS_RECORD).get("key", {})
    if not isinstance(found, dict):
        return False
    if not _same(found, _key(production, found.get("seed") if seed is None else seed)):
        return False
    return all(_is_whole(folder / part, found, n_files) for part, n_files in production.parts.items())


def sizes(folder: Path) -> dict[str, int]:
    """Sizes in bytes of all files below a folder, by their path relative to it, with slashes."""
    found, inner = {}, [""]
    for below in inner:
        with os.scandir(folder / below) as entries:
            for entry in entries:
                if entry.is_dir():
                    inner.append(f"{below}{entry.name}/")
                else:
                    found[below + entry.name] = entry.stat().st_size
    return found


def _chosen(production: Production, parts: Iterable[str] | None) -> list[str]:
    """The parts asked for, in the corpus's order."""
    wanted = set(production.parts if parts is None else parts)
    known = list(production.parts)
    if not wanted <= set(known):
        unknown = ", ".join(sorted(wanted - set(known)))
        raise CorpusError(f"{production.name} has the parts {known[0]} to {known[-1]}, not {unknown}")
    return [part for part in known if part in wanted]


def _key(production: Production, seed: int) -> dict:
    """What the bytes of a corpus depend on, apart from the platform."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        praat = version("praat-parselmouth")
    except PackageNotFoundError:
        praat = None
    source = _source_hash(_modules(production))
    return {"seed": seed, "sercourse": version("sercourse"), "parselmouth": praat, "source": source}


def _modules(production: Production) -> tuple[str, ...]:
    """Modules that the bytes of a corpus depend on, those of the corpus that it needs among them."""
    own = (production.writer, *production.sources)
    return own + _modules(production.needs) if production.needs else own


@cache
def _source_hash(modules: tuple[str, ...]) -> str:
    """SHA-256 of the source files of the voices and of some modules, whatever their line endings."""
    voices = Path(find_spec("sercourse.voices").origin).parent
    digest = hashlib.sha256()
    for path in [*sorted(voices.glob("*.py")), *(Path(find_spec(module).origin) for module in modules)]:
        digest.update(path.name.encode() + b"\0" + path.read_text(encoding="utf-8").encode() + b"\0")
    return digest.hexdigest()


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


def _is_whole(folder: Path, key: dict, n_files: int) -> bool:
    """Whether a part was finished with this key and still has all files at full size."""
    record = _read_json(folder / RECORD)
    if record.get("key") != key or len(record.get("bytes", {})) != n_files:
        return False
    there = sizes(folder)
    return all(there.get(name) == size for name, size in record["bytes"].items())


def _cannot_write(task: _Task, reason) -> CorpusError:
    return CorpusError(
        f"{task.folder}: the corpus {task.production.name} cannot be written here ({reason}); it needs about "
        f"{task.production.megabytes} MB: free some space, allow writing to the folder, or choose another "
        "one. What is there is kept and completed"
    )


def _complete(task: _Task, parts: list[str], workers: int | None, show: bool) -> None:
    """Make what is missing; the caller holds the lock, so temporary folders are leftovers."""
    from sercourse import progress
    from sercourse.corpora import crew

    production, folder = task.production, task.folder
    for part in production.parts:
        for leftover in folder.glob(f".{part}.part-*"):
            shutil.rmtree(leftover, ignore_errors=True)
    for path in filter(Path.exists, (folder / part for part in parts)):
        if not any((path / record).is_file() for record in (RECORD, _EARLIER_RECORD)):
            raise CorpusError(
                f"{path}: this was not made for the corpus {production.name} and would be replaced; choose "
                "another folder for it"
            )
    missing = [part for part in parts if not task.is_whole(part)]
    (folder / _CORPUS_RECORD).unlink(missing_ok=True)
    n_files = sum(production.parts[part] for part in missing)
    with progress.bar(n_files, f"making the corpus {production.name}", "file", show) as bar:
        crew.share(missing, lambda part, members: _make_part(task, part, members), workers, bar)
    if all(map(task.is_whole, production.parts)):
        record = {"corpus": production.name, "key": task.key, "files": sum(production.parts.values())}
        with written_whole(folder / _CORPUS_RECORD) as partial:
            partial.write_text(json.dumps(record), encoding="utf-8")


def _make_part(task: _Task, part: str, members) -> None:
    """Have one part made under a temporary name, and put it in place if it is whole."""
    partial = task.folder / f".{part}.part-{os.getpid()}"
    # -P: a student's own random.py or wave.py in the current folder must not come first.
    command = [sys.executable, "-P", "-m", "sercourse.corpora.worker", task.production.writer]
    command += [str(partial), json.dumps(task.key), part] + ([str(task.source)] if task.source else [])
    try:
        code, message = members.run(command)
        if code == CANNOT_WRITE:
            raise _cannot_write(task, message)
        if code == NO_VOICES:
            raise VoicesError(message)
        if code != 0 or not _is_whole(partial, task.key, task.production.parts[part]):
            raise CorpusError(f"{task.folder}: {part} was not finished; run it again. {message}")
        _install(partial, task.folder / part)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _install(partial: Path, target: Path) -> None:
    """Rename a whole folder into place; a stale one moves aside under a name that counts as leftover."""
    if target.exists():
        stale = partial.with_name(f"{partial.name}-stale")
        target.rename(stale)
        partial.rename(target)
        shutil.rmtree(stale, ignore_errors=True)
    else:
        partial.rename(target)
