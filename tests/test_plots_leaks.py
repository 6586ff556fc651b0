"""Pictures of leaks: the words carry the figures, the marks stand where they say."""

import pandas as pd
import pytest

from sercourse import plots
from sercourse.widgets import Explorer


@pytest.fixture
def compared():
    columns = ["score", "control score", "difference", "low", "high"]
    rows = [[0.9, 0.2, 0.7, 0.6, 0.75], [0.2, 0.21, -0.01, -0.03, 0.02]]
    return pd.DataFrame(rows, index=["duplicates", "scaling"], columns=columns)


def test_a_leak_stands_beside_its_control(compared):
    picture = plots.leak_pairs(compared, "Alone", "UAR", 0.125, synthetic=True)
    assert picture.description == (
        "Alone (synthetic speech), UAR: duplicates 0.900, control 0.200, difference +0.700 [+0.600, +0.750]; "
        "scaling 0.200, control 0.210, difference -0.010 [-0.030, +0.020]; guessing 0.125."
    )
    left, right = picture.figure.axes
    marks = {line.get_label(): line for line in left.lines}
    assert list(marks["with the leak"].get_xdata()) == [0.9, 0.2]
    assert list(marks["control"].get_xdata()) == [0.2, 0.21]
    assert marks["control"].get_marker() != marks["with the leak"].get_marker()
    segments = right.containers[0].lines[2][0].get_segments()
    assert [tuple(segment[:, 0].round(9)) for segment in segments] == [(0.6, 0.75), (-0.03, 0.02)]
    assert [text.get_text() for text in right.texts] == ["+0.700", "-0.010"]
    assert (left.get_xlabel(), right.get_xlabel()) == ("UAR", "difference of the UAR")
    assert [label.get_text() for label in left.get_yticklabels()] == ["duplicates", "scaling"]


def test_the_ladder_adds_up():
    scores = pd.Series({"honest": 0.2, "+ speakers": 0.5, "+ scaling": 0.48})
    picture = plots.ladder(scores, "Up", "UAR", 0.125, synthetic=False)
    assert picture.description == (
        "Up, UAR: honest 0.200, then + speakers 0.500, then + scaling 0.480; guessing 0.125."
    )
    axes = picture.figure.axes[0]
    added = next(bars for bars in axes.containers if bars.get_label() == "what is added")
    assert [(round(bar.get_x(), 9), round(bar.get_width(), 9)) for bar in added] == [(0.2, 0.3), (0.5, -0.02)]
    assert {bar.get_hatch() for bar in added} == {"//"}
    assert [text.get_text() for text in axes.texts] == ["0.200", "0.500 (+0.300)", "0.480 (-0.020)"]
    names = dict(zip(axes.get_yticks(), [label.get_text() for label in axes.get_yticklabels()], strict=True))
    middles = [bar.get_y() + bar.get_height() / 2 for bar in added]
    assert [names[round(middle)] for middle in middles] == ["+ speakers", "+ scaling"]
    assert axes.get_xlabel() == "UAR"


def test_a_checkbox_is_a_control_as_sliders_are():
    def draw(**ticked):
        return plots.ladder(
            pd.Series({"a": 0.1, "b": 0.3 + 0.2 * sum(ticked.values())}), "T", "UAR", 0.1, False
        )

    explorer = Explorer(draw, one=("the first", False), other=("the second", True))
    assert repr(explorer).startswith("T, UAR: a 0.100, then b 0.500")
    assert [box.description for box in explorer.sliders.values()] == ["the first", "the second"]
    explorer.sliders["one"].value = True
    assert repr(explorer).startswith("T, UAR: a 0.100, then b 0.700")
