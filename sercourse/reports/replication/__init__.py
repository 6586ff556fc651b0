"""Replication: each report's own protocol, its leaks switched off one by one, and the honest protocol.

`replicate` does the trainings and gives measured results; a run that was stopped goes on. `write` makes a
page and a Markdown file of them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "ladders": ["LADDERS", "WITH_SONG", "Ladder", "Step"],
        "page": ["ladder", "summary", "write"],
        "replicating": ["Replicated", "replicate"],
    },
)
