"""Ask the process that predicts."""

import os
import time
from multiprocessing import AuthenticationError, connection
from typing import Any

import numpy as np
import pandas as pd

from sercourse.errors import LiveError
from sercourse.live import messages
from sercourse.recognizer.answers import Answer

ADDRESS, KEY = "SERCOURSE_LIVE_PORT", "SERCOURSE_LIVE_KEY"
"""Environment variables by which kernels find the process."""

_LONGEST_WAIT = 60.0  # seconds for an answer; twenty people with a minute of sound each need half of it
_AGAIN = 0.5  # seconds between two tries


class Client:
    """Asks the process that predicts; loads no TensorFlow.

    Parameters
    ----------
    port : int
        Where the process listens, on this machine only.
    key : str
        Of that process, in hexadecimal digits.
    patience : float
        Seconds in which a process that is not there may come back; on a busy machine it takes a while.

    Examples
    --------
    >>> with live.start(bundle) as service:  # doctest: +SKIP
    ...     answer, over_time = service.client().answer(samples, 48000)
    """

    def __init__(self, port: int, key: str, patience: float = 60.0):
        self._address, self._key, self._patience = (messages.HOST, port), bytes.fromhex(key), patience

    @classmethod
    def from_environment(cls) -> "Client | None":
        """Return a client of the process that this kernel was started beside; None if there is none."""
        port, key = os.environ.get(ADDRESS), os.environ.get(KEY)
        return cls(int(port), key) if port and key else None

    def about(self) -> dict[str, Any]:
        """Return what there is to know of the bundle.

        Returns
        -------
        dict
            ``headline`` and ``card`` (Markdown), ``corpus``, ``synthetic``, ``classes``, ``seconds`` of a
            window, ``test_speakers``, ``results`` as `sercourse.recognizer.measure` gives them.

        Raises
        ------
        LiveError
            The process does not answer.
        """
        return self._ask({"ask": "about"})

    def answer(self, samples: np.ndarray, rate: int, hop: float = 0.5) -> tuple[Answer, pd.DataFrame]:
        """Answer for a sound as a whole, and for each of its windows.

        Parameters
        ----------
        samples : numpy.ndarray of float, shape (n_samples,)
            Mono, of `LONGEST` seconds at most.
        rate : int
            In Hz.
        hop : float
            Seconds from one window to the next.

        Returns
        -------
        answer : Answer
            As `Recognizer.predict` gives it.
        over_time : pandas.DataFrame
            As `Recognizer.predict_over_time` gives it.

        Raises
        ------
        LiveError
            The process does not answer, or refuses the sound.
        """
        question = {"ask": "answer", "rate": int(rate), "hop": hop}
        return messages.unpacked(self._ask(question, np.asarray(samples, np.float32)))

    def _ask(self, question: dict[str, Any], samples: np.ndarray | None = None) -> dict[str, Any]:
        end = time.monotonic() + self._patience
        while True:
            try:
                said = self._ask_once(question, samples)
                break
            except (OSError, EOFError) as error:  # it may have ended, and be starting again
                if time.monotonic() > end:
                    raise LiveError(
                        "The process that predicts is not there. Start the demo again: sercourse demo"
                    ) from error
                time.sleep(_AGAIN)
            except AuthenticationError as error:
                raise LiveError("Another process answers there. Start the demo again.") from error
        if "refused" in said:
            raise LiveError(f"This sound was refused: {said['refused']}.")
        return said

    def _ask_once(self, question: dict[str, Any], samples: np.ndarray | None) -> dict[str, Any]:
        with connection.Client(self._address, authkey=self._key) as there:
            messages.write(there, question, samples)
            return _awaited(there)


def _awaited(there: connection.Connection) -> dict[str, Any]:
    if not there.poll(_LONGEST_WAIT):
        raise LiveError(f"No answer came within {_LONGEST_WAIT:g} s. Wait a little, and try again.")
    return messages.read(there)
