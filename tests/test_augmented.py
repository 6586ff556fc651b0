"""Augmentation before the split and inside it: the shipped table, the folds, the equal updates."""

import numpy as np
import pytest
from guesses import guessed
from sklearn.metrics import balanced_accuracy_score

from sercourse import corpora, reports, splits
from sercourse.errors import LeakError
from sercourse.features import Features, recipe
from sercourse.reports import augmented, results
from sercourse.reports.augmented import AFTER, AUGMENTED, EXACT, NONE, TESTED_ON_COPIES, Arm
from sercourse.training import with_copies

ARMS = (*augmented.EQUAL, *augmented.LONGER)


def table(corpus):
    rows = reports.measured("augmentation")
    return rows[rows["corpus"] == corpus]


def uar(corpus, arm):
    own = table(corpus)
    return own[(own["protocol"] == arm.protocol) & (own["system"] == arm.system)]["uar"]


def ravdess_like(n_repetitions=2):
    """The design of RAVDESS's speech: 24 actors, 60 recordings each."""
    return corpora.manifest.build(
        {
            "path": f"{actor}-{emotion}-{intensity}-{statement}-{repetition}",
            "corpus": "ravdess",
            "recording_id": f"{actor}-{emotion}-{intensity}-{statement}-{repetition}",
            "speaker": f"ravdess_{actor:02d}",
            "emotion": emotion,
            "intensity": intensity,
            "statement": statement,
        }
        for actor in range(1, 25)
        for emotion in corpora.manifest.EMOTIONS[:8]
        for intensity in ("normal", "strong")[: 1 if emotion == "neutral" else 2]
        for statement in ("kids", "dogs")
        for repetition in range(n_repetitions)
    )


@pytest.fixture(scope="module")
def rows():
    """Recordings, and three copies behind each."""
    recordings = ravdess_like()
    x = np.zeros((len(recordings), 1, 2), "float32")
    plain = Features(x, np.ones(x.shape[:2], bool), recordings, recordings.head(0), recipe("report_c"))
    return with_copies(plain, [plain] * augmented.N_COPIES).rows


def dealt(rows, arm, seed=0):
    return augmented.folds(rows[: len(rows) // 4] if arm.copies == NONE else rows, arm, seed)


def families(rows):
    return rows["parent"].fillna(rows["recording_id"]).to_numpy(str)


@pytest.mark.parametrize("corpus", ["ravdess", "demo"])
def test_each_way_is_measured_with_three_seeds(corpus):
    own = table(corpus)
    seeds = own.groupby(["protocol", "system"])["seed"].agg(sorted)
    assert set(seeds.index) == {(arm.protocol, arm.system) for arm in ARMS}
    assert all(each == [0, 1, 2] for each in seeds)
    on_copies = own["protocol"].isin([AFTER, TESTED_ON_COPIES])
    assert (own["n_test"] == np.where(on_copies, 3 * 1440, 1440)).all()
    plain = own["system"].str.startswith(NONE)
    assert (own["n_train"] == np.where(plain, 1152, 3 * 1152)).all()
    assert (own["difference"].isna() == (plain | on_copies)).all()


def test_differences_are_those_of_the_scores():
    measured = reports.measured("augmentation")
    key = ["corpus", "protocol", "seed"]
    plain = measured[measured["system"].str.startswith(NONE)].set_index(key)["uar"]
    compared = measured.dropna(subset="difference").set_index(key)
    apart = compared["uar"] - plain.reindex(compared.index)
    np.testing.assert_allclose(compared["difference"], apart, atol=2e-6)
    assert compared["difference"].between(compared["low"], compared["high"]).all()


def test_the_recordings_alone_score_as_in_the_puzzle():
    """One epoch fewer of a hundred: three of 99 copies each are as many updates."""
    puzzle = reports.measured("puzzle").query("network == 'report_c_model_b'")
    for corpus in ("ravdess", "demo"):
        for protocol in (reports.RANDOM, reports.UNSEEN):
            before = puzzle.query("corpus == @corpus and protocol == @protocol")["uar"].mean()
            assert uar(corpus, Arm(protocol, NONE, 99)).mean() == pytest.approx(before, abs=0.03)


@pytest.mark.parametrize("corpus", ["ravdess", "demo"])
def test_the_table_says_what_lesson_13_says_of_it(corpus):
    third = augmented.EPOCHS // 3
    control = uar(corpus, Arm(TESTED_ON_COPIES, AUGMENTED, third))
    assert uar(corpus, Arm(AFTER, AUGMENTED, third)).min() - control.max() > 0.08
    own = table(corpus).set_index(["protocol", "system"])
    known = own.loc[(reports.RANDOM, Arm(reports.RANDOM, AUGMENTED, third).system)]
    assert (known["difference"] < 0).all()
    strangers = own.loc[reports.UNSEEN].dropna(subset="difference")
    assert ((strangers["low"] <= 0) & (strangers["high"] >= 0)).all()
    sign = 1 if corpus == "ravdess" else -1
    assert (sign * strangers.loc[Arm("", AUGMENTED, third).system, "difference"] > 0).all()
    if corpus == "ravdess":
        assert (strangers.loc[Arm("", EXACT, third).system, "difference"] > 0).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equal_updates(rows, seed):
    updates = {
        arm: arm.epochs * (min(len(fold.train) for fold in dealt(rows, arm, seed)) // 16) for arm in ARMS
    }
    for arm in augmented.EQUAL:
        assert updates[arm] == (7029 if arm.protocol == reports.UNSEEN else 7128)
    for arm in augmented.LONGER:
        assert updates[arm] == 3 * 7029


@pytest.mark.parametrize("arm", [arm for arm in ARMS if arm.protocol != AFTER], ids=str)
def test_copies_never_leave_their_recording(rows, arm):
    folds, family = dealt(rows, arm), families(rows)
    for train, test in folds:
        assert not set(family[train]) & set(family[test])
        if arm.copies != NONE:
            assert rows["parent"].iloc[train].notna().all()
            assert len(train) == 3 * len(set(family[train]))
        if arm.protocol == reports.UNSEEN:
            assert not set(rows["speaker"].iloc[train]) & set(rows["speaker"].iloc[test])
    tested = np.sort(np.concatenate([fold.test for fold in folds]))
    copies_tested = arm.protocol == TESTED_ON_COPIES
    np.testing.assert_array_equal(tested, np.arange(1440, 5760) if copies_tested else np.arange(1440))
    splits.audit(rows[: 1440 if arm.copies == NONE else None], folds, disjoint=(), listen=False)


def test_report_bs_way_puts_siblings_on_both_sides_and_the_auditor_says_so(rows):
    arm = Arm(AFTER, AUGMENTED, 33)
    folds, family = dealt(rows, arm), families(rows)
    np.testing.assert_array_equal(
        np.sort(np.concatenate([fold.test for fold in folds])), np.arange(1440, 5760)
    )
    known = np.mean([np.isin(family[test], family[train]).mean() for train, test in folds])
    assert known == pytest.approx(1 - 0.2**2, abs=0.02)
    with pytest.raises(LeakError) as leak:
        splits.audit(rows, folds, disjoint=(), listen=False)
    assert set(leak.value.findings.query("grade == 'problem'")["finding"]) == {"augmented copy"}


def test_its_control_trains_on_as_much_and_tests_the_same(rows):
    after, control = (dealt(rows, Arm(protocol, AUGMENTED, 33)) for protocol in (AFTER, TESTED_ON_COPIES))
    assert [len(fold.train) for fold in after] == [len(fold.train) for fold in control]


def test_a_score_stands_beside_the_plain_one():
    """Twelve rows of three speakers, counted by hand: 9 and 6 right."""
    true = ["sad", "happy"] * 6
    better = ["sad", "happy", "sad", "sad"] * 3
    worse = ["sad", "sad", "sad", "sad"] * 3
    speakers = np.repeat(["a", "b", "c"], 4)
    given = {"better": better, "worse": worse}

    def predict(arm, seed):
        return np.array(true), np.array(given[arm]), [splits.Fold(np.arange(8), np.arange(8, 12))]

    found = augmented.score(predict, "better", "worse", 0, speakers)
    assert found["uar"] == balanced_accuracy_score(true, better) == 0.75
    assert found["difference"] == found["low"] == found["high"] == 0.25  # all speakers are alike
    alone = augmented.score(predict, "worse", None, 0)
    assert alone["uar"] == 0.5
    assert np.isnan([alone[column] for column in ("difference", "low", "high")]).all()
    assert set(alone) >= set(results.COMPARED.columns) - set(results.CIRCUMSTANCES) - set(results.IDENTITY)


def test_measuring_runs_on_a_small_corpus(small_ravdess, monkeypatch, tmp_path):
    arms = (
        Arm(reports.UNSEEN, NONE, augmented.EPOCHS),
        Arm(reports.UNSEEN, AUGMENTED, 1),
        Arm(AFTER, AUGMENTED, 1),
    )
    monkeypatch.setattr(augmented, "EQUAL", arms)
    monkeypatch.setattr(augmented, "LONGER", ())
    trained = []

    def pretended(network, examples, folds, epochs, **settings):
        trained.append((len(examples.rows), epochs))
        return guessed(examples, folds, len(trained))

    monkeypatch.setattr(augmented.training, "cross_predict", pretended)
    output = tmp_path / "table.csv"
    found = reports.measure("augmentation", "ravdess", 1, output)
    assert found["n_test"].tolist() == [96, 96, 3 * 96]
    assert found["difference"].isna().tolist() == [True, False, True]
    assert trained == [(96, augmented.EPOCHS), (4 * 96, 1), (4 * 96, 1)]  # the plain one once for two rows
    again = reports.measure("augmentation", "ravdess", 1, output)
    assert again["uar"].tolist() == pytest.approx(found["uar"].tolist(), abs=1e-5)
    assert len(trained) == 3
