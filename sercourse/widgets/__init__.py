"""Controls for lessons. They work in JupyterLab and on a static page; nothing computes here."""

from sercourse.widgets.players import Players

__all__ = ["Players"]
