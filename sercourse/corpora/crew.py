"""Processes at work for one task, and the lock that keeps a second task out of the same folder."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from sercourse.errors import CorpusError

_LOCK = ".lock"


class Crew:
    """Running processes and the count of files they have made, shared by threads."""

    def __init__(self):
        self.made = 0
        self._processes = []
        self._dismissed = False
        self._lock = threading.Lock()

    def start(self, command: list[str]) -> subprocess.Popen:
        """Start a process with pipes for standard input, output and error."""
        # One BLAS thread: the pool uses the processors already, and the order of sums stays fixed.
        single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        with self._lock:
            if self._dismissed:
                raise CorpusError("stopped; run the same again to complete it")
            environment = os.environ | single | {"PYTHONUTF8": "1"}
            process = subprocess.Popen(command, env=environment, bufsize=0, **pipes)
            self._processes.append(process)
        return process

    def count(self) -> None:
        """Count one more file."""
        with self._lock:
            self.made += 1

    def dismiss(self) -> None:
        """Kill all processes, and let no other start."""
        with self._lock:
            self._dismissed = True
            for process in self._processes:
                process.kill()


@contextmanager
def locked(folder: Path):
    """Hold the corpus's lock; the system releases it even if this process is killed."""
    with open(folder / _LOCK, "ab") as file:
        if not _try_lock(file):
            print(f"waiting for another process that works in {folder}", flush=True)
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
