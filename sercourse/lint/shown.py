"""What cells show: descriptions of pictures and sounds, and one style for all of them."""

import ast
import re
from collections.abc import Iterator

from matplotlib.colors import is_color_like

from sercourse.lint.lesson import Found, Lesson, nodes

_DRAWS = re.compile(r"(?:plt|pyplot)\.(?!style|close|rc)|(?:sns|seaborn)\.(?!set_)")
_UNDESCRIBED = {"Audio", "Image", "SVG"}
_DESCRIBED = {"Picture": (1, "description"), "Players": (2, "descriptions")}
"""What takes a description: at which place, by which name."""

_COLOURED = re.compile(r"c|colou?rs?|cmap|palette|\w*(?:face|edge)_?colou?rs?")
_PLAIN = {"black", "white", "none"}
_FORMAT = re.compile(r"(?=.*[bgrcmykw])[bgrcmykw.,ov^<>1-4sp*hH+xDd|_:-]{1,4}")
_WIDEST = 7.5
"""Inches: the width of the site's column."""

_SMALLEST = 9
"""Points."""


def figures(lesson: Lesson) -> Found:
    """Every picture and every sound has a description in words."""
    for cell in lesson.code:
        calls = [(_name(node.func), node) for node in nodes(cell) if isinstance(node, ast.Call)]
        drawn = [name for name, _ in calls if _DRAWS.match(name)]
        kinds = [(name.split(".")[-1], node) for name, node in calls]
        if drawn and "Picture" not in dict(kinds):
            yield cell.id, f"{drawn[0]} draws; end with `plots.Picture(figure, description)`"
        for name, node in kinds:
            if name in _UNDESCRIBED:
                yield cell.id, f"{name} has no description; use `plots.Picture` or `widgets.Players`"
            if name in _DESCRIBED and not _given(node, *_DESCRIBED[name]):
                yield cell.id, f"give {name} its {_DESCRIBED[name][1]} in words"
    for cell, text in lesson.prose():
        tags = [re.search(r'\balt="(.*?)"', tag) for tag in re.findall(r"<img\b[^>]*>", text)]
        texts = re.findall(r"!\[(.*?)\]\(", text) + [tag[1] if tag else "" for tag in tags]
        if any(len(words.split()) < 2 for words in texts):
            yield cell, "give the picture a text in words: `![what there is to see](file)`"


def palette(lesson: Lesson) -> Found:
    """No colour, small type or wide figure is set in a cell: the course's style does that."""
    for cell in lesson.code:
        for node in nodes(cell):
            for value in _colours(node):
                yield cell.id, f"{value!r} is a colour; take it from `sercourse.plots`, or leave it out"
            if isinstance(node, ast.keyword) and (advice := _unreadable(node)):
                yield cell.id, advice


def _colours(node: ast.AST) -> Iterator[str]:
    """Yield the colours that are written as text at one place of the code."""
    if isinstance(node, ast.keyword) and node.arg and _COLOURED.fullmatch(node.arg):
        yield from (text for text in _texts(ast.walk(node.value)) if text not in _PLAIN)
    elif isinstance(node, ast.Constant):
        pattern = r"#[0-9a-fA-F]{6,8}|C\d|(?:tab|xkcd):.+"
        yield from (text for text in _texts([node]) if re.fullmatch(pattern, text) and is_color_like(text))
    elif isinstance(node, ast.Call) and _name(node.func).endswith(".plot"):
        yield from (text for text in _texts(node.args[1:]) if _FORMAT.fullmatch(text))


def _unreadable(setting: ast.keyword) -> str | None:
    """Say which setting of a figure makes it unreadable at the site's width, if one does."""
    match setting:
        case ast.keyword("dpi"):
            return "`dpi` is the style's; leave it out"
        case ast.keyword("figsize", ast.Tuple([ast.Constant(value=float() | int() as wide), _])):
            return f"the figure is {wide} inches wide; at most {_WIDEST}" if wide > _WIDEST else None
        case ast.keyword("fontsize", ast.Constant(value=float() | int() as size)):
            return f"type of {size} points; at least {_SMALLEST}" if size < _SMALLEST else None
    return None


def _name(node: ast.AST) -> str:
    """Return a name as it is written, such as ``plots.Picture``; of other things, their last part."""
    return ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""


def _texts(nodes) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _given(call: ast.Call, place: int, keyword: str) -> bool:
    """Whether a call has an argument there that is more than an empty text."""
    given = [each.value for each in call.keywords if each.arg == keyword] + call.args[place : place + 1]
    return bool(given) and not (isinstance(given[0], ast.Constant) and not str(given[0].value or "").strip())
