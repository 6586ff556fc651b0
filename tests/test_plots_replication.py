"""The picture of the replication table: what is drawn is what was given, and the words say it."""

import numpy as np
import pandas as pd

from sercourse import plots


def table():
    rows = {
        "Report C, model B": {"claimed": 1.0, "published": 0.9, "honest": 0.3, "low": 0.25, "high": 0.35},
        "Report D": {"claimed": 0.95, "published": np.nan, "honest": 0.4, "low": 0.3, "high": 0.5},
        "Report E": {"claimed": 0.99, "published": 1.0, "honest": 0.4, "low": np.nan, "high": np.nan},
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def test_three_marks_a_line_at_the_given_places():
    axes = plots.replication(table(), "Claims", "accuracy", 0.125).figure.axes[0]
    drawn = {line.get_label(): line for line in axes.lines}
    names = [label.get_text() for label in axes.get_yticklabels()]
    heights = dict(zip(names, axes.get_yticks(), strict=True))
    claimed = dict(zip(drawn["claimed"].get_ydata(), drawn["claimed"].get_xdata(), strict=True))
    assert claimed[heights["Report C, model B"]] == 1.0
    assert claimed[heights["Report D"]] == 0.95
    published = drawn["ours, as published"].get_xdata()
    assert published[0] == 0.9
    assert np.isnan(published[1])
    (honest,) = axes.containers
    assert list(honest.lines[0].get_xdata()) == [0.3, 0.4, 0.4]
    segments = honest.lines[2][0].get_segments()
    assert np.allclose([segments[0][0][0], segments[0][1][0]], [0.25, 0.35])
    assert drawn["guessing"].get_xdata()[0] == 0.125


def test_markers_differ_and_not_only_by_colour():
    axes = plots.replication(table(), "Claims", "accuracy").figure.axes[0]
    markers = {line.get_marker() for line in axes.lines if line.get_marker() not in ("None", "|", "_")}
    assert {"D", "o", "s"} <= markers


def test_the_words_leave_out_what_is_missing():
    assert plots.replication(table(), "Claims", "accuracy").description == (
        "Claims, accuracy: Report C, model B claimed 1.000, as published 0.900, honest 0.300 [0.250, 0.350]; "
        "Report D claimed 0.950, honest 0.400 [0.300, 0.500]; "
        "Report E claimed 0.990, as published 1.000, honest 0.400."
    )
