"""Scores against scikit-learn and against hand-worked cases."""

import doctest
import importlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix, f1_score

from sercourse import evaluation
from sercourse.splits import Fold

NAMES = st.sampled_from(["sad", "happy", "angry"])


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=60))
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true", "ignore:A single label was found")
def test_uar_accuracy_and_f1_equal_scikit_learns(pairs):
    true, predicted = zip(*pairs, strict=True)
    assert evaluation.uar(true, predicted) == pytest.approx(balanced_accuracy_score(true, predicted))
    assert evaluation.accuracy(true, predicted) == pytest.approx(accuracy_score(true, predicted))
    f1 = f1_score(true, predicted, labels=sorted(set(true)), average="macro", zero_division=0)
    assert evaluation.macro_f1(true, predicted) == pytest.approx(f1)


@pytest.mark.parametrize(
    "module", ["metrics", "intervals", "comparisons", "chance", "probabilities", "protocol"]
)
def test_the_examples_in_the_docstrings_hold(module):
    module = importlib.import_module(f"sercourse.evaluation.{module}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


def test_a_hand_worked_case():
    true = ["sad", "sad", "happy", "happy", "happy", "happy"]
    predicted = ["sad", "sad", "happy", "sad", "sad", "sad"]
    assert evaluation.uar(true, predicted) == 0.625
    assert evaluation.accuracy(true, predicted) == 0.5
    assert evaluation.recall(true, predicted).to_dict() == {"happy": 0.25, "sad": 1.0}
    table = evaluation.per_class(true, predicted)
    assert table["n"].to_dict() == {"happy": 4, "sad": 2}
    assert table["precision"].to_dict() == {"happy": 1.0, "sad": 0.4}
    assert table["f1"].to_dict() == pytest.approx({"happy": 2 / 5, "sad": 4 / 7})


def test_a_class_that_nothing_was_taken_for_has_no_precision_and_an_f1_of_0():
    table = evaluation.per_class(["a", "b"], ["a", "a"])
    assert table["precision"].isna().to_dict() == {"a": False, "b": True}
    assert table.loc["b", ["recall", "f1"]].to_list() == [0, 0]
    assert evaluation.macro_f1(["a", "b"], ["a", "a"]) == pytest.approx(1 / 3)


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
    assert evaluation.by(true, true, pd.Series(["x", "y"], dtype="string")).to_dict() == {"x": 1, "y": 1}


@pytest.mark.parametrize(("true", "predicted"), [(["a"], ["a", "b"]), ([], []), ([["a"]], [["a"]])])
def test_what_cannot_be_scored_is_refused(true, predicted):
    with pytest.raises(ValueError, match=r"equal length|nothing to score|one sequence"):
        evaluation.uar(true, predicted)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_value_is_no_class(missing):
    with pytest.raises(ValueError, match="predicted is missing in 1 of 3 rows, first in row 1"):
        evaluation.uar(["a", "b", "b"], ["a", missing, "b"])
    with pytest.raises(ValueError, match="groups is missing"):
        evaluation.by(["a", "b"], ["a", "b"], ["female", missing])
    with pytest.raises(ValueError, match="groups has 1 values for 2 rows"):
        evaluation.by(["a", "b"], ["a", "b"], ["female"])


def test_a_speaker_who_lacks_a_class_is_scored_on_the_others():
    true = ["sad", "sad", "happy", "sad", "sad"]
    predicted = ["sad", "happy", "happy", "sad", "happy"]
    speakers = ["x", "x", "x", "y", "y"]
    assert evaluation.by(true, predicted, speakers).to_dict() == {"x": 0.75, "y": 0.5}
    scores = evaluation.by(true, predicted, speakers, evaluation.accuracy)
    assert scores.to_dict() == {"x": pytest.approx(2 / 3), "y": 0.5}


def test_the_tess_trap_a_third_speaker_of_one_file_lifts_the_mean_of_folds():
    """As the course's notes tell it: .45 by two actresses became .61 when a misspelt file was a third."""
    true = np.array(["sad"] * 100 + ["happy"] * 100 + ["sad"])
    predicted = np.where(np.arange(201) % 100 < 45, true, "other")
    predicted[200] = "sad"
    folds = [Fold([], np.arange(start, 200, 2)) for start in (0, 1)] + [Fold([], np.array([200]))]
    assert evaluation.uar(true, predicted) == pytest.approx(0.45, abs=0.005)
    assert evaluation.by_fold(true, predicted, folds).mean() == pytest.approx((0.45 + 0.45 + 1) / 3, abs=0.01)


def test_folds_are_found_where_only_some_rows_are_tested():
    """Rows 4 and 5 were enrolled, say; twelve folds, so that their names would sort as 1, 10, 11, 2."""
    tested = np.array([row for row in range(14) if row not in (4, 5)])
    folds = [Fold(np.array([]), tested[[number]]) for number in reversed(range(12))]
    true = [f"class {row}" for row in tested]
    predicted = ["wrong"] * 10 + true[10:]
    scores = evaluation.by_fold(true, predicted, folds)
    assert scores.index.to_list() == list(range(1, 13))
    assert scores.to_list() == [1, 1] + [0] * 10


def test_folds_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="test 3 rows, but there are 2 predictions"):
        evaluation.by_fold(["a", "b"], ["a", "b"], [Fold([], [0, 1, 2])])
    with pytest.raises(ValueError, match="test a row twice"):
        evaluation.by_fold(["a", "b"], ["a", "b"], [Fold([], [0]), Fold([], [0])])


def test_the_summary_holds_all_scores():
    rows = pd.DataFrame(
        {
            "emotion": ["sad", "happy", "happy", "sad", "happy", "sad"],
            "speaker": ["x", "x", "x", "y", "y", "y"],
            "sex": ["female"] * 3 + ["male"] * 3,
        }
    )
    predicted = ["sad", "happy", "sad", "sad", "sad", "happy"]
    folds = [Fold([3, 4, 5], [0, 1, 2]), Fold([0, 1, 2], [3, 4, 5])]
    table = evaluation.summary(rows, predicted, folds)
    assert table["uar"].to_dict() == pytest.approx(
        {
            ("pooled", "all"): (2 / 3 + 1 / 3) / 2,
            ("fold", 1): 0.75,
            ("fold", 2): 0.25,
            ("mean of folds", "all"): 0.5,
            ("class", "happy"): 1 / 3,
            ("class", "sad"): 2 / 3,
            ("sex", "female"): 0.75,
            ("sex", "male"): 0.25,
            ("speaker", "x"): 0.75,
            ("speaker", "y"): 0.25,
        }
    )
    assert table.loc[("speaker", "y"), ["n", "n_classes"]].to_list() == [3, 2]
    assert table.loc["class", "n_classes"].to_list() == [1, 1]
    f1 = f1_score(rows["emotion"], predicted, average=None, labels=["happy", "sad"])
    assert table.loc["class", "macro_f1"].to_list() == pytest.approx(list(f1))
    assert table["n"].dtype == int


def test_the_summary_leaves_out_what_is_not_known():
    rows = pd.DataFrame({"emotion": ["sad", "happy"], "speaker": ["x", "y"], "sex": ["female", None]})
    parts = evaluation.summary(rows, ["sad", "happy"]).index.unique("part")
    assert parts.to_list() == ["pooled", "class", "speaker"]
