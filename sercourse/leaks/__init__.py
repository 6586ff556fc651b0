"""Six leaks, each a switch with a control: who sees the test rows, and what it does to the score.

All conditions test the same recordings, and train on equally many rows with equally many updates. So what
differs between two of them is what differs between their switches. Lesson 15 turns them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bench": ["Bench"],
        "conditions": ["LEAKS", "SWITCHES", "Condition", "Leak"],
        "dealing": ["Dealt", "deal", "equal_size"],
        "examples": ["examples", "soundtracks"],
    },
)
