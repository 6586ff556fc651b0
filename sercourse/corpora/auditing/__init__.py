"""Look at a corpus before it is used: what is damaged, there twice, odd or missing.

Each file is opened once; what is kept of it is a few figures and a fingerprint. Copies of one recording are
the business of `sercourse.corpora.auditing.duplicates`. Lesson 02 reads the table that comes out.

=========  =====================================================================================
grade      meaning
=========  =====================================================================================
problem    the file cannot be used, or stands where it must not: mend it before you train
odd        look at it, listen to it, and decide
advice     nothing is wrong; keep it in mind when you report a result
=========  =====================================================================================
"""

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sercourse.corpora.auditing import hearing
from sercourse.corpora.catalogue import CORPORA
from sercourse.corpora.manifest import validate

COLUMNS = ("file", "finding", "grade", "detail")
GRADES = ("problem", "odd", "advice")

SHORTEST = 0.1
"""Seconds; nobody says anything in less."""

FACTOR = 3.0
"""A recording this many times shorter or longer than the corpus's median is odd."""

SILENT = 5e-5
"""Standard deviation below which nothing is heard: under two steps of 16 bits. RAVDESS's lowest is 6.5e-4."""

OFFSET = 0.01
"""Mean from which a recording is off centre; RAVDESS's highest is 9.4e-4."""

FLAT_TOPS = 3
"""Flat tops from which a recording is clipped; RAVDESS and the demo corpus have at most one."""

UNEVEN = 1.5
"""Ratio of the largest to the smallest class, or speaker, from which it is worth a word."""

_CELL = ["channel", "modality", "emotion", "intensity", "statement", "repetition"]
_FULL = 0.9  # share of its cells that a design must have for the rest to count as missing

Finding = tuple[str, str, str, str]


def audit(
    manifest: pd.DataFrame,
    recipe=None,
    left_out: pd.DataFrame | None = None,
    *,
    workers: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Look for damage, copies, oddities and gaps in a corpus.

    Rate, length, design and balance are judged for each corpus of the manifest by itself, copies are looked
    for across all of them.

    Parameters
    ----------
    manifest : pandas.DataFrame
        See `sercourse.corpora.manifest`. To see the sound of videos too, load it with ``modality=None``.
    recipe : sercourse.features.Recipe, optional
        Also name the files that are shorter than one window of it, which `sercourse.features.extract`
        leaves out, and count those that it cuts.
    left_out : pandas.DataFrame, optional
        Columns ``path`` and ``reason``, as `sercourse.corpora.scan` has them: files that are in no row.
    workers : int, optional
        Processes at work; by default one a core.
    progress : bool
        Show progress bars.

    Returns
    -------
    pandas.DataFrame of strings, shape (n_findings, 4)
        Columns ``file`` (a path, or empty for what concerns a whole corpus), ``finding``, ``grade`` (see
        above) and ``detail``, a sentence. Problems first; empty if all is well. A copy is a problem, but
        only odd where the manifest gives both files one ``recording_id``. Sound that was clipped and then
        encoded or resampled has no flat tops any more and is not found.

    Raises
    ------
    ManifestError
        The manifest breaks its contract.
    """
    rows = validate(manifest).reset_index(drop=True)
    sounds, errors = hearing.listen(rows["path"].tolist(), workers, progress)
    heard = rows.merge(pd.DataFrame(sounds.values(), columns=hearing.Sound._fields), on="path")
    findings = [*_damaged(errors), *_copies(heard, workers, progress)]
    for name, corpus in heard.groupby("corpus", sort=False):
        findings += [*_form(corpus), *_level(corpus), *_length(corpus)]
        if recipe is not None:
            findings += _recipe(name, corpus, recipe)
    for name, corpus in rows.groupby("corpus", sort=False):
        findings += [*_missing_cells(name, corpus), *_imbalance(name, corpus), *_known(name, corpus)]
    if left_out is not None:
        findings += [
            (row.path, "left out", "odd", f"It is not in the manifest: {row.reason}.")
            for row in left_out.itertuples()
        ]
    findings.sort(key=lambda row: (GRADES.index(row[2]), row[1], row[0], row[3]))
    return pd.DataFrame(findings, columns=list(COLUMNS), dtype="string")


def _damaged(errors: dict) -> Iterator[Finding]:
    for path, error in errors.items():
        finding = "LFS pointer" if "Git LFS pointer" in error.reason else "unreadable"
        yield path, finding, "problem", f"It cannot be used: {error.reason}; {error.advice}."


def _copies(heard: pd.DataFrame, workers: int | None, progress: bool) -> Iterator[Finding]:
    """Each file that holds a recording which an earlier one holds already."""
    # What was made from something else is the copy, not the original.
    derived = heard["parent"].notna() | (heard["modality"] == "audio-video").fillna(False)
    heard = heard[heard["deviation"] >= SILENT].assign(derived=derived)
    heard = heard.sort_values("derived", kind="stable").reset_index(drop=True)
    first = heard.groupby("samples")["path"].transform("first")
    originals = heard[~heard.duplicated("samples")]
    near = hearing.near_copies(originals, workers, progress)
    known = heard.set_index("path")
    for row, original in zip(heard.itertuples(), first, strict=True):
        if original != row.path and row.content == known.loc[original, "content"]:
            finding, how = "identical file", "byte for byte"
        elif original != row.path:
            finding, how = "identical samples", "sample for sample, in another container or header"
        elif row.path in near:
            original, likeness = near[row.path]
            finding, how = "near-duplicate", f"changed a little, correlation {likeness:.3f}"
        else:
            continue
        grade, told = _told_apart(known.loc[row.path], known.loc[original])
        yield row.path, finding, grade, f"It holds the same recording as {original} ({how}). {told}"


def _told_apart(copy: pd.Series, original: pd.Series) -> tuple[str, str]:
    """Grade of a copy, and what the manifest makes of it."""
    if copy["recording_id"] == original["recording_id"] and copy["speaker"] == original["speaker"]:
        return "odd", "The manifest gives both one recording_id: keep them on one side of a split."
    columns = ["corpus", "speaker", *_CELL]
    differ = [name for name in columns if str(copy[name]) != str(original[name])]
    by = f"by {' and '.join(differ)}" if differ else "by recording_id alone"
    return "problem", f"The manifest tells them apart {by}: leave one of them out."


def _form(corpus: pd.DataFrame) -> Iterator[Finding]:
    usual = corpus["rate"].mode()[0]
    for row in corpus.itertuples():
        if row.channels > 1:
            detail = f"It has {row.channels} channels; the course reads their mean."
            yield row.path, "stereo", "odd", detail
        if row.rate != usual:
            detail = f"Its rate is {row.rate} Hz, most files of {row.corpus} have {usual} Hz."
            yield row.path, "wrong rate", "odd", detail


def _level(corpus: pd.DataFrame) -> Iterator[Finding]:
    for row in corpus.itertuples():
        if row.deviation < SILENT:
            constant = f"every sample is near {row.mean:.3g}"
            yield row.path, "silence", "problem", f"Nothing is heard in it: {constant}."
        elif row.flat_tops >= FLAT_TOPS:
            detail = (
                f"Its wave is cut flat at {row.flat_tops} places: the recording was too loud for its device."
            )
            yield row.path, "clipping", "odd", detail
        if abs(row.mean) > OFFSET:
            detail = f"Its samples have a mean of {row.mean:.3f}; sound swings around 0."
            yield row.path, "offset", "odd", detail


def _length(corpus: pd.DataFrame) -> Iterator[Finding]:
    median = corpus["seconds"].median()
    for row in corpus.itertuples():
        detail = f"It lasts {row.seconds:.3f} s, the median of {row.corpus} is {median:.3f} s."
        if row.seconds < max(SHORTEST, median / FACTOR):
            yield row.path, "too short", "odd", detail
        elif row.seconds > median * FACTOR:
            yield row.path, "too long", "odd", detail


def _recipe(name: str, corpus: pd.DataFrame, recipe) -> Iterator[Finding]:
    """What `sercourse.features.extract` would leave out (less than a window, or too few frames) or cut."""
    for row in corpus.itertuples():
        stretch = min(row.seconds - recipe.offset, recipe.seconds or math.inf)
        samples = math.ceil(round(stretch * recipe.rate, 6))
        needed = max(recipe.n_fft, ((recipe.frames or 1) - 1) * recipe.hop_length)
        if samples < needed:
            detail = (
                f"The recipe {recipe.name} leaves it out: {row.seconds:.3f} s, it needs "
                f"{recipe.offset + needed / recipe.rate:.3f} s."
            )
            yield row.path, "dropped by recipe", "problem", detail
    end = recipe.offset + (recipe.seconds or math.inf)
    cut = int((corpus["seconds"] > end).sum())
    if cut:
        detail = (
            f"{name}: {cut} of {len(corpus)} recordings are longer than the {end:g} s after which the "
            f"recipe {recipe.name} stops; their ends are lost."
        )
        yield "", "cut by recipe", "advice", detail


def _missing_cells(name: str, corpus: pd.DataFrame) -> Iterator[Finding]:
    """Cells that half of the speakers have and one has not, where the design is a full one."""
    cells = corpus[["speaker", *_CELL]].astype("string").fillna("").drop_duplicates()
    speakers = sorted(cells["speaker"].unique())
    having = cells.groupby(_CELL)["speaker"].agg(set)
    having = having[having.map(len) * 2 >= len(speakers)]
    if having.map(len).sum() < _FULL * len(having) * len(speakers):
        return
    for cell, there in having.items():
        values = zip(_CELL, cell, strict=True)
        called = ", ".join(f"{column} {value}" for column, value in values if value)
        for speaker in speakers:
            if speaker not in there:
                detail = (
                    f"{speaker} has no recording of {called}; {len(there)} of {len(speakers)} speakers do."
                )
                yield "", "missing cell", "odd", detail


def _imbalance(name: str, corpus: pd.DataFrame) -> Iterator[Finding]:
    advice = {
        "emotion": "accuracy rewards the larger ones, so report UAR",
        "speaker": "the larger ones weigh more in a pooled result",
    }
    for column, consequence in advice.items():
        counts = corpus[column].value_counts()
        if counts.iloc[0] > UNEVEN * counts.iloc[-1]:
            detail = (
                f"{name}: recordings by {column} go from {counts.iloc[-1]} ({counts.index[-1]}) to "
                f"{counts.iloc[0]} ({counts.index[0]}); {consequence}."
            )
            yield "", f"imbalance of {column}s", "advice", detail


def _known(name: str, corpus: pd.DataFrame) -> Iterator[Finding]:
    """What the catalogue says of a file."""
    oddities = CORPORA[name].oddities if name in CORPORA else {}
    for path in corpus["path"]:
        if Path(path).stem in oddities:
            yield path, "known oddity", "advice", oddities[Path(path).stem]
