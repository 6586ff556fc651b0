"""Findings on averaged precision, recall and F1 beside an accuracy."""

from collections.abc import Iterator

from sercourse.forensics.figures import Figure
from sercourse.forensics.report import Finding, Report
from sercourse.forensics.table import Row

NEARLY_ALL = 0.9
"""From this share of equal rows on, the rows that differ are taken for slips."""

MOST_SHARE = 0.9
"""A class with more of the rows than this is not looked for: accuracy squared is then close to accuracy."""


def one_class(share_of_class: float, n_classes: int | None = None) -> dict[str, dict[str, float]]:
    """What a network scores that names one class for everything.

    Parameters
    ----------
    share_of_class : float
        Share of the test rows that are of this class.
    n_classes : int, optional
        For macro averages.

    Returns
    -------
    dict of dict of float
        By average (``weighted``, and ``macro`` with `n_classes`): precision, recall and f1.

    Formula
    -------
    The class has the share s. Accuracy is s. The class's precision is s, its recall 1, its F1 2 s / (1 + s);
    all others have 0. Weighted by s: precision s^2 = accuracy squared, recall s, F1 2 s^2 / (1 + s). Divided
    by K: precision s / K, recall 1 / K, F1 2 s / (1 + s) / K.

    References
    ----------
    .. [1] Derived from the definitions of weighted and macro averages, see the user guide of scikit-learn,
       "Precision, recall and F-measures". Precision of a class that is never named counts as 0 there.

    What it cannot say
    ------------------
    It is a signature, no proof: other confusions can give the same figures, and three or more digits make
    that unlikely. Why a network collapsed it does not say either.

    Examples
    --------
    Report A prints accuracy .1846 and precision .0341 for one of its networks.

    >>> round(one_class(60 / 325)["weighted"]["precision"], 4)
    0.0341
    """
    s = share_of_class
    f1 = 2 * s / (1 + s)
    scores = {"weighted": {"precision": s * s, "recall": s, "f1": s * f1}}
    if n_classes:
        scores["macro"] = {"precision": s / n_classes, "recall": 1 / n_classes, "f1": f1 / n_classes}
    return scores


def is_collapsed(row: Row, report: Report) -> str | None:
    """Return the average by which a row has the signature of one class for all, if it has."""
    accuracy, precision = row.tested, row.get("precision")
    if not accuracy or not precision or not 0 < accuracy.value <= MOST_SHARE:
        return None
    if report.balanced and report.n_classes and accuracy.low > 1.5 / report.n_classes:
        return None
    low, high = (one_class(float(bound), report.n_classes) for bound in (accuracy.low, accuracy.high))
    for average in [report.average] if report.average in low else low:
        given = [name for name in low[average] if row.get(name)]
        if all(_within(row.get(name), low[average][name], high[average][name]) for name in given):
            return average
    return None


def collapsed(report: Report) -> Iterator[Finding]:
    """Rows of networks that may name one class for everything; see `one_class`."""
    for row in report.rows:
        average = is_collapsed(row, report)
        if average:
            accuracy, precision = row.tested, row.get("precision")
            expected = one_class(float(accuracy.value), report.n_classes)[average]["precision"]
            digits = max(4, min(precision.digits, 9))
            how = "accuracy squared" if average == "weighted" else "accuracy divided by the number of classes"
            detail = (
                f"Precision {precision} is {how}, {expected:.{digits}f}, at accuracy "
                f"{accuracy}: the signature, not proof, of a network that names one class for everything."
            )
            yield Finding(row.name, "one class for all", "odd", detail)


def recall_is_accuracy(report: Report) -> Iterator[Finding]:
    """Recall that says nothing beyond accuracy.

    Formula
    -------
    Weighted recall = sum of (rows of a class / all rows) x (right of the class / rows of the class) = right /
    all rows = accuracy. So weighted recall that differs from accuracy is impossible, and equal columns mean
    that recall was weighted.

    References
    ----------
    .. [1] The lines above are the proof. The user guide of scikit-learn says the same of its weighted recall.

    What it cannot say
    ------------------
    Macro recall (UAR) equals accuracy too where all classes have equally many test rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> rows = {"accuracy": ["0.8184", "0.8031"], "recall": ["0.8184", "0.8031"]}
    >>> examine(pd.DataFrame(rows))[["finding", "grade"]].values.tolist()
    [['recall is accuracy', 'note']]
    """
    both = [row for row in report.rows if row.tested and row.get("recall")]
    apart = [row for row in both if not row.tested.overlaps(row.get("recall"))]
    named = "recall is accuracy"
    if report.average == "weighted":
        for row in apart:
            detail = f"Recall {row.get('recall')} is said to be weighted, and so is accuracy, {row.tested}."
            yield Finding(row.name, named, "impossible", detail)
    same = [row for row in both if row.tested.value == row.get("recall").value]
    if both and len(same) == len(both):
        detail = (
            f"Recall and accuracy agree in all {len(both)} rows: weighted recall is accuracy, so that the "
            "column carries no information."
        )
        yield Finding(f"all {len(both)} rows", named, "note", detail)
    elif len(both) >= 10 and len(same) >= NEARLY_ALL * len(both) and report.average != "weighted":
        for row in apart:
            detail = (
                f"Recall {row.get('recall')} differs from accuracy {row.tested}, but in {len(same)} of "
                f"{len(both)} rows the two are one. Look for a slip of the pen."
            )
            yield Finding(row.name, named, "odd", detail)


def f1_bound(precision: float, recall: float) -> float:
    """The largest averaged F1 beside averaged precision and recall.

    Parameters
    ----------
    precision, recall : float
        Averaged over classes, with the same weights.

    Returns
    -------
    float

    Formula
    -------
    F1 <= 2 P R / (P + R). The harmonic mean is concave, so that the mean of the classes' F1 is at most the
    harmonic mean of the mean precision and the mean recall.

    References
    ----------
    .. [1] Opitz, J., Burst, S. (2019). Macro F1 and macro F1. arXiv 1911.03347.

    What it cannot say
    ------------------
    Nothing where F1 is averaged in another way than precision and recall, or where classes that were never
    named are left out of the mean precision.

    Examples
    --------
    >>> round(f1_bound(0.8, 0.6), 4)
    0.6857
    """
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def f1_above(report: Report) -> Iterator[Finding]:
    """Averaged F1 that is too large; see `f1_bound`."""
    for row in report.rows:
        precision, recall, f1 = (row.get(name) for name in ("precision", "recall", "f1"))
        if not (precision and recall and f1):
            continue
        if float(f1.low) > f1_bound(float(precision.high), float(recall.high)) + 1e-12:
            bound = f1_bound(float(precision.value), float(recall.value))
            detail = (
                f"F1 {f1} is above {bound:.4f}, the harmonic mean of {precision} (precision) and {recall}."
            )
            yield Finding(row.name, "F1 above its bound", "impossible", detail)


def _within(printed: Figure, low: float, high: float) -> bool:
    """Say whether a figure can be a number between two, rounded or cut off."""
    return float(printed.low) <= high and low <= float(printed.high)
