"""What is wrong with how a picture looks: a list of sentences, empty where all is well."""

from itertools import combinations

from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from sercourse.plots import palette

PAGE = 7.5  # inches: 720 px of 96 an inch, what the site's pages are wide
SMALLEST = 9  # points

PLAIN = {"#000000", "#ffffff"}
COLOURS = PLAIN | {
    value.lower() for value in vars(palette).values() if isinstance(value, str) and value[:1] == "#"
}
MAPS = {palette.LEVELS, palette.SHARES, palette.SIGNED, "sides"}


def complaints(picture):
    """Say what does not keep the style."""
    figure = picture.figure
    if figure.get_figwidth() > PAGE + 1e-9:
        yield f"{figure.get_figwidth():g} inches wide; a page has {PAGE}"
    if not isinstance(figure.get_layout_engine(), ConstrainedLayoutEngine):
        yield "not drawn in the course's style"
    for text in figure.findobj(Text):
        if text.get_text() and text.get_fontsize() < SMALLEST:
            yield f"{text.get_text()!r} has {text.get_fontsize():g} pt"
    for axes in figure.axes:
        yield from _colours(axes)
        yield from _alike(axes)


def _colours(axes):
    if axes.get_label() == "<colorbar>":
        return
    drawn = [line.get_color() for line in axes.lines]
    drawn += [patch.get_facecolor() for patch in (axes.patch, *axes.patches) if patch.get_fill()]
    for colour in {to_hex(colour) for colour in drawn} - COLOURS:
        yield f"{colour} is not in the palette"
    for image in (*axes.images, *axes.collections):
        if image.get_array() is not None and image.get_cmap().name not in MAPS:
            yield f"the colour map {image.get_cmap().name} is not in the palette"


def _alike(axes):
    """Name what only its colour tells apart."""
    lines = [line for line in axes.lines if not line.get_label().startswith("_")]
    looks = [
        (
            line.get_label(),
            (
                line.get_linestyle(),
                line.get_marker(),
                line.get_markerfacecolor() == "white",
                round(line.get_linewidth()),
            ),
        )
        for line in lines
    ]
    looks += [
        (bars.get_label(), bars.patches[0].get_hatch())
        for bars in axes.containers
        if isinstance(bars, BarContainer) and not bars.get_label().startswith("_")
    ]
    for (one, look), (other, same) in combinations(looks, 2):
        if look == same:
            yield f"only their colours tell {one!r} and {other!r} apart"
