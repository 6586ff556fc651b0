"""The small scripts for corpora, as typed."""

import os
import subprocess
import sys
import wave

import numpy as np
import pytest
import scipy.signal
import soundfile
from conftest import ROOT
from encode import encode

RATE = 48_000
RAVDESS = [f"01-0{channel}-05-01-01-01-{actor:02d}" for channel in (1, 2) for actor in (1, 2)]


def typed(script, *words, **environment):
    return subprocess.run(
        [sys.executable, ROOT / "data_scripts" / script, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
        check=False,
    )


@pytest.mark.parametrize(
    ("script", "licence"),
    [
        ("get_ravdess.py", "CC BY-NC-SA 4.0"),
        ("get_tess.py", "CC BY-NC-ND 4.0"),
        ("get_emodb.py", "CC BY 4.0"),
        ("get_cremad.py", "ODbL 1.0"),
    ],
)
def test_a_script_shows_the_licence_and_asks(home, tmp_path, script, licence):
    done = typed(script, tmp_path / "corpus")
    assert done.returncode == 1
    assert licence in done.stdout
    assert "MB to fetch" in done.stdout
    assert "add --yes" in done.stderr
    assert not (tmp_path / "corpus").exists()


def test_only_ravdess_has_song(home, tmp_path):
    done = typed("get_ravdess.py", tmp_path / "ravdess", "--song")
    assert "RAVDESS song: 1,012 recordings" in done.stdout
    assert str(tmp_path / "ravdess" / "song") in done.stdout
    assert "unrecognized arguments: --song" in typed("get_tess.py", "--song").stderr


@pytest.fixture
def videos(tmp_path):
    """RAVDESS's videos as they lie on a disk: two actors' speech and song, and one without sound."""
    time = np.arange(2 * RATE) / RATE
    for name in RAVDESS:
        path = tmp_path / "videos" / f"Actor_{name[-2:]}" / f"{name}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        encode(path, 0.5 * np.sin(2 * np.pi * 440 * time), RATE, "aac", 2.0)
    encode(tmp_path / "videos/Actor_01/02-01-05-01-01-01-01.mp4", np.zeros(0), RATE, None, 1.0)
    return tmp_path / "videos"


def test_a_folder_of_videos_becomes_wav_files_of_the_same_names(videos, tmp_path):
    done = typed("sound_from_video.py", videos, tmp_path / "ravdess")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].strip().endswith("4 written, 0 there already, 0 failed")
    found = {
        path.relative_to(tmp_path / "ravdess").as_posix() for path in (tmp_path / "ravdess").rglob("*.*")
    }
    assert found == {f"Actor_{name[-2:]}/{name}.wav" for name in RAVDESS}
    path = tmp_path / "ravdess" / "Actor_01" / f"{RAVDESS[0]}.wav"
    samples, rate = soundfile.read(path)
    assert (soundfile.info(path).channels, soundfile.info(path).subtype, rate) == (1, "PCM_16", 22_050)
    assert len(samples) == pytest.approx(2 * 22_050, abs=0.025 * 22_050)
    frequencies, power = scipy.signal.periodogram(samples, rate)
    assert frequencies[power.argmax()] == pytest.approx(440, abs=1)


def test_what_is_done_is_kept_unless_the_rate_or_the_video_changed(videos, tmp_path):
    arguments = ("sound_from_video.py", videos, tmp_path / "wav")
    assert "4 written" in typed(*arguments).stdout
    assert "0 written, 4 there already" in typed(*arguments).stdout
    (tmp_path / "wav" / "Actor_01" / f"{RAVDESS[0]}.wav").unlink()
    newer = tmp_path / "wav" / "Actor_02" / f"{RAVDESS[1]}.wav"
    os.utime(newer, (0, 0))
    assert "2 written, 2 there already" in typed(*arguments).stdout
    assert "4 written" in typed(*arguments, "--rate", 16_000).stdout
    with wave.open(str(newer)) as file:
        assert file.getframerate() == 16_000


def test_a_damaged_video_is_named_and_the_others_are_done(videos, tmp_path):
    bad = videos / "Actor_01" / f"{RAVDESS[0]}.mp4"
    bad.write_bytes(bad.read_bytes()[:2000])
    done = typed("sound_from_video.py", videos, tmp_path / "wav")
    assert done.returncode == 1
    assert "3 written, 0 there already, 1 failed" in done.stdout
    assert f"{bad}: damaged, or not readable as sound" in done.stderr
    assert len([path for path in (tmp_path / "wav").rglob("*") if path.is_file()]) == 3


def test_a_film_goes_beside_itself(tmp_path):
    time = np.arange(5 * RATE) / RATE
    encode(tmp_path / "film.mkv", 0.3 * np.sin(2 * np.pi * 300 * time), RATE, "libopus", 5.0)
    assert typed("sound_from_video.py", tmp_path / "film.mkv", "--rate", 8000).returncode == 0
    assert soundfile.info(tmp_path / "film.wav").duration == pytest.approx(5, abs=0.025)
    assert soundfile.info(tmp_path / "film.wav").samplerate == 8000


@pytest.mark.parametrize("name", ["gone.mp4", "empty"])
def test_nothing_to_do_is_said(tmp_path, name):
    (tmp_path / "empty").mkdir()
    done = typed("sound_from_video.py", tmp_path / name)
    assert done.returncode == 1
    assert str(tmp_path / name) in done.stderr
    assert "Traceback" not in done.stderr
