"""The colours of all pictures, controls and lessons. This module loads nothing that draws.

Okabe and Ito's colours, which people with any colour vision tell apart: Okabe, M., & Ito, K. (2008). Color
universal design (CUD): How to make figures and presentations that are friendly to colorblind people.
https://jfly.uni-koeln.de/color/. Their eighth is black. No colour is the only sign of anything: there is a
marker, a dash, a hatch or a word beside it.
"""

from sercourse.corpora.manifest import EMOTIONS

BLUE, ORANGE, GREEN, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"
_RED, _YELLOW, _BLACK = "#D55E00", "#F0E442", "#000000"

GREY = "#6B6B6B"
"""Lines that guide the eye; and *neutral*, which a lighter grey would make look like *fearful* to some."""

SHADE = "#DDDDDD"
"""Ground that holds nothing."""

LEVELS, SHARES, SIGNED = "magma", "Blues", "PuOr"
"""Colour maps: of levels, of shares from 0 up, of values on both sides of 0. Their lightness goes one way, or
one way from the middle."""

EMOTION_COLOURS = dict(
    zip(EMOTIONS, (GREY, SKY, _YELLOW, BLUE, _RED, PURPLE, GREEN, ORANGE, _BLACK), strict=True)
)
"""Colour of each emotion, the same everywhere. It never stands alone: add the name, or the marker."""

EMOTION_MARKERS = dict(zip(EMOTIONS, "osDv^PX*h", strict=True))
"""Marker of each emotion, for matplotlib. Give it a black edge: yellow is faint on white."""
