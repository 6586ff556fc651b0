"""For instructors: make what students get, and mark what they hand in, safely, a class at a time.

nbgrader keeps the marks, shows them, and gives feedback. Here stands what it leaves open: students' code runs
apart, without the tests in sight, and every student gets a mark and a reason, whatever was handed in.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "batch": ["grade"],
        "classroom": ["collect", "new", "release"],
        "deriving": ["derive", "write_release"],
        "items": ["item_statistics"],
        "sandbox": ["best_way"],
    },
)
