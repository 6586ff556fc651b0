"""Find a corpus on this machine and read its manifest."""

import warnings
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sercourse import audio, settings
from sercourse.corpora import manifest, studio
from sercourse.corpora.catalogue import CORPORA, Corpus
from sercourse.errors import CorpusError, UnknownNameError


class Scan(NamedTuple):
    """A corpus as it lies on this machine.

    Attributes
    ----------
    folder : pathlib.Path
    manifest : pandas.DataFrame
        One row an utterance.
    left_out : pandas.DataFrame
        Columns ``path`` and ``reason``: sound files that are not in the manifest.
    """

    folder: Path
    manifest: pd.DataFrame
    left_out: pd.DataFrame


def load(name: str, channel: str | None = "speech", modality: str | None = "audio") -> pd.DataFrame:
    """Return the manifest of a corpus; one that can be made on this machine is, if it is not there yet.

    Parameters
    ----------
    name : str
        One of `CORPORA`.
    channel, modality : str or None
        Take these rows only, see `sercourse.corpora.manifest`; None takes all. RAVDESS has
        song as well, and the sound of each video is a recording that it has already.

    Returns
    -------
    pandas.DataFrame, shape (n_utterances, 16)
        One row an utterance, sorted by path; see `sercourse.corpora.manifest`.

    Raises
    ------
    CorpusError
        The corpus is not on this machine, or has no such rows; the message says where it was
        looked for.
    VoicesError
        The corpus would have to be made, and Praat is missing.

    Warns
    -----
    UserWarning
        Names the files whose names break the corpus's convention. They are left out.
    """
    if find(name) is None and CORPORA[name].production:
        make(name)
    found = scan(name)
    if len(found.left_out):
        message = f"{name}: {len(found.left_out)} sound file(s) left out of the manifest"
        warnings.warn(manifest.listed(message, found.left_out), stacklevel=2)
    rows = found.manifest
    for column, value in {"channel": channel, "modality": modality}.items():
        rows = rows if value is None else rows[rows[column] == value]
    if rows.empty:
        raise CorpusError(f"{found.folder}: no recording with channel {channel}, modality {modality}")
    return rows.reset_index(drop=True)


def make(name: str, folder=None, seed: int = 0, workers: int | None = None, progress: bool = True) -> Path:
    """Make a corpus on this machine, or complete it, or do nothing if it is there.

    Parameters
    ----------
    name : str
        One of `CORPORA` that has a production.
    folder : path-like, optional
        Where it goes; by default where `find` looks for it.
    seed, workers, progress
        See `sercourse.corpora.studio.make`. Only a corpus of seed 0 is found by `find`, and only for seed 0
        a corpus that this one is made from is taken from there.

    Returns
    -------
    pathlib.Path
        The corpus's folder.

    Raises
    ------
    CorpusError
        The corpus cannot be made, or not be written.
    VoicesError
        Praat is missing.
    """
    production = _known(name).production
    if production is None:
        raise CorpusError(f"corpus {name} is not made on this machine. To get it, {how_to_get(name)}.")
    source = None
    if production.needs and seed == 0:
        needed = production.needs.name
        source = find(needed) or settings.home() / needed
    return studio.make(production, folder or settings.home() / name, seed, workers, progress, source=source)


def scan(name: str) -> Scan:
    """Read the names of a corpus's files, or the table beside them; nothing is guessed, no sound is opened.

    A file whose name breaks the convention, or that stands in a second copy of the
    corpus, is listed in ``left_out`` with the reason.

    Raises
    ------
    CorpusError
        The corpus is not on this machine, or no file in its folder belongs to it.
    ManifestError
        The corpus is described by a table (``clips``), and that breaks the contract.
    """
    folder, known = find(name), _known(name)
    if folder is None:
        raise CorpusError(_not_found(name))
    files = list(_sound_files(folder / known.below))
    parse = known.reader(folder, files) if known.reader else known.parse
    rows, left_out, seen = [], [], {}
    for path in files:
        try:
            row = parse(path)
        except ValueError as error:
            left_out.append((str(path), str(error)))
            continue
        key = (row["recording_id"], row["modality"])
        if key in seen:
            left_out.append((str(path), f"second copy of {seen[key]}"))
            continue
        seen[key] = path
        rows.append(row)
    if not rows:
        first, reason = left_out[0]
        raise CorpusError(
            f"{folder}: {len(left_out)} sound files, but no name follows the convention of {name}. "
            f"{first}: {reason}"
        )
    return Scan(
        folder, manifest.build(rows), pd.DataFrame(left_out, columns=["path", "reason"], dtype="string")
    )


def find(name: str) -> Path | None:
    """Return the folder in which a corpus lies, or None.

    The folders of `settings.data_folders` are looked through in their order. A corpus that is
    made on this machine counts only when it is whole, of seed 0 and made by this version of
    the package.
    """
    known = _known(name)
    for folder in _candidates(name):
        if known.production:
            there = studio.is_complete(known.production, folder, seed=0)
        else:
            there = next(_sound_files(folder), None) is not None
        if there:
            return folder
    return None


def how_to_get(name: str) -> str:
    """Say how to get a corpus, and where to put it."""
    return _known(name).get.format(folder=settings.home() / name)


def _known(name: str) -> Corpus:
    if name not in CORPORA:
        raise UnknownNameError("corpus", name, CORPORA)
    return CORPORA[name]


def _candidates(name: str) -> list[Path]:
    return [folder / name for folder in settings.data_folders()]


def _sound_files(folder: Path):
    """Yield the sound files below a folder, sorted, hidden ones and folders left aside.

    Sound comes before videos: where both hold one recording, the video is the second copy.
    """
    for path in sorted(folder.rglob("*"), key=lambda path: (_is_video(path), path)):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in audio.SUFFIXES and not hidden and path.is_file():
            yield path


def _is_video(path: Path) -> bool:
    return path.suffix.lower() in (".mp4", ".webm")


def _not_found(name: str) -> str:
    made = CORPORA[name].production
    lacking = "not whole, or made by another version" if made else "no sound file in it"
    looked = "\n".join(
        f"  {path} ({lacking if path.is_dir() else 'not there'})" for path in _candidates(name)
    )
    if made:
        return f"corpus {name} not found. Looked in:\n{looked}\nTo get it, {how_to_get(name)}."
    return (
        f"corpus {name} not found. Looked in:\n{looked}\n"
        f"Two ways on:\n"
        f"  1. Have it already? Set SERCOURSE_DATA to the folder that holds {name}/.\n"
        f"     Otherwise {how_to_get(name)}.\n"
        f"  2. Use synthetic speech instead: run with --corpus demo, or set SERCOURSE_CORPUS=demo."
    )
