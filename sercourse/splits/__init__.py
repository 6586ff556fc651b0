"""Splits: which rows train, which rows test, and what leaks from one to the other.

A split is a list of `Fold`: row numbers of a manifest. Lesson 05 introduces them, lesson 15 breaks them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "folds": [
            "EMOBOX_SIX",
            "PUBLISHED_FIVE",
            "Fold",
            "actors",
            "emobox_six",
            "published_five",
            "unsafe_random",
            "unseen_speakers",
        ],
    },
)
