"""Training: predict every row by a model that was not trained on it; keep the record of the rows used."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "copies": ["extract_copies", "with_children", "with_copies"],
        "compiled": ["compile_model"],
        "networks": ["fit"],
        "normalising": ["enrolment", "normalise_speakers", "not_tested", "standardise"],
        "predictions": ["Predictions", "cross_predict", "predict_folds"],
        "watched": ["Trained", "best_reading", "train_and_predict"],
    },
)
