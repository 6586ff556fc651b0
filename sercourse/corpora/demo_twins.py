"""The demo corpus as RAVDESS lies on a disk when the videos were downloaded too: everything twice.

RAVDESS gives each recording as sound alone (``03-01-...``) and as a video with the same sound
(``01-01-...``), which becomes a second recording once the sound is taken out of the video. Its codec makes
it another file, not another utterance: a split that does not know this puts one into the training and its
twin into the test. Here the first is the demo corpus's own file (a hard link, so that it takes no room; a
copy where links are impossible), the second the same sound after `soundtrack`.
"""

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sercourse.corpora import demo, studio

QUALITY = 0.9
"""Quality of the Vorbis codec from 0 to 1. High, as a video's sound is: at a lower one the codec changes the
22 kHz of this corpus more than it changes RAVDESS's 48 kHz."""

PRODUCTION = studio.Production(
    name="demo_twins",
    writer=__name__,
    parts={part: 2 * n_files for part, n_files in demo.PRODUCTION.parts.items()},
    megabytes=500,
    speaks=False,
    needs=demo.PRODUCTION,
)


def soundtrack(samples, rate: int):
    """What is left of a recording when it has been the sound of a video: encoded with loss, and decoded.

    The codec is Vorbis at a high quality, in memory. It takes away what we hear least: length and timing
    stay, and the level changes by a few tenths of a decibel at most.

    Parameters
    ----------
    samples : array of shape (n_samples,)
        Mono, between -1 and 1.
    rate : int
        Samples per second, 8,000 to 192,000.

    Returns
    -------
    array of shape (n_samples,), float32
        A loud recording may go slightly beyond -1 and 1. The same samples give the same result.
    """
    import numpy as np
    import soundfile

    encoded = io.BytesIO()
    with soundfile.SoundFile(
        encoded, "w", rate, 1, "VORBIS", format="OGG", compression_level=1 - QUALITY
    ) as file:
        # In pieces: given a minute at once, libsndfile 1.2 crashes.
        for start in range(0, len(samples), rate):
            file.write(np.asarray(samples[start : start + rate], dtype=np.float32))
    encoded.seek(0)
    return soundfile.read(encoded, dtype="float32")[0]


def write(folder: Path, key: dict, part: str, source: Path) -> Iterator[None]:
    """Write one speaker's recordings twice; the writer that `sercourse.corpora.studio` asks for.

    Parameters
    ----------
    folder : pathlib.Path
        Where they go.
    key : dict
        What the corpus is made from; not needed here.
    part : str
        The speaker's folder, such as `Actor_07`.
    source : pathlib.Path
        The demo corpus.

    Yields
    ------
    None
        After each file.
    """
    from sercourse import audio
    from sercourse.corpora import wav

    for name, *_ in demo.recordings(int(part[-2:])):
        original = source / part / name
        _link(original, folder / name)
        yield
        samples, rate = audio.read(original)
        wav.save(folder / f"01{name[2:]}", soundtrack(samples, rate), rate)
        yield


def _link(original: Path, path: Path) -> None:
    """Give a file a second name, or copy it where the file system cannot do that."""
    try:
        os.link(original, path)
    except OSError:
        shutil.copyfile(original, path)
