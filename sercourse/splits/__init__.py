"""Splits: which rows train, which rows test, and what leaks from one to the other.

A split is a list of `Fold`: row numbers of a manifest. Lesson 05 introduces them, lesson 15 breaks them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "auditor": ["audit"],
        "folds": [
            "Fold",
            "hold_out",
            "inner",
            "leave_one_speaker_out",
            "unsafe_random",
            "unseen",
            "unseen_speakers",
            "unseen_speakers_and_statements",
        ],
        "published": ["EMOBOX_SIX", "PUBLISHED_FIVE", "actors", "emobox_six", "published_five"],
        "record": ["PURPOSES", "Used"],
    },
)
