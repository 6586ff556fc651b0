"""Unpack an archive of which nothing is trusted: no path leaves the folder, no link, no bomb.

`zipfile` alone would silently rename a path such as ``../a`` instead of refusing the archive, and would
fill the disk with whatever a small archive swells to.
"""

import re
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from sercourse.errors import DownloadError

_DOS_NAME = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def unzip(
    archive: Path,
    folder: Path,
    max_bytes: int,
    max_files: int,
    origin: str,
    advance: Callable[[int], object] = lambda n_bytes: None,
) -> None:
    """Unpack a zip file, after all names and sizes in it were checked.

    Parameters
    ----------
    archive : pathlib.Path
    folder : pathlib.Path
        Where its files go; created.
    max_bytes, max_files : int
        Refuse an archive that holds more.
    origin : str
        Where it came from, for messages.
    advance : callable
        Told how many bytes were written.

    Raises
    ------
    DownloadError
        The archive is damaged, or holds what it should not; the message names it. Nothing was written
        unless it is damaged inside a file.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            _check(members, max_bytes, max_files, origin)
            for member in members:
                if not member.is_dir():
                    target = folder / member.filename
                    target.parent.mkdir(parents=True, exist_ok=True)
                    # zipfile hands out no more bytes than the size that was checked.
                    with opened.open(member) as source, open(target, "wb") as file:
                        shutil.copyfileobj(source, file)
                    advance(member.file_size)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        raise DownloadError(f"{origin}: the archive is damaged ({error})") from error


def check_path(name: str, origin: str) -> str:
    """Return a relative path with slashes that stays where it is put; refuse every other one.

    Parameters
    ----------
    name : str
        A path that came over the network.
    origin : str
        Where it came from, for the message.

    Raises
    ------
    DownloadError
        The path is absolute, climbs, or means something else on some system.
    """
    parts = PurePosixPath(name).parts
    odd = any(part == ".." or _DOS_NAME.fullmatch(part) or part != part.rstrip(". ") for part in parts)
    if not parts or name.startswith("/") or odd or re.search(r'[\\:*?"<>|\x00-\x1f]', name):
        raise DownloadError(f"{origin}: refused, because it holds the path {name!r}, which is not safe")
    return name


def _check(members: list[zipfile.ZipInfo], max_bytes: int, max_files: int, origin: str) -> None:
    """Refuse an archive before anything of it is written."""
    n_bytes = sum(member.file_size for member in members)
    if n_bytes > max_bytes or len(members) > max_files:
        raise DownloadError(
            f"{origin}: refused, because it unpacks to {n_bytes:,} bytes in {len(members):,} files; at "
            f"most {max_bytes:,} bytes in {max_files:,} files were to be expected"
        )
    seen = set()
    for member in members:
        # zipfile turns the system's own separator into a slash; orig_filename is what the archive says.
        name = check_path(member.orig_filename, origin)
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise DownloadError(f"{origin}: refused, because {name!r} is a link or a device, not a file")
        if name.casefold() in seen:
            raise DownloadError(f"{origin}: refused, because it holds {name!r} twice")
        seen.add(name.casefold())
