"""Sharing work among processes: order, threads, errors, death, interruption."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from sercourse import parallel
from sercourse.errors import WorkersError
from sercourse.parallel import share


def square(number):
    return number * number


def process(number):
    return os.getpid()


def in_turn(path):
    """Job 0 waits for what job 9 does."""
    deadline = time.monotonic() + 30
    while path.name == "0" and not path.with_name("9").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    path.touch()
    return int(path.name)


def threads(number):
    import numpy as np
    import threadpoolctl

    np.ones((9, 9)) @ np.ones((9, 9))
    # Accelerate, on a Mac, is known to its variable only.
    variables = [os.environ[name] for name in ("OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")]
    return [*map(int, variables), *(pool["num_threads"] for pool in threadpoolctl.threadpool_info())]


def refuse(number):
    if number == 30:
        raise LookupError("job 30")
    return number


def die(number):
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def quietly(work, jobs, **options):
    return share(work, jobs, "testing", "job", progress=False, **options)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_jobs(workers):
    expected = [number * number for number in range(100)]
    assert list(quietly(square, range(100), workers=workers, batch=7)) == expected


def test_no_jobs_have_no_results():
    assert list(quietly(square, [])) == []


def test_without_order_nothing_waits_for_a_slow_job(tmp_path):
    jobs = [tmp_path / str(number) for number in range(20)]
    found = list(quietly(in_turn, jobs, workers=2, batch=1, ordered=False))
    assert sorted(found) == list(range(20))
    assert found.index(0) >= 6  # of jobs 1 to 8, two at most were handed out and not yet returned


def test_the_work_is_done_in_other_processes_unless_one_batch_holds_it():
    many = set(quietly(process, range(40), workers=2, batch=4))
    assert os.getpid() not in many
    assert set(quietly(process, range(4), workers=2, batch=4)) == {os.getpid()}
    assert set(quietly(process, range(40), workers=1, batch=4)) == {os.getpid()}


def test_processes_are_kept_for_the_next_call():
    first = set(quietly(process, range(40), workers=2, batch=4))
    assert len(first | set(quietly(process, range(40), workers=2, batch=4))) <= 2


def test_a_process_has_one_thread():
    found = list(quietly(threads, range(4), workers=2, batch=1))
    assert {number for each in found for number in each} == {1}


def test_what_a_job_raises_reaches_the_caller_and_the_next_call_works():
    with pytest.raises(LookupError, match="job 30"):
        list(quietly(refuse, range(60), workers=2, batch=4))
    assert len(list(quietly(square, range(60), workers=2, batch=4))) == 60


def test_a_process_that_dies_is_said_in_words_and_the_next_call_works():
    with pytest.raises(
        WorkersError, match="a process died while it was at work; if memory ran out, try fewer workers"
    ):
        list(quietly(die, range(60), workers=2, batch=4))
    assert len(list(quietly(square, range(60), workers=2, batch=4))) == 60


def test_the_processes_wait_for_a_slow_caller(tmp_path):
    """Of 200 batches only a few are done before the caller takes the second result."""
    results = quietly(square, Touching(tmp_path), workers=2, batch=1)
    next(results)
    time.sleep(1)
    assert len(list(tmp_path.iterdir())) <= 2 * parallel._AHEAD + 1
    results.close()


class Touching:
    """Jobs that leave a file when they are sent."""

    def __init__(self, folder):
        self.folder = folder

    def __len__(self):
        return 200

    def __getitem__(self, index):
        return [Sent(self.folder / str(index.start))]


class Sent:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        self.path.touch()
        return int, (3,)


if hasattr(os, "killpg"):  # Windows has nothing that a test could send in place of the key

    def test_an_interrupt_ends_the_processes_without_a_word_of_theirs(tmp_path):
        """Ctrl-C in a terminal reaches the parent and its processes alike."""
        code = (
            "import time\n"
            "from sercourse.parallel import share\n"
            "def slow(number):\n"
            "    time.sleep(0.2)\n"
            "    return number\n"
            "for number in share(slow, range(1000), 'x', 'y', workers=2, batch=1, progress=False):\n"
            "    print(number, flush=True)\n"
        )
        command = [sys.executable, "-c", code]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, start_new_session=True, **pipes) as child:
            for number in range(8):  # both processes are at work now
                assert child.stdout.readline() == f"{number}\n"
            processes = psutil.Process(child.pid).children(recursive=True)
            os.killpg(child.pid, signal.SIGINT)
            _, errors = child.communicate(timeout=30)
        assert len(processes) >= 2
        assert errors.count("Traceback") == 1
        assert "KeyboardInterrupt" in errors.splitlines()[-1]
        assert not psutil.wait_procs(processes, timeout=10)[1]
