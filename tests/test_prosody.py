"""Prosody of made-up voices whose F0, level and length are known."""

import numpy as np
import pytest
from conftest import RATE

from sercourse import features
from sercourse.features import measure_prosody
from sercourse.features.prosody import Prosody


def voice(hertz, seconds=1.0, level=-20.0, noise=0.0, slope=1.0):
    """A buzz whose harmonics, up to 10 kHz, fall with `slope`, half a second of silence around it."""
    n = round(seconds * RATE)
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hertz, n)) / RATE
    buzz = sum(np.sin(k * phase) / k**slope for k in range(1, int(RATE / 2.2 / np.max(hertz))))
    buzz = buzz / buzz.std() + noise * np.random.default_rng(0).standard_normal(n)
    return np.concatenate([np.zeros(RATE // 2), 10 ** (level / 20) * buzz, np.zeros(RATE // 2)])


def test_f0_intensity_and_rate_are_those_of_the_sound():
    found = measure_prosody(voice(200, seconds=1.5), RATE)
    assert found.f0 == pytest.approx(12, abs=0.05)
    assert found.f0_deviation < 0.2
    assert found.intensity == pytest.approx(-20, abs=0.3)
    assert found.rate == pytest.approx(-100 * np.log(1.5), abs=3)
    assert found.pauses < 3


def test_an_octave_is_twelve_semitones_and_ten_decibels_are_ten():
    low, high = measure_prosody(voice(150), RATE), measure_prosody(voice(300, level=-10), RATE)
    assert high.f0 - low.f0 == pytest.approx(12, abs=0.1)
    assert high.intensity - low.intensity == pytest.approx(10, abs=0.2)


def test_a_rise_at_the_end_and_a_pause_are_found():
    rising = 150 * 2 ** (np.clip(np.linspace(-2, 1, RATE), 0, 1) * 6 / 12)
    found = measure_prosody(voice(rising), RATE)
    assert found.f0_ending == pytest.approx(3, abs=0.5)
    split = np.concatenate([voice(150), voice(150)])
    assert measure_prosody(split, RATE).pauses == pytest.approx(100 / 3, abs=3)


def test_noise_lowers_the_harmonics_to_noise_ratio_to_what_was_mixed():
    """Noise of a tenth of the voice's amplitude: 20 dB."""
    clean, noisy = measure_prosody(voice(150), RATE), measure_prosody(voice(150, noise=0.1), RATE)
    assert noisy.hnr == pytest.approx(20, abs=2)
    assert clean.hnr > noisy.hnr + 5


def test_a_steeper_spectrum_has_less_tilt():
    bright, dull = (measure_prosody(voice(100, slope=slope), RATE) for slope in (1.0, 2.0))
    assert bright.tilt - dull.tilt == pytest.approx(6, abs=1.5)


def test_too_little_voice_is_missing_not_wrong():
    found = measure_prosody(np.random.default_rng(0).normal(scale=0.1, size=RATE), RATE)
    assert np.isnan(found.f0)
    assert np.isfinite(found.intensity)


@pytest.mark.parametrize("samples", [np.zeros(RATE), np.full(RATE, 0.1), np.eye(1, RATE, RATE - 1)[0]])
def test_silence_is_refused(samples):
    """All zeros, a constant, and zeros up to a click at the very end."""
    with pytest.raises(ValueError, match="silence"):
        measure_prosody(samples, RATE)


def test_less_than_praat_can_measure_is_refused():
    with pytest.raises(ValueError, match=r"too short: 0\.100 s, prosody takes at least 0\.2 s"):
        measure_prosody(0.1 * np.ones(RATE // 10), RATE)


def pulses(jitter, shimmer, hertz=150, seconds=2.0):
    """Pulses with drawn periods and heights; their local jitter and shimmer by these draws, per cent."""
    rng = np.random.default_rng(0)
    periods, heights = (
        1 + share * rng.standard_normal(round(hertz * seconds)) for share in (jitter, shimmer)
    )
    periods /= hertz
    time = np.arange(round((seconds + 1) * RATE)) / RATE
    samples = np.zeros(time.size)
    for moment, height in zip(0.5 + np.cumsum(periods), heights, strict=True):
        near = np.abs(time - moment) < 0.01
        samples[near] += 0.5 * height * np.exp(-(((time[near] - moment) / 0.0004) ** 2))
    local = [100 * np.abs(np.diff(values)).mean() / values.mean() for values in (periods, heights)]
    return samples, *local


@pytest.mark.parametrize(("jitter", "shimmer"), [(0.01, 0.0), (0.02, 0.0), (0.0, 0.05), (0.01, 0.05)])
def test_jitter_and_shimmer_are_those_of_the_pulses(jitter, shimmer):
    """The mean change from one period, or height, to the next, as a share of their mean."""
    samples, local_jitter, local_shimmer = pulses(jitter, shimmer)
    found = measure_prosody(samples, RATE)
    assert found.jitter == pytest.approx(local_jitter, rel=0.02, abs=0.02)
    assert found.shimmer == pytest.approx(local_shimmer, rel=0.02, abs=0.5)


def test_jitter_and_shimmer_are_those_of_praat_by_hand():
    """With Praat's own settings for a voice of 75 to 600 Hz."""
    parselmouth = pytest.importorskip("parselmouth")
    samples = pulses(0.01, 0.05)[0] + 1e-6 * np.random.default_rng(1).standard_normal(3 * RATE)
    sound = parselmouth.Sound(samples, RATE)
    marks = parselmouth.praat.call(sound, "To PointProcess (periodic, cc)", 75, 600)
    jitter = parselmouth.praat.call(marks, "Get jitter (local)", 0, 0, 0.0001, 0.02, 1.3)
    shimmer = parselmouth.praat.call([sound, marks], "Get shimmer (local)", 0, 0, 0.0001, 0.02, 1.3, 1.6)
    found = measure_prosody(samples, RATE)
    assert found.jitter == pytest.approx(100 * jitter, rel=0.01)
    assert found.shimmer == pytest.approx(100 * shimmer, rel=0.01)


def test_exact_zeros_between_pulses_cost_jitter_and_shimmer_only():
    """Praat then gives up with an error; real sound, or the least noise, has no such zeros."""
    found = measure_prosody(pulses(0.01, 0.05, hertz=70)[0], RATE)
    assert found.f0 == pytest.approx(12 * np.log2(0.7), abs=0.05)
    assert np.isnan([found.jitter, found.shimmer]).all()


@pytest.mark.parametrize("rate", [8000, 16_000, 48_000])
def test_prosody_at_other_rates(rate):
    """The buzz of 200 Hz, made at each rate anew; at 8 kHz its spectrum ends at 4 kHz."""
    time = np.arange(rate) / rate
    buzz = sum(np.sin(2 * np.pi * 200 * k * time) / k for k in range(1, int(rate / 400))) / 10
    found = measure_prosody(buzz, rate)
    assert found.f0 == pytest.approx(12, abs=0.05)
    assert found.tilt == pytest.approx(-6, abs=1)  # power falls as 1 / k²
    assert np.isfinite(found).all()


def test_the_recipe_gives_one_row_of_the_measures_in_their_order():
    recipe = features.recipe("prosody")
    sound = voice(200)
    row = features.compute(sound.astype(np.float32), RATE, recipe)
    assert row.shape == (1, len(Prosody._fields))
    np.testing.assert_allclose(row[0], measure_prosody(sound, RATE), rtol=1e-3, atol=1e-3)
    assert features.coefficient_names(recipe) == list(Prosody._fields)
    with pytest.raises(ValueError, match="silence"):
        features.compute(np.zeros(RATE, np.float32), RATE, recipe)


def test_the_recipe_leaves_what_cannot_be_measured_missing():
    noise = np.random.default_rng(0).normal(scale=0.1, size=RATE).astype(np.float32)
    row = dict(
        zip(Prosody._fields, features.compute(noise, RATE, features.recipe("prosody"))[0], strict=True)
    )
    assert np.isnan(row["f0"])
    assert np.isnan(row["shimmer"])
    assert np.isfinite(row["tilt"])
