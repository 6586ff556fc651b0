"""What pictures of speech show lies where it belongs, and is said in words."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots


def tone(hertz, at, seconds=1.0):
    """A spectrogram that is quiet but for one frame of one frequency."""
    times, frequencies = np.arange(0, seconds, 0.01), np.arange(0, 4000, 20)
    levels = pd.DataFrame(-60.0, times, frequencies)
    levels.iloc[round(at / 0.01), round(hertz / 20)] = 10.0
    return levels


def voice(f0, loudest, seconds=1.0):
    times = np.arange(0, seconds, 0.01)
    contour = pd.Series(f0, times, dtype=float)
    contour.iloc[:10] = np.nan
    wave = pd.Series(np.sin(2 * np.pi * 5 * times), times)
    return plots.Contours(wave, tone(1000, 0.5, seconds), contour, pd.Series(loudest - 30 * times, times))


def test_a_spectrogram_lies_on_its_axes_and_names_its_loudest_place():
    picture = plots.spectra({"low": tone(400, 0.2), "high": tone(2000, 0.7)}, "Two", synthetic=False)
    assert "low: 100 frames of 200 frequencies, loudest at 0.20 s and 400 Hz" in picture.description
    assert "high: 100 frames of 200 frequencies, loudest at 0.70 s and 2000 Hz" in picture.description
    mesh = picture.figure.axes[1].collections[0]
    row, column = np.unravel_index(mesh.get_array().argmax(), mesh.get_array().shape)
    corners = mesh.get_coordinates()[row : row + 2, column : column + 2].reshape(4, 2)
    assert tuple(corners.mean(axis=0)) == pytest.approx((0.7, 2.0), abs=1e-6)  # s and kHz
    assert mesh.get_clim() == (-60.0, 10.0)  # 70 dB below the loudest


def test_contours_of_all_utterances_share_their_axes():
    picture = plots.contours({"neutral": voice(120, 60), "angry": voice(240, 80, 2.0)}, "One", True)
    figure = picture.figure
    wave = [axes for axes in figure.axes if axes.get_ylabel() == "sample value"]
    f0 = [axes for axes in figure.axes if axes.get_yscale() == "log"]
    assert len(wave) == 1
    assert len(f0) == 2
    assert f0[0].get_ylim() == f0[1].get_ylim() == pytest.approx((80, 360))
    assert [text.get_text() for text in f0[1].get_yticklabels()] == ["100", "200"]
    seen = f0[1].lines[0].get_ydata()
    assert np.isnan(seen[:10]).all()
    assert (seen[10:] == 240).all()
    intensity = next(axes for axes in figure.axes if axes.get_ylabel() == "intensity (dB)")
    assert intensity.get_ylim() == (10, 85)
    assert "neutral: 1.0 s, F0 mostly 120 to 120 Hz, intensity up to 60 dB" in picture.description
    assert "angry: 2.0 s, F0 mostly 240 to 240 Hz, intensity up to 80 dB" in picture.description


def test_an_utterance_without_any_voice_can_be_drawn():
    silent = voice(120, 60)._replace(f0=pd.Series(np.nan, np.arange(0, 1, 0.01)))
    assert plots.contours({"whispered": silent}, "One", False).description


@pytest.fixture
def sizes():
    index = pd.MultiIndex.from_product([["F0", "rate"], ["calm", "angry", "sad"]])
    values = {"real": [-0.5, 2.0, 1.0, 0.1, -1.0, 0.2], "demo (synthetic)": [-0.4, 1.5, 1.2, 0, 0, -2.5]}
    return pd.DataFrame(values, index)


def test_effect_sizes_stand_in_the_row_of_their_emotion(sizes):
    picture = plots.effect_sizes(sizes, "Effects")
    f0, rate = picture.figure.axes
    assert (f0.get_title(loc="left"), rate.get_title(loc="left")) == ("F0", "rate")
    rows = {label.get_text(): at for at, label in zip(f0.get_yticks(), f0.get_yticklabels(), strict=True)}
    assert rows["calm"] > rows["angry"] > rows["sad"]  # from top to bottom
    real, demo = (line for line in rate.lines if line.get_marker() in "os")
    assert dict(zip(real.get_ydata(), real.get_xdata(), strict=True))[rows["angry"]] == -1.0
    assert dict(zip(demo.get_ydata(), demo.get_xdata(), strict=True))[rows["sad"]] == -2.5
    assert real.get_marker() != demo.get_marker()
    (legend,) = picture.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["real", "demo (synthetic)"]


def test_the_largest_effect_is_said_with_its_sign(sizes):
    description = plots.effect_sizes(sizes, "Effects").description
    assert "real: the largest effect is +2.0, F0 of angry" in description
    assert "demo (synthetic): the largest effect is -2.5, rate of sad" in description


@pytest.mark.parametrize("synthetic", [True, False])
def test_synthetic_speech_is_named(synthetic):
    for picture in (
        plots.spectra({"a": tone(400, 0.2)}, "One", synthetic),
        plots.contours({"a": voice(120, 60)}, "One", synthetic),
    ):
        assert ("synthetic speech" in picture.figure.get_suptitle()) == synthetic
        assert ("synthetic speech" in picture.description) == synthetic
