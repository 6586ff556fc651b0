"""Curves over epochs, and costs: lines carry the given values, and words say where they begin and end."""

import numpy as np
import pandas as pd
import pytest

from sercourse import plots


def history(validation=False):
    table = pd.DataFrame({"epoch": [1, 2, 3], "loss": [2.0, 1.5, 0.25], "accuracy": [0.125, 0.5, 0.875]})
    if validation:
        table = table.assign(val_loss=[2.0, 0.75, 1.5], val_accuracy=[0.25, 0.375, 0.625])
    return table


def lines(axes):
    return {line.get_label(): line for line in axes.lines}


def test_each_line_carries_the_values_of_its_training():
    picture = plots.learning_curves({"one": history(), "two": history(True)}, "Two", synthetic=False)
    loss, accuracy = (lines(axes) for axes in picture.figure.axes)
    assert list(loss) == ["one, training", "two, training", "two, validation"]
    np.testing.assert_array_equal(loss["one, training"].get_xydata(), [[1, 2], [2, 1.5], [3, 0.25]])
    np.testing.assert_array_equal(loss["two, validation"].get_ydata(), [2, 0.75, 1.5])
    np.testing.assert_array_equal(accuracy["one, training"].get_ydata(), [0.125, 0.5, 0.875])
    np.testing.assert_array_equal(accuracy["two, validation"].get_ydata(), [0.25, 0.375, 0.625])


def test_colour_has_company():
    picture = plots.learning_curves({"one": history(True), "two": history()}, "Two", synthetic=False)
    drawn = lines(picture.figure.axes[0])
    one, two = drawn["one, training"], drawn["two, training"]
    assert (one.get_color(), one.get_marker()) != (two.get_color(), two.get_marker())
    assert one.get_marker() != two.get_marker()
    assert drawn["one, validation"].get_color() == one.get_color()
    assert drawn["one, validation"].get_linestyle() != one.get_linestyle()


def test_axes_have_names_and_the_loss_begins_at_zero():
    loss, accuracy = plots.learning_curves({"one": history()}, "One", synthetic=False).figure.axes
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("epoch", "mean cross-entropy (nats)")
    assert accuracy.get_ylabel() == "accuracy"
    assert loss.get_ylim()[0] == 0


def test_the_words_tell_beginning_end_and_lowest_validation_loss():
    picture = plots.learning_curves({"one": history(True)}, "Small net", synthetic=True)
    assert picture.figure.get_suptitle() == "Small net (synthetic speech)"
    assert picture.description == (
        "Small net (synthetic speech). one: loss 2.000 in epoch 1, 0.250 in epoch 3, accuracy 0.125 in "
        "epoch 1, 0.875 in epoch 3, validation loss lowest in epoch 2 (0.750), at the end 1.500 with "
        "accuracy 0.625."
    )


def test_the_floor_is_drawn_and_told():
    picture = plots.learning_curves({"one": history()}, "One", synthetic=False, floor=1.1654)
    drawn = lines(picture.figure.axes[0])["floor 1.1654"]
    assert set(drawn.get_ydata()) == {1.1654}
    assert picture.description.endswith("; floor of the loss 1.1654.")
    assert "floor" not in str(plots.learning_curves({"one": history()}, "One", synthetic=False))


def test_too_many_trainings_are_refused():
    with pytest.raises(ValueError, match="7 trainings; a picture has at most 6"):
        plots.learning_curves({str(number): history() for number in range(7)}, "Many", synthetic=False)


def test_costs_are_drawn_as_given_and_told_at_one_half_and_at_the_end():
    table = pd.DataFrame({"one": [2.0, 0.75, 0.0], "two": [3.0, 1.5, 1.25]}, index=[0.25, 0.5, 1.0])
    picture = plots.costs(table, "Two costs", highest=3.5)
    axes = picture.figure.axes[0]
    np.testing.assert_array_equal(lines(axes)["two"].get_xydata(), [[0.25, 3], [0.5, 1.5], [1, 1.25]])
    assert lines(axes)["one"].get_marker() != lines(axes)["two"].get_marker()
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        "probability of the true class",
        "cost of the answer (nats)",
    )
    assert axes.get_ylim() == (0, 3.5)
    shaded = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    assert (shaded.x0, shaded.x1) == (0, 0.5)
    assert picture.description == (
        "Two costs: one: 0.750 nats at one half, 0.000 at 1; two: 1.500 nats at one half, 1.250 at 1."
    )
