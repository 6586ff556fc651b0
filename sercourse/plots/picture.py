"""A figure and its description, and what all figures share: style, width, headline, key."""

import base64
import html
import io
import math
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib import rc_params_from_file
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from sercourse.files import written_whole

STYLE = "sercourse.plots.course"
"""The style sheet of all figures, ``course.mplstyle``, as `matplotlib.pyplot.style.use` takes it."""

WIDTH = 7.5
"""Width of figures in inches: that of the site's pages, which would shrink a wider one with its letters."""

_CROPPED = {"bbox_inches": "tight", "pad_inches": 0.04}
_PIXELS = 144  # an inch, in the file
_ON_PAGE = 96  # an inch, on a page
_HEADLINE = 11.5  # letters an inch, at the size of a headline
_ENTRY = 15.0  # letters an inch, at the size of a key


class Picture:
    """A figure and its description, shown together by Jupyter.

    It is drawn on white, on dark pages too: its colours are chosen for white.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        It is closed for pyplot, so that Jupyter does not show it a second time.
    description : str
        What there is to see, in one line: the text for whoever cannot see it.
    """

    def __init__(self, figure: Figure, description: str):
        plt.close(figure)
        self.figure = figure
        self.description = description

    def save(self, path) -> None:
        """Write the figure to a file; its ending gives the format, such as ``.svg``."""
        path = Path(path)
        # No date and no random names inside, so that the same figure gives the same file.
        metadata = {"Description": self.description} | ({"Date": None} if path.suffix == ".svg" else {})
        with plt.rc_context({"svg.hashsalt": "sercourse"}), written_whole(path) as partial:
            self.figure.savefig(partial, metadata=metadata, **_CROPPED)

    def __repr__(self) -> str:
        return self.description

    def _repr_html_(self) -> str:
        file = io.BytesIO()
        self.figure.savefig(file, format="png", dpi=_PIXELS, facecolor="white", **_CROPPED)
        png, text = file.getvalue(), html.escape(self.description, quote=True)
        width = int.from_bytes(png[16:20]) * _ON_PAGE // _PIXELS  # the file says its width there
        return (
            f'<figure style="margin: 0"><img src="data:image/png;base64,{base64.b64encode(png).decode()}" '
            f'alt="{text}" style="width: {width}px; max-width: 100%; background: white">'
            f'<figcaption style="opacity: 0.8">{text}</figcaption></figure>'
        )


def styled(draw: Callable) -> Callable:
    """Decorate a function that draws: it does so in the course's style, and leaves the user's as it is."""

    @wraps(draw)
    def draw_in_style(*args, **kwargs):
        with _style():
            return draw(*args, **kwargs)

    return draw_in_style


@contextmanager
def _style() -> Iterator[None]:
    """Set what the style sheet says, and then again what was there.

    Matplotlib's own `style.context` takes back everything: also that figures are shown, which a notebook sets
    when the first figure is made, here perhaps.
    """
    sheet = rc_params_from_file(Path(__file__).with_name("course.mplstyle"), use_default_template=False)
    before = {name: plt.rcParams[name] for name in sheet}
    plt.rcParams.update(sheet)
    try:
        yield
    finally:
        plt.rcParams.update(before)


def titled(title: str, synthetic: bool) -> str:
    """Return a title that says so where the speech is synthetic."""
    return f"{title} (synthetic speech)" if synthetic else title


def headline(figure: Figure, title: str, synthetic: bool = False) -> str:
    """Write the title above a figure, in as many lines as it needs; return it in one line."""
    title = titled(title, synthetic)
    lines = textwrap.fill(title, int(_HEADLINE * figure.get_figwidth()))
    figure.suptitle(lines, x=0.01, ha="left")
    return title


def key(figure: Figure, *more: Artist, title: str | None = None) -> None:
    """Say below a figure what its marks are, each label once, in as many columns as there is room for.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Its axes hold what has a label.
    *more : matplotlib.artist.Artist
        What else has a label, such as a `matplotlib.patches.Patch`.
    title : str, optional
        What the marks tell apart.
    """
    marks = {}
    for axes in figure.axes:
        for mark, label in zip(*axes.get_legend_handles_labels(), strict=True):
            marks.setdefault(label, mark)
    marks |= {mark.get_label(): mark for mark in more}
    lengths = [7 + len(label) for label in marks]  # a mark takes the room of some letters
    room = _ENTRY * figure.get_figwidth()
    rows = 1 if sum(lengths) <= room else math.ceil(len(marks) / max(1, int(room / max(lengths))))
    columns = math.ceil(len(marks) / rows)  # as many as the rows need, so that all are of one length
    place = {"loc": "outside lower left", "ncols": columns, "title": title, "alignment": "left"}
    figure.legend(marks.values(), marks.keys(), **place)
