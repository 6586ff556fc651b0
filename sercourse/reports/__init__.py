"""Measured results: what the course measured itself, shipped as small tables.

A measured result is one row with the columns of `COLUMNS`, among them corpus, protocol,
seed and the command that makes it again. Nothing in a lesson's prose quotes a figure that
does not come from here, from the lesson itself or from a named source.
"""

from sercourse.errors import UnknownNameError
from sercourse.reports.puzzle import RANDOM, UNSEEN, measure_puzzle
from sercourse.reports.results import COLUMNS, measured, save

MEASUREMENTS = {"puzzle": measure_puzzle}
"""What can be measured again, by name: ``function(corpus, seeds) -> rows``."""

__all__ = ["COLUMNS", "MEASUREMENTS", "RANDOM", "UNSEEN", "measure", "measured", "save"]


def measure(name: str, corpus: str, seeds: int):
    """Measure again what `measured` gives under the same name.

    Parameters
    ----------
    name : str
        One of `MEASUREMENTS`.
    corpus : str
    seeds : int
        Seeds 0 to ``seeds - 1``.

    Returns
    -------
    pandas.DataFrame
        Columns as in `COLUMNS`.
    """
    if name not in MEASUREMENTS:
        raise UnknownNameError("measurement", name, MEASUREMENTS)
    return MEASUREMENTS[name](corpus, seeds)
