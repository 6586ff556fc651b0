"""Prosody of made-up voices whose F0, level and length are known."""

import numpy as np
import pytest
from conftest import RATE

from sercourse.features import measure_prosody


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


def test_silence_is_refused():
    with pytest.raises(ValueError, match="silence"):
        measure_prosody(np.zeros(RATE), RATE)
