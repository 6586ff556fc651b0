"""Write sound as the corpora hold it: WAV, mono, 16 bits, by the standard library alone."""

import wave
from pathlib import Path

import numpy as np


def save(path: Path, samples: np.ndarray, rate: int) -> None:
    """Write a recording.

    Parameters
    ----------
    path : pathlib.Path
        The file; it is replaced if it is there.
    samples : array of shape (n_samples,)
        What lies beyond -1 and 1 is clipped.
    rate : int
        Samples per second.
    """
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, len(samples), "NONE", ""))
        file.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
