"""Answer for files in one call, by a bundle that is loaded once."""

import functools
from pathlib import Path

from sercourse.recognizer.answers import Answer
from sercourse.recognizer.bundle import load
from sercourse.recognizer.making import default
from sercourse.recognizer.recognizer import Recognizer


def predict_file(path: str | Path, bundle: str | Path | None = None) -> Answer:
    """Answer which emotion is heard in a file.

    Parameters
    ----------
    path : path-like
        Sound of any format that `sercourse.audio` reads, and of any length.
    bundle : path-like, optional
        By default the one of the demo corpus, which is trained when it is first needed.

    Returns
    -------
    Answer

    Raises
    ------
    AudioError
        The file is not there, damaged, or no sound.
    BundleError
        The bundle cannot be used.
    """
    return opened(bundle).predict_file(path)


def opened(bundle: str | Path | None = None) -> Recognizer:
    """Return the recognizer of a bundle, by default that of the demo corpus; it is loaded once."""
    path = Path(default() if bundle is None else bundle).absolute()
    stamp = path / "SHA256SUMS" if path.is_dir() else path
    return _opened(path, stamp.stat().st_mtime_ns if stamp.exists() else 0)


@functools.lru_cache(maxsize=2)
def _opened(path: Path, changed: int) -> Recognizer:
    return Recognizer(load(path))
