"""The outline of a sound, for pictures that take on the colours of the page around them."""

import numpy as np

_COLUMNS = 480  # a wider picture shows no more


def outline(samples: np.ndarray) -> str:
    """Return an SVG path around the waveform, in a box from 0 to 1 and -1 to 1.

    Parameters
    ----------
    samples : numpy.ndarray of float, shape (n_samples,)
        At least one. The loudest touches the edge of the box.
    """
    parts = np.array_split(samples / max(np.abs(samples).max(), 1e-4), min(_COLUMNS, len(samples)))
    x = np.linspace(0, 1, len(parts))
    upper = [(at, -max(part.max(), 0.01)) for at, part in zip(x, parts, strict=True)]
    lower = [(at, -min(part.min(), -0.01)) for at, part in zip(x, parts, strict=True)]
    return "M" + "L".join(f"{at:.4f} {level:.3f}" for at, level in upper + lower[::-1]) + "Z"
