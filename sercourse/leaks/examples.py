"""The examples that conditions draw from: recordings, their second copies and their augmented copies."""

import functools

import numpy as np
import pandas as pd

from sercourse import audio, training
from sercourse.corpora.demo_twins import soundtrack
from sercourse.errors import ManifestError
from sercourse.features import Features, Recipe
from sercourse.features.compute import compute
from sercourse.parallel import share

KINDS = ("original", "twin", "augmented")
"""What stands behind one another in `examples`: as many rows of each."""


def examples(features: Features, augmented: Features, twins: Features | None = None) -> Features:
    """Put second copies of all recordings behind them, and augmented copies behind these.

    Parameters
    ----------
    features : Features
        Of the recordings, without copies.
    augmented : Features
        One of `sercourse.training.extract_copies`.
    twins : Features, optional
        See `soundtracks`; by default exact copies.

    Returns
    -------
    Features
        Of n recordings row i is the original, n + i its twin and 2 n + i its augmented copy. A twin has the
        original's recording_id, as RAVDESS's videos have; an augmented copy names it as its ``parent``.

    Raises
    ------
    ManifestError
        There are copies already.
    """
    if features.rows["parent"].isin(features.rows["recording_id"]).any():
        raise ManifestError("the features hold copies already; give those of the recordings alone")
    whole = training.with_copies(features, [features if twins is None else twins, augmented])
    n = len(features.rows)
    rows = whole.rows.copy()
    twin = rows.index[n : 2 * n]
    rows.loc[twin, "recording_id"] = features.rows["recording_id"].to_numpy()
    rows.loc[twin, "parent"] = pd.NA
    rows.loc[twin, "modality"] = "audio-video"
    return whole._replace(rows=rows)


def soundtracks(features: Features, *, workers: int | None = None, progress: bool = True) -> Features:
    """Compute the features of recordings once more, after they have been the sound of a video.

    Parameters
    ----------
    features : Features
        Of the recordings.
    workers : int, optional
        Processes at work; by default one a core.
    progress : bool

    Returns
    -------
    Features
        As `features`, each recording encoded with loss at its own rate and decoded, see
        `sercourse.corpora.demo_twins.soundtrack`.
    """
    paths = features.rows["path"].tolist()
    work = functools.partial(_of_soundtrack, recipe=features.recipe)
    found = share(work, paths, "encoding soundtracks", "file", workers=workers, progress=progress)
    x = np.zeros_like(features.x)
    for row, value in enumerate(found):
        x[row, : len(value)] = value[: x.shape[1]]
    return features._replace(x=x)


def _of_soundtrack(path: str, recipe: Recipe) -> np.ndarray:
    import soxr

    samples, rate = audio.read(path, None, recipe.offset, recipe.seconds)
    twin = soxr.resample(soundtrack(samples, rate), rate, recipe.rate, quality="HQ")
    return compute(twin, recipe.rate, recipe)
