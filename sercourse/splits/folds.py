"""Ways to split a corpus into training and test rows.

Each function takes a manifest and returns a list of `Fold`: row numbers, so that they
index features and labels alike. Over a list of folds every row is tested exactly once.

The names say what to expect. A random split puts the same speaker, the same sentence and
often the same day's recording on both sides, and is called unsafe for that reason
(lessons 00, 05 and 15). Rows to choose settings on, or to stop training by, come from inside the
training rows: `hold_out` and `inner`.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.model_selection import LeaveOneGroupOut, StratifiedKFold

from sercourse.errors import ManifestError
from sercourse.splits import dealing
from sercourse.splits.groups import By, Groups, called, columns, groups


class Fold(NamedTuple):
    """One way to train and test.

    Attributes
    ----------
    train, test : numpy.ndarray of int
        Row numbers (positions, not labels of the index) of the manifest.
    """

    train: np.ndarray
    test: np.ndarray


def unsafe_random(manifest: pd.DataFrame, n_folds: int = 5, seed: int = 0) -> list[Fold]:
    """Deal recordings at random to folds, classes in equal shares: speakers are on both sides.

    Unsafe because the score answers "how well does it do on people it has heard?" and is
    nearly always read as "how well does it do?".

    Parameters
    ----------
    manifest : pandas.DataFrame
        See `sercourse.corpora.manifest`.
    n_folds : int
    seed : int

    Returns
    -------
    list of Fold
    """
    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    return [Fold(*indices) for indices in splitter.split(manifest, _emotions(manifest))]


def unseen(manifest: pd.DataFrame, by: By, n_folds: int = 5, seed: int = 0) -> list[Fold]:
    """Deal whole groups to folds: a group that is tested has no row in training.

    Classes are as equal over the folds as whole groups allow, see `sercourse.splits.dealing`.

    Parameters
    ----------
    manifest : pandas.DataFrame
    by : str or sequence of str
        A column, such as ``"speaker"`` or ``"statement"``. Several make one group of rows that agree in all
        of them: ``("movie", "scene")``, as scenes are counted anew in each movie. ``"recording_id"`` splits
        by recording: copies, and what was augmented from it (``parent``), stay with their original.
    n_folds : int
        At most the number of groups.
    seed : int
        Decides between groups that fit equally well; where no two are alike, every seed gives the same folds.

    Returns
    -------
    list of Fold

    Raises
    ------
    ManifestError
        There are fewer groups than folds, or a row has no value in a column of `by`.
    """
    grouped = groups(manifest, by)
    tested = _deal(grouped, by, _emotions(manifest), n_folds, seed)
    return [_fold(tested == number) for number in range(n_folds)]


def unseen_speakers(manifest: pd.DataFrame, n_folds: int = 5, seed: int = 0) -> list[Fold]:
    """Deal speakers to folds: whoever is tested was never heard in training; see `unseen`."""
    return unseen(manifest, "speaker", n_folds, seed)


def leave_one_speaker_out(manifest: pd.DataFrame) -> list[Fold]:
    """Test one speaker after the other, in the order of their names, and train on all others.

    Parameters
    ----------
    manifest : pandas.DataFrame
        With two speakers or more.

    Returns
    -------
    list of Fold
        One a speaker.

    Raises
    ------
    ManifestError
        There is one speaker only.
    """
    grouped = groups(manifest, "speaker")
    _check(grouped, "speaker", 2)
    return [Fold(*indices) for indices in LeaveOneGroupOut().split(manifest, groups=grouped.of)]


def unseen_speakers_and_statements(
    manifest: pd.DataFrame, n_folds: int = 5, n_statement_folds: int = 2, seed: int = 0
) -> list[Fold]:
    """Test speakers on statements when neither was heard in training: text-independent.

    Speakers are dealt to folds and statements are dealt to folds; each pair of the two tests what those
    speakers say of those statements. Training keeps the rows that share neither. What shares one of them, a
    tested speaker with another statement or a tested statement by another speaker, is in neither.

    Parameters
    ----------
    manifest : pandas.DataFrame
    n_folds, n_statement_folds : int
        Of speakers and of statements. RAVDESS has two statements, so each training has one of them.
    seed : int

    Returns
    -------
    list of Fold
        ``n_folds * n_statement_folds``, less the pairs without a row: not everyone says everything.

    Raises
    ------
    ManifestError
        There are fewer speakers or statements than folds, a row has no statement, or a fold has nothing to
        train on.
    """
    emotions = _emotions(manifest)
    speaker = _deal(groups(manifest, "speaker"), "speaker", emotions, n_folds, seed)
    statement = _deal(groups(manifest, "statement"), "statement", emotions, n_statement_folds, seed)
    folds = []
    for voice in range(n_folds):
        for text in range(n_statement_folds):
            train = np.flatnonzero((speaker != voice) & (statement != text))
            test = np.flatnonzero((speaker == voice) & (statement == text))
            if len(test) and not len(train):
                raise ManifestError(
                    f"{manifest['path'].iloc[test[0]]}: every other row shares its fold of speakers or of "
                    "statements, so nothing is left to train on; ask for more folds of both"
                )
            if len(test):
                folds.append(Fold(train, test))
    return folds


def hold_out(
    manifest: pd.DataFrame, rows: np.ndarray, by: By = "speaker", share: float = 0.2, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Hold whole groups out of training rows for validation: to stop by, or to choose on.

    Parameters
    ----------
    manifest : pandas.DataFrame
    rows : numpy.ndarray of int
        The training rows of an outer fold.
    by : str or sequence of str
        See `unseen`.
    share : float
        Of the rows, and of each class, that is held out, as nearly as whole groups allow; between 0 and 1.
    seed : int
        Another seed holds other groups out.

    Returns
    -------
    fit, validation : numpy.ndarray of int
        Row numbers of the manifest, all out of `rows` and in their order; neither is empty.

    Raises
    ------
    ManifestError
        The rows belong to one group only, or a row has no value in a column of `by`.
    ValueError
        `share` is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"share is {share}; it lies between 0 and 1, such as 0.2")
    rows = np.asarray(rows, dtype=int)
    grouped = groups(manifest, by, rows)
    _check(grouped, by, 2)
    drawn = dealing.draw(grouped.of, _emotions(manifest)[rows], share, seed)[grouped.of]
    return rows[~drawn], rows[drawn]


def inner(
    manifest: pd.DataFrame, rows: np.ndarray, by: By = "speaker", n_folds: int = 5, seed: int = 0
) -> list[Fold]:
    """Split the training rows of an outer fold again, to choose settings without a look at its test rows.

    Parameters
    ----------
    manifest : pandas.DataFrame
    rows : numpy.ndarray of int
        The training rows of an outer fold.
    by, n_folds, seed
        See `unseen`.

    Returns
    -------
    list of Fold
        Row numbers of the manifest, all out of `rows`; each of them is tested once.

    Raises
    ------
    ManifestError
        See `unseen`.
    """
    rows = np.asarray(rows, dtype=int)
    tested = _deal(groups(manifest, by, rows), by, _emotions(manifest)[rows], n_folds, seed)
    return [Fold(rows[tested != number], rows[tested == number]) for number in range(n_folds)]


def _deal(grouped: Groups, by: By, emotions: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    """Return the fold in which each row is tested."""
    _check(grouped, by, n_folds)
    return dealing.deal(grouped.of, emotions, n_folds, seed)[grouped.of]


def _check(grouped: Groups, by: By, n_folds: int) -> None:
    """There must be a group for each fold."""
    if n_folds < 2:
        raise ValueError(f"n_folds is {n_folds}; a split has at least 2 folds")
    most = len(grouped.names)
    if most < 2:
        split_by = " and ".join(columns(by))
        raise ManifestError(
            f"all rows are of one group, '{grouped.names[0]}'; a split by {split_by} needs two"
        )
    if most < n_folds:
        raise ManifestError(f"{most} {called(by)} cannot fill {n_folds} folds; ask for at most {most}")


def _fold(test: np.ndarray) -> Fold:
    return Fold(np.flatnonzero(~test), np.flatnonzero(test))


def _emotions(manifest: pd.DataFrame) -> np.ndarray:
    return manifest["emotion"].to_numpy(str)
