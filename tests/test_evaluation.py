"""Scores against scikit-learn and against hand-worked cases."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix

from sercourse import evaluation

NAMES = st.sampled_from(["sad", "happy", "angry"])


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=60))
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true", "ignore:A single label was found")
def test_uar_and_accuracy_equal_scikit_learns(pairs):
    true, predicted = zip(*pairs, strict=True)
    assert evaluation.uar(true, predicted) == pytest.approx(balanced_accuracy_score(true, predicted))
    assert evaluation.accuracy(true, predicted) == pytest.approx(accuracy_score(true, predicted))


def test_a_hand_worked_case():
    true = ["sad", "sad", "happy", "happy", "happy", "happy"]
    predicted = ["sad", "sad", "happy", "sad", "sad", "sad"]
    assert evaluation.uar(true, predicted) == 0.625
    assert evaluation.accuracy(true, predicted) == 0.5
    assert evaluation.recall(true, predicted).to_dict() == {"happy": 0.25, "sad": 1.0}


def test_saying_one_class_to_everything_gives_one_over_the_number_of_classes():
    assert evaluation.uar(["a"] * 90 + ["b"] * 10, ["a"] * 100) == 0.5


def test_confusion_equals_scikit_learns():
    rng = np.random.default_rng(0)
    classes = ["sad", "happy", "angry"]
    true, predicted = rng.choice(classes, size=(2, 100))
    ours = evaluation.confusion(true, predicted, classes)
    np.testing.assert_array_equal(ours, confusion_matrix(true, predicted, labels=classes))
    assert list(ours.columns) == classes


def test_confusion_counts_a_class_that_is_never_predicted():
    assert evaluation.confusion(["a", "b"], ["a", "a"]).loc["b"].tolist() == [1, 0]


def test_confusion_refuses_an_unnamed_class():
    with pytest.raises(ValueError, match="not named: b"):
        evaluation.confusion(["a", "b"], ["a", "a"], classes=["a"])


def test_pandas_columns_are_welcome():
    true = pd.Series(["sad", "happy"], dtype="string", index=[7, 9])
    assert evaluation.uar(true, np.array(["sad", "happy"])) == 1


@pytest.mark.parametrize(("true", "predicted"), [(["a"], ["a", "b"]), ([], [])])
def test_what_cannot_be_scored_is_refused(true, predicted):
    with pytest.raises(ValueError, match=r"equal length|nothing to score"):
        evaluation.uar(true, predicted)
