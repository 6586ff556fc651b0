"""Start the process that predicts, and start it again when it dies."""

import json
import os
import secrets
import subprocess
import sys
import threading
from pathlib import Path

from sercourse.errors import LiveError
from sercourse.live.asking import ADDRESS, KEY, Client

_TRIES = 5
"""Starts in a row that may fail, before nobody tries again."""


class Service:
    """The process that predicts, kept alive until `stop`; see `start`.

    Attributes
    ----------
    port : int
        Where it listens, on this machine only. It stays the same when the process is started again.
    restarts : int
        How often it had to be started again.
    """

    def __init__(self, bundle: str | Path):
        self._bundle, self._key = str(Path(bundle).absolute()), secrets.token_hex(32)
        self._stopping = threading.Event()
        self.port, self.restarts = 0, 0
        self._launch()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables by which `Client.from_environment` finds it."""
        return {ADDRESS: str(self.port), KEY: self._key}

    def client(self) -> Client:
        """Return a client that asks it."""
        return Client(self.port, self._key)

    def stop(self) -> None:
        """End the process."""
        self._stopping.set()
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def _launch(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sercourse.live.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"CUDA_VISIBLE_DEVICES": ""},  # a small network answers sooner without
        )
        told = {"bundle": self._bundle, "port": self.port, "key": self._key}
        try:
            self._process.stdin.write(json.dumps(told) + "\n")
            self._process.stdin.flush()
            said = json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            said = {"trouble": f"the process that predicts ended at its start ({self._process.poll()})"}
        if "trouble" in said:
            self._process.kill()
            self._process.wait()
            raise LiveError(said["trouble"])
        self.port = said["port"]

    def _watch(self) -> None:
        """Start it again whenever it dies."""
        failed = 0
        while failed < _TRIES:
            self._process.wait()
            if self._stopping.wait(failed):
                return
            try:
                self._launch()
                failed, self.restarts = 0, self.restarts + 1
            except LiveError:
                failed += 1


def start(bundle: str | Path | None = None) -> Service:
    """Start the process that predicts for all who ask.

    Parameters
    ----------
    bundle : path-like, optional
        By default that of the demo corpus, which is trained when it is first needed.

    Returns
    -------
    Service
        It is there when this returns. Use it in a ``with``, or call `stop`; it ends with this process too.

    Raises
    ------
    LiveError
        The bundle cannot be used; says why.
    """
    if bundle is None:
        from sercourse.recognizer import default

        bundle = default()
    return Service(bundle)
