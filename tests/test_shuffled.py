"""Model B on coefficients in their order and shuffled: what differs, and what the table holds."""

import numpy as np
import pandas as pd
from conftest import write_tone

from sercourse import evaluation, reports
from sercourse.features import Features
from sercourse.reports import shuffled
from sercourse.reports.puzzle import UNSEEN


def three_recordings():
    x = np.arange(3 * 40, dtype=np.float32).reshape(3, 1, 40)
    return Features(x, np.ones((3, 1), bool), pd.DataFrame({"emotion": ["sad"] * 3}), None, None)


def test_all_recordings_get_one_order_and_keep_their_numbers():
    before = three_recordings()
    after = shuffled.reordered(before, 0).x
    np.testing.assert_array_equal(np.sort(after, axis=2), before.x)
    order = after[0, 0].astype(int)
    assert (order != np.arange(40)).any()
    np.testing.assert_array_equal(after[2, 0], before.x[2, 0][order])


def test_each_seed_has_an_order_of_its_own():
    one, two = (shuffled.reordered(three_recordings(), seed).x for seed in (0, 1))
    assert (one != two).any()


def test_both_orders_are_trained_and_only_the_shuffled_one_is_compared(home, monkeypatch):
    rng = np.random.default_rng(0)
    for actor in range(1, 25):
        for emotion in ("01", "05"):
            name = f"03-01-{emotion}-01-01-01-{actor:02d}.wav"
            write_tone(home / "ravdess" / f"Actor_{actor:02d}" / name, 100 + 5 * actor, rng, seconds=0.3)
    monkeypatch.setitem(shuffled.FITTING, shuffled.NETWORK, {"epochs": 1, "batch_size": 16})
    in_order, other = [identity | measure() for identity, measure in shuffled.plan("ravdess", 1)]
    assert in_order["system"] == "1 epochs, batch 16, coefficients in their order"
    assert np.isnan(in_order["difference"])
    assert np.isclose(other["difference"], other["uar"] - in_order["uar"])
    assert other["low"] <= other["difference"] <= other["high"]
    assert {in_order["protocol"], other["protocol"]} == {UNSEEN}
    assert other["n_test"] == 48


def test_the_shipped_table_pairs_every_seed_on_both_corpora():
    table = reports.measured("shuffled")
    assert set(table["corpus"]) == {"ravdess", "demo"}
    assert (table["n_test"] == 1440).all()
    uar = table.pivot_table("uar", ["corpus", "seed"], table["difference"].isna())
    assert uar.notna().all(axis=None)
    differences = table.dropna(subset="difference").set_index(["corpus", "seed"])["difference"]
    np.testing.assert_allclose(differences, (uar[False] - uar[True])[differences.index], atol=1e-5)
    assert (table["uar"] > 1 / 8).all()
    assert evaluation.PROTOCOLS["unseen"].columns["protocol"] == table["protocol"].unique().item()
