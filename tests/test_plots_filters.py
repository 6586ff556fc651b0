"""Pictures of filters: what is drawn is what was given, and the words carry the values."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots

KERNEL = np.array([[1.0, 0.0, -1.0]] * 3)


def sliding(place=1, synthetic=False):
    inputs = np.array([1.0, 3.0, 2.0, 5.0])
    outputs = np.array([-1.0, -2.0])  # 1 - 2, 3 - 5
    return plots.sliding(inputs, np.array([1.0, 0.0, -1.0]), outputs, place, "A filter", synthetic)


def responses(synthetic=False):
    levels = pd.DataFrame(np.arange(20.0).reshape(5, 4), index=np.arange(5) / 10)
    response = pd.DataFrame(np.zeros((5, 4)), index=levels.index)
    response.iloc[3, 2] = -7.0
    positive = response.abs()
    filters = {"falling": (KERNEL, response), "rectified": (KERNEL.T, positive)}
    return plots.responses(levels, filters, "A voice", synthetic)


def test_the_words_of_a_sliding_filter_can_be_checked_by_hand():
    words = sliding().description
    assert "output 2 of 2 is 1.0 × 3.00 + 0.0 × 2.00 + -1.0 × 5.00 = -2.00" in words
    assert "from inputs 2 to 4 of 4" in words


def test_a_sliding_filter_covers_its_inputs_and_shows_no_later_output():
    above, below = sliding(place=0).figure.axes
    covered = next(line for line in above.lines if line.get_marker() == "o")
    assert list(covered.get_xdata()) == [1, 2, 3]
    assert list(covered.get_ydata()) == [1, 3, 2]
    assert list(below.lines[0].get_ydata()) == [-1]


def test_a_receptive_field_counts_what_is_seen():
    picture = plots.receptive_field({"input": (6, {1, 2, 3}), "conv": (4, {1})}, "Two layers")
    assert "input: 3 of 6; conv: 1 of 4" in picture.description
    hollow, filled = picture.figure.axes[0].lines[:2]
    assert list(filled.get_xdata()) == [1.5, 2.5, 3.5]
    assert list(hollow.get_xdata()) == [0.5, 4.5, 5.5]
    # The shorter row is spread over the same width.
    assert list(picture.figure.axes[0].lines[3].get_xdata()) == [1.5 * 6 / 4]


def test_band_weights_are_told_at_both_ends():
    curves = {"dark": np.linspace(2, -2, 5), "bright": np.linspace(-1, 3, 5)}
    picture = plots.band_weights(curves, np.geomspace(100, 9000, 5), "Weights")
    assert "dark: +2.0 in the lowest band, -2.0 in the highest" in picture.description
    assert list(picture.figure.axes[0].lines[1].get_ydata()) == list(curves["bright"])


def test_responses_name_their_maximum():
    assert "falling: strongest, -7.0, at 0.30 s in band 2" in responses().description
    assert "rectified: strongest, +7.0, at 0.30 s in band 2" in responses().description


def test_a_kernel_stands_with_frames_across_and_bands_up():
    picture = responses()
    small = next(axes for axes in picture.figure.axes if axes.get_title(loc="left") == "falling")
    assert np.array_equal(small.images[0].get_array(), KERNEL.T)
    assert small.texts[2].get_text() == "-1"  # frame 0, band 2


def test_a_signed_response_has_zero_in_the_middle_of_its_colours():
    drawn = [axes.collections[0] for axes in responses().figure.axes if axes.get_ylabel() == "mel band"]
    assert [mesh.get_clim() for mesh in drawn[1:]] == [(-7, 7), (0, 7)]


@pytest.mark.parametrize("make", [sliding, responses])
def test_synthetic_speech_is_named(make):
    assert "synthetic" not in make().description
    assert "synthetic speech" in make(synthetic=True).description
    assert "synthetic speech" in make(synthetic=True).figure.get_suptitle()
