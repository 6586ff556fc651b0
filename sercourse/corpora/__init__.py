"""Corpora of emotional speech: one manifest for all of them.

`load` finds a corpus on this machine, reads its file names and returns the manifest: a
data frame with one row an utterance (see `sercourse.corpora.manifest`). Each corpus is one
small module that knows its name convention; those called `demo...` are made on this machine.
"""

import lazy_loader

# Lazy, because a corpus is made by many short processes that need no data frames.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "clips",
        "cremad",
        "demo",
        "demo_film",
        "demo_second",
        "demo_twins",
        "emodb",
        "get",
        "manifest",
        "ravdess",
        "savee",
        "studio",
        "tess",
    ],
    submod_attrs={
        "auditing": ["audit"],
        "catalogue": ["CORPORA"],
        "film": ["Film", "load_film"],
        "library": ["Scan", "find", "how_to_get", "load", "make", "scan"],
    },
)
