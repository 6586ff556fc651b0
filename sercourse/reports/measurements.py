"""Measure again what the course ships as measured results: row by row, resumable."""

from pathlib import Path

import pandas as pd

from sercourse.errors import UnknownNameError
from sercourse.reports import (
    answering,
    augmented,
    dropped,
    first_systems,
    ladder,
    layers,
    likeness,
    puzzle,
    rebuilt,
    results,
    shuffled,
    song,
    transfer,
    trust,
)

MEASUREMENTS = {
    "puzzle": puzzle.plan,
    "demo_trust": trust.scores,
    "demo_confusions": likeness.confusions,
    "demo_prosody": likeness.prosody,
    "dropped": dropped.plan,
    "augmentation": augmented.plan,
    "song": song.plan,
    "baselines": first_systems.plan,
    "layers": layers.plan,
    "leaks": ladder.plan,
    "live": answering.plan,
    "rebuilt": rebuilt.plan,
    "shuffled": shuffled.plan,
    "transfer": transfer.plan,
}
"""What can be measured, by name: ``plan(corpus, seeds)`` yields (identity, measure), see `puzzle.plan`."""


def measure(name: str, corpus: str, seeds: int, output: Path | None = None) -> pd.DataFrame:
    """Measure again what `results.measured` gives under the same name.

    Parameters
    ----------
    name : str
        One of `MEASUREMENTS`.
    corpus : str
    seeds : int
        Seeds 0 to ``seeds - 1``.
    output : path-like, optional
        A table to which each row is added as soon as it is measured. Rows that it has
        already are not measured again, so that a run which was stopped goes on.

    Returns
    -------
    pandas.DataFrame
        Columns as in `results.shape`: what was measured now, and what the table had.

    Raises
    ------
    UnknownNameError
        Lists what can be measured.
    """
    if name not in MEASUREMENTS:
        raise UnknownNameError("measurement", name, MEASUREMENTS)
    command = f"SERCOURSE_DATA=<data> sercourse measure {name} --corpus {corpus} --seeds {seeds}"
    rows, shape = [], results.shape(name)
    for identity, score in MEASUREMENTS[name](corpus, seeds):
        known = results.find(output, identity, shape) if output else None
        if known is None:
            known = identity | score() | results.circumstances(command)
            if output:
                results.save(pd.DataFrame([known]), output, shape)
        rows.append(known)
    return pd.DataFrame(rows, columns=list(shape.columns)).astype(shape.columns)
