"""Pictures of a search: what is drawn is what was given, and the words name the right cells."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots


def squares():
    rows = pd.Index([0.001, 0.01], name="learning rate")
    columns = pd.Index([4, 6], name="layers")
    return {
        "GRU": pd.DataFrame([[0.5, 0.625], [0.25, 0.125]], rows, columns),
        "RNN": pd.DataFrame([[0.375, 0.3], [0.2, 0.4]], rows, columns),
    }


def frames(axes):
    """Lower left corners of the frames and of the hatched squares."""
    best = [patch.get_xy() for patch in axes.patches if not patch.get_hatch()]
    hatched = [patch.get_xy() for patch in axes.patches if patch.get_hatch()]
    return best, hatched


def test_each_cell_shows_its_score_in_percent():
    picture = plots.grid(squares(), "A search", "accuracy")
    for axes, table in zip(picture.figure.axes, squares().values(), strict=True):
        shown = [float(text.get_text()) for text in axes.texts]
        assert shown == pytest.approx(list(100 * table.to_numpy().ravel()))
    assert [axes.get_title(loc="left") for axes in picture.figure.axes] == ["GRU", "RNN"]
    assert picture.figure.axes[0].get_ylabel() == "learning rate"
    assert [label.get_text() for label in picture.figure.axes[0].get_yticklabels()] == ["0.001", "0.01"]
    assert picture.figure.axes[0].get_xlabel() == "layers"


def test_the_best_cell_has_a_frame_and_flagged_ones_are_hatched():
    flagged = {name: table < 0.26 for name, table in squares().items()}
    picture = plots.grid(squares(), "A search", "accuracy", flagged, "below .26")
    assert frames(picture.figure.axes[0]) == ([(1, 0)], [(0, 1), (1, 1)])
    assert frames(picture.figure.axes[1]) == ([(1, 1)], [(0, 1)])
    assert picture.description == (
        "A search, accuracy. GRU: best 0.625 at 0.001 (learning rate) with 6 (layers), "
        "below .26 in 2 of 4 cells; "
        "RNN: best 0.400 at 0.01 (learning rate) with 6 (layers), below .26 in 1 of 4 cells."
    )


def test_a_missing_cell_is_no_best_one():
    table = squares()["RNN"]
    table.iloc[1, 1] = np.nan
    assert (
        "best 0.375 at 0.001 (learning rate) with 4 (layers)"
        in plots.grid({"x": table}, "A", "UAR").description
    )


def test_the_band_goes_over_the_seeds_and_cells_inside_it_are_counted():
    cells = {"GRU": pd.Series([0.5, 0.75, 0.625, 0.1])}
    picture = plots.ranked(cells, {"GRU": [0.75, 0.625, 0.5]}, "Seeds", "UAR", chance=0.125)
    (axes,) = picture.figure.axes
    drawn = {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in axes.lines}
    assert drawn["a cell, one seed"] == ([1, 2, 3, 4], [0.75, 0.625, 0.5, 0.1])
    assert drawn["one of the cells, several seeds"] == ([0, 0, 0], [0.75, 0.625, 0.5])
    (band,) = axes.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == (0.5, 0.75)
    assert picture.description == (
        "Seeds, UAR. GRU: 4 cells from 0.750 to 0.100, 3 of them between 0.500 and 0.750, as 3 seeds of one "
        "cell."
    )


def test_a_system_without_other_seeds_shows_its_cells():
    cells = {"GRU": pd.Series([0.5, 0.25]), "RNN": pd.Series([0.75, 0.5])}
    picture = plots.ranked(cells, {"GRU": [0.25, 0.375]}, "Seeds", "UAR")
    assert [len(axes.patches) for axes in picture.figure.axes] == [1, 0]
    words = [text.get_text() for text in picture.figure.legends[0].texts]
    assert words == ["a cell, one seed", "one of the cells, several seeds", "range of the seeds"]
    assert picture.description.endswith("; RNN: 2 cells from 0.750 to 0.500.")


def test_choices_on_validation_and_on_test_are_marked():
    table = pd.DataFrame({"validation": [0.5, 0.7, 0.6], "test": [0.4, 0.3, 0.5]}, ["a", "b", "c"])
    picture = plots.choices({"unseen": table}, "A choice", "UAR", synthetic=True)
    (axes,) = picture.figure.axes
    drawn = {line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in axes.lines}
    assert drawn["a cell"] == ([0.5, 0.7, 0.6], [0.4, 0.3, 0.5])
    assert drawn["best on validation"] == ([0.7], [0.3])
    assert drawn["best on test"] == ([0.6], [0.5])
    assert picture.description == (
        "A choice (synthetic speech). unseen: b is best on validation with 0.700 and has 0.300 on test; "
        "c is best on test with 0.500."
    )
