"""A student's work in a process of its own: a Jupyter kernel, watched.

Cells that do not end are interrupted, and killed if that does not help. So is a kernel that takes too much
memory or prints without end. After a kernel's death a fresh one repeats the cells that were good, so that one
bad answer does not cost the others.
"""

import ast
import functools
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from nbformat import NotebookNode
from nbformat.v4 import new_output

from sercourse.exercises import remote, wire
from sercourse.exercises.remote import StudentError
from sercourse.exercises.students import Outputs, Ran

_DESK = "__sercourse_desk__"
_SET_UP = (
    "import matplotlib\nmatplotlib.use('agg')\nfrom sercourse.exercises.wire import Desk\n"
    f"{_DESK} = Desk(globals())"
)
_POLL = 0.1  # seconds between two looks at a kernel
_AT_ONCE = 2_000  # messages between two looks at a kernel
_PATIENCE = 3.0  # seconds for an interrupt, or for the last output to come


class Limits(NamedTuple):
    """What a kernel may take.

    Attributes
    ----------
    seconds : float
        For a cell, and for what a test calls.
    memory : int
        Bytes, of all its processes together.
    output : int
        Characters that a cell may print; what is more is not kept.
    start : float
        Seconds for a kernel to start.
    """

    seconds: float = 30.0
    memory: int = 3 * 2**30
    output: int = 100_000
    start: float = 120.0


class KernelDied(Exception):  # noqa: N818 - the word that users of Jupyter know
    """The kernel ended while it ran an answer."""


class Launched(NamedTuple):
    """How a kernel is started: what stands before its command, and the folder for its work."""

    prefix: list[str]
    work: Path
    environment: dict[str, str]


class KernelStudent:
    """Work that runs in a kernel of its own.

    Parameters
    ----------
    launch : callable, optional
        Gives, for a folder with a kernel's connection file, how to start it. By default without
        isolation, in the folder `work`.
    work : pathlib.Path, optional
        Where the cells run.
    limits : Limits
    """

    def __init__(
        self,
        work: Path | None = None,
        launch: Callable[[Path], Launched] | None = None,
        limits: Limits | None = None,
    ):
        self._limits = limits or Limits()
        work = work or Path.cwd()
        self._launch = launch or (lambda sockets: Launched([], work, dict(os.environ)))
        self._good: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="ser-")
        self._start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """End the kernel and all that it started."""
        self._kill()
        self._folder.cleanup()

    def run(self, source: str) -> Ran:
        """Run a cell within the limits."""
        kept = Outputs(self._limits.output)
        try:
            reply = self._execute(source, self._limits.seconds, kept.take)
        except KernelDied as death:
            self._revive()
            return Ran([*kept.outputs, _error("KernelDied", str(death))], str(death))
        except TimeoutError as late:
            return Ran([*kept.outputs, _error("TimeoutError", str(late))], str(late))
        if reply["status"] == "error":
            return Ran(kept.outputs, f"{reply['ename']}: {reply['evalue']}".removesuffix(": "))
        self._good.append(source)
        return Ran(kept.outputs, "")

    def value(self, name: str) -> Any:
        """Return what a name stands for; a function comes as one that asks the kernel."""
        try:
            return self.ask("name", name)
        except StudentError as error:
            if error.names[0] == "KeyError":
                raise NameError(f"name '{name}' is not defined") from None
            raise

    def ask(self, operation: str, target: str | int, arguments: Any = (), keywords: Any = None) -> Any:
        """Have something done in the kernel, and return what came of it; see `wire.Desk`.

        Raises
        ------
        StudentError
            The answer raised an error, took too long, or ended the kernel.
        """
        sent = [wire.encode(each, remote.number) for each in (arguments, keywords or {})]
        expression = {"reply": f"{_DESK}.answer({json.dumps([operation, target, *sent])!r})"}
        try:
            reply = self._execute("", self._limits.seconds, expressions=expression)
        except KernelDied as death:
            self._revive()
            raise StudentError(["KernelDied"], str(death)) from None
        except TimeoutError as late:
            raise StudentError(["TimeoutError"], str(late)) from None
        return self._read(reply["user_expressions"]["reply"])

    def _read(self, said: dict) -> Any:
        """Return the value in a kernel's answer. It comes from a student's process: nothing in it is run."""
        try:
            answer = json.loads(ast.literal_eval(said["data"]["text/plain"]))
            if "error" in answer:
                names, message = answer["error"]
                raise StudentError([str(each) for each in names], str(message))
            return wire.decode(answer["value"], functools.partial(remote.Remote, self))
        except StudentError:
            raise
        except Exception as error:
            message = f"what your code gave could not be read ({type(error).__name__})"
            raise StudentError(["NoAnswer"], message) from None

    def _start(self) -> None:
        sockets = Path(tempfile.mkdtemp(dir=self._folder.name))
        file, _ = write_connection_file(str(sockets / "k.json"), transport="ipc", ip=str(sockets / "k"))
        launched = self._launch(sockets)
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", file, "--HistoryManager.enabled=False"]
        self._process = subprocess.Popen(
            [*launched.prefix, *command],
            cwd=launched.work,
            env=launched.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._client = BlockingKernelClient(connection_file=file)
        self._client.load_connection_file()
        self._client.start_channels()
        try:
            self._wait()
            self._execute(_SET_UP, self._limits.start)
        except (KernelDied, TimeoutError) as error:
            self._kill()
            raise KernelDied(f"no kernel could be started: {error}") from None

    def _wait(self) -> None:
        """Return when the kernel answers."""
        asked, deadline = self._client.kernel_info(), time.monotonic() + self._limits.start
        while self._reply(asked) is None:
            self._look()
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer within {self._limits.start:g} s")

    def _kill(self) -> None:
        self._client.stop_channels()
        for process in _family(self._process.pid):
            try:
                process.kill()
            except psutil.Error:
                continue
        self._process.wait()

    def _revive(self) -> None:
        """Start a fresh kernel, and repeat the cells that were good."""
        self._kill()
        self._start()
        for source in self._good:
            try:
                self._execute(source, self._limits.seconds)
            except (KernelDied, TimeoutError):
                self._kill()
                self._start()

    def _execute(
        self,
        source: str,
        seconds: float,
        take: Callable[[dict], None] = lambda message: None,
        expressions: dict | None = None,
    ) -> dict:
        """Run code; return the reply's content.

        Raises
        ------
        TimeoutError
            It had to be interrupted.
        KernelDied
            It ended, or had to be killed.
        """
        asked = self._client.execute(source, user_expressions=expressions, store_history=False)
        deadline, interrupted = time.monotonic() + seconds, False
        while (reply := self._reply(asked)) is None:
            self._show(asked, take)
            self._look()
            if time.monotonic() < deadline:
                continue
            if interrupted:
                raise KernelDied(f"it did not end within {seconds:g} s, and could not be interrupted")
            self._interrupt()
            deadline, interrupted = time.monotonic() + _PATIENCE, True
        self._show(asked, take, _PATIENCE)
        if interrupted:
            raise TimeoutError(f"it did not end within {seconds:g} s")
        return reply

    def _show(self, asked: str, take: Callable[[dict], None], seconds: float = 0.0) -> None:
        """Take what a cell shows: what has come, or within some seconds all until it says that it is done."""
        deadline = time.monotonic() + seconds
        for _ in range(_AT_ONCE):
            try:
                message = self._client.get_iopub_msg(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["content"].get("execution_state") == "idle":
                return
            take(message)

    def _reply(self, asked: str) -> dict | None:
        try:
            reply = self._client.get_shell_msg(timeout=_POLL)
        except queue.Empty:
            return None
        return reply["content"] if reply["parent_header"].get("msg_id") == asked else None

    def _look(self) -> None:
        """Raise `KernelDied` if the kernel is gone or takes too much."""
        family = _family(self._process.pid)
        if self._process.poll() is not None or not family:
            raise KernelDied("it ended the kernel")
        if sum(map(_memory, family)) > self._limits.memory:
            raise KernelDied(f"it took more than {self._limits.memory / 2**30:g} GB of memory")

    def _interrupt(self) -> None:
        """Send Ctrl-C to the kernel itself, which may stand behind the process that isolates it."""
        for process in _family(self._process.pid):
            try:
                if "ipykernel_launcher" in " ".join(process.cmdline()[:4]):
                    process.send_signal(signal.SIGINT)
            except psutil.Error:
                continue


def _error(name: str, message: str) -> NotebookNode:
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])


def _family(number: int) -> list[psutil.Process]:
    """Return a process and all it started."""
    try:
        process = psutil.Process(number)
        if process.status() == psutil.STATUS_ZOMBIE:
            return []
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0
