"""What every split must keep, for any manifest; and the folds that are published."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sercourse import splits
from sercourse.corpora import manifest
from sercourse.errors import ManifestError


def rows(speakers, emotions=("sad", "happy"), repetitions=3, corpus="ravdess"):
    return manifest.build(
        {
            "path": f"{speaker}-{emotion}-{repetition}.wav",
            "corpus": corpus,
            "recording_id": f"{speaker}-{emotion}-{repetition}",
            "speaker": f"{corpus}_{speaker:02d}",
            "emotion": emotion,
        }
        for speaker in speakers
        for emotion in emotions
        for repetition in range(repetitions)
    )


def rows_tested(folds):
    return np.sort(np.concatenate([fold.test for fold in folds]))


def test_emoboxs_folds_are_its_actors():
    """As listed in the course's notes on the literature: six folds of four actors."""
    made = rows(range(1, 25), corpus="demo")
    folds = splits.emobox_six(made)
    actors = [sorted({int(name[-2:]) for name in made["speaker"].iloc[fold.test]}) for fold in folds]
    assert actors == [
        [1, 11, 20, 21],
        [4, 10, 12, 14],
        [8, 9, 19, 23],
        [3, 5, 7, 24],
        [2, 15, 16, 18],
        [6, 13, 17, 22],
    ]
    np.testing.assert_array_equal(rows_tested(folds), np.arange(len(made)))


def test_actors_are_numbered_in_corpora_with_ravdesss_names_only():
    made = pd.concat([rows([3, 24], corpus=name) for name in ("ravdess", "demo_twins", "tess")])
    numbers = splits.actors(made)
    assert set(numbers[made["corpus"] == "demo_twins"]) == {3, 24}
    assert numbers[made["corpus"] == "tess"].isna().all()


def test_published_folds_are_the_published_actors():
    """As listed in the course's notes on the literature: 24 actors, each in one fold."""
    made = rows(range(1, 25))
    folds = splits.published_five(made)
    actors = [sorted({int(name[-2:]) for name in made["speaker"].iloc[fold.test]}) for fold in folds]
    assert actors == [
        [2, 5, 14, 15, 16],
        [3, 6, 7, 13, 18],
        [10, 11, 12, 19, 20],
        [8, 17, 21, 23, 24],
        [1, 4, 9, 22],
    ]
    np.testing.assert_array_equal(rows_tested(folds), np.arange(len(made)))
    for fold in folds:
        assert not set(made["speaker"].iloc[fold.train]) & set(made["speaker"].iloc[fold.test])


def test_published_folds_refuse_another_corpus():
    """EMO-DB's speakers 03, 08, 09 ... have numbers of RAVDESS's actors, and are other people."""
    emodb = rows([3, 8, 9, 10, 11, 12, 13, 14, 15, 16], corpus="emodb")
    with pytest.raises(ManifestError, match="'emodb_03' is not one of RAVDESS's 24 actors"):
        splits.published_five(emodb)


def test_published_folds_need_actors_of_every_fold():
    with pytest.raises(ManifestError, match=r"\(3, 6, 7, 13, 18\) of fold 2"):
        splits.published_five(rows([2, 10, 8, 1]))


def test_the_index_of_the_manifest_plays_no_part():
    made = rows(range(1, 25))
    shuffled = made.set_index(pd.Index(range(1000, 1000 + len(made))))
    for ours, theirs in zip(splits.published_five(made), splits.published_five(shuffled), strict=True):
        np.testing.assert_array_equal(ours.test, theirs.test)


def test_more_folds_than_speakers_is_refused():
    with pytest.raises(ManifestError, match="2 speakers cannot fill 3 folds"):
        splits.unseen_speakers(rows([1, 2]), n_folds=3)


@settings(max_examples=40, deadline=None)
@given(speakers=st.integers(5, 12), repetitions=st.integers(2, 4), seed=st.integers(0, 100))
def test_unseen_speakers_are_unseen_and_all_are_tested_once(speakers, repetitions, seed):
    made = rows(range(1, speakers + 1), repetitions=repetitions)
    folds = splits.unseen_speakers(made, n_folds=5, seed=seed)
    np.testing.assert_array_equal(rows_tested(folds), np.arange(len(made)))
    for fold in folds:
        assert not set(made["speaker"].iloc[fold.train]) & set(made["speaker"].iloc[fold.test])
        assert len(fold.train) + len(fold.test) == len(made)


@settings(max_examples=40, deadline=None)
@given(speakers=st.integers(2, 12), seed=st.integers(0, 100))
def test_the_random_split_keeps_class_shares_and_shares_speakers(speakers, seed):
    made = rows(range(1, speakers + 1), repetitions=5)
    folds = splits.unsafe_random(made, seed=seed)
    np.testing.assert_array_equal(rows_tested(folds), np.arange(len(made)))
    for fold in folds:
        shares = made["emotion"].iloc[fold.test].value_counts()
        assert shares.max() - shares.min() <= 1


def test_the_same_seed_gives_the_same_split():
    made = rows(range(1, 25))
    first, second, other = (splits.unsafe_random(made, seed=seed)[0].test for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)
