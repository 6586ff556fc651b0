"""Measured results: what the course measured itself, shipped as small tables.

A measured result is one row with the columns of `COLUMNS`, among them corpus, protocol,
seed and the command that makes it again. Nothing in a lesson's prose quotes a figure that
does not come from here, from the lesson itself or from a named source.
"""

from sercourse.reports.measurements import MEASUREMENTS, measure
from sercourse.reports.puzzle import RANDOM, UNSEEN
from sercourse.reports.results import COLUMNS, measured, save

__all__ = ["COLUMNS", "MEASUREMENTS", "RANDOM", "UNSEEN", "measure", "measured", "save"]
