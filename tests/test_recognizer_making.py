"""How a recognizer is trained: who is used for what, what is chosen, and the measures that it rests on."""

import shutil

import numpy as np
import pandas as pd
import pytest
from babble import babble

from sercourse import evaluation, recognizer, splits
from sercourse.errors import LeakError
from sercourse.recognizer import choosing, measuring, speech
from sercourse.recognizer.answers import Answer
from sercourse.recognizer.noises import NOISES
from sercourse.recognizer.recognizer import tempered

RATE = 22_050
TIME = np.arange(3 * RATE) / RATE


@pytest.fixture
def babbling(babble_home, monkeypatch):
    monkeypatch.setenv("SERCOURSE_HOME", str(babble_home))
    monkeypatch.delenv("SERCOURSE_DATA", raising=False)


def quick(**settings):
    """Train as the fixture `small_bundle` is trained."""
    return recognizer.train("ravdess", "report_e_ann", epochs=4, progress=False, **settings)


def test_nobody_is_on_two_sides_and_the_published_fold_is_tested(small_bundle):
    split = small_bundle.split
    assert split["test"] == [f"ravdess_{actor:02d}" for actor in splits.PUBLISHED_FIVE[0]]
    assert len({*split["train"], *split["validation"], *split["test"]}) == 24
    assert [len(split[side]) for side in ("train", "validation", "test")] == [15, 4, 5]


def test_what_is_measured_is_measured_on_the_test_speakers(small_bundle):
    """Five speakers with four recordings each; sad and angry babble is easily told apart."""
    results = small_bundle.results
    assert results["n"] == 20
    assert set(results["by_speaker"]) == set(small_bundle.split["test"])
    assert set(results["by_sex"]) == {"male", "female"}
    assert results["chance"] == 0.5
    assert results["uar"] > 0.8
    low, high = results["interval"]
    assert low <= results["uar"] <= high
    assert sum(results["verdicts"].values()) == 20


def test_the_same_seed_gives_the_same_bundle(small_bundle, babbling):
    again = quick(listen=False)
    for mine, same in zip(small_bundle.model.get_weights(), again.model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, same)
    for name in ("temperature", "thresholds", "results", "split", "settings"):
        assert getattr(small_bundle, name) == getattr(again, name)


def test_a_network_with_a_regime_is_trained_on_crops_and_hears_windows(babbling, tmp_path):
    """Trimmed, too, and of any length: what it says of a file is what it says after it was saved."""
    brief = {"epochs": 3, "warm_up": 1, "averaged": 1, "filters": (4, 4), "units": 4}
    made = recognizer.train("ravdess", "course_best", listen=False, progress=False, **brief)
    assert (made.recipe.trim, made.recipe.seconds) == (30.0, 3.0)
    assert made.settings["epochs"] == made.settings["horizon"] == 3
    assert made.settings["batch_size"] == 32
    assert made.split["test"] == [f"ravdess_{actor:02d}" for actor in splits.PUBLISHED_FIVE[0]]
    assert "Validation speakers chose the temperature" in recognizer.model_card(made)
    kept = recognizer.load(recognizer.save(made, tmp_path / "best.zip"))
    sound = babble(np.random.default_rng(3), seconds=2.0)
    said, again = (recognizer.Recognizer(each).predict(sound, RATE) for each in (made, kept))
    assert said.probabilities
    assert said.probabilities == pytest.approx(again.probabilities, abs=1e-5)


def test_a_test_recording_that_is_trained_on_under_another_name_is_found(babble_home, tmp_path, monkeypatch):
    """A file of actor 2, who is tested, also stands among those of actor 1."""
    shutil.copytree(babble_home / "ravdess", tmp_path / "ravdess")
    names = [f"Actor_{actor:02d}/03-01-05-01-01-01-{actor:02d}.wav" for actor in (2, 1)]
    shutil.copy(*(tmp_path / "ravdess" / name for name in names))
    monkeypatch.setenv("SERCOURSE_HOME", str(tmp_path))
    monkeypatch.delenv("SERCOURSE_DATA", raising=False)
    with pytest.raises(LeakError, match="identical samples"):
        quick()


def test_the_temperature_that_made_a_network_too_sure_is_found():
    """Truths drawn by honest probabilities, which are then raised to the third power."""
    rng = np.random.default_rng(0)
    honest = rng.dirichlet(np.full(4, 0.7), 4000)
    classes = np.array(list("abcd"))
    true = classes[[rng.choice(4, p=row) for row in honest]]
    bold = honest**3 / (honest**3).sum(axis=1, keepdims=True)
    assert choosing.temperature(true, bold, classes) == pytest.approx(3, rel=0.1)
    np.testing.assert_allclose(tempered(bold, 3.0), honest, atol=1e-3)


def test_the_limit_of_confidence_by_hand():
    """Sorted: right, right, wrong, right, wrong. From .5 on 3 of 4 are right, from .8 on all are."""
    right, confidence = [False, True, True, True, False], [0.4, 0.9, 0.5, 0.8, 0.6]
    assert choosing.sure(right, confidence, 0.75) == 0.5
    assert choosing.sure(right, confidence, 0.9) == 0.8
    assert choosing.sure(right, confidence, 0.6) == 0.4


def test_answers_of_one_confidence_stand_or_fall_together():
    """Both have .7, and one is wrong: no limit lies between them."""
    assert choosing.sure([True, True, False], [0.9, 0.7, 0.7], 0.99) == 0.9
    assert choosing.sure([True, False], [0.7, 0.7], 0.99) == 0.7


def test_limits_lie_between_speech_and_noise():
    rng = np.random.default_rng(1)
    said = [babble(rng, 3.0, RATE, rng.uniform(90, 250), rng.uniform(3, 6)) for _ in range(20)]
    limits = recognizer.Thresholds(**choosing.speech_limits(said, RATE))
    others = [babble(rng, 3.0, RATE, rng.uniform(90, 250), rng.uniform(3, 6)) for _ in range(20)]
    passed = [not speech.lacks(speech.measure(each, RATE), limits) for each in others]
    assert np.mean(passed) >= 0.95
    made = np.random.default_rng(2)
    for kind, make in NOISES.items():
        got = [speech.lacks(speech.measure(make(made, 3 * RATE, RATE), RATE), limits) for _ in range(10)]
        assert sum(map(bool, got)) >= 9, kind


def test_the_level_is_that_of_a_sine():
    """A sine of amplitude .5 has a mean square of 1/8: -9.03 dB."""
    measured = speech.measure(0.5 * np.sin(2 * np.pi * 200 * TIME), RATE)
    assert measured.level == pytest.approx(10 * np.log10(1 / 8), abs=0.05)


def test_an_offset_is_no_level():
    assert speech.measure(np.full(RATE, 0.5), RATE).level <= -100


def test_the_flatness_of_noise_is_that_of_theory():
    """A periodogram of white noise is exponentially distributed, so that it is -10 lg e^gamma."""
    noise = np.random.default_rng(0).normal(size=3 * RATE)
    assert speech.measure(noise, RATE).flatness == pytest.approx(-10 * np.euler_gamma / np.log(10), abs=0.2)


def test_voiced_is_what_repeats_itself_at_a_pitch():
    pulses = (np.diff(np.floor(120 * TIME), prepend=0) > 0).astype(float)
    noise = np.random.default_rng(0).normal(size=len(TIME))
    assert speech.measure(pulses, RATE).voiced > 0.95
    assert speech.measure(noise, RATE).voiced < 0.01
    half = np.where(TIME < 1.5, pulses / pulses.std(), noise)
    assert speech.measure(half, RATE).voiced == pytest.approx(0.5, abs=0.05)


def test_change_is_the_deviation_of_the_bands():
    """White noise that is 20 dB louder in every other half of a second: 10 dB from the mean, nearly."""
    noise = np.random.default_rng(0).normal(size=len(TIME))
    steps = np.where(TIME % 1 < 0.5, 1.0, 0.1)
    assert speech.measure(noise, RATE).change < 3
    assert speech.measure(noise * steps, RATE).change == pytest.approx(10, abs=0.7)


def test_a_judgement_without_probabilities_is_left_out_of_the_scores():
    said = [Answer("sad", "", {"sad": 0.8, "angry": 0.2}, 0.8), Answer("not speech", "")]
    there, probabilities = measuring.judged(said, ["angry", "sad"])
    assert there.tolist() == [0]
    assert probabilities.tolist() == [[0.2, 0.8]]


def test_coverage_is_counted_row_by_row():
    rng = np.random.default_rng(0)
    classes = ["sad", "happy", "angry"]
    probabilities = rng.dirichlet(np.ones(3), 200)
    true = [classes[rng.choice(3, p=row)] for row in probabilities]
    table = evaluation.coverage(true, probabilities, classes, thresholds=[0.0, 0.5, 0.7, 1.1])
    for row in table.itertuples():
        given = [
            classes[said.argmax()] == name
            for name, said in zip(true, probabilities, strict=True)
            if said.max() >= row.threshold
        ]
        assert row.coverage == pytest.approx(len(given) / 200)
        assert (np.mean(given) if given else np.nan) == pytest.approx(row.accuracy, nan_ok=True)
    assert table["coverage"].iloc[0] == 1
    assert pd.isna(table["accuracy"].iloc[-1])
