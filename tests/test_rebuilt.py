"""The reports' networks, rebuilt and measured, beside what the reports claim."""

import numpy as np
import pandas as pd
import pytest

from sercourse import networks, reports, training
from sercourse.errors import UnknownNameError
from sercourse.features import Features
from sercourse.reports import claims, rebuilt, results
from sercourse.training import Predictions

EMOTIONS = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"]


def actors():
    """The manifest of 24 actors who say each emotion twice."""
    rows = [
        {"speaker": f"ravdess_{actor:02d}", "corpus": "ravdess", "emotion": emotion}
        for actor in range(1, 25)
        for emotion in EMOTIONS * 2
    ]
    return pd.DataFrame(rows).astype("string")


def actresses():
    """Two actresses who say seven emotions ten times, and a man of another corpus."""
    rows = [
        {"speaker": f"demo_second_{name}", "corpus": "demo_second", "emotion": emotion}
        for name in ("OAF", "YAF", "DC")
        for emotion in [each for each in EMOTIONS if each != "calm"] * 10
    ]
    return pd.DataFrame(rows).astype("string")


@pytest.fixture
def predicting(monkeypatch):
    """Every network says what is true; what it was asked is kept."""
    asked = []

    def cross_predict(network, features, folds, **fitting):
        asked.append((network, [len(fold.test) for fold in folds], fitting))
        tested = np.sort(np.concatenate([fold.test for fold in folds]))
        predicted = features.rows["emotion"].to_numpy(str)[tested]
        return Predictions(predicted, None, np.array(EMOTIONS), [], tested)

    def extract(manifest, recipe):
        return Features(np.zeros((len(manifest), 1, 1)), None, manifest, None, recipe)

    monkeypatch.setattr(training, "cross_predict", cross_predict)
    monkeypatch.setattr(rebuilt.features, "extract", extract)
    return asked


def measured(monkeypatch, manifest, seeds=1):
    monkeypatch.setattr(rebuilt.corpora, "load", lambda name: manifest)
    plan = list(rebuilt.plan(manifest["corpus"].iloc[0], seeds))
    return pd.DataFrame([identity | score() for identity, score in plan])


def test_every_network_is_measured_as_planned_on_actors(predicting, monkeypatch):
    table = measured(monkeypatch, actors())
    assert set(table["network"]) == set(rebuilt.TRAINING)
    assert not table.duplicated(list(results.IDENTITY)).any()
    assert (table["uar"] == 1).all()
    first = table["fold"] == "1"
    assert table.loc[first, "protocol"].str.endswith("the first fold only").all()
    assert table.loc[~first, "protocol"].str.endswith("pooled").all()
    assert (table.loc[~first, "n_test"] == 384).all()
    # the first published fold has five actors of 16 recordings; a fifth of 384 drawn at random is 76.8
    assert set(table.loc[first, "n_test"]) == {80, 77}
    for network, _, fitting in predicting:
        trained = rebuilt.TRAINING[network]
        assert fitting == {"epochs": trained.epochs, "batch_size": trained.batch_size, "seed": 0}


def test_two_actresses_have_halves_and_each_other_and_no_interval(predicting, monkeypatch):
    table = measured(monkeypatch, actresses(), seeds=2)
    assert set(table["network"]) == set(rebuilt.ACTRESSES)
    assert set(table["protocol"]) == {rebuilt.TWO_HALVES, rebuilt.OTHER_ACTRESS}
    assert len(table) == 4 * 2 * 2
    assert (table["n_test"] == 140).all()
    assert (table["n_train"] == 70).all()
    assert table[["low", "high"]].isna().all().all()


def test_report_c_and_e_are_trained_as_long_as_they_say():
    """100 epochs each [S]; the ANN by batches of 4 [S]."""
    for network, trained in rebuilt.TRAINING.items():
        if network.startswith(("report_c", "report_e")):
            assert trained.epochs == 100
    assert rebuilt.TRAINING["report_e_ann"].batch_size == rebuilt.ACTRESSES["report_e_ann"] == 4


def test_the_shipped_table_has_every_network_with_three_seeds():
    table = reports.measured("rebuilt")
    real, second = table[table["corpus"] == "ravdess"], table[table["corpus"] == "demo_second"]
    assert set(real["network"]) == set(rebuilt.TRAINING)
    assert set(second["network"]) == set(rebuilt.ACTRESSES)
    seeds = table.groupby(["corpus", "network", "protocol"])["seed"].apply(lambda own: sorted(own))
    assert (seeds.map(tuple) == (0, 1, 2)).all()
    assert not real[["low", "high"]].isna().any().any()


def test_every_network_of_a_report_has_its_claim():
    axes_turned = {"report_b_over_frames"}  # ours: the report built it the other way
    built = {name for name in networks.NETWORKS if name.startswith("report_")}
    assert set(claims.CLAIMS) == built - axes_turned


def test_claims_stand_beside_the_means_of_the_seeds():
    row = reports.beside_claims("report_c_model_b").loc["report_c_model_b"]
    puzzle = reports.measured("puzzle")
    own = puzzle[(puzzle["network"] == "report_c_model_b") & (puzzle["corpus"] == "ravdess")]
    unseen = own.loc[own["protocol"] == reports.UNSEEN, "uar"]
    assert row["claimed accuracy"] == "1.00"
    assert row["UAR, unseen"] == f"{unseen.mean():.3f} ({unseen.min():.3f} to {unseen.max():.3f})"
    assert row["ours"] == "ravdess, all folds, 3 seeds, 100 epochs, batch 16"


def test_what_is_not_measured_says_so_and_what_is_not_there_raises():
    row = reports.beside_claims("ind_rnn").loc["ind_rnn"]
    assert row["ours"] == "not measured"
    assert row["UAR, unseen"] == ""
    with pytest.raises(UnknownNameError, match="report_f"):
        reports.beside_claims("report_f")
