"""Write an agreed data set as Report A's JSON, and read one back.

The file holds ``mapping`` (the labels), ``labels`` (a number a clip) and ``mfcc`` (a clip's frames, each of
20 coefficients) [S]. Report A's script dropped clips of another length without a word, and numbered labels
by the order in which folders were walked, which differs from one machine to another. Here a label's number is
its place in the scheme, and one more key, ``sercourse``, has the scheme, the clip of each row, and what was
dropped and why. Report A's own code would not notice it.
"""

import json
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse.errors import AudioError, CorpusError
from sercourse.features import recipe
from sercourse.features.extractor import extract_file
from sercourse.files import written_whole
from sercourse.labelling.exchange import choose, joined, nothing_left
from sercourse.labelling.schemes import Scheme
from sercourse.progress import bar

EXTRA = "sercourse"
RECIPE = recipe("report_a")
FRAMES = math.ceil(RECIPE.seconds * RECIPE.rate / RECIPE.hop_length)
"""130: what Report A asks of each clip."""

CARRIED = ("clip", "movie", "scene", "character", "start", "end")


class ReportA(NamedTuple):
    """A data set of Report A's form.

    Attributes
    ----------
    x : numpy.ndarray of float32, shape (n_clips, n_frames, 20)
        MFCC.
    y : numpy.ndarray of int, shape (n_clips,)
        Places in `mapping`.
    mapping : tuple of str
        The labels.
    rows : pandas.DataFrame
        ``label``, and, where the file says it, which clip each row is: ``clip``, ``movie``, ``scene``,
        ``character``, ``start``, ``end``.
    dropped : pandas.DataFrame
        ``clip`` and ``reason``; empty where the file does not say.
    """

    x: np.ndarray
    y: np.ndarray
    mapping: tuple[str, ...]
    rows: pd.DataFrame
    dropped: pd.DataFrame


def export_report_a(
    clips: pd.DataFrame, agreed: pd.DataFrame, scheme: Scheme, path, progress: bool = True
) -> pd.DataFrame:
    """Write the MFCC of clips with their agreed labels as Report A's JSON.

    Parameters
    ----------
    clips, agreed, scheme
        See `export_clips`. Clips are cut off at 3 s. A shorter one lacks frames and is dropped, as in
        Report A: cut clips with ``length=3.0`` to fill them up.
    path : path-like
        The file, such as ``data.json``.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        ``clip`` and ``reason``: what was left out. The file holds the same.

    Raises
    ------
    ManifestError
        A label is not in the scheme, or a clip stands there twice.
    CorpusError
        Nothing is left to write, or the file cannot be written.
    """
    path = Path(path)
    chosen, dropped = choose(clips, agreed, scheme)
    kept, values, reasons = [], [], {}
    with bar(len(chosen), "extracting features", "clip", progress) as shown:
        for row in chosen.to_dict("records"):
            try:
                value = extract_file(row["path"], RECIPE)
            except AudioError as error:
                reasons[row["clip"]] = error.reason
            else:
                if len(value) >= FRAMES:
                    kept.append(row)
                    values.append(value[:FRAMES].tolist())
                else:
                    reasons[row["clip"]] = f"too short: {len(value)} frames of {FRAMES}"
            shown.update(1)
    dropped = joined(dropped, reasons)
    if not kept:
        raise nothing_left(path, dropped)
    about = {
        "scheme": scheme.name,
        "recipe": str(RECIPE),
        "rows": [
            {name: None if pd.isna(row.get(name, pd.NA)) else row[name] for name in CARRIED} for row in kept
        ],
        "dropped": dropped.to_dict("records"),
    }
    numbers = [scheme.labels.index(row["emotion"]) for row in kept]
    content = {"mapping": list(scheme.labels), "labels": numbers, "mfcc": values, EXTRA: about}
    try:
        with written_whole(path) as partial, partial.open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=4)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written ({error.strerror}); name another file") from error
    return dropped


def read_report_a(path) -> ReportA:
    """Read a JSON file of Report A's form, ours or one made by Report A's own script.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    ReportA

    Raises
    ------
    CorpusError
        The file is not there, not JSON, or not of this form; the message names the row at fault.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    except ValueError as error:
        raise CorpusError(f"{path}: not JSON ({error}); export it again") from error
    try:
        return _parsed(content)
    except ValueError as error:
        raise CorpusError(f"{path}: {error}; export it again, or mend the file") from error


def _parsed(content) -> ReportA:
    """Check the form of a file's content; ValueError says what is wrong and where."""
    if not isinstance(content, dict):
        raise ValueError("holds no object with mapping, labels and mfcc")
    for key in ("mapping", "labels", "mfcc"):
        if not isinstance(content.get(key), list):
            raise ValueError(f"has no list called {key}")
    mapping, numbers, values = (content[key] for key in ("mapping", "labels", "mfcc"))
    if not all(isinstance(label, str) for label in mapping) or len(set(mapping)) < len(mapping):
        raise ValueError(f"mapping is {mapping}; it must name each label once")
    if len(numbers) != len(values) or not values:
        raise ValueError(f"has {len(numbers)} labels and {len(values)} rows of mfcc; one each is needed")
    for row, number in enumerate(numbers):
        if type(number) is not int or not 0 <= number < len(mapping):
            raise ValueError(f"row {row}: label {number!r} is not one of 0 to {len(mapping) - 1}")
    x = np.stack([_frames(row, value, np.shape(values[0])) for row, value in enumerate(values)])
    extra = content.get(EXTRA) or {}
    rows = pd.DataFrame(extra.get("rows", [{}] * len(values)), columns=list(CARRIED))
    if len(rows) != len(values):
        raise ValueError(f"names {len(rows)} clips for {len(values)} rows of mfcc")
    rows.insert(0, "label", [mapping[number] for number in numbers])
    texts = ["label", "clip", "movie", "scene", "character"]
    rows = rows.astype({**dict.fromkeys(texts, "string"), "start": float, "end": float})
    dropped = pd.DataFrame(extra.get("dropped", []), columns=["clip", "reason"], dtype="string")
    return ReportA(x, np.array(numbers), tuple(mapping), rows, dropped)


def _frames(row: int, value, shape: tuple) -> np.ndarray:
    try:
        array = np.asarray(value, dtype=np.float32)
    except (ValueError, TypeError) as error:
        raise ValueError(f"row {row}: mfcc is no table of numbers") from error
    if array.ndim != 2 or array.shape[1] != RECIPE.n_mfcc or array.shape != shape:
        expected = f"({shape[0] if shape else FRAMES}, {RECIPE.n_mfcc})"
        raise ValueError(f"row {row}: mfcc has shape {array.shape}, expected {expected}")
    if not np.isfinite(array).all():
        raise ValueError(f"row {row}: mfcc holds values that are not finite")
    return array
