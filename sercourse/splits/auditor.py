"""The leakage auditor: what gets from the test rows into training.

The manifest shows groups that stand on both sides, and the copies that it knows of. Copies that it does not
know of must be heard. What only happens while training runs, such as a scaler that sees the test rows, stands
in the record that training keeps, `sercourse.splits.Used`. Lesson 15 has a leak of each kind.

=========  ====================================================================
grade      meaning
=========  ====================================================================
problem    a leak: the result is not what it is said to be
odd        no leak, but it limits what the result says, or what was looked at
=========  ====================================================================
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sercourse.errors import LeakError
from sercourse.splits import heard
from sercourse.splits.folds import Fold
from sercourse.splits.groups import By, columns
from sercourse.splits.notes import notes
from sercourse.splits.record import PURPOSES, Used
from sercourse.splits.sides import TRAINING, Side, in_folds, sided, sided_groups, sides

COLUMNS = ("file", "finding", "grade", "detail")

_ADVICE = {
    "row on both sides": "leave the test rows out of training",
    "shared": "deal whole groups to folds with splits.unseen",
    "same recording": "split by recording, speaker or more with splits.unseen, or drop the copies",
    "augmented copy": "split first, then augment the training rows only",
    "identical samples": "drop one of each pair, or give both one recording_id and keep it on one side",
    "near-duplicate": "drop one of each pair, or give both one recording_id and keep it on one side",
    "test rows used": "use rows of the training side only; splits.hold_out takes validation rows out of them",
}
_NAMED = 3  # files or groups of a kind that a message names; the table has all

Finding = tuple[str, str, str, str]


def audit(
    manifest: pd.DataFrame,
    split: Fold | Sequence[Fold],
    used: Used | Sequence[Used] | None = None,
    disjoint: Sequence[By] = ("speaker",),
    listen: bool = True,
    *,
    workers: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Look for what leaks from the test rows into training.

    What counts as training are the rows that a fold gives to it, and those that its record says were used to
    fit, scale, select or stop. Augmented rows must say what they were made from, in the column ``parent``: a
    copy of a test recording in training is a leak, and so is a test on a copy of a training recording.

    Parameters
    ----------
    manifest : pandas.DataFrame
        The rows that the folds number.
    split : Fold or list of Fold
    used : Used or list of Used, optional
        What training wrote down, one a fold.
    disjoint : sequence of str or of sequences of str
        What the two sides are said not to share. Add ``"statement"`` to claim that the result holds for other
        sentences. Several columns that make one group stand together: ``[("movie", "scene")]``.
    listen : bool
        Compare the sound of the files too. The first time it takes about 10 ms a file; what was heard is
        kept on disk.
    workers : int, optional
        Processes that listen; by default one a core.
    progress : bool
        Show progress bars.

    Returns
    -------
    pandas.DataFrame of strings, shape (n_notes, 4)
        Columns ``file`` (a path, a group, or empty for what concerns the whole split), ``finding``, ``grade``
        (here always "odd") and ``detail``, a sentence.

    Raises
    ------
    LeakError
        There is a leak. Its ``findings`` has the same columns, and says all that was found, leaks first.
    ManifestError
        A column of `disjoint` is missing or has missing values, or a fold does not fit the manifest.
    ValueError
        There are not as many records as folds.
    """
    claims = [disjoint] if isinstance(disjoint, str) else list(disjoint)
    folds = sides(manifest, split, used)
    leaks = [*_rows(manifest, folds), *_groups(manifest, folds, claims), *_families(manifest, folds)]
    leaks += _records(manifest, folds)
    odd = list(notes(manifest, folds, claims))
    if listen:
        copied, unheard = _listen(manifest, folds, workers, progress)
        leaks, odd = leaks + copied, odd + unheard
    else:
        odd.append(("", "not heard", "odd", "No file was opened: a copy under another name is not found."))
    table = pd.DataFrame(leaks + odd, columns=list(COLUMNS), dtype="string")
    if leaks:
        raise LeakError(_message(table[table["grade"] == "problem"]), table)
    return table


def _rows(manifest: pd.DataFrame, folds: list[Side]) -> Iterator[Finding]:
    both = [(row, fold) for fold, side in enumerate(folds) for row in np.intersect1d(side.planned, side.test)]
    for row, where in _by_first(both):
        detail = f"It is a row of training and of test{in_folds(where, len(folds))}."
        yield manifest["path"].iloc[row], "row on both sides", "problem", detail


def _groups(manifest: pd.DataFrame, folds: list[Side], claims: list[By]) -> Iterator[Finding]:
    """The groups that the two sides are said not to share."""
    for by in claims:
        of, names = sided_groups(manifest, folds, by)
        both = [
            (group, fold)
            for fold, side in enumerate(folds)
            for group in np.intersect1d(of[side.train], of[side.test])
        ]
        kind = " and ".join(columns(by))
        for group, where in _by_first(both):
            detail = f"{kind} {names[group]} is trained on and tested{in_folds(where, len(folds))}."
            yield names[group], f"shared {kind}", "problem", detail


def _families(manifest: pd.DataFrame, folds: list[Side]) -> Iterator[Finding]:
    """Copies of one recording that the manifest knows of, by recording_id or parent."""
    of, _ = sided_groups(manifest, folds, "recording_id")
    pairs = pd.concat([_pairs(of, side).assign(fold=fold) for fold, side in enumerate(folds)])
    derived = manifest["parent"].notna().to_numpy()
    path = manifest["path"].to_numpy(str)
    pairs["finding"] = np.where(
        derived[pairs["tested"]] | derived[pairs["trained"]], "augmented copy", "same recording"
    )
    for (row, finding), found in pairs.groupby(["tested", "finding"]):
        other = found["trained"].iloc[0]
        if finding == "same recording":
            told = f"{path[other]} has its recording_id and is trained on"
        elif not derived[row]:
            told = f"{path[other]} was made from it and is trained on"
        elif not derived[other]:
            told = f"It was made from {path[other]}, which is trained on"
        else:
            told = f"It was made from the same recording as {path[other]}, which is trained on"
        yield path[row], finding, "problem", f"{told}{in_folds(found['fold'], len(folds))}."


def _records(manifest: pd.DataFrame, folds: list[Side]) -> Iterator[Finding]:
    """Test rows that were used, as only the record of the training run can tell."""
    for purpose in TRAINING:
        seen = [
            (row, fold)
            for fold, side in enumerate(folds)
            if side.used is not None
            for row in np.intersect1d(side.used[purpose], side.test)
        ]
        if seen:
            where = in_folds([fold for _, fold in seen], len(folds))
            rows = sorted({row for row, _ in seen})
            tested = np.unique(np.concatenate([side.test for side in folds]))
            named = _listed([manifest["path"].iloc[row] for row in rows[:_NAMED]], len(rows))
            detail = f"{len(rows)} of {len(tested)} test rows were used {PURPOSES[purpose]}{where}: {named}."
            yield "", f"test rows used to {purpose}", "problem", detail


def _listen(
    manifest: pd.DataFrame, folds: list[Side], workers: int | None, progress: bool
) -> tuple[list[Finding], list[Finding]]:
    """Copies that the manifest need not know of; and the files that could not be heard."""
    path = manifest["path"].to_numpy(str)
    rows = sided(folds)
    sounds, errors = heard.listen(list(dict.fromkeys(path[rows])), workers, progress)
    position = np.full(len(manifest), -1)
    position[rows] = pd.Index(sounds["path"]).get_indexer(path[rows])
    pairs = heard.copies(sounds, position, [(side.train, side.test) for side in folds], workers, progress)
    pairs["finding"] = np.where(pairs["identical"], "identical samples", "near-duplicate")
    leaks = []
    for (row, finding), found in pairs.groupby(["tested", "finding"]):
        other, likeness = found[["trained", "likeness"]].iloc[0]
        how = f"correlation {likeness:.3f}" if finding == "near-duplicate" else "sample for sample"
        where = in_folds(found["fold"], len(folds))
        detail = f"It sounds as {path[int(other)]} does ({how}), which is trained on{where}."
        leaks.append((path[row], finding, "problem", detail))
    unheard = [
        (name, "unreadable", "odd", f"It was compared with none: {error.reason}; {error.advice}.")
        for name, error in errors.items()
    ]
    return leaks, unheard


def _pairs(of: np.ndarray, side: Side) -> pd.DataFrame:
    """Rows of one group on the two sides of a fold, without those that stand on both."""
    tested = np.setdiff1d(side.test, side.train)
    frames = [
        pd.DataFrame({name: rows, "group": of[rows]})
        for name, rows in (("tested", tested), ("trained", side.train))
    ]
    return frames[0].merge(frames[1], on="group")


def _by_first(pairs: list[tuple[int, int]]) -> Iterator[tuple[int, list[int]]]:
    """Bring (thing, fold) together by thing."""
    together: dict[int, list[int]] = {}
    for thing, fold in pairs:
        together.setdefault(int(thing), []).append(fold)
    yield from sorted(together.items())


def _message(leaks: pd.DataFrame) -> str:
    lines = ["the test rows leak into training, so the result is not what it is said to be:"]
    for finding, found in leaks.groupby("finding", sort=False):
        advice = next(text for start, text in _ADVICE.items() if finding.startswith(start))
        named = found["file"].where(found["file"] != "", found["detail"].str.rstrip("."))
        lines.append(f"  {finding}: {_listed(named.head(_NAMED), len(found))}\n    -> {advice}")
    return "\n".join([*lines, "All findings are in the error's table, `findings`."])


def _listed(first: Sequence[str], total: int) -> str:
    rest = total - len(first)
    return ", ".join(first) + (f" and {rest} more" if rest else "")
