"""Pictures of splits and of scores with intervals: their words carry the values, and colour has company."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots


def table_of_sides():
    rows = [["train", "test"], ["both", ""], ["train", "train"]]
    index = pd.Index(["anna", "ben", "carl"], name="speaker")
    return pd.DataFrame(rows, index=index).rename_axis(columns="fold")


def table_of_scores():
    columns = ["score", "low", "high", "kind"]
    rows = [[0.5, 0.4, 0.625, "over speakers"], [0.3, np.nan, np.nan, "one number"]]
    return pd.DataFrame(rows, index=["network", "tree"], columns=columns)


def test_the_sides_are_counted_in_words():
    picture = plots.sides({"First": table_of_sides(), "Second": table_of_sides()}, "Two", synthetic=False)
    assert "First: of 6 cells 1 on neither side, 3 train, 1 test, 1 both" in picture.description
    assert "Second: of 6 cells" in picture.description
    assert "synthetic" not in picture.description


def test_each_cell_bears_its_word_and_a_colour_of_its_own():
    axes = plots.sides({"First": table_of_sides()}, "One", synthetic=False).figure.axes[0]
    words = [text.get_text() for text in axes.texts]
    assert words == ["train", "test", "both", "", "train", "train"]
    colours = [tuple(colour) for colour in axes.collections[0].get_facecolors()]
    assert len({(word, colour) for word, colour in zip(words, colours, strict=True)}) == 4
    assert len(set(colours)) == 4


def test_the_axes_of_sides_are_named_after_rows_and_columns():
    picture = plots.sides({"First": table_of_sides()}, "One", synthetic=True)
    axes = picture.figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("fold", "speaker")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["anna", "ben", "carl"]
    assert axes.get_title(loc="left") == "First"
    assert picture.figure.get_suptitle() == "One (synthetic speech)"
    assert picture.description.startswith("One (synthetic speech). First: of 6 cells")


def test_an_unknown_side_is_refused():
    with pytest.raises(ValueError, match="'validation' is no side"):
        plots.sides({"First": table_of_sides().replace("both", "validation")}, "One", synthetic=False)


def test_scores_are_told_with_their_intervals():
    picture = plots.intervals(table_of_scores(), "Two systems", "UAR", chance=0.125)
    assert picture.description == (
        "Two systems, UAR: network 0.500 [0.400, 0.625]; tree 0.300; guessing 0.125."
    )
    axes = picture.figure.axes[0]
    assert axes.get_xlabel() == "UAR"
    marks = {bars.get_label(): bars.lines[0] for bars in axes.containers}
    assert list(marks["over speakers"].get_xdata()) == [0.5]
    assert list(marks["one number"].get_xdata()) == [0.3]
    assert marks["over speakers"].get_marker() != marks["one number"].get_marker()
    (guessing,) = [line for line in axes.lines if line.get_label() == "guessing"]
    assert guessing.get_xdata()[0] == 0.125


def test_an_interval_stands_at_the_height_of_its_name():
    axes = plots.intervals(table_of_scores(), "Two systems", "UAR").figure.axes[0]
    names = dict(zip(axes.get_yticks(), [label.get_text() for label in axes.get_yticklabels()], strict=True))
    ((start, end),) = axes.containers[0].lines[2][0].get_segments()
    assert names[start[1]] == "network"
    assert (start[0], end[0]) == (0.4, 0.625)
    heights = {bars.get_label(): bars.lines[0].get_ydata()[0] for bars in axes.containers}
    assert names[heights["one number"]] == "tree"


def test_names_may_repeat():
    table = table_of_scores().set_axis(["same", "same"])
    assert len(plots.intervals(table, "Two", "UAR").figure.axes[0].get_yticks()) == 2


def test_more_kinds_than_markers_are_refused():
    table = pd.concat([table_of_scores().assign(kind=kind) for kind in "abcd"])
    with pytest.raises(ValueError, match="4 kinds"):
        plots.intervals(table, "Many", "UAR")
