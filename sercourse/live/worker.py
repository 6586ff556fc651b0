"""The process that predicts: ``python -m sercourse.live.worker``, started by `sercourse.live.process`.

The first line it reads says which bundle it takes, at which port it listens, and the key. It prints the port
as one line of JSON, and ends when its standard input does: with the process that started it.
"""

import contextlib
import json
import os
import sys
import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from typing import Any, TextIO

from sercourse.errors import SercourseError
from sercourse.live import messages
from sercourse.recognizer import Recognizer, load
from sercourse.recognizer.card import headline, model_card

_AT_ONCE = 32
"""Threads that take questions; who comes later waits before the door. Only one at a time predicts."""


class _Desk:
    """Answers one question after the other."""

    def __init__(self, recognizer: Recognizer):
        self.recognizer = recognizer
        self._about = _about(recognizer)
        self._one_at_a_time = threading.Lock()

    def serve(self, listener: Listener) -> None:
        """Answer for ever; what goes wrong with one who asks concerns nobody else."""
        while True:
            # Without the key, gone before the answer came, or no question: the next one, please.
            with (
                contextlib.suppress(AuthenticationError, OSError, EOFError),
                listener.accept() as connection,
            ):
                try:
                    said = self._answer(connection)
                except (SercourseError, ValueError, KeyError, TypeError) as error:
                    said = {"refused": str(error)}
                messages.write(connection, said)

    def _answer(self, connection: Connection) -> dict[str, Any]:
        question = messages.read(connection)
        if question["ask"] == "about":
            return self._about
        if question["ask"] != "answer":
            raise ValueError(f"nobody here knows what {question['ask']!r} asks")
        samples, rate, hop = messages.read_samples(connection), question["rate"], question["hop"]
        if len(samples) > messages.LONGEST * rate:
            raise ValueError(f"sound lasts {len(samples) / rate:.0f} s; {messages.LONGEST:g} s at most")
        with self._one_at_a_time:  # two at once would take as long, and the memory of two
            return messages.packed(
                self.recognizer.predict(samples, rate), self.recognizer.predict_over_time(samples, rate, hop)
            )


def _about(recognizer: Recognizer) -> dict[str, Any]:
    bundle = recognizer.bundle
    return {
        "headline": headline(bundle),
        "card": model_card(bundle),
        "corpus": bundle.corpus,
        "synthetic": bundle.synthetic,
        "classes": list(bundle.classes),
        "seconds": recognizer.seconds,
        "test_speakers": bundle.split["test"],
        "results": bundle.results,
    }


def main() -> None:
    """Load the bundle, say so, and answer until whoever started this process ends."""
    told = json.loads(sys.stdin.readline())
    say = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no part of the conversation
    try:
        desk = _Desk(Recognizer(load(told["bundle"])))
        key = bytes.fromhex(told["key"])
        listener = Listener((messages.HOST, told["port"]), backlog=_AT_ONCE, authkey=key)
    except (SercourseError, OSError) as error:
        _tell(say, {"trouble": str(error)})
        return
    for _ in range(_AT_ONCE):
        threading.Thread(target=desk.serve, args=(listener,), daemon=True).start()
    _tell(say, {"port": listener.address[1]})
    sys.stdin.read()


def _tell(say: TextIO, value: dict[str, Any]) -> None:
    say.write(json.dumps(value) + "\n")
    say.flush()


if __name__ == "__main__":
    main()
