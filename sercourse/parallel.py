"""Share work among processes, on this machine or on a Dask cluster.

Each process computes with one thread: the threads of BLAS and FFT in several processes would fight
for the same cores. Only so many results wait as the processes need to stay busy, so a caller that
is slower than they are does not fill the memory.
"""

import atexit
import functools
import itertools
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, wait
from contextlib import closing, contextmanager
from typing import Any

import sercourse
from sercourse.errors import WorkersError
from sercourse.progress import bar

# Batches a process that are handed out or wait for the caller. Loky hands out no more than two by itself, and
# stumbles when it is ended while others wait.
_AHEAD, _AHEAD_ON_CLUSTER = 2, 4
_IDLE = 60  # seconds after which a process without work ends; until then the next call need not start it
_PATIENCE = 10  # seconds to wait for a scheduler, and for its first worker

_ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMBA_NUM_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "TF_NUM_INTEROP_THREADS",
    ),
    "1",
)


def share(
    work: Callable[[Any], Any],
    jobs: Sequence,
    what: str,
    unit: str,
    *,
    workers: int | None = None,
    progress: bool = True,
    ordered: bool = True,
    batch: int = 16,
    dask: str | None = None,
    apart: bool = False,
) -> Iterator:
    """Do all jobs in several processes, and yield the results as they come.

    Parameters
    ----------
    work : callable
        A function of one job, which a process can import.
    jobs : sequence
        What can be pickled, and so must the results be.
    what, unit : str
        Of the progress bar, such as "extracting features" and "file".
    workers : int, optional
        Processes on this machine; by default one a core. With one, or where one batch holds all jobs,
        the work is done in this process.
    progress : bool
        Show a progress bar.
    ordered : bool
        Yield in the order of the jobs. If False, a result is yielded as soon as it is there.
    batch : int
        Jobs that a process is given at a time: many if they are short, few if they are long.
    dask : str, optional
        Address of a Dask scheduler, such as ``tcp://host:8786``. Its workers do the work, and `workers` has
        no effect. Scheduler and workers must have this package in the same version, and the workers must
        see the files that the jobs name under the same paths. Start them with one thread each:
        ``dask worker ADDRESS --nworkers 4 --nthreads 1``. What a worker that dies had in hand is done
        again by another one.
    apart : bool
        Do the work in another process even if one is enough, as when that one may die.

    Yields
    ------
    object
        What `work` returned.

    Raises
    ------
    WorkersError
        A process died; or the scheduler cannot be reached or has no workers that can do the work; or Dask is
        not installed.
    Exception
        What `work` raised. Nothing more is handed out then, as when the caller stops early.
    """
    batches = [jobs[start : start + batch] for start in range(0, len(jobs), batch)]
    with bar(len(jobs), what, unit, progress) as shown:
        task = functools.partial(_work_through, work)
        for results in _results(task, batches, workers, ordered, dask, apart):
            shown.update(len(results))
            yield from results


def handed_out(workers: int | None = None) -> int:
    """Return how many batches are in hand or wait for the caller: the first of those that are not done."""
    return _AHEAD * (workers or _cores())


def _results(task, batches, workers, ordered, dask, apart):
    if not batches:
        return
    if dask is not None:
        with _cluster(dask) as (executor, size):
            yield from _in_flight(executor, task, batches, _AHEAD_ON_CLUSTER * size, ordered)
        return
    workers = min(workers or _cores(), len(batches))
    if workers <= 1 and not apart:
        yield from map(task, batches)
        return
    pool = _pool(workers)
    try:
        yield from _in_flight(pool, task, batches, _AHEAD * workers, ordered)
    except BrokenExecutor as error:
        _pool.cache_clear()
        advice = "if memory ran out, try fewer workers"
        raise WorkersError(f"a process died while it was at work; {advice}") from error
    except KeyboardInterrupt:
        _pool.cache_clear()
        _end(pool)
        raise


def _end(pool: Executor) -> None:
    """End a pool's processes at once.

    Loky empties its list of work while its own thread may still read it. That thread then dies of a KeyError,
    and would say so beside the user's own Ctrl-C.
    """
    told = threading.excepthook
    threading.excepthook = lambda found: found.exc_type is KeyError or told(found)
    try:
        pool.shutdown(kill_workers=True)
    finally:
        threading.excepthook = told


def _in_flight(executor: Executor, task, batches, most: int, ordered: bool) -> Iterator[list]:
    """Keep at most so many batches handed out or waiting for the caller."""
    left, flying = iter(batches), []
    while True:
        flying += [executor.submit(task, batch) for batch in itertools.islice(left, most - len(flying))]
        if not flying:
            return
        ready = flying[0] if ordered else next(iter(wait(flying, return_when=FIRST_COMPLETED).done))
        flying.remove(ready)
        yield ready.result()


@functools.lru_cache(maxsize=1)
def _pool(workers: int) -> Executor:
    """Start processes on this machine, or return those that are there from an earlier call."""
    # Unlike those of the standard library, loky's processes do not run the caller's script again.
    from joblib.externals.loky import ProcessPoolExecutor

    # Loky ends a process that has grown much, and starts another. Nothing is lost, so nothing is said.
    warnings.filterwarnings("ignore", "A worker stopped while some jobs were given to the executor")
    return ProcessPoolExecutor(workers, timeout=_IDLE, initializer=_serve_parent, env=_ONE_THREAD)


atexit.register(_pool.cache_clear)


def _serve_parent() -> None:
    """Leave Ctrl-C to the parent, lest each process write a traceback; and end when the parent was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _cores() -> int:
    import joblib

    return joblib.cpu_count()


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """Connect to a Dask cluster; give an executor and the number of its threads."""
    try:
        import distributed
    except ImportError as error:
        advice = "install the extra `dask`: pip install 'sercourse[dask]'"
        raise WorkersError(f"distributed is not installed; {advice}") from error
    with closing(_client(address, distributed)) as client:
        executor = client.get_executor(pure=False)
        _check_package(address, executor)
        try:
            yield executor, sum(client.ncores().values())
        except distributed.KilledWorker as error:
            advice = "look at their logs, their memory, and the files that they had in hand"
            raise WorkersError(f"{address}: workers died one after the other; {advice}") from error
        except CancelledError as error:
            advice = "start it again, and run the same command again"
            raise WorkersError(f"{address}: the Dask scheduler has gone; {advice}") from error


def _client(address: str, distributed):
    """Connect to a scheduler that has workers."""
    try:
        distributed.comm.resolve_address(address)  # a client that fails at this lingers for long
        client = distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        advice = "start one with `dask scheduler`, and give the address that it prints"
        raise WorkersError(f"{address}: no Dask scheduler answers ({error}); {advice}") from error
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        client.close()
        advice = f"start some with `dask worker {address} --nworkers 4 --nthreads 1`"
        raise WorkersError(f"{address}: the Dask scheduler has no workers; {advice}") from error
    return client


def _check_package(address: str, executor: Executor) -> None:
    """Raise `WorkersError` if scheduler and workers do not have this package in this version."""
    try:
        there = executor.submit(_version).result()
    except Exception as error:
        there = f"cannot be imported ({error})"
    if there != _version():
        advice = f"install sercourse {_version()} where the scheduler and the workers run"
        raise WorkersError(f"{address}: sercourse there: {there}; {advice}")


def _version() -> str:
    return sercourse.__version__


def _work_through(work: Callable, batch: Sequence) -> list:
    return [work(job) for job in batch]
