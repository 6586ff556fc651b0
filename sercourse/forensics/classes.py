"""Findings on a table of classes: precision, recall and F1 of a class are made of three whole numbers."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from scipy import stats

from sercourse.forensics.figures import Figure, count, share
from sercourse.forensics.granularity import MIN_POWER, grim, grim_power
from sercourse.forensics.report import Finding, Report
from sercourse.forensics.table import Row

UNEVEN = 0.001
"""A smaller p says that the classes of the test rows were not drawn from equal ones."""


class ClassCounts(NamedTuple):
    """One way in which the figures of a class can have come about.

    Attributes
    ----------
    right : int
        Rows of the class that were named so.
    fewest, most : int
        Bounds of how many rows were named so, rightly or wrongly.
    """

    right: int
    fewest: int
    most: int


def class_counts(support: int, precision=None, recall=None, f1=None) -> list[ClassCounts]:
    """The counts that give the figures printed for a class.

    Parameters
    ----------
    support : int
        Rows of the class.
    precision, recall, f1 : str or Figure, optional
        As printed.

    Returns
    -------
    list of ClassCounts
        Empty: none does.

    Formula
    -------
    With s rows of the class, k of them right and m rows named so: recall = k / s, precision = k / m,
    F1 = 2 k / (s + m), each rounded or cut off. Some whole k <= s and m >= k must give all three.

    References
    ----------
    .. [1] Sokolova, M., Lapalme, G. (2009). A systematic analysis of performance measures for classification
       tasks. Information Processing & Management 45(4), 427-437.
    .. [2] Brown, N. J. L., Heathers, J. A. J. (2017). The GRIM test: a simple technique detects numerous
       anomalies in the reporting of results in psychology. Social Psychological and Personality Science
       8(4), 363-369.

    What it cannot say
    ------------------
    Which of the figures is wrong. Means over folds need not obey it. Recall alone is only judged where GRIM
    has power.

    Examples
    --------
    >>> class_counts(105, "0.79", "0.85", "0.82")
    [ClassCounts(right=89, fewest=112, most=113), ClassCounts(right=90, fewest=113, most=114)]
    >>> class_counts(105, "0.79", "0.85", "0.88")
    []
    """
    support = count(support)
    precision, recall, f1 = (None if each is None else share(each) for each in (precision, recall, f1))
    rights = grim(recall, support) if recall else range(support + 1)
    found = []
    for right in rights:
        if right == 0 and any(_needs_hits(printed) for printed in (precision, f1)):
            continue
        fewest, most = right, math.inf
        if precision:
            fewest, most = max(fewest, right / precision.high), min(most, _ratio(right, precision.low))
        if f1:
            fewest = max(fewest, 2 * right / f1.high - support)
            most = min(most, _ratio(2 * right, f1.low) - support)
        if math.ceil(fewest) <= most:
            found.append(
                ClassCounts(right, math.ceil(fewest), most if most == math.inf else math.floor(most))
            )
    return found


def disagreeing(report: Report) -> Iterator[Finding]:
    """Classes whose figures no counts give; see `class_counts`."""
    for row in report.classes:
        support, recall = row.counts.get("support"), row.get("recall")
        given = {name: row.get(name) for name in ("precision", "recall", "f1") if row.get(name)}
        if not support or not given or class_counts(support, **given):
            continue
        if list(given) == ["recall"] and grim_power(support, recall.digits) < MIN_POWER:
            continue
        shown = ", ".join(f"{name} {printed}" for name, printed in given.items())
        detail = (
            f"No number of right answers among {support} rows gives {shown} together, rounded or cut off."
        )
        yield Finding(row.name, "figures of a class disagree", "impossible", detail)


def totals(report: Report) -> Iterator[Finding]:
    """Classes that do not add up to what is said of all of them.

    Formula
    -------
    The right answers of the classes add up to those behind the accuracy, the rows that were named add up to
    all rows, and "macro avg" and "weighted avg" are means of the classes' figures.

    References
    ----------
    .. [1] Sokolova, M., Lapalme, G. (2009). A systematic analysis of performance measures for classification
       tasks. Information Processing & Management 45(4), 427-437.

    What it cannot say
    ------------------
    Which figure is wrong. With two digits a class the bounds are wide, and small slips pass.

    Examples
    --------
    With 40 to 41 and 29 to 31 right, an accuracy of .80 (80 of 100) cannot be.

    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> table = pd.DataFrame({"class": ["sad", "happy"], "recall": [".80", ".60"], "support": [50, 50]})
    >>> examine(table, accuracy="0.70").empty
    True
    >>> examine(table, accuracy="0.80").finding.tolist()
    ['classes and totals disagree']
    """
    named = "classes and totals disagree"
    support = [row.counts.get("support") for row in report.classes]
    if not support or None in support:
        return
    n_rows, stated = sum(support), report.n.get("test")
    if stated and stated.stated and stated.only != n_rows:
        detail = f"The classes have {n_rows} rows, but {stated.only} are said to be tested."
        yield Finding("", named, "odd", detail)
    counts = [_counts_of(row) for row in report.classes]
    summary = report.summaries.get("accuracy")
    accuracy = report.accuracy or (summary and summary.get("accuracy", "f1"))
    if all(counts):
        yield from _right(counts, accuracy, n_rows, named)
        fewest, most = (sum(bound(each) for each in counts) for bound in (_fewest, _most))
        if not fewest <= n_rows <= most:
            detail = f"By precision and recall {fewest} to {most} rows were named, but there are {n_rows}."
            yield Finding("", named, "impossible", detail)
    for summary, weights in (("macro avg", [1] * len(support)), ("weighted avg", support)):
        if summary in report.summaries:
            yield from _means(report, summary, weights, named)


def not_balanced(report: Report) -> Iterator[Finding]:
    """Classes that are not as equally frequent as a report says.

    Formula
    -------
    Pearson's chi-square of the supports against equal ones, with K - 1 degrees of freedom; p below .001.

    References
    ----------
    .. [1] Pearson, K. (1900). On the criterion that a given system of deviations from the probable in the
       case of a correlated system of variables is such that it can be reasonably supposed to have arisen from
       random sampling. Philosophical Magazine, Series 5, 50(302), 157-175.

    What it cannot say
    ------------------
    Whether the corpus, or only this set of test rows, is uneven. A small set passes, whatever its corpus.

    Examples
    --------
    Report B calls RAVDESS balanced. Of its test rows 62 are neutral, of other classes 100 and more.

    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> support = [105, 108, 121, 133, 100, 62, 119, 107]
    >>> table = pd.DataFrame({"class": list("abcdefgh"), "recall": "0.8", "support": support})
    >>> examine(table, balanced=True).finding.tolist()
    ['classes are not balanced']
    """
    support = {row.name: row.counts.get("support") for row in report.classes}
    if not report.balanced or len(support) < 2 or None in support.values():
        return
    p = stats.chisquare(list(support.values())).pvalue
    if p < UNEVEN:
        rarest, commonest = min(support, key=support.get), max(support, key=support.get)
        detail = (
            f"{rarest} has {support[rarest]} test rows and {commonest} {support[commonest]}; draws from "
            f"equal classes are so uneven with p = {p:.1g}."
        )
        yield Finding("", "classes are not balanced", "odd", detail)


def _needs_hits(printed: Figure | None) -> bool:
    """Say whether a figure needs a right answer; some programs print 1 where nothing was named."""
    return printed is not None and printed.low > 0 and printed.value != 1


def _counts_of(row: Row) -> list[ClassCounts]:
    if "recall" not in row.figures:
        return []
    return class_counts(row.counts["support"], *(row.get(name) for name in ("precision", "recall", "f1")))


def _right(counts, accuracy: Figure | None, n_rows: int, named: str) -> Iterator[Finding]:
    fewest, most = (sum(bound(k.right for k in each) for each in counts) for bound in (min, max))
    if not accuracy:
        return
    right = grim(accuracy, n_rows)
    if not right and grim_power(n_rows, accuracy.digits) >= MIN_POWER:
        detail = f"Accuracy {accuracy} is no count of the {n_rows} rows of all classes."
        yield Finding("", named, "impossible", detail)
    elif right and (right[-1] < fewest or right[0] > most):
        said = f"{right[0]} to {right[-1]}" if len(right) > 1 else f"{right[0]}"
        detail = (
            f"By the recalls {fewest} to {most} of {n_rows} rows are right, by accuracy {accuracy} {said}."
        )
        yield Finding("", named, "impossible", detail)


def _means(report: Report, summary: str, weights: list[int], named: str) -> Iterator[Finding]:
    for name, printed in report.summaries[summary].figures.items():
        parts = [row.get(name) for row in report.classes]
        if None in parts:
            continue
        low, high = (
            float(sum(w * bound for w, bound in zip(weights, bounds, strict=True)) / sum(weights))
            for bounds in ([part.low for part in parts], [part.high for part in parts])
        )
        if printed.high < low or printed.low > high:
            detail = (
                f"{summary} of {name} is {printed}; by the classes it is between {low:.4f} and {high:.4f}."
            )
            yield Finding(summary, named, "impossible", detail)


def _fewest(counts: list[ClassCounts]) -> int:
    return min(each.fewest for each in counts)


def _most(counts: list[ClassCounts]) -> float:
    return max(each.most for each in counts)


def _ratio(top: int, bottom) -> float:
    """Divide exactly; without a bound where nothing bounds it."""
    return top / bottom if bottom > 0 else math.inf
