"""Recipes: what each computes against librosa, and what tells one from another."""

import collections
import dataclasses
import pickle
import subprocess
import sys

import librosa
import numpy as np
import pytest
import scipy.stats
import soundfile
from conftest import RATE

from sercourse import features
from sercourse.errors import SercourseError, UnknownNameError
from sercourse.features import Recipe, compute, smile


@pytest.fixture(scope="module")
def speech():
    """Four seconds of a gliding voice in noise, after half a second of digital silence."""
    time = np.arange(4 * RATE) / RATE
    phase = 2 * np.pi * np.cumsum(150 + 50 * np.sin(2 * np.pi * time)) / RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 20)) * (1 + np.sin(5 * time)) / 10
    samples = voice + 0.01 * np.random.default_rng(0).standard_normal(time.size)
    samples[: RATE // 2] = 0
    return samples.astype(np.float32)


@dataclasses.dataclass(frozen=True)
class Louder:
    """Stands for an augmentation: a frozen value whose repr says all."""

    gain: float


def test_report_d_is_librosas_stft_in_decibels(speech):
    recipe = features.recipe("report_d")
    samples = speech[: 3 * recipe.rate]
    amplitude = np.abs(librosa.stft(samples, n_fft=512, hop_length=256))
    picture = librosa.amplitude_to_db(amplitude)
    np.testing.assert_allclose(compute(speech, recipe.rate, recipe), picture.T, atol=1e-3)


def test_log_mel_is_librosas_mel_spectrogram_in_decibels(speech):
    recipe = Recipe("bands", kind="log_mel", n_fft=1024, hop_length=256, n_mels=40)
    mel = librosa.feature.melspectrogram(y=speech, sr=RATE, n_fft=1024, hop_length=256, n_mels=40)
    np.testing.assert_allclose(compute(speech, RATE, recipe), librosa.power_to_db(mel).T, atol=1e-3)


def test_report_b_is_librosas_mfcc_of_the_stretch(speech):
    frames = librosa.feature.mfcc(y=speech[: int(2.5 * RATE)], sr=RATE)
    np.testing.assert_allclose(compute(speech, RATE, features.recipe("report_b")), frames.T, atol=1e-3)


def test_deltas_are_librosas_and_stand_behind_the_coefficients(speech):
    mfcc = librosa.feature.mfcc(y=speech, sr=RATE, n_mfcc=13)
    expected = np.vstack([mfcc, librosa.feature.delta(mfcc), librosa.feature.delta(mfcc, order=2)])
    found = compute(speech, RATE, Recipe("slopes", n_mfcc=13, deltas=2))
    np.testing.assert_allclose(found, expected.T, atol=1e-3)
    np.testing.assert_array_equal(compute(speech, RATE, Recipe("slope", n_mfcc=13, deltas=1)), found[:, :26])


def test_deltas_are_of_the_frames_that_are_kept(speech):
    mfcc = librosa.feature.mfcc(y=speech, sr=RATE)[:, :20]
    found = compute(speech, RATE, Recipe("few", frames=20, deltas=1))
    np.testing.assert_allclose(found[:, 20:], librosa.feature.delta(mfcc).T, atol=1e-3)


def test_percentiles_are_scipys(speech):
    mfcc = librosa.feature.mfcc(y=speech, sr=RATE)
    recipe = Recipe("percentiles", statistics=("percentile 10", "percentile 97.5", "mean"))
    expected = [scipy.stats.scoreatpercentile(mfcc, share, axis=1) for share in (10, 97.5)]
    expected = np.concatenate([*expected, mfcc.mean(axis=1)])
    np.testing.assert_allclose(compute(speech, RATE, recipe), [expected], atol=1e-3)


def test_percentiles_of_five_frames_by_hand():
    """Between the neighbours in order: 10 % of the way from the first of five to the last is frame 0.4."""
    frames = np.array([[3.0], [1], [5], [2], [4]])
    assert features.summarise(frames, ["percentile 0", "percentile 10", "percentile 50"]).tolist() == [
        pytest.approx([1, 1.4, 3])
    ]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("report_a", (130, 20)),  # stated: ceil(3 x 22050 / 512)
        ("report_b", (108, 20)),  # stated
        ("report_c", (1, 40)),  # derived from the shape of the network's input
        ("report_d", (188, 257)),  # 1 + 48000 // 256 frames, 512 / 2 + 1 frequencies
        ("report_e", (173, 40)),  # 1 + 88200 // 512
        ("report_e_mean", (1, 40)),
        ("log_mel", (130, 64)),
        ("mfcc_mean", (1, 40)),
        ("mfcc_statistics", (1, 120)),
    ],
)
def test_shapes_counted_by_hand(speech, name, shape):
    recipe = features.recipe(name)
    found = compute(speech, recipe.rate, recipe)
    assert found.shape == shape
    assert found.dtype == np.float32
    assert recipe.n_frames == (None if name == "report_e" else shape[0])


def test_the_last_of_n_frames_may_be_centred_on_the_end():
    """Frames at 0, 500 and 1000 of 1000 samples: three, not two."""
    recipe = Recipe("whole", rate=1000, n_fft=64, hop_length=500, n_mels=8, n_mfcc=4, seconds=1)
    assert recipe.n_frames == len(compute(np.ones(1000, np.float32), 1000, recipe)) == 3


def test_a_recording_with_too_few_frames_is_refused_with_both_counts(speech):
    """107 hops of 512 are 54,784 samples: one sample less gives 107 frames."""
    assert len(compute(speech[:54_784], RATE, features.recipe("report_b"))) == 108
    with pytest.raises(ValueError, match="has 107 frames, the recipe wants 108"):
        compute(speech[:54_783], RATE, features.recipe("report_b"))


EMOTIONS = dict(zip(("01", "02", "06", "08"), ("neutral", "calm", "fearful", "surprised"), strict=True))


def test_report_b_loses_fifteen_recordings_of_real_ravdess(real_ravdess):
    """As Report B's test rows imply. librosa reads the stretch, also of the 25 next in length, which stay."""
    paths = sorted(real_ravdess.glob("Actor_*/*"), key=lambda path: soundfile.info(path).duration)
    recipe, lost = features.recipe("report_b"), []
    for path in paths[:40]:
        samples, rate = librosa.load(path, sr=RATE, offset=0.6, duration=2.5, res_type="soxr_hq")
        try:
            compute(samples, rate, recipe)
        except ValueError:
            lost.append(path.stem.split("-"))
    assert len(paths) == 1440
    assert lost == [path.stem.split("-") for path in paths[:15]]
    assert collections.Counter(EMOTIONS[fields[2]] for fields in lost) == {
        "surprised": 9,
        "calm": 3,
        "fearful": 2,
        "neutral": 1,
    }
    assert sum(fields[6] in ("11", "13") for fields in lost) == 11


OTHER = {
    "kind": "log_mel",
    "rate": 16_000,
    "n_mfcc": 13,
    "n_fft": 1024,
    "hop_length": 256,
    "n_mels": 64,
    "offset": 0.5,
    "seconds": 3.0,
    "trim": 30.0,
    "frames": 100,
    "deltas": 1,
    "statistics": ("mean",),
    "augmentation": Louder(2.0),
}


def test_the_key_differs_with_every_field_but_the_name():
    assert {field.name for field in dataclasses.fields(Recipe)} == {"name", *OTHER}
    keys = {Recipe("a", **{field: value}).key for field, value in OTHER.items()}
    assert len(keys | {Recipe("a").key}) == len(OTHER) + 1
    assert Recipe("a", augmentation=Louder(2.0)).key != Recipe("a", augmentation=Louder(3.0)).key
    assert Recipe("a").key == Recipe("b").key


def test_equal_content_has_an_equal_key_however_it_is_written():
    written = Recipe("a", rate=np.int64(16_000), offset=0, seconds=np.float64(3), statistics=["mean"])
    same = Recipe("a", rate=16_000, offset=0.0, seconds=3, statistics="mean")
    assert written == same
    assert hash(written) == hash(same)
    assert written.key == same.key


def test_the_key_is_the_same_in_another_process():
    code = "from sercourse import features; print(features.recipe('report_b').key)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == features.recipe("report_b").key


@pytest.mark.parametrize("recipe", features.RECIPES.values(), ids=str)
def test_a_recipe_is_a_small_frozen_value(recipe):
    packed = pickle.dumps(recipe)
    assert len(packed) < 500
    assert pickle.loads(packed) == recipe
    assert recipe in {recipe}
    with pytest.raises(dataclasses.FrozenInstanceError):
        recipe.rate = 8000


def test_a_recipe_says_in_a_line_what_it_does():
    chained = dataclasses.replace(
        features.recipe("report_b"), deltas=2, statistics=("mean", "percentile 10"), augmentation=Louder(2.0)
    )
    said = {name: str(recipe) for name, recipe in features.RECIPES.items()}
    assert str(chained) == (
        "report_b: 20 MFCC at 22050 Hz, window 93 ms, hop 23 ms, 2.5 s from 0.6 s, exactly 108 frames, with "
        "deltas and delta-deltas, mean and percentile 10 over time, augmented by Louder(gain=2.0)"
    )
    assert said["report_a"] == "report_a: 20 MFCC at 22050 Hz, window 93 ms, hop 23 ms, first 3 s"
    assert (
        said["report_d"]
        == "report_d: 257 bins of the STFT in dB at 16000 Hz, window 32 ms, hop 16 ms, first 3 s"
    )
    assert said["log_mel"].startswith("log_mel: 64 mel bands in dB at 22050 Hz")
    assert said["prosody"] == "prosody: prosody by Praat at 22050 Hz, whole recording"
    assert said["egemaps"] == "egemaps: eGeMAPS functionals by openSMILE at 16000 Hz, whole recording"
    assert said["compare"] == "compare: ComParE 2016 functionals by openSMILE at 16000 Hz, whole recording"
    assert "all after 0.5 s" in str(Recipe("a", offset=0.5))


@pytest.mark.parametrize(
    ("fields", "error", "said"),
    [
        ({"kind": "chroma"}, UnknownNameError, "'chroma'.*compare, egemaps, log_mel, mfcc, prosody, stft"),
        ({"statistics": ("median",)}, UnknownNameError, "'median'.*deviation, mean, percentile N"),
        ({"statistics": ("percentile 101",)}, UnknownNameError, "percentile 101"),
        ({"offset": -0.1}, ValueError, "offset is -0.1 s; give 0 or more"),
        ({"offset": float("nan")}, ValueError, "offset is nan"),
        ({"seconds": 0}, ValueError, "seconds is 0.0; give more than 0, or None"),
        ({"seconds": "all"}, TypeError, "seconds is 'all'; give a number of seconds"),
        ({"rate": 16_000.5}, TypeError, "rate is 16000.5; give a whole number"),
        ({"rate": None}, TypeError, "rate is None; give a whole number"),
        ({"hop_length": 0}, ValueError, "hop_length is 0; give at least 1"),
        ({"frames": 0}, ValueError, "frames is 0"),
        ({"deltas": 3}, ValueError, "deltas is 3; give 0, 1 or 2"),
        ({"n_mfcc": 41, "n_mels": 40}, ValueError, "n_mfcc is 41; 40 mel bands"),
        ({"kind": "prosody", "statistics": ("mean",)}, ValueError, "prosody gives one row a recording"),
        ({"kind": "egemaps", "frames": 10}, ValueError, "egemaps gives one row a recording"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(fields, error, said):
    with pytest.raises(error, match=said):
        Recipe("wrong", **fields)


@pytest.mark.parametrize(
    "recipe",
    [
        *(made for made in features.RECIPES.values() if made.kind in ("mfcc", "log_mel", "stft")),
        Recipe("all", n_mfcc=13, deltas=2, statistics=("mean", "percentile 90")),
    ],
    ids=str,
)
def test_every_coefficient_has_a_name_of_its_own(speech, recipe):
    names = features.coefficient_names(recipe)
    assert len(set(names)) == len(names) == compute(speech, recipe.rate, recipe).shape[1]


def test_coefficients_are_named_in_their_order():
    both = Recipe("both", n_mfcc=2, deltas=2, statistics=("mean", "percentile 90"))
    assert features.coefficient_names(both) == [
        *("mean of MFCC 1", "mean of MFCC 2", "mean of delta of MFCC 1", "mean of delta of MFCC 2"),
        *("mean of delta-delta of MFCC 1", "mean of delta-delta of MFCC 2"),
        *("percentile 90 of MFCC 1", "percentile 90 of MFCC 2"),
        *("percentile 90 of delta of MFCC 1", "percentile 90 of delta of MFCC 2"),
        *("percentile 90 of delta-delta of MFCC 1", "percentile 90 of delta-delta of MFCC 2"),
    ]
    assert features.coefficient_names(features.recipe("log_mel"))[63] == "mel band 64"
    prosody = features.coefficient_names(features.recipe("prosody"))
    assert prosody[0] == "f0"
    assert prosody[-2:] == ["movement", "shimmer"]


def test_frequencies_of_the_stft_are_librosas():
    names = features.coefficient_names(features.recipe("report_d"))
    hertz = [float(name.removesuffix(" Hz")) for name in names]
    np.testing.assert_allclose(hertz, librosa.fft_frequencies(sr=16_000, n_fft=512))


@pytest.fixture
def opensmile():
    """An optional package; CI installs it."""
    return pytest.importorskip("opensmile", reason="opensmile is not here: uv sync --extra opensmile")


@pytest.mark.usefixtures("opensmile")
@pytest.mark.parametrize(("name", "count"), [("egemaps", 88), ("compare", 6373)])
def test_opensmiles_sets_have_their_published_size(speech, name, count):
    recipe = features.recipe(name)
    found = compute(speech, recipe.rate, recipe)
    assert found.shape == (1, count)
    assert np.isfinite(found).all()
    assert len(set(features.coefficient_names(recipe))) == count


@pytest.mark.usefixtures("opensmile")
@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_egemaps_finds_the_f0_of_a_buzz_at_any_rate(rate):
    """200 Hz lie 12 log2(200 / 27.5) = 34.35 semitones above 27.5 Hz, which eGeMAPS counts from."""
    time = np.arange(2 * rate) / rate
    buzz = (sum(np.sin(2 * np.pi * 200 * k * time) / k for k in range(1, 30)) / 10).astype(np.float32)
    recipe = Recipe("buzz", kind="egemaps", rate=rate)
    named = dict(zip(features.coefficient_names(recipe), compute(buzz, rate, recipe)[0], strict=True))
    assert named["F0semitoneFrom27.5Hz_sma3nz_amean"] == pytest.approx(34.35, abs=0.1)
    assert named["jitterLocal_sma3nz_amean"] < 0.02


@pytest.mark.usefixtures("opensmile")
def test_opensmile_does_not_take_down_a_process_that_has_tensorflow():
    code = (
        "import tensorflow, numpy as np\n"
        "from sercourse import features\n"
        "sound = np.random.default_rng(0).normal(0, 0.1, 32_000).astype('float32')\n"
        "for _ in range(3):\n"
        "    print(features.compute(sound, 16_000, features.recipe('egemaps')).shape)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[-2] == "(1, 88)"


@pytest.mark.usefixtures("opensmile")
def test_too_short_for_opensmile_is_refused():
    recipe = features.recipe("egemaps")
    with pytest.raises(ValueError, match=r"too short for openSMILE: 0\.006 s"):
        compute(np.ones(100, np.float32), recipe.rate, recipe)


def test_without_opensmile_the_error_says_how_to_install_it_and_what_its_licence_allows(monkeypatch):
    monkeypatch.setitem(sys.modules, "opensmile", None)
    smile._smile.cache_clear()
    with pytest.raises(SercourseError, match=r"uv sync --extra opensmile.*pip install.*not commercial use"):
        compute(np.zeros(16_000, np.float32), 16_000, features.recipe("compare"))
