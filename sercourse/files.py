"""Write a file whole, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path) -> Iterator[Path]:
    """Give a temporary path to write to; rename it when the block ends well, else remove it.

    Parameters
    ----------
    path : str or path-like
        Where the file is to be; its folder is created.

    Yields
    ------
    pathlib.Path
        In the same folder and with the same ending, hidden.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".part-{os.getpid()}-{path.name}")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
