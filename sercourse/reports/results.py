"""The shape of measured results, and where they are kept."""

import datetime
import importlib.metadata
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sercourse.corpora.manifest import EMOTIONS
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

CIRCUMSTANCES = {"command": "string", "versions": "string", "date": "string"}
"""Columns that end every table."""


class Shape(NamedTuple):
    """What a table of measured results consists of."""

    columns: dict[str, str]  # names and types
    identity: tuple[str, ...]  # the columns that tell one row from another


SCORES = Shape(COLUMNS, IDENTITY)
"""The shape of every table that is not in `SHAPES`: one score a row."""


def _scores_and(columns: dict[str, str], *identity: str) -> Shape:
    """Return the shape of a table of scores with more columns, some of which may tell rows apart, too."""
    scores = {name: kind for name, kind in COLUMNS.items() if name not in CIRCUMSTANCES}
    return Shape({**scores, **columns, **CIRCUMSTANCES}, (*IDENTITY, *identity))


COMPARED = _scores_and(
    {
        "difference": "float64",  # of the UAR from the plain system's on the same rows with the same seed
        "low": "float64",  # of the difference's 95 % interval over speakers
        "high": "float64",
    }
)
"""The shape of tables that hold scores, each beside that of a plainer system, where there is one."""

WITH_INTERVAL = _scores_and(
    {
        "low": "float64",  # of the 95 % interval of the UAR over speakers, seed and training as they are
        "high": "float64",
    }
)
"""The shape of tables that hold scores, each with its interval over speakers."""

TRANSFER = _scores_and(
    {
        "tested_on": "string",  # a corpus; the column corpus is what was trained on
        "label_map": "string",  # see sercourse.reports.transfer.LABEL_MAPS
        "low": "float64",  # as in WITH_INTERVAL, missing with two speakers
        "high": "float64",
    },
    "tested_on",
    "label_map",
)
"""The shape of tables that hold scores on one corpus after training on another."""

REPLICATION = _scores_and(
    {
        "report": "string",  # A to E
        "step": "Int64",  # 0 is as published, the last one honest
        "change": "string",  # what is different from the step before
        "why": "string",  # why that moves the score, or does not
        "low": "float64",  # as in WITH_INTERVAL, missing with two speakers
        "high": "float64",
    },
    "report",
    "step",
)
"""The shape of the table of the reports' own protocols and honest ones."""

GRID = _scores_and(
    {
        "n_layers": "Int64",
        "dropout": "float64",
        "learning_rate": "float64",
        "epochs": "Int64",
        "units": "Int64",
        "clip_norm": "float64",  # missing where gradients are not clipped
        "n_validation": "Int64",
        "validation_uar": "float64",
        "validation_accuracy": "float64",
        "largest_share": "float64",  # of the test rows that one class gets: 1 where the network has collapsed
    },
    "n_layers",
    "dropout",
    "learning_rate",
    "epochs",
    "clip_norm",
)
"""The shape of the table of Report A's cells."""

BY_ACTOR = _scores_and(
    {
        "parameters": "Int64",  # of the network
        **{f"actor {actor}": "float64" for actor in range(1, 25)},  # the UAR of each actor's own recordings
    }
)
"""The shape of tables that hold scores by RAVDESS's actors, to compare systems actor by actor."""

LIVE = _scores_and(
    {
        "tested_on": "string",  # a corpus; the column corpus is what the bundle was trained on
        "speaker": "string",
        "sex": "string",
        "threshold": "float64",  # the confidence from which this bundle names an emotion
        "named": "Int64",  # recordings that got an emotion
        "named_right": "Int64",
        "refused": "Int64",  # taken for no speech, or too short
        "outside": "Int64",  # whose likeliest emotion none of this speaker's recordings has
        "most_frequent": "string",  # the likeliest emotion that this speaker gets most often
        "largest_share": "float64",  # of the recordings that get it
        **{
            f"{kind} {tenth / 10}": "Int64"  # answers with at least this confidence
            for tenth in range(10)
            for kind in ("from", "right from")
        },
    },
    "tested_on",
    "speaker",
)
"""The shape of the table of bundles that answer, a row a speaker."""

TAKEN = _scores_and(
    {
        "taken": "string",  # what the fold's inner folds chose, where anything was chosen
        "low": "float64",  # as in WITH_INTERVAL, missing with two speakers
        "high": "float64",
    }
)
"""The shape of the table of the course's best network, see `sercourse.reports.best`."""

PAIRS = Shape(
    {
        "system": "string",
        "other": "string",  # the system that it is compared with, on the same rows
        "seeds": "Int64",  # how many stand one after the other: of the system, or of the other
        "corpus": "string",
        "protocol": "string",
        "normalisation": "string",
        "difference": "float64",  # of the UAR, all folds pooled, from the other's
        "low": "float64",  # of the difference's 95 % interval over speakers, missing with two speakers
        "high": "float64",
        "p": "float64",  # of the difference, by flipping signs over speakers
        **CIRCUMSTANCES,
    },
    ("system", "other", "corpus", "protocol", "normalisation"),
)
"""The shape of the table of these systems, compared two by two."""

SEARCH = Shape(
    {
        "candidate": "string",  # one of sercourse.reports.best.CANDIDATES
        "network": "string",
        "recipe": "string",
        "corpus": "string",
        "protocol": "string",  # which speakers were held out for the test, and which to score on
        "normalisation": "string",
        "fold": "Int64",  # whose test speakers are left out
        "seed": "Int64",
        "n_train": "Int64",
        "n_validation": "Int64",
        "uar": "float64",  # of the speakers that were held out in training
        "accuracy": "float64",
        "seconds": "float64",
        **CIRCUMSTANCES,
    },
    ("candidate", "network", "recipe", "corpus", "protocol", "normalisation", "fold", "seed"),
)
"""The shape of the table of the search for the course's best network."""

SHAPES = {
    "course_best": TAKEN,
    "course_best_pairs": PAIRS,
    "course_best_search": SEARCH,
    "augmentation": COMPARED,
    "song": COMPARED,
    "shuffled": COMPARED,
    "baselines": WITH_INTERVAL,
    "rebuilt": WITH_INTERVAL,
    "layers": BY_ACTOR,
    "leaks": BY_ACTOR,
    "replication": REPLICATION,
    "report_a_grid": GRID,
    "transfer": TRANSFER,
    "live": LIVE,
    "demo_confusions": Shape(
        {
            "system": "string",
            "corpus": "string",
            "protocol": "string",
            "emotion": "string",  # what the recordings are meant to express
            "n": "Int64",  # recordings, counted once for each seed
            **dict.fromkeys(EMOTIONS[:8], "float64"),  # share that is taken for this emotion
            **CIRCUMSTANCES,
        },
        ("system", "corpus", "protocol", "emotion"),
    ),
    "demo_prosody": Shape(
        {
            "corpus": "string",
            "actors": "string",
            "emotion": "string",
            "measure": "string",  # see sercourse.features.prosody
            "difference": "float64",  # mean difference from the same speaker's neutral voice
            "effect_size": "float64",  # Cohen's d: the difference over the pooled deviation within speakers
            "n": "Int64",  # recordings of the emotion
            **CIRCUMSTANCES,
        },
        ("corpus", "actors", "emotion", "measure"),
    ),
    "dropped": Shape(
        {
            "recipe": "string",
            "corpus": "string",
            "actor": "Int64",
            "emotion": "string",
            "n": "Int64",  # recordings
            "dropped": "Int64",  # of these, how many the recipe drops
            **CIRCUMSTANCES,
        },
        ("recipe", "corpus", "actor", "emotion"),
    ),
}
"""Tables that hold something other than scores, or more."""

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
        Columns as in `COLUMNS`, or those of the table's own `SHAPES`.

    Raises
    ------
    UnknownNameError
        Lists the tables there are.
    """
    known = {path.stem: path for path in FOLDER.glob("*.csv")}
    if name not in known:
        raise UnknownNameError("table of measured results", name, known)
    return read(known[name], shape(name))


def shape(name: str) -> Shape:
    """Return the shape of a table, by the name under which it is measured."""
    return SHAPES.get(name, SCORES)


def save(rows: pd.DataFrame, path: Path, shape: Shape = SCORES) -> None:
    """Add rows to a table; what was measured before in the same way is replaced.

    Raises
    ------
    ManifestError
        A column of the shape is missing.
    """
    absent = [column for column in shape.columns if column not in rows.columns]
    if absent:
        raise ManifestError(f"measured results lack the columns: {', '.join(absent)}")
    rows = rows[list(shape.columns)].astype(shape.columns)
    if path.exists():
        rows = pd.concat([read(path, shape), rows], ignore_index=True)
    same = list(shape.identity)
    rows = rows.drop_duplicates(same, keep="last").sort_values(same, ignore_index=True)
    with written_whole(path) as partial:
        rows.to_csv(partial, index=False, float_format="%.6g", lineterminator="\n")


def find(path: Path, identity: dict, shape: Shape = SCORES) -> dict | None:
    """Return the row of a table with these values in the columns that identify it, or None."""
    if not path.exists():
        return None
    rows = read(path, shape)
    for column in shape.identity:
        rows = rows[rows[column] == identity[column]]
    return None if rows.empty else rows.iloc[0].to_dict()


def circumstances(command: str) -> dict[str, str]:
    """Return the columns ``command``, ``versions`` and ``date`` of something measured now."""
    packages = ("sercourse", "tensorflow", "keras", "numpy", "librosa", "scikit-learn")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return {"command": command, "versions": versions, "date": datetime.date.today().isoformat()}


def read(path: Path, shape: Shape = SCORES) -> pd.DataFrame:
    """Return a table that `save` wrote."""
    return pd.read_csv(path, dtype=shape.columns, keep_default_na=False, na_values=[""])
