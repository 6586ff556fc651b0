"""One part of a corpus, made by a process of its own.

``python -P -m sercourse.corpora.worker MODULE FOLDER KEY PART [SOURCE]`` has a module write a part's files
into a new folder, and writes their record last of all. It prints a dot for each file, and ends with its
parent.
"""

import json
import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path

from sercourse.corpora.studio import CANNOT_WRITE, NO_VOICES, RECORD, sizes
from sercourse.errors import VoicesError


def make(module: str, folder: Path, key: dict, *arguments) -> None:
    """Write one part into a new folder, and then its record.

    Parameters
    ----------
    module : str
        The writer, see `sercourse.corpora.studio.Production`.
    folder : pathlib.Path
        It must not exist yet.
    key : dict
        What the corpus is made from, among it its ``seed``; kept in the record.
    *arguments
        The part's name, and where the corpus lies that it is made from, if there is one.
    """
    folder.mkdir()
    for _ in import_module(module).write(folder, key, *arguments):
        os.write(1, b".")
    record = json.dumps({"key": key, "bytes": sizes(folder)})
    (folder / RECORD).write_text(record, encoding="utf-8")


def _leave_with_parent() -> None:
    """End this process when its parent is gone, which closes the pipe at the other end."""
    os.read(0, 1)
    os._exit(1)


def _main() -> int:
    """Make one part. Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    module, folder, key, part, *source = sys.argv[1:]
    try:
        make(module, Path(folder), json.loads(key), part, *map(Path, source))
    except OSError as error:
        print(error, file=sys.stderr)
        return CANNOT_WRITE
    except VoicesError as error:
        print(error, file=sys.stderr)
        return NO_VOICES
    return 0


if __name__ == "__main__":
    sys.exit(_main())
