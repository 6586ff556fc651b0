"""Load Keras and its backend without their start-up noise.

TensorFlow writes to the process's standard error from C++, before and while it looks for
devices. In a notebook that would stand above the student's result as a red block, and
setting its log level silences only part of it.
"""

import contextlib
import functools
import os
import sys
import tempfile


@functools.cache
def load_keras():
    """Import Keras with its backend, quietly, and return the module.

    Raises
    ------
    ImportError
        As raised by the import; what the backend had written is shown with it.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with _stderr_aside():
        import keras

        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            tf.config.list_physical_devices()  # the first query writes too,
            tf.transpose(tf.zeros((2, 2), "bool"))  # and on some machines so does the first mask
    return keras


@contextlib.contextmanager
def _stderr_aside():
    """Send file descriptor 2 to a file; write that file out again if something fails."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(kept, 2)
            aside.seek(0)
            sys.stderr.write(aside.read().decode(errors="replace"))
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
