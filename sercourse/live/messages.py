"""What travels between the process that predicts and those that ask: JSON and samples, never pickle.

Whoever asks opens a connection, proves by HMAC that it has the key, sends a question as JSON and, after it,
samples as float32. One answer comes back as JSON, and the connection ends.
"""

import json
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import pandas as pd

from sercourse.recognizer.answers import Answer

HOST = "127.0.0.1"

LONGEST = 60.0
"""Seconds of sound that are answered at once. Longer sounds are refused."""

_LARGEST = int(4 * LONGEST * 768_000)  # bytes; no sound card is faster
_WORDS = 2**20  # bytes of a question


def write(connection: Connection, value: Any, samples: np.ndarray | None = None) -> None:
    """Send a value that JSON can hold, and perhaps samples after it."""
    connection.send_bytes(json.dumps(value).encode())
    if samples is not None:
        connection.send_bytes(np.ascontiguousarray(samples, "<f4").tobytes())


def read(connection: Connection) -> Any:
    """Receive what `write` has sent, without its samples."""
    return json.loads(connection.recv_bytes(_WORDS))


def read_samples(connection: Connection) -> np.ndarray:
    """Receive samples, float32, mono."""
    return np.frombuffer(connection.recv_bytes(_LARGEST), "<f4")


def packed(answer: Answer, over_time: pd.DataFrame) -> dict[str, Any]:
    """Return an answer as JSON can hold it; a missing probability is None."""
    table = over_time.astype(object).where(over_time.notna(), None)
    return {
        "answer": {
            "verdict": answer.verdict,
            "reason": answer.reason,
            "probabilities": dict(answer.probabilities),
            "confidence": answer.confidence,
            "seconds": answer.seconds,
        },
        "columns": table.columns.tolist(),
        "rows": table.to_numpy().tolist(),
    }


def unpacked(value: dict[str, Any]) -> tuple[Answer, pd.DataFrame]:
    """Return what `packed` was given."""
    table = pd.DataFrame(value["rows"], columns=value["columns"])
    numbers = table.columns.difference(["verdict", "reason"])
    table[numbers] = table[numbers].astype(float)
    return Answer(**value["answer"]), table
