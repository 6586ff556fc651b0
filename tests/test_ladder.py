"""The six leaks as a table: what is measured, how it is compared, and what lesson 15 says of it."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import balanced_accuracy_score
from test_augmented import ravdess_like

from sercourse import evaluation, leaks, reports, splits
from sercourse.features import Features, recipe
from sercourse.leaks import LEAKS, Condition
from sercourse.reports import ladder, results

ACTORS = [f"actor {number}" for number in range(1, 25)]
EVERY_SEED = {str(condition) for condition in (*ladder.LADDER, *ladder.ALONE)}


@pytest.fixture(scope="module")
def table():
    return reports.measured("leaks")


@pytest.mark.parametrize("corpus", ["ravdess", "demo"])
def test_the_shipped_table_is_complete(table, corpus):
    own = table[table["corpus"] == corpus]
    seeds = own.groupby("system")["seed"].agg(lambda found: tuple(sorted(found)))
    assert set(seeds.index) >= EVERY_SEED
    assert (seeds[list(EVERY_SEED)] == seeds["honest"]).all()
    assert seeds["honest"] == ((0, 1, 2) if corpus == "ravdess" else (0,))
    assert not own.isna().any().any()
    assert (own["n_test"] == 1440).all()
    assert (own["n_train"] == 450).all()
    assert (own["parameters"] == 4456).all()
    assert set(own["protocol"]) == {ladder.PROTOCOL}


def test_all_sets_are_measured_on_real_speech(table):
    one = set(table.query("corpus == 'ravdess' and seed == 0")["system"])
    assert {str(condition) for condition in ladder.SETS} <= one
    assert len(ladder.SETS) == 2**6


def test_the_uar_of_all_rows_is_the_mean_of_the_actors(table):
    np.testing.assert_allclose(table[ACTORS].mean(axis=1), table["uar"], atol=2e-6)


def test_differences_are_those_of_the_scores(table):
    own = table[table["corpus"] == "ravdess"].groupby("system")["uar"].mean()
    for compared in (ladder.compare_leaks(), ladder.climb()):
        assert not compared.isna().any().any()
        for name, row in compared.iterrows():
            assert row["difference"] == pytest.approx(own[name] - own[row["control"]])
            assert row["score"] == pytest.approx(own[name])
        assert compared["difference"].between(compared["low"], compared["high"]).all()
        assert compared["difference"].between(compared["lowest"], compared["highest"]).all()


def test_the_interval_is_near_that_of_the_bootstrap_over_speakers():
    """Made of rows, with the same design: 24 actors who have equally many of every class."""
    rows = ravdess_like()
    rng = np.random.default_rng(0)
    true, speaker = rows["emotion"].to_numpy(str), rows["speaker"].to_numpy(str)
    known = rng.uniform(0.3, 0.9, 24)[splits.actors(rows).to_numpy(int) - 1]
    one, other = (np.where(rng.random(1440) < share, true, "none") for share in (known, 0.4))
    expected = evaluation.bootstrap_difference(true, one, other, speaker)
    apart = evaluation.by(true, one, speaker) - evaluation.by(true, other, speaker)
    found = ladder.interval_over_actors(apart)
    assert found == pytest.approx((expected.low, expected.high), abs=0.01)


def test_a_set_is_found_in_any_order(table):
    own = table.query("corpus == 'ravdess' and seed == 0").set_index("system")["uar"]
    assert ladder.measured_set([]) == own["honest"]
    assert ladder.measured_set(["duplicates", "speakers"]) == own["speakers + duplicates"]
    assert ladder.measured_set(LEAKS) == own[str(ladder.LADDER[-2])]


def test_the_ladder_adds_one_leak_a_rung():
    for lower, upper in zip(ladder.LADDER, ladder.LADDER[1:-1], strict=False):
        added = upper.on - lower.on
        assert lower.on < upper.on
        assert added in [frozenset(leak.switches) for leak in LEAKS.values()]
    assert ladder.LADDER[-1].on == ladder.LADDER[-2].on
    assert ladder.LADDER[-1].every_twin


def test_measuring_takes_each_actor_by_themselves(monkeypatch, tmp_path):
    """A bench that names the emotions of even actors right, and calls everything else neutral."""
    rows = ravdess_like()
    x = np.zeros((len(rows), 1, 40), "float32")
    plain = Features(x, np.ones((len(rows), 1), bool), rows, rows.head(0), recipe("report_c"))
    even = splits.actors(rows).to_numpy(int) % 2 == 0
    predicted = np.where(even, rows["emotion"].to_numpy(str), "neutral")
    asked = []

    @dataclasses.dataclass
    class Known:
        predicted: np.ndarray

    def predict(bench, condition):
        asked.append((condition, bench._settings["seed"]))
        return Known(predicted[bench.tested])

    monkeypatch.setattr(leaks.Bench, "predict", predict)
    monkeypatch.setattr(ladder.corpora, "load", lambda corpus: rows)
    monkeypatch.setattr(ladder.features, "extract", lambda manifest, wanted: plain)
    monkeypatch.setattr(ladder.training, "extract_copies", lambda extracted, chain: [extracted])
    monkeypatch.setattr(ladder.leaks, "soundtracks", lambda extracted: extracted)
    monkeypatch.setattr(ladder, "SETS", ladder.SETS[:2])
    monkeypatch.setattr(ladder, "LADDER", ladder.LADDER[:2])
    monkeypatch.setattr(ladder, "ALONE", (Condition(on=["duplicates"], twins="soundtrack"),))
    found = reports.measure("leaks", "ravdess", 2, tmp_path / "leaks.csv")
    assert found["system"].tolist() == 2 * ["honest", "statements", "duplicates (soundtrack)"]
    assert [seed for _, seed in asked] == [0, 0, 0, 1, 1, 1]
    row = found.iloc[0]
    assert row[ACTORS].tolist() == pytest.approx([1 / 8, 1.0] * 12)
    assert row["uar"] == pytest.approx(balanced_accuracy_score(rows["emotion"], predicted))
    assert row["n_train"] == 450
    assert set(found.columns) == set(results.shape("leaks").columns)
    reports.measure("leaks", "ravdess", 2, tmp_path / "leaks.csv")
    assert len(asked) == 6


def test_a_comparison_by_hand(monkeypatch):
    """Two seeds, 24 actors: the leak is a tenth better for all, and with the second seed two tenths."""
    conditions = {str(condition) for pair in ladder.CONTROL.items() for condition in pair}
    control = {str(condition) for condition in ladder.CONTROL.values()}
    uars = np.linspace(0.2, 0.4, 24)
    rows = [
        {"system": system, "corpus": "ravdess", "seed": seed, "uar": (uars + more).mean()}
        | dict(zip(ACTORS, uars + more, strict=True))
        for system in conditions
        for seed in range(2)
        for more in [0 if system in control else 0.1 * (seed + 1)]
    ]
    monkeypatch.setattr(results, "measured", lambda name: pd.DataFrame(rows))
    found = ladder.compare_leaks()
    assert list(found.index) == [str(condition) for condition in ladder.CONTROL]
    for name, value in {"difference": 0.15, "low": 0.15, "high": 0.15, "lowest": 0.1, "highest": 0.2}.items():
        assert found[name].tolist() == pytest.approx([value] * len(found))
    assert found["control score"].tolist() == pytest.approx([0.3] * len(found))
