"""Augmentation: each effect does what its name says; a copy depends on seed and content alone."""

import itertools
import os
import pickle
import subprocess
import sys

import librosa
import numpy as np
import pytest
import scipy.signal
import scipy.stats
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from sercourse import augment
from sercourse.augment import Augmentation
from sercourse.errors import UnknownNameError

RATES = (16_000, 22_050, 48_000)
EFFECTS = sorted(augment.EFFECTS)


def apply(name, samples, rate, seed=0):
    return augment.augmentation(name).with_seed(seed)(samples, rate, "a recording")


def voice(rate, seconds=1.0, f0=150.0):
    """Overtones up to 3,500 Hz in four syllables a second: something like speech."""
    time = np.arange(round(seconds * rate)) / rate
    partials = [np.sin(2 * np.pi * f0 * k * time + k**2) / k for k in range(1, int(3500 / f0))]
    return (0.2 * np.sum(partials, axis=0) * np.sin(np.pi * 4 * time) ** 2).astype(np.float32)


def tone(rate, frequency=440.0, seconds=2.0):
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def frequency_of(samples, rate):
    """Frequency of a tone, from the parabola through the highest point of its zero-padded spectrum."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    n = 16 * len(middle)
    power = np.log(np.abs(np.fft.rfft(middle * np.blackman(len(middle)), n)))
    peak = power.argmax()
    left, top, right = power[peak - 1 : peak + 2]
    return (peak + (left - right) / (2 * (left - 2 * top + right))) * rate / n


def cents(ratio):
    return 1200 * np.log2(ratio)


def rms(samples):
    return np.sqrt(np.mean(np.asarray(samples, float) ** 2))


def decibels(ratio):
    return 20 * np.log10(ratio)


# What holds for every effect


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_gives_new_samples_within_full_scale_and_leaves_its_input_alone(name, rate):
    loud = np.clip(np.random.default_rng(0).normal(scale=0.8, size=rate), -1, 1).astype(np.float32)
    before = loud.copy()
    changed = apply(name, loud, rate)
    np.testing.assert_array_equal(loud, before)
    assert not np.shares_memory(changed, loud)
    assert changed.dtype == np.float32
    assert changed.shape == (round(rate / 0.85) if name == "stretch" else rate,)
    assert np.isfinite(changed).all()
    assert np.abs(changed).max() <= 1
    assert (name == "nothing") == np.array_equal(changed, loud)


@pytest.mark.parametrize("rate", [*RATES, 24_414])
@pytest.mark.parametrize("n_samples", [1, 2, 3, 20, 700])
@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_takes_the_shortest_recordings(name, n_samples, rate):
    changed = apply(name, np.full(n_samples, 0.5, np.float32), rate)
    assert len(changed) == (max(1, round(n_samples / 0.85)) if name == "stretch" else n_samples)
    assert np.isfinite(changed).all()


@pytest.mark.parametrize("n_samples", [1, 100, 20_000])
@pytest.mark.parametrize("name", EFFECTS)
def test_silence_stays_silence(name, n_samples):
    assert not apply(name, np.zeros(n_samples, np.float32), 22_050).any()


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (np.zeros(0, np.float32), r"n > 0, not \(0,\)"),
        (np.zeros((2, 100), np.float32), r"mono samples.* not \(2, 100\)"),
        (np.zeros(100, np.int16), "not int16: divide by full scale"),
        (np.array([0.1, np.nan]), "NaN or infinity"),
    ],
)
def test_what_is_no_recording_is_refused(name, samples, reason):
    with pytest.raises(ValueError, match=reason):
        apply(name, samples, 22_050)


def test_parameters_out_of_range_are_refused():
    samples, rng = voice(16_000), np.random.default_rng(0)
    for effect, arguments in (
        (augment.noise, {"rng": rng, "amount": -0.1}),
        (augment.stretch, {"rate": 16_000, "speed": 0}),
        (augment.shift, {"rate": 16_000, "rng": rng, "seconds": -1}),
        (augment.pitch, {"rate": 16_000, "semitones": 30}),
        (augment.room, {"rate": 16_000, "rng": rng, "rt60": 0}),
        (augment.room, {"rate": 16_000, "rng": rng, "direct_to_reverberant": np.nan}),
        (augment.codec, {"rate": 16_000, "kilobits": 1}),
    ):
        with pytest.raises(ValueError, match=r"must be|can change"):
            effect(samples, **arguments)


def test_what_is_too_loud_is_turned_down_and_not_clipped():
    samples = tone(16_000) * np.float32(2)
    by_hand = samples + 0.5 * np.random.default_rng(3).uniform() * np.random.default_rng(4).normal(
        size=32_000
    )
    assert np.abs(by_hand).max() > 1
    loud = augment.noise(samples, np.random.default_rng(3), amount=0.5)
    assert (np.abs(loud) == 1).sum() == 1
    quiet = augment.noise(samples / 4, np.random.default_rng(3), amount=0.5)
    np.testing.assert_allclose(loud / np.abs(loud).max(), quiet / np.abs(quiet).max(), atol=1e-6)


# Noise


def test_noise_is_report_bs_formula():
    samples = -voice(22_050)  # the largest value is not the largest absolute value
    rng = np.random.default_rng(1)
    expected = samples + 0.035 * rng.uniform() * np.abs(samples).max() * rng.standard_normal(
        22_050, np.float32
    )
    np.testing.assert_allclose(augment.noise(samples, np.random.default_rng(1)), expected, atol=1e-7)


def test_the_level_of_noise_is_drawn_evenly_up_to_its_amount_and_noise_is_white_and_gaussian():
    samples, rng = tone(16_000, seconds=0.5), np.random.default_rng(2)
    added = np.stack([augment.noise(samples, rng, amount=0.1) - samples for _ in range(400)])
    levels = added.std(axis=1) / (0.1 * 0.5)
    assert scipy.stats.kstest(levels, "uniform").pvalue > 0.01
    loudest = added[levels.argmax()] / added[levels.argmax()].std()
    assert scipy.stats.kstest(loudest, "norm").pvalue > 0.01
    next_to_one_another = np.mean(loudest[1:] * loudest[:-1])
    assert abs(next_to_one_another) < 3 / np.sqrt(len(loudest))


# Stretch and pitch


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("speed", [0.5, 0.85, 1.25])
def test_stretch_changes_the_duration_and_not_the_frequency(speed, rate):
    stretched = augment.stretch(tone(rate), rate, speed)
    assert len(stretched) == round(2 * rate / speed)
    assert abs(cents(frequency_of(stretched, rate) / 440)) < 1
    assert rms(stretched) == pytest.approx(0.5 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("semitones", [-3, 0.7, 12])
def test_pitch_changes_the_frequency_and_not_the_duration(semitones, rate):
    raised = augment.pitch(tone(rate), rate, semitones)
    assert len(raised) == 2 * rate
    assert cents(frequency_of(raised, rate) / 440) == pytest.approx(100 * semitones, abs=1)
    assert rms(raised) == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_stretch_moves_what_happens_in_step():
    """Four syllables stay four, each later by the same factor."""
    rate = 16_000
    peaks = []
    for samples in (voice(rate), augment.stretch(voice(rate), rate, 0.5)):
        envelope = scipy.signal.sosfiltfilt(scipy.signal.butter(2, 10, fs=rate, output="sos"), samples**2)
        peaks.append(scipy.signal.find_peaks(envelope, height=envelope.max() / 2)[0] / rate)
    np.testing.assert_allclose(peaks[1], 2 * peaks[0], atol=0.02)


@pytest.mark.parametrize("speed", [0.5, 0.85, 1.0, 1.7])
def test_without_locked_phases_the_vocoder_is_librosas(speed):
    """In double precision: librosa adds up thousands of radians, which float32 holds to a few hundredths."""
    samples = voice(22_050, 3.0) + np.random.default_rng(0).normal(scale=0.01, size=66_150).astype(np.float32)
    expected = librosa.effects.time_stretch(samples.astype(float), rate=speed)
    np.testing.assert_allclose(augment.phase_vocoder(samples, speed, 512, locked=False), expected, atol=2e-4)


def test_at_speed_one_the_vocoder_gives_back_what_it_got():
    samples = voice(22_050, 3.0)
    np.testing.assert_allclose(augment.phase_vocoder(samples, 1.0, 512), samples, atol=1e-5)


@given(st.integers(1, 5000), st.floats(0.25, 4))
def test_any_length_can_be_stretched_at_any_speed(n_samples, speed):
    stretched = augment.stretch(np.full(n_samples, 0.5, np.float32), 16_000, speed)
    assert len(stretched) == max(1, round(n_samples / speed))
    assert np.isfinite(stretched).all()


# Shift


@pytest.mark.parametrize("rate", RATES)
def test_shift_turns_a_recording_round_by_up_to_5000_samples_at_22050_hz(rate):
    samples = np.linspace(-1, 1, rate, dtype=np.float32)
    shifts = []
    for seed in range(300):
        shifted = augment.shift(samples, rate, np.random.default_rng(seed))
        start = int(np.flatnonzero(shifted == -1)[0])
        np.testing.assert_array_equal(shifted, np.concatenate([samples[-start:], samples[:-start]]))
        shifts.append(start if start < rate / 2 else start - rate)
    largest = 5000 * rate / 22_050
    assert np.abs(shifts).max() <= np.ceil(largest)
    assert scipy.stats.kstest(shifts, "uniform", (-largest, 2 * largest)).pvalue > 0.01


# Room


def reverberation(rate, rt60, direct):
    """The room's answer to a click, from the click on."""
    click = np.zeros(2 * rate, np.float32)
    click[0] = 1
    return augment.room(click, rate, np.random.default_rng(0), rt60, direct)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("rt60", [0.2, 0.5, 1.0])
def test_a_room_decays_by_60_db_in_rt60(rt60, rate):
    """Schroeder's backward integration, the slope from -5 to -35 dB, as ISO 3382 measures T30."""
    tail = reverberation(rate, rt60, 0.0)[1:].astype(float)
    decay = 10 * np.log10(np.cumsum(tail[::-1] ** 2)[::-1] / np.sum(tail**2) + 1e-12)
    section = np.flatnonzero((decay < -5) & (decay > -35))
    slope = np.polyfit(section / rate, decay[section], 1)[0]
    assert -60 / slope == pytest.approx(rt60, rel=0.05)


@pytest.mark.parametrize("direct", [-6.0, 0.0, 10.0])
def test_the_direct_sound_stands_to_the_reverberation_as_asked(direct):
    answer = reverberation(22_050, 0.4, direct)
    assert decibels(answer[0] / np.linalg.norm(answer[1:])) == pytest.approx(direct, abs=0.01)


def test_a_room_keeps_the_level_and_each_is_another():
    samples, rng = voice(22_050), np.random.default_rng(0)
    one, other = augment.room(samples, 22_050, rng), augment.room(samples, 22_050, rng)
    assert rms(one) == pytest.approx(rms(samples), rel=1e-4)
    assert np.abs(one - other).max() > 0.01


# Codec


def correlation(one, other, rate, lag=0):
    """Correlation above 300 Hz: for calls Opus has a high-pass filter, which turns the phases below."""
    band = scipy.signal.butter(4, 300, "highpass", fs=rate, output="sos")
    one, other = (
        scipy.signal.sosfiltfilt(band, samples)[200:-200] for samples in (one, np.roll(other, -lag))
    )
    return np.corrcoef(one, other)[0, 1]


@pytest.mark.parametrize("rate", [8000, *RATES])
@pytest.mark.parametrize("kilobits", [12, 24])
def test_a_codec_keeps_speech_in_its_place(kilobits, rate):
    samples = voice(rate)
    coded = augment.codec(samples, rate, kilobits=kilobits)
    by_lag = {lag: correlation(samples, coded, rate, lag) for lag in range(-rate // 400, rate // 400 + 1)}
    assert abs(max(by_lag, key=by_lag.get)) / rate < 1 / 16_000  # a sample of the codec's own
    assert by_lag[0] > 0.95
    assert abs(decibels(rms(coded) / rms(samples))) < 1


@pytest.mark.parametrize(("kilobits", "edge"), [(8, 4000), (12, 8000)])
def test_a_codec_ends_the_band(kilobits, edge):
    samples = np.random.default_rng(0).normal(scale=0.1, size=96_000).astype(np.float32)
    frequencies, before = scipy.signal.welch(samples, 48_000, nperseg=1024)
    _, after = scipy.signal.welch(augment.codec(samples, 48_000, kilobits=kilobits), 48_000, nperseg=1024)
    within = (frequencies > 200) & (frequencies < 0.85 * edge)
    beyond = frequencies > 1.1 * edge
    assert np.abs(10 * np.log10(after[within].mean() / before[within].mean())) < 6
    assert 10 * np.log10(after[beyond].mean() / before[beyond].mean()) < -30


def test_fewer_bits_are_heard():
    samples = voice(16_000, 3.0) + np.random.default_rng(0).normal(scale=0.02, size=48_000).astype(np.float32)
    kept = [
        correlation(samples, augment.codec(samples, 16_000, kilobits=bits), 16_000) for bits in (8, 16, 64)
    ]
    assert kept[0] < kept[1] - 0.01 < kept[2] - 0.02


# Augmentations


def test_each_effect_is_an_augmentation_and_report_bs_chain_is_one():
    assert set(augment.AUGMENTATIONS) == {*EFFECTS, "report_b"}
    chain = augment.augmentation("report_b")
    assert (set(chain.effects), chain.draws) == ({"noise", "pitch", "nothing"}, 2)
    for name in EFFECTS:
        assert augment.augmentation(name).drawn("a recording") == (name,)


def test_two_copies_of_a_recording_are_identical_in_6_of_81_cases_counted():
    """Chains of two of three: 81 pairs of chains. Bit by bit, with a stream of its own for each copy."""
    samples, streams = voice(22_050, 0.05), map(np.random.default_rng, itertools.count())

    def chained(chain):
        changed, rng = samples, next(streams)
        for name in chain:
            given = {"noise": {"rng": rng}, "pitch": {"rate": 22_050}, "nothing": {}}[name]
            changed = augment.EFFECTS[name](changed, **given)
        return changed.tobytes()

    chains = list(itertools.product(("noise", "pitch", "nothing"), repeat=2))
    pairs = list(itertools.product(chains, chains))
    assert (len(pairs), sum(chained(one) == chained(other) for one, other in pairs)) == (81, 6)


def test_two_copies_of_a_recording_are_identical_in_6_of_81_cases_drawn():
    samples, n = voice(22_050, 0.05), 1500
    first, second = (augment.augmentation("report_b").with_seed(seed) for seed in (0, 1))
    same = sum(
        np.array_equal(first(samples, 22_050, f"{i}"), second(samples, 22_050, f"{i}")) for i in range(n)
    )
    assert scipy.stats.binomtest(same, n, 6 / 81).pvalue > 0.01


def test_all_effects_are_drawn_alike_and_independently():
    chain = augment.augmentation("report_b")
    counts = dict.fromkeys(itertools.product(chain.effects, repeat=2), 0)
    for seed in range(100):
        for recording in range(20):
            counts[chain.with_seed(seed).drawn(f"recording {recording}")] += 1
    assert scipy.stats.chisquare(list(counts.values())).pvalue > 0.01


def test_a_copy_depends_on_seed_and_content_alone():
    samples, chain = voice(16_000, 0.2), Augmentation("any", ("noise", "shift", "room"), draws=3)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    once = {content: chain(samples, 16_000, content) for content in "abc"}
    for content in "cab":
        np.testing.assert_array_equal(chain(samples, 16_000, content), once[content])
    assert not np.array_equal(once["a"], once["b"])
    assert not np.array_equal(once["a"], chain.with_seed(1)(samples, 16_000, "a"))
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


IN_ANOTHER_PROCESS = """
import hashlib, pickle, sys
import numpy as np
chains = pickle.loads(sys.stdin.buffer.read())
samples = np.sin(np.arange(8000) * 0.05).astype(np.float32) / 2
for chain in chains:
    print(hashlib.sha256(chain(samples, 22_050, "a recording").tobytes()).hexdigest(), repr(chain))
print([name for name in ("librosa", "numba", "tensorflow") if name in sys.modules])
"""


def test_other_processes_make_the_same_copies_and_load_no_librosa():
    """Under other hash seeds too; librosa would compile itself for some 15 s on its first use."""
    chains = [augment.augmentation(name).with_seed(5) for name in [*EFFECTS, "report_b"]]
    printed = [
        subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS],
            input=pickle.dumps(order),
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        ).stdout.decode()
        for hash_seed, order in (("1", chains), ("2", chains[::-1]))
    ]
    lines = [text.splitlines() for text in printed]
    assert lines[0][-1] == lines[1][-1] == "[]"
    assert lines[0][:-1] == lines[1][:-1][::-1]


def test_an_augmentation_is_a_value():
    chain = Augmentation(
        "mine", ["pitch", "noise"], np.int64(2), np.int64(3), [["pitch", "semitones", np.float64(2)]]
    )
    same = Augmentation("mine", ("pitch", "noise"), 2, 3, (("pitch", "semitones", 2.0),))
    assert chain == same
    assert len({chain, same, chain.with_seed(4)}) == 2
    assert repr(chain) == repr(same) == (
        "Augmentation(name='mine', effects=('pitch', 'noise'), draws=2, seed=3, "
        "settings=(('pitch', 'semitones', 2.0),))"
    )  # fmt: skip
    assert pickle.loads(pickle.dumps(chain)) == chain


def test_an_augmentation_says_what_it_does():
    assert str(augment.augmentation("report_b")) == "a chain of two of noise, pitch, nothing (seed 0)"
    assert str(augment.augmentation("room").with_seed(7)) == "room (seed 7)"
    one = Augmentation("any", ("noise", "codec"), settings=(("codec", "kilobits", 8),))
    assert str(one) == "one of noise, codec, kilobits of codec 8 (seed 0)"


def test_settings_reach_their_effect():
    samples = tone(22_050)
    octave = Augmentation("octave", ("pitch",), settings=(("pitch", "semitones", 12),))
    assert frequency_of(octave(samples, 22_050, "a"), 22_050) == pytest.approx(880, abs=0.5)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"effects": ("nois",)}, "no effect is called 'nois'; choose one of: codec, noise"),
        (
            {"effects": ("noise",), "settings": (("pitch", "semitones", 1),)},
            "in augmentation 'mine'.*: noise$",
        ),
        ({"effects": ("noise",), "settings": (("noise", "rng", 1),)}, "parameter of noise.*: amount$"),
    ],
)
def test_a_name_that_is_not_known_is_refused(arguments, reason):
    with pytest.raises(UnknownNameError, match=reason):
        Augmentation("mine", **arguments)


def test_an_augmentation_that_cannot_be_is_refused():
    for arguments in (
        {"effects": ()},
        {"effects": ("noise",), "draws": 0},
        {"effects": ("noise",), "seed": -1},
    ):
        with pytest.raises(ValueError, match=r"no effects|draws must be 1 to 10 and seed 0 or more"):
            Augmentation("mine", **arguments)
    with pytest.raises(UnknownNameError, match=r"no augmentation is called 'echo'.*report_b"):
        augment.augmentation("echo")


# Real speech


def f0_ratio(samples, changed, rate, times_as_long=1.0):
    """Median ratio, in cents, of Praat's F0 where both recordings are voiced."""
    parselmouth = pytest.importorskip("parselmouth")

    before, after = (
        parselmouth.Sound(sound.astype(float), rate).to_pitch_ac(0.01, pitch_floor=75, pitch_ceiling=600)
        for sound in (samples, changed)
    )
    pairs = [(before.get_value_at_time(t), after.get_value_at_time(t * times_as_long)) for t in before.xs()]
    ratios = np.array([later / first for first, later in pairs])  # NaN where a sound has no voice
    assert np.isfinite(ratios).sum() > 0.9 * np.count_nonzero(before.selected_array["frequency"])
    return np.nanmedian(cents(ratios))


@pytest.mark.parametrize("name", ["03-01-01-01-01-01-01", "03-01-04-01-02-01-12", "03-01-05-01-01-02-17"])
def test_on_real_speech_praat_finds_the_f0_that_was_asked_for(real_ravdess, name):
    samples, rate = soundfile.read(next(real_ravdess.rglob(f"{name}.*")), dtype="float32")
    raised, slow = augment.pitch(samples, rate), augment.stretch(samples, rate)
    assert f0_ratio(samples, raised, rate) == pytest.approx(70, abs=10)
    assert f0_ratio(samples, slow, rate, 1 / 0.85) == pytest.approx(0, abs=10)
    for changed in (raised, slow):
        assert decibels(rms(changed) / rms(samples)) == pytest.approx(0, abs=1)
