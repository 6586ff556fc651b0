"""Processes at work for one task, and the lock that keeps a second task out of the same folder."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
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

    def run(self, command: list[str]) -> tuple[int, str]:
        """Run a process to its end, and count the dots that it prints.

        Returns
        -------
        code : int
            Its exit code.
        message : str
            What it wrote to standard error.
        """
        with self._start(command) as process:
            while process.stdout.read(1):
                with self._lock:
                    self.made += 1
            message = process.stderr.read().decode(errors="replace").strip()
        return process.returncode, message

    def dismiss(self) -> None:
        """Kill all processes, and let no other start."""
        with self._lock:
            self._dismissed = True
            for process in self._processes:
                process.kill()

    def _start(self, command: list[str]) -> subprocess.Popen:
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


def share(jobs: Iterable, work: Callable, workers: int | None, bar) -> None:
    """Do all jobs, some at a time. Whatever goes wrong, no process is left behind.

    Parameters
    ----------
    jobs : iterable
        What there is to do.
    work : callable
        ``work(job, crew)`` does one job, by `Crew.run`.
    workers : int or None
        Jobs at a time; as many as processors if None.
    bar : tqdm.tqdm
        Moved on with each file that is made.
    """
    import joblib

    crew = Crew()
    pool = ThreadPoolExecutor(workers or joblib.cpu_count())
    waiting = [pool.submit(work, job, crew) for job in jobs]
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
