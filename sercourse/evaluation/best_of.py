"""How good the best of n looks by luck alone, if the best is chosen on the rows that test it.

n models are scored on the same test rows, and the best score is the one that is told. Each score is the true
accuracy and some luck. Whoever takes the highest score takes the most luck as well: even if all n are equally
good, the best looks better than any of them is. The difference is called *optimism* here. Lesson 14 uses it.

Two assumptions, both worth a sentence beside the number:

- Independence. If each model's luck is its own, the number of right rows is binomial, and the expected
  maximum can be calculated exactly. But models that meet the same test rows fail on the same hard ones. Part
  of the luck is then common to all, and gives none an advantage. So the exact value is an *upper bound*.
  `correlation` says how much is common, and the value is then simulated.
- True accuracies. They are not known. Observed ones in their place are spread wider than the true ones are.

Source: David H A, Nagaraja H N (2003) Order Statistics. 3rd ed. Wiley, section 2.1, for the distribution of
the largest of n.
"""

import itertools
from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats


class Best(NamedTuple):
    """What the best of several scores is to be expected at.

    Attributes
    ----------
    expected : float
        Mean of the highest observed accuracy.
    optimism : float
        The same, less the true accuracy that the model so chosen has on average. It is what a fresh test set
        would take away.
    low, high : float
        Between them the highest observed accuracy lies in `level` of all cases.
    n_models, n_test : int
    correlation : float
        0 stands for independence, and so for an upper bound.
    """

    expected: float
    optimism: float
    low: float
    high: float
    n_models: int
    n_test: int
    correlation: float

    def __str__(self) -> str:
        how = f"correlation {self.correlation:.2g}" if self.correlation else "independent: an upper bound"
        return (
            f"best of {self.n_models} on {self.n_test} rows: {self.expected:.3f} expected "
            f"[{self.low:.3f}, {self.high:.3f}], optimism {100 * self.optimism:.1f} points ({how})"
        )


def expected_best(
    accuracy,
    n_models: int | None = None,
    *,
    n_test: int,
    correlation: float = 0.0,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Best:
    """Return what the best of n accuracies on the same test rows is to be expected at.

    Parameters
    ----------
    accuracy : float or sequence of float
        The true accuracy: one for all, or one a model.
    n_models : int, optional
        How many models there are, if `accuracy` is one for all.
    n_test : int
        Test rows, the same for all models.
    correlation : float
        Between 0 and 1: the correlation of right and wrong of two models over the test rows, see
        `right_correlation`. 0 is calculated exactly; anything else is simulated. A row's difficulty is then
        normally distributed and common to all models, and each model adds a deviation of its own.
    level : float
        How much of the distribution lies between `low` and `high`.
    draws, seed : int
        Of the simulation.

    Returns
    -------
    Best
        Of several models with the same score the first counts as chosen.

    Raises
    ------
    ValueError
        A number is out of its range, or it is not clear how many models there are.

    Examples
    --------
    Two coins are tossed twice each. The better one shows heads both times in 7 of 16 cases and not once in
    one, so its expected share is (7 + 8 / 2) / 16.

    >>> expected_best(0.5, 2, n_test=2).expected
    0.6875
    """
    accuracy = _one_each(accuracy, n_models)
    if not (float(n_test).is_integer() and n_test >= 1):
        raise ValueError(f"n_test is {n_test}; give the number of test rows, 1 or more")
    if not 0 <= correlation <= 1:
        raise ValueError(f"correlation is {correlation}; it lies between 0 and 1")
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it lies between 0 and 1, such as 0.95")
    if correlation:
        share, chosen = _simulated(accuracy, int(n_test), correlation, draws, np.random.default_rng(seed))
    else:
        share, chosen = _exact(accuracy, int(n_test))
    k = np.arange(n_test + 1)
    cumulated = np.cumsum(share)
    low, high = (
        np.searchsorted(cumulated, side - 1e-12) / n_test for side in ((1 - level) / 2, (1 + level) / 2)
    )
    expected = float(share @ k) / n_test
    optimism = expected - float(chosen @ accuracy)
    return Best(expected, optimism, float(low), float(high), len(accuracy), int(n_test), float(correlation))


def right_correlation(right) -> float:
    """Return how far models are right on the same rows: the mean correlation of right and wrong, over pairs.

    Parameters
    ----------
    right : array of bool, shape (n_models, n_test)
        Whether a model is right on a row.

    Returns
    -------
    float
        0 for models whose mistakes have nothing to do with each other, 1 for equal ones. A model that is
        right on all rows, or on none, has no correlation, and is left out.

    Raises
    ------
    ValueError
        Fewer than two models are left.

    Examples
    --------
    >>> right_correlation([[True, True, False, False], [True, False, True, False]])
    0.0
    """
    right = np.asarray(right, bool)
    if right.ndim != 2:
        raise ValueError(f"right has shape {right.shape}; give one row a model, one column a test row")
    mixed = right[right.any(axis=1) & ~right.all(axis=1)]
    if len(mixed) < 2:
        raise ValueError(f"{len(mixed)} of {len(right)} models are right on some rows only; two are needed")
    pairs = np.corrcoef(mixed)[np.triu_indices(len(mixed), 1)]
    return float(pairs.mean())


def _one_each(accuracy, n_models: int | None) -> np.ndarray:
    """Return one true accuracy a model, checked."""
    alike = np.ndim(accuracy) == 0
    if alike == (n_models is None):
        raise ValueError(
            "give one accuracy and n_models, or a sequence of accuracies without it: "
            f"accuracy is {accuracy}, n_models is {n_models}"
        )
    if alike and not (float(n_models).is_integer() and n_models >= 1):
        raise ValueError(f"n_models is {n_models}; give the number of models, 1 or more")
    each = np.full(int(n_models), accuracy, float) if alike else np.asarray(accuracy, float)
    if each.ndim != 1 or not each.size:
        raise ValueError(f"accuracy has shape {each.shape}; give one number a model")
    wrong = each[~((each >= 0) & (each <= 1))]
    if wrong.size:
        raise ValueError(f"accuracy {wrong[0]:g} is not between 0 and 1; give shares, not percent")
    return each


def _exact(accuracy: np.ndarray, n_test: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the distribution of the highest number of right rows, and how often each model is chosen."""
    k = np.arange(n_test + 1)
    at_most = stats.binom.cdf(k, n_test, accuracy[:, None])
    exactly = stats.binom.pmf(k, n_test, accuracy[:, None])
    below = at_most - exactly
    largest = np.diff(at_most.prod(axis=0), prepend=0)
    # Chosen is who has k right while all before it have fewer, and all after it have no more.
    one = np.ones((1, len(k)))
    before = np.vstack([one, *itertools.accumulate(below[:-1, None], np.multiply)])
    after = np.vstack([one, *itertools.accumulate(at_most[:0:-1, None], np.multiply)])[::-1]
    return largest, (exactly * before * after).sum(axis=1)


def _simulated(
    accuracy: np.ndarray, n_test: int, correlation: float, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The same from `draws` test sets, each with rows that are easy or hard for all."""
    shared = _shared(float(accuracy.mean()), correlation)
    limits = special.ndtri(accuracy)[:, None]
    largest, chosen = np.zeros(n_test + 1), np.zeros(len(accuracy))
    for _ in range(draws):
        own = rng.standard_normal((len(accuracy), n_test))
        hard = np.sqrt(shared) * rng.standard_normal(n_test) + np.sqrt(1 - shared) * own
        right = (hard < limits).sum(axis=1)
        largest[right.max()] += 1 / draws
        chosen[right.argmax()] += 1 / draws
    return largest, chosen


def _shared(p: float, correlation: float) -> float:
    """Return the correlation of two normal variables for which "both below the limit" has this correlation.

    That both are below the limit z has the probability p - 2 T(z, a) with Owen's T function.
    """
    if p in (0, 1):
        return correlation
    z, both = special.ndtri(p), p * p + correlation * p * (1 - p)

    def beyond(shared: float) -> float:
        return p - 2 * special.owens_t(z, np.sqrt((1 - shared) / (1 + shared))) - both

    return float(optimize.brentq(beyond, 0, 1))
