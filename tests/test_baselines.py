"""Baselines: the same scores as scikit-learn used plainly, and a record that tells what really happened."""

import copy
import functools
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sercourse import baselines, features, splits, training
from sercourse.corpora import manifest
from sercourse.errors import LeakError


def made_up(n_speakers=10, takes=4, seed=0):
    """Forty coefficients a recording, in which each emotion has a centre and each speaker an offset."""
    rng = np.random.default_rng(seed)
    rows = manifest.build(
        {
            "path": f"{speaker}-{emotion}-{take}",
            "corpus": "c",
            "recording_id": f"{speaker}-{emotion}-{take}",
            "speaker": f"c_{speaker:02d}",
            "emotion": emotion,
        }
        for speaker in range(n_speakers)
        for emotion in ("sad", "happy", "angry")
        for take in range(takes)
    )
    centres = {emotion: rng.normal(size=40) for emotion in ("sad", "happy", "angry")}
    offsets = {speaker: rng.normal(size=40) for speaker in rows["speaker"].unique()}
    x = np.stack([centres[row.emotion] + offsets[row.speaker] for row in rows.itertuples()])
    x = (x + rng.normal(scale=3, size=x.shape)).astype("float32")[:, None]
    return features.Features(
        x, np.ones(x.shape[:2], bool), rows, rows.head(0)[["path"]], features.recipe("report_c")
    )


@pytest.fixture
def extracted():
    return made_up()


@pytest.fixture
def emotions(extracted):
    return extracted.rows["emotion"].to_numpy(str)


@pytest.fixture
def fold(extracted):
    return splits.unseen_speakers(extracted.rows)[0]


def audit(extracted, fold, record):
    return splits.audit(extracted.rows, fold, record, listen=False)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("svm", make_pipeline(StandardScaler(), SVC(C=10))),
        ("logistic_regression", make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))),
    ],
)
def test_a_baseline_predicts_as_scikit_learn_used_plainly(extracted, emotions, name, plain):
    folds = splits.unseen_speakers(extracted.rows)
    found = training.cross_predict(baselines.BASELINES[name](), extracted, folds, progress=False)
    expected = cross_val_predict(plain, extracted.x[:, 0], emotions, cv=[tuple(fold) for fold in folds])
    np.testing.assert_array_equal(found.predicted, expected)
    np.testing.assert_array_equal(found.rows, np.arange(len(emotions)))


def test_majority_names_the_most_frequent_class_and_gives_the_shares():
    extracted = made_up()
    extracted.rows["emotion"] = np.repeat(["sad", "happy", "angry"], [70, 30, 20])
    folds = [splits.Fold(np.arange(0, 120, 2), np.arange(1, 120, 2))]
    found = training.cross_predict(baselines.majority(), extracted, folds, progress=False)
    assert set(found.predicted) == {"sad"}
    assert found.classes.tolist() == ["happy", "sad", "angry"]
    np.testing.assert_allclose(found.probabilities, np.tile([30 / 120, 70 / 120, 20 / 120], (60, 1)))
    assert balanced_accuracy_score(extracted.rows["emotion"].iloc[found.rows], found.predicted) == 1 / 3


def test_what_is_missing_becomes_the_median_of_the_training_rows(extracted, emotions, fold):
    extracted.x[fold.train[:3], 0, 5] = np.nan
    extracted.x[fold.test, 0, 5] = 1e6
    machine = baselines.svm().fit(baselines.table(extracted).iloc[fold.train], emotions[fold.train])
    median = np.median(extracted.x[fold.train[3:], 0, 5])
    assert machine["imputer"].statistics_[5] == pytest.approx(median)
    assert len(machine.predict(baselines.table(extracted).iloc[fold.test])) == len(fold.test)


def test_the_table_says_row_and_coefficient(extracted):
    table = baselines.table(extracted)
    assert table.index.tolist() == list(range(120))
    assert table.columns[0] == "mean of MFCC 1"
    np.testing.assert_array_equal(table.to_numpy(), extracted.x[:, 0])


def test_a_table_of_many_frames_is_refused(extracted):
    frames = extracted._replace(x=np.zeros((120, 7, 40), "float32"))
    with pytest.raises(ValueError, match="have 7 frames"):
        baselines.table(frames)


def test_a_pipeline_notes_what_it_received(extracted, emotions, fold):
    machine = baselines.svm().fit(baselines.table(extracted).iloc[fold.train], emotions[fold.train])
    record = baselines.used(machine)
    for purpose in ("fit", "scale"):
        np.testing.assert_array_equal(record[purpose], np.sort(fold.train))
    for purpose in ("select", "stop", "normalise"):
        assert len(record[purpose]) == 0
    audit(extracted, fold, record)


def test_a_pipeline_notes_its_last_fit_only(extracted, emotions, fold):
    table = baselines.table(extracted)
    machine = baselines.svm().fit(table, emotions)
    machine.fit(table.iloc[fold.train], emotions[fold.train])
    np.testing.assert_array_equal(baselines.used(machine)["scale"], fold.train)


@pytest.mark.parametrize("how", ["fit and transform", "fit_transform", "partial_fit"])
def test_a_scaler_fitted_on_all_rows_in_front_is_seen(extracted, emotions, fold, how):
    table, scaler = baselines.table(extracted), baselines.noted(StandardScaler())
    if how == "fit_transform":
        scaled = scaler.fit_transform(table)
    elif how == "partial_fit":
        scaled = scaler.partial_fit(table.iloc[:60]).partial_fit(table.iloc[60:]).transform(table)
    else:
        scaled = scaler.fit(table).transform(table)
    np.testing.assert_allclose(scaled, StandardScaler().fit_transform(extracted.x[:, 0]), atol=1e-5)
    machine = baselines.svm().fit(scaled.iloc[fold.train], emotions[fold.train])
    record = baselines.used(machine)
    np.testing.assert_array_equal(record["scale"], np.arange(120))
    np.testing.assert_array_equal(record["fit"], fold.train)
    with pytest.raises(LeakError, match="test rows used to scale"):
        audit(extracted, fold, record)


def test_tables_put_together_keep_what_they_carry(extracted, emotions, fold):
    scaled = baselines.noted(StandardScaler()).fit_transform(baselines.table(extracted))
    again = pd.concat([scaled.iloc[fold.test], scaled.iloc[fold.train]]).sort_index()
    np.testing.assert_array_equal(baselines.carried(again)["scale"], np.arange(120))


def test_features_chosen_on_all_rows_are_seen(extracted, emotions, fold):
    chosen = baselines.noted(SelectKBest(k=5)).fit_transform(baselines.table(extracted), emotions)
    machine = baselines.svm().fit(chosen.iloc[fold.train], emotions[fold.train])
    with pytest.raises(LeakError, match="test rows used to select"):
        audit(extracted, fold, baselines.used(machine))


def test_any_pipeline_can_be_noted(extracted, emotions, fold):
    plain = make_pipeline(StandardScaler(), PCA(3), RandomForestClassifier(10, random_state=0))
    own = baselines.noted(plain).fit(baselines.table(extracted).iloc[fold.train], emotions[fold.train])
    plain.fit(extracted.x[fold.train, 0], emotions[fold.train])
    np.testing.assert_array_equal(
        own.predict(baselines.table(extracted).iloc[fold.test]), plain.predict(extracted.x[fold.test, 0])
    )
    np.testing.assert_array_equal(baselines.used(own)["scale"], fold.train)
    np.testing.assert_array_equal(baselines.used(own[-1])["fit"], fold.train)


def test_cross_predict_notes_a_plain_pipeline_too(extracted):
    folds = splits.unseen_speakers(extracted.rows)
    plain = make_pipeline(StandardScaler(), SVC())
    found = training.cross_predict(plain, extracted, folds, progress=False)
    for fold, record in zip(folds, found.used, strict=True):
        np.testing.assert_array_equal(record["scale"], fold.train)
        np.testing.assert_array_equal(record["fit"], fold.train)
    splits.audit(extracted.rows, folds, found.used, listen=False)
    assert not hasattr(plain[-1], "classes_")
    assert type(plain[-1]) is SVC


GRID = {"classifier__C": [0.01, 1, 100], "classifier__gamma": ["scale", 0.001]}


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_search_chooses_as_scikit_learn_does(extracted, emotions, fold, n_jobs):
    inner = splits.inner(extracted.rows, fold.train, n_folds=3)
    own = baselines.search(baselines.svm(), GRID, inner, n_jobs=n_jobs)
    own.fit(baselines.table(extracted).iloc[fold.train], emotions[fold.train])
    position = {row: number for number, row in enumerate(fold.train)}
    cv = [tuple([position[row] for row in side] for side in each) for each in inner]
    plain = make_pipeline(StandardScaler(), SVC())
    grid = {name.replace("classifier", "svc"): values for name, values in GRID.items()}
    expected = GridSearchCV(plain, grid, scoring="balanced_accuracy", cv=cv)
    expected.fit(extracted.x[fold.train, 0], emotions[fold.train])
    np.testing.assert_allclose(own.cv_results_["mean_test_score"], expected.cv_results_["mean_test_score"])
    assert list(own.best_params_.values()) == list(expected.best_params_.values())
    record = baselines.used(own)
    for purpose in ("fit", "scale", "select"):
        np.testing.assert_array_equal(record[purpose], fold.train)


def test_probabilities_come_from_inner_folds_as_scikit_learn_draws_them(extracted, emotions, fold):
    inner = splits.inner(extracted.rows, fold.train, n_folds=3)
    own = baselines.calibrated(baselines.svm(), inner)
    table = baselines.table(extracted)
    own.fit(table.iloc[fold.train], emotions[fold.train])
    position = {row: number for number, row in enumerate(fold.train)}
    cv = [tuple([position[row] for row in side] for side in each) for each in inner]
    plain = CalibratedClassifierCV(make_pipeline(StandardScaler(), SVC(C=10)), cv=cv, ensemble=False)
    plain.fit(extracted.x[fold.train, 0], emotions[fold.train])
    expected = plain.predict_proba(extracted.x[fold.test, 0])
    np.testing.assert_allclose(own.predict_proba(table.iloc[fold.test]), expected, atol=1e-4)
    np.testing.assert_array_equal(baselines.used(own)["fit"], fold.train)


def test_each_outer_fold_gets_inner_folds_of_its_own(extracted):
    folds = splits.unseen_speakers(extracted.rows)
    inner = functools.partial(splits.inner, extracted.rows, n_folds=3)
    system = baselines.search(baselines.logistic_regression(), {"classifier__C": [0.01, 1]}, inner)
    found = training.cross_predict(system, extracted, folds, progress=False)
    for fold, record in zip(folds, found.used, strict=True):
        np.testing.assert_array_equal(record["select"], fold.train)
    splits.audit(extracted.rows, folds, found.used, listen=False)
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, rtol=1e-6)


def test_a_search_on_all_rows_is_seen(extracted, emotions, fold):
    inner = splits.inner(extracted.rows, np.arange(120), n_folds=3)
    search = baselines.search(baselines.svm(), {"classifier__C": [1, 10]}, inner)
    search.fit(baselines.table(extracted), emotions)
    # The classic mistake: choose on everything, then split and fit what was chosen once more.
    found = training.cross_predict(search.best_estimator_, extracted, [fold], progress=False)
    np.testing.assert_array_equal(found.used[0]["fit"], fold.train)
    with pytest.raises(LeakError, match="test rows used to select"):
        audit(extracted, fold, found.used[0])


def test_inner_folds_with_rows_of_the_test_are_refused(extracted, emotions, fold):
    inner = splits.inner(extracted.rows, np.arange(120), n_folds=3)
    search = baselines.search(baselines.svm(), {"classifier__C": [1]}, inner)
    with pytest.raises(ValueError, match="not among the rows to fit on"):
        search.fit(baselines.table(extracted).iloc[fold.train], emotions[fold.train])


def test_copies_and_pickles_keep_what_they_should(extracted, emotions, fold):
    machine = baselines.svm().fit(baselines.table(extracted).iloc[fold.train], emotions[fold.train])
    for other in (pickle.loads(pickle.dumps(machine)), copy.deepcopy(machine)):
        np.testing.assert_array_equal(baselines.used(other)["scale"], fold.train)
        assert type(other[-1]) is type(machine[-1])
        assert isinstance(other[-1], SVC)
    with pytest.raises(ValueError, match="no rows were noted"):
        baselines.used(clone(machine))


def test_an_array_without_row_numbers_gives_no_record(extracted, emotions):
    for numberless in (extracted.x[60:, 0], pd.DataFrame(extracted.x[60:, 0])):
        machine = baselines.svm().fit(numberless, emotions[60:])
        with pytest.raises(ValueError, match="no rows were noted"):
            baselines.used(machine)


def test_baselines_do_without_tensorflow():
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "import test_baselines as t\n"
        "from sercourse import baselines, splits, training\n"
        "made = t.made_up()\n"
        "training.cross_predict(baselines.svm(), made, splits.unseen_speakers(made.rows), progress=False)\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_scores_on_real_speech_are_those_of_the_reports_notes(real_ravdess):
    """Measured with scikit-learn used plainly, before there were baselines; shipped in demo_trust."""
    from sercourse import corpora, evaluation

    extracted = features.extract(corpora.load("ravdess"), features.recipe("mfcc_mean"))
    folds = splits.emobox_six(extracted.rows)
    found = training.cross_predict(baselines.svm(), extracted, folds, progress=False)
    assert evaluation.uar(extracted.rows["emotion"], found.predicted) == pytest.approx(0.350, abs=0.01)
