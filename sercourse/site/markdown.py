"""Markdown from data: text that means what it says, and tables."""

import re
from collections.abc import Iterable

import pandas as pd

_SPECIAL = re.compile(r"([\\`*_<>\[\]|$&~])")


def plain(text: object) -> str:
    r"""Return text so that Markdown shows it as it stands, on one line.

    Examples
    --------
    >>> plain("2 * k_1 < n")
    '2 \\* k\\_1 \\< n'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def table(frame: pd.DataFrame, ready: Iterable[str] = ()) -> str:
    """Return a table of texts.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a line; the index is left out.
    ready : iterable of str
        Columns that hold Markdown already, such as links.
    """
    kept = set(ready)
    cells = [
        [str(value) if name in kept else plain(value) for name, value in zip(frame.columns, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    lines = [[plain(name) for name in frame.columns], ["---"] * frame.shape[1], *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def folded(title: str, content: str) -> str:
    """Return Markdown that is shown when its title is clicked."""
    return f"<details><summary>{title}</summary>\n\n{content}\n</details>\n"
