"""The cheat sheet: its calls run, its formulas are those of the package, its links lead somewhere."""

import math
import re

import numpy as np
import pytest
from conftest import ROOT

from sercourse import corpora, evaluation, splits
from sercourse.forensics import losses
from sercourse.networks import backend

TEXT = (ROOT / "notebooks" / "cheat_sheet.md").read_text(encoding="utf-8")


def test_the_calls_run(monkeypatch, capsys):
    """On six voices of the demo corpus, so that it takes seconds."""
    load = corpora.load
    six = [f"demo_{number:02}" for number in range(1, 7)]
    monkeypatch.setattr(
        corpora,
        "load",
        lambda name: load(name)[lambda rows: rows["speaker"].isin(six)].reset_index(drop=True),
    )
    code = re.search(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)[1]
    names = {}
    exec(code, names)
    said = capsys.readouterr().out
    assert "6 speakers" in said
    assert len(names["found"].predicted) == len(names["rows"]) == 360


def test_the_splits_that_it_names_are_there():
    named = re.findall(r"`(\w+)`", TEXT.split("## Ten calls")[0].split("| tests |")[-1])
    assert set(named) - {"LeakError"} <= set(splits.__all__)


def test_formulas_are_those_of_the_package():
    assert "(1 − accuracy) × ln 2" in TEXT
    assert losses.loss_bound(0.9) == pytest.approx((1 - 0.9) * math.log(2))
    assert "ln(e + K − 1) − 1" in TEXT
    assert losses.double_softmax_floor(7) == pytest.approx(math.log(math.e + 7 - 1) - 1)
    assert "1 − 1/K; ln K" in TEXT
    true, even = np.array(list("abcd")), np.full((4, 4), 1 / 4)
    assert evaluation.brier(true, even, list("abcd")) == pytest.approx(1 - 1 / 4)
    assert evaluation.log_loss(true, even, list("abcd")) == pytest.approx(math.log(4))
    assert "2 ÷ 2^difference" in TEXT
    better, worse = ["a"] * 9, ["a"] * 4 + ["b"] * 5
    assert evaluation.mcnemar(["a"] * 9, better, worse).p == pytest.approx(2 / 2**5)


def test_counts_of_weights_are_keras_s():
    keras = backend.load_keras()
    d, u = 7, 5
    for layer, count in (
        (keras.layers.LSTM(u), 4 * u * (d + u + 1)),
        (keras.layers.GRU(u), 3 * u * (d + u + 2)),
        (keras.layers.SimpleRNN(u), u * (d + u + 1)),
        (keras.layers.Conv1D(u, 3), u * (3 * d + 1)),
        (keras.layers.Dense(u), d * u + u),
    ):
        layer.build((None, 20, d))
        assert layer.count_params() == count
