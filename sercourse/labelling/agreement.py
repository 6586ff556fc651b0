"""How far raters agree, in coefficients and in tables.

All functions take the labels table (see `sercourse.labelling.store`): one row a rater and clip, with
``emotion``, ``arousal``, ``valence`` and ``mark``. What is not a plain label counts like this, everywhere:

- Missing: a clip that a rater has no row for, or left without the value, is missing. It is neither
  agreement nor disagreement.
- "not speech": the row has no emotion, so it is missing for all coefficients. `majority` counts it as a vote
  of its own, and `adjudicate` as something said.
- "unsure": counts in full; with ``unsure=False`` the row is missing.

References
----------
.. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
   Measurement 20(1), 37-46.
.. [2] Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin
   76(5), 378-382.
.. [3] Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
.. [4] Lin, L. I. (1989). A concordance correlation coefficient to evaluate reproducibility. Biometrics
   45(1), 255-268.
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse.errors import ManifestError, UnknownNameError
from sercourse.labelling.store import NOT_SPEECH

VALUES = ("emotion", "arousal", "valence")


class Agreement(NamedTuple):
    """A coefficient, and how much it rests on.

    Attributes
    ----------
    value : float
        1 is full agreement, 0 what chance gives; not a number (NaN) where it is not defined, as when
        everybody says the same label everywhere.
    clips : int
        Clips that it was computed from.
    raters : int
    """

    value: float
    clips: int
    raters: int


def ratings_matrix(labels: pd.DataFrame, value: str = "emotion", unsure: bool = True) -> pd.DataFrame:
    """Arrange labels as a matrix.

    Parameters
    ----------
    labels : pandas.DataFrame
        The labels table.
    value : str
        ``emotion``, ``arousal`` or ``valence``.
    unsure : bool
        False counts rows that are marked "unsure" as missing.

    Returns
    -------
    pandas.DataFrame, shape (n_clips, n_raters)
        Sorted by clip and rater; NA where there is no value. Sliders are floats, NaN for NA.

    Raises
    ------
    UnknownNameError
        There is no such value.
    ManifestError
        A column is missing, or a rater labelled a clip twice.
    """
    if value not in VALUES:
        raise UnknownNameError("value of the labels table", value, VALUES)
    if lacking := sorted({"rater", "clip", value} - set(labels)):
        raise ManifestError(f"the labels table lacks the columns: {', '.join(lacking)}")
    twice = labels.duplicated(["rater", "clip"])
    if twice.any():
        row = labels[twice].iloc[0]
        raise ManifestError(f"rater {row['rater']} labelled clip {row['clip']} twice; keep one row of each")
    marks = _marks(labels)
    missing = (marks == NOT_SPEECH) | ((marks == "unsure") & (not unsure))
    # Not pivot_table, which would leave out clips and raters without any value.
    values = labels.assign(**{value: labels[value].mask(missing)})
    matrix = values.pivot(index="clip", columns="rater", values=value)  # noqa: PD010
    return matrix.astype("string" if value == "emotion" else float)


def cohen_kappa(labels: pd.DataFrame, unsure: bool = True) -> pd.DataFrame:
    """Cohen's kappa [1]_ for emotions, for each pair of raters, by scikit-learn.

    Parameters
    ----------
    labels, unsure
        See `ratings_matrix`.

    Returns
    -------
    pandas.DataFrame
        Columns ``rater``, ``other``, ``kappa``, ``clips`` (those that both labelled), one row a pair. Kappa
        is NaN where it is not defined.
    """
    from sklearn.metrics import cohen_kappa_score

    def kappa(one, other):
        # With one label in all there is nothing that chance could get wrong: 0 / 0.
        return cohen_kappa_score(one, other) if len({*one, *other}) > 1 else np.nan

    return _pairwise(ratings_matrix(labels, unsure=unsure), "kappa", kappa)


def fleiss_kappa(labels: pd.DataFrame, unsure: bool = True) -> Agreement:
    """Fleiss' kappa [2]_ for emotions, over the clips that every rater labelled, by statsmodels.

    The coefficient needs as many labels for one clip as for another. Where labels are missing, and not by
    chance, the clips that are left may be the easy ones: `krippendorff_alpha` uses all.

    Parameters
    ----------
    labels, unsure
        See `ratings_matrix`.

    Returns
    -------
    Agreement
    """
    from statsmodels.stats.inter_rater import aggregate_raters
    from statsmodels.stats.inter_rater import fleiss_kappa as kappa

    matrix = ratings_matrix(labels, unsure=unsure).dropna()
    codes, names = pd.factorize(matrix.to_numpy(dtype=object).ravel())
    if matrix.shape[1] < 2 or len(names) < 2:
        return Agreement(np.nan, *matrix.shape)
    counts, _ = aggregate_raters(codes.reshape(matrix.shape), n_cat=len(names))
    return Agreement(float(kappa(counts)), *matrix.shape)


def krippendorff_alpha(labels: pd.DataFrame, value: str = "emotion", unsure: bool = True) -> Agreement:
    """Krippendorff's alpha [3]_, by the library krippendorff: labels may be missing.

    Parameters
    ----------
    labels, value, unsure
        See `ratings_matrix`. Emotions are compared as names (nominal), sliders by their squared distance
        (interval).

    Returns
    -------
    Agreement
        ``clips`` are those with two labels or more; the others say nothing about agreement.
    """
    import krippendorff

    matrix = ratings_matrix(labels, value, unsure)
    matrix = matrix[matrix.notna().sum(axis=1) > 1]
    if value == "emotion":
        codes, _ = pd.factorize(matrix.to_numpy(dtype=object).ravel())
        data = np.where(codes < 0, np.nan, codes.astype(float)).reshape(matrix.shape)
    else:
        data = matrix.to_numpy()
    if len(np.unique(data[~np.isnan(data)])) < 2:
        return Agreement(np.nan, *matrix.shape)
    level = "nominal" if value == "emotion" else "interval"
    alpha = krippendorff.alpha(reliability_data=data.T, level_of_measurement=level)
    return Agreement(float(alpha), *matrix.shape)


def concordance(x, y) -> float:
    """Lin's concordance correlation coefficient (CCC) [4]_ of two raters' sliders.

    ::

        ρ = 2 s_xy / (s_x² + s_y² + (x̄ - ȳ)²)

    with variances and covariance divided by n, as Lin has them. Two raters of whom one always says a point
    more, or uses half the range, correlate fully; the CCC falls below 1.

    Parameters
    ----------
    x, y : array-like of float, shape (n_clips,)
        Pairs in which one is missing (NaN) are left out.

    Returns
    -------
    float
        From -1 to 1; NaN with fewer than two pairs, or where both are one and the same constant.

    Raises
    ------
    ValueError
        The lengths differ.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"x has shape {x.shape}, y {y.shape}; give two sequences of equal length")
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    if len(x) < 2:
        return float("nan")
    apart = x.var() + y.var() + (x.mean() - y.mean()) ** 2
    return float(2 * np.mean((x - x.mean()) * (y - y.mean())) / apart) if apart > 0 else float("nan")


def pairwise_concordance(labels: pd.DataFrame, value: str, unsure: bool = True) -> pd.DataFrame:
    """The `concordance` of each pair of raters, with Pearson's correlation beside it.

    Parameters
    ----------
    labels, value, unsure
        See `ratings_matrix`; the value is ``arousal`` or ``valence``.

    Returns
    -------
    pandas.DataFrame
        Columns ``rater``, ``other``, ``ccc``, ``pearson``, ``clips``, one row a pair.
    """
    if value == "emotion":
        raise UnknownNameError("slider", value, VALUES[1:])
    matrix = ratings_matrix(labels, value, unsure)
    table = _pairwise(matrix, "ccc", concordance)
    pearson = matrix.corr()  # over the clips that both rated
    table.insert(3, "pearson", [pearson.loc[row.rater, row.other] for row in table.itertuples()])
    return table


def rater_confusion(
    labels: pd.DataFrame, rater: str, other: str, order=None, unsure: bool = True
) -> pd.DataFrame:
    """Count, over the clips that both labelled, what one rater said where the other said what.

    Parameters
    ----------
    labels, unsure
        See `ratings_matrix`.
    rater, other : str
        Rows and columns.
    order : sequence of str, optional
        Labels in the order of rows and columns, such as a scheme's; by default those that occur, sorted.

    Returns
    -------
    pandas.DataFrame of int, shape (n_labels, n_labels)

    Raises
    ------
    UnknownNameError
        There is no such rater, or a label stands in no `order`.
    """
    matrix = ratings_matrix(labels, unsure=unsure)
    for name in (rater, other):
        if name not in matrix:
            raise UnknownNameError("rater", name, matrix)
    both = matrix[[rater, other]].dropna()
    occurring = sorted(set(both[rater]) | set(both[other]))
    order = occurring if order is None else list(order)
    for label in occurring:
        if label not in order:
            raise UnknownNameError("label", label, order)
    counts = pd.crosstab(both[rater].to_numpy(dtype=object), both[other].to_numpy(dtype=object))
    counts = counts.reindex(index=order, columns=order, fill_value=0)
    return counts.rename_axis(index=rater, columns=other)


def _marks(labels: pd.DataFrame) -> pd.Series:
    """What rows are marked; a table without the column has no marks."""
    if "mark" not in labels:
        return pd.Series("", index=labels.index, dtype="string")
    return labels["mark"].astype("string").fillna("")


def _pairwise(matrix: pd.DataFrame, name: str, coefficient) -> pd.DataFrame:
    """Apply a coefficient to each pair of raters, over the clips that both have a value for."""
    rows = []
    for one, other in combinations(matrix, 2):
        both = matrix[[one, other]].dropna()
        value = coefficient(*both.to_numpy(dtype=object).T) if len(both) else np.nan
        rows.append({"rater": one, "other": other, name: float(value), "clips": len(both)})
    return pd.DataFrame(rows, columns=["rater", "other", name, "clips"])
