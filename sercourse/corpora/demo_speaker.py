"""One speaker of the demo corpus, made by a process of its own.

``python -m sercourse.corpora.demo_speaker FOLDER KEY NUMBER`` writes the speaker's recordings into a new
folder, and last of all their record. It prints a dot for each file, and ends with its parent.
"""

import json
import os
import re
import signal
import sys
import threading
import wave
from itertools import product
from pathlib import Path

from sercourse.corpora import ravdess
from sercourse.errors import VoicesError

N_FILES = 60
"""Recordings of one speaker: 7 emotions x 2 x 2 x 2, and neutral in one intensity only."""

RECORD = "speaker.json"
CANNOT_WRITE, NO_VOICES = 3, 4
"""Exit codes; the reason stands on standard error."""


def actor(number: int) -> str:
    """Name of a speaker's folder, such as `Actor_07`."""
    return f"Actor_{number:02d}"


def recordings(number: int) -> list[tuple[str, str, str, str, int]]:
    """What one speaker says, in the order in which it must be made.

    Parameters
    ----------
    number : int
        The speaker, 1 to 24.

    Returns
    -------
    list of (file name, emotion, intensity, statement, repetition)
        60 of them; repetition is 1 or 2.
    """
    rows = []
    codes = product(ravdess.EMOTIONS, ravdess.INTENSITIES, ravdess.STATEMENTS, (1, 2))
    for emotion, intensity, statement, repetition in codes:
        row = (ravdess.EMOTIONS[emotion], ravdess.INTENSITIES[intensity], ravdess.STATEMENTS[statement])
        if row[:2] != ("neutral", "strong"):
            name = f"03-01-{emotion}-{intensity}-{statement}-{repetition:02d}-{number:02d}.wav"
            rows.append((name, *row, repetition))
    return rows


def write(folder: Path, key: dict, number: int) -> None:
    """Write one speaker's recordings into a new folder, and then their record.

    Parameters
    ----------
    folder : pathlib.Path
        It must not exist yet.
    key : dict
        What the corpus is made from, among it its ``seed``; kept in the record.
    number : int
        The speaker, 1 to 24.
    """
    import numpy as np

    from sercourse import voices

    seed = key["seed"]
    folder.mkdir()
    speaker = voices.speakers(seed)[number - 1]
    sizes = {}
    for name, emotion, intensity, statement, _ in recordings(number):
        rng = np.random.default_rng([seed, *map(int, re.findall(r"\d+", name))])
        samples, rate = voices.synthesise(speaker, emotion, intensity, ravdess.SENTENCES[statement], rng)
        path = folder / name
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate, len(samples), "NONE", ""))
            file.writeframes(np.round(samples * 32767).astype("<i2").tobytes())
        sizes[name] = path.stat().st_size
        os.write(1, b".")
    (folder / RECORD).write_text(json.dumps({"key": key, "bytes": sizes}), encoding="utf-8")


def _leave_with_parent() -> None:
    """End this process when its parent is gone, which closes the pipe at the other end."""
    os.read(0, 1)
    os._exit(1)


def _main() -> int:
    """Write one speaker. Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    folder, key, number = sys.argv[1:]
    try:
        write(Path(folder), json.loads(key), int(number))
    except OSError as error:
        print(error, file=sys.stderr)
        return CANNOT_WRITE
    except VoicesError as error:
        print(error, file=sys.stderr)
        return NO_VOICES
    return 0


if __name__ == "__main__":
    sys.exit(_main())
