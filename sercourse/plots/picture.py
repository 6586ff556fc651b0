"""A figure and its description; the colours of all pictures."""

import base64
import html
import io
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from sercourse.files import written_whole

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#6B6B6B"


class Picture:
    """A figure and its description, shown together by Jupyter.

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
            self.figure.savefig(partial, bbox_inches="tight", metadata=metadata)

    def __repr__(self) -> str:
        return self.description

    def _repr_html_(self) -> str:
        png = io.BytesIO()
        self.figure.savefig(png, format="png", dpi=144, bbox_inches="tight", facecolor="white")
        data, text = base64.b64encode(png.getvalue()).decode(), html.escape(self.description, quote=True)
        width = int(self.figure.get_figwidth() * 96)
        return (
            f'<figure style="margin: 0"><img src="data:image/png;base64,{data}" alt="{text}" '
            f'style="width: {width}px; max-width: 100%">'
            f'<figcaption style="color: {GREY}">{text}</figcaption></figure>'
        )


def titled(title: str, synthetic: bool) -> str:
    """Return a title that says so where the speech is synthetic."""
    return f"{title} (synthetic speech)" if synthetic else title
