"""From sound to an answer: features as in training, sound of any kind, and no emotion for noise."""

import dataclasses
import itertools

import numpy as np
import pytest
import soundfile
from babble import babble
from encode import encode
from scipy.signal import resample_poly

from sercourse import audio, features
from sercourse.corpora import manifest
from sercourse.errors import AudioError, TooShortError
from sercourse.recognizer import NOT_SPEECH, NOT_SURE, REFUSALS, TOO_SHORT, Recognizer
from sercourse.recognizer.making import windowed

RATE = 22_050


@pytest.fixture(scope="module")
def recognizer(small_bundle):
    return Recognizer(small_bundle)


@pytest.fixture(scope="module")
def angry():
    return babble(np.random.default_rng(7), 1.5, RATE, 190, 6.0, 0.12)


def one_row(path):
    row = dict.fromkeys(manifest.COLUMNS) | {
        "path": str(path),
        "corpus": "demo",
        "recording_id": "a",
        "speaker": "demo_01",
        "emotion": "sad",
        "label": "sad",
        "channel": "speech",
        "modality": "audio",
    }
    return manifest.build([row])


@pytest.mark.parametrize(
    "name", ["report_a", "report_b", "report_c", "report_d", "log_mel", "mfcc_statistics", "prosody"]
)
@pytest.mark.parametrize(("rate", "channels"), [(48_000, 1), (44_100, 2), (16_000, 1)])
def test_features_of_samples_are_those_of_the_extractor(home, tmp_path, name, rate, channels):
    """What the extractor gives for a file that holds the samples, to 1e-6 of its largest value."""
    rng = np.random.default_rng(0)
    said = np.stack([babble(rng, 3.7, rate) for _ in range(channels)], axis=1)
    soundfile.write(tmp_path / "a.wav", said, rate, subtype="FLOAT")
    recipe = windowed(features.recipe(name))
    wanted = features.extract(one_row(tmp_path / "a.wav"), recipe, workers=1, progress=False, cache=False)
    found = features.extract_samples(said.mean(axis=1), rate, recipe)
    there = wanted.x[0][wanted.mask[0]]
    np.testing.assert_allclose(found, there, rtol=0, atol=1e-6 * np.nanmax(np.abs(there)))


def test_an_answer_is_the_network_s_on_the_extractor_s_features(recognizer, tmp_path, home, angry):
    """Scaled, run and tempered by hand, from what training's own extractor gives."""
    soundfile.write(tmp_path / "a.wav", angry, RATE, subtype="FLOAT")
    bundle = recognizer.bundle
    x = features.extract(one_row(tmp_path / "a.wav"), bundle.recipe, workers=1, progress=False, cache=False).x
    raw = bundle.model.predict(((x - bundle.mean) / bundle.deviation).astype(np.float32), verbose=0)[0]
    powers = raw.astype(float) ** (1 / bundle.temperature)
    wanted = dict(zip(bundle.classes, powers / powers.sum(), strict=True))
    for answer in (recognizer.predict_file(tmp_path / "a.wav"), recognizer.predict(angry, RATE)):
        assert answer.probabilities == pytest.approx(wanted, abs=1e-5)
        assert answer.confidence == pytest.approx(max(wanted.values()), abs=1e-5)


def test_another_rate_gives_the_same_answer_within_the_resampler_s_tolerance(recognizer, angry):
    """SciPy's resampler makes the samples at the other rate; a probability moves by less than .05."""
    here = recognizer.predict(angry, RATE).probabilities
    for up, down in ((2, 1), (160, 147)):
        there = recognizer.predict(resample_poly(angry, up, down), RATE * up / down).probabilities
        assert there == pytest.approx(here, abs=0.05)


def test_any_type_and_any_layout_gives_the_same_answer(recognizer, angry):
    wanted = recognizer.predict(angry, RATE).probabilities
    stereo = np.stack([angry, angry], axis=1)
    same = (angry.astype(float), stereo, np.asfortranarray(stereo).T, angry.tolist())
    for samples in same:
        assert recognizer.predict(samples, RATE).probabilities == pytest.approx(wanted, abs=1e-6)
    for kind, full, middle, near in (
        (np.int16, 2**15, 0, 0.02),
        (np.int32, 2**31, 0, 1e-4),
        (np.uint8, 2**7, 128, 0.3),
    ):
        whole = np.clip(np.round(angry.astype(float) * full) + middle, *_range(kind)).astype(kind)
        assert recognizer.predict(whole, RATE).probabilities == pytest.approx(wanted, abs=near)


def _range(kind):
    return np.iinfo(kind).min, np.iinfo(kind).max


def test_stereo_is_averaged(recognizer, angry):
    """Two channels of opposite sign cancel: nothing is left to hear."""
    assert recognizer.predict(np.stack([angry, -angry], axis=1), RATE).verdict == NOT_SPEECH


@pytest.mark.parametrize(
    ("samples", "rate", "said"),
    [
        (np.zeros((3, 4, 5)), RATE, "shape"),
        (np.array(["a", "b"]), RATE, "whole numbers or floats"),
        (np.full(RATE, np.nan), RATE, "not all finite"),
        (np.full(RATE, 3000.0), RATE, "3000"),
        (np.arange(RATE), RATE, "int16 or int32"),
        (np.zeros(RATE), 0, "rate"),
        (np.zeros(RATE), float("nan"), "rate"),
    ],
)
def test_what_is_no_sound_is_an_error_that_says_so(recognizer, samples, rate, said):
    with pytest.raises(ValueError, match=said):
        recognizer.predict(samples, rate)


def sounds():
    """Sounds without speech, of 3 s at 22,050 Hz: none of them made by the package."""
    rng, time = np.random.default_rng(3), np.arange(3 * RATE) / RATE
    knocks = np.zeros(len(time))
    knocks[:: RATE // 3] = 0.8
    notes = [np.sin(2 * np.pi * note * time) for note in (262, 330, 392, 524, 660)]
    return {
        "digital silence": np.zeros(len(time)),
        "white noise": 0.1 * rng.normal(size=len(time)),
        "mains hum": 0.2 * np.sin(2 * np.pi * 50 * time) + 0.1 * np.sin(2 * np.pi * 150 * time),
        "a held chord": 0.1 * np.sum(notes, axis=0),
        "knocks": knocks,
        "a beep": 0.3 * np.sin(2 * np.pi * 1000 * time) * (time % 1 < 0.5),
        "a microphone's offset": np.full(len(time), 0.2),
    }


@pytest.mark.parametrize("name", sounds())
def test_what_is_no_speech_gets_no_emotion(recognizer, name):
    answer = recognizer.predict(sounds()[name], RATE)
    assert answer.verdict == NOT_SPEECH, answer
    assert not answer.probabilities
    assert answer.likeliest is None
    assert answer.reason


@pytest.mark.parametrize("n", [0, 1, 400, RATE // 4])
def test_a_very_short_sound_is_too_short(recognizer, n, angry):
    assert recognizer.predict(angry[:n], RATE).verdict == TOO_SHORT


def test_an_overdriven_sound_is_not_judged(recognizer, angry):
    answer = recognizer.predict(np.clip(40 * angry, -1, 1), RATE)
    assert answer.verdict == NOT_SURE
    assert "overdriven" in answer.reason
    assert recognizer.predict(angry, RATE).verdict not in (NOT_SPEECH, TOO_SHORT)


def test_who_is_not_sure_says_so_and_still_gives_probabilities(small_bundle, angry):
    limits = dataclasses.replace(small_bundle.thresholds, sure=1.1)
    answer = Recognizer(dataclasses.replace(small_bundle, thresholds=limits)).predict(angry, RATE)
    assert answer.verdict == NOT_SURE
    assert answer.likeliest in small_bundle.classes
    assert sum(answer.probabilities.values()) == pytest.approx(1)


def test_over_time_each_window_has_an_answer_of_its_own(recognizer):
    """Babble from 3 s to 6 s, silence before and after; windows of 3 s every 1.5 s."""
    said = babble(np.random.default_rng(5), 3.0, RATE, 190, 6.0, 0.12)
    whole = np.concatenate([np.zeros(3 * RATE), said, np.zeros(3 * RATE)])
    table = recognizer.predict_over_time(whole, RATE, hop=1.5)
    assert table["start"].tolist() == [0, 1.5, 3, 4.5, 6]
    assert (table["end"] - table["start"]).tolist() == [3.0] * 5
    assert (table["verdict"] == NOT_SPEECH).tolist() == [True, False, False, False, True]
    assert table[list(recognizer.bundle.classes)].sum(axis=1, skipna=False)[2] == pytest.approx(1)
    alone = recognizer.predict(said, RATE).probabilities
    assert table.loc[2, list(alone)].to_dict() == pytest.approx(alone)


def test_a_long_sound_is_the_mean_of_its_windows_with_speech(recognizer):
    rng = np.random.default_rng(6)
    first, second = (babble(rng, 3.0, RATE, pitch) for pitch in (120, 240))
    whole = np.concatenate([first, np.zeros(3 * RATE, np.float32), second])
    each = [recognizer.predict(part, RATE).probabilities for part in (first, second)]
    wanted = {name: (each[0][name] + each[1][name]) / 2 for name in each[0]}
    answer = recognizer.predict(whole, RATE)
    assert answer.probabilities == pytest.approx(wanted, abs=1e-6)
    assert answer.seconds == pytest.approx(9.0)


def test_sound_without_end_can_be_stopped_and_is_not_hoarded(recognizer):
    taken = []

    def endless():
        for number in itertools.count():
            taken.append(number)
            yield babble(np.random.default_rng(number), 1.0, RATE)

    answers = recognizer.stream(endless(), RATE, hop=1.0)
    starts = [start for start, _, _ in itertools.islice(answers, 3)]
    answers.close()
    assert starts == [0, 1, 2]
    assert len(taken) == 5  # three windows of 3 s, a second apart, need 5 s


@pytest.mark.parametrize("hop", [0, -1, 3.5])
def test_a_hop_that_skips_sound_is_refused(recognizer, hop, angry):
    with pytest.raises(ValueError, match="hop"):
        recognizer.predict_over_time(angry, RATE, hop=hop)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.m4a", "aac"), ("a.webm", "libopus"), ("a.ogg", "libopus"), ("a.mp3", "mp3")]
)
def test_what_phones_and_browsers_record_is_read(recognizer, tmp_path, name, codec):
    said = babble(np.random.default_rng(7), 3.0, 48_000, 190, 6.0, 0.12)
    encode(tmp_path / name, said, 48_000, codec)
    wanted = recognizer.predict(said, 48_000)
    answer = recognizer.predict_file(tmp_path / name)
    assert answer.seconds == pytest.approx(3.0, abs=0.1)
    assert answer.probabilities
    assert answer.likeliest == wanted.likeliest


def test_a_long_file_is_streamed_and_says_the_same(recognizer, tmp_path, monkeypatch):
    """65 s: longer than what is read at once. No more than some seconds of it are held."""
    said = np.tile(babble(np.random.default_rng(8), 13.0, RATE, 190, 6.0, 0.12), 5)
    soundfile.write(tmp_path / "long.wav", said, RATE)
    wanted = recognizer.predict(said, RATE)
    monkeypatch.setattr(audio, "read", None)  # would be needed to read it at once
    answer = recognizer.predict_file(tmp_path / "long.wav")
    assert answer.seconds == pytest.approx(65.0, abs=0.01)
    assert answer.probabilities == pytest.approx(wanted.probabilities, abs=0.02)
    table = recognizer.predict_file_over_time(tmp_path / "long.wav", hop=3.0)
    assert len(table) == 22
    assert not set(table["verdict"]) & set(REFUSALS) - {NOT_SURE}


def test_files_that_are_no_sound_are_errors_that_name_them(recognizer, tmp_path):
    (tmp_path / "a.wav").write_text("no sound")
    (tmp_path / "empty.wav").write_bytes(b"")
    for name in ("a.wav", "empty.wav", "missing.wav"):
        with pytest.raises(AudioError, match=name):
            recognizer.predict_file(tmp_path / name)


def test_a_recipe_with_an_offset_skips_it_in_each_window(angry):
    """Report B leaves out .6 s: samples before that have no say."""
    recipe = dataclasses.replace(features.recipe("report_b"), frames=None)
    changed = np.concatenate([np.zeros(round(0.6 * RATE), np.float32), angry])
    wanted = features.extract_samples(angry, RATE, dataclasses.replace(recipe, offset=0.0))
    np.testing.assert_array_equal(features.extract_samples(changed, RATE, recipe), wanted)
    with pytest.raises(TooShortError):
        features.extract_samples(angry[: round(0.65 * RATE)], RATE, recipe)
