"""Findings on rows that stand beside each other: copies, and what the settings of a grid do."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from scipy import stats

from sercourse.forensics.averages import is_collapsed
from sercourse.forensics.figures import Figure
from sercourse.forensics.report import Finding, Report
from sercourse.forensics.table import Row

FREE = ("precision", "f1", "loss", "train_loss", "val_loss", "test_loss")
"""Figures that two networks with equally many right answers need not share."""

CLEAR = 0.01
"""A smaller p of the sign test makes the effect of a setting worth a note."""

FEW_PAIRS = 8
"""Fewer pairs than this cannot reach that p with two-sided signs: 2 / 2^8 = .008."""


def identical_rows(report: Report) -> Iterator[Finding]:
    """Rows with different settings that agree in every figure.

    Formula
    -------
    Two rows give the same figures, all of them, and at least one is a precision, F1 or loss with three
    digits or more. With four it is odd, with three it may be chance. Rows that both carry the signature of
    one class for all agree for that reason.

    References
    ----------
    .. [1] Own rule. Two networks with equally many right answers can agree in accuracy, but hardly in which
       class they confuse with which.

    What it cannot say
    ------------------
    Whether a row was copied, or one training was counted twice, or the setting was never passed on.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> rows = {"accuracy": [".6154"] * 2, "precision": [".6016"] * 2, "learning_rate": [".001", ".01"]}
    >>> examine(pd.DataFrame(rows)).detail[0]
    'All 2 figures agree, to 4 digits, at learning_rate .001 and .01.'
    """
    alike = defaultdict(list)
    for row in report.rows:
        if len(row.figures) >= 2:
            alike[tuple(sorted((name, printed.value) for name, printed in row.figures.items()))].append(row)
    for rows in alike.values():
        digits = max((_free_digits(row.figures) for row in rows), default=0)
        if len(rows) < 2 or digits < 3:
            continue
        shown = max(printed.digits for row in rows for printed in row.figures.values())
        detail = f"All {len(rows[0].figures)} figures agree, to {shown} digits{_differences(rows)}."
        grade = "odd" if digits >= 4 else "note"
        if all(is_collapsed(row, report) for row in rows):
            grade = "note"
            detail += " Both look like one class for all, which explains it."
        yield Finding(" and ".join(row.name for row in rows), "identical rows", grade, detail)


def effects(report: Report) -> Iterator[Finding]:
    """A setting that moves accuracy in nearly all pairs of rows that differ in nothing else.

    Formula
    -------
    For a setting with two values, rows are paired that agree in all other settings. The signs of the
    differences are tested by the exact sign test, ties left out; p below .01 is a note.

    References
    ----------
    .. [1] Dixon, W. J., Mood, A. M. (1946). The statistical sign test. Journal of the American Statistical
       Association 41(236), 557-566.

    What it cannot say
    ------------------
    Pairs of one grid share test rows and often a seed, so that p is too small. It describes this grid; other
    sizes of network or other data may turn the effect round.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> grid = pd.DataFrame([(d, f"s{s}", f"0.{7 - 2 * d}{s}") for d in (0, 1) for s in range(8)],
    ...                     columns=["dropout", "size", "accuracy"])
    >>> examine(grid, settings=["dropout", "size"]).detail[0]
    'dropout 1 in place of 0 lowers accuracy in 8 of 8 pairs that differ in nothing else, by up to 0.2; sign
    test p = 0.0078.'
    """
    rows = [
        row for row in report.rows if row.tested and all(name in row.settings for name in report.settings)
    ]
    for name in report.settings:
        values = sorted({row.settings[name] for row in rows}, key=_order)
        if len(values) != 2 or name == report.families:
            continue
        pairs = _pairs(rows, report, name, values)
        changes = [float(second.tested.value - first.tested.value) for first, second in pairs]
        lower, higher = (sum(sign * change > 1e-12 for change in changes) for sign in (-1, 1))
        if len(changes) < FEW_PAIRS or lower == higher:
            continue
        p = stats.binomtest(lower, lower + higher).pvalue
        if p < CLEAR:
            yield Finding(_whole(report), "effect of a setting", "note", _effect(name, values, changes, p))


def collapse_shared(report: Report) -> Iterator[Finding]:
    """What the rows have in common that look like one class for all.

    Formula
    -------
    The settings in which all these rows agree and others do not, and of how many rows with these settings
    they are, by family.

    References
    ----------
    .. [1] A count. For the signature see "one class for all".

    What it cannot say
    ------------------
    What made them collapse. For that one setting is changed at a time, with several seeds.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> grid = pd.DataFrame({"net": ["a"] * 4 + ["b"] * 4, "rate": [".1", ".1", ".2", ".2"] * 2,
    ...     "accuracy": [".61", ".62", ".1846", ".1846", ".65", ".66", ".67", ".68"],
    ...     "precision": [".63", ".60", ".0341", ".0341", ".65", ".67", ".66", ".69"]})
    >>> found = examine(grid)
    >>> found[found.finding == "what collapsed rows share"].detail.item()
    'Looks like one class for all only with rate .2: a 2 of 2, b 0 of 2.'
    """
    rows = [row for row in report.rows if is_collapsed(row, report)]
    if len(rows) < 2:
        return
    shared = {}
    for name in report.settings:
        values = {row.settings[name] for row in rows}
        if (
            name != report.families
            and len(values) == 1
            and len({row.settings[name] for row in report.rows}) > 1
        ):
            shared[name] = values.pop()
    if not shared:
        return
    fitting = [row for row in report.rows if all(row.settings[name] == shared[name] for name in shared)]
    names = list(dict.fromkeys(row.settings[report.families] for row in fitting)) if report.families else [""]
    counts = []
    for name in names:
        members = [row for row in fitting if not report.families or row.settings[report.families] == name]
        counts.append(f"{name} {sum(row in rows for row in members)} of {len(members)}".strip())
    settings = " and ".join(f"{name} {value}" for name, value in shared.items())
    detail = f"Looks like one class for all only with {settings}: {', '.join(counts)}."
    yield Finding(_whole(report), "what collapsed rows share", "note", detail)


def _pairs(rows: Sequence[Row], report: Report, name: str, values: list[str]) -> list[tuple[Row, Row]]:
    """Pair rows that agree in family and all settings but one."""
    others = [other for other in (report.families, *report.settings) if other and other != name]
    groups = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[tuple(row.settings[other] for other in others)][row.settings[name]].append(row)
    found = []
    for group in groups.values():
        if [len(group[value]) for value in values] == [1, 1]:
            found.append((group[values[0]][0], group[values[1]][0]))
    return found


def _effect(name: str, values: list[str], changes: list[float], p: float) -> str:
    lower, ties = sum(change < -1e-12 for change in changes), sum(abs(change) <= 1e-12 for change in changes)
    more = lower > (len(changes) - ties) / 2
    n_so = lower if more else len(changes) - ties - lower
    largest = -min(changes) if more else max(changes)
    tied = f" ({ties} tied)" if ties else ""
    done = f"{name} {values[1]} in place of {values[0]} {'lowers' if more else 'raises'} accuracy"
    return (
        f"{done} in {n_so} of {len(changes)} pairs{tied} that differ in nothing else, by up to "
        f"{largest:.3g}; sign test p = {p:.2g}."
    )


def _free_digits(figures: dict[str, Figure]) -> int:
    """Return the digits of the most precise figure that could have differed, which 0 and 1 could not."""
    digits = [
        printed.digits for name, printed in figures.items() if name in FREE and printed.value not in (0, 1)
    ]
    return max(digits, default=0)


def _differences(rows: list[Row]) -> str:
    """Say in which settings rows differ."""
    differing = []
    for name in rows[0].settings:
        values = list(dict.fromkeys(row.settings.get(name, "") for row in rows))
        if len(values) > 1:
            differing.append(f"{name} {' and '.join(values)}")
    return f", at {', '.join(differing)}" if differing else ""


def _order(value: str):
    try:
        return 0, float(value), value
    except ValueError:
        return 1, 0.0, value


def _whole(report: Report) -> str:
    return f"all {len(report.rows)} rows"
