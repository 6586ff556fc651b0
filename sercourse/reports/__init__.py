"""The five reports as data, what is wrong with their figures, and what the course measured itself.

A measured result is one row with the columns of `COLUMNS`, among them corpus, protocol, seed and the command
that makes it again; tables of them are shipped. Nothing in a lesson's prose quotes a figure that does not
come from here, from the lesson itself or from a named source.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "claims": ["CLAIMS", "beside_claims"],
        "layers": ["compare_layers", "layer_differences"],
        "measurements": ["MEASUREMENTS", "measure"],
        "published": ["REPORTS"],
        "published.inspection": ["inspect"],
        "puzzle": ["RANDOM", "UNSEEN"],
        "results": ["COLUMNS", "measured", "read", "save", "shape"],
        "wording": ["Words"],
    },
)
