"""Synthetic speech: what is asked for is measured in the result, by Praat and by hand."""

import sys

import numpy as np
import parselmouth
import pytest

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


def test_breath_is_a_ratio_in_decibels():
    """The coherence of voice and result is 1 / (1 + r^2), r being the amplitude of noise to voice."""
    noise = np.random.default_rng(0).standard_normal(60000)
    breathy = timbre.voice_quality(noise, 0, 3, 1, np.random.default_rng(1))
    hertz = np.fft.rfftfreq(len(noise), 1 / 22050)
    band = (hertz > 5500) & (hertz < 6500)
    before, after = (np.fft.rfft(samples)[band] for samples in (noise, breathy))
    cross = np.abs(np.vdot(before, after)) ** 2
    coherence = cross / (np.vdot(before, before) * np.vdot(after, after)).real
    assert coherence == pytest.approx(1 / (1 + 10**0.3 * (6000 / 6800) ** 2), rel=0.1)
    assert np.var(breathy) == pytest.approx(1, rel=0.05)


def test_jitter_is_heard_by_praat():
    def jitter(**effects):
        speech = sound(render(CAST[0], **effects))
        pulses = parselmouth.praat.call(speech, "To PointProcess (periodic, cc)", 60, 250)
        return parselmouth.praat.call(pulses, "Get jitter (local)", 0, 0, 0.0001, 0.02, 1.3)

    assert jitter(jitter=3) > 1.5 * jitter()


def test_tilt_is_a_slope_in_decibels_per_octave():
    noise = np.random.default_rng(0).standard_normal(40000) * 0.1

    def octave(samples, centre):
        spectrum = np.abs(np.fft.rfft(samples)) ** 2
        hertz = np.fft.rfftfreq(len(samples), 1 / 22050)
        return 10 * np.log10(spectrum[(hertz > centre / 1.1) & (hertz < centre * 1.1)].mean())

    shaped = [timbre.voice_quality(noise, tilt, -60, 1, np.random.default_rng(1)) for tilt in (0, 3)]
    change = [octave(shaped[1], centre) - octave(shaped[0], centre) for centre in (500, 1000, 2000, 4000)]
    np.testing.assert_allclose(change, [-3, 0, 3, 6], atol=0.3)


def test_voice_quality_without_change_returns_the_samples():
    noise = np.random.default_rng(0).standard_normal(5000)
    np.testing.assert_allclose(
        timbre.voice_quality(noise, 0, -300, 1, np.random.default_rng(1)), noise, atol=1e-6
    )


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


@pytest.mark.parametrize("intensity", ["normal", "strong"])
def test_rules_give_the_order_of_the_literature(intensity):
    effects = {
        emotion: rules.express(
            emotion, intensity, np.zeros(12), np.random.default_rng(0), voices.Strengths(repetition=0)
        )
        for emotion in voices.RULES
    }
    neutral = effects["neutral"]
    assert all(value == 0 for value in neutral)
    assert effects["angry"].loudness == max(effect.loudness for effect in effects.values())
    assert effects["sad"].loudness == min(effect.loudness for effect in effects.values())
    assert effects["sad"].rate < 0 < effects["fearful"].rate
    assert effects["happy"].pitch > 0 > effects["sad"].pitch
    assert effects["fearful"].tremor > neutral.tremor


def test_emotions_are_ordered_in_the_sound():
    """Without deviations, angry is louder and higher than neutral; sad is slower and softer."""
    strengths = voices.Strengths(manner=0, repetition=0)
    made = {
        emotion: voices.synthesise(
            CAST[1], emotion, "normal", ravdess.SENTENCES["dogs"], np.random.default_rng(0), strengths
        )[0]
        for emotion in ("neutral", "angry", "sad")
    }
    level = {emotion: sound(samples).get_intensity() for emotion, samples in made.items()}
    pitch = {emotion: np.median(measured_f0(samples, 100, 500)) for emotion, samples in made.items()}
    assert level["angry"] > level["neutral"] + 5
    assert level["sad"] < level["neutral"] - 1
    assert pitch["angry"] > pitch["neutral"] * 2 ** (3 / 12)
    assert sentence_seconds(made["sad"]) > 1.1 * sentence_seconds(made["neutral"])


def test_strong_departs_further_than_normal():
    strengths = voices.Strengths(repetition=0)
    manner = np.ones(12)
    normal, strong = (
        np.asarray(rules.express("angry", intensity, manner, np.random.default_rng(0), strengths))
        for intensity in ("normal", "strong")
    )
    np.testing.assert_allclose(normal, strong / 2)


def test_recordings_are_quiet_around_the_sentence_and_never_clip():
    for emotion in ("angry", "calm"):
        samples, _ = voices.synthesise(CAST[8], emotion, "strong", KIDS, np.random.default_rng(3))
        assert samples.dtype == np.float32
        assert np.all(np.isfinite(samples))
        assert np.abs(samples).max() <= 0.95 + 1e-6
        assert 2.5 < len(samples) / 22050 < 6
        edges = np.concatenate([samples[:8000], samples[-8000:]])
        assert np.abs(edges).max() < 0.02 * np.abs(samples).max()
        assert np.std(edges) > 1e-5
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
