"""Augmentation: from one recording to another that a listener would label alike.

An effect is a function, waveform in and waveform out. An `Augmentation` is a value that draws effects and
applies them; a recipe may carry one. Only training rows may be augmented: lesson 13 shows what happens
otherwise, and `sercourse.splits` finds it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "augmentations": ["AUGMENTATIONS", "Augmentation", "augmentation"],
        "effects": ["EFFECTS", "codec", "noise", "nothing", "pitch", "room", "shift", "stretch"],
        "vocoder": ["phase_vocoder"],
    },
)
