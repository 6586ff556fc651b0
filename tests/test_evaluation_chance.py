"""What chance gives, against all permutations tried and against what must come out."""

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.metrics import balanced_accuracy_score

from sercourse import evaluation
from sercourse.corpora import manifest
from sercourse.errors import ManifestError, UnknownNameError

CLASSES = np.array(["angry", "calm", "happy", "sad"])


def test_the_majority_scores_as_scikit_learns_dummy():
    true = np.repeat(CLASSES, [10, 40, 30, 20])
    dummy = DummyClassifier(strategy="most_frequent").fit(np.zeros((100, 1)), true)
    predicted = dummy.predict(np.zeros((100, 1)))
    assert evaluation.majority(true) == ("calm", 0.25, 0.4)
    assert balanced_accuracy_score(true, predicted) == 0.25


def test_all_permutations_tried_give_the_same_scores_as_often():
    true, predicted = np.array(list("aabbb")), np.array(list("ababb"))
    found = evaluation.permuted_scores(true, predicted, permutations=20_000)
    scores = [
        balanced_accuracy_score(true[list(order)], predicted) for order in itertools.permutations(range(5))
    ]
    assert found.score == pytest.approx(balanced_accuracy_score(true, predicted))
    for score in set(np.round(scores, 9)):
        share = np.mean(np.isclose(scores, score))
        assert np.mean(np.isclose(found.shuffled, score)) == pytest.approx(share, abs=0.015)
    assert found.p == pytest.approx(np.mean(np.array(scores) >= found.score - 1e-9), abs=0.015)


@pytest.mark.parametrize("metric", ["uar", "accuracy"])
def test_shuffled_labels_score_by_chance_whatever_the_predictions(metric):
    """Expected: for UAR 1/k, for accuracy the sum over classes of true share times predicted share."""
    rng = np.random.default_rng(0)
    true, predicted = rng.choice(CLASSES, 400, p=[0.1, 0.2, 0.3, 0.4]), rng.choice(CLASSES, 400)
    found = evaluation.permuted_scores(true, predicted, metric=metric)
    shares = [pd.Series(each).value_counts(normalize=True) for each in (true, predicted)]
    expected = 0.25 if metric == "uar" else (shares[0] * shares[1]).sum()
    assert found.shuffled.mean() == pytest.approx(expected, abs=0.004)
    assert found.shuffled.shape == (1000,)
    assert 0.02 < found.p < 0.98


def test_good_predictions_reach_the_smallest_p():
    true = np.tile(CLASSES, 20)
    found = evaluation.permuted_scores(true, true, permutations=99)
    assert (found.score, found.p) == (1, 0.01)
    assert str(found).startswith("1.000; with shuffled labels 0.")
    assert str(found).endswith("(95 %), p = 0.01")


def test_within_speakers_one_who_knows_the_speaker_only_is_found_out():
    """Each speaker has one emotion mostly, and is always taken for it."""
    rng = np.random.default_rng(1)
    speakers = np.repeat(CLASSES, 30)
    true = np.where(rng.random(120) < 0.7, speakers, rng.choice(CLASSES, 120))
    assert evaluation.permuted_scores(true, speakers).p < 0.002
    within = evaluation.permuted_scores(true, speakers, within=speakers)
    np.testing.assert_allclose(within.shuffled, within.score)
    assert within.p == 1


def test_what_cannot_be_shuffled_is_refused():
    with pytest.raises(ValueError, match="permutations is 0"):
        evaluation.permuted_scores(["a"], ["a"], permutations=0)
    with pytest.raises(ValueError, match="within has 1 values for 2 rows"):
        evaluation.permuted_scores(["a", "b"], ["a", "b"], within=["x"])
    with pytest.raises(UnknownNameError, match="macro_f1"):
        evaluation.permuted_scores(["a"], ["a"], metric="macro_f1")


@pytest.fixture
def rows():
    """Twelve speakers with ten recordings of each of four emotions, mixed."""
    made = manifest.build(
        {
            "path": f"{speaker}-{emotion}-{take}.wav",
            "corpus": "demo",
            "recording_id": f"{speaker}-{emotion}-{take}",
            "speaker": f"demo_{speaker:02d}",
            "emotion": emotion,
        }
        for speaker in range(1, 13)
        for emotion in CLASSES
        for take in range(10 if speaker % 2 else 2)
    )
    return made.sample(frac=1, random_state=0).reset_index(drop=True)


def test_permuted_labels_keep_what_each_speaker_has(rows):
    train = np.flatnonzero(rows["speaker"] != "demo_03")[::-1]
    labels = evaluation.permuted_labels(rows, train, seed=0)
    own = rows.iloc[train].assign(permuted=labels)
    counts = [own.groupby("speaker")[column].value_counts() for column in ("emotion", "permuted")]
    assert counts[0].to_dict() == counts[1].to_dict()
    assert np.mean(labels == own["emotion"]) == pytest.approx(0.25, abs=0.08)


def test_without_groups_only_the_whole_is_kept(rows):
    train = np.arange(200)
    labels = evaluation.permuted_labels(rows, train, seed=0, within=None)
    true = rows["emotion"].to_numpy(str)[train]
    assert sorted(labels) == sorted(true)
    pairs = [
        pd.Series(each).groupby(rows["speaker"][:200].to_numpy(str)).apply(sorted) for each in (true, labels)
    ]
    assert not pairs[0].equals(pairs[1])


def test_the_seed_decides_how_labels_are_shuffled(rows):
    train = np.arange(len(rows))
    first = evaluation.permuted_labels(rows, train, seed=0)
    np.testing.assert_array_equal(first, evaluation.permuted_labels(rows, train, seed=0))
    assert np.mean(first == evaluation.permuted_labels(rows, train, seed=1)) < 0.5


def test_a_row_without_a_speaker_is_refused(rows):
    rows.loc[3, "speaker"] = pd.NA
    with pytest.raises(ManifestError, match="speaker is missing in 1 of"):
        evaluation.permuted_labels(rows, np.arange(10), seed=0)


def test_training_on_permuted_labels_shows_selection_on_the_test_set_and_fixed_predictions_do_not(rows):
    """The best of 300 features is chosen on the test rows; none of them has to do with the emotion."""
    rng = np.random.default_rng(2)
    train, test = np.arange(0, len(rows), 2), np.arange(1, len(rows), 2)
    true = rows["emotion"].to_numpy(str)
    values = rng.normal(size=(len(rows), 300))

    def predict(feature, labels):
        """Name the class whose mean is nearest."""
        means = pd.Series(values[train, feature]).groupby(labels).mean()
        nearest = np.abs(values[test, feature][:, None] - means.to_numpy()).argmin(axis=1)
        return means.index.to_numpy(str)[nearest]

    def best(labels):
        return max(
            (predict(feature, labels) for feature in range(300)), key=lambda p: np.mean(p == true[test])
        )

    assert evaluation.permuted_scores(true[test], best(true[train])).p < 0.05
    retrained = [best(evaluation.permuted_labels(rows, train, seed)) for seed in range(3)]
    assert min(evaluation.uar(true[test], each) for each in retrained) > 0.3
    honest = [predict(0, evaluation.permuted_labels(rows, train, seed)) for seed in range(20)]
    assert np.mean([evaluation.uar(true[test], each) for each in honest]) == pytest.approx(0.25, abs=0.03)
