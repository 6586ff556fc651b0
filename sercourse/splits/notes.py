"""What the auditor notes: no leak, but it limits what a result says."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from sercourse.splits.groups import By, called, columns
from sercourse.splits.record import PURPOSES
from sercourse.splits.sides import TRAINING, Side, in_folds, sided, sided_groups

MAY_BE_SHARED = {
    "statement": "so the result says nothing about other sentences",
    ("movie", "scene"): "so music, room and company of the scene were known",
}
"""Groups that a split by speaker may share, where the corpus has them, and what that means for the result."""

FEW_SPEAKERS = 6
"""From so many speakers on, the smallest two-sided p of a sign-flip test over speakers is below .05."""

Note = tuple[str, str, str, str]


def notes(manifest: pd.DataFrame, folds: list[Side], claims: list[By]) -> Iterator[Note]:
    """Return what is worth a word, as rows of the auditor's table."""
    yield from _shared(manifest, folds, claims)
    yield from _classes(manifest, folds)
    yield from _tested(manifest, folds)
    yield from _record(folds)
    yield from _normalised(manifest, folds)
    yield from _validated(manifest, folds)


def _shared(manifest: pd.DataFrame, folds: list[Side], claims: list[By]) -> Iterator[Note]:
    """Groups that are shared, and not said to be apart."""
    claimed = {columns(by) for by in claims}
    for by, meaning in MAY_BE_SHARED.items():
        named = columns(by)
        known = manifest[list(named)].notna().all(axis=1).to_numpy()
        if named in claimed or any((name,) in claimed for name in named) or not known[sided(folds)].any():
            continue
        told = [
            side._replace(train=side.train[known[side.train]], test=side.test[known[side.test]])
            for side in folds
        ]
        of, _ = sided_groups(manifest, told, by)
        shared = [np.intersect1d(of[side.train], of[side.test]) for side in told]
        where = [fold for fold, groups in enumerate(shared) if len(groups)]
        if where:
            tested = len(np.unique(np.concatenate([of[side.test] for side in told])))
            trained = len(np.unique(np.concatenate(shared)))
            detail = (
                f"{trained} of {tested} tested {called(by)} are trained on too{in_folds(where, len(folds))}, "
                f"{meaning}. To claim more, split by {by!r} and add it to disjoint."
            )
            yield "", f"shared {' and '.join(named)}", "odd", detail


def _classes(manifest: pd.DataFrame, folds: list[Side]) -> Iterator[Note]:
    emotions = manifest["emotion"].to_numpy(str)
    trained, tested = (
        [set(emotions[rows]) for rows in side] for side in zip(*[s[1:3] for s in folds], strict=True)
    )
    for emotion in sorted(set().union(*tested)):
        without = [fold for fold, known in enumerate(trained) if emotion in tested[fold] - known]
        if without:
            detail = (
                f"{emotion} is tested but not trained on{in_folds(without, len(folds))}: it cannot be named."
            )
            yield "", "class missing in training", "odd", detail
        absent = [fold for fold, known in enumerate(tested) if emotion not in known]
        if absent:
            where = in_folds(absent, len(folds))
            detail = f"{emotion} is not tested{where}: compute UAR from the rows of all folds together."
            yield "", "class missing in test", "odd", detail


def _tested(manifest: pd.DataFrame, folds: list[Side]) -> Iterator[Note]:
    """How often rows are tested, which of them are augmented, and by how many speakers they are."""
    times = np.bincount(np.concatenate([side.test for side in folds]), minlength=len(manifest))
    if (times > 1).any():
        detail = f"{(times > 1).sum()} rows are tested in several folds and weigh more in a pooled result."
        yield "", "tested more than once", "odd", detail
    if len(folds) > 1 and (times == 0).any():
        yield (
            "",
            "never tested",
            "odd",
            f"{(times == 0).sum()} of {len(manifest)} rows are tested in no fold.",
        )
    augmented = int(manifest["parent"].notna().to_numpy()[times > 0].sum())
    if augmented:
        detail = f"{augmented} tested rows were made from other recordings; people do not speak like that."
        yield "", "augmented test rows", "odd", detail
    speakers = manifest["speaker"].iloc[times > 0].nunique()
    if speakers < FEW_SPEAKERS:
        detail = (
            f"Speakers that are tested: {speakers}. A paired test over them gives no p below "
            f"{2.0 ** (1 - speakers):g}, so show the result of each speaker."
        )
        yield "", "few speakers", "odd", detail


def _record(folds: list[Side]) -> Iterator[Note]:
    """What the record leaves open."""
    silent = [fold for fold, side in enumerate(folds) if side.used is None or not len(side.used["fit"])]
    if silent:
        detail = (
            f"What training used is not on record{in_folds(silent, len(folds))}: scaling, selection and "
            "stopping on test rows would not be seen. Give `used`."
        )
        yield "", "no record", "odd", detail
    for purpose in TRAINING:
        other = [
            (fold, len(np.setdiff1d(side.used[purpose], np.union1d(side.planned, side.test))))
            for fold, side in enumerate(folds)
            if side.used is not None
        ]
        beyond = [fold for fold, n_rows in other if n_rows]
        if beyond:
            n_rows = sum(n_rows for _, n_rows in other)
            where = in_folds(beyond, len(folds))
            detail = f"{n_rows} rows that the split leaves out were used {PURPOSES[purpose]}{where}."
            yield "", "used beyond training", "odd", detail


def _normalised(manifest: pd.DataFrame, folds: list[Side]) -> Iterator[Note]:
    """Which claim the normalisation makes."""
    own = _folds_where(folds, lambda side: len(np.intersect1d(side.used["normalise"], side.test)))
    if own:
        detail = (
            f"Test rows were used to normalise their speakers{in_folds(own, len(folds))}: the claim is "
            "transductive. It holds for a speaker of whom a whole set of recordings is there at once; say so."
        )
        yield "", "transductive", "odd", detail
    speakers = manifest["speaker"].to_numpy(str)

    def enrolled(side: Side) -> bool:
        other = np.setdiff1d(side.used["normalise"], side.test)
        return bool(set(speakers[other]) & set(speakers[side.test]))

    enrolment = _folds_where(folds, enrolled)
    if enrolment:
        detail = (
            f"Other recordings of tested speakers were used to normalise{in_folds(enrolment, len(folds))}: "
            "the claim holds for speakers who enrol; say so."
        )
        yield "", "enrolment", "odd", detail


def _validated(manifest: pd.DataFrame, folds: list[Side]) -> Iterator[Note]:
    """Whether training was stopped by speakers that it was fitted on."""
    speakers = manifest["speaker"].to_numpy(str)
    known = _folds_where(
        folds, lambda side: bool(set(speakers[side.used["stop"]]) & set(speakers[side.used["fit"]]))
    )
    if known:
        detail = (
            f"Training was stopped by speakers that it was fitted on{in_folds(known, len(folds))}: they look "
            "better than unseen ones, so it stops late. splits.hold_out keeps them apart."
        )
        yield "", "validation not apart", "odd", detail


def _folds_where(folds: list[Side], holds: Callable[[Side], bool]) -> list[int]:
    return [fold for fold, side in enumerate(folds) if side.used is not None and holds(side)]
