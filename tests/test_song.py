"""Speech against speech and song: who is trained on, what is tested, what one without song is told."""

import shutil

import numpy as np
import pytest
from conftest import write_tone
from guesses import guessed

from sercourse import reports
from sercourse.errors import CorpusError
from sercourse.reports import song
from sercourse.reports.song import BOTH, RANDOM, SPEECH, UNSEEN, Arm

SUNG = ("01", "02", "03", "04", "05", "06")


@pytest.fixture
def singing(home):
    """RAVDESS in small: eight emotions spoken by 24 actors, six sung by all but actor 18."""
    rng = np.random.default_rng(0)
    for actor in range(1, 25):
        for channel in ("01", "02"):
            if channel == "02" and actor == 18:
                continue
            folder = home / "ravdess" / ("song" if channel == "02" else "speech") / f"Actor_{actor:02d}"
            for emotion in SUNG if channel == "02" else (*SUNG, "07", "08"):
                name = f"03-{channel}-{emotion}-01-01-01-{actor:02d}.wav"
                write_tone(folder / name, 60 * int(emotion) + 5 * actor, rng, seconds=0.3)
    return home / "ravdess"


@pytest.fixture
def rows(singing):
    return song.load("ravdess")


def test_the_small_corpus_is_made_as_the_large_one(rows):
    assert rows["channel"].value_counts().to_dict() == {"speech": 24 * 8, "song": 23 * 6}
    sung = rows[rows["channel"] == "song"]
    assert "ravdess_18" not in set(sung["speaker"])
    assert not set(sung["emotion"]) & {"disgust", "surprised"}


@pytest.mark.parametrize("protocol", [RANDOM, UNSEEN])
def test_both_are_tested_on_the_same_speech_and_differ_by_song_alone(rows, protocol):
    is_speech = (rows["channel"] == "speech").to_numpy(bool)
    plain, both = (song.folds(rows, Arm(protocol, trained), 0) for trained in (SPEECH, BOTH))
    for without, with_song in zip(plain, both, strict=True):
        np.testing.assert_array_equal(without.test, with_song.test)
        np.testing.assert_array_equal(without.train, with_song.train[is_speech[with_song.train]])
        assert (~is_speech[with_song.train]).any()
        assert not set(with_song.train) & set(with_song.test)
    tested = np.sort(np.concatenate([fold.test for fold in both]))
    np.testing.assert_array_equal(tested, np.flatnonzero(is_speech))


def test_a_tested_actor_is_not_heard_singing(rows):
    speaker = rows["speaker"].to_numpy(str)
    for train, test in song.folds(rows, Arm(UNSEEN, BOTH), 0):
        assert not set(speaker[train]) & set(speaker[test])
    known = [
        set(speaker[test]) <= set(speaker[train]) for train, test in song.folds(rows, Arm(RANDOM, BOTH), 0)
    ]
    assert all(known)


def test_it_is_measured_with_equal_updates(singing, monkeypatch, tmp_path):
    trained = []

    def pretended(network, extracted, folds, epochs, batch_size, **settings):
        trained.append(epochs * (min(len(fold.train) for fold in folds) // batch_size))
        return guessed(extracted, folds, len(trained))

    monkeypatch.setattr(song, "UPDATES", 40)
    monkeypatch.setattr(song.training, "cross_predict", pretended)
    found = reports.measure("song", "ravdess", 1, tmp_path / "song.csv")
    assert found["protocol"].tolist() == [RANDOM, RANDOM, UNSEEN, UNSEEN]
    assert (found["n_test"] == 24 * 8).all()
    assert found["difference"].isna().tolist() == [True, False, True, False]
    steps = [
        9,
        16,
        9,
        16,
    ]  # by hand: 4/5 of 192 and of 330 rows, sixteen at a time; 19 of 24 actors are a bit fewer
    assert all(abs(updates - 40) <= step for updates, step in zip(trained, steps, strict=True))
    apart = found["uar"][1] - found["uar"][0], found["uar"][3] - found["uar"][2]
    np.testing.assert_allclose(found["difference"].dropna(), apart, atol=1e-6)


def test_without_song_one_is_told_how_to_get_it(small_ravdess):
    with pytest.raises(CorpusError, match=r"no song on this machine.*`sercourse corpus get ravdess --song`"):
        reports.measure("song", "ravdess", 1)


def test_without_speech_too(singing):
    shutil.rmtree(singing / "speech")
    with pytest.raises(CorpusError, match=r"no speech on this machine.*`sercourse corpus get ravdess`"):
        song.load("ravdess")


def test_no_corpus_at_all_is_the_loaders_own_message(home):
    with pytest.raises(CorpusError, match="corpus ravdess not found"):
        song.load("ravdess")
