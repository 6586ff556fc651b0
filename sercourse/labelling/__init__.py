"""Labelling: from a film's sound to a data set that several people have labelled.

`find_lines` finds lines between pauses and `cut` cuts them out. `LabelStore` keeps what raters say. The
coefficients of `agreement` tell how far they agree, `adjudicate` what they should talk about, `majority` and
`soft_labels` what they say together. `export_clips` and `export_report_a` write the result.

Lesson 03 goes this way. It is Report A's way with its holes closed: movie, scene, voice and rater are kept,
and whatever is left out stands in a table with the reason.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["agreement", "clips", "consensus", "exchange", "report_a", "schemes", "segment", "store"],
    submod_attrs={
        "agreement": [
            "Agreement",
            "cohen_kappa",
            "concordance",
            "fleiss_kappa",
            "krippendorff_alpha",
            "pairwise_concordance",
            "rater_confusion",
            "ratings_matrix",
        ],
        "clips": ["Cut", "cut"],
        "consensus": ["adjudicate", "majority", "soft_labels"],
        "exchange": ["export_clips"],
        "report_a": ["ReportA", "export_report_a", "read_report_a"],
        "schemes": ["SCHEMES", "Scheme"],
        "segment": [
            "Found",
            "compare_lines",
            "find_in_levels",
            "find_lines",
            "measure_levels",
            "read_levels",
        ],
        "store": ["LabelError", "LabelStore"],
    },
)
