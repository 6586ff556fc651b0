"""The course's best network: chosen on inner folds, tested at the end, and told with all that was tried.

There are two stages. The *search* trains every candidate without the test speakers of a fold, holds a fifth
of the other speakers out, and scores on these. Each fold then takes the candidate that its own held-out
speakers prefer, so that nobody who is tested has a say. The *final* test trains what was chosen on all the
other speakers, with several seeds, and looks at the test rows beside two rivals on ComParE 2016. That look is
logged.

Every training is kept, and both go on where they were stopped. `sercourse best` is the command.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "rivals": ["CHOSEN", "PLAIN"],
        "searching": [
            "CANDIDATES",
            "NETWORK",
            "by_fold",
            "choose",
            "protocol",
            "search",
            "searched",
            "store",
            "untouched",
        ],
        "testing": ["FUSED", "SINGLE", "TOGETHER", "Tested", "compared", "final", "summary"],
    },
)
