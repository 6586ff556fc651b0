"""One recurrent layer against another: how the table is measured, shipped and compared."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sercourse import networks, reports
from sercourse.errors import UnknownNameError
from sercourse.reports import layers, results

ACTORS = [f"actor {number}" for number in range(1, 25)]
LSTM_64 = (
    4 * 64 * (20 + 64 + 1) + 64 * 8 + 8
)  # four gates, each of 20 inputs, 64 states and a bias; the dense layer


def test_the_shipped_table_is_complete():
    table = reports.measured("layers")
    assert not table.isna().any().any()
    assert (table.groupby("system")["seed"].apply(sorted).map(tuple) == (0, 1, 2)).all()
    assert set(table["system"]) == set(layers.SYSTEMS)
    assert (table["n_test"] == 1440).all()


def test_the_uar_of_all_rows_is_the_mean_of_the_actors():
    """What the module's docstring promises of RAVDESS's design; lesson 10 rests on it."""
    table = reports.measured("layers")
    np.testing.assert_allclose(table[ACTORS].mean(axis=1), table["uar"], atol=2e-6)


def test_all_are_of_one_size():
    table = reports.measured("layers")
    assert table.set_index("system").loc["LSTM", "parameters"].unique().tolist() == [LSTM_64]
    assert (abs(table["parameters"] - LSTM_64) < 0.02 * LSTM_64).all()


@pytest.mark.parametrize("network", ["simple_rnn", "gru", "bilstm"])
def test_units_are_the_closest(network):
    units = layers.units(network, (130, 20), 8)

    def away(n):
        return abs(networks.build(network, (130, 20), 8, units=n).count_params() - LSTM_64)

    assert away(units) <= min(away(units - 1), away(units + 1))


@pytest.fixture
def pretended(monkeypatch):
    """Three systems: the second is always a tenth better than the first, the third its equal in disguise."""
    rng = np.random.default_rng(0)
    first = rng.uniform(0.3, 0.5, 24)
    noise = rng.normal(0, 0.02, 12)
    uars = {"SimpleRNN": first, "LSTM": first + 0.1, "GRU": first + np.concatenate([noise, -noise])}
    rows = [
        {
            "system": system,
            "corpus": "ravdess",
            "seed": seed,
            "uar": uar.mean(),
            "parameters": 1,
            "seconds": 1.0,
        }
        | dict(zip(ACTORS, uar, strict=True))
        for system, uar in uars.items()
        for seed in range(2)
    ]
    monkeypatch.setattr(results, "measured", lambda name: pd.DataFrame(rows))
    return uars


def test_a_clear_difference_is_resolved_and_none_is_not(pretended):
    table = reports.layer_differences(list(pretended))
    clear, none = table.loc["LSTM less SimpleRNN"], table.loc["GRU less SimpleRNN"]
    assert clear[["difference", "low", "high"]].tolist() == pytest.approx([0.1] * 3)
    assert clear["resolved"]
    assert none["difference"] == pytest.approx(0, abs=1e-12)
    assert none["p"] > 0.9
    assert not none["resolved"]
    assert (table["holm"] >= table["p"]).all()


def test_intervals_are_those_of_a_mean_over_actors(pretended):
    """The bootstrap's interval of a mean is close to the one by Student's t."""
    table = reports.compare_layers(["GRU", "SimpleRNN"])
    assert table.index.tolist() == ["GRU", "SimpleRNN"]
    for system, row in table.iterrows():
        uar = pretended[system]
        low, high = stats.t.interval(0.95, 23, uar.mean(), stats.sem(uar))
        assert row["score"] == pytest.approx(uar.mean())
        assert [row["low"], row["high"]] == pytest.approx([low, high], abs=0.004)
        assert row["seeds"] == 2


def test_an_unmeasured_layer_lists_the_measured_ones(pretended):
    with pytest.raises(UnknownNameError, match="'LSTN'; choose one of: GRU, LSTM, SimpleRNN"):
        reports.compare_layers(["LSTN"])
