"""One recording in two files, on two sides of a split: what no table shows.

The measures are those of `sercourse.corpora.auditing.duplicates`. What was heard of a file stays on disk
beside the features, by the file's content, so that a second audit opens hardly any file.
"""

import sqlite3
import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sercourse.corpora.auditing import SILENT, duplicates, hearing
from sercourse.errors import AudioError
from sercourse.features.store import FeatureStore, fingerprint
from sercourse.parallel import share

# Counted up when what is heard changes, so that old entries are not read.
_SOUNDS, _PAIRS = "heard: sounds 1", "heard: pairs 1"
_SOUND = np.dtype([("samples", "S64"), ("deviation", "<f8"), ("fingerprint", "<f4", 1024)])
_PAIR = np.dtype([("other", "S64"), ("likeness", "<f8")])


def listen(
    paths: Sequence[str], workers: int | None = None, progress: bool = True
) -> tuple[pd.DataFrame, dict[str, AudioError]]:
    """Listen to files, or remember what was heard of them.

    Parameters
    ----------
    paths : sequence of str
        Each once.
    workers : int, optional
        Processes at work; by default one a core.
    progress : bool
        Show a progress bar while there is something to hear.

    Returns
    -------
    sounds : pandas.DataFrame
        Columns ``path``, ``samples`` (a digest), ``deviation`` and ``fingerprint``, see
        `sercourse.corpora.auditing.hearing.Sound`; without the files that cannot be used.
    errors : dict
        By path: why a file cannot be used.

    Warns
    -----
    UserWarning
        What was heard cannot be kept on disk.
    """
    known = _remember(_SOUNDS, paths, _SOUND)
    fresh, errors = hearing.listen([path for path in paths if path not in known], workers, progress)
    fresh = {
        path: np.array([(sound.samples, sound.deviation, sound.fingerprint)], _SOUND)
        for path, sound in fresh.items()
    }
    _keep(_SOUNDS, fresh)
    known |= fresh
    heard = [(path, *known[path][0]) for path in paths if path in known]
    return pd.DataFrame(heard, columns=["path", *_SOUND.names]), errors


def copies(
    sounds: pd.DataFrame,
    position: np.ndarray,
    sides: Sequence[tuple[np.ndarray, np.ndarray]],
    workers: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Find the pairs of rows that hold one recording and stand on the two sides of a fold.

    Parameters
    ----------
    sounds : pandas.DataFrame
        See `listen`.
    position : numpy.ndarray of int, shape (n_rows,)
        Where in `sounds` each row of the manifest is; -1 where it was not heard.
    sides : sequence of (train, test)
        Row numbers, one pair a fold.
    workers, progress
        See `listen`.

    Returns
    -------
    pandas.DataFrame
        Columns ``fold`` (from 0), ``tested`` and ``trained`` (row numbers), ``identical`` (the samples are
        equal) and ``likeness``, their correlation. Silence is no copy of silence.
    """
    digests = sounds["samples"].to_numpy("S64")
    _, first, content = np.unique(digests, return_index=True, return_inverse=True)
    content = np.where(sounds["deviation"] >= SILENT, content, -1)
    of_row = np.append(content, -1)[position]  # -1 takes the last
    present = [[_present(of_row[rows]) for rows in side] for side in sides]
    alike = _alike(sounds.iloc[first], present, workers, progress)
    found = []
    for fold, (train, test) in enumerate(sides):
        tested = pd.DataFrame({"tested": test, "one": of_row[test]})
        trained = pd.DataFrame({"trained": train, "other": of_row[train]})
        pairs = tested.merge(alike, on="one").merge(trained, on="other")
        found.append(pairs[pairs["tested"] != pairs["trained"]].assign(fold=fold))
    pairs = pd.concat(found, ignore_index=True)
    pairs["identical"] = pairs["one"] == pairs["other"]
    return pairs[["fold", "tested", "trained", "identical", "likeness"]]


def _alike(sounds: pd.DataFrame, sides: list, workers: int | None, progress: bool) -> pd.DataFrame:
    """Return the contents (positions in `sounds`) that are one recording, each pair both ways."""
    same = [(content, content, 1.0) for content in range(len(sounds))]
    apart = [pair for pair in _candidates(sounds) if any(_parted(pair, *side) for side in sides)]
    for (one, other), likeness in _compare(sounds, apart, workers, progress).items():
        if likeness >= duplicates.SAME:
            same += [(one, other, likeness), (other, one, likeness)]
    kinds = {"one": int, "other": int, "likeness": float}
    return pd.DataFrame(same, columns=list(kinds)).astype(kinds)


def _compare(
    sounds: pd.DataFrame, pairs: list[tuple[int, int]], workers: int | None, progress: bool
) -> dict[tuple[int, int], float]:
    """Correlate the samples of pairs, or remember how alike they were."""
    paths, digests = sounds["path"].tolist(), sounds["samples"].tolist()
    kept = _remember(_PAIRS, list({paths[one] for one, _ in pairs}), _PAIR)
    known = {path: dict(records.tolist()) for path, records in kept.items()}
    missing = [pair for pair in pairs if digests[pair[1]] not in known.get(paths[pair[0]], {})]
    files = [(paths[one], paths[other]) for one, other in missing]
    compared = share(hearing.compare_files, files, "comparing", "pair", workers=workers, progress=progress)
    for (one, other), likeness in zip(missing, compared, strict=True):
        known.setdefault(paths[one], {})[digests[other]] = likeness
    changed = {paths[one] for one, _ in missing}
    _keep(_PAIRS, {path: np.array(list(known[path].items()), _PAIR) for path in changed})
    return {pair: known[paths[pair[0]]][digests[pair[1]]] for pair in pairs}


def _candidates(sounds: pd.DataFrame) -> list[tuple[int, int]]:
    return duplicates.candidates(np.stack(sounds["fingerprint"].tolist())) if len(sounds) > 1 else []


def _parted(pair: tuple[int, int], train: set[int], test: set[int]) -> bool:
    one, other = pair
    return (one in train and other in test) or (one in test and other in train)


def _present(contents: np.ndarray) -> set[int]:
    return set(contents.tolist()) - {-1}


def _remember(key: str, paths: Sequence[str], kind: np.dtype) -> dict[str, np.ndarray]:
    """Return what the store has of files under a key, as records."""
    try:
        with FeatureStore() as store:
            found = zip(paths, store.get(key, list(paths)), strict=True)
            return {path: value.view(kind) for path, value in found if value is not None}
    except (OSError, EOFError, ValueError, sqlite3.Error):
        return {}  # what is damaged is heard again; what cannot be written is told of by `_keep`


def _keep(key: str, records: dict[str, np.ndarray]) -> None:
    """Put records into the store, as the bytes that it keeps of a file."""
    if not records:
        return
    try:
        with FeatureStore() as store:
            store.add(key, [(path, fingerprint(path), kept.view(np.uint8)) for path, kept in records.items()])
    except (OSError, sqlite3.Error) as error:
        advice = "make room, or set SERCOURSE_HOME to a folder that can be written"
        warnings.warn(f"what is heard is not kept on disk ({error}); {advice}", stacklevel=4)
