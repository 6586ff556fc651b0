"""Check that a machine can run the course, and say how to mend what is wrong."""

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from sercourse import settings
from sercourse.errors import SercourseError

PYTHONS = ((3, 11), (3, 13))
MEMORY_GB = 4
DISK_GB = 2
INSTALL = "run `uv sync`, or `pip install -e . -c constraints.txt`"


class Finding(NamedTuple):
    """What one check found.

    Attributes
    ----------
    grade : str
        ``ok``, ``note`` (the course runs) or ``problem`` (it does not).
    what : str
        What was checked, and what was found.
    fix : str
        What to do about it; empty where nothing is wrong.
    """

    grade: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{self.grade:<9}{self.what}" + (f"\n         -> {self.fix}" if self.fix else "")


def examine(start_tensorflow: bool = True) -> Iterator[Finding]:
    """Yield the findings of all checks, the quick ones first; without its packages, nothing more.

    Parameters
    ----------
    start_tensorflow : bool
        Also try whether TensorFlow starts, which takes several seconds.
    """
    yield _python()
    yield _platform()
    packages = list(_packages())
    yield from packages
    if any(finding.grade == "problem" for finding in packages):
        return  # the other checks need them
    yield from _write_access()
    yield _memory()
    yield from _data_folders()
    yield from _corpora()
    yield _speech()
    if start_tensorflow:
        yield _tensorflow()


def _python() -> Finding:
    lowest, highest = PYTHONS
    what = f"sercourse {importlib.metadata.version('sercourse')} on Python {platform.python_version()}"
    if lowest <= sys.version_info[:2] <= highest:
        return Finding("ok", what)
    fix = f"install Python {lowest[0]}.{lowest[1]} to {highest[0]}.{highest[1]}; `uv run` does that by itself"
    return Finding("problem", what, fix)


def _platform() -> Finding:
    what = f"{platform.system()} on {platform.machine()}"
    if platform.system() == "Darwin" and platform.machine() == "x86_64":
        return Finding(
            "problem", what, "TensorFlow has no build for macOS on Intel: use a Linux machine or Colab"
        )
    return Finding("ok", what)


def _packages() -> Iterator[Finding]:
    absent, differing = [], []
    tested = _tested_versions()
    for name in _required():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            absent.append(name)
            continue
        if tested.get(name, installed) != installed:
            differing.append(f"{name} {installed} (tested: {tested[name]})")
    if absent:
        yield Finding(
            "problem",
            f"packages missing: {', '.join(absent)}",
            INSTALL,
        )
    if differing:
        yield Finding(
            "note",
            f"other versions than tested: {', '.join(differing)}",
            INSTALL,
        )
    if not absent and not differing:
        yield Finding(
            "ok", "packages: all there, in the tested versions" if tested else "packages: all there"
        )


def _required() -> list[str]:
    """Names of the packages that the course needs on this platform."""
    from packaging.requirements import Requirement

    needed = [Requirement(line) for line in importlib.metadata.requires("sercourse") or []]
    return [_normalised(each.name) for each in needed if each.marker is None or each.marker.evaluate()]


def _tested_versions() -> dict[str, str]:
    constraints = settings.LESSONS.parent / "constraints.txt"
    if not constraints.exists():
        return {}
    pins = [line.split("==") for line in constraints.read_text().splitlines() if "==" in line]
    return {_normalised(name): version for name, version in pins}


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _write_access() -> Iterator[Finding]:
    for what, folder, fix in (
        ("data and caches", settings.home(), "set SERCOURSE_HOME to a folder that you can write"),
        ("executed lessons", settings.LESSONS.parent / "build", "clone into a folder that you can write"),
    ):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                free = shutil.disk_usage(folder).free / 1e9
        except OSError as error:
            yield Finding("problem", f"{what}: {folder} cannot be written ({error.strerror})", fix)
            continue
        found = f"{what}: {folder} can be written, {free:.0f} GB free"
        if free >= DISK_GB:
            yield Finding("ok", found)
        else:
            yield Finding("problem", found, f"make room: the course needs {DISK_GB} GB")


def _memory() -> Finding:
    import psutil

    total = psutil.virtual_memory().total / 1e9
    if total >= MEMORY_GB:
        return Finding("ok", f"memory: {total:.0f} GB, {os.cpu_count()} cores")
    return Finding(
        "note", f"memory: {total:.1f} GB", f"lessons need up to {MEMORY_GB} GB; close other programs"
    )


def _data_folders() -> Iterator[Finding]:
    for folder in settings.data_folders()[:-1]:
        if not folder.is_dir():
            yield Finding(
                "problem",
                f"SERCOURSE_DATA names {folder}, which is not a folder",
                "correct or unset SERCOURSE_DATA",
            )


def _corpora() -> Iterator[Finding]:
    from sercourse import corpora

    for name in corpora.CORPORA:
        if corpora.find(name) is None:
            yield Finding("note", f"corpus {name}: not here", corpora.how_to_get(name))
            continue
        try:
            found = corpora.scan(name)
        except SercourseError as error:
            yield Finding("problem", f"corpus {name}", str(error))
            continue
        what = f"corpus {name}: {len(found.manifest)} recordings in {found.folder}"
        if len(found.left_out):
            first = found.left_out.iloc[0]
            yield Finding(
                "note", f"{what}, {len(found.left_out)} files left out", f"{first.path}: {first.reason}"
            )
        else:
            yield Finding("ok", what)
    if settings.corpus() not in corpora.CORPORA:
        known = ", ".join(corpora.CORPORA)
        yield Finding("problem", f"SERCOURSE_CORPUS is {settings.corpus()!r}", f"choose one of {known}")


def _speech() -> Finding:
    from sercourse import voices

    if voices.available():
        return Finding("ok", "Praat's synthesiser: there")
    return Finding(
        "note", "Praat's synthesiser: not there, so no synthetic corpus can be made here", voices.ADVICE
    )


def _tensorflow() -> Finding:
    """Import it in a process of its own: on an unfit processor the import ends the process."""
    code = "import tensorflow as tf; print(tf.__version__, len(tf.config.list_physical_devices('GPU')))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        version, gpus = answer.stdout.split()[-2:]
        return Finding("ok", f"TensorFlow {version} starts; GPUs: {gpus} (none is needed)")
    last = (answer.stderr.strip().splitlines() or ["no message"])[-1]
    what = f"TensorFlow does not start (exit code {answer.returncode}): {last}"
    return Finding(
        "problem", what, "run `uv sync --reinstall-package tensorflow`; its processor needs AVX instructions"
    )
