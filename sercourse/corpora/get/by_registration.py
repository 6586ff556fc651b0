"""SAVEE, which is given out by registration only: what to do, and whether what was put there is whole."""

from collections import Counter
from pathlib import Path

from sercourse import audio, settings
from sercourse.corpora import savee
from sercourse.errors import DownloadError

_HOW_TO = """SAVEE is given out to registered users only, so no program can fetch it. It is for research only.
  1. Register at http://kahlan.eps.surrey.ac.uk/savee/ (University of Surrey). You get a password by mail.
  2. Download the audio data and unpack it into {folder}
     Both namings are understood: DC_a01.wav, or a01.wav in a folder DC.
  3. Run `sercourse corpus get savee` again: it checks the 480 recordings."""


def check_savee(folder: Path | None = None) -> Path:
    """Check that all of SAVEE is there: 4 speakers, 30 neutral recordings and 15 of each other emotion.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where it was put; by default it is looked for where `sercourse.corpora.find` looks.

    Returns
    -------
    pathlib.Path
        Its folder.

    Raises
    ------
    DownloadError
        Nothing is there (the message says how to get it), or something is missing (it says what).
    """
    folders = [Path(folder)] if folder else [each / "savee" for each in settings.data_folders()]
    there = next((each for each in folders if _recordings(each)), None)
    if there is None:
        raise DownloadError(_HOW_TO.format(folder=folders[-1]))
    recordings = _recordings(there)
    counts = Counter(recordings.values())
    gaps = [
        f"  {speaker}, {own}: {counts[speaker, code]} of {savee.N_SENTENCES[code]}"
        for speaker in savee.SPEAKERS
        for code, (_, own) in savee.EMOTIONS.items()
        if counts[speaker, code] < savee.N_SENTENCES[code]
    ]
    if gaps:
        n_all = len(savee.SPEAKERS) * sum(savee.N_SENTENCES.values())
        raise DownloadError(
            f"{there}: {len(recordings)} of {n_all} recordings of SAVEE are here. Incomplete:\n"
            + "\n".join(gaps)
            + "\nUnpack its archive into this folder again."
        )
    return there


def _recordings(folder: Path) -> dict[str, tuple[str, str]]:
    """Speaker and code of emotion of each recording, by its id; a second copy counts once."""
    found = {}
    for path in folder.rglob("*"):
        if path.suffix.lower() in audio.SUFFIXES and path.is_file() and path.stat().st_size:
            try:
                recording = savee.parse(path)["recording_id"]
            except ValueError:
                continue
            speaker, _, code = recording.partition("_")
            found[recording] = (speaker, code.rstrip("0123456789"))
    return found
