"""A protocol's sentence, columns and folds say the same."""

import dataclasses
import functools
import re

import numpy as np
import pytest

from sercourse import evaluation, reports, splits
from sercourse.corpora import manifest
from sercourse.errors import ManifestError, UnknownNameError
from sercourse.evaluation import PROTOCOLS, Protocol
from sercourse.evaluation.protocol import INNER, NORMALISATION, OUTER
from sercourse.reports import trust


@pytest.fixture(scope="module")
def rows():
    return manifest.build(
        {
            "path": f"{speaker}-{emotion}-{statement}-{repetition}.wav",
            "corpus": "demo",
            "recording_id": f"{speaker}-{emotion}-{statement}-{repetition}",
            "speaker": f"demo_{speaker:02d}",
            "emotion": emotion,
            "statement": statement,
        }
        for speaker in range(1, 25)
        for emotion in ("sad", "happy", "angry")
        for statement in ("kids", "dogs")
        for repetition in (1, 2)
    )


def equal(folds, others):
    return len(folds) == len(others) and all(
        np.array_equal(one, two)
        for pair in zip(folds, others, strict=True)
        for one, two in zip(*pair, strict=True)
    )


def test_the_columns_are_those_of_the_shipped_tables():
    assert PROTOCOLS["random"].columns == {
        "protocol": "random, stratified five-fold, pooled",
        "normalisation": "none",
    }
    assert PROTOCOLS["unseen"].columns["protocol"] == "unseen actors, published five folds, pooled"
    shipped = reports.measured("puzzle")
    assert set(shipped["protocol"]) == {each.columns["protocol"] for each in PROTOCOLS.values()}
    assert set(shipped["normalisation"]) == {"none"}
    assert reports.RANDOM == "random, stratified five-fold, pooled"
    assert reports.UNSEEN == "unseen actors, published five folds, pooled"
    assert Protocol("random six").columns["protocol"] == trust.RANDOM_SIX
    assert Protocol("emobox six").columns["protocol"] == trust.EMOBOX


def test_a_protocol_makes_the_folds_it_names(rows):
    for seed in (0, 1):
        assert equal(PROTOCOLS["random"].folds(rows, seed), splits.unsafe_random(rows, 5, seed))
        assert equal(PROTOCOLS["unseen"].folds(rows, seed), splits.published_five(rows))
    assert equal(Protocol("random six").folds(rows, 2), splits.unsafe_random(rows, 6, 2))
    assert equal(Protocol("emobox six").folds(rows, 0), splits.emobox_six(rows))
    assert equal(Protocol("leave one speaker out").folds(rows, 0), splits.leave_one_speaker_out(rows))


NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@pytest.mark.parametrize("outer", [outer for outer in OUTER if "actress" not in outer])
def test_words_and_folds_agree(rows, outer):
    """How many folds, what is unseen, and whether the seed draws them: from the words alone."""
    words = Protocol(outer).columns["protocol"]
    folds, others = (Protocol(outer).folds(rows, seed) for seed in (0, 1))
    n_folds = [number for word, number in NUMBERS.items() if re.search(rf"\b{word}\b", words)]
    assert len(folds) == (24 if "one left out at a time" in words else np.prod(n_folds))
    assert "the folds too" in str(Protocol(outer)) or equal(folds, others)
    assert equal(folds, others) != words.startswith("random")
    tested = np.sort(np.concatenate([fold.test for fold in folds]))
    np.testing.assert_array_equal(tested, np.arange(len(rows)))
    for column, told in (("speaker", "unseen (actors|speakers)"), ("statement", "unseen statements")):
        shared = any(set(rows[column].iloc[fold.train]) & set(rows[column].iloc[fold.test]) for fold in folds)
        assert shared == (re.search(told, words) is None)


@pytest.mark.parametrize(
    ("outer", "n_folds", "shared"),
    [
        ("actresses random", 2, {"speaker", "statement"}),
        ("actresses, unseen words", 2, {"speaker"}),
        ("the other actress", 2, {"statement"}),
        ("the other actress, unseen words", 4, set()),
    ],
)
def test_the_two_actresses_are_split_and_nobody_else(outer, n_folds, shared):
    table = manifest.build(
        {
            "path": f"{speaker}-{word}-{emotion}.wav",
            "corpus": "demo_second",
            "recording_id": f"{speaker}-{word}-{emotion}",
            "speaker": f"demo_second_{speaker}",
            "emotion": emotion,
            "statement": word,
        }
        for speaker in ("DC", "OAF", "JE", "YAF")
        for word in ("apple", "bread", "cloud", "door")
        for emotion in ("sad", "happy", "angry")
    )
    folds = Protocol(outer).folds(table, 0)
    assert len(folds) == n_folds
    tested = table.iloc[np.concatenate([fold.test for fold in folds])]
    assert sorted(tested["path"]) == sorted(table["path"][table["speaker"].str.endswith("AF")])
    for fold in folds:
        train, test = (table.iloc[side] for side in fold)
        assert set(train["speaker"]) <= {"demo_second_OAF", "demo_second_YAF"}
        assert shared == {each for each in ("speaker", "statement") if set(train[each]) & set(test[each])}
    assert ("the folds too" in str(Protocol(outer))) == (outer == "actresses random")


@pytest.mark.parametrize("inner", INNER)
def test_inner_folds_lie_inside_the_training_rows_and_share_nobody(rows, inner):
    protocol = Protocol("published five", inner=inner)
    outer = protocol.folds(rows, 0)[0]
    folds = protocol.inner_folds(rows, outer.train, 0)
    assert len(folds) == (1 if "held out" in inner else NUMBERS[inner.split()[1]])
    kept_apart = "recording_id" if inner.startswith("recordings") else "speaker"
    for fold in folds:
        assert set(fold.train) | set(fold.test) == set(outer.train)
        assert not set(rows[kept_apart].iloc[fold.train]) & set(rows[kept_apart].iloc[fold.test])
    assert f"({INNER[inner].words})" in str(protocol)
    assert protocol.columns["protocol"].endswith(f"pooled, selected on {INNER[inner].words}")


def test_inner_folds_are_those_of_splits(rows):
    protocol = Protocol("published five", inner="speakers five")
    train = protocol.folds(rows, 1)[2].train
    assert equal(protocol.inner_folds(rows, train, 1), splits.inner(rows, train, "speaker", 5, 1))
    ask = functools.partial(protocol.inner_folds, rows, seed=1)
    assert equal(ask(train), protocol.inner_folds(rows, train, 1))


def test_the_sentence():
    assert str(PROTOCOLS["random"]) == (
        "UAR of the pooled test rows of all outer folds (random, stratified five-fold); "
        "nothing was selected, so there are no inner folds; features are not normalised by speaker; "
        "seeds 0, 1 and 2, for all that is random, the folds too."
    )
    other = Protocol("leave one speaker out", "speakers three", "accuracy", "transductive", [4])
    assert str(other) == (
        "accuracy of the pooled test rows of all outer folds (unseen speakers, one left out at a time); "
        "selection and early stopping used inner folds only (three folds of the training speakers); "
        "features are normalised by all recordings of each speaker, tested ones too, unlabelled; "
        "seed 4, for all that is random but the folds."
    )


def test_protocols_that_differ_say_so():
    """In the sentence always; in the columns but for metric and seed, which have their own."""
    variants = [
        Protocol(outer, inner, normalisation=normalisation)
        for outer in OUTER
        for inner in (None, *INNER)
        for normalisation in NORMALISATION
    ]
    assert len({str(each) for each in variants}) == len(variants)
    assert len({tuple(each.columns.values()) for each in variants}) == len(variants)


def test_a_protocol_is_a_value():
    assert Protocol("random five") == PROTOCOLS["random"]
    assert len({Protocol("random five"), PROTOCOLS["random"]}) == 1
    assert dataclasses.replace(PROTOCOLS["unseen"], seeds=range(5)).seeds == (0, 1, 2, 3, 4)
    with pytest.raises(dataclasses.FrozenInstanceError):
        PROTOCOLS["unseen"].normalisation = "transductive"


def test_the_score_is_the_metric_that_is_named():
    true, predicted = ["sad"] * 3 + ["happy"], ["sad"] * 4
    for name, value in (("uar", 0.5), ("accuracy", 0.75), ("macro_f1", 3 / 7)):
        assert Protocol("random five", metric=name).score(true, predicted) == pytest.approx(value)
        assert evaluation.METRICS[name](true, predicted) == pytest.approx(value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"outer": "published six"}, "no way to make outer folds is called 'published six'"),
        (
            {"inner": "five"},
            "no way to make inner folds is called 'five'; choose one of: None, recordings held out",
        ),
        ({"metric": "UAR"}, "no metric is called 'UAR'; choose one of: accuracy, macro_f1, uar"),
        ({"normalisation": "speaker"}, "choose one of: enrolment, none, transductive"),
    ],
)
def test_unknown_names_are_refused(wrong, said):
    with pytest.raises(UnknownNameError, match=said):
        Protocol(**({"outer": "random five"} | wrong))


@pytest.mark.parametrize("seeds", [(), (0, 0), (-1,), (0.5,), (True,), 3, "012", None])
def test_seeds_are_whole_numbers(seeds):
    with pytest.raises(ValueError, match=r"seeds (is|are) "):
        Protocol("random five", seeds=seeds)


def test_a_seed_that_the_protocol_does_not_name_is_refused(rows):
    with pytest.raises(ValueError, match="seed 3 is not the protocol's; it says seeds 0, 1 and 2"):
        PROTOCOLS["unseen"].folds(rows, 3)


def test_there_are_no_inner_folds_where_nothing_is_selected(rows):
    with pytest.raises(ValueError, match="by this protocol nothing is selected"):
        PROTOCOLS["unseen"].inner_folds(rows, np.arange(10), 0)


def test_a_corpus_that_cannot_be_split_so_is_refused(rows):
    with pytest.raises(ManifestError, match="not one of RAVDESS's 24 actors"):
        PROTOCOLS["unseen"].folds(rows.assign(speaker="tess_oaf"), 0)
