"""Baselines: what a network has to beat, as scikit-learn pipelines that keep the record of their rows.

Lesson 05 uses them, lesson 15 breaks them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "noting": ["carried", "carrying", "noted", "used"],
        "pipelines": ["BASELINES", "calibrated", "logistic_regression", "majority", "search", "svm", "table"],
    },
)
