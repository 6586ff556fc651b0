"""Pictures of framing, filters and coefficients: their words carry the values. The explorer."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots
from sercourse.widgets import Explorer

RATE = 20_000


def pictures(synthetic=False):
    samples = np.sin(np.arange(RATE) / 20)
    ramp = np.linspace(-40, 0, 80)
    coefficients = np.stack([100 * np.arange(40.0), np.full(40, 5.0), np.full(40, -5.0)], axis=1)
    # The third filter is twice as wide as the first; bins are 100 Hz apart.
    filters = np.zeros((3, 101))
    filters[0, 10:13] = 1, 2, 1
    filters[1, 20:23] = 1, 2, 1
    filters[2, 30:35] = 1, 2, 3, 2, 1
    return {
        "framing": plots.framing(samples, RATE, 2000, 500, 10, np.hanning(2000), "One frame", synthetic),
        "cepstra": plots.cepstra(np.zeros((40, 80)), coefficients, 0.025, "A table", synthetic),
        "envelope": plots.envelope(ramp, ramp + 3, 7, np.geomspace(50, 9000, 80), "Frame 4", synthetic),
        "slope": plots.slope(np.arange(60.0), np.full(60, 2.5), 20, 9, 0.05, "A slope", synthetic),
        "filters": plots.mel_filters(filters, RATE, [0, 2]),
        "leakage": plots.leakage(
            {"flat": np.zeros(5), "peaked": np.array([0, 0, 30, 0, -70])}, np.arange(5) * 100, "A tone"
        ),
        "losses": plots.losses({"Some speakers": losses()}),
        "kept": plots.kept(
            {
                "crop": plots.Kept(np.arange(60.0).reshape(20, 3), 0.5, 1.5),
                "mean": plots.Kept(np.arange(5.0)[None], 0, 2.25),
            },
            2.25,
            "Two recipes",
            synthetic,
        ),
    }


def losses():
    table = pd.DataFrame({1: [0, 2], 2: [1, 3]}, index=["sad", "calm"])
    return table.rename_axis(index="emotion", columns="actor")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("framing", ["frame 10 is 100 ms long", "starts at 0.20 s", "the next one 25 ms later"]),
        (
            "cepstra",
            ["80 mel bands become 3 coefficients", "each of 40 frames", "from 0 to 3900 dB", "within 5 dB"],
        ),
        ("envelope", ["7 MFCC give a curve that lies 3.0 dB from the 80 mel bands"]),
        ("slope", ["9 frames around 1.00 s", "2.5 dB a frame"]),
        ("filters", ["200 Hz for filter 0", "400 Hz for filter 2"]),
        (
            "leakage",
            ["flat: peak at 0 Hz, 0 dB less at 400 Hz", "peaked: peak at 200 Hz, 100 dB less at 400 Hz"],
        ),
        (
            "kept",
            ["2.2 s long", "crop: 20 frames of 3 from 0.5 to 1.5 s", "mean: 1 frame of 5 from 0.0 to 2.2 s"],
        ),
        ("losses", ["Some speakers: 6 lost", "calm (5)", "actor 2 (4)"]),
    ],
)
def test_the_description_carries_the_values(name, said):
    description = pictures()[name].description
    for words in said:
        assert words in description
    assert "synthetic" not in description


@pytest.mark.parametrize("name", ["framing", "cepstra", "envelope", "slope", "kept"])
def test_synthetic_speech_is_named(name):
    picture = pictures(synthetic=True)[name]
    assert "synthetic speech" in picture.figure.get_suptitle()
    assert "synthetic speech" in picture.description


@pytest.mark.parametrize("name", list(pictures()))
def test_every_axis_says_what_it_shows(name):
    for axes in pictures()[name].figure.axes:
        shares_time = axes.get_subplotspec() is not None and not axes.get_subplotspec().is_last_row()
        assert axes.get_ylabel() or name == "framing"
        assert axes.get_xlabel() or shares_time or axes.get_label() == "<colorbar>"


def test_the_line_of_a_slope_rises_by_the_delta():
    above = pictures()["slope"].figure.axes[0]
    line = next(each for each in above.lines if each.get_label() == "straight line")
    assert np.allclose(np.diff(line.get_ydata()), 2.5)
    assert np.isclose(np.mean(line.get_ydata()), 20)


def test_a_crop_lies_where_it_was_cut_and_its_first_column_is_left_out():
    crop, mean = pictures()["kept"].figure.axes
    assert tuple(crop.images[0].get_extent()) == (0.5, 1.5, 1.5, 3.5)
    assert crop.images[0].get_array().shape == (2, 20)
    assert mean.images[0].get_array().shape == (4, 1)
    assert crop.get_xlim() == (0, 2.25)


def test_a_loss_of_none_is_left_empty():
    words = [text.get_text() for text in pictures()["losses"].figure.axes[0].texts]
    assert words == ["", "1", "2", "3"]


def test_the_explorer_draws_what_its_sliders_say():
    drawn = []

    def draw(frame, n_mfcc):
        drawn.append((frame, n_mfcc))
        return plots.envelope(np.zeros(8), np.ones(8), n_mfcc, np.arange(8), f"Frame {frame}", synthetic=True)

    explorer = Explorer(draw, frame=("frame", 3, 0, 9), n_mfcc=("coefficients", 5, 1, 8))
    page = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in page
    assert "image/png" in page["text/html"]
    assert page["text/plain"].startswith("Frame 3 (synthetic speech): 5 MFCC")
    before = explorer._page.value
    explorer.sliders["n_mfcc"].value = 8
    assert drawn == [(3, 5), (3, 8)]
    assert repr(explorer).startswith("Frame 3 (synthetic speech): 8 MFCC")
    assert explorer._page.value != before
