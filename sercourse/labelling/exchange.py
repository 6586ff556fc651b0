"""Write clips with the labels that raters agreed on as the corpus `clips`, which `corpora.load` reads.

What is left out is written too, with the reason.
"""

import os
import shutil
from pathlib import Path

import pandas as pd

from sercourse import settings
from sercourse.corpora import manifest
from sercourse.corpora.clips import MANIFEST
from sercourse.errors import AudioError, CorpusError, ManifestError
from sercourse.files import written_whole
from sercourse.labelling.schemes import Scheme

CORPUS, DROPPED = "clips", "dropped.csv"


def export_clips(clips: pd.DataFrame, agreed: pd.DataFrame, scheme: Scheme, folder=None) -> pd.DataFrame:
    """Write clips with their agreed labels as the corpus `clips`, which `corpora.load` then finds.

    Movies that are in the folder's table already stay there; rows of a movie that is written again are
    replaced. Sounds are hard links where the disk allows that, and copies elsewhere.

    Parameters
    ----------
    clips : pandas.DataFrame
        The clips table.
    agreed : pandas.DataFrame
        ``clip`` and ``emotion`` (a label of the scheme, or NA), one row a clip, such as from
        `sercourse.labelling.majority`. Its ``reason`` says why an emotion is missing.
    scheme : Scheme
    folder : path-like, optional
        By default `clips` in `settings.home`.

    Returns
    -------
    pandas.DataFrame
        ``clip`` and ``reason``: what was left out. `dropped.csv` in the movie's folder holds the same.

    Raises
    ------
    ManifestError
        A label is not in the scheme, a clip stands there twice, or the folder's table cannot be read.
    AudioError
        A clip's file is missing.
    CorpusError
        Nothing is left to write, or the folder cannot be written.
    """
    folder = settings.home() / CORPUS if folder is None else Path(folder)
    chosen, dropped = choose(clips, agreed, scheme)
    # Voices without a name may be those of the movie's named characters, on the other side of a split.
    named = chosen["character"].notna()
    nameless = ~named & chosen["movie"].isin(chosen.loc[named, "movie"])
    reasons = dict.fromkeys(chosen["clip"][nameless], "no character, while others of its movie have one")
    dropped, chosen = joined(dropped, reasons), chosen[~nameless]
    if chosen.empty:
        raise nothing_left(folder, dropped)
    rows = pd.DataFrame([_manifest_row(row, scheme) for row in chosen.to_dict("records")]).astype("string")
    try:
        before = _table(folder)
        table = pd.concat([before[~before["movie"].isin(rows["movie"])], rows]).sort_values("path")
        for source, path in zip(chosen["path"], rows["path"], strict=True):
            _place(Path(source), folder / path)
        movies = dropped["clip"].map(clips.set_index("clip")["movie"])
        for movie in clips["movie"].unique():
            _write_table(folder / movie / DROPPED, dropped[movies == movie])
        _write_table(folder / MANIFEST, table)  # after the sounds: it names only files that are there
        _remove(folder, set(before["path"]) - set(table["path"]), keep=clips["path"])
    except OSError as error:
        raise CorpusError(f"{folder}: cannot be written ({error.strerror}); name another folder") from error
    return dropped


def choose(clips: pd.DataFrame, agreed: pd.DataFrame, scheme: Scheme) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clips that have an agreed label, with it, and the others with the reason."""
    for name, table in {"clips": clips, "agreed labels": agreed}.items():
        if table["clip"].duplicated().any():
            clip = table["clip"][table["clip"].duplicated()].iloc[0]
            raise ManifestError(f"the table of {name} has clip {clip} twice; keep one row of each")
    unknown = sorted(set(agreed["emotion"].dropna()) - set(scheme.labels))
    if unknown:
        raise ManifestError(
            f"labels that scheme {scheme.name} lacks: {', '.join(unknown)}; it has {', '.join(scheme.labels)}"
        )
    if strangers := sorted(set(agreed["clip"]) - set(clips["clip"])):
        raise ManifestError(f"{strangers[0]}: has a label, but is not in the table of clips; add its row")
    emotions = clips["clip"].map(agreed.set_index("clip")["emotion"])
    reasons = agreed.set_index("clip")["reason"] if "reason" in agreed else pd.Series(dtype="string")
    without = clips["clip"][emotions.isna()]
    reasons = without.map(reasons).astype("string").fillna("no agreed label")
    dropped = pd.DataFrame({"clip": without, "reason": reasons}).astype("string")
    return clips.assign(emotion=emotions)[emotions.notna()], dropped.reset_index(drop=True)


def joined(dropped: pd.DataFrame, reasons: dict[str, str]) -> pd.DataFrame:
    """Add clips with their reasons to what was dropped already."""
    more = pd.DataFrame(list(reasons.items()), columns=["clip", "reason"], dtype="string")
    return pd.concat([dropped, more], ignore_index=True)


def nothing_left(where: Path, dropped: pd.DataFrame) -> CorpusError:
    """The error of an export without a clip."""
    why = f"the first was dropped: {dropped['reason'].iloc[0]}" if len(dropped) else "there are no clips"
    return CorpusError(f"{where}: no clip is left to write ({why}); label and cut again")


def _manifest_row(row: dict, scheme: Scheme) -> dict[str, str]:
    character = "unknown" if pd.isna(row["character"]) else row["character"]
    return {
        "path": f"{row['movie']}/{row['clip']}.wav",
        "corpus": CORPUS,
        "recording_id": row["clip"],
        "speaker": f"{CORPUS}_{row['movie']}_{character}",
        "emotion": scheme.emotions[row["emotion"]],
        "label": row["emotion"],
        "channel": "speech",
        "modality": "audio",
        **{name: row[name] for name in ("movie", "scene", "character")},
    }


def _table(folder: Path) -> pd.DataFrame:
    """What the folder's table has so far."""
    path = folder / MANIFEST
    if not path.exists():
        return pd.DataFrame(columns=["path", "movie"], dtype="string")
    try:
        table = pd.read_csv(path, dtype="string", encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    except ValueError as error:
        raise ManifestError(f"{path}: cannot be read ({error}); mend it, or name another folder") from error
    if lacking := sorted({"path", "movie"} - set(table)):
        raise ManifestError(f"{path}: lacks the columns {', '.join(lacking)}; name another folder")
    return table


def _remove(folder: Path, paths: set[str], keep: pd.Series) -> None:
    """Remove sounds that an earlier export wrote and that no table names any more."""
    kept = {Path(path).resolve() for path in keep}
    for path in paths:
        file = (folder / path).resolve()
        if file.is_relative_to(folder.resolve()) and file not in kept:
            file.unlink(missing_ok=True)


def _place(source: Path, path: Path) -> None:
    """Link or copy a sound file into the corpus, whole or not at all."""
    if not source.is_file():
        raise AudioError(source, "the clip's file is missing", "cut the clips again")
    if path.exists() and path.samefile(source):
        return
    with written_whole(path) as partial:
        try:
            os.link(source, partial)
        except OSError:  # another disk, or a file system without links
            shutil.copyfile(source, partial)


def _write_table(path: Path, table: pd.DataFrame) -> None:
    order = [name for name in manifest.COLUMNS if name in table] or list(table)
    with written_whole(path) as partial:
        table[order].to_csv(partial, index=False, encoding="utf-8", lineterminator="\n")
