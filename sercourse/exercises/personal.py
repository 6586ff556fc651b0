"""Data that differ by student: numbers drawn from the student's name, the same at every run."""

import hashlib
import unicodedata

import numpy as np


def personal_rng(name: str, exercise: str) -> np.random.Generator:
    """Return a random generator for a student and an exercise.

    Parameters
    ----------
    name : str
        The student's name, in any script. Small and capital letters, spaces around it, and how an accent is
        typed make no difference.
    exercise : str
        Such as ``"04_mfcc"``, so that a student's exercises do not share their data.

    Returns
    -------
    numpy.random.Generator

    Raises
    ------
    ValueError
        The name is no text, or empty.
    """
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"NAME is {name!r}; write your name between the quotation marks")
    known = unicodedata.normalize("NFKC", name).strip().casefold()
    digest = hashlib.sha256(f"{exercise}\n{known}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
