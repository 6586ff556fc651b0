"""Estimators that note which rows reach them.

The index of a table is the row number, see `sercourse.baselines.table`. An estimator that went through
`noted` writes down the index of whatever its ``fit`` receives. Its ``transform`` passes the record on with
the table, in ``DataFrame.attrs``, and the next estimator takes it over. So the record tells what happened,
not what was meant: a scaler that was fitted on all rows is found out, inside a pipeline or in front of it.
"""

import functools
from collections.abc import Iterator

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.feature_selection import SelectorMixin
from sklearn.pipeline import Pipeline

from sercourse.splits import Used
from sercourse.splits.record import PURPOSES

_KEY = "used"


def noted(estimator):
    """Return an unfitted copy of a scikit-learn estimator that notes the rows it is fitted on.

    Parameters
    ----------
    estimator : estimator
        A classifier, a transformer, a search, or a pipeline of them.

    Returns
    -------
    estimator
        Of the same kind and with the same settings. A transformer returns data frames, lest the row numbers
        get lost between the steps.

    Notes
    -----
    A transformer's rows count as ``scale``, or as ``select`` where it chooses among features; a search's as
    ``select`` and ``fit``; all others' as ``fit``.

    What a search has chosen remembers its rows, even cloned and fitted again. Its ``best_params_`` are bare
    values and remember nothing.
    """
    copy = clone(estimator)
    if isinstance(copy, Pipeline):
        copy.steps = [(name, noted(step) if hasattr(step, "fit") else step) for name, step in copy.steps]
        return copy
    inner = {name: value for name, value in copy.get_params(deep=False).items() if hasattr(value, "fit")}
    copy.set_params(**{name: noted(value) for name, value in inner.items()})
    copy.__class__ = _noting(type(copy))
    return copy.set_output(transform="pandas") if hasattr(copy, "set_output") else copy


def used(estimator) -> Used:
    """Return the record of a fitted estimator: which rows it used for what.

    Parameters
    ----------
    estimator : estimator
        What `noted` returned, such as a baseline, fitted on a `table`.

    Returns
    -------
    Used

    Raises
    ------
    ValueError
        It knows of no row: it is not fitted, was not `noted`, or was fitted on something else than rows of a
        table, such as an array.
    """
    record = merged(*(part.used_ for part in _parts(estimator)))
    if not any(len(record[purpose]) for purpose in PURPOSES):
        raise ValueError(
            "no rows were noted; pass the estimator through baselines.noted and fit it on rows of "
            "baselines.table(features)"
        )
    return record


def carried(table: pd.DataFrame) -> Used:
    """Return the record that a table carries: which rows had a say in its values.

    Parameters
    ----------
    table : pandas.DataFrame
        Of features, or ``features.rows``.

    Returns
    -------
    Used
        Empty if nothing was done to the features.
    """
    return merged(table.attrs[_KEY]) if _KEY in table.attrs else Used()


def carrying(table: pd.DataFrame, record: Used) -> pd.DataFrame:
    """Return the table with a record that it carries from now on; see `carried`."""
    table = table.copy(deep=False)
    table.attrs[_KEY] = record
    return table


def merged(*records: Used) -> Used:
    """Return a new record that holds what all of them hold."""
    whole = Used()
    for record in records:
        for purpose in PURPOSES:
            whole.note(purpose, record[purpose])
    return whole


def _parts(estimator) -> Iterator:
    """Yield the estimators inside a fitted one that kept a record."""
    if isinstance(estimator, Pipeline):
        for _, step in estimator.steps:
            yield from _parts(step)
    elif hasattr(estimator, "used_"):
        yield estimator
        yield from _parts(getattr(estimator, "best_estimator_", None))


@functools.cache
def _noting(base: type) -> type:
    """Return a class that does what `base` does, and notes rows."""
    if hasattr(base, "_chosen_on"):
        return base

    def clone_that_remembers(self):
        fresh = base.__sklearn_clone__(self)
        fresh._chosen_on = self._chosen_on
        return fresh

    own = {
        "__doc__": base.__doc__,
        "__module__": base.__module__,
        "__sklearn_clone__": clone_that_remembers,
        # Pickle cannot find a class that stands in no module, but it can have it made again.
        "__reduce__": lambda self: (_blank, (base,), self.__getstate__()),
        "_chosen_on": np.array([], dtype=int),  # the rows on which a search chose these settings
    }
    made = type(base.__name__, (base,), own)
    # Set afterwards: scikit-learn wraps a transform that stands in the class's own body once more.
    for name in {"fit", "partial_fit", "fit_transform"} & set(dir(base)):
        setattr(made, name, _that_notes(getattr(base, name)))
    for name in {"transform", "fit_transform"} & set(dir(base)) if hasattr(base, "set_output") else ():
        setattr(made, name, _that_passes_on(getattr(made, name)))
    return made


def _blank(base: type):
    made = _noting(base)
    return made.__new__(made)


def _that_notes(method):
    @functools.wraps(method)
    def fit(self, X, *args, **params):  # noqa: N803, scikit-learn's name
        result = method(self, X, *args, **params)
        before = [self.used_] if method.__name__ == "partial_fit" and hasattr(self, "used_") else []
        self.used_ = merged(*before, carried(X)) if _knows_its_rows(X) else merged(*before)
        self.used_.note("select", self._chosen_on)
        # Some estimators hand arrays on to those inside them. Their own record is enough then.
        for purpose in _purposes(self) if _knows_its_rows(X) else ():
            self.used_.note(purpose, X.index)
        for part in _parts(getattr(self, "best_estimator_", None)):
            part._chosen_on = self.used_["select"]
        return result

    return fit


def _that_passes_on(method):
    @functools.wraps(method)
    def transform(self, X, *args, **params):  # noqa: N803
        made = method(self, X, *args, **params)
        if _knows_its_rows(X) and isinstance(made, pd.DataFrame):
            return carrying(made, merged(carried(X), self.used_))
        return made

    return transform


def _knows_its_rows(data) -> bool:
    """Whether the index is that of a table of features; any other frame just counts its rows."""
    return isinstance(data, pd.DataFrame) and _KEY in data.attrs


def _purposes(estimator) -> tuple[str, ...]:
    if "refit" in estimator.get_params(deep=False):  # a search, or a classifier that searches for itself
        return "select", "fit"
    if isinstance(estimator, SelectorMixin):
        return ("select",)
    return ("fit",) if hasattr(estimator, "predict") else ("scale",)
