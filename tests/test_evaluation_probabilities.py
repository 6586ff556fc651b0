"""Probabilities: scores by hand, by NumPy, and by scikit-learn's calibration curve."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from sercourse import evaluation
from sercourse.errors import UnknownNameError

CLASSES = ["sad", "happy", "angry", "calm"]  # not in alphabetical order, as a network's may be


def honest(rng, n, sharpness=1.0):
    """Probabilities, and truths that are drawn by them: perfectly calibrated."""
    probabilities = rng.dirichlet(np.full(4, 1 / sharpness), n)
    true = [CLASSES[rng.choice(4, p=row)] for row in probabilities]
    return np.array(true), probabilities


def test_scores_are_those_of_the_formulas_whatever_the_order_of_classes():
    rng = np.random.default_rng(0)
    true, probabilities = honest(rng, 200)
    one_hot = (true[:, None] == np.array(CLASSES)).astype(float)
    brier = ((probabilities - one_hot) ** 2).sum(axis=1).mean()
    log_loss = -np.log((probabilities * one_hot).sum(axis=1)).mean()
    assert evaluation.brier(true, probabilities, CLASSES) == pytest.approx(brier)
    assert evaluation.log_loss(true, probabilities, CLASSES) == pytest.approx(log_loss)
    order = [2, 0, 3, 1]
    classes = [CLASSES[each] for each in order]
    assert evaluation.brier(true, probabilities[:, order], classes) == pytest.approx(brier)


def test_two_classes_are_not_halved():
    """One row: (1 - .8)^2 + (0 - .2)^2."""
    assert evaluation.brier(["sad"], [[0.8, 0.2]], ["sad", "happy"]) == pytest.approx(0.08)


@pytest.mark.parametrize("k", [2, 8])
def test_equal_probabilities_cost_what_the_docstring_says(k):
    classes = [f"class {number}" for number in range(k)]
    equal = np.full((k, k), 1 / k)
    assert evaluation.brier(classes, equal, classes) == pytest.approx(1 - 1 / k)
    assert evaluation.log_loss(classes, equal, classes) == pytest.approx(np.log(k))


def test_a_sure_mistake_and_a_sure_hit():
    sure = [[1.0, 0.0]]
    assert evaluation.brier(["happy"], sure, ["sad", "happy"]) == 2
    assert evaluation.log_loss(["happy"], sure, ["sad", "happy"]) == pytest.approx(36.04, abs=0.01)
    assert evaluation.brier(["sad"], sure, ["sad", "happy"]) == 0
    assert evaluation.log_loss(["sad"], sure, ["sad", "happy"]) == pytest.approx(0, abs=1e-12)


def test_single_precision_is_welcome(recwarn):
    rng = np.random.default_rng(1)
    true, probabilities = honest(rng, 300)
    single = probabilities.astype(np.float32)
    assert evaluation.log_loss(true, single, CLASSES) == pytest.approx(
        evaluation.log_loss(true, probabilities, CLASSES), rel=1e-5
    )
    assert not recwarn.list


@pytest.mark.parametrize(("equal", "strategy"), [("width", "uniform"), ("count", "quantile")])
def test_the_reliability_table_equals_scikit_learns_calibration_curve(equal, strategy):
    rng = np.random.default_rng(2)
    true, probabilities = honest(rng, 1000)
    table = evaluation.reliability(true, probabilities, CLASSES, bins=8, equal=equal)
    right = np.array(CLASSES)[probabilities.argmax(axis=1)] == true
    share, confidence = calibration_curve(right, probabilities.max(axis=1), n_bins=8, strategy=strategy)
    filled = table[table["n"] > 0]
    np.testing.assert_allclose(filled["right"], share)
    np.testing.assert_allclose(filled["confidence"], confidence)
    assert table["n"].sum() == 1000
    if equal == "count":
        assert (table["n"] == 125).all()


def test_a_reliability_table_by_hand():
    """Confidences .6, .7, .9, .9, right in the second and fourth; the edge .7 belongs to the bin below it."""
    probabilities = [[0.6, 0.4], [0.3, 0.7], [0.9, 0.1], [0.1, 0.9]]
    true, classes = ["b", "b", "b", "b"], ["a", "b"]
    table = evaluation.reliability(true, probabilities, classes, bins=10)
    assert table["n"].to_list() == [0, 0, 0, 0, 0, 1, 1, 0, 2, 0]
    assert table["right"].dropna().to_list() == [0, 1, 0.5]
    assert table["confidence"].dropna().to_list() == pytest.approx([0.6, 0.7, 0.9])
    error = evaluation.calibration_error(true, probabilities, classes, bins=[10, 2])
    # Ten bins: (.6 + .3 + 2 x .4) / 4. Two: all four lie above .5, with mean .775 and half of them right.
    assert error.loc[10, "width"] == pytest.approx(1.7 / 4)
    assert error.loc[2, "width"] == pytest.approx(0.275)


def test_one_confidence_for_all_makes_one_bin():
    table = evaluation.reliability(["a", "b"], [[0.5, 0.5]] * 2, ["a", "b"], equal="count")
    assert table["n"].to_list() == [2]
    assert table.loc[0, ["confidence", "right"]].to_list() == [0.5, 0.5]


def test_the_calibration_error_of_honest_probabilities_grows_with_the_bins():
    """It should be 0. What is above is chance, and the more bins, the more of it."""
    rng = np.random.default_rng(3)
    true, probabilities = honest(rng, 400)
    errors = evaluation.calibration_error(true, probabilities, CLASSES, bins=(2, 10, 50))
    assert (errors.loc[2] < errors.loc[10]).all()
    assert (errors.loc[10] < errors.loc[50]).all()
    assert errors.loc[50, "count"] > 0.08


def test_proper_scores_get_worse_by_overconfidence_where_accuracy_does_not_change():
    rng = np.random.default_rng(4)
    true, probabilities = honest(rng, 2000)
    sharper = probabilities**4 / (probabilities**4).sum(axis=1, keepdims=True)
    for score in (evaluation.brier, evaluation.log_loss):
        assert score(true, sharper, CLASSES) > score(true, probabilities, CLASSES) + 0.02
    table = evaluation.reliability(true, sharper, CLASSES)
    filled = table[table["n"] > 50]
    assert (filled["confidence"] > filled["right"]).all()


@pytest.mark.parametrize(
    ("true", "probabilities", "classes", "said"),
    [
        (["a"], [[0.5, 0.5], [0.5, 0.5]], ["a", "b"], r"shape \(2, 2\); 1 rows and 2 classes need \(1, 2\)"),
        (["a"], [[0.5, 0.6]], ["a", "b"], "row 0: .* sum to 1"),
        (["a", "b"], [[0.5, 0.5], [np.nan, 1]], ["a", "b"], "row 1: "),
        (["a"], [[1.5, -0.5]], ["a", "b"], "row 0: "),
        (["c"], [[0.5, 0.5]], ["a", "b"], "c: true classes without a column"),
        (["a"], [[0.5, 0.5]], ["a", "a"], "each once"),
        (["a"], [[1.0]], ["a"], "two or more"),
        ([], np.empty((0, 2)), ["a", "b"], "nothing to score"),
    ],
)
def test_what_are_no_probabilities_is_refused(true, probabilities, classes, said):
    for score in (
        evaluation.brier,
        evaluation.log_loss,
        evaluation.reliability,
        evaluation.calibration_error,
    ):
        with pytest.raises(ValueError, match=said):
            score(true, probabilities, classes)


def test_bins_are_checked():
    with pytest.raises(ValueError, match="bins is 0"):
        evaluation.reliability(["a"], [[0.5, 0.5]], ["a", "b"], bins=0)
    with pytest.raises(UnknownNameError, match="'size'; choose one of: count, width"):
        evaluation.reliability(["a"], [[0.5, 0.5]], ["a", "b"], equal="size")
