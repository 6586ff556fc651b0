"""The manifest: one table that every corpus returns, one row an utterance.

=============  ==============================================================================
column         meaning
=============  ==============================================================================
path           the file
corpus         name of the corpus, such as ``ravdess``
recording_id   names the recording; two files with one id hold the same recording
speaker        ``<corpus>_<the corpus's own number>``, so that no two corpora share a speaker
sex            ``female`` or ``male``
emotion        one of `EMOTIONS`
label          the corpus's own word for it
intensity      ``normal`` or ``strong``
statement      which sentence
repetition     1, 2, ...
channel        ``speech`` or ``song``
modality       ``audio`` or ``audio-video``
movie, scene, character
               where a clip of a film comes from
parent         recording that an augmented or derived one was made from
=============  ==============================================================================

Text columns are pandas strings, ``repetition`` is a nullable integer, and what a corpus
does not say is missing (NA).
"""

from collections.abc import Iterable

import pandas as pd

from sercourse.errors import ManifestError

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised", "bored")

COLUMNS = (
    "path",
    "corpus",
    "recording_id",
    "speaker",
    "sex",
    "emotion",
    "label",
    "intensity",
    "statement",
    "repetition",
    "channel",
    "modality",
    "movie",
    "scene",
    "character",
    "parent",
)

REQUIRED = ("path", "corpus", "recording_id", "speaker", "emotion")

ALLOWED = {
    "sex": ("female", "male"),
    "emotion": EMOTIONS,
    "intensity": ("normal", "strong"),
    "channel": ("speech", "song"),
    "modality": ("audio", "audio-video"),
}


def build(rows: Iterable[dict]) -> pd.DataFrame:
    """Make a manifest from one dictionary an utterance.

    Parameters
    ----------
    rows : iterable of dict
        Keys are names out of `COLUMNS`; what is not given is missing.

    Returns
    -------
    pandas.DataFrame, shape (n_utterances, 16)
        Validated, with the columns of `COLUMNS` in that order.

    Raises
    ------
    ManifestError
        See `validate`; also for a key that is not a column.
    """
    rows = list(rows)
    unknown = sorted({key for row in rows for key in row} - set(COLUMNS))
    if unknown:
        raise ManifestError(
            f"not columns of a manifest: {', '.join(unknown)}; choose out of {', '.join(COLUMNS)}"
        )
    manifest = pd.DataFrame(rows, columns=list(COLUMNS))
    types = {column: "Int64" if column == "repetition" else "string" for column in COLUMNS}
    return validate(manifest.astype(types))


def listed(message: str, left_out: pd.DataFrame, most: int = 10) -> str:
    """Put the files that were left out under a message, one a line with its reason.

    Parameters
    ----------
    message : str
    left_out : pandas.DataFrame
        Columns ``path`` and ``reason``.
    most : int
        Name at most so many files, and count the rest.
    """
    lines = [f"  {row.path}: {row.reason}" for row in left_out.head(most).itertuples()]
    rest = len(left_out) - most
    return "\n".join([message, *lines] + ([f"  and {rest} more"] if rest > 0 else []))


def validate(manifest: pd.DataFrame) -> pd.DataFrame:
    """Return the manifest unchanged, or say which row and value breaks the contract.

    Raises
    ------
    ManifestError
        A column is missing, a required value is missing, a value is not one of
        `ALLOWED`, or a path stands in two rows.
    """
    absent = [column for column in COLUMNS if column not in manifest.columns]
    if absent:
        raise ManifestError(
            f"the manifest lacks the columns: {', '.join(absent)}; make it with manifest.build"
        )
    for column in REQUIRED:
        if manifest[column].isna().any():
            row = manifest.index[manifest[column].isna()][0]
            raise ManifestError(f"row {row}: {column} is missing; every row needs {', '.join(REQUIRED)}")
    for column, allowed in ALLOWED.items():
        wrong = ~(manifest[column].isin(allowed) | manifest[column].isna())
        if wrong.any():
            row, value = manifest.index[wrong][0], manifest.loc[wrong, column].iloc[0]
            raise ManifestError(f"row {row}: {column} is {value!r}; allowed are {', '.join(allowed)}")
    twice = manifest["path"].duplicated()
    if twice.any():
        raise ManifestError(f"{manifest.loc[twice, 'path'].iloc[0]}: stands in two rows; drop one of them")
    return manifest
