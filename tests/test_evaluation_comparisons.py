"""Paired tests against SciPy, against all exchanges tried row by row, and in worlds where nothing differs."""

import itertools

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import balanced_accuracy_score

from sercourse import evaluation

CLASSES = np.array(["angry", "happy", "sad"])


def two_systems(rng, n_speakers, n_rows=20, better=0.0, spread=0.15):
    """Predictions of two systems; each speaker suits the one or the other."""
    speakers = np.repeat([f"s{each:02d}" for each in range(n_speakers)], n_rows)
    true = rng.choice(CLASSES, len(speakers))
    suits = np.repeat(rng.normal(0, spread, n_speakers), n_rows)
    predicted, other = (
        np.where(rng.random(len(true)) < 0.6 + gain, true, "wrong") for gain in (suits + better, -suits)
    )
    return true, predicted, other, speakers


def only_right_with(speakers, good):
    """One row a speaker, right with some of them."""
    return np.where(np.isin(speakers, good), "sad", "happy")


def test_all_exchanges_tried_row_by_row_give_the_same_p():
    """Five speakers of unequal size, of whom two lack a class."""
    rng = np.random.default_rng(0)
    speakers = np.repeat(list("vwxyz"), [4, 9, 6, 12, 8])
    true = rng.choice(CLASSES, len(speakers))
    true[:13] = np.where(true[:13] == "sad", "happy", true[:13])
    predicted, other = (
        np.where(rng.random(39) < skill, true, rng.choice(CLASSES, 39)) for skill in (0.7, 0.4)
    )
    differences = []
    for exchanged in itertools.product([False, True], repeat=5):
        whose = np.isin(speakers, [name for name, each in zip("vwxyz", exchanged, strict=True) if each])
        one, two = np.where(whose, other, predicted), np.where(whose, predicted, other)
        differences.append(balanced_accuracy_score(true, one) - balanced_accuracy_score(true, two))
    found = evaluation.paired_permutation(true, predicted, other, speakers)
    assert found.difference == pytest.approx(differences[0])
    assert found.p == pytest.approx(np.mean(np.abs(differences) >= abs(differences[0]) - 1e-9))
    assert 0.06 < found.p < 0.9
    assert "all 32 exchanges" in found.method


def test_with_four_speakers_no_p_is_below_an_eighth():
    """Better with all four: of 16 ways only "always the first" and "always the second" are as clear."""
    speakers = list("wxyz")
    predicted, other = only_right_with(speakers, speakers), only_right_with(speakers, [])
    found = evaluation.paired_permutation(["sad"] * 4, predicted, other, speakers)
    assert (found.difference, found.p, found.n) == (1, 0.125, 4)
    assert "4 speakers allow no p below 0.125" in str(found)
    found = evaluation.wilcoxon(["sad"] * 4, predicted, other, speakers)
    assert (found.difference, found.p) == (1, 0.125)
    assert "4 speakers allow no p below 0.125" in str(found)


def test_with_six_speakers_the_smallest_p_is_two_of_64():
    speakers = list("uvwxyz")
    predicted, other = only_right_with(speakers, speakers), only_right_with(speakers, [])
    found = evaluation.paired_permutation(["sad"] * 6, predicted, other, speakers)
    assert found.p == 2 / 64
    assert str(found) == "difference +1.000, p = 0.0312 (sign-flip test over 6 speakers, all 64 exchanges)"


def test_drawn_exchanges_come_close_to_the_p_of_all():
    true, predicted, other, speakers = two_systems(np.random.default_rng(1), 12, better=0.06, spread=0.02)
    exact = evaluation.paired_permutation(true, predicted, other, speakers)
    drawn = evaluation.paired_permutation(true, predicted, other, speakers, resamples=4000)
    assert "all 4,096" in exact.method
    assert "4,000 of 4,096" in drawn.method
    assert 0.01 < exact.p < 0.5
    assert drawn.p == pytest.approx(exact.p, abs=0.03)
    assert drawn == evaluation.paired_permutation(true, predicted, other, speakers, resamples=4000, seed=0)


def test_systems_that_are_alike_have_a_p_of_1():
    true, predicted, _, speakers = two_systems(np.random.default_rng(2), 5)
    for test in (evaluation.paired_permutation, evaluation.wilcoxon):
        assert test(true, predicted, predicted, speakers)[:2] == (0, 1)
    assert evaluation.mcnemar(true, predicted, predicted).p == 1


def test_exchanging_the_systems_turns_the_sign_and_keeps_p():
    true, predicted, other, speakers = two_systems(np.random.default_rng(3), 9, better=0.1)
    for test in (evaluation.paired_permutation, evaluation.wilcoxon):
        there, back = test(true, predicted, other, speakers), test(true, other, predicted, speakers)
        assert there[:2] == pytest.approx((-back.difference, back.p))


def test_wilcoxon_equals_scipys_on_the_speakers_scores():
    true, predicted, other, speakers = two_systems(np.random.default_rng(4), 24, n_rows=60, better=0.05)
    one, two = (evaluation.by(true, each, speakers) for each in (predicted, other))
    found = evaluation.wilcoxon(true, predicted, other, speakers)
    assert found.p == pytest.approx(stats.wilcoxon(one, two).pvalue)
    assert found.difference == pytest.approx((one - two).median())
    assert found.n == 24


def test_wilcoxon_counts_equal_differences_as_equal():
    """.8 - .7 and .3 - .2 differ by a rounding error; as ranks they are equal."""
    shares = {"w": (8, 7), "x": (3, 2), "y": (10, 9), "z": (1, 4)}
    true, speakers = ["sad"] * 40, np.repeat(list(shares), 10)
    predicted, other = (
        np.concatenate([["sad"] * each[system] + ["happy"] * (10 - each[system]) for each in shares.values()])
        for system in (0, 1)
    )
    found = evaluation.wilcoxon(true, predicted, other, speakers)
    assert found.p == stats.wilcoxon([1, 1, 1, -3]).pvalue


def test_mcnemar_equals_the_binomial_test_of_the_rows_that_differ():
    rng = np.random.default_rng(5)
    true, predicted, other = rng.choice(CLASSES, (3, 200))
    won = np.sum((predicted == true) & (other != true))
    lost = np.sum((predicted != true) & (other == true))
    found = evaluation.mcnemar(true, predicted, other)
    assert found.p == pytest.approx(stats.binomtest(won, won + lost).pvalue)
    assert found.difference == pytest.approx(np.mean(predicted == true) - np.mean(other == true))


def test_report_as_best_two_networks_are_not_told_apart():
    """266 against 261 right of 325: where the better one is right wherever the other is, p is .0625."""
    true = np.full(325, "sad")
    found = evaluation.mcnemar(
        true, np.where(np.arange(325) < 266, "sad", "happy"), np.where(np.arange(325) < 261, "sad", "happy")
    )
    assert found.p == 0.0625


def test_false_alarms_over_speakers_are_as_rare_as_said_and_over_rows_are_not():
    """In these worlds neither system is better, but each speaker suits the one or the other."""
    rng = np.random.default_rng(6)
    over_speakers, over_rows = [], []
    for _ in range(300):
        true, predicted, other, speakers = two_systems(rng, 10)
        over_speakers.append(evaluation.paired_permutation(true, predicted, other, speakers).p < 0.05)
        over_rows.append(evaluation.mcnemar(true, predicted, other).p < 0.05)
    assert np.mean(over_speakers) < 0.09  # three standard errors above .05
    assert np.mean(over_rows) > 0.12


def test_a_clear_difference_is_found():
    true, predicted, other, speakers = two_systems(np.random.default_rng(7), 24, better=0.2, spread=0.02)
    for metric in ("uar", "accuracy"):
        assert evaluation.paired_permutation(true, predicted, other, speakers, metric=metric).p < 0.01
        assert evaluation.wilcoxon(true, predicted, other, speakers, metric=metric).p < 0.01
    accuracies = [np.mean(true == each) for each in (predicted, other)]
    found = evaluation.paired_permutation(true, predicted, other, speakers, metric="accuracy")
    assert found.difference == pytest.approx(accuracies[0] - accuracies[1])


def test_several_seeds_after_one_another_make_no_more_speakers():
    true, predicted, other, speakers = two_systems(np.random.default_rng(8), 4, better=0.3)
    thrice = [np.tile(each, 3) for each in (true, predicted, other, speakers)]
    once = evaluation.paired_permutation(true, predicted, other, speakers)
    assert evaluation.paired_permutation(*thrice)[:3] == pytest.approx(once[:3])


def test_holm_by_hand():
    """.005 x 4, .01 x 3, .03 x 2 and .04 x 1, which may not fall below the one before."""
    adjusted = evaluation.holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert adjusted.to_dict() == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})
    assert evaluation.holm([0.5, 0.9]).to_list() == [1, 1]


@pytest.mark.parametrize(
    ("p_values", "said"), [({"gru": 1.2}, "gru is 1.2"), ([0.1, np.nan], "1 is nan"), ([], "there is none")]
)
def test_holm_refuses_what_is_no_p(p_values, said):
    with pytest.raises(ValueError, match=said):
        evaluation.holm(p_values)


def test_one_speaker_cannot_be_compared_over():
    for test in (evaluation.paired_permutation, evaluation.wilcoxon):
        with pytest.raises(ValueError, match="x is the only speaker"):
            test(["sad", "sad"], ["sad", "sad"], ["sad", "happy"], ["x", "x"])
