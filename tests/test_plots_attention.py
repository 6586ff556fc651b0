"""Pictures of steps and kernels, of frames' probabilities, of attention: what is drawn is what was given."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots

RATE = 1000
SAMPLES = np.sin(np.arange(2000) / 9)
TIMES = pd.Index([0.0, 0.5, 1.0, 1.5], name="time (s)")
WEIGHTS = pd.Series([0.1, 0.2, 0.6, 0.1], TIMES)
PROBABILITIES = pd.DataFrame({"calm": [0.9, 0.4, 0.4, 0.4], "angry": [0.1, 0.6, 0.6, 0.6]}, TIMES)


def pictures(synthetic=False):
    table = np.arange(60.0).reshape(12, 5)
    return {
        "neighbours": plots.neighbours(table, (6, 2), 3, "Two ways", synthetic),
        "frame_probabilities": plots.frame_probabilities(SAMPLES, RATE, PROBABILITIES, "A vote", synthetic),
        "attended": plots.attended(SAMPLES, RATE, WEIGHTS, "Attention", synthetic),
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "neighbours",
            ["Left, 5 steps", "coefficient over 12 frames", "Right, 12 steps", "frame of 5 coefficients"],
        ),
        # Three of four frames choose angry, and angry is at .475 on average: the sum says calm.
        ("frame_probabilities", ["4 frames", "calm 25%, angry 75%", "highest for calm, 0.53"]),
        ("attended", ["at 1.00 s counts most, 2.4 times", "1 of 4 frames hold half"]),
    ],
)
def test_the_description_carries_the_values(name, said):
    description = pictures()[name].description
    for words in said:
        assert words in description
    assert "synthetic" not in description


@pytest.mark.parametrize("name", list(pictures()))
def test_synthetic_speech_is_named(name):
    picture = pictures(synthetic=True)[name]
    assert "synthetic speech" in picture.figure.get_suptitle()
    assert "synthetic speech" in picture.description


@pytest.mark.parametrize("name", list(pictures()))
def test_every_picture_says_what_time_or_frames_it_shows(name):
    labels = [axes.get_xlabel() for axes in pictures()[name].figure.axes if axes.get_visible()]
    assert any(label.startswith(("time (s)", "frame")) for label in labels)


def test_the_weights_are_drawn_as_they_are_beside_equal_ones():
    below = pictures()["attended"].figure.axes[1]
    curve, equal = (line for line in below.lines if not line.get_label().startswith("_"))
    assert np.array_equal(curve.get_xdata(), TIMES)
    assert np.array_equal(curve.get_ydata(), WEIGHTS)
    assert set(equal.get_ydata()) == {0.25}


def test_the_bars_are_the_means_and_the_dots_the_choices():
    axes = pictures()["frame_probabilities"].figure.axes
    picture, bars = axes[2], axes[3]
    assert np.allclose([bar.get_width() for bar in bars.patches], [0.525, 0.475])
    assert list(picture.collections[1].get_offsets()[:, 1]) == [0, 1, 1, 1]
    assert np.array_equal(picture.collections[0].get_array(), PROBABILITIES.T)


def test_the_boxes_of_steps_and_kernels_lie_on_their_row_and_column():
    left, right = pictures()["neighbours"].figure.axes
    row, kernel = left.patches[:2]
    assert (row.get_y(), row.get_height(), row.get_width()) == (2.5, 1, 12)  # the third coefficient
    assert (kernel.get_x(), kernel.get_width(), kernel.get_y()) == (4.5, 3, 2.5)  # frames 5, 6, 7
    column, kernel = right.patches[:2]
    assert (column.get_x(), column.get_width(), column.get_height()) == (5.5, 1, 5)
    assert (kernel.get_y(), kernel.get_height(), kernel.get_x()) == (1.5, 3, 5.5)  # coefficients 2, 3, 4
