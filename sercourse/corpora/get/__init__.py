"""Fetch a corpus: say what it is, how large, and under which licence; ask; fetch it; put it in place whole.

What is on this machine already is not fetched, and not asked for over the network.
"""

import argparse
import sys
from pathlib import Path

from sercourse import settings
from sercourse.corpora import library, studio
from sercourse.corpora.get.assembly import RECORD, assemble, is_complete, megabytes, record
from sercourse.corpora.get.by_registration import check_savee
from sercourse.corpora.get.sources import SOURCES, Source
from sercourse.errors import CorpusError, DownloadError, SercourseError, UnknownNameError


def fetch(name: str, folder=None, song: bool = False, yes: bool = False, show: bool = True) -> Path:
    """Fetch a corpus, go on with it, or do nothing if it is there.

    Parameters
    ----------
    name : str
        One of ravdess, tess, emodb, cremad. SAVEE cannot be fetched: for savee, say how to get it or
        check what was put there.
    folder : path-like, optional
        Where it goes; by default where `sercourse.corpora.load` looks for it. RAVDESS's speech and song
        go into folders of these names inside.
    song : bool
        Fetch RAVDESS's song instead of its speech; both have room beside each other.
    yes : bool
        Accept the licence without being asked.
    show : bool
        Show progress.

    Returns
    -------
    pathlib.Path
        The folder of what was asked for.

    Raises
    ------
    DownloadError
        It was not fetched; the message says why, and what to do.
    """
    if name == "savee":
        return check_savee(folder)
    source = find_source(name, song)
    target = Path(folder or settings.home() / name) / source.below
    there = target if is_complete(target) else _elsewhere(source, target) if folder is None else None
    if there:
        print(f"{source.title} is complete in {there}: nothing to fetch")
        return there
    _refuse_strays(target)
    print(describe(source, target), flush=True)
    first = library.find(name) if folder is None else None
    if first and not target.is_relative_to(first):
        print(f"  note      {first} comes first and would hide it: better add --folder {first}", flush=True)
    _ask_for_consent(yes)
    assemble(source, target, show)
    return target


def find_source(name: str, song: bool = False) -> Source:
    """Return what is known about where a corpus comes from."""
    names = {corpus for corpus, _ in SOURCES}
    if name not in names:
        raise UnknownNameError("corpus that can be fetched", name, names | {"savee"})
    channel = "song" if song else "speech"
    if (name, channel) not in SOURCES:
        raise DownloadError(f"{name} has no song; only RAVDESS has")
    return SOURCES[name, channel]


def describe(source: Source, target: Path) -> str:
    """Say what would be fetched, how large it is, and under which licence."""
    about = "" if getattr(source.origin, "size", None) else "about "
    to_fetch, unpacked = about + megabytes(source.fetched), megabytes(source.unpacked)
    return (
        f"{source.title}: {source.n_recordings:,} recordings\n"
        f"  size      {to_fetch} to fetch, about {unpacked} on the disk\n"
        f"  licence   {source.licence}\n"
        f"  citation  {source.citation}\n"
        f"  from      {source.page}\n"
        f"  to        {target}"
    )


def script(name: str, description: str) -> None:
    """Be the body of a script that fetches one corpus: read its arguments, fetch, say where it is."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", nargs="?", help="where to; by default where the lessons look for it")
    parser.add_argument("--yes", action="store_true", help="accept the licence without being asked")
    if (name, "song") in SOURCES:
        parser.add_argument("--song", action="store_true", help="fetch the song instead of the speech")
    try:
        print(fetch(name, **vars(parser.parse_args())))
    except SercourseError as error:
        parser.exit(1, f"{error}\n")
    except KeyboardInterrupt:
        parser.exit(130, "\nstopped; run the same command again to go on\n")


def _elsewhere(source: Source, target: Path) -> Path | None:
    """Where this corpus lies if somebody put it there by hand, all recordings of it."""
    if record(target):
        return None  # fetched earlier, and damaged since
    try:
        found = library.scan(source.corpus)
    except (CorpusError, UnknownNameError):
        return None
    n_there = (found.manifest["channel"] == source.channel).sum()
    return found.folder if n_there >= source.n_recordings else None


def _refuse_strays(target: Path) -> None:
    """Leave a folder alone that holds anything else than what an earlier run has put there."""
    ours = {RECORD, *record(target).get("files", {})}
    there = studio.sizes(target) if target.is_dir() else ([target.name] if target.exists() else [])
    strays = sorted(
        path for path in there if path not in ours and not path.rpartition("/")[2].startswith(".")
    )
    if strays:
        raise DownloadError(
            f"{target}: holds {len(strays)} files that this command did not put there, such as {strays[0]}; "
            "move them away, or name another folder"
        )


def _ask_for_consent(yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise DownloadError(
            "nothing was fetched, because nobody can be asked here: if you accept the licence above, add "
            "--yes to the command (in Python: yes=True)"
        )
    if input("Fetch it under this licence? [y/N] ").strip().lower() not in ("y", "yes"):
        raise DownloadError("nothing was fetched")
