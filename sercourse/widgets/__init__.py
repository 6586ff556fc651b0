"""Controls for lessons. They work in JupyterLab and on a static page; nothing computes here."""

from sercourse.widgets.labeller import Labeller
from sercourse.widgets.players import Players
from sercourse.widgets.segmenter import Segmenter

__all__ = ["Labeller", "Players", "Segmenter"]
