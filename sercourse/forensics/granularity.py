"""Counts behind shares: an accuracy is a whole number of right answers, divided by the number of rows."""

import math
from collections.abc import Iterable

import numpy as np

from sercourse.forensics.figures import EXACT_DIGITS, Figure, count, share

MIN_POWER = 0.25
"""Below this, with n over half of 10^digits, the test is silent: slips of the last digit would decide."""


def grim(accuracy, n: int) -> tuple[int, ...]:
    """The counts of n rows that a printed share can be (GRIM test).

    Parameters
    ----------
    accuracy : str or Figure
        As printed.
    n : int
        Rows that it was counted on.

    Returns
    -------
    tuple of int
        All k that fit. Empty: no count of right answers gives this figure.

    Raises
    ------
    TableError
        The figure does not lie between 0 and 1, or n is not a whole number.

    Formula
    -------
    Some whole k gives k / n which, rounded or cut off to the printed digits, is the figure. The share of
    figures with d digits that fit no k, the power of the test, is about 1 - 1.5 n / 10^d (1 - n / 10^d if
    only rounding were allowed). Below .25 nothing is said.

    References
    ----------
    .. [1] Brown, N. J. L., Heathers, J. A. J. (2017). The GRIM test: a simple technique detects numerous
       anomalies in the reporting of results in psychology. Social Psychological and Personality Science
       8(4), 363-369.

    What it cannot say
    ------------------
    Why a figure fits no k: a slip of the pen, another n than stated, or a mean. A mean over runs, or over
    folds of unequal size, need not be k of n: about half of these fail with four digits. A figure that fits
    is not thereby right.

    Examples
    --------
    478 of 490 is .9755 and 479 of 490 is .9776, so that .9761 is neither. 266 of 325 is .81846: cut off to
    .8184, though it rounds to .8185.

    >>> grim("0.9761", 490)
    ()
    >>> grim("0.8184", 325)
    (266,)
    """
    printed, n = share(accuracy), count(n)
    lowest = max(0, math.ceil(printed.low * n))
    highest = min(n, math.floor(printed.high * n))
    return tuple(range(lowest, highest + 1))


def grim_power(n: int | Iterable[int], digits: int) -> float:
    """Return the share of all figures with so many digits that the test refuses.

    Parameters
    ----------
    n : int or iterable of int
        Rows; several where it is not known which of them.
    digits : int
        Printed, after the point of a share.

    Returns
    -------
    float
        In [0, 1]: about 1 - 1.5 n / 10^digits.

    Examples
    --------
    >>> round(grim_power(490, 4), 2), round(grim_power(490, 3), 2), grim_power(490, 2)
    (0.93, 0.26, 0.0)
    """
    steps = 10 ** min(digits, EXACT_DIGITS)
    fits = np.zeros(steps + 1, bool)
    for each in [n] if isinstance(n, int) else n:
        if each >= steps:
            return 0.0
        # k of n is printed as one of two figures at most: rounded, or cut off.
        k = np.arange(each + 1, dtype=np.int64) * steps
        fits[(2 * k + each) // (2 * each)] = True
        fits[-(-k[1:] // each) - 1] = True
    return 1 - int(np.count_nonzero(fits)) / (steps + 1)


def truncated(accuracy, n: int) -> bool:
    """Whether a share was cut off instead of rounded.

    Parameters
    ----------
    accuracy : str or Figure
        As printed.
    n : int

    Returns
    -------
    bool
        True where some k of n fits when cut off, and none when rounded.

    Formula
    -------
    No k / n lies within half a step of the last digit, but one lies less than a step above.

    References
    ----------
    .. [1] Brown, N. J. L., Heathers, J. A. J. (2017). The GRIM test: a simple technique detects numerous
       anomalies in the reporting of results in psychology. Social Psychological and Personality Science
       8(4), 363-369.

    What it cannot say
    ------------------
    Nothing is wrong with a figure that is cut off. A test that knows of rounding only would call it
    impossible.

    Examples
    --------
    >>> truncated("0.8184", 325), truncated("0.8185", 325)
    (True, False)
    """
    printed = share(accuracy)
    counts = grim(printed, n)
    return bool(counts) and all(k > (printed.value + printed.unit / 2) * n for k in counts)


def fitting_n(figures: Iterable, candidates: Iterable[int]) -> list[int]:
    """The numbers of rows that all figures of a table can have been counted on.

    Parameters
    ----------
    figures : iterable of str or Figure
        Shares as printed.
    candidates : iterable of int
        Numbers of rows to try.

    Returns
    -------
    list of int
        Those that fit every figure.

    Formula
    -------
    The n for which every figure is some k of n, see the test for one figure. If no n fits all figures, they
    have not one denominator: rows of the table were counted on different sets.

    References
    ----------
    .. [1] Brown, N. J. L., Heathers, J. A. J. (2017). The GRIM test: a simple technique detects numerous
       anomalies in the reporting of results in psychology. Social Psychological and Personality Science
       8(4), 363-369.

    What it cannot say
    ------------------
    Which n it was: with k and n, their doubles fit too. An n that was not tried may fit.

    Examples
    --------
    Nine digits leave little choice, four leave a lot.

    >>> fitting_n(["0.707692308", "0.803076923"], range(1, 1301))
    [325, 650, 975, 1300]
    >>> [fitting_n([figure], [280, 420, 560, 840]) for figure in ("0.9893", "0.9976", "0.9980")]
    [[280, 560, 840], [420, 840], []]
    """
    printed = [share(each) for each in figures]
    return [n for n in candidates if all(grim(each, n) for each in printed)]


def counts_text(k: Iterable[int], n: int) -> str:
    """Say which counts fit, such as "266 of 325"."""
    k = sorted(k)
    return f"{k[0]} of {n}" if len(k) == 1 else f"{k[0]} to {k[-1]} of {n}"


def neighbours(accuracy: Figure, n: int) -> str:
    """Say what the counts next to a figure that fits none would be printed as."""
    below = math.floor(accuracy.value * n)
    shown = [f"{k} of {n} is {k / n:.{min(accuracy.digits + 1, 8)}f}" for k in (below, below + 1) if k <= n]
    return ", ".join(shown)
