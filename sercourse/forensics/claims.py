"""Findings on what a report says in words, beside what its table says."""

from collections import defaultdict
from collections.abc import Iterator

from sercourse.errors import TableError
from sercourse.forensics.figures import Figure, figure
from sercourse.forensics.report import Claim, Finding, Report
from sercourse.forensics.table import LOSSES, SHARES


def without_table(report: Report) -> Iterator[Finding]:
    """Figures of the text that no table has.

    Formula
    -------
    No row has, in the claim's column or that column of training, validation or test, a figure that can be the
    claimed one as printed.

    References
    ----------
    .. [1] Pineau, J., Vincent-Lamarre, P., Sinha, K., Larivière, V., Beygelzimer, A., d'Alché-Buc, F., Fox,
       E., Larochelle, H. (2021). Improving reproducibility in machine learning research. Journal of Machine
       Learning Research 22(164), 1-20.

    What it cannot say
    ------------------
    That the claim is false. There is nothing to check it by: no number of rows, no split, no confusions.

    Examples
    --------
    >>> from sercourse.forensics import Claim, examine
    >>> examine(None, claims=[Claim("more than 95 %", "0.95")]).detail[0]
    '"more than 95 %": no row of a table has an accuracy that can be 0.95.'
    """
    for claim in report.claims:
        if claim.figure is None:
            continue
        claimed = read(claim)
        columns = [name for name in SHARES + LOSSES if name.endswith(claim.column)]
        found = [row.get(column) for row in report.rows for column in columns if row.get(column)]
        if not any(each.overlaps(claimed) for each in found):
            kind = "an accuracy" if claim.column == "accuracy" else f"a {claim.column}"
            detail = f'"{claim.text}": no row of a table has {kind} that can be {claim.figure}.'
            yield Finding(claim.row or "", "claim without a table", "odd", detail)


def disagreeing(report: Report) -> Iterator[Finding]:
    """Several claims about one thing that cannot all be meant.

    Formula
    -------
    Two claims about the same give figures that cannot be one number, rounded or cut off.

    References
    ----------
    .. [1] A comparison of printed figures; how they are read is said in `sercourse.forensics.figures`.

    What it cannot say
    ------------------
    Which of them is meant. They may be of different runs that the report does not name.

    Examples
    --------
    >>> from sercourse.forensics import Claim, examine
    >>> texts = {"79 %": ".79", "best 92 %": ".92"}
    >>> claims = [Claim(text, figure, about="test accuracy") for text, figure in texts.items()]
    >>> found = examine(None, claims=claims)
    >>> found[found.finding == "claims disagree"].detail.item()
    'test accuracy: "79 %" (.79), "best 92 %" (.92) cannot all be meant.'
    """
    by_subject = defaultdict(list)
    for claim in report.claims:
        if claim.figure is not None and claim.about:
            by_subject[claim.about].append(claim)
    for about, claims in by_subject.items():
        printed = [read(claim) for claim in claims]
        if max(each.low for each in printed) > min(each.high for each in printed):
            shown = ", ".join(f'"{claim.text}" ({claim.figure})' for claim in claims)
            yield Finding("", "claims disagree", "odd", f"{about}: {shown} cannot all be meant.")


def against_table(report: Report) -> Iterator[Finding]:
    """What the text says of the table, and the table does not.

    Formula
    -------
    A row is said to be better than others, and in the table it is not: its accuracy is not larger, or its
    loss not smaller.

    References
    ----------
    .. [1] A comparison of printed figures; how they are read is said in `sercourse.forensics.figures`.

    What it cannot say
    ------------------
    Whether text or table is wrong, or whether the text means figures that it does not show.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import Claim, examine
    >>> table = pd.DataFrame({"row": ["CNN", "LSTM"], "accuracy": ["0.9980", "0.9893"]})
    >>> claim = Claim("LSTM is better than CNN", row="LSTM", better_than=["CNN"])
    >>> found = examine(table, claims=[claim])
    >>> found[found.finding == "claim against the table"].detail.item()
    '"LSTM is better than CNN": the table gives LSTM 0.9893 and CNN 0.9980 as accuracy.'
    """
    by_name = {row.name: row for row in report.rows}
    for claim in report.claims:
        if claim.row is None or not claim.better_than:
            continue
        named = [_named(by_name, name).get(*_columns(claim)) for name in (claim.row, *claim.better_than)]
        if None in named:
            continue
        own, others = named[0].value, [each.value for each in named[1:]]
        sign = -1 if claim.column in LOSSES else 1
        wrong = [
            f"{name} {printed}"
            for name, printed, other in zip(claim.better_than, named[1:], others, strict=True)
            if sign * own <= sign * other
        ]
        if wrong:
            given = f"{claim.row} {named[0]} and {', '.join(wrong)}"
            detail = f'"{claim.text}": the table gives {given} as {claim.column}.'
            yield Finding(claim.row, "claim against the table", "odd", detail)


def read(claim: Claim) -> Figure:
    """Read the figure of a claim.

    Raises
    ------
    TableError
        It is not a number, or its column is none of figures.
    """
    try:
        if claim.column not in SHARES + LOSSES:
            raise TableError(
                claim.column, "is no column of figures", f"name one of: {', '.join(SHARES + LOSSES)}"
            )
        return figure(claim.figure)
    except TableError as error:
        raise TableError(error.value, error.reason, error.advice, claim.text, claim.column) from None


def _columns(claim: Claim) -> tuple[str, ...]:
    """Return the columns to look into, the test set's first."""
    return (f"test_{claim.column}", claim.column)


def _named(by_name, name: str):
    if name not in by_name:
        advice = f"name one of: {', '.join(by_name) or 'no rows'}"
        raise TableError(name, "is no row of the table", advice)
    return by_name[name]
