"""Take the sound out of a video, or of all videos in a folder, as WAV files (mono, 16 bits)."""

import argparse
import sys
import wave
from pathlib import Path

import numpy as np

from sercourse import audio, progress
from sercourse.errors import AudioError
from sercourse.files import written_whole

VIDEOS = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".flv", ".mpg", ".mpeg", ".ts")


def extract(video: Path, target: Path, rate: int, show: bool = False) -> bool:
    """Write a video's sound, unless that was done since the video last changed.

    Parameters
    ----------
    video, target : pathlib.Path
    rate : int
        Samples per second of the WAV file.
    show : bool
        Show progress.

    Returns
    -------
    bool
        Whether it was written.

    Raises
    ------
    AudioError
        The video is damaged, or has no sound. Nothing was written.
    """
    if _is_fresh(target, video, rate):
        return False
    seconds = audio.duration(video) if show else 0
    with written_whole(target) as path, wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        with progress.bar(round(seconds), f"taking the sound from {video.name}", "s", show) as bar:
            for piece in audio.stream(video, rate):
                file.writeframes(np.round(np.clip(piece, -1, 1) * 32767).astype("<i2").tobytes())
                bar.update(len(piece) / rate)
    return True


def _is_fresh(target: Path, video: Path, rate: int) -> bool:
    """Whether a WAV file is newer than its video and has the rate that is wanted."""
    if not target.exists() or target.stat().st_mtime < video.stat().st_mtime:
        return False
    try:
        with wave.open(str(target)) as file:
            return file.getframerate() == rate
    except (wave.Error, EOFError):
        return False


def pairs(source: Path, target: Path | None) -> dict[Path, Path]:
    """Say which WAV file each video becomes.

    Parameters
    ----------
    source : pathlib.Path
        A video, or a folder; there, RAVDESS's videos without sound (02-...) are left out.
    target : pathlib.Path, optional
        A WAV file for a video, a folder for a folder, in which the folders of the source are made again.
        By default beside the videos, with the same names.

    Returns
    -------
    dict
        WAV file by video.
    """
    if not source.is_dir():
        target = target / source.name if target and target.is_dir() else target or source
        return {source: target.with_suffix(".wav")}
    videos = [path for path in sorted(source.rglob("*")) if path.suffix.lower() in VIDEOS]
    folder = target or source
    return {
        path: (folder / path.relative_to(source)).with_suffix(".wav")
        for path in videos
        if not path.name.startswith(("02-", "."))
    }


def main() -> int:
    """Read the arguments and take out the sound; return how many files failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="a video, or a folder of them, such as RAVDESS's")
    parser.add_argument("target", type=Path, nargs="?", help="a WAV file or folder; by default beside it")
    parser.add_argument("--rate", type=int, default=22_050, help="samples per second")
    arguments = parser.parse_args()
    todo = pairs(arguments.source, arguments.target)
    if not todo:
        parser.exit(1, f"{arguments.source}: no video is in this folder\n")
    written, failed = 0, []
    with progress.bar(len(todo), "taking out the sound", "file", len(todo) > 1) as bar:
        for video, target in todo.items():
            try:
                written += extract(video, target, arguments.rate, show=len(todo) == 1)
            except (AudioError, OSError) as error:
                failed.append(str(error))
            bar.update()
    for message in failed:
        print(message, file=sys.stderr)
    kept = len(todo) - written - len(failed)
    print(f"{written} written, {kept} there already, {len(failed)} failed")
    return len(failed)


if __name__ == "__main__":
    try:
        sys.exit(min(main(), 1))
    except KeyboardInterrupt:
        sys.exit("\nstopped; run the same command again to go on")
