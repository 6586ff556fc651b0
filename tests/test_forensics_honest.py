"""A thousand honest tables: what the forensics say of figures that are all true.

Networks of several skills are simulated down to their probabilities, scored, and printed as reports print.
Run it with ``-n 0 -s`` to see how often a table gets each grade and each finding.
"""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy.special import log_softmax
from sklearn.metrics import precision_recall_fscore_support

from sercourse import forensics

N_TABLES = 1000

AVERAGED = ("precision", "recall", "f1")


def labels(rng, n, shares):
    return rng.choice(len(shares), size=n, p=shares)


def logits_of(rng, true, n_classes, skill):
    """Logits with noise, too sure or too unsure by a factor, as those of real networks are."""
    sharpness = rng.choice([0.5, 1.0, 3.0])
    return sharpness * (skill * np.eye(n_classes)[true] + rng.normal(size=(len(true), n_classes)))


def scored(true, logits, average=None):
    """Loss, accuracy, and the averages, of one set. Losses in single precision, as Keras gives them."""
    named = logits.argmax(axis=1)
    each = -log_softmax(logits, axis=1)[np.arange(len(true)), true].astype(np.float32)
    result = {"loss": float(each.mean()), "accuracy": float(np.mean(named == true))}
    if average:
        *scores, support = by_class(true, named, logits.shape[1])
        weights = support if average == "weighted" else support > 0
        result |= {
            name: np.average(each, weights=weights) for name, each in zip(AVERAGED, scores, strict=True)
        }
    return result


def by_class(true, named, n_classes):
    """Precision, recall, F1 and support of each class; scikit-learn gives the same, see below, but slowly."""
    right = np.bincount(true[true == named], minlength=n_classes)
    support, said = (np.bincount(each, minlength=n_classes) for each in (true, named))
    return *(
        top / np.maximum(1, of) for top, of in ((right, said), (right, support), (2 * right, said + support))
    ), support


class Printer:
    """Prints all figures of a table in one way: digits, rounded or cut off, shares or per cents."""

    def __init__(self, rng):
        self.digits, self.cut = int(rng.integers(2, 7)), rng.random() < 0.4
        self.per_cent, self.strips = rng.random() < 0.3, rng.random() < 0.2

    def __call__(self, column, number):
        per_cent = self.per_cent and not column.endswith("loss")
        digits = self.digits - 2 * per_cent
        number = number * 100 if per_cent else number
        if self.cut:
            number = np.trunc(number * 10**digits) / 10**digits
        text = f"{number:.{digits}f}"
        if self.strips and "." in text:
            text = text.rstrip("0").rstrip(".")
        return f"{text} %" if per_cent else text


def drawn_shares(rng, balanced):
    n_classes = int(rng.integers(2, 9))
    return np.full(n_classes, 1 / n_classes) if balanced else rng.dirichlet(np.full(n_classes, 5.0))


def table_of_networks(rng):
    """Several networks, with some of the columns that reports have, and what is said beside the table."""
    balanced = rng.random() < 0.5
    shares = drawn_shares(rng, balanced)
    average = rng.choice(["weighted", "macro"])
    sizes = {"train": int(rng.integers(200, 3000)), "val": int(rng.integers(50, 600))}
    sizes["test"] = int(rng.integers(50, 1200))
    true = {which: labels(rng, n, shares) for which, n in sizes.items()}
    kept = {which: rng.random() < 0.5 for which in ("train", "val")}
    columns = [each for each in ("loss", "precision", "recall", "f1") if rng.random() < 0.6]
    prints, rows = Printer(rng), []
    for network in range(rng.integers(2, 7)):
        skill = rng.uniform(0.0, 6.0)
        row = {"row": f"network {network}", "dropout": str(network % 2), "units": str(network // 2)}
        for which in [each for each in kept if kept[each]]:
            # Training is better by what was learnt by heart, or worse by dropout.
            more = rng.choice([0.8, 1.0, 1.5, 2.5]) if which == "train" else 1.0
            scores = scored(true[which], logits_of(rng, true[which], len(shares), skill * more))
            row |= {f"{which}_{name}": prints(name, score) for name, score in scores.items()}
        scores = scored(true["test"], logits_of(rng, true["test"], len(shares), skill), average)
        row |= {name: prints(name, scores[name]) for name in ("accuracy", *columns)}
        rows.append(row)
    known = {f"n_{which}": sizes[which] for which in kept if kept[which]}
    known["n"] = (
        sizes["test"] if rng.random() < 0.7 else [sizes["test"], *map(int, rng.integers(50, 1200, 2))]
    )
    known |= {"n_classes": len(shares), "balanced": balanced or None}
    known["average"] = average if rng.random() < 0.5 else None
    return pd.DataFrame(rows), known


def table_of_classes(rng):
    """One network, class by class."""
    balanced = rng.random() < 0.5
    shares = drawn_shares(rng, balanced)
    true = labels(rng, int(rng.integers(40, 1500)), shares)
    named = logits_of(rng, true, len(shares), rng.uniform(0.0, 6.0)).argmax(axis=1)
    scores = by_class(true, named, len(shares))
    prints = Printer(rng)
    rows = [
        {"class": f"class {number}", "support": str(support)}
        | {name: prints(name, each) for name, each in zip(AVERAGED, figures, strict=True)}
        for number, (*figures, support) in enumerate(zip(*scores, strict=True))
        if support
    ]
    accuracy = prints("accuracy", float(np.mean(true == named)))
    return pd.DataFrame(rows), {"n": len(true), "accuracy": accuracy, "balanced": balanced or None}


def test_the_scores_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    true, named = rng.integers(4, size=(2, 90))
    expected = precision_recall_fscore_support(true, named, labels=range(5), zero_division=0)
    np.testing.assert_allclose(by_class(true, named, 5), expected)
    logits = np.eye(5)[named]
    for average in ("weighted", "macro"):
        expected = precision_recall_fscore_support(true, named, average=average, zero_division=0)[:3]
        scores = scored(true, logits, average)
        np.testing.assert_allclose([scores[name] for name in AVERAGED], expected)


@pytest.fixture(scope="module")
def grades():
    """The findings of each table: a list of sets of (grade, finding)."""
    found = []
    for seed in range(N_TABLES):
        rng = np.random.default_rng(seed)
        table, known = (table_of_classes if rng.random() < 0.25 else table_of_networks)(rng)
        findings = forensics.examine(table, **known)
        found.append(set(zip(findings["grade"], findings["finding"], strict=True)))
    return found


def share(grades, grade):
    return np.mean([any(each == grade for each, _ in found) for found in grades])


def test_fewer_than_one_honest_table_in_a_hundred_is_called_impossible(grades):
    for grade in forensics.GRADES:
        counts = Counter(finding for found in grades for each, finding in found if each == grade)
        shown = ", ".join(f"{finding} {count}" for finding, count in counts.most_common())
        print(
            f"\n{grade}: {share(grades, grade):.1%} of {N_TABLES} honest tables ({shown or 'none'})", end=""
        )
    assert share(grades, "impossible") < 0.01


def test_few_honest_tables_are_called_odd(grades):
    """Apart from training below validation, which these networks are made to have when dropout is on."""
    others = [{each for each in found if each[1] != "training below validation"} for found in grades]
    assert share(others, "odd") < 0.05


def test_a_false_figure_among_honest_ones_is_called_impossible():
    """The same tables can fail: an accuracy of four digits is moved by one step at random."""
    caught = tried = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(50, 800))
        k = int(rng.integers(0, n))
        false = f"{min(1, k / n + rng.integers(2, 40) / 10**4):.4f}"
        found = forensics.examine(pd.DataFrame({"accuracy": [false]}), n=n)
        caught += "impossible" in set(found["grade"])
        tried += forensics.grim_power(n, 4)
    assert caught == pytest.approx(tried, rel=0.1)
