"""Controls for lessons. They work in JupyterLab and on a static page; nothing computes here."""

from sercourse.widgets.explorer import Explorer
from sercourse.widgets.labeller import Labeller
from sercourse.widgets.listening import ListeningTest
from sercourse.widgets.players import Players
from sercourse.widgets.segmenter import Segmenter

__all__ = ["Explorer", "Labeller", "ListeningTest", "Players", "Segmenter"]
