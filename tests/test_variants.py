"""Twins and the second corpus; what Praat must speak for is in `test_demo`."""

import itertools
import os
import re
import sys

import numpy as np
import pytest
import soundfile
from conftest import write_tone
from pretend import pretend

from sercourse import corpora, features, voices
from sercourse.corpora import demo, demo_second, demo_twins, studio
from sercourse.errors import VoicesError

# Written from the corpora's own descriptions.
TESS = re.compile(r"(OAF|YAF)_[a-z]+_(angry|disgust|fear|happy|neutral|ps|sad)\.wav")
SAVEE = re.compile(r"(DC|JE)_(a|d|f|h|n|sa|su)(\d\d)\.wav")


def babble(path):
    """A tone that is no other file's, with noise, half a second long."""
    rng = np.random.default_rng([int(field) for field in re.findall(r"\d+", path.name)])
    write_tone(path, rng.uniform(80, 300), rng)


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """The twins of one speaker of a demo corpus that is there, made where Praat is not."""
    home = tmp_path_factory.mktemp("twins")
    pretend(demo.PRODUCTION, home / "demo", ["Actor_12"], babble)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "parselmouth", None)
        options = {"progress": False, "parts": ["Actor_12"], "source": home / "demo"}
        return studio.make(demo_twins.PRODUCTION, home / "demo_twins", **options) / "Actor_12"


def pairs(twins):
    originals = sorted(twins.glob("03-*.wav"))
    return [(path, path.with_name(f"01{path.name[2:]}")) for path in originals]


def test_each_recording_is_there_twice(twins):
    assert len(pairs(twins)) == 60
    assert {path.name for path in twins.glob("*.wav")} == {
        path.name for pair in pairs(twins) for path in pair
    }


def test_originals_are_the_demo_corpus_s_own_files(twins):
    for original, twin in pairs(twins):
        own = twins.parents[1] / "demo" / "Actor_12" / original.name
        assert original.samefile(own)
        assert not twin.samefile(own)


def test_a_twin_is_near_and_not_the_same(twins):
    for paths in pairs(twins)[::6]:
        (original, rate), (twin, twin_rate) = map(soundfile.read, paths)
        assert (rate, original.shape) == (twin_rate, twin.shape)
        assert 0.95 < np.corrcoef(original, twin)[0, 1] < 1
        assert abs(20 * np.log10(twin.std() / original.std())) < 0.5


def test_twins_share_their_recording_id(twins):
    parse = corpora.CORPORA["demo_twins"].parse
    for original, twin in pairs(twins):
        rows = parse(original), parse(twin)
        assert rows[0]["recording_id"] == rows[1]["recording_id"]
        assert [row["modality"] for row in rows] == ["audio", "audio-video"]
        assert rows[0]["speaker"] == "demo_twins_12"


def test_files_are_copied_where_links_are_impossible(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no hard links on this file system")

    pretend(demo.PRODUCTION, tmp_path / "demo", ["Actor_12"], babble)
    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "part").mkdir()
    made = demo_twins.write(tmp_path / "part", {}, "Actor_12", tmp_path / "demo")
    assert len(list(itertools.islice(made, 3))) == 3
    copy = next((tmp_path / "part").glob("03-*.wav"))
    own = tmp_path / "demo" / "Actor_12" / copy.name
    assert copy.read_bytes() == own.read_bytes()
    assert not copy.samefile(own)


@pytest.mark.parametrize(("n_samples", "rate"), [(1, 22_050), (48_001, 48_000), (61 * 16_000, 16_000)])
def test_a_soundtrack_keeps_every_sample_s_place(n_samples, rate):
    rng = np.random.default_rng(0)
    samples = 0.1 * np.convolve(rng.standard_normal(n_samples + 9), np.ones(10) / 10, "valid")
    decoded = demo_twins.soundtrack(samples, rate)
    assert (decoded.shape, decoded.dtype) == (samples.shape, np.float32)
    assert np.array_equal(decoded, demo_twins.soundtrack(samples, rate))
    if n_samples > 1:
        lags = [np.corrcoef(samples[5:-5], np.roll(decoded, lag)[5:-5])[0, 1] for lag in range(-3, 4)]
        assert np.argmax(lags) == 3


def test_load_gives_the_originals_or_everything(home):
    pretend(demo_twins.PRODUCTION, home / "demo_twins")
    pretend(demo.PRODUCTION, home / "demo")
    originals = corpora.load("demo_twins")
    everything = corpora.load("demo_twins", modality=None)
    assert (len(originals), len(everything)) == (1440, 2880)
    assert everything.groupby("recording_id").size().eq(2).all()
    assert set(originals["recording_id"]) == set(corpora.load("demo")["recording_id"])
    assert originals["speaker"].nunique() == 24
    assert not (home / "demo_twins_source").exists()


def test_names_of_the_second_corpus():
    names = {part: [row[0] for row in demo_second.recordings(part)] for part in demo_second.CAST}
    assert {part: len(files) for part, files in names.items()} == {
        "OAF": 140,
        "YAF": 140,
        "DC": 120,
        "JE": 120,
    }
    assert demo_second.PRODUCTION.parts == {part: len(files) for part, files in names.items()}
    for part, files in names.items():
        convention = TESS if part in ("OAF", "YAF") else SAVEE
        assert {convention.fullmatch(name)[1] for name in files} == {part}
        assert len(set(files)) == len(files)
    codes = [SAVEE.fullmatch(name)[2] for name in names["JE"]]
    assert {code: codes.count(code) for code in set(codes)} == dict.fromkeys("adfh", 15) | {
        "sa": 15,
        "su": 15,
        "n": 30,
    }


def test_the_name_says_what_is_spoken_in_the_second_corpus():
    rows = [row for part in demo_second.CAST for row in demo_second.recordings(part)]
    assert ("YAF_apple_ps.wav", "surprised", "Say the word apple") in rows
    assert ("DC_sa01.wav", "sad", demo_second.SENTENCES[0]) in rows
    assert ("JE_n30.wav", "neutral", demo_second.SENTENCES[14]) in rows


def test_load_gives_both_halves_of_the_second_corpus(home):
    pretend(demo_second.PRODUCTION, home / "demo_second")
    loaded = corpora.load("demo_second")
    assert len(loaded) == 280 + 240
    assert loaded.groupby("speaker")["sex"].first().to_dict() == {
        "demo_second_OAF": "female",
        "demo_second_YAF": "female",
        "demo_second_DC": "male",
        "demo_second_JE": "male",
    }
    assert loaded["recording_id"].is_unique
    assert not loaded["emotion"].isin(["calm", "bored"]).any()


def test_the_second_corpus_has_other_speakers():
    known = {speaker.manner for speaker in voices.speakers(seed=0)}
    others = {voices.speaker(number, seed=0).manner for number in demo_second.CAST.values()}
    assert len(others) == 4
    assert not known & others


@pytest.mark.parametrize("name", ["demo", "demo_second", "demo_twins", "demo_film"])
def test_without_praat_a_corpus_that_is_missing_says_what_to_do(name, home, monkeypatch):
    monkeypatch.setitem(sys.modules, "parselmouth", None)
    with pytest.raises(VoicesError) as caught:
        corpora.load(name)
    assert voices.ADVICE in str(caught.value)
    assert not home.exists()


def test_without_praat_what_is_there_can_be_used(twins, home, monkeypatch):
    monkeypatch.setitem(sys.modules, "parselmouth", None)
    parse = corpora.CORPORA["demo_twins"].parse
    rows = corpora.manifest.build(parse(path) for pair in pairs(twins)[:2] for path in pair)
    assert len(features.extract(rows, features.recipe("report_c"), workers=1, progress=False).x) == 4
    pretend(demo_second.PRODUCTION, home / "demo_second")
    assert len(corpora.load("demo_second")) == 520


def test_all_corpora_that_are_made_are_synthetic():
    made = {name for name, known in corpora.CORPORA.items() if known.production}
    assert made == {name for name, known in corpora.CORPORA.items() if known.synthetic}
    assert made == {"demo", "demo_film", "demo_second", "demo_twins"}
    for name in made:
        assert corpora.CORPORA[name].production.name == name
        assert f"sercourse corpus make {name}`" in corpora.how_to_get(name)
