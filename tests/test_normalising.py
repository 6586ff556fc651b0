"""Normalising by speaker: by hand, with padding and gaps, and with a record of what was used."""

import numpy as np
import pytest
from scipy.stats import zscore
from test_training import made_up

from sercourse import baselines, corpora, evaluation, features, splits, training
from sercourse.errors import ManifestError, UnknownNameError


def with_neutral(extracted):
    """The first two takes of each emotion are neutral."""
    rows = extracted.rows.copy()
    rows.loc[np.arange(len(rows)) % 8 < 2, "emotion"] = "neutral"
    return extracted._replace(rows=rows)


def of_speaker(extracted, number):
    return np.flatnonzero(extracted.rows["speaker"] == f"c_{number:02d}")


def test_transductive_is_the_z_score_of_each_speaker():
    extracted = made_up()
    found = training.normalise_speakers(extracted, "transductive")
    for number in range(10):
        own = of_speaker(extracted, number)
        np.testing.assert_allclose(found.x[own, 0], zscore(extracted.x[own, 0], axis=0), atol=1e-5)


def test_enrolment_takes_the_mean_from_those_enrolled_and_one_deviation_for_all():
    extracted = with_neutral(made_up())
    enrolled = training.enrolment(extracted.rows)
    assert enrolled.tolist() == [row for row in range(160) if row % 16 < 2]
    found = training.normalise_speakers(extracted, "enrolment", enrolled)
    means = np.stack([extracted.x[[16 * number, 16 * number + 1], 0].mean(axis=0) for number in range(10)])
    residuals = extracted.x[enrolled, 0] - np.repeat(means, 2, axis=0)
    deviation = np.sqrt((residuals**2).mean(axis=0))
    np.testing.assert_allclose(
        found.x[:, 0], (extracted.x[:, 0] - np.repeat(means, 16, axis=0)) / deviation, rtol=1e-3, atol=1e-4
    )


def test_one_recording_has_no_deviation_but_a_mean():
    extracted = with_neutral(made_up())
    enrolled = training.enrolment(extracted.rows, 1)
    found = training.normalise_speakers(extracted, "enrolment", enrolled)
    np.testing.assert_allclose(found.x[enrolled], 0, atol=1e-6)
    np.testing.assert_allclose(found.x[1] - found.x[2], extracted.x[1] - extracted.x[2], atol=1e-5)


def test_none_changes_nothing():
    extracted = made_up()
    assert training.normalise_speakers(extracted, "none") is extracted


def test_padded_frames_and_gaps_have_no_say():
    extracted = made_up()
    padded = extracted._replace(
        x=np.concatenate([extracted.x, np.full_like(extracted.x, 99)], axis=1),
        mask=np.repeat([[True, False]], 160, axis=0),
    )
    padded.x[0, 0, 3] = np.nan
    found = training.normalise_speakers(padded, "transductive").x
    assert (found[:, 1] == 0).all()
    assert np.isnan(found[0, 0, 3])
    own = of_speaker(extracted, 0)[1:]
    np.testing.assert_allclose(found[own, 0, 3], zscore(extracted.x[own, 0, 3]), atol=1e-5)


def test_each_way_says_which_rows_it_used():
    extracted = with_neutral(made_up())
    folds = splits.unseen_speakers(extracted.rows)
    enrolled = training.enrolment(extracted.rows)
    for how, rows, dealt in (
        ("none", [], folds),
        ("transductive", np.arange(160), folds),
        ("enrolment", enrolled, training.not_tested(folds, enrolled)),
    ):
        given = enrolled if how == "enrolment" else None
        normalised = training.normalise_speakers(extracted, how, given)
        found = training.cross_predict(baselines.majority(), normalised, dealt, progress=False)
        for used in found.used:
            np.testing.assert_array_equal(used["normalise"], rows)
        tested = np.setdiff1d(np.arange(160), enrolled) if how == "enrolment" else np.arange(160)
        np.testing.assert_array_equal(found.rows, tested)
        splits.audit(extracted.rows, dealt, found.used, listen=False)


def test_a_network_passes_the_record_on_too():
    normalised = training.normalise_speakers(made_up(), "transductive")
    folds = splits.unseen_speakers(normalised.rows)[:1]
    found = training.cross_predict("report_c_model_b", normalised, folds, epochs=1, progress=False)
    np.testing.assert_array_equal(found.used[0]["normalise"], np.arange(160))


def test_what_is_enrolled_stays_in_training():
    extracted = with_neutral(made_up())
    folds = splits.unseen_speakers(extracted.rows)
    enrolled = training.enrolment(extracted.rows)
    for before, after in zip(folds, training.not_tested(folds, enrolled), strict=True):
        np.testing.assert_array_equal(before.train, after.train)
        assert not np.isin(after.test, enrolled).any()


def test_what_cannot_be_done_is_said():
    extracted = with_neutral(made_up())
    with pytest.raises(UnknownNameError, match="transductive"):
        training.normalise_speakers(extracted, "all")
    with pytest.raises(ValueError, match="give enrolled"):
        training.normalise_speakers(extracted, "enrolment")
    with pytest.raises(ValueError, match="give enrolled"):
        training.normalise_speakers(extracted, "transductive", np.arange(4))
    with pytest.raises(ManifestError, match="c_01"):
        training.normalise_speakers(extracted, "enrolment", np.arange(4))
    with pytest.raises(ManifestError, match="'c_00' has 4 recordings that are neutral, 5 are to be"):
        training.enrolment(extracted.rows, 5)


def test_scores_on_real_speech_are_those_of_the_reports_notes(real_ravdess):
    """Published five folds, SVM on MFCC statistics: .48, and .55 by each speaker's own recordings."""
    extracted = features.extract(corpora.load("ravdess"), features.recipe("mfcc_statistics"))
    folds = splits.published_five(extracted.rows)
    for how, expected in (("none", 0.48), ("transductive", 0.55)):
        normalised = training.normalise_speakers(extracted, how)
        found = training.cross_predict(baselines.svm(), normalised, folds, progress=False)
        assert evaluation.uar(extracted.rows["emotion"], found.predicted) == pytest.approx(expected, abs=0.02)
