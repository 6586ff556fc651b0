"""A bundle on the disk: a few named parts in a folder or in one zip file, with their checksums.

`SHA256SUMS` has the format of the command of that name, so that ``sha256sum -c SHA256SUMS`` checks a folder
without this package. No part is a pickle.
"""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from sercourse.errors import BundleError
from sercourse.files import written_whole

DESCRIPTION, SCALER, NETWORK, CARD = "bundle.json", "scaler.json", "network.keras", "model_card.md"
PARTS = (DESCRIPTION, SCALER, NETWORK, CARD)
"""What every bundle consists of, beside the checksums."""

CHECKSUMS = "SHA256SUMS"
LARGEST = 256 * 2**20
"""Bytes that a part may have: far more than the course's networks, far less than what fills a memory."""


def write(parts: Mapping[str, bytes], path: str | Path) -> Path:
    """Write the parts of a bundle: all of them, or none.

    Parameters
    ----------
    parts : mapping of str to bytes
        Those of `PARTS`.
    path : path-like
        A file if it ends in ``.zip``, else a folder. A bundle that is there is replaced.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    BundleError
        There is something else at this path, or it cannot be written.
    """
    path = check_place(path)
    whole = {**parts, CHECKSUMS: _checksums(parts).encode()}
    try:
        if path.suffix == ".zip":
            _write_zip(whole, path)
        else:
            _write_folder(whole, path)
    except OSError as error:
        reason = f"cannot be written ({error.strerror or error})"
        raise BundleError(path, reason, "make room, or name another place") from error
    return path


def check_place(path: str | Path) -> Path:
    """Return the path of a bundle that is to be written; raise `BundleError` if something else is there."""
    path = Path(path)
    if path.is_dir() and any(path.iterdir()) and not (path / CHECKSUMS).is_file():
        raise BundleError(path, "is a folder with other things in it", "name a new one")
    if path.is_dir() if path.suffix == ".zip" else path.is_file():
        raise BundleError(
            path, "is there, and no bundle of this kind", "name a new folder, or a new .zip file"
        )
    return path


def read(path: str | Path) -> dict[str, bytes]:
    """Read the parts of a bundle, and compare each with its checksum.

    Raises
    ------
    BundleError
        There is no bundle, a part is missing or too large, or a checksum differs.
    """
    path = Path(path)
    if not path.exists():
        raise BundleError(path, "not found", "check the path, or make one with `sercourse bundle make`")
    try:
        whole = _read_folder(path) if path.is_dir() else _read_zip(path)
    except zipfile.BadZipFile as error:
        raise BundleError(path, f"neither a folder nor a whole zip file ({error})") from error
    except OSError as error:
        raise BundleError(path, f"cannot be read ({error.strerror or error})") from error
    known = dict(reversed(line.split(maxsplit=1)) for line in _lines(path, whole.pop(CHECKSUMS)))
    for name, content in whole.items():
        if known.get(name) != hashlib.sha256(content).hexdigest():
            raise BundleError(path, f"{name} is not what was saved (its checksum differs)", _FETCH)
    return whole


_FETCH = "copy the bundle again, or make it again with `sercourse bundle make`"


def _checksums(parts: Mapping[str, bytes]) -> str:
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in parts.items())


def _lines(path: Path, content: bytes) -> list[str]:
    lines = content.decode(errors="replace").splitlines()
    if any(len(line.split(maxsplit=1)) != 2 for line in lines):
        raise BundleError(path, f"{CHECKSUMS} is no list of checksums", _FETCH)
    return lines


def _write_zip(whole: Mapping[str, bytes], path: Path) -> None:
    with written_whole(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in whole.items():
            file.writestr(name, content)


def _write_folder(whole: Mapping[str, bytes], path: Path) -> None:
    """Write beside the place, and move there at the end; what was there comes back if that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh, before = (path.with_name(f".{kind}-{os.getpid()}-{path.name}") for kind in ("part", "old"))
    try:
        fresh.mkdir()
        for name, content in whole.items():
            (fresh / name).write_bytes(content)
        if path.exists():
            os.replace(path, before)
        try:
            os.replace(fresh, path)
        except OSError:
            if before.exists():
                os.replace(before, path)
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)


def _read_folder(path: Path) -> dict[str, bytes]:
    whole = {}
    for name in (*PARTS, CHECKSUMS):
        part = path / name
        if not part.is_file():
            raise BundleError(path, f"the part {name} is missing", _FETCH)
        _check_size(path, name, part.stat().st_size)
        whole[name] = part.read_bytes()
    return whole


def _read_zip(path: Path) -> dict[str, bytes]:
    whole = {}
    with zipfile.ZipFile(path) as file:
        for name in (*PARTS, CHECKSUMS):
            if name not in file.NameToInfo:
                raise BundleError(path, f"the part {name} is missing", _FETCH)
            _check_size(path, name, file.getinfo(name).file_size)
            whole[name] = file.read(name)
    return whole


def _check_size(path: Path, name: str, size: int) -> None:
    if size > LARGEST:
        raise BundleError(
            path, f"{name} has {size} bytes; no part of a bundle has more than {LARGEST}", _FETCH
        )
