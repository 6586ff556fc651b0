"""Pictures of probabilities: the drawn values are the given ones, and the words average them rightly."""

import numpy as np
import pandas as pd
import pytest

from sercourse import evaluation, plots


def bins():
    true = ["sad"] * 4
    probabilities = [[0.9, 0.1], [0.8, 0.2], [0.9, 0.1], [0.4, 0.6]]
    return evaluation.reliability(true, probabilities, ["sad", "happy"], bins=2)


def test_only_bins_with_rows_are_drawn():
    upper, lower = plots.reliability({"two bins": {"svm": bins()}}, "Kept?", False).figure.axes
    line = next(each for each in upper.lines if each.get_label() == "svm")
    assert list(line.get_xdata()) == [pytest.approx((0.9 + 0.8 + 0.9 + 0.6) / 4)]
    assert list(line.get_ydata()) == [0.75]
    assert list(lower.lines[0].get_ydata()) == [0, 4]
    assert (upper.get_ylabel(), lower.get_ylabel()) == ("share right", "recordings")


def test_the_words_say_how_far_confidence_lies_off():
    picture = plots.reliability({"two bins": {"svm": bins()}}, "Kept?", True)
    assert picture.description == (
        "Kept? (synthetic speech). two bins, svm: confidence lies +0.05 from the share right on average."
    )


def test_each_panel_has_its_systems_and_lines_differ_in_more_than_colour():
    both = {"a": bins(), "b": bins()}
    axes = plots.reliability({"one": both, "two": both}, "Kept?", False).figure.axes
    assert [each.get_title(loc="left") for each in axes[:2]] == ["one", "two"]
    styles = {line.get_linestyle() for line in axes[0].lines if line.get_label() in both}
    assert len(styles) == 2


def test_answers_are_drawn_in_percent():
    curve = pd.Series([1.0, 0.8, 0.5], index=[0.25, 0.5, 1.0])
    picture = plots.answered({"svm": curve}, "Surest", False)
    (line,) = picture.figure.axes[0].lines
    assert np.allclose(line.get_xdata(), [25, 50, 100])
    assert np.allclose(line.get_ydata(), [100, 80, 50])
    assert picture.description == "Surest: right are, svm 50 % of all, 80 % of the surest half."
