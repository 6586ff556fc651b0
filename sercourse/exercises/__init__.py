"""Exercises that check themselves: what their notebooks import, and how an answer is marked.

An exercise is a notebook with nbgrader's marks, in ``exercises/source/``: it holds the answers, and tests
that students do not see.
``exercises/release/`` holds what students get. `sercourse.grading` is for instructors.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "checking": ["check", "find_notebook"],
        "checks": ["NotYet", "expect", "expect_close", "expect_equal", "expect_error"],
        "helping": ["solution"],
        "library": ["find"],
        "marking": ["Mark", "mark"],
        "personal": ["personal_rng"],
    },
)
