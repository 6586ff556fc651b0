"""A table of experiments as text: what they have in common once, then what differs, then what failed."""

import pandas as pd

from sercourse.experiments.running import COLUMNS, TEST_COLUMNS
from sercourse.experiments.store import DONE, FAILED


def summary(table: pd.DataFrame) -> str:
    """Return a table of experiments as text.

    Parameters
    ----------
    table : pandas.DataFrame
        See `sercourse.experiments.results`.

    Returns
    -------
    str
        A line of the settings that all trainings share, the table of those that are done without these
        settings, a line for each that failed, with its error, and a line of how many are which.
    """
    settings = [name for name in table if name not in COLUMNS | TEST_COLUMNS]
    common = [name for name in settings if len(table[name].unique()) == 1]
    different = [name for name in settings if name not in common]
    done, failed = (table[table["state"] == state] for state in (DONE, FAILED))
    lines = [_described(table.iloc[0], common)] if len(table) else []
    if len(done):
        scores = [name for name in table if name not in settings and name not in ("state", "error")]
        shown = done[[*different, *scores]].dropna(axis="columns", how="all").round(3)
        lines.append(shown.to_string(index=False, na_rep="-"))
    for _, row in failed.iterrows():
        lines.append(f"failed: {_described(row, different) or 'the only one'}: {row['error']}")
    lines.append(f"{len(done)} rows of scores; {len(failed)} trainings failed")
    return "\n".join(lines)


def _described(row: pd.Series, names: list[str]) -> str:
    return ", ".join(f"{name} {row[name]}" for name in names if pd.notna(row[name]))
