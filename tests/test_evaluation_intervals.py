"""The bootstrap over speakers against slow direct work, exact cases, and a world whose truth is known."""

import time

import numpy as np
import pytest

from sercourse import evaluation
from sercourse.errors import UnknownNameError

CLASSES = np.array(list("abcdefgh"))


def predictions(rng, n_speakers, skill=0.5, spread=0.2):
    """Speakers of unequal size; some lack a class."""
    speakers = np.repeat([f"s{each:02d}" for each in range(n_speakers)], rng.integers(5, 40, n_speakers))
    _, number = np.unique(speakers, return_inverse=True)
    true = rng.choice(CLASSES[:4], len(speakers), p=[0.4, 0.3, 0.2, 0.1])
    chance = np.clip(skill + rng.normal(0, spread, n_speakers), 0, 1)
    predicted = np.where(rng.random(len(true)) < chance[number], true, rng.choice(CLASSES[:4], len(true)))
    return true, predicted, speakers


def slow_bootstrap(speakers, score, resamples, rng):
    """Draw speakers, put their rows together, score: row by row, as the method is told."""
    own = {speaker: np.flatnonzero(speakers == speaker) for speaker in np.unique(speakers)}
    names = list(own)
    drawn = (rng.choice(names, len(names)) for _ in range(resamples))
    return [score(np.concatenate([own[name] for name in each])) for each in drawn]


def mean_recall(true, predicted):
    return np.mean([np.mean(predicted[true == each] == each) for each in np.unique(true)])


def share_right(true, predicted):
    return np.mean(true == predicted)


@pytest.mark.parametrize(("metric", "reference"), [("uar", mean_recall), ("accuracy", share_right)])
def test_the_interval_is_that_of_the_slow_way(metric, reference):
    rng = np.random.default_rng(1)
    true, predicted, speakers = predictions(rng, 12)
    found = evaluation.bootstrap_speakers(true, predicted, speakers, metric=metric, resamples=20_000)
    scores = slow_bootstrap(speakers, lambda rows: reference(true[rows], predicted[rows]), 2000, rng)
    assert found.estimate == pytest.approx(reference(true, predicted))
    assert [found.low, found.high] == pytest.approx(list(np.quantile(scores, [0.025, 0.975])), abs=0.008)
    assert found.high - found.low > 0.08


def test_the_interval_of_a_difference_is_that_of_the_slow_way():
    rng = np.random.default_rng(2)
    true, predicted, speakers = predictions(rng, 12)
    other = np.where(rng.random(len(true)) < 0.8, predicted, rng.choice(CLASSES[:4], len(true)))
    found = evaluation.bootstrap_difference(true, predicted, other, speakers, level=0.9, resamples=20_000)

    def difference(rows):
        one, two = (mean_recall(true[rows], each[rows]) for each in (predicted, other))
        return one - two

    scores = slow_bootstrap(speakers, difference, 2000, rng)
    assert found.estimate == pytest.approx(difference(np.arange(len(true))))
    assert [found.low, found.high] == pytest.approx(list(np.quantile(scores, [0.05, 0.95])), abs=0.005)


def test_three_speakers_worked_by_hand():
    """Each of the 27 draws is as likely. The worst speaker thrice is one: 3.7 % of draws, more than 2.5 %."""
    true = ["a"] * 30
    predicted = ["a"] * 3 + ["b"] * 7 + ["a"] * 5 + ["b"] * 5 + ["a"] * 8 + ["b"] * 2
    speakers = np.repeat(["x", "y", "z"], 10)
    found = evaluation.bootstrap_speakers(true, predicted, speakers, resamples=20_000)
    assert found[:3] == pytest.approx((16 / 30, 0.3, 0.8))
    # 5 % falls on the second worst draw, x x y, with 3 of the 27; 95 % on the second best, z z y.
    found = evaluation.bootstrap_speakers(true, predicted, speakers, level=0.9, resamples=20_000)
    assert found[1:3] == pytest.approx((11 / 30, 21 / 30))


def test_a_system_does_not_differ_from_itself_and_all_right_is_all_right():
    true, predicted, speakers = predictions(np.random.default_rng(3), 6)
    assert evaluation.bootstrap_difference(true, predicted, predicted, speakers)[:3] == (0, 0, 0)
    assert evaluation.bootstrap_speakers(true, true, speakers)[:3] == (1, 1, 1)


def test_the_seed_decides_and_the_order_of_rows_does_not():
    rng = np.random.default_rng(4)
    true, predicted, speakers = predictions(rng, 8)
    order = rng.permutation(len(true))
    found = evaluation.bootstrap_speakers(true, predicted, speakers, seed=7)
    assert found == evaluation.bootstrap_speakers(true[order], predicted[order], speakers[order], seed=7)
    assert found != evaluation.bootstrap_speakers(true, predicted, speakers, seed=8)


@pytest.mark.parametrize("n_speakers", [1, 2])
def test_with_two_speakers_there_is_no_interval_but_their_scores(n_speakers):
    speakers = ["tess_oaf", "tess_yaf"][:n_speakers] * 4
    true = ["sad"] * len(speakers)
    predicted = ["sad" if each == "tess_oaf" else "happy" for each in speakers]
    with pytest.raises(ValueError, match=rf"no interval: {n_speakers} speakers.*\(uar\): tess_oaf 1.000"):
        evaluation.bootstrap_speakers(true, predicted, speakers)
    with pytest.raises(ValueError, match=r"no interval.*tess_oaf 1.000 against 0.000"):
        evaluation.bootstrap_difference(true, predicted, ["happy"] * len(true), speakers)


def test_an_interval_says_what_it_is():
    assert str(evaluation.Interval(0.3371, 0.3014, 0.3782, 0.95, 24)) == (
        "0.337 [0.301, 0.378], 95 % interval over 24 speakers"
    )
    assert "4 speakers, too narrow for so few" in str(evaluation.Interval(0.5, 0.4, 0.6, 0.9, 4))


def test_what_is_wrong_is_named():
    true, predicted, speakers = predictions(np.random.default_rng(5), 4)
    with pytest.raises(ValueError, match="level is 95"):
        evaluation.bootstrap_speakers(true, predicted, speakers, level=95)
    with pytest.raises(UnknownNameError, match="'macro_f1'; choose one of: accuracy, uar"):
        evaluation.bootstrap_speakers(true, predicted, speakers, metric="macro_f1")
    with pytest.raises(ValueError, match="speakers has 1 values"):
        evaluation.bootstrap_speakers(true, predicted, ["s00"])


def world(rng, n_speakers):
    """Chance of each speaker to be understood in each of eight classes."""
    speaker, both = rng.normal(0, 0.6, (n_speakers, 1)), rng.normal(0, 0.6, (n_speakers, 8))
    return 1 / (1 + np.exp(-(np.linspace(-1.5, 1.5, 8) + speaker + both)))


@pytest.mark.parametrize(("n_speakers", "expected"), [(24, (0.90, 0.98)), (4, (0.74, 0.86))])
def test_the_interval_covers_the_truth_as_often_as_the_docstring_says(n_speakers, expected):
    """Bounds: three standard errors of 400 worlds around 94 and 80 %."""
    rng = np.random.default_rng(0)
    truth = world(rng, 200_000).mean()
    true = np.tile(np.repeat(CLASSES, 8), n_speakers)
    speakers = np.repeat([f"s{each:02d}" for each in range(n_speakers)], 64)
    covered, naive = [], []
    for _ in range(400):
        right = rng.random(len(true)) < np.repeat(world(rng, n_speakers), 8)
        predicted = np.where(right, true, "wrong")
        low, high = evaluation.bootstrap_speakers(true, predicted, speakers, resamples=500)[1:3]
        covered.append(low <= truth <= high)
        # The normal interval of a stratified mean that takes the rows for independent.
        recalls = evaluation.recall(true, predicted)
        error = np.sqrt((recalls * (1 - recalls)).sum() / (8 * n_speakers)) / 8
        naive.append(abs(recalls.mean() - truth) < 1.96 * error)
    assert expected[0] < np.mean(covered) < expected[1]
    assert np.mean(naive) < 0.7


def test_two_thousand_resamples_take_well_under_a_second():
    rng = np.random.default_rng(6)
    true, predicted = rng.choice(CLASSES, (2, 7442))
    speakers = np.array([f"s{each:02d}" for each in rng.integers(0, 91, 7442)])
    start = time.perf_counter()
    evaluation.bootstrap_speakers(true, predicted, speakers)
    assert time.perf_counter() - start < 0.5
