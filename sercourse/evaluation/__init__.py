"""Evaluation: how good predictions are, and how sure of that one may be."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "best_of": ["Best", "expected_best", "right_correlation"],
        "chance": ["Majority", "Permuted", "majority", "permuted_labels", "permuted_scores"],
        "comparisons": ["Comparison", "holm", "mcnemar", "paired_permutation", "sign_flip", "wilcoxon"],
        "intervals": ["Interval", "bootstrap_difference", "bootstrap_speakers"],
        "metrics": [
            "METRICS",
            "accuracy",
            "by",
            "by_fold",
            "confusion",
            "macro_f1",
            "per_class",
            "recall",
            "summary",
            "uar",
        ],
        "probabilities": ["brier", "calibration_error", "coverage", "log_loss", "reliability"],
        "protocol": ["PROTOCOLS", "Protocol"],
    },
)
