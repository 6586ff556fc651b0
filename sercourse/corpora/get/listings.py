"""What a source that holds its recordings one by one says about them: path, size, checksum, address."""

import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sercourse.corpora.get.fetching import ask, fetch_file
from sercourse.corpora.get.sources import Dataverse, LfsRepository
from sercourse.corpora.get.unpacking import check_path
from sercourse.errors import DownloadError

_LFS_TYPE = "application/vnd.git-lfs+json"
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n"
)
_POINTER_LIMIT = 1024
_EXTRA_LIMIT = 5_000_000
_REPOSITORY_LIMIT = 500_000_000


class Listed(NamedTuple):
    """One file at its source.

    Attributes
    ----------
    path : str
        Where it goes, with slashes.
    size : int
        In bytes.
    checksum : str
        Such as ``sha256:4d7a...``.
    address : str
        Empty where it has to be asked for, see `lfs_addresses`.
    """

    path: str
    size: int
    checksum: str
    address: str = ""


class Address(NamedTuple):
    """Where to fetch a file, and what to send along."""

    href: str
    headers: dict


def dataverse(origin: Dataverse) -> list[Listed]:
    """List the WAV files of a data set's latest version, with the MD5 that Dataverse gives for each.

    Dataverse converts tables that are uploaded, and gives the sum of the result; it leaves sound alone.

    Raises
    ------
    DownloadError
        There is no answer, or not of the form that Dataverse documents.
    """
    address = f"{origin.address}/api/datasets/:persistentId/?persistentId={origin.doi}"
    try:
        files = ask(address)["data"]["latestVersion"]["files"]
        listed = [_from_dataverse(origin, each) for each in files]
    except (KeyError, TypeError, AttributeError) as error:
        raise DownloadError(f"{address}: the answer lacks {error}; the service may have changed") from error
    return [each for each in listed if each.path.lower().endswith(".wav")]


def _from_dataverse(origin: Dataverse, entry: dict) -> Listed:
    file = entry["dataFile"]
    folder = entry.get("directoryLabel", "")
    path = f"{folder}/{entry['label']}" if folder else entry["label"]
    # `md5` in earlier versions, `checksum` with its kind in later ones.
    checksum = f"md5:{file['md5']}" if "md5" in file else _typed(file["checksum"])
    address = f"{origin.address}/api/access/datafile/{int(file['id'])}"
    return Listed(check_path(path, origin.address), int(file["filesize"]), checksum, address)


def _typed(checksum: dict) -> str:
    return f"{checksum['type'].lower().replace('-', '')}:{checksum['value']}"


def lfs_repository(origin: LfsRepository, work: Path, tree: Path) -> list[Listed]:
    """Fetch a repository, which holds a pointer for each recording, and read the pointers.

    Parameters
    ----------
    origin : LfsRepository
    work : pathlib.Path
        Folder for the repository's archive, which is removed when it has been read.
    tree : pathlib.Path
        Folder of the corpus that is being built; the extras go there.

    Raises
    ------
    DownloadError
        The archive does not come, is damaged, or holds something else than pointers.
    """
    archive = work / "repository.zip"
    fetch_file(origin.archive, archive, limit=_REPOSITORY_LIMIT)
    try:
        with zipfile.ZipFile(archive) as opened:
            listed = [_from_pointer(opened, member, origin) for member in _inside(opened, origin)]
            _keep_extras(opened, origin, tree)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise DownloadError(
            f"{origin.archive}: the archive is damaged ({error}); run the same command again"
        ) from error
    finally:
        archive.unlink()
    return listed


def _inside(opened: zipfile.ZipFile, origin: LfsRepository) -> list[zipfile.ZipInfo]:
    """The recordings' members; the archive has one top folder, named after the repository."""
    wanted = re.compile(rf"[^/]+/{re.escape(origin.folder)}/[^/]+\.wav", re.IGNORECASE)
    return [member for member in opened.infolist() if wanted.fullmatch(member.filename)]


def _from_pointer(opened: zipfile.ZipFile, member: zipfile.ZipInfo, origin: LfsRepository) -> Listed:
    path = check_path(member.filename.partition("/")[2], origin.archive)
    content = opened.read(member) if member.file_size <= _POINTER_LIMIT else b""
    pointer = _POINTER.fullmatch(content)
    if not pointer:
        raise DownloadError(f"{origin.archive}: {path} is not a Git LFS pointer; the repository has changed")
    return Listed(path, int(pointer[2]), f"sha256:{pointer[1].decode()}")


def _keep_extras(opened: zipfile.ZipFile, origin: LfsRepository, tree: Path) -> None:
    for member in opened.infolist():
        path = member.filename.partition("/")[2]
        if path in origin.extras and member.file_size <= _EXTRA_LIMIT:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(opened.read(member))


def lfs_addresses(origin: LfsRepository, files: Iterable[Listed]) -> dict[str, Address]:
    """Ask where the content of some pointers can be fetched now; the addresses hold for minutes only.

    Source: the Git LFS batch API, https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md

    Parameters
    ----------
    origin : LfsRepository
    files : iterable of Listed
        At most 100, as GitHub advises.

    Returns
    -------
    dict
        Addresses by path.

    Raises
    ------
    DownloadError
        The service refuses; GitHub does when the repository has used up its monthly quota.
    """
    files = list(files)
    keys = {each.path: each.checksum.partition(":")[2] for each in files}
    sizes = {keys[each.path]: each.size for each in files}  # two recordings may have the same content
    question = {
        "operation": "download",
        "transfers": ["basic"],
        "objects": [{"oid": oid, "size": size} for oid, size in sizes.items()],
    }
    answer = ask(origin.batch, question, {"Accept": _LFS_TYPE, "Content-Type": _LFS_TYPE})
    found = {}
    for each in answer.get("objects", []):
        action = each.get("actions", {}).get("download")
        if not action:
            reason = each.get("error", {}).get("message", "no address for it")
            path = next((path for path, oid in keys.items() if oid == each.get("oid")), "a file")
            raise DownloadError(f"{origin.batch}: {path} is not handed out ({reason}); try again tomorrow")
        found[each.get("oid")] = Address(action["href"], action.get("header", {}))
    missing = [path for path, oid in keys.items() if oid not in found]
    if missing:
        raise DownloadError(f"{origin.batch}: no address for {missing[0]}; try again later")
    return {path: found[oid] for path, oid in keys.items()}
