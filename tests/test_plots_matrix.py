"""The picture of training on one corpus and testing on another: rows train, columns test."""

import numpy as np
import pandas as pd

from sercourse import plots


def table():
    return pd.DataFrame({"demo": [0.5, 0.25], "tess": [np.nan, 0.75]}, index=["demo", "tess"])


def test_a_cell_holds_its_own_number():
    axes = plots.transfer({"one": table()}, "Two corpora", "UAR").figure.axes[0]
    numbers = {text.get_position(): text.get_text() for text in axes.texts}
    # Columns from left to right, rows from above: (column + 1/2, row + 1/2).
    assert numbers == {(0.5, 0.5): "0.50", (0.5, 1.5): "0.25", (1.5, 1.5): "0.75"}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["demo", "tess"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("tested on", "trained on")


def test_the_diagonal_has_a_frame():
    picture = plots.transfer({"one": table().loc[["demo"]], "two": table()}, "Two corpora", "UAR")
    one, two = picture.figure.axes
    assert [patch.get_xy() for patch in one.patches] == [(0, 0)]
    assert [patch.get_xy() for patch in two.patches] == [(0, 0), (1, 1)]
    assert two.get_ylabel() == ""


def test_the_words_name_every_cell_but_the_empty_one():
    assert plots.transfer({"plain": table()}, "Two corpora", "UAR").description == (
        "Two corpora, UAR, trained on and tested on. "
        "plain: demo on demo 0.50, tess on demo 0.25, tess on tess 0.75."
    )
