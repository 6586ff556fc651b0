"""The course's site: lessons, exercises, reports and the package as pages that need no server.

`build` takes executed lessons, writes the pages that are made from data, lays them beside what is in
``notebooks/``, and lets Sphinx make HTML of it. Settings and style are in ``notebooks/conf.py`` and
``notebooks/_static/``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"building": ["build", "check_sphinx", "stage"]},
)
