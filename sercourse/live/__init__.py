"""The live demo: one process that predicts for everybody, and the page that people use; lesson 17.

`start` starts the process, and a `Client` asks it. Neither loads TensorFlow in the process that asks, so that
twenty open pages are twenty small kernels. `Demo` is what stands on the page, `serve` serves it.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "asking": ["Client"],
        "page": ["Demo"],
        "process": ["Service", "start"],
        "serving": ["serve"],
    },
)
