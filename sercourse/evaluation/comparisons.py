"""Whether one system is better than another, or the speakers at hand just happened to suit it.

Both systems have predicted the same rows. The unit is the speaker, not the row: rows of one speaker resemble
each other, and a test that takes them for independent finds differences that the next speakers will not show.

How small can p get? With n speakers a paired test knows 2 to the n ways of who was better, so the smallest
two-sided p is 2 / 2^n: .5 with two speakers, .125 with four, .03 with six. Four speakers cannot reach .05
whatever the systems do. A result says so.

p answers one question only: how often would chance alone give such a difference? How large the difference is
says `sercourse.evaluation.bootstrap_difference`.

Several seeds do not make more speakers. Put their rows one after the other: all rows of a speaker, from
whichever seed, count as one piece of evidence. Lessons 10 and 16 use it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from sercourse.evaluation import checks
from sercourse.evaluation.counts import Counts, count, score


class Comparison(NamedTuple):
    """The outcome of a paired test.

    Attributes
    ----------
    difference : float
        What the test looks at: the score of the first system less that of the second.
    p : float
        Two-sided: how often a difference at least as large arises if the two systems are alike.
    n : int
        Pairs that were compared: speakers, or rows.
    method : str
        In words.
    """

    difference: float
    p: float
    n: int
    method: str

    def __str__(self) -> str:
        return f"difference {self.difference:+.3f}, p = {self.p:.3g} ({self.method})"


def paired_permutation(
    true, predicted, other, speakers, *, metric: str = "uar", resamples: int = 9999, seed: int = 0
) -> Comparison:
    """Test the difference of two systems by exchanging their predictions speaker by speaker (sign-flip test).

    If the two are alike, the names "first" and "second" can be exchanged for any speaker without harm. All
    such exchanges are tried where there are at most `resamples` of them (up to 13 speakers with 9,999), and
    so many are drawn otherwise. p is the share with a difference of the pooled scores at least as large as
    the one seen.

    Parameters
    ----------
    true, predicted, other, speakers : sequence of str, length n
        The truth, what the two systems made of it, and the speaker of each row.
    metric : str
        ``uar`` or ``accuracy``, of all rows pooled.
    resamples : int
        Where they are drawn, p is never below 2 / (resamples + 1).
    seed : int

    Returns
    -------
    Comparison
        `n` are speakers.

    Raises
    ------
    ValueError
        There is one speaker only, the lengths differ, or a value is missing.

    References
    ----------
    .. [1] Good, P. (2005). Permutation, Parametric and Bootstrap Tests of Hypotheses. 3rd ed. Springer.
    """
    one, two = _counts(true, predicted, other, speakers, metric)
    n_speakers = len(one.speakers)
    # The difference of the pooled scores is a sum over speakers. Who exchanges a speaker's predictions turns
    # the sign of one term.
    totals = one.of.sum(axis=0)
    shares = ((one.right - two.right) / totals).mean(axis=1)
    p = sign_flip(shares, resamples=resamples, seed=seed)
    exact = 2**n_speakers <= resamples
    tried = f"all {2**n_speakers:,}" if exact else f"{resamples:,} of {2**n_speakers:,}"
    method = f"sign-flip test over {n_speakers} speakers, {tried} exchanges{_smallest(n_speakers)}"
    return Comparison(float(shares.sum()), p, n_speakers, method)


def sign_flip(differences, *, resamples: int = 9999, seed: int = 0) -> float:
    """Return p of differences, one a speaker, by flipping their signs: what `paired_permutation` is made of.

    Parameters
    ----------
    differences : sequence of float, length n
        How much better the first system is with each speaker.
    resamples, seed
        See `paired_permutation`.

    Returns
    -------
    float
        Two-sided: the share of flips whose sum is at least as far from zero.
    """
    found = stats.permutation_test(
        (np.asarray(differences, float),),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        axis=-1,
        rng=np.random.default_rng(seed),
    )
    return float(found.pvalue)


def wilcoxon(true, predicted, other, speakers, *, metric: str = "uar") -> Comparison:
    """Compare the scores that two systems reach with each speaker by Wilcoxon's signed-rank test, by SciPy.

    Here each speaker has a score of their own and all speakers count alike, while `paired_permutation` looks
    at the pooled rows. Ranks keep a single speaker, with whom one system fails altogether, from deciding the
    test. Speakers with equal scores are left out, as Wilcoxon did.

    Parameters
    ----------
    true, predicted, other, speakers, metric
        See `paired_permutation`.

    Returns
    -------
    Comparison
        `difference` is the median over speakers; `n` are speakers whose scores differ. With none, p is 1.

    Raises
    ------
    ValueError
        See `paired_permutation`.

    References
    ----------
    .. [1] Wilcoxon, F. (1945). Individual comparisons by ranking methods. Biometrics Bulletin 1(6), 80-83.
    """
    scores = [score(each.right, each.of) for each in _counts(true, predicted, other, speakers, metric)]
    # Rounding errors would make ranks of differences that are equal.
    differences = np.round(scores[0] - scores[1], 12)
    n_differing = np.count_nonzero(differences)
    p = stats.wilcoxon(differences).pvalue if n_differing else 1.0
    method = f"Wilcoxon signed-rank test over {n_differing} speakers{_smallest(n_differing)}"
    return Comparison(float(np.median(differences)), float(p), n_differing, method)


def mcnemar(true, predicted, other) -> Comparison:
    """Compare two systems row by row with McNemar's exact test, by statsmodels.

    Only rows that one system gets right and the other wrong have a say. Rows count as independent here. With
    several rows a speaker they are not, and p comes out too small: use `paired_permutation`. The test is for
    reports that give no speakers, and for "would it be the same on other recordings of these very speakers?".

    Parameters
    ----------
    true, predicted, other : sequence of str, length n

    Returns
    -------
    Comparison
        `difference` is that of the accuracies; `n` are rows that one of the two gets right.

    Raises
    ------
    ValueError
        The lengths differ, or a value is missing.

    References
    ----------
    .. [1] McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions or
       percentages. Psychometrika 12(2), 153-157.

    Examples
    --------
    The first is right in 5 rows more, and wrong in none that the second gets right: p = 2 / 2^5.

    >>> print(mcnemar(["sad"] * 10, ["sad"] * 9 + ["happy"], ["sad"] * 4 + ["happy"] * 6))
    difference +0.500, p = 0.0625 (exact McNemar test, 5 rows to 0)
    """
    from statsmodels.stats.contingency_tables import mcnemar as exact_test

    (true, predicted), (_, other) = checks.pair(true, predicted), checks.pair(true, other)
    first, second = predicted == true, other == true
    won, lost = np.sum(first & ~second), np.sum(~first & second)
    p = exact_test([[0, won], [lost, 0]], exact=True).pvalue
    method = f"exact McNemar test, {won} rows to {lost}"
    return Comparison(float((won - lost) / len(true)), float(p), int(won + lost), method)


def holm(p_values) -> pd.Series:
    """Adjust the p of several tests that were made together, by Holm's method, by statsmodels.

    Of 20 tests of systems that are all alike one is expected below .05. Adjusted so, the chance of any false
    alarm among them stays below .05, whatever the tests have to do with each other. All tests that were made
    belong in, not only those that came out well.

    Parameters
    ----------
    p_values : dict of float, pandas.Series or sequence of float
        By name of the comparison.

    Returns
    -------
    pandas.Series of float
        Adjusted, in the same order and by the same names; compare with .05 as usual.

    Raises
    ------
    ValueError
        There is none, or one is not between 0 and 1.

    References
    ----------
    .. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
       Statistics 6(2), 65-70.

    Examples
    --------
    The smallest counts three times, the next twice; none may fall below the one before.

    >>> holm({"gru": 0.04, "lstm": 0.01, "rnn": 0.03}).round(3).to_dict()
    {'gru': 0.06, 'lstm': 0.03, 'rnn': 0.06}
    """
    from statsmodels.stats.multitest import multipletests

    p_values = pd.Series(dict(p_values) if isinstance(p_values, Mapping) else p_values, dtype=float)
    wrong = p_values[~p_values.between(0, 1)]
    if p_values.empty or len(wrong):
        said = f"{wrong.index[0]} is {wrong.iloc[0]}" if len(wrong) else "there is none"
        raise ValueError(f"p values lie between 0 and 1, but {said}")
    return pd.Series(multipletests(p_values, method="holm")[1], index=p_values.index, name="p")


def _counts(true, predicted, other, speakers, metric: str) -> tuple[Counts, Counts]:
    one, two = (count(true, each, speakers, metric) for each in (predicted, other))
    if len(one.speakers) < 2:
        raise ValueError(
            f"{one.speakers[0]} is the only speaker, so no pairs can be compared; test with more speakers"
        )
    return one, two


def _smallest(n_speakers: int) -> str:
    """Say what p cannot go below, where that keeps it from .05."""
    smallest = min(1, 2 / 2**n_speakers)
    return f"; {n_speakers} speakers allow no p below {smallest:g}" if smallest > 0.05 else ""
