"""Put a corpus together out of sight, and show it when it is whole.

All work happens in a hidden folder beside the corpus, such as ``.tess.part``, and one rename at the end
shows the corpus. So a run that was stopped leaves nothing that looks like a corpus, and the next one goes
on from what is in the hidden folder. `RECORD` says afterwards where the corpus came from, its licence and
the size of each file.
"""

import errno
import json
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pooch
from joblib import Parallel, delayed

from sercourse import audio, progress
from sercourse.corpora import studio
from sercourse.corpora.crew import locked
from sercourse.corpora.get import listings
from sercourse.corpora.get.fetching import fault, fetch_file
from sercourse.corpora.get.listings import Address, Listed
from sercourse.corpora.get.sources import Archive, Dataverse, Source
from sercourse.corpora.get.unpacking import unzip
from sercourse.errors import DownloadError
from sercourse.files import written_whole

RECORD = "SOURCE.json"
"""File of a corpus that says where it came from."""

CONNECTIONS = 4
"""Files on their way at a time."""

_BATCH = 100
_LIST = "list.json"
_FULL = {errno.ENOSPC, errno.EDQUOT}


def assemble(source: Source, target: Path, show: bool = True) -> None:
    """Fetch a corpus, or what is missing of it, and put it in place.

    Parameters
    ----------
    source : Source
    target : pathlib.Path
        Its folder. One with an earlier, damaged copy is replaced.
    show : bool
        Show progress.

    Raises
    ------
    DownloadError
        It was not fetched; the message says why, what to do, and what is kept.
    """
    work = target.absolute().with_name(f".{target.name}.part")
    try:
        work.mkdir(parents=True, exist_ok=True)
        with locked(work):
            if not is_complete(target):  # another process may have done it meanwhile
                _check_space(source, work)
                _install(_build(source, work, target, show), work, target)
        shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise _cannot_write(source, work, error) from error
    finally:
        if not _n_bytes(work):
            shutil.rmtree(work, ignore_errors=True)


def record(folder: Path) -> dict:
    """Return the record in a folder, or an empty one if it is missing or damaged."""
    try:
        content = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) and isinstance(content.get("files"), dict) else {}


def is_complete(folder: Path) -> bool:
    """Whether a folder holds all files of its record, at full size. Nothing is read over the network."""
    files = record(folder).get("files")
    if not files:
        return False
    there = studio.sizes(folder)
    return all(there.get(path) == size for path, size in files.items())


def megabytes(n_bytes: int) -> str:
    """Say a size in words."""
    return f"{n_bytes / 1e6:,.0f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:,.0f} kB"


def _check_space(source: Source, work: Path) -> None:
    """Refuse to begin what the disk cannot hold."""
    extra = source.unpacked if isinstance(source.origin, Archive) else 0
    needed = max(source.fetched - _n_bytes(work), 0) + extra
    free = shutil.disk_usage(work).free
    if free < needed:
        raise DownloadError(
            f"{work.parent}: {megabytes(free)} free, but {source.title} needs {megabytes(needed)}; free some "
            "space, or choose a folder on another disk. Nothing was fetched"
        )


def _build(source: Source, work: Path, target: Path, show: bool) -> Path:
    """Fetch everything into a folder inside `work`, complete with its record, and return that folder."""
    tree = work / "corpus"
    if is_complete(tree):  # an earlier run was stopped just before the end
        return tree
    try:
        if isinstance(source.origin, Archive):
            _fetch_archive(source, work, tree, show)
        else:
            _fetch_each(source, work, tree, target, show)
    except OSError as error:
        if error.errno in _FULL:
            _make_room(source, work, tree)
        raise
    files = studio.sizes(tree)
    n_there = sum(path.lower().endswith(audio.SUFFIXES) for path in files)
    if n_there < source.n_recordings:
        _empty(work)
        raise DownloadError(
            f"{source.page}: {n_there:,} recordings came instead of {source.n_recordings:,}; the corpus has "
            "changed at its source. Nothing of it was kept"
        )
    with written_whole(tree / RECORD) as path:
        path.write_text(json.dumps(_new_record(source, work, files), indent=1), encoding="utf-8")
    return tree


def _new_record(source: Source, work: Path, files: dict[str, int]) -> dict:
    """Say where the files came from; of many files, the sum of the list of their sums is kept."""
    known = ("corpus", "title", "channel", "page", "licence", "citation")
    listed = None if isinstance(source.origin, Archive) else pooch.file_hash(str(work / _LIST))
    return {
        **{each: getattr(source, each) for each in known},
        "origin": asdict(source.origin),
        "list_checksum": listed and f"sha256:{listed}",
        "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": files,
    }


def _fetch_archive(source: Source, work: Path, tree: Path, show: bool) -> None:
    origin, archive = source.origin, work / "archive.zip"
    shutil.rmtree(tree, ignore_errors=True)  # an earlier run may have been stopped while it unpacked
    with _bytes_bar(source.fetched, f"fetching {source.title}", show) as bar:
        limit = origin.size or 2 * source.fetched
        fetch_file(origin.address, archive, origin.checksum, origin.size, limit, advance=bar.update)
    try:
        with _bytes_bar(source.unpacked, "unpacking", show) as bar:
            max_files = 2 * source.n_recordings + 100
            unzip(archive, tree, 2 * source.unpacked, max_files, origin.address, bar.update)
    except DownloadError as error:
        _empty(work)
        raise DownloadError(f"{error}. Nothing of it was kept") from error


def _fetch_each(source: Source, work: Path, tree: Path, target: Path, show: bool) -> None:
    """Fetch a corpus file by file, several at a time."""
    if show:
        print("reading the list of recordings", flush=True)
    listed = _listed(source, work, tree)
    _take_over(listed, target, tree)
    missing = [each for each in listed if not (tree / each.path).exists()]
    with _bytes_bar(sum(each.size for each in listed), f"fetching {source.title}", show) as bar:
        bar.update(sum(each.size for each in listed) - sum(each.size for each in missing))
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            addresses = _addresses(source, batch)
            Parallel(CONNECTIONS, prefer="threads")(
                delayed(fetch_file)(
                    addresses[each.path].href,
                    tree / each.path,
                    each.checksum,
                    each.size,
                    headers=addresses[each.path].headers,
                    advance=bar.update,
                )
                for each in batch
            )


def _listed(source: Source, work: Path, tree: Path) -> list[Listed]:
    """What there is to fetch, as the source says or said when this download began."""
    kept = work / _LIST
    if kept.exists():
        return [Listed(*each) for each in json.loads(kept.read_text(encoding="utf-8"))]
    if isinstance(source.origin, Dataverse):
        listed = listings.dataverse(source.origin)
    else:
        listed = listings.lfs_repository(source.origin, work, tree)
    n_bytes = sum(each.size for each in listed)
    if len({each.path.casefold() for each in listed}) < len(listed) or n_bytes > 2 * source.fetched:
        raise DownloadError(
            f"{source.page}: lists {len(listed):,} files of {n_bytes:,} bytes, some of one name or far more "
            "than it should; the corpus has changed at its source. Nothing was fetched"
        )
    with written_whole(kept) as path:
        path.write_text(json.dumps(listed), encoding="utf-8")
    return listed


def _addresses(source: Source, batch: list[Listed]) -> dict[str, Address]:
    if isinstance(source.origin, Dataverse):
        return {each.path: Address(each.address, {}) for each in batch}
    return listings.lfs_addresses(source.origin, batch)


def _take_over(listed: list[Listed], target: Path, tree: Path) -> None:
    """Use again what is whole in a corpus that has lost some of its files."""
    for each in listed if record(target) else []:
        old, new = target / each.path, tree / each.path
        if old.is_file() and not new.exists() and not fault(old, each.checksum, each.size):
            with written_whole(new) as path:
                shutil.copyfile(old, path)


def _install(tree: Path, work: Path, target: Path) -> None:
    """Put a complete folder in place with one rename; a damaged one moves aside and goes."""
    if target.exists():
        shutil.rmtree(work / "replaced", ignore_errors=True)
        target.rename(work / "replaced")
    tree.rename(target)


def _make_room(source: Source, work: Path, tree: Path) -> None:
    """Remove what is half written from a full disk; keep what arrived whole."""
    if isinstance(source.origin, Archive):
        shutil.rmtree(tree, ignore_errors=True)
    for path in work.rglob("*"):
        if path.suffix == ".part" or path.name.startswith(".part-"):
            path.unlink(missing_ok=True)


def _empty(work: Path) -> None:
    """Remove all that a run has brought; the lock stays, since it is held."""
    for path in work.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.stat().st_size:
            path.unlink()


def _n_bytes(work: Path) -> int:
    return sum(studio.sizes(work).values()) if work.is_dir() else 0


def _cannot_write(source: Source, work: Path, error: OSError) -> DownloadError:
    kept = _n_bytes(work)
    left = f"{megabytes(kept)} are kept in {work} for the next run" if kept else "Nothing was kept"
    if error.errno in _FULL:
        return DownloadError(
            f"{work.parent}: the disk is full; {source.title} takes {megabytes(source.unpacked)} and needs "
            f"more while it is unpacked. Free some space and run the same command again. {left}"
        )
    return DownloadError(
        f"{work.parent}: cannot be written ({error.strerror or error}); allow writing there, or name another "
        f"folder. {left}"
    )


def _bytes_bar(total: int, what: str, show: bool):
    bar = progress.bar(total, what, "B", show)
    bar.unit_scale = True
    return bar
