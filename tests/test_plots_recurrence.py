"""Pictures of recurrent networks: they draw the values given, and cover what has not been read."""

import numpy as np
import pytest

from sercourse import plots

HOP = 0.5


def pictures(synthetic=False):
    frames = np.arange(12.0).reshape(4, 3)
    states = np.array([[0.1, -0.2], [0.3, 0.6], [0.3, -0.9], [0.0, 0.0]])
    return {
        "unrolled": plots.unrolled(frames, states, 3, HOP, "A walk", synthetic),
        "walks": plots.walks(frames, 2, HOP, "Two walks", synthetic),
        "states": plots.states({"kept": states[[0, 1, 1, 1]], "lost": states}, 2, HOP, "Padded", synthetic),
        "reach": plots.reach(
            {"small": np.array([1e-6, 1e-3, 1.0]), "large": np.array([400.0, 20.0, 1.0])},
            HOP,
            "Back",
            synthetic,
        ),
    }


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unrolled", ["3 of 4 frames", "the first 1.50 s", "unit 2 moved most, from 0.60 to -0.90"]),
        ("walks", ["all 3 coefficients of the first 1.00 s", "2 of 3 coefficients of all 2.00 s"]),
        ("states", ["ends at 1.00 s", "kept: after the end a state moves by up to 0.00", "lost: "]),
        ("reach", ["small: 1.0e-06 at the first frame, 1.0e+00 at the last", "large: 4.0e+02"]),
    ],
)
def test_the_description_carries_the_values(name, said):
    description = pictures()[name].description
    for words in said:
        assert words in description
    assert "synthetic" not in description


@pytest.mark.parametrize("name", list(pictures()))
def test_synthetic_speech_is_named(name):
    assert "synthetic speech" in pictures(synthetic=True)[name].description


def test_the_state_moves_by_its_largest_change():
    assert "lost: after the end a state moves by up to 0.60" in pictures()["states"].description


def test_what_has_not_been_read_is_not_drawn():
    inputs = np.ma.filled(pictures()["unrolled"].figure.axes[0].images[0].get_array(), np.nan)
    assert np.array_equal(inputs[:, :3], np.arange(12.0).reshape(4, 3).T[:, :3])
    assert np.isnan(inputs[:, 3]).all()


def test_one_walk_uncovers_frames_and_the_other_coefficients():
    drawn = [axes.images[0].get_array() for axes in pictures()["walks"].figure.axes]
    over_frames, over_coefficients = (np.ma.getmaskarray(np.ma.masked_invalid(each)) for each in drawn)
    assert not over_frames[:, :2].any()
    assert over_frames[:, 2:].all()
    assert not over_coefficients[:2].any()
    assert over_coefficients[2:].all()


def test_the_bars_are_the_frame_and_the_state_of_the_step():
    axes = pictures()["unrolled"].figure.axes
    assert [bar.get_width() for bar in axes[1].patches] == [6.0, 7.0, 8.0]
    assert [bar.get_width() for bar in axes[3].patches] == [0.3, -0.9]


def test_the_first_step_comes_from_a_state_of_zeros():
    picture = plots.unrolled(np.ones((2, 2)), np.full((2, 1), 0.5), 1, HOP, "A walk", False)
    assert "unit 1 moved most, from 0.00 to 0.50" in picture.description


def test_a_gradient_of_zero_leaves_a_gap():
    picture = plots.reach({"cut": np.array([0.0, 0.5, 1.0])}, HOP, "Back", False)
    drawn = picture.figure.axes[0].lines[0].get_ydata()
    assert np.isnan(drawn[0])
    assert drawn[1:].tolist() == [0.5, 1.0]
    assert picture.figure.axes[0].get_yscale() == "log"


@pytest.mark.parametrize("name", list(pictures()))
def test_every_axis_says_what_it_shows(name):
    grid = [axes for axes in pictures()[name].figure.axes if axes.get_label() != "<colorbar>"]
    assert all(axes.get_xlabel() for axes in grid if axes.get_subplotspec().is_last_row())
    assert all(axes.get_ylabel() for axes in grid if axes.get_subplotspec().is_first_col())
