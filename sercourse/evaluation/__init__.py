"""Evaluation: how good predictions are, and how sure of that one may be."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "metrics": ["accuracy", "confusion", "recall", "uar"],
    },
)
