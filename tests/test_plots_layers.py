"""Pictures of comparisons on the same actors: what is drawn is what was given, and the words say it."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots


def scores():
    index = pd.Index(["anna", "ben", "carl"], name="actor")
    return pd.DataFrame({"RNN": [0.5, 0.25, 0.375], "GRU": [0.75, 0.125, 0.375]}, index=index)


def compared():
    rows = {
        "GRU less RNN": {"difference": 0.1, "low": 0.05, "high": 0.2, "resolved": True},
        "LSTM less GRU": {"difference": -0.01, "low": -0.04, "high": 0.02, "resolved": False},
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def test_each_actor_has_a_line_from_one_system_to_the_other():
    picture = plots.joined(scores(), (-0.1, 0.2), "Two layers", "UAR")
    left, right = picture.figure.axes
    lines = [list(line.get_ydata()) for line in left.lines]
    assert lines[:3] == [[0.5, 0.75], [0.25, 0.125], [0.375, 0.375]]
    assert lines[3] == pytest.approx([0.375, 0.41666667])
    assert [label.get_text() for label in left.get_xticklabels()] == ["RNN", "GRU"]
    styles = [line.get_linestyle() for line in left.lines[:3]]
    assert styles == ["-", "--", "-"]
    assert (left.get_ylabel(), right.get_ylabel()) == ("UAR", "actor")


def test_differences_are_those_of_the_named_actor():
    right = plots.joined(scores(), (-0.1, 0.2), "Two layers", "UAR").figure.axes[1]
    names = [label.get_text() for label in right.get_yticklabels()]
    drawn = {
        name: bar.get_width() for name, bar in zip(names, right.containers[0], strict=True)
    }  # a row's bar stands at the row's number
    assert drawn == {"ben": -0.125, "carl": 0.0, "anna": 0.25}
    assert right.get_xlabel() == "UAR: GRU less RNN"
    assert 1 / 24 in [pytest.approx(line.get_xdata()[0]) for line in right.lines]
    span = next(patch for patch in right.patches if patch.get_label() == "mean, 95 % interval")
    assert (span.get_x(), span.get_x() + span.get_width()) == pytest.approx((-0.1, 0.2))


def test_the_words_count_who_is_ahead_and_name_the_ends():
    assert plots.joined(scores(), (-0.1, 0.2), "Two layers", "UAR").description == (
        "Two layers, UAR: GRU is ahead of RNN with 1 of 3 actors, behind with 1; the difference goes from "
        "-0.125 (ben) to +0.250 (anna), its mean is +0.042 [-0.100, +0.200]."
    )


def test_what_is_not_resolved_has_a_marker_of_its_own():
    picture = plots.differences(compared(), "Layers", "UAR")
    axes = picture.figure.axes[0]
    marks = {bars.get_label(): bars.lines[0] for bars in axes.containers}
    assert list(marks["resolved"].get_xdata()) == [0.1]
    assert list(marks["not resolved"].get_xdata()) == [-0.01]
    assert marks["resolved"].get_marker() != marks["not resolved"].get_marker()
    assert picture.description == (
        "Layers, UAR: GRU less RNN +0.100 [+0.050, +0.200], resolved; "
        "LSTM less GRU -0.010 [-0.040, +0.020], not resolved."
    )


def test_a_difference_stands_at_the_height_of_its_name_with_its_interval():
    axes = plots.differences(compared(), "Layers", "UAR").figure.axes[0]
    names = dict(zip(axes.get_yticks(), [label.get_text() for label in axes.get_yticklabels()], strict=True))
    for bars in axes.containers:
        ((start, end),) = bars.lines[2][0].get_segments()
        own = compared().loc[names[start[1]]]
        assert np.allclose([start[0], end[0]], [own["low"], own["high"]])
        assert own["resolved"] == (bars.get_label() == "resolved")


def test_all_may_be_resolved():
    picture = plots.differences(compared().iloc[:1], "Layers", "UAR")
    assert [bars.get_label() for bars in picture.figure.axes[0].containers] == ["resolved"]
