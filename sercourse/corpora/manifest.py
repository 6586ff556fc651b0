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
intensity      ``low``, ``normal`` or ``strong``
statement      which sentence
repetition     1, 2, ...
channel        ``speech`` or ``song``
modality       ``audio`` or ``audio-video``
movie          where a clip of a film comes from
scene          which part of the film
character      who speaks in it
parent         recording that an augmented or derived one was made from
=============  ==============================================================================

Text columns are pandas strings, ``repetition`` is a nullable integer, and what a corpus
does not say is missing (NA).
"""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from sercourse.errors import ManifestError, UnknownNameError

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
    "intensity": ("low", "normal", "strong"),
    "channel": ("speech", "song"),
    "modality": ("audio", "audio-video"),
}


class Quadrant(NamedTuple):
    """Where an emotion lies in the plane of arousal and valence.

    Attributes
    ----------
    arousal : str
        ``high`` or ``low``; ``middle`` for neutral.
    valence : str
        ``positive`` or ``negative``; ``middle`` for neutral.
    """

    arousal: str
    valence: str


QUADRANTS = {
    "neutral": Quadrant("middle", "middle"),
    "calm": Quadrant("low", "positive"),
    "happy": Quadrant("high", "positive"),
    "sad": Quadrant("low", "negative"),
    "angry": Quadrant("high", "negative"),
    "fearful": Quadrant("high", "negative"),
    "disgust": Quadrant("high", "negative"),
    "surprised": Quadrant("high", "positive"),
    "bored": Quadrant("low", "negative"),
}
"""After the circle of affect by Russell (1980), with neutral in its middle. Disgust is not among his words:
its arousal is our guess. For surprised we take his "astonished", which lies near the border of valence."""


def quadrant(emotion: str) -> Quadrant:
    """Return the quadrant of an emotion in the plane of arousal and valence.

    This is coarse. It says what the word means to people, not what was heard in a recording: a quiet, cold
    anger counts as high arousal too, and TESS's surprise is pleasant where that of a film may be a shock.

    Parameters
    ----------
    emotion : str
        One of `EMOTIONS`.

    Returns
    -------
    Quadrant

    Raises
    ------
    UnknownNameError
        No such emotion.

    References
    ----------
    .. [1] Russell, J. A. (1980). A circumplex model of affect. Journal of Personality and Social Psychology
       39(6), 1161-1178.

    Examples
    --------
    >>> quadrant("bored")
    Quadrant(arousal='low', valence='negative')
    """
    if emotion not in QUADRANTS:
        raise UnknownNameError("emotion", emotion, QUADRANTS)
    return QUADRANTS[emotion]


def build(rows: Iterable[dict] | pd.DataFrame) -> pd.DataFrame:
    """Make a manifest from one dictionary an utterance, or from a table that has some of the columns.

    Parameters
    ----------
    rows : iterable of dict, or pandas.DataFrame
        Keys are names out of `COLUMNS`; what is not given is missing. A table keeps its index, by which
        errors name its rows.

    Returns
    -------
    pandas.DataFrame, shape (n_utterances, 16)
        Validated, with the columns of `COLUMNS` in that order.

    Raises
    ------
    ManifestError
        See `validate`; also for a key that is not a column.
    """
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    unknown = sorted(set(table.columns) - set(COLUMNS))
    if unknown:
        raise ManifestError(
            f"not columns of a manifest: {', '.join(unknown)}; choose out of {', '.join(COLUMNS)}"
        )
    manifest = table.reindex(columns=list(COLUMNS))
    manifest["repetition"] = _whole_numbers(manifest["repetition"])
    types = {column: "Int64" if column == "repetition" else "string" for column in COLUMNS}
    return validate(manifest.astype(types))


def _whole_numbers(column: pd.Series) -> pd.Series:
    """Return numbers for text as well, and name what is not 1, 2, ..."""
    numbers = pd.to_numeric(column, errors="coerce").astype("Float64")
    wrong = column.notna() & ~((numbers >= 1) & (numbers % 1 == 0)).fillna(False)
    if wrong.any():
        row, value = column.index[wrong][0], column[wrong].iloc[0]
        raise ManifestError(f"row {row}: {column.name} is '{value}'; it counts takes, from 1")
    return numbers


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
