"""Experiments: many trainings from one description, each kept as it finishes.

An `Experiment` says one training whole: network, corpus, protocol, seed, settings. `grid` makes many of them,
`run` does those that the store does not have yet, `results` reads the table. Lesson 14 introduces them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "conducting": ["Outcome", "conduct", "train"],
        "description": ["Experiment", "grid", "read"],
        "log": ["LOG", "looks"],
        "running": ["outcomes", "predictions", "results", "run"],
        "showing": ["summary"],
        "store": ["Store"],
    },
)
