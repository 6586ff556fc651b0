"""What can be found wrong with each report: by calculation, and by reading."""

from collections.abc import Mapping

import pandas as pd

from sercourse import forensics
from sercourse.errors import UnknownNameError
from sercourse.networks.network import DERIVED
from sercourse.reports.published import REPORTS
from sercourse.reports.wording import Words

CALCULATION, READING = "calculation", "reading"
"""How a finding was made, in the column ``found by``."""


def inspect(letter: str, tables: Mapping[str, pd.DataFrame] | None = None) -> Words:
    """List what is impossible, odd or worth a note in one of the five reports; lesson 15.

    What `sercourse.forensics` calculates comes from the report's tables and sizes, each time anew. What only
    a reader finds is kept with the report.

    Parameters
    ----------
    letter : str
        A to E.
    tables : mapping of str to pandas.DataFrame, optional
        Tables to look at in place of the report's own, see `Report.tables`: alter a figure, and see which
        findings go.

    Returns
    -------
    Words
        A data frame, the impossible first; columns row, finding, grade, detail; found by (calculation or
        reading); mark (stated, derived, our guess): how well it is known.

    Raises
    ------
    UnknownNameError
        There is no such report, or it has no such table.
    """
    if letter not in REPORTS:
        raise UnknownNameError("report", letter, REPORTS)
    report = REPORTS[letter]
    own = report.tables
    for name in tables or {}:
        if name not in own:
            raise UnknownNameError(f"table of Report {letter}", name, own)
    calculated = pd.concat(report.examine(own | dict(tables or {})))
    read = pd.DataFrame(report.readings)
    findings = pd.concat(
        [
            calculated.assign(**{"found by": CALCULATION, "mark": DERIVED}),
            read.assign(**{"found by": READING}),
        ]
    )
    order = findings["grade"].map(forensics.GRADES.index)
    columns = ["row", "finding", "grade", "detail", "found by", "mark"]
    return Words(findings[columns].iloc[order.argsort(kind="stable")].reset_index(drop=True))
