"""Forensics: what a published table makes impossible or odd, by calculation alone.

Every figure is taken as printed, so that rounding accuses no one. A finding has a grade. "Impossible": under
the assumptions that its check names, arithmetic excludes it. "Odd": it needs an explanation. "Note": worth
knowing, and nothing is wrong. `CHECKS` says of each finding its formula, source, example and limits. Lesson
15 uses it on five reports.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "averages": ["f1_bound", "one_class"],
        "classes": ["ClassCounts", "class_counts"],
        "examining": ["CHECKS", "Check", "examine"],
        "figures": ["Figure", "figure"],
        "granularity": ["fitting_n", "grim", "grim_power", "truncated"],
        "losses": ["double_softmax_bounds", "double_softmax_floor", "loss_bound"],
        "luck": ["mcnemar_bounds"],
        "parsing": ["parse"],
        "report": ["GRADES", "Claim", "Finding"],
        "sizes": ["corpus_multiples", "split_recordings"],
    },
)
