"""The shape of measured results, and where they are kept."""

import datetime
import importlib.metadata
from pathlib import Path

import pandas as pd

from sercourse.errors import ManifestError, UnknownNameError
from sercourse.files import written_whole

COLUMNS = {
    "system": "string",  # what the other columns do not say, such as "100 epochs, batch 16"
    "network": "string",
    "recipe": "string",
    "corpus": "string",
    "protocol": "string",  # how rows were split, and how scores were put together
    "normalisation": "string",  # none, enrolment or transductive
    "fold": "string",  # a number, or "pooled"
    "seed": "Int64",
    "n_train": "Int64",  # mean over the folds where they are pooled
    "n_test": "Int64",
    "uar": "float64",
    "accuracy": "float64",
    "seconds": "float64",
    "command": "string",
    "versions": "string",
    "date": "string",
}
"""Columns of a table of measured results, and their types."""

IDENTITY = ("system", "network", "recipe", "corpus", "protocol", "normalisation", "fold", "seed")
"""The columns that tell one measured result from another."""

FOLDER = Path(__file__).parent / "measured"


def measured(name: str) -> pd.DataFrame:
    """Return a table of results that the course measured and ships.

    Parameters
    ----------
    name : str
        Such as ``puzzle``: the two numbers of lesson 00.

    Returns
    -------
    pandas.DataFrame
        Columns as in `COLUMNS`.

    Raises
    ------
    UnknownNameError
        Lists the tables there are.
    """
    known = {path.stem: path for path in FOLDER.glob("*.csv")}
    if name not in known:
        raise UnknownNameError("table of measured results", name, known)
    return _read(known[name])


def save(rows: pd.DataFrame, path: Path) -> None:
    """Add rows to a table; what was measured before in the same way is replaced.

    Raises
    ------
    ManifestError
        A column of `COLUMNS` is missing.
    """
    absent = [column for column in COLUMNS if column not in rows.columns]
    if absent:
        raise ManifestError(f"measured results lack the columns: {', '.join(absent)}")
    rows = rows[list(COLUMNS)].astype(COLUMNS)
    if path.exists():
        rows = pd.concat([_read(path), rows], ignore_index=True)
    same = list(IDENTITY)
    rows = rows.drop_duplicates(same, keep="last").sort_values(same, ignore_index=True)
    with written_whole(path) as partial:
        rows.to_csv(partial, index=False, float_format="%.6g", lineterminator="\n")


def find(path: Path, identity: dict) -> dict | None:
    """Return the row of a table with these values in the columns of `IDENTITY`, or None."""
    if not path.exists():
        return None
    rows = _read(path)
    for column in IDENTITY:
        rows = rows[rows[column] == identity[column]]
    return None if rows.empty else rows.iloc[0].to_dict()


def circumstances(command: str) -> dict[str, str]:
    """Return the columns ``command``, ``versions`` and ``date`` of something measured now."""
    packages = ("sercourse", "tensorflow", "keras", "numpy", "librosa", "scikit-learn")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return {"command": command, "versions": versions, "date": datetime.date.today().isoformat()}


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=COLUMNS, keep_default_na=False, na_values=[""])
