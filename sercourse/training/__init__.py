"""Training: predict every row by a model that was not trained on it; keep the record of the rows used."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "networks": ["compile_model", "cross_predict", "fit", "predict_folds", "standardise"],
    },
)
