"""The formulas of the forensics against enumeration, SciPy, scikit-learn and simulated networks."""

import doctest
import importlib
import itertools
import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import log_softmax, softmax
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_fscore_support

from sercourse import forensics
from sercourse.evaluation import mcnemar

MODULES = (
    "figures granularity losses averages classes luck patterns sets sizes claims parsing table examining"
)
UNHURRIED = settings(deadline=None)  # processes share two cores
ROUNDINGS = st.sampled_from([ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP])


def printed(share, digits, rounding=ROUND_HALF_EVEN):
    """As a report prints it; the share is exact."""
    exact = Decimal(share.numerator) / Decimal(share.denominator) if hasattr(share, "numerator") else share
    return str(Decimal(exact).quantize(Decimal(1).scaleb(-digits), rounding))


def of(k, n, digits, rounding):
    return str((Decimal(k) / Decimal(n)).quantize(Decimal(1).scaleb(-digits), rounding))


def examine(row, **known):
    return forensics.examine(pd.DataFrame([row] if isinstance(row, dict) else row), **known)


def graded(found, finding):
    return found[found["finding"] == finding]["grade"].tolist()


@pytest.mark.parametrize("module", MODULES.split())
def test_the_examples_in_the_docstrings_hold(module):
    module = importlib.import_module(f"sercourse.forensics.{module}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


def test_every_check_explains_itself():
    assert len(forensics.CHECKS) == 25
    for finding, check in forensics.CHECKS.items():
        assert all(len(part) > 20 for part in check), finding
        assert ">>>" in check.example, finding
        assert "\n" not in check.title + check.formula + check.source + check.what_it_cannot_say
        assert "`" not in "".join(check), finding


# Counts


@UNHURRIED
@given(st.integers(1, 3000), st.data(), st.integers(1, 9), ROUNDINGS)
def test_every_count_passes_however_it_is_printed(n, data, digits, rounding):
    k = data.draw(st.integers(0, n))
    assert k in forensics.grim(of(k, n, digits, rounding), n)


@UNHURRIED
@given(st.integers(1, 400), st.integers(0, 10**4))
def test_a_figure_that_fails_is_printed_by_no_count(n, figure):
    text = f"{Decimal(figure) / 10**4:.4f}"
    ways = {of(k, n, 4, way) for k in range(n + 1) for way in (ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP)}
    if not forensics.grim(text, n):
        assert text not in ways
    elif text not in ways:
        # The only figures let through beside these: a step above an exact count, as floats can be cut off.
        assert any(Decimal(k) / n - Decimal(text) == Decimal("0.0001") for k in forensics.grim(text, n))


@UNHURRIED
@given(st.integers(2, 2000), st.data(), st.integers(2, 5))
def test_counts_pass_as_single_precision_prints_and_cuts_them(n, data, digits):
    share = float(np.float32(data.draw(st.integers(0, n))) / np.float32(n))
    cut = math.floor(share * 10**digits) / 10**digits
    assert forensics.grim(f"{cut:.{digits}f}", n)
    assert forensics.grim(repr(share), n)


@pytest.mark.parametrize(("n", "digits"), [(325, 4), (490, 4), (60, 3), (2000, 4)])
def test_power_is_the_share_of_figures_that_fail(n, digits):
    failing = sum(not forensics.grim(f"{each / 10**digits:.{digits}f}", n) for each in range(10**digits + 1))
    assert forensics.grim_power(n, digits) == pytest.approx(failing / (10**digits + 1), abs=0.02)


def test_a_stated_number_is_impossible_guesses_are_odd_and_poor_power_is_silent():
    finding = "accuracy is not k of n"
    assert graded(examine({"accuracy": "0.9761"}, n=490), finding) == ["impossible"]
    assert graded(examine({"accuracy": "0.9761"}, n=[490, 491]), finding) == ["odd"]
    assert graded(examine({"accuracy": "0.9761"}, n=[490, 418]), finding) == []  # 408 of 418 = .97608
    for n, power in ((45, 0.3), (52, 0.2)):  # 4 of 45 is .089 and 5 is .111; 7 of 52 is .135 and 8 is .154
        text = {45: "0.10", 52: "0.14"}[n]
        assert forensics.grim(text, n) == ()
        assert forensics.grim_power(n, 2) == pytest.approx(power, abs=0.01)
        assert graded(examine({"accuracy": text}, n=n), finding) == (["impossible"] if n == 45 else [])
    assert graded(examine({"accuracy": "0.61", "n": "25"}), finding) == ["impossible"]


def test_a_stated_number_is_that_of_its_own_set():
    rows = {"train_accuracy": "0.9768", "val_accuracy": "0.9761", "test_accuracy": "0.9857"}
    assert graded(examine(rows, n=491), "accuracy is not k of n") == []
    assert graded(examine(rows, n=491, n_val=490), "accuracy is not k of n") == ["impossible"]
    named = {"accuracy": "0.9761", "accuracy_on": "validation data"}
    assert graded(examine(named, n=490), "accuracy is not k of n") == []
    assert graded(examine(named, n_val=490), "accuracy is not k of n") == ["impossible"]


def test_rows_on_different_numbers_are_odd():
    rows = [{"accuracy": "0.8", "n": "100"}, {"accuracy": "0.9", "n": "50"}]
    assert graded(examine(rows), "denominators differ") == ["odd"]


# Losses


@UNHURRIED
@given(st.integers(2, 8), st.integers(1, 60), st.integers(0, 10**6), st.floats(0, 20))
def test_no_softmax_breaks_the_loss_bound(n_classes, n, seed, sharpness):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, n_classes)) * sharpness
    true = rng.integers(n_classes, size=n)
    loss = -log_softmax(logits, axis=1)[np.arange(n), true].mean()
    accuracy = np.mean(logits.argmax(axis=1) == true)
    assert loss >= forensics.loss_bound(accuracy) - 1e-9


def test_the_loss_bound_is_reached():
    """Two classes at one half each, the wrong one first: an error costs ln 2 exactly."""
    assert forensics.loss_bound(0.5) == pytest.approx(np.mean([0, math.log(2)]))


@UNHURRIED
@given(st.integers(2, 10), st.integers(1, 60), st.integers(0, 10**6), st.floats(0, 60))
def test_a_softmax_through_a_softmax_stays_between_its_bounds(n_classes, n, seed, sharpness):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, n_classes)) * sharpness
    true = rng.integers(n_classes, size=n)
    loss = -log_softmax(softmax(logits, axis=1), axis=1)[np.arange(n), true].mean()
    low, high = forensics.double_softmax_bounds(np.mean(logits.argmax(axis=1) == true), n_classes)
    assert low - 1e-9 <= loss <= high + 1e-9


@pytest.mark.parametrize("n_classes", [2, 7, 8])
def test_a_sure_network_reaches_the_floor_and_an_error_costs_one_more(n_classes):
    true = np.arange(200) % n_classes
    named = true.copy()
    named[:3] = (named[:3] + 1) % n_classes
    logits = 1000.0 * np.eye(n_classes)[named]
    losses = -log_softmax(softmax(logits, axis=1), axis=1)[np.arange(200), true]
    assert losses[3:].mean() == pytest.approx(forensics.double_softmax_floor(n_classes))
    assert losses.mean() == pytest.approx(forensics.double_softmax_floor(n_classes, error=3 / 200))


def test_the_cheapest_error_through_two_softmaxes_is_found_nowhere_lower():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.full(5, 0.3), 200_000)
    wrong = p[:, 0] <= p[:, 1:].max(axis=1)
    losses = -log_softmax(p[wrong], axis=1)[:, 0]
    low, _ = forensics.double_softmax_bounds(0, 5)
    assert low <= losses.min() < low + 0.02


def test_a_network_that_is_said_to_have_two_softmaxes_cannot_go_below_the_floor():
    row = {"loss": "0.4", "accuracy": "0.93", "softmax_twice": "yes"}
    assert graded(examine(row, n_classes=7), "softmax twice") == ["impossible"]
    row["loss"] = "1.24"
    assert graded(examine(row, n_classes=7), "softmax twice") == ["note"]
    row["softmax_twice"] = "no"
    assert graded(examine(row, n_classes=7), "softmax twice") == ["odd"]
    row["accuracy"] = "0.60"  # with an honest softmax 1.24 is nothing special here
    assert graded(examine(row, n_classes=7), "softmax twice") == []


def test_a_loss_that_is_of_other_rows_is_odd_only():
    row = {"loss": "0.0012", "accuracy": "0.9893"}
    assert graded(examine(row), "loss below its bound") == ["impossible"]
    row |= {"loss_on": "training", "accuracy_on": "test"}
    assert graded(examine(row), "loss below its bound") == ["odd"]
    assert graded(examine(row), "mixed sets") == ["odd"]


def test_a_loss_that_fits_training_only_is_of_training():
    row = {"loss": "0.01", "accuracy": "0.90", "train_accuracy": "0.999"}
    assert graded(examine(row), "mixed sets") == ["odd"]
    assert graded(examine(row | {"train_accuracy": "0.95"}), "mixed sets") == []


# Classes and averages


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(2, 120), st.integers(0, 10**6), st.integers(1, 5), ROUNDINGS)
def test_every_real_class_passes(n_classes, n, seed, digits, rounding):
    rng = np.random.default_rng(seed)
    true = rng.integers(n_classes, size=n)
    named = np.where(rng.random(n) < rng.random(), true, rng.integers(n_classes, size=n))
    scores = precision_recall_fscore_support(true, named, labels=range(n_classes), zero_division=0)
    right = np.bincount(true[true == named], minlength=n_classes)
    for k, *figures, support in zip(right, *scores, strict=True):
        if support:
            texts = [printed(Decimal(each), digits, rounding) for each in figures]
            assert k in [each.right for each in forensics.class_counts(int(support), *texts)]


@UNHURRIED
@given(st.integers(1, 25), st.lists(st.integers(1, 99), min_size=3, max_size=3))
def test_a_class_that_fails_has_no_counts(support, hundredths):
    """All counts tried one by one, with intervals written anew."""
    figures = [each / 100 for each in hundredths]
    k, m = np.mgrid[1 : support + 1, 1 : 210 * support]
    fits = m >= k
    for printed_as, share in zip(figures, (k / m, k / support, 2 * k / (support + m)), strict=True):
        fits &= (share >= printed_as - 0.005 - 1e-9) & (share <= printed_as + 0.01 + 1e-9)
    possible = fits.any()
    found = forensics.class_counts(support, *(f"{each:.2f}" for each in figures))
    assert any(each.right for each in found) == possible


def test_a_class_with_a_false_f1_is_impossible_and_the_accuracy_must_fit_the_recalls():
    table = pd.DataFrame(
        {"class": ["sad", "happy"], "precision": ["0.80", "0.60"], "recall": ["0.67", "0.75"],
         "f1": ["0.73", "0.67"], "support": ["60", "40"]}
    )  # fmt: skip
    assert forensics.examine(table, accuracy="0.70").empty  # 40 + 30 of 100
    assert graded(forensics.examine(table, accuracy="0.75"), "classes and totals disagree") == ["impossible"]
    table.loc[0, "f1"] = "0.81"
    found = forensics.examine(table)
    assert graded(found, "figures of a class disagree") == ["impossible"]
    assert found["row"].tolist() == ["sad"]


def test_averages_below_the_classes_are_checked():
    text = """              precision    recall  f1-score   support

         sad       0.80      0.67      0.73        60
       happy       0.60      0.75      0.67        40

    accuracy                           0.70       100
   macro avg       0.70      0.71      0.70       100
weighted avg       0.72      0.70      0.70       100
"""
    assert forensics.examine(forensics.parse(text)).empty
    for honest, false in (
        ("0.70      0.71", "0.77      0.71"),
        ("        0.70       100", "        0.80       100"),
    ):
        assert honest in text
        found = forensics.examine(forensics.parse(text.replace(honest, false)))
        assert graded(found, "classes and totals disagree") == ["impossible"]


@pytest.mark.parametrize("supports", [[60, 65, 200], [10, 10, 10, 10]])
def test_one_class_for_all_scores_as_scikit_learn_says(supports):
    true = np.repeat(np.arange(len(supports)), supports)
    expected = forensics.one_class(supports[0] / sum(supports), len(supports))
    for average in ("weighted", "macro"):
        scores = precision_recall_fscore_support(true, 0 * true, average=average, zero_division=0)[:3]
        assert list(expected[average].values()) == pytest.approx(scores)


def test_the_signature_is_found_in_both_averages_and_not_where_it_cannot_be():
    assert graded(examine({"accuracy": "0.1846", "precision": "0.0341"}), "one class for all") == ["odd"]
    macro = {"accuracy": "0.30", "precision": "0.075", "recall": "0.25"}
    assert graded(examine(macro, n_classes=4), "one class for all") == ["odd"]
    assert graded(examine(macro), "one class for all") == []
    balanced = {"accuracy": "0.60", "precision": "0.36"}
    assert graded(examine(balanced, n_classes=5), "one class for all") == ["odd"]
    assert graded(examine(balanced, n_classes=5, balanced=True), "one class for all") == []


def test_recall_that_is_accuracy():
    rows = [{"accuracy": f"0.{each}", "recall": f"0.{each}"} for each in range(310, 330)]
    finding = "recall is accuracy"
    assert graded(examine(rows), finding) == ["note"]
    rows[3]["recall"] = "0.331"
    assert graded(examine(rows), finding) == ["odd"]
    assert graded(examine(rows, average="weighted"), finding) == ["impossible"]
    assert graded(examine(rows[:5]), finding) == []


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(5, 80), st.integers(0, 10**6), st.sampled_from(["macro", "weighted"]))
def test_no_network_breaks_the_bound_of_f1(n_classes, n, seed, average):
    rng = np.random.default_rng(seed)
    true = rng.integers(n_classes, size=n)
    named = np.where(rng.random(n) < rng.random(), true, rng.integers(n_classes, size=n))
    p, r, f1, _ = precision_recall_fscore_support(true, named, average=average, zero_division=0)
    assert f1 <= forensics.f1_bound(p, r) + 1e-9
    assume(f1 > 0)
    row = {"precision": f"{p:.4f}", "recall": f"{r:.4f}", "f1": f"{f1:.4f}"}
    assert examine(row).empty


def test_f1_above_the_harmonic_mean_is_impossible():
    row = {"precision": "0.80", "recall": "0.60", "f1": "0.72"}
    assert graded(examine(row), "F1 above its bound") == ["impossible"]


# Differences


@UNHURRIED
@given(st.integers(1, 14), st.data())
def test_the_bounds_of_mcnemar_hold_for_every_pairing(n, data):
    k1, k2 = (data.draw(st.integers(0, n)) for _ in range(2))
    first = np.arange(n) < k1
    p = []
    for shift in range(n):  # the second's right answers moved along the rows: all overlaps
        second = np.roll(np.arange(n) < k2, shift)
        won, lost = int(np.sum(first & ~second)), int(np.sum(~first & second))
        p.append(binomtest(won, won + lost).pvalue if won + lost else 1.0)
    assert forensics.mcnemar_bounds(k1, k2, n) == pytest.approx((min(p), max(p)))


def test_the_favourable_bound_is_the_test_of_our_own():
    right = ["sad"] * 8
    other = ["sad"] * 3 + ["happy"] * 5
    assert forensics.mcnemar_bounds(8, 3, 8)[0] == pytest.approx(mcnemar(right, right, other).p)


def test_a_difference_is_resolved_unresolved_or_open():
    finding = "difference not resolved"

    def detail(first, second, n):
        found = examine([{"row": "a", "accuracy": first}, {"row": "b", "accuracy": second}], n=n)
        return " ".join(found[found["finding"] == finding]["detail"])

    assert "even the most favourable pairing" in detail("0.81", "0.80", 100)
    assert "the pairing decides" in detail("0.85", "0.75", 100)
    assert detail("0.95", "0.55", 100) == ""
    assert "and 1;" in detail("0.8", "0.7", 100)  # one digit each: both can be 80 of 100


# Patterns of rows


def grid(change=0.1):
    rows = itertools.product(("lstm", "gru"), ("0.001", "0.01"), ("0", "0.1"), ("2", "4"))
    return [
        {"model": model, "rate": rate, "dropout": dropout, "layers": layers,
         "accuracy": f"{0.80 - change * (dropout == '0.1') - 0.01 * number / 16:.4f}"}
        for number, (model, rate, dropout, layers) in enumerate(rows)
    ]  # fmt: skip


def test_the_effect_of_a_setting_is_counted_in_pairs():
    found = examine(grid())
    details = found[found["finding"] == "effect of a setting"]["detail"].tolist()
    assert any(
        each.startswith("dropout 0.1 in place of 0 lowers accuracy in 8 of 8 pairs") for each in details
    )
    assert not any(each.startswith("model") for each in details)
    mixed = [row | {"accuracy": f"0.{70 + number * 7 % 16}"} for number, row in enumerate(grid())]
    assert graded(examine(mixed), "effect of a setting") == []


def test_rows_that_agree_are_odd_from_four_digits_on():
    rows = [{"row": each, "accuracy": "0.6154", "precision": "0.6016"} for each in "ab"]
    assert graded(examine(rows), "identical rows") == ["odd"]
    assert graded(examine([row | {"precision": "0.602"} for row in rows]), "identical rows") == ["note"]
    assert graded(examine([row | {"precision": "0.60"} for row in rows]), "identical rows") == []
    assert graded(examine([{"accuracy": "1.00", "loss": "0.0000"}] * 2), "identical rows") == []
    collapsed = [{"row": each, "accuracy": "0.1846", "precision": "0.0341"} for each in "ab"]
    assert graded(examine(collapsed), "identical rows") == ["note"]


# Sets


def test_validation_that_is_test():
    row = {"val_loss": "0.8045", "test_loss": "0.8045", "val_accuracy": "0.79", "test_accuracy": "0.7918"}
    assert graded(examine(row), "validation is test") == ["odd"]
    assert graded(examine(row, n=855, n_val=800), "validation is test") == []
    assert graded(examine(row | {"val_accuracy": "0.75"}), "validation is test") == []
    assert graded(examine(row | {"val_loss": "0.8046"}), "validation is test") == []
    same = {"val_accuracy": "0.7918", "test_accuracy": "0.7918"}
    assert graded(examine(same), "validation is test") == ["note"]
    assert graded(examine({"val_accuracy": "1.0000", "test_accuracy": "1.0000"}), "validation is test") == []


def test_training_below_validation_and_far_above():
    finding = "training below validation"
    assert graded(examine({"train_accuracy": "0.75", "val_accuracy": "0.80"}), finding) == ["note"]
    assert graded(examine({"train_accuracy": "0.75", "val_accuracy": "0.93"}), finding) == ["odd"]
    assert graded(examine({"train_accuracy": "0.75", "val_accuracy": "0.755"}), finding) == []
    assert graded(examine({"train_accuracy": "0.96", "val_accuracy": "0.79"}), "generalisation gap") == [
        "note"
    ]


def test_sizes():
    parts = {"speech": 1440, "song": 1012}
    known = {"n": 491, "n_val": 490, "n_train": 3923, "n_files": 4904, "parts": parts}
    assert graded(forensics.examine(None, **known), "corpus arithmetic") == ["odd"]
    assert graded(forensics.examine(None, **known), "split arithmetic") == []
    assert graded(forensics.examine(None, **known | {"n_val": 480}), "split arithmetic") == ["odd"]
    assert graded(forensics.examine(None, n_files=2452, parts=parts), "corpus arithmetic") == ["note"]
    assert "no multiple" in forensics.examine(None, n_files=4905, parts=parts)["detail"][0]
    short = forensics.examine(None, n=855, share="20 %", copies=3, parts={"speech": 1440})
    assert "15 recordings" in short["detail"][0]
    assert forensics.examine(None, n=864, share="0.2", copies=3, parts={"speech": 1440}).empty
    assert forensics.examine(None, n=325, share="0.25", n_files=1300).empty


@UNHURRIED
@given(st.integers(50, 3000), st.integers(1, 4), st.sampled_from(["0.1", "0.2", "0.25", "0.3"]))
def test_the_size_of_a_real_split_is_never_refused(recordings, copies, share):
    rows = float(share) * copies * recordings
    for n_test in {math.floor(rows + 1e-9), math.ceil(rows - 1e-9), round(rows)}:
        assert recordings in forensics.split_recordings(n_test, share, copies)
