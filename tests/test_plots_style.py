"""One style for all pictures, and one table of colours that everybody can tell apart."""

import ast
from itertools import combinations

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import ROOT
from looks import complaints

from sercourse import plots
from sercourse.corpora.manifest import EMOTIONS

STYLED = [name for name in plots.__all__ if name[0].islower() and name not in ("headline", "key", "styled")]
DRAWING = [*sorted((ROOT / "sercourse/plots").glob("*.py")), ROOT / "sercourse/widgets/segmenter.py"]

# Machado, G. M., Oliveira, M. M., & Fernandes, L. A. F. (2009). A physiologically-based model for simulation
# of color vision deficiency. IEEE TVCG, 15(6). doi:10.1109/TVCG.2009.113. Severity 1, for linear RGB.
SEEN = {
    "trichromat": np.eye(3),
    "protanope": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranope": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanope": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Linear sRGB to XYZ, IEC 61966-2-1.
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour):
    """Return linear RGB, by the standard's formula."""
    values = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Return CIE L*a*b* of linear RGB, white being that of the screen."""
    share = XYZ @ np.clip(rgb, 0, 1) / XYZ.sum(axis=1)
    f = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def nearest(colours, eyes):
    """Return how far the two most alike colours lie apart, and which they are."""
    places = {name: lab(np.array(SEEN[eyes]) @ linear(colour)) for name, colour in colours.items()}
    return min((float(np.linalg.norm(places[a] - places[b])), a, b) for a, b in combinations(places, 2))


def test_the_conversion_gives_the_values_of_the_standard():
    assert lab(linear("#FFFFFF")) == pytest.approx([100, 0, 0], abs=0.01)
    assert lab(linear("#FF0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)  # of sRGB's red, D65


@pytest.mark.parametrize("eyes", SEEN)
def test_the_colours_of_emotions_stay_apart_for_all_eyes(eyes):
    apart, one, other = nearest(plots.EMOTION_COLOURS, eyes)
    assert apart > 12, (one, other)


def test_a_lighter_grey_would_not_do():
    """The check can fail: with the grey that the course had, neutral looks like fearful."""
    lighter = plots.EMOTION_COLOURS | {"neutral": "#999999"}
    apart, *both = nearest(lighter, "deuteranope")
    assert apart < 12
    assert set(both) == {"neutral", "fearful"}


def test_every_emotion_has_a_colour_and_a_marker_of_its_own():
    assert list(plots.EMOTION_COLOURS) == list(plots.EMOTION_MARKERS) == list(EMOTIONS)
    assert (
        len(set(plots.EMOTION_COLOURS.values())) == len(set(plots.EMOTION_MARKERS.values())) == len(EMOTIONS)
    )


def test_lines_of_the_style_have_the_palettes_colours_and_dashes_of_their_own():
    with plt.style.context(plots.STYLE):
        cycle = plt.rcParams["axes.prop_cycle"].by_key()
    own = [plots.BLUE, plots.ORANGE, plots.GREEN, plots.PURPLE, plots.SKY, plots.GREY]
    assert cycle["color"] == own
    assert len({str(dash) for dash in cycle["linestyle"]}) == len(own)


def test_the_style_is_as_wide_as_a_picture_may_be():
    with plt.style.context(plots.STYLE):
        assert plt.rcParams["figure.figsize"][0] == plots.WIDTH


@pytest.mark.parametrize("name", STYLED)
def test_each_function_draws_in_the_style(name):
    function = getattr(plots, name)
    assert function.__wrapped__.__module__.startswith("sercourse.plots.")
    assert function.__wrapped__.__annotations__["return"] is plots.Picture


def test_drawing_leaves_the_users_settings_alone():
    with plt.rc_context({"font.size": 17, "axes.spines.top": True}):
        before = dict(plt.rcParams)
        picture = plots.puzzle_card(0.5, 0.3, 0.125, "Model B", False)
        picture._repr_html_()
        assert dict(plt.rcParams) == before
    assert not picture.figure.axes[0].spines["top"].get_visible()
    assert picture.figure.axes[0].xaxis.label.get_fontsize() == 10


def test_a_notebook_still_shows_figures_after_its_first_one_was_drawn_here():
    """The first figure loads a notebook's backend, which says then that figures are to be shown."""

    @plots.styled
    def first_figure():
        plt.rcParams["interactive"] = True

    with plt.rc_context({"interactive": False}):
        first_figure()
        assert plt.rcParams["interactive"]


def test_a_picture_is_no_wider_than_a_page_and_as_large_as_its_letters_need():
    page = plots.puzzle_card(0.5, 0.3, 0.125, "Model B " * 30, False)._repr_html_()
    width = int(page.split("width: ")[1].split("px")[0])
    assert 700 <= width <= 720


def test_what_breaks_the_style_is_found():
    matplotlib.rcdefaults()  # another test in this process may have drawn a lesson's pictures
    figure, axes = plt.subplots(figsize=(8, 2))
    axes.plot([1, 2], color="red", label="one")
    axes.plot([2, 1], color=plots.BLUE, label="two")
    axes.bar([1, 2], [1, 2], label="bars", color=plots.BLUE)
    axes.bar([1, 2], [1, 2], label="more bars", color=plots.ORANGE)
    axes.set_title("small", size=7)
    axes.imshow(np.eye(2), cmap="jet")
    with plt.style.context(plots.STYLE):
        good = plots.Picture(plt.figure(), "nothing")
    assert sorted(complaints(plots.Picture(figure, "wrong in many ways"))) == [
        "#ff0000 is not in the palette",
        "'small' has 7 pt",
        "8 inches wide; a page has 7.5",
        "not drawn in the course's style",
        "only their colours tell 'bars' and 'more bars' apart",
        "only their colours tell 'one' and 'two' apart",
        "the colour map jet is not in the palette",
    ]
    assert not list(complaints(good))


@pytest.mark.parametrize("path", DRAWING, ids=lambda path: path.stem)
def test_no_colour_stands_in_the_code_but_in_the_palette(path):
    plain = {"black", "white", "none", ""}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    if path.stem != "palette":
        assert not [word for word in words if isinstance(word, str) and word[:1] == "#" and len(word) == 7]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        for option in call.keywords:
            if option.arg in (
                "color",
                "facecolor",
                "edgecolor",
                "markeredgecolor",
                "markerfacecolor",
                "ecolor",
            ):
                typed = [n.value for n in ast.walk(option.value) if isinstance(n, ast.Constant)]
                assert {word for word in typed if isinstance(word, str)} <= plain, ast.unparse(call)
            assert not (option.arg == "cmap" and isinstance(option.value, ast.Constant)), ast.unparse(call)
