"""Features: from recordings to numbers.

A `Recipe` says how; `extract` applies it to a manifest and returns `Features`.
What was computed once is kept on disk, by the recording's content and the recipe.
Lesson 04 builds the MFCC of this room by hand.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "compute": ["coefficient_names", "compute"],
        "extractor": ["Features", "Outcome", "extract", "stream"],
        "recording": ["extract_samples"],
        "prosody": ["Prosody", "measure_prosody"],
        "cepstrum": ["delta", "log_mel", "log_stft", "mfcc", "summarise"],
        "recipes": ["RECIPES", "Recipe", "recipe"],
        "store": ["FeatureStore"],
    },
)
