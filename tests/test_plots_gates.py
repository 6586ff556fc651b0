"""The picture of gates: it draws what it is given, and says where each gate is widest."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots

SECONDS = np.arange(50) * 0.02


def picture(synthetic=False):
    """Return a picture of gates whose course is known: shut, then open once; always open; a ramp."""
    wave = pd.Series(np.sin(np.arange(1000) / 5), np.arange(1000) / 1000)
    level = pd.Series(np.linspace(-60, 0, 50), SECONDS)
    bump = np.where(np.arange(50) == 30, 0.75, 0.25)
    opened = pd.DataFrame({"input": bump, "forget": np.ones(50), "output": np.arange(50) / 49}, SECONDS)
    values = pd.DataFrame({"candidate": np.full(50, 0.02), "cell": np.linspace(-1, 3, 50)}, SECONDS)
    return plots.gates(wave, level, opened, values, "Unit 3", synthetic), opened, values


def test_what_is_drawn_is_what_was_given():
    made, opened, values = picture()
    _, level, above, below = made.figure.axes
    assert np.array_equal(level.lines[0].get_ydata(), np.linspace(-60, 0, 50))
    for axes, table in ((above, opened), (below, values)):
        drawn = {line.get_label(): line for line in axes.lines if line.get_label() in table}
        assert list(drawn) == list(table)
        for name, line in drawn.items():
            assert np.array_equal(line.get_xdata(), SECONDS)
            assert np.array_equal(line.get_ydata(), table[name])


def test_the_lines_of_a_panel_differ_in_dash_and_in_colour():
    above = picture()[0].figure.axes[2]
    assert len({line.get_linestyle() for line in above.lines}) == 3
    assert len({line.get_color() for line in above.lines}) == 3


@pytest.mark.parametrize(
    "said",
    [
        "Unit 3: 50 frames",
        "input gate: 0.26 on average, widest (0.75) at 0.60 s",
        "forget gate: 1.00 throughout",
        "output gate: 0.50 on average, widest (1.00) at 0.98 s",
        "candidate: 0.02 throughout",
        "cell: -1.00 to 3.00, at the end 3.00",
    ],
)
def test_the_description_carries_the_values(said):
    assert said in picture()[0].description


def test_synthetic_speech_is_named():
    assert "synthetic" not in picture()[0].description
    made = picture(synthetic=True)[0]
    assert made.figure.get_suptitle() == "Unit 3 (synthetic speech)"
    assert made.description.startswith("Unit 3 (synthetic speech)")


def test_all_panels_share_the_time_and_say_what_they_show():
    axes = picture()[0].figure.axes
    assert [each.get_ylabel() for each in axes] == ["sample value", "level (dB)", "gates", "values"]
    assert axes[-1].get_xlabel() == "time (s)"
    assert len({each.get_xlim() for each in axes}) == 1
