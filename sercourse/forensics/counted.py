"""Findings on the accuracies of a table: whether they can be counts of the rows they are said to be of."""

from collections.abc import Iterator

from sercourse.forensics.figures import Figure
from sercourse.forensics.granularity import MIN_POWER, counts_text, grim, grim_power, neighbours, truncated
from sercourse.forensics.report import Finding, Report
from sercourse.forensics.table import ACCURACIES, Row, Rows


def counted(report: Report) -> Iterator[tuple[Row, str, Figure, Rows]]:
    """Yield each accuracy with its rows, where the test has power: row, column, figure, rows."""
    for row in report.rows:
        for column in ACCURACIES:
            rows, printed = report.rows_of(row, column), row.get(column)
            if printed and rows.numbers and grim_power(rows.numbers, printed.digits) >= MIN_POWER:
                yield row, column, printed, rows


def not_counts(report: Report) -> Iterator[Finding]:
    """Accuracies that are no k of n; see `grim`."""
    for row, column, printed, rows in counted(report):
        if any(grim(printed, n) for n in rows.numbers):
            continue
        refused = (
            f"{grim_power(rows.numbers, printed.digits):.0%} of all figures with {printed.digits} digits"
        )
        power = f"The test refuses {refused}. A mean over folds or runs need not be a count."
        if rows.only:
            near = neighbours(printed, rows.only)
            detail = f"{column} {printed} is no count of {rows.only}, rounded or cut off: {near}. {power}"
        else:
            detail = f"{column} {printed} is no count of any of {_listed(rows.numbers)}. {power}"
        grade = "impossible" if rows.stated else "odd"
        yield Finding(row.name, "accuracy is not k of n", grade, detail)


def cut_off(report: Report) -> Iterator[Finding]:
    """Accuracies that are counts only if cut off; see `truncated`."""
    found, rounded = [], 0
    for row, column, printed, rows in counted(report):
        fitting = [n for n in rows.numbers if grim(printed, n)]
        if fitting and all(truncated(printed, n) for n in fitting):
            shown = counts_text(grim(printed, fitting[0]), fitting[0])
            found.append(f"{row.name}: {column} {printed} is {shown}")
        else:
            rounded += bool(fitting)
    if found:
        detail = (
            f"{len(found)} figures are cut off, not rounded, and {rounded} may be rounded. "
            f"Cut off: {_shortened(found)}. A test that allows rounding only would call them impossible."
        )
        yield Finding(_whole(report), "truncated figures", "note", detail)


def denominators(report: Report) -> Iterator[Finding]:
    """Accuracies of one table that no number of rows can share; see `fitting_n`."""
    fits, stated = {}, set()
    for row in report.rows:
        column = "test_accuracy" if "test_accuracy" in row.figures else "accuracy"
        rows, printed = report.rows_of(row, column), row.get(column)
        if not printed or not rows.numbers:
            continue
        if rows.stated:
            stated.add(rows.only)
        elif grim_power(rows.numbers, printed.digits) >= MIN_POWER:
            fits[row.name] = printed, [n for n in rows.numbers if grim(printed, n)]
    if len(stated) > 1:
        detail = f"Rows were tested on {_listed(sorted(stated))} rows: they are not scores on one test set."
        yield Finding(_whole(report), "denominators differ", "odd", detail)
    if len(fits) > 1 and not set.intersection(*(set(each) for _, each in fits.values())):
        shown = "; ".join(
            f"{name}: {printed} fits {_listed(each) if each else 'none'}"
            for name, (printed, each) in fits.items()
        )
        tried = _listed(sorted({n for row in report.rows for n in report.rows_of(row, "accuracy").numbers}))
        detail = f"No number of rows fits all accuracies, of {tried}. {shown}."
        yield Finding(_whole(report), "denominators differ", "odd", detail)


def _whole(report: Report) -> str:
    return f"all {len(report.rows)} rows"


def _listed(numbers) -> str:
    return ", ".join(str(number) for number in numbers)


def _shortened(found: list[str], most: int = 5) -> str:
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return "; ".join(found[:most]) + more
