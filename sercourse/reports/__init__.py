"""Measured results: what the course measured itself, shipped as small tables.

A measured result is one row with the columns of `COLUMNS`, among them corpus, protocol,
seed and the command that makes it again. Nothing in a lesson's prose quotes a figure that
does not come from here, from the lesson itself or from a named source.
"""

from sercourse.reports.claims import CLAIMS, beside_claims
from sercourse.reports.layers import compare_layers, layer_differences
from sercourse.reports.measurements import MEASUREMENTS, measure
from sercourse.reports.puzzle import RANDOM, UNSEEN
from sercourse.reports.results import COLUMNS, measured, save

__all__ = [
    "CLAIMS",
    "COLUMNS",
    "MEASUREMENTS",
    "RANDOM",
    "UNSEEN",
    "beside_claims",
    "compare_layers",
    "layer_differences",
    "measure",
    "measured",
    "save",
]
