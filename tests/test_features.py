"""MFCC against librosa; the extractor against damage, cuts and change."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import librosa
import numpy as np
import pytest
import soundfile
from conftest import RATE, write_tone

from sercourse import audio, corpora, features
from sercourse.corpora import manifest
from sercourse.errors import CorpusError, UnknownNameError
from sercourse.features import extractor

RECIPE = features.Recipe("test", n_mfcc=13, seconds=0.4)


@pytest.mark.parametrize(("n_mfcc", "n_fft", "hop"), [(20, 2048, 512), (40, 2048, 220), (13, 512, 160)])
def test_mfcc_equals_librosa(n_mfcc, n_fft, hop):
    samples = np.random.default_rng(1).normal(scale=0.1, size=RATE).astype(np.float32)
    samples[:4000] = 0  # the floor of 80 dB below the maximum comes into play
    ours = features.mfcc(samples, RATE, n_mfcc, n_fft, hop)
    theirs = librosa.feature.mfcc(y=samples, sr=RATE, n_mfcc=n_mfcc, n_fft=n_fft, hop_length=hop)
    np.testing.assert_allclose(ours, theirs.T, atol=1e-3)


def test_mfcc_of_real_speech_equals_librosa(real_ravdess):
    path = next(iter(sorted(real_ravdess.glob("Actor_01/*"))))
    samples, rate = librosa.load(path, sr=RATE, res_type="soxr_hq")
    theirs = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=20)
    np.testing.assert_allclose(features.mfcc(audio.read(path, RATE)[0], RATE), theirs.T, atol=1e-3)


def test_report_a_gives_130_frames_for_three_seconds(home):
    """Stated in Report A: ceil(3 x 22050 / 512) frames."""
    write_tone(home / "long.wav", 200, np.random.default_rng(0), seconds=4)
    write_tone(home / "short.wav", 200, np.random.default_rng(0), seconds=1)
    extracted = features.extract(rows_of(home / "long.wav", home / "short.wav"), features.recipe("report_a"))
    assert extracted.x.shape == (2, 130, 20)
    assert extracted.mask.sum(axis=1).tolist() == [130, 1 + RATE // 512]
    assert (extracted.x[1][~extracted.mask[1]] == 0).all()


def test_report_c_is_the_mean_over_time(small_ravdess):
    rows = corpora.load("ravdess").head(2)
    extracted = features.extract(rows, features.recipe("report_c"), cache=False)
    samples, rate = librosa.load(rows["path"].iloc[1], sr=RATE)
    by_librosa = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=40, hop_length=220).mean(axis=1)
    assert extracted.x.shape == (2, 1, 40)
    np.testing.assert_allclose(extracted.x[1, 0], by_librosa, atol=1e-3)


def test_statistics_over_time_are_those_of_librosa(small_ravdess):
    rows = corpora.load("ravdess").head(1)
    extracted = features.extract(rows, features.recipe("mfcc_statistics"), cache=False)
    samples, rate = librosa.load(rows["path"].iloc[0], sr=RATE)
    frames = librosa.feature.mfcc(y=samples, sr=rate, n_mfcc=40)
    delta = librosa.feature.delta(frames)
    expected = np.concatenate([frames.mean(axis=1), frames.std(axis=1), delta.std(axis=1)])
    assert extracted.x.shape == (1, 1, 120)
    np.testing.assert_allclose(extracted.x[0, 0], expected, atol=2e-3)


def test_a_recording_of_few_frames_still_has_a_slope():
    frames = np.arange(4.0)[:, None] * [1, 2]
    np.testing.assert_allclose(features.delta(frames), [[1, 2]] * 4)
    np.testing.assert_array_equal(features.delta(frames[:2]), np.zeros((2, 2)))


def test_an_unknown_statistic_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="delta deviation, deviation, mean"):
        features.summarise(np.zeros((3, 2)), ["median"])


def test_rows_stand_in_the_manifests_order_whatever_the_workers_do(small_ravdess):
    rows = corpora.load("ravdess").sample(frac=1, random_state=0)
    parallel = features.extract(rows, RECIPE, workers=2, cache=False)
    alone = features.extract(rows, RECIPE, workers=1, cache=False)
    np.testing.assert_allclose(parallel.x, alone.x, atol=1e-4)
    assert parallel.rows["path"].tolist() == rows["path"].tolist()


def test_damaged_files_are_named_and_the_rest_is_extracted(small_ravdess):
    names = {
        "03-01-04-01-01-01-01.wav": lambda whole: whole[:5000],
        "03-01-04-01-01-02-01.wav": lambda whole: b"",
        "03-01-05-01-01-01-01.wav": lambda whole: b"some text",
        "03-01-05-01-01-02-01.wav": lambda whole: b"version https://git-lfs.github.com/spec/v1\n",
    }
    for name, change in names.items():
        path = small_ravdess / "Actor_01" / name
        path.write_bytes(change(path.read_bytes()))
    soundfile.write(
        small_ravdess / "Actor_02" / "03-01-04-01-01-01-02.wav", np.full(9999, np.nan), RATE, "FLOAT"
    )
    write_tone(small_ravdess / "Actor_02" / "03-01-05-01-01-01-02.wav", 100, np.random.default_rng(0), 0.01)
    with pytest.warns(UserWarning, match=r"6 recording\(s\) left out of the features"):
        extracted = features.extract(corpora.load("ravdess"), RECIPE)
    assert len(extracted.rows) == len(extracted.x) == 90
    reasons = extracted.dropped["reason"].tolist()
    for reason, word in zip(
        reasons,
        ["cut off", "empty", "not readable", "Git LFS", "not finite", "too short: 0.010 s"],
        strict=True,
    ):
        assert word in reason


def test_nothing_usable_is_an_error_that_names_a_file(home):
    home.mkdir()
    (home / "a.wav").write_bytes(b"")
    with pytest.raises(CorpusError, match=r"none of 1 recordings.*a\.wav: empty file"):
        features.extract(rows_of(home / "a.wav"), RECIPE)


def test_an_unknown_recipe_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="report_a, report_c"):
        features.recipe("report_z")


def test_what_was_extracted_is_not_extracted_again(small_ravdess, monkeypatch):
    rows = corpora.load("ravdess")
    first = features.extract(rows, RECIPE)
    monkeypatch.setattr(extractor, "extract_file", refuse)
    second = features.extract(rows, RECIPE, workers=1)
    np.testing.assert_array_equal(first.x, second.x)


def test_a_copy_elsewhere_is_known_by_its_content(small_ravdess, monkeypatch):
    features.extract(corpora.load("ravdess"), RECIPE)
    small_ravdess.rename(small_ravdess.with_name("moved"))
    monkeypatch.setattr(extractor, "extract_file", refuse)
    moved = small_ravdess.with_name("moved") / "Actor_01" / "03-01-04-01-01-01-01.wav"
    assert len(features.extract(rows_of(moved), RECIPE, workers=1).rows) == 1


def test_a_changed_file_and_another_recipe_are_extracted_anew(small_ravdess):
    rows = corpora.load("ravdess").head(2)
    before = features.extract(rows, RECIPE).x
    write_tone(small_ravdess / "Actor_01" / "03-01-04-01-01-01-01.wav", 999, np.random.default_rng(0))
    after = features.extract(rows, RECIPE).x
    assert not np.allclose(before[0], after[0])
    np.testing.assert_array_equal(before[1], after[1])
    assert features.extract(rows, features.recipe("report_c")).x.shape[2] == 40


def test_the_key_is_of_what_is_computed_not_of_the_name():
    assert features.Recipe("a").key == features.Recipe("b").key
    assert features.Recipe("a").key != features.Recipe("a", n_mfcc=13).key


def test_a_home_that_cannot_be_written_costs_the_cache_only(small_ravdess, monkeypatch, tmp_path):
    rows = corpora.load("ravdess").head(2)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SERCOURSE_HOME", str(tmp_path / "file"))
    with pytest.warns(UserWarning, match="not kept on disk"):
        assert len(features.extract(rows, RECIPE).rows) == 2


def test_a_damaged_cache_costs_the_cache_only(small_ravdess, home):
    (home / "cache").mkdir()
    (home / "cache" / "features.sqlite").write_bytes(b"no database" * 1000)
    with pytest.warns(UserWarning, match=r"features\.sqlite: features are not kept on disk .*delete it"):
        assert len(features.extract(corpora.load("ravdess").head(2), RECIPE).rows) == 2


def test_a_kill_in_the_middle_loses_little_and_breaks_nothing(small_ravdess, home):
    """Kill -9 while batches are being written; the next run completes and equals an uncut one."""
    code = (
        "from sercourse import corpora, features\n"
        "from sercourse.features import extractor\n"
        "import time\n"
        "keep = extractor._keep\n"
        "def slow(*arguments):\n"
        "    time.sleep(0.3)\n"
        "    return keep(*arguments)\n"
        "extractor._keep = slow\n"
        "recipe = features.Recipe('test', n_mfcc=13, seconds=0.4)\n"
        "features.extract(corpora.load('ravdess'), recipe, workers=1)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, start_new_session=True)
    database = home / "cache" / "features.sqlite"
    deadline = time.monotonic() + 60
    while kept(database) < 16:
        assert child.poll() is None, "the child ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(child.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    child.wait()
    assert 16 <= kept(database) < 96
    completed = features.extract(corpora.load("ravdess"), RECIPE)
    whole = features.extract(corpora.load("ravdess"), RECIPE, cache=False)
    np.testing.assert_allclose(completed.x, whole.x, atol=1e-4)
    assert kept(database) == 96


def kept(database) -> int:
    if not database.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM features").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def refuse(path, recipe):
    raise AssertionError(f"{path} was extracted again")


def rows_of(*paths):
    return manifest.build(
        {"path": str(path), "corpus": "c", "recording_id": str(number), "speaker": "c_1", "emotion": "sad"}
        for number, path in enumerate(paths)
    )
