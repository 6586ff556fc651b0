"""The recognizer: a bundle that predicts, and says what it was trained on and how good it is on strangers.

`train` makes a bundle, `save` and `load` keep it, and `Recognizer` answers. TensorFlow is loaded when a
bundle is made or loaded, and not before. Lesson 17 puts it in front of people.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "answers": ["NOT_SPEECH", "NOT_SURE", "REFUSALS", "TOO_SHORT", "Answer", "Thresholds"],
        "bundle": ["Bundle", "load", "save"],
        "card": ["model_card"],
        "making": ["NETWORK", "default", "train"],
        "measuring": ["measure"],
        "noises": ["NOISES"],
        "recognizer": ["Recognizer"],
        "using": ["predict_file"],
    },
)
