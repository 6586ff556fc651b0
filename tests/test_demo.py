"""The demo corpus: names, bytes, and what is left when a run is stopped."""

import _thread
import itertools
import json
import re
import subprocess
import sys
import threading
import time
import wave
from pathlib import Path

import numpy as np
import psutil
import pytest
from pretend import pretend

from sercourse.corpora import demo, demo_second, studio
from sercourse.errors import CorpusError

# Written from RAVDESS's description: modality-channel-emotion-intensity-statement-repetition-actor.
CONVENTION = re.compile(r"03-01-0([1-8])-0([12])-0([12])-0([12])-(\d\d)\.wav")


def sounds(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).glob("*/*.wav")}


def start(folder, speakers):
    """Make a corpus from a script without the guard that multiprocessing would need."""
    code = (
        f"from sercourse.corpora import demo; demo.make({str(folder)!r}, progress=False, speakers={speakers})"
    )
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)


def wait_for_files(folder, count):
    deadline = time.monotonic() + 30
    while len(list(folder.glob(".Actor_*/*.wav"))) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    folder = demo.make(tmp_path_factory.mktemp("reference") / "demo", progress=False, speakers=[1, 2])
    return sounds(folder)


def test_names_are_those_of_ravdess_speech():
    names = [row[0] for number in range(1, 25) for row in demo.recordings(number)]
    fields = [CONVENTION.fullmatch(name).groups() for name in names]
    assert len(set(names)) == 1440
    assert not any(emotion == "1" and intensity == "2" for emotion, intensity, *_ in fields)
    for emotion in "12345678":
        assert sum(field[0] == emotion for field in fields) == (96 if emotion == "1" else 192)
    assert {int(field[4]) for field in fields} == set(range(1, 25))


def test_the_name_says_what_is_spoken():
    row = next(row for row in demo.recordings(12) if row[0] == "03-01-06-01-02-01-12.wav")
    assert row[1:] == ("fearful", "normal", "dogs", 1)


def test_files_of_a_speaker(reference):
    assert len(reference) == 120
    assert {name.split("/")[0] for name in reference} == {"Actor_01", "Actor_02"}
    for name, content in reference.items():
        folder, file = name.split("/")
        assert folder == f"Actor_{CONVENTION.fullmatch(file)[5]}"
        assert content[:4] == b"RIFF"
    assert len(set(reference.values())) == 120


def test_sound_is_mono_16_bit_and_speech_like(reference, tmp_path):
    path = tmp_path / "one.wav"
    for content in list(reference.values())[::7]:
        path.write_bytes(content)
        with wave.open(str(path)) as file:
            assert file.getparams()[:3] == (1, 2, 22050)
            seconds = file.getnframes() / 22050
            samples = np.frombuffer(file.readframes(-1), "<i2") / 32768
        assert 2.3 < seconds < 6.5
        assert 0.001 < np.abs(samples).max() < 0.99
        assert np.std(samples[:8000]) < 0.1 * np.std(samples)


def test_a_second_run_gives_the_same_bytes(reference, tmp_path):
    demo.make(tmp_path, workers=1, progress=False, speakers=[2])
    made = sounds(tmp_path)
    assert len(made) == 60
    assert all(reference[name] == content for name, content in made.items())


def test_killed_in_the_middle_then_completed(reference, tmp_path):
    process = start(tmp_path, [1, 2])
    wait_for_files(tmp_path, 25)
    children = psutil.Process(process.pid).children()
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    assert not (tmp_path / "Actor_01").exists()
    demo.make(tmp_path, progress=False, speakers=[1, 2])
    assert sounds(tmp_path) == reference
    assert not list(tmp_path.glob(".Actor_*"))


def workers():
    """Children of this process that make a part of a corpus; other tests leave other children."""
    children = psutil.Process().children()
    return [child for child in children if "sercourse.corpora.worker" in child.cmdline()]


def test_a_killed_child_is_an_error_and_the_next_run_completes(reference, tmp_path):
    def kill_a_child():
        wait_for_files(tmp_path, 5)
        workers()[0].kill()

    killer = threading.Thread(target=kill_a_child)
    killer.start()
    with pytest.raises(CorpusError, match="run it again"):
        demo.make(tmp_path, workers=1, progress=False, speakers=[2])
    killer.join()
    assert not sounds(tmp_path)
    demo.make(tmp_path, progress=False, speakers=[2])
    assert sounds(tmp_path).items() <= reference.items()


def test_an_interrupt_stops_the_children_at_once(tmp_path):
    def interrupt():
        wait_for_files(tmp_path, 5)
        _thread.interrupt_main()

    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    with pytest.raises(KeyboardInterrupt):
        demo.make(tmp_path, progress=False, speakers=[1, 2, 3])
    interrupter.join()
    assert not workers()
    assert not list(tmp_path.glob("*Actor_*"))


def test_two_runs_at_once(reference, tmp_path):
    processes = [start(tmp_path, [1]) for _ in range(2)]
    for process in processes:
        _, message = process.communicate(timeout=60)
        assert process.returncode == 0, message.decode()
    made = sounds(tmp_path)
    assert len(made) == 60
    assert made.items() <= reference.items()


def test_stale_speakers_are_made_anew(reference, tmp_path):
    demo.make(tmp_path, seed=5, progress=False, speakers=[1])
    other = sounds(tmp_path)
    assert other.keys() <= reference.keys()
    assert not other.items() & reference.items()
    demo.make(tmp_path, seed=0, progress=False, speakers=[1])
    assert sounds(tmp_path).items() <= reference.items()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["Actor_01"]


@pytest.fixture
def pretended(tmp_path):
    """is_complete must not need real sound."""
    return pretend(demo.PRODUCTION, tmp_path)


def test_complete_only_after_the_last_record(pretended):
    assert not demo.is_complete(pretended)
    demo.make(pretended, progress=False)
    assert demo.is_complete(pretended)
    assert demo.is_complete(pretended, seed=0)
    assert not demo.is_complete(pretended, seed=1)
    record = json.loads((pretended / "corpus.json").read_text())
    assert record["files"] == 1440
    assert {"seed", "sercourse", "parselmouth", "source"} == record["key"].keys()


@pytest.mark.parametrize("damage", ["cut", "lost", "other source", "no record"])
def test_damage_is_seen(pretended, damage):
    demo.make(pretended, progress=False)
    folder = pretended / "Actor_17"
    if damage == "cut":
        (folder / "03-01-05-01-01-01-17.wav").write_bytes(b"")
    elif damage == "lost":
        (folder / "03-01-05-01-01-01-17.wav").unlink()
    elif damage == "other source":
        record = json.loads((pretended / "corpus.json").read_text())
        record["key"]["source"] = "0" * 64
        (pretended / "corpus.json").write_text(json.dumps(record))
    else:
        (folder / "record.json").write_text("{")
    assert not demo.is_complete(pretended)


def test_a_missing_folder_is_not_complete(tmp_path):
    assert not demo.is_complete(tmp_path / "nothing")


def test_a_corpus_from_elsewhere_is_good_without_praat(pretended, monkeypatch):
    demo.make(pretended, progress=False)
    key = studio._key(demo.PRODUCTION, 0) | {"parselmouth": None}
    monkeypatch.setattr(studio, "_key", lambda production, seed: key | {"seed": seed})
    assert demo.is_complete(pretended)


def test_recordings_of_another_corpus_are_not_touched(tmp_path):
    precious = tmp_path / "Actor_02" / "03-01-01-01-01-01-02.wav"
    precious.parent.mkdir()
    precious.write_bytes(b"real")
    with pytest.raises(CorpusError, match="choose another folder"):
        demo.make(tmp_path, progress=False)
    assert precious.read_bytes() == b"real"


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    obstacle = tmp_path / "file"
    obstacle.write_text("in the way")
    with pytest.raises(CorpusError, match=r"file.*cannot be written.*free some space"):
        demo.make(obstacle / "demo", progress=False)


def test_a_speaker_that_cannot_be_written_reports_the_reason(tmp_path):
    worker, folder = "sercourse.corpora.worker", str(tmp_path / "no" / "part")
    command = [sys.executable, "-m", worker, demo.__name__, folder, '{"seed": 0}', "Actor_01"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        message = process.stderr.read().decode()
    assert process.returncode == studio.CANNOT_WRITE
    assert "part" in message


def test_speakers_must_exist(tmp_path):
    with pytest.raises(CorpusError, match="1 to 24"):
        demo.make(tmp_path, speakers=[25])


@pytest.mark.parametrize(("part", "rate"), [("OAF", 24_414), ("DC", 44_100)])
def test_each_half_of_the_second_corpus_has_its_rate_and_is_speech_like(part, rate, tmp_path):
    list(itertools.islice(demo_second.write(tmp_path, {"seed": 0}, part), 4))
    for path in tmp_path.iterdir():
        with wave.open(str(path)) as file:
            assert file.getparams()[:3] == (1, 2, rate)
            samples = np.frombuffer(file.readframes(-1), "<i2") / 32768
        assert 1.5 < len(samples) / rate < 9
        assert 0.001 < np.abs(samples).max() < 0.99
        assert np.std(samples[: rate // 4]) < 0.2 * np.std(samples)
