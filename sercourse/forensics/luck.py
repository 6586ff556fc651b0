"""Findings on differences: whether one row is better than another, and how much of the best one is luck."""

from collections.abc import Iterator
from itertools import groupby

from scipy import stats

from sercourse.errors import TableError
from sercourse.evaluation import expected_best
from sercourse.forensics.figures import count
from sercourse.forensics.granularity import grim
from sercourse.forensics.report import Finding, Report
from sercourse.forensics.table import Row

LEVEL = 0.05

WORTH_SAYING = 0.0005
"""Less luck than this would be printed as none. Where all is right there is none to have."""

ENOUGH = 10_000
"""On more rows than this the luck of a few dozen tries is a point at most, and takes long to calculate."""

MANY = 10
"""In a table of more families than this, the best is compared with the runner-up only."""


def mcnemar_bounds(right: int, other: int, n: int) -> tuple[float, float]:
    """The bounds of an exact McNemar test of two accuracies, whatever rows each got right.

    Parameters
    ----------
    right, other : int
        Right answers of the two, on the same rows.
    n : int
        Rows.

    Returns
    -------
    lowest, highest : float
        Two-sided p of the most and of the least favourable pairing.

    Raises
    ------
    TableError
        A count is not whole, or lies outside 0 to n.

    Formula
    -------
    b rows are right with the first only, c with the second only, and b - c = k1 - k2. The exact p is twice
    the chance of at most min(b, c) heads in b + c throws. c runs from 0 (most favourable: what the worse gets
    right, the better does too) to min(k2, n - k1).

    References
    ----------
    .. [1] McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or
       percentages. Psychometrika 12(2), 153-157.
    .. [2] Dietterich, T. G. (1998). Approximate statistical tests for comparing supervised classification
       learning algorithms. Neural Computation 10(7), 1895-1923.

    What it cannot say
    ------------------
    Where p lies between the bounds: for that the predictions are needed. It takes rows as independent; with
    several rows a speaker, p is too small. And it compares two trained networks, not two methods: seeds count
    for that.

    Examples
    --------
    266 against 261 right of 325: .0625 at best.

    >>> [round(p, 4) for p in mcnemar_bounds(266, 261, 325)]
    [0.0625, 0.7185]
    """
    n = count(n)
    for k in (right, other):
        if k != int(k) or not 0 <= k <= n:
            raise TableError(k, f"is no number of right answers among {n} rows", f"give 0 to {n}")
    k1, k2 = max(right, other), min(right, other)
    # p grows with c: two more throws, one row more for each side, make "at most c" more likely, never less.
    lowest, highest = (2 * stats.binom.cdf(c, 2 * c + k1 - k2, 0.5) for c in (0, min(k2, n - k1)))
    return min(1.0, float(lowest)), min(1.0, float(highest))


def not_resolved(report: Report) -> Iterator[Finding]:
    """Families whose best rows are not told apart; see `mcnemar_bounds`."""
    best = sorted((_best(rows) for _, rows in families(report)), key=_tested, reverse=True)
    for other in best[1:] if len(best) <= MANY else best[1:2]:
        n = _common(report, best[0], other)
        counts = [grim(row.tested, n) for row in (best[0], other)] if n else [(), ()]
        if not all(counts):
            continue
        lowest, highest = _bounds(*counts, n)
        if highest < LEVEL:
            continue
        shown = " against ".join(_counted(each) for each in counts)
        ruling = (
            "even the most favourable pairing resolves nothing" if lowest >= LEVEL else "the pairing decides"
        )
        detail = (
            f"{shown} right of {n}: exact McNemar p lies between {lowest:.3g} and {highest:.3g}; {ruling}."
        )
        yield Finding(f"{best[0].name} against {other.name}", "difference not resolved", "note", detail)


def best_of(report: Report) -> Iterator[Finding]:
    """The luck in the best row of a family, or of the table.

    Formula
    -------
    If m networks are all right with chance p and independent, their right answers are binomial with
    distribution F, and the expected largest is the sum over k of 1 - F(k)^m. p is the best figure. See
    `sercourse.evaluation.expected_best`, which also takes a correlation.

    References
    ----------
    .. [1] David, H. A., Nagaraja, H. N. (2003). Order Statistics. 3rd ed. Wiley. Section 2.1.
    .. [2] Cawley, G. C., Talbot, N. L. C. (2010). On over-fitting in model selection and subsequent selection
       bias in performance evaluation. Journal of Machine Learning Research 11, 2079-2107.

    What it cannot say
    ------------------
    How much luck there was. Networks agree on easy and hard rows, which makes luck smaller, and if some
    settings are worse, fewer compete: the figure is an upper bound. It says nothing where the best was
    chosen on other rows than those it is reported on.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> found = examine(pd.DataFrame({"accuracy": ["0.80", "0.79", "0.78"]}), n=325)
    >>> "expected 0.019 above the truth" in found[found.finding == "best of several"].detail.item()
    True
    """
    groups = families(report) if report.families else [("", [row for row in report.rows if row.tested])]
    for name, rows in groups:
        if len(rows) < 2:
            continue
        best = _best(rows)
        n = report.rows_of(best, _column(best)).only
        if not n or n > ENOUGH:
            continue
        gain = expected_best(float(best.tested.value), len(rows), n_test=n).optimism
        if gain < WORTH_SAYING:
            continue
        whose = f" of {name}" if name else ""
        detail = (
            f"{best.tested} is the best of {len(rows)} rows{whose}. If all were equally good and "
            f"independent, the best on {n} test rows would be expected {gain:.3f} above the truth: an upper "
            "bound of the luck."
        )
        yield Finding(best.name, "best of several", "note", detail)


def families(report: Report) -> list[tuple[str, list[Row]]]:
    """Return the rows that have an accuracy, by family, in the order of the table."""
    rows = [row for row in report.rows if row.tested]
    order = list(dict.fromkeys(report.family(row) for row in rows))
    rows.sort(key=lambda row: order.index(report.family(row)))
    return [(name, list(members)) for name, members in groupby(rows, key=report.family)]


def _best(rows: list[Row]) -> Row:
    return max(rows, key=_tested)


def _tested(row: Row):
    return row.tested.value


def _column(row: Row) -> str:
    return "test_accuracy" if "test_accuracy" in row.figures else "accuracy"


def _common(report: Report, *rows: Row) -> int | None:
    """Return the number of rows that two rows of the table share, where it is one."""
    numbers = {report.rows_of(row, _column(row)).only for row in rows}
    return numbers.pop() if len(numbers) == 1 else None


def _bounds(one: tuple[int, ...], other: tuple[int, ...], n: int) -> tuple[float, float]:
    """Return the bounds of p where each accuracy can be one of several counts."""
    extremes = [mcnemar_bounds(*pair, n) for pair in ((one[-1], other[0]), (one[0], other[-1]))]
    alike = one[0] <= other[-1]  # the first is printed as the better one, but the counts may be the same
    return min(p for p, _ in extremes), 1.0 if alike else max(p for _, p in extremes)


def _counted(counts: tuple[int, ...]) -> str:
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
