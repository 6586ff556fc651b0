"""Pictures of directions: what is drawn is what was given, and the words carry it too."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots


def triangles(n=5):
    """Forward: an output moves with its own frame and earlier ones, half as far for each frame between."""
    rows, columns = np.indices((n, n))
    forward = np.where(rows >= columns, 0.5 ** (rows - columns), 0.0)
    return {"forward": forward, "backward": forward.T, "both": np.maximum(forward, forward.T)}


def lines():
    index = pd.Index([0.0, 0.5, 1.0], name="seconds heard")
    return pd.DataFrame({"forward": [0.1, 0.2, 0.3], "both": [0.2, 0.5, 0.4]}, index=index)


def test_what_does_not_move_is_hatched_and_has_a_word():
    picture = plots.dependence(triangles(), "Who sees whom", synthetic=False)
    forward, backward, both = picture.figure.axes[:3]
    drawn = forward.images[0].get_array()
    assert (drawn.mask == ~np.tri(5, dtype=bool)).all()
    assert forward.patch.get_hatch()
    assert drawn[4, 0] == 0.5**4  # row: the output, column: the changed frame
    assert (forward.get_xlabel(), forward.get_ylabel()) == ("changed frame", "output at frame")
    assert [len(axes.texts) for axes in (forward, backward, both)] == [1, 1, 0]
    (word,) = forward.texts
    assert word.get_position()[0] > word.get_position()[1]  # right of the diagonal, below it


def test_the_panels_share_one_scale():
    axes = plots.dependence(triangles(), "Who sees whom", synthetic=False).figure.axes[:3]
    assert {(each.images[0].norm.vmin, each.images[0].norm.vmax) for each in axes} == {(0.001, 1.0)}


def test_dependence_is_told_in_words():
    picture = plots.dependence(triangles(), "Who sees whom", synthetic=True)
    assert picture.description == (
        "Who sees whom (synthetic speech). Output moves in how many pairs of frames: "
        "forward: 100% with an earlier frame, 0% with a later one; "
        "backward: 0% with an earlier frame, 100% with a later one; "
        "both: 100% with an earlier frame, 100% with a later one."
    )


def test_what_never_moves_is_refused():
    with pytest.raises(ValueError, match="no output of still moves"):
        plots.dependence({"still": np.zeros((3, 3))}, "Nothing", synthetic=False)


def test_curves_are_the_columns_and_differ_by_more_than_colour():
    picture = plots.curves(lines(), "Two systems", "UAR", marks={"voice begins": 0.25}, chance=0.125)
    axes = picture.figure.axes[0]
    forward, both, mark, guessing = axes.lines
    assert list(both.get_xdata()) == [0.0, 0.5, 1.0]
    assert list(both.get_ydata()) == [0.2, 0.5, 0.4]
    assert forward.get_linestyle() != both.get_linestyle()
    assert forward.get_marker() != both.get_marker()
    assert mark.get_xdata()[0] == 0.25
    assert guessing.get_ydata()[0] == 0.125
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("seconds heard", "UAR")


def test_curves_are_told_in_words():
    picture = plots.curves(lines(), "Two systems", "UAR", marks={"voice begins": 0.25}, chance=0.125)
    assert picture.description == (
        "Two systems, UAR over seconds heard: forward begins with 0.1, at most 0.3 at 1, ends with 0.3; "
        "both begins with 0.2, at most 0.5 at 0.5, ends with 0.4; voice begins at 0.25; guessing 0.125."
    )


def test_more_lines_than_kinds_are_refused():
    with pytest.raises(ValueError, match="5 lines"):
        plots.curves(pd.DataFrame([[0.0] * 5], columns=list("abcde")), "Many", "UAR")
