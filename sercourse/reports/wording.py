"""A table of words: shown whole, its long texts on several lines."""

import io

import pandas as pd

WIDTH = 110
"""Characters of the table in a terminal."""

_CSS = "table.words.dataframe :is(th, td) { text-align: left; vertical-align: top; }"
"""Pages align cells as if they were numbers."""


class Words(pd.DataFrame):
    """A data frame whose texts are never cut when it is shown.

    pandas shows the first 50 characters of a text. Here a page breaks long texts into lines by itself, and in
    a terminal they are broken to fit `WIDTH`. What is made of this frame, such as its transpose, is shown in
    the same way.
    """

    @property
    def _constructor(self):
        return Words

    def __repr__(self) -> str:
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="")
        numbered = isinstance(self.index, pd.RangeIndex)
        for name in [] if numbered else self.index.names:
            table.add_column(_label(name), no_wrap=True)
        for name in self.columns:
            table.add_column(_label(name), overflow="fold")
        for label, row in zip(self.index, self.itertuples(index=False, name=None), strict=True):
            labels = [] if numbered else label if isinstance(label, tuple) else [label]
            table.add_row(*map(str, [*labels, *row]))
        page = io.StringIO()
        Console(file=page, width=WIDTH, force_jupyter=False, highlight=False, markup=False).print(table)
        return "\n".join(line.rstrip() for line in page.getvalue().splitlines())

    def _repr_html_(self) -> str:
        with pd.option_context("display.max_colwidth", None):
            return f"<style>{_CSS}</style>{self.to_html(classes='words', border=0)}"


def _label(name) -> str:
    """Return a column's name as text; one of several levels takes a line for each."""
    return "\n".join(map(_label, name)) if isinstance(name, tuple) else "" if name is None else str(name)
