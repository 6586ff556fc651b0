"""Serve the live demo: a page for everybody, and one process that predicts for all."""

import os
from collections.abc import Sequence
from pathlib import Path

from sercourse import corpora, pages, settings
from sercourse.live.process import start


def serve(bundle: str | Path | None, port: int, options: Sequence[str] = ()) -> None:
    """Serve the demo until Ctrl-C.

    Parameters
    ----------
    bundle : path-like, optional
        By default that of the demo corpus, which is trained when it is first needed.
    port, options
        See `sercourse.pages.serve`.

    Raises
    ------
    LiveError
        The bundle cannot be used.
    """
    corpora.load("demo")  # the examples; made where it is missing
    with start(bundle) as service:
        # Kernels are told by the environment. Each needs one thread, since it only decodes.
        os.environ |= settings.as_environment() | service.environment | {"OMP_NUM_THREADS": "1"}
        print(
            "A microphone needs a page from this computer (http://localhost) or over HTTPS. Sound goes to "
            "the computer that runs this command, and nowhere else. Ctrl-C ends it.",
            flush=True,
        )
        pages.serve("live_demo", port, options)
