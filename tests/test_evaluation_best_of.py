"""The best of n against a count of all cases, published order statistics, and another kind of simulation."""

import itertools

import numpy as np
import pytest

from sercourse import evaluation


def counted(accuracies, n_test):
    """Expected best, and how often each model is chosen, by going through every possible outcome."""
    expected, chosen = 0.0, np.zeros(len(accuracies))
    for outcome in itertools.product([False, True], repeat=len(accuracies) * n_test):
        right = np.reshape(outcome, (len(accuracies), n_test))
        each = np.where(right, np.array(accuracies)[:, None], 1 - np.array(accuracies)[:, None])
        scores = right.mean(axis=1)
        expected += each.prod() * scores.max()
        chosen[scores.argmax()] += each.prod()
    return expected, chosen


@pytest.mark.parametrize("accuracies", [[0.3, 0.8], [0.9, 0.5, 0.4], [0.25]])
def test_every_possible_outcome_counted_gives_the_same(accuracies):
    expected, chosen = counted(accuracies, 4)
    found = evaluation.expected_best(accuracies, n_test=4)
    assert found.expected == pytest.approx(expected)
    assert found.optimism == pytest.approx(expected - chosen @ accuracies)
    assert chosen.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("n_models", "published"), [(2, 0.56419), (5, 1.16296), (10, 1.53875), (16, 1.76599)]
)
def test_many_rows_give_the_normal_order_statistics_of_harter_1961(n_models, published):
    """Expected largest of n normal deviates, from the table of Harter, Biometrika 48, 151-165."""
    n_test = 400_000
    found = evaluation.expected_best(0.5, n_models, n_test=n_test)
    assert (found.expected - 0.5) / np.sqrt(0.25 / n_test) == pytest.approx(published, abs=0.002)


def test_the_interval_holds_the_best_as_often_as_it_says():
    rng = np.random.default_rng(0)
    best = rng.binomial(325, 0.77, (20_000, 16)).max(axis=1) / 325
    found = evaluation.expected_best(0.77, 16, n_test=325, level=0.8)
    assert best.mean() == pytest.approx(found.expected, abs=0.001)
    assert np.quantile(best, [0.1, 0.9]) == pytest.approx([found.low, found.high], abs=1 / 325 + 1e-9)
    inside = np.mean((best >= found.low - 1e-9) & (best <= found.high + 1e-9))
    assert 0.8 <= inside <= 0.9


@pytest.mark.parametrize("correlation", [0.2, 0.6])
def test_rows_of_another_kind_of_difficulty_give_the_same(correlation):
    """Each row's chance to be right drawn from a beta distribution, which has this very correlation."""
    rng = np.random.default_rng(1)
    size = 1 / correlation - 1
    row = rng.beta(0.7 * size, 0.3 * size, (3000, 1, 200))
    right = rng.random((3000, 8, 200)) < row
    assert evaluation.right_correlation(right.transpose(1, 0, 2).reshape(8, -1)) == pytest.approx(
        correlation, abs=0.01
    )
    found = evaluation.expected_best(0.7, 8, n_test=200, correlation=correlation, draws=5000)
    assert found.expected == pytest.approx(right.mean(axis=2).max(axis=1).mean(), abs=0.002)


def test_independence_is_the_upper_bound_and_equal_models_have_no_optimism():
    found = [
        evaluation.expected_best(0.77, 16, n_test=325, correlation=each).optimism
        for each in (0, 0.25, 0.5, 0.75, 1)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.03
    assert found[-1] == pytest.approx(0, abs=0.002)


def test_simulated_without_correlation_is_the_exact_value():
    accuracies = [0.6, 0.7, 0.75]
    exact = evaluation.expected_best(accuracies, n_test=100)
    simulated = evaluation.expected_best(accuracies, n_test=100, correlation=1e-9, draws=20_000)
    assert simulated.expected == pytest.approx(exact.expected, abs=0.001)
    assert simulated.optimism == pytest.approx(exact.optimism, abs=0.0015)


def test_one_model_has_no_optimism_and_a_better_one_makes_it_small():
    assert evaluation.expected_best(0.6, 1, n_test=50).optimism == pytest.approx(0)
    assert evaluation.expected_best([0.95, 0.3, 0.3], n_test=325).optimism == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("correlation", [0, 0.5])
@pytest.mark.parametrize("accuracy", [0, 1])
def test_who_is_always_right_or_never_stays_so(accuracy, correlation):
    found = evaluation.expected_best(accuracy, 3, n_test=5, correlation=correlation, draws=10)
    assert (found.expected, found.low, found.high) == pytest.approx((accuracy, accuracy, accuracy))


def test_correlation_is_the_mean_over_pairs_without_models_that_are_always_right():
    right = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]], bool)
    assert evaluation.right_correlation(right) == pytest.approx((1 + 0 + 0) / 3)
    with pytest.raises(ValueError, match="1 of 2 models are right on some rows only"):
        evaluation.right_correlation(right[2:])
    with pytest.raises(ValueError, match="one row a model"):
        evaluation.right_correlation(right[0])


def test_it_says_itself_what_it_assumes():
    assert "independent: an upper bound" in str(evaluation.expected_best(0.77, 16, n_test=325))
    said = str(evaluation.expected_best(0.77, 16, n_test=325, correlation=0.4, draws=10))
    assert "best of 16 on 325 rows" in said
    assert "correlation 0.4" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"accuracy": 77, "n_models": 16}, "give shares, not percent"),
        ({"accuracy": [0.5, float("nan")]}, "accuracy nan"),
        ({"accuracy": 0.5}, "n_models is None"),
        ({"accuracy": [0.5], "n_models": 1}, "without it"),
        ({"accuracy": 0.5, "n_models": 0}, "n_models is 0"),
        ({"accuracy": 0.5, "n_models": 1.5}, "n_models is 1.5"),
        ({"accuracy": []}, "shape"),
        ({"accuracy": 0.5, "n_models": 2, "n_test": 0}, "n_test is 0"),
        ({"accuracy": 0.5, "n_models": 2, "correlation": -0.1}, "correlation is -0.1"),
        ({"accuracy": 0.5, "n_models": 2, "level": 95}, "level is 95"),
    ],
)
def test_what_cannot_be_is_named(arguments, said):
    with pytest.raises(ValueError, match=said):
        evaluation.expected_best(**{"n_test": 10} | arguments)
