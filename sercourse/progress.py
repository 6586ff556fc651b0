"""The one progress bar of the package.

It writes text to standard output, so that it looks the same in a terminal and in a
notebook, and it wipes itself out at the end, so that a lesson's page shows results only.
"""

import sys

from tqdm import tqdm


def bar(total: int, what: str, unit: str, show: bool = True) -> tqdm:
    """Return a progress bar to be used with ``with``, and moved on with its ``update(n)``.

    Parameters
    ----------
    total : int
        How many units there are to do.
    what : str
        What is being done, such as "extracting features".
    unit : str
        What is counted, such as "file".
    show : bool
        False, or a total of 0, gives a bar that is not seen.
    """
    return tqdm(
        total=total,
        desc=what,
        unit=unit,
        file=sys.stdout,
        leave=False,
        mininterval=0.5,
        disable=not (show and total),
    )
