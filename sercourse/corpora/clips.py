"""One's own clips: sound files, and one table that says what is in them.

Other corpora say everything in their file names. Here ``manifest.csv`` does, in the corpus's folder: UTF-8,
separated by commas, one row a file. Its columns are some or all of those of `sercourse.corpora.manifest`,
at least the required ones. ``path`` is relative to the folder, with slashes; ``speaker`` is
``clips_<movie>_<character>``, so that a character who comes back in another scene stays one speaker.
Columns ``channel`` and ``modality`` may be left out or empty: then a clip is speech, and audio.

Source: our own.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from sercourse.corpora import manifest
from sercourse.errors import ManifestError

MANIFEST = "manifest.csv"

_USUAL = {"channel": "speech", "modality": "audio"}
_MISSING = {"keep_default_na": False, "na_values": [""]}  # a character may be called "None"
_HEADER = 1  # line of the file; the first clip stands in the next one


def reader(folder: Path, files: Iterable[Path], corpus: str = "clips") -> Callable[[Path], dict]:
    """Read the table of a folder of clips, and return what finds a file's row in it.

    Parameters
    ----------
    folder : pathlib.Path
        The corpus.
    files : iterable of pathlib.Path
        The sound files in it.
    corpus : str
        Its name.

    Returns
    -------
    callable
        ``parse(path) -> dict``, as the other corpora have it; ValueError for a file without a row.

    Raises
    ------
    ManifestError
        There is no table, it cannot be read, or a row breaks the contract; the message names the row, as a
        spreadsheet counts it, and the value.
    """
    table = folder / MANIFEST
    named = {file.relative_to(folder).as_posix(): file for file in files}
    try:
        clips = manifest.build(_read(table))
        _check(clips, corpus, named)
    except ManifestError as error:
        raise ManifestError(f"{table}: {error}") from error
    rows = {named[row["path"]]: row for row in clips.to_dict("records")}

    def parse(path: Path) -> dict:
        if path not in rows:
            raise ValueError(f"has no row in {MANIFEST}")
        return rows[path] | {"path": str(path)}

    return parse


def _read(table: Path) -> pd.DataFrame:
    """The rows as they stand in the file, numbered by its lines; what is usual is filled in."""
    try:
        rows = pd.read_csv(table, dtype="string", encoding="utf-8-sig", skip_blank_lines=False, **_MISSING)
    except FileNotFoundError as error:
        raise ManifestError("not there; it says what is in the sound files beside it") from error
    except UnicodeDecodeError as error:
        raise ManifestError("not UTF-8; save it from the spreadsheet as 'CSV UTF-8'") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ManifestError(f"not a table separated by commas ({str(error).strip()})") from error
    if not isinstance(rows.index, pd.RangeIndex):
        raise ManifestError("rows have more fields than the header; put a field with a comma into quotes")
    rows.index += _HEADER + 1
    rows = rows.dropna(how="all")
    for column, usual in _USUAL.items():
        given = rows[column] if column in rows else pd.Series(pd.NA, rows.index, dtype="string")
        rows = rows.assign(**{column: given.fillna(usual)})
    return rows


def _check(clips: pd.DataFrame, corpus: str, named: dict[str, Path]) -> None:
    """Raise `ManifestError` for a row that is no clip of this folder."""
    wrong = {
        "corpus": (clips["corpus"] != corpus, f"must be {corpus}"),
        "speaker": (~clips["speaker"].str.startswith(f"{corpus}_"), f"must begin with {corpus}_"),
        "path": (
            ~clips["path"].isin(list(named)),
            "no such sound file lies in this folder; paths are relative to it, with slashes",
        ),
    }
    for column, (rows, advice) in wrong.items():
        if rows.any():
            raise ManifestError(
                f"row {rows.idxmax()}: {column} is {clips.loc[rows, column].iloc[0]!r}; {advice}"
            )
