"""Synthetic speech: what is asked for is measured in the result, by Praat and by hand."""

import itertools
import sys
from dataclasses import replace

import numpy as np
import parselmouth
import pytest
import scipy.signal

from sercourse import voices
from sercourse.corpora import ravdess
from sercourse.errors import UnknownNameError, VoicesError
from sercourse.voices import rules, timbre

KIDS = ravdess.SENTENCES["kids"]
CAST = voices.speakers(seed=0)
NEUTRAL = voices.Effects(*[0.0] * len(voices.Effects._fields))


def render(speaker, seed=0, **effects):
    samples, rate = voices.render(speaker, NEUTRAL._replace(**effects), KIDS, np.random.default_rng(seed))
    assert rate == 22050
    return samples


def sound(samples):
    return parselmouth.Sound(samples.astype(float), sampling_frequency=22050)


def measured_f0(samples, low=60, high=600):
    hertz = sound(samples).to_pitch(0.01, low, high).selected_array["frequency"]
    return hertz[hertz > 0]


def sentence_seconds(samples):
    intensity = sound(samples).to_intensity(100)
    loud = np.flatnonzero(intensity.values[0] > intensity.values[0].max() - 25)
    return (loud[-1] - loud[0]) * intensity.dx


def test_the_cast_is_numbered_like_ravdess():
    assert [speaker.number for speaker in CAST] == list(range(1, 25))
    assert [speaker.sex for speaker in CAST[:4]] == ["male", "female", "male", "female"]
    assert len({speaker.pitch for speaker in CAST}) > 20
    men, women = (np.mean([s.pitch for s in CAST if s.sex == sex]) for sex in ("male", "female"))
    assert 90 < men < 140
    assert 170 < women < 240
    assert voices.speakers(seed=0) == CAST
    assert voices.speakers(seed=1)[0] != CAST[0]


def test_one_speaker_does_not_depend_on_the_others():
    first = voices.Strengths(speaker=0)
    same = voices.speakers(0, first)
    assert len({speaker.pitch for speaker in same}) == 2
    assert same[0].manner == CAST[0].manner


@pytest.mark.parametrize("speaker", [CAST[0], CAST[1], CAST[8]], ids=lambda speaker: speaker.voice)
@pytest.mark.parametrize("semitones", [-2, 0, 5, 9])
def test_praat_measures_the_f0_that_was_asked_for(speaker, semitones):
    asked = speaker.pitch * 2 ** (semitones / 12)
    hertz = measured_f0(render(speaker, pitch=semitones), asked / 2, asked * 2)
    assert len(hertz) > 80
    error = 12 * np.log2(np.exp(np.log(hertz).mean()) / asked)
    assert abs(error) < 0.5


def test_range_and_ending_of_f0():
    def excursion(**effects):
        return 12 * np.log2(measured_f0(render(CAST[1], **effects), 90, 450))

    assert np.std(excursion(range=50)) / np.std(excursion()) == pytest.approx(np.exp(0.5), rel=0.15)
    level, rising = excursion(), excursion(ending=6)
    rise = (rising[-15:].mean() - rising[:60].mean()) - (level[-15:].mean() - level[:60].mean())
    assert rise == pytest.approx(6, abs=2)


def test_formants_move_together():
    """Ratio of the long-term mean formants, measured by Praat's Burg analysis."""

    def formants(tract):
        speech = sound(render(CAST[0], tract=tract))
        analysis = speech.to_formant_burg(0.01, 5, 4800)
        pulses = speech.to_pitch(0.01, 60, 250)
        times = [t for t in pulses.xs() if pulses.get_value_at_time(t) > 0]
        return np.array([np.nanmedian([analysis.get_value_at_time(k, t) for t in times]) for k in (1, 2, 3)])

    low, high = formants(-8), formants(8)
    assert np.all((low > [300, 1000, 2000]) & (low < [900, 2200, 3300]))
    assert np.exp(np.log(high / low).mean()) == pytest.approx(np.exp(0.16), rel=0.06)


def test_rate_and_pauses_change_the_duration():
    neutral = sentence_seconds(render(CAST[1]))
    assert 1.2 < neutral < 2.6
    assert sentence_seconds(render(CAST[1], rate=-25)) / neutral == pytest.approx(np.exp(0.25), rel=0.12)
    assert sentence_seconds(render(CAST[1], pause=60)) - neutral == pytest.approx(5 * 0.06, rel=0.6)


def test_loudness_moves_the_level_by_as_many_decibels():
    neutral, loud = render(CAST[0]), render(CAST[0], loudness=12)
    gain = 20 * np.log10(np.sqrt(np.mean(loud**2)) / np.sqrt(np.mean(neutral**2)))
    assert gain == pytest.approx(12, abs=0.7)


def test_breath_lowers_the_cepstral_peak():
    """Smoothed cepstral peak prominence, the usual acoustic measure of breathiness."""

    def prominence(**effects):
        cepstrogram = parselmouth.praat.call(
            sound(render(CAST[1], **effects)), "To PowerCepstrogram", 60, 0.002, 8000, 50
        )
        settings = ("yes", 0.02, 0.0005, 60, 330, 0.05, "Parabolic", 0.001, 0.05, "Straight", "Robust")
        return parselmouth.praat.call(cepstrogram, "Get CPPS", *settings)

    assert prominence(breath=20) < prominence(breath=-10) - 1


def quality(samples, tilt=0.0, effort=0.0, breath=-300.0, articulation=1.0, **more):
    return timbre.voice_quality(samples, tilt, effort, breath, articulation, np.random.default_rng(1), **more)


def level_at(samples, centre):
    """Level in a band of a fifth of an octave, dB."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / 22050)
    return 10 * np.log10(power[(hertz > centre / 1.07) & (hertz < centre * 1.07)].mean())


def test_breath_is_a_ratio_in_decibels():
    """The coherence of voice and result is 1 / (1 + r^2), r being the amplitude of noise to voice."""
    noise = np.random.default_rng(0).standard_normal(60000)
    breathy = quality(noise, breath=3)
    hertz = np.fft.rfftfreq(len(noise), 1 / 22050)
    for centre, ratio in ((2000, 10**0.3), (1000, 10**0.3 / 4)):
        band = (hertz > centre - 100) & (hertz < centre + 100)
        before, after = (np.fft.rfft(samples)[band] for samples in (noise, breathy))
        cross = np.abs(np.vdot(before, after)) ** 2
        coherence = cross / (np.vdot(before, before) * np.vdot(after, after)).real
        assert coherence == pytest.approx(1 / (1 + ratio), rel=0.15)
        gain = np.vdot(after, after).real / np.vdot(before, before).real
        assert gain == pytest.approx(1 + ratio, rel=0.15)


def test_tremor_modulates_f0_at_4_to_8_hertz():
    """Energy of the F0 contour between 4 and 8 Hz, against the same contour without tremor."""

    def energy(**effects):
        pitch = sound(render(CAST[0], range=-60, **effects)).to_pitch(0.01, 60, 250)
        hertz = pitch.selected_array["frequency"]
        voiced = np.flatnonzero(hertz > 0)
        contour = np.interp(np.arange(voiced[0], voiced[-1]), voiced, np.log(hertz[voiced]))
        contour -= np.polyval(np.polyfit(np.arange(len(contour)), contour, 3), np.arange(len(contour)))
        power = np.abs(np.fft.rfft(contour * np.hanning(len(contour)))) ** 2
        rates = np.fft.rfftfreq(len(contour), 0.01)
        return power[(rates >= 4) & (rates <= 8)].sum()

    assert energy(tremor=6) > 3 * energy()


def test_articulation_widens_the_movement_of_the_spectrum():
    """Deviation over time of the level in bands of an octave, measured apart from the code."""

    def movement(articulation):
        samples = quality(render(CAST[0]).astype(float), articulation=articulation)
        power = np.abs(np.fft.rfft(samples[: len(samples) // 441 * 441].reshape(-1, 441))) ** 2
        loud = power.sum(axis=1) > 1e-3 * power.sum(axis=1).max()
        bands = [10 * np.log10(power[loud, k : 2 * k].mean(axis=1) + 1e-12) for k in (5, 10, 20, 40, 80)]
        return np.std(np.array(bands) - np.mean(bands, axis=0), axis=1).mean()

    assert movement(0.7) < 0.9 * movement(1) < 0.81 * movement(1.4)


def test_a_raised_voice_is_brighter_about_3_kilohertz():
    """Vocal effort lifts 3 kHz by a fifth of the loudness and leaves the low octaves alone."""
    noise = np.random.default_rng(0).standard_normal(60000)
    change = [level_at(quality(noise, effort=20), hertz) - level_at(noise, hertz) for hertz in (700, 3000)]
    np.testing.assert_allclose(change, [0, 4], atol=0.4)


def test_every_voice_has_the_long_term_spectrum_of_neutral_speech():
    """Measured with Welch's method in third octaves; without timbre, so that only the correction acts."""
    spectra = []
    for number in (1, 2, 5, 8):
        plain = replace(CAST[number - 1], timbre=(0.0,) * 10, tilt=0.0, echo=-80)
        hertz, power = scipy.signal.welch(render(plain), 22050, nperseg=1024)
        edges = 250 * 2 ** (np.arange(15) / 3)
        bands = [power[(hertz >= low) & (hertz < high)].mean() for low, high in itertools.pairwise(edges)]
        spectra.append(10 * np.log10(bands))
    slope = np.polyfit(np.arange(14) / 3, np.mean(spectra, axis=0), 1)[0]
    assert -11 < slope < -6
    assert np.std(np.array(spectra) - np.mean(spectra, axis=1, keepdims=True), axis=0).max() < 6


def test_jitter_is_heard_by_praat():
    def jitter(**effects):
        speech = sound(render(CAST[0], **effects))
        pulses = parselmouth.praat.call(speech, "To PointProcess (periodic, cc)", 60, 250)
        return parselmouth.praat.call(pulses, "Get jitter (local)", 0, 0, 0.0001, 0.02, 1.3)

    assert jitter(jitter=3) > 1.5 * jitter()


def test_tilt_is_a_slope_in_decibels_per_octave():
    noise = np.random.default_rng(0).standard_normal(60000) * 0.1
    tilted = quality(noise, tilt=3)
    change = [level_at(tilted, centre) - level_at(noise, centre) for centre in (500, 1000, 2000, 4000)]
    np.testing.assert_allclose(change, [-3, 0, 3, 6], atol=0.4)


def test_voice_quality_without_change_returns_the_samples():
    noise = np.random.default_rng(0).standard_normal(5000)
    np.testing.assert_allclose(quality(noise), noise, atol=1e-4)


def test_resample_moves_a_tone():
    tone = np.sin(2 * np.pi * 500 * np.arange(22050) / 22050)
    faster = timbre.resample(tone, 1.25)
    assert len(faster) == pytest.approx(22050 / 1.25, rel=2e-3)
    peak = np.argmax(np.abs(np.fft.rfft(faster * np.hanning(len(faster)))))
    assert peak * 22050 / len(faster) == pytest.approx(625, rel=5e-3)
    assert np.sqrt(np.mean(faster**2)) == pytest.approx(np.sqrt(0.5), rel=0.01)


def test_level_of_speech_leaves_pauses_out():
    tone = 0.1 * np.sqrt(2) * np.sin(2 * np.pi * 441 * np.arange(22050) / 22050)
    assert timbre.speech_level(np.concatenate([np.zeros(22050), tone])) == pytest.approx(-20, abs=0.2)


def expressed(emotion, intensity, **strengths):
    strengths = {"repetition": 0} | strengths
    chance = np.random.default_rng(0)
    return rules.express(emotion, intensity, np.zeros(12), chance, voices.Strengths(**strengths))


@pytest.mark.parametrize("intensity", ["normal", "strong"])
def test_rules_give_the_order_of_the_literature(intensity):
    effects = {emotion: expressed(emotion, intensity) for emotion in voices.RULES}
    assert all(value == 0 for value in effects["neutral"])
    assert effects["angry"].loudness == max(effect.loudness for effect in effects.values())
    assert effects["calm"].loudness < 0
    assert effects["happy"].pitch > 0
    assert max(effects[emotion].rate for emotion in ("calm", "sad", "disgust")) < 0
    assert effects["sad"].range < 0 < effects["happy"].range
    assert effects["surprised"].range == max(effect.range for effect in effects.values())
    assert effects["fearful"].tremor > 0


def test_weak_sadness_is_low_and_quiet_and_strong_sadness_is_despair():
    """The pair of Banse and Scherer (1996): despair is higher and louder than sadness."""
    weak, strong = expressed("sad", "normal"), expressed("sad", "strong")
    assert weak.loudness < 0 < strong.loudness
    assert weak.pitch < 1 < strong.pitch


def test_emotions_are_ordered_in_the_sound():
    """Without deviations, angry is louder and higher than neutral; calm is slower and softer."""
    strengths = voices.Strengths(manner=0, repetition=0)
    made = {
        emotion: voices.synthesise(
            CAST[1], emotion, "strong", ravdess.SENTENCES["dogs"], np.random.default_rng(0), strengths
        )[0]
        for emotion in ("neutral", "angry", "calm")
    }
    level = {emotion: timbre.speech_level(samples) for emotion, samples in made.items()}
    pitch = {emotion: np.median(measured_f0(samples, 100, 600)) for emotion, samples in made.items()}
    assert level["angry"] > level["neutral"] + 15
    assert level["calm"] < level["neutral"] - 1
    assert pitch["angry"] > pitch["neutral"] * 2 ** (8 / 12)
    assert sentence_seconds(made["calm"]) > 1.1 * sentence_seconds(made["neutral"])


def test_a_speakers_manner_and_shade_are_weaker_at_normal_intensity():
    strengths = voices.Strengths(rule=0, repetition=0)
    chance = np.random.default_rng(0)
    for make, deviation in ((voices.express, np.ones(12)), (voices.spectrum, np.ones(voices.timbre.BANDS))):
        normal, strong = (
            np.asarray(make("angry", intensity, deviation, chance, strengths))
            for intensity in ("normal", "strong")
        )
        np.testing.assert_allclose(normal, 0.7 * strong)
        assert np.all(strong > 0)


def test_recordings_are_quiet_around_the_sentence_and_never_clip():
    for emotion in ("angry", "calm"):
        samples, _ = voices.synthesise(CAST[8], emotion, "strong", KIDS, np.random.default_rng(3))
        assert samples.dtype == np.float32
        assert np.all(np.isfinite(samples))
        assert np.abs(samples).max() <= 0.95 + 1e-6
        assert 2.5 < len(samples) / 22050 < 6
        edges = np.concatenate([samples[:8000], samples[-8000:]])
        assert np.abs(edges).max() < 0.02 * np.abs(samples).max()
        assert np.std(edges) > 1e-6
        assert abs(samples.mean()) < 1e-3 * np.std(samples)


def test_unknown_names_are_refused_with_the_known_ones():
    rng = np.random.default_rng(0)
    with pytest.raises(UnknownNameError, match="angry"):
        voices.synthesise(CAST[0], "furious", "strong", KIDS, rng)
    with pytest.raises(UnknownNameError, match="normal"):
        voices.synthesise(CAST[0], "angry", "loud", KIDS, rng)


def test_a_missing_synthesiser_is_explained(monkeypatch):
    monkeypatch.setitem(sys.modules, "parselmouth", None)
    assert not voices.available()
    with pytest.raises(VoicesError, match=r"not available.*pip install.*Linux on ARM.*RAVDESS"):
        voices.synthesise(CAST[0], "angry", "strong", KIDS, np.random.default_rng(0))
