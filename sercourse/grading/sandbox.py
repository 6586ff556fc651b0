"""Keep a student's code apart: from other submissions, from the tests, from the gradebook, from the network.

Three ways, the best that a machine has is taken:

==============  ====================================================================================
bubblewrap      its own file system, with Python, this package and the submission in it and nothing
                else; no network; its processes end with it
another user    the same files, as far as that user may read them; it cannot write to the gradebook
none            nothing keeps it apart. The batch report says so
==============  ====================================================================================

Source: bubblewrap's and setpriv's manual pages.
"""

import os
import shutil
import site
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import matplotlib

import sercourse
from sercourse.exercises.kernels import Launched, Limits

BUBBLEWRAP, USER, NONE = "bubblewrap", "another user", "none"
WAYS = (BUBBLEWRAP, USER, NONE)

NOBODY = 65_534
"""The user that owns nothing."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives")
_FILE_SIZE = 256 * 2**20
_FONTS = ".matplotlib"


@cache
def best_way() -> str:
    """Return the best way to keep code apart that works on this machine: one of `WAYS`."""
    return next(way for way in WAYS if way == NONE or works(way))


def launcher(way: str, work: Path, limits: Limits) -> Callable[[Path], Launched]:
    """Return how to start kernels, for `sercourse.exercises.kernels.KernelStudent`.

    Parameters
    ----------
    way : str
        One of `WAYS`.
    work : pathlib.Path
        Where the cells run: a copy of what was handed in. Its parent folders must let other users through.
    limits : Limits
        The memory is also a limit for each process, so that a cell meets a ``MemoryError`` first.

    Returns
    -------
    callable
        Takes a folder for sockets.
    """
    limited = _limited(limits)
    fonts = Path(matplotlib.get_cachedir())
    if fonts.is_dir():  # the list of fonts takes seconds to make
        shutil.copytree(fonts, work / _FONTS, dirs_exist_ok=True, ignore=shutil.ignore_patterns("tex*"))

    def launch(sockets: Path) -> Launched:
        if way == BUBBLEWRAP:
            prefix = [*limited, *_bubblewrap(work, sockets)]
            return Launched(prefix, work, _environment("/tmp", work))
        if way == USER:
            for path in (sockets.parent, sockets, *sockets.iterdir(), work, *work.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            return Launched([*limited, *_setpriv()], work, _environment(str(work), work))
        return Launched(limited, work, dict(os.environ))

    return launch


def works(way: str) -> bool:
    """Whether Python and this package start that way."""
    program = {BUBBLEWRAP: "bwrap", USER: "setpriv"}[way]
    if not shutil.which(program) or (way == USER and os.geteuid() != 0):
        return False
    here = Path(sercourse.__file__).parent
    prefix = _bubblewrap(here, None) if way == BUBBLEWRAP else _setpriv()
    command = [*prefix, sys.executable, "-c", "import sercourse"]
    try:
        done = subprocess.run(
            command, env=_environment("/tmp", here), cwd="/", capture_output=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _bubblewrap(work: Path, sockets: Path | None) -> list[str]:
    """Return the command in front of Python's: what it may see, and nothing else."""
    seen = [each for each in _SYSTEM if Path(each).exists()]
    python = dict.fromkeys(
        [sys.base_prefix, sys.prefix, *site.getsitepackages(), str(Path(sercourse.__file__).parent)]
    )
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--hostname", "student"]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(_FILE_SIZE), "--tmpfs", "/tmp"]
    for path in (*seen, *python):
        command += ["--ro-bind", path, path]
    command += ["--bind", str(work), str(work)]
    if sockets is not None:
        command += ["--bind", str(sockets), str(sockets)]
    return [*command, "--remount-ro", "/", "--chdir", str(work), "--"]


def _setpriv() -> list[str]:
    who = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--no-new-privs"]
    return ["setpriv", *who, "--"]


def _limited(limits: Limits) -> list[str]:
    """Return what sets the limits of a process, where the machine has it."""
    if not shutil.which("prlimit"):
        return []
    return ["prlimit", f"--data={limits.memory}", f"--fsize={_FILE_SIZE}", "--core=0", "--"]


def _environment(home: str, work: Path) -> dict[str, str]:
    """Return the variables a submission sees: none of the instructor's."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "HOME": home,
        "LANG": "C.UTF-8",
        "IPYTHONDIR": f"{home}/.ipython",
        "MPLCONFIGDIR": str(work / _FONTS),
        "SERCOURSE_HOME": f"{home}/.sercourse",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
