"""Docstrings for pages: what numpydoc leaves out.

Footnotes of each docstring count from 1, and a page that shows several must tell them apart. Sections with
titles of our own, such as "Formula", are set behind those that numpydoc knows.
"""

import inspect
import re
import warnings

_LISTED = re.compile(r"^(\s*\.\. )\[(\d+)\]", re.MULTILINE)
_CITED = re.compile(r"\[(\d+)\]_")
_HEADING = re.compile(r"^(\w.*)\n-{3,}$", re.MULTILINE)


def with_own_footnotes(text: str, name: str, module: str) -> str:
    """Give the footnotes of a docstring names of their own; Sphinx numbers them anew on the page.

    Parameters
    ----------
    text : str
    name : str
        Of what it documents.
    module : str
        Whose docstring lists the references, where this one cites but does not list them.

    Examples
    --------
    >>> with_own_footnotes("By Brier [1]_.", "evaluation.brier", "evaluation.probabilities")
    'By Brier [#evaluation-probabilities-1]_.'
    """
    owner = (name if _LISTED.search(text) else module).replace(".", "-").replace("_", "-")
    text = _LISTED.sub(rf"\1[#{owner}-\2]", text)
    return _CITED.sub(rf"[#{owner}-\1]_", text)


def with_rubrics(text: str) -> str:
    r"""Turn the headings of a module's docstring, which numpydoc leaves alone, into ones without a number.

    Examples
    --------
    >>> with_rubrics("References\n----------\nA book.")
    '.. rubric:: References\n\nA book.'
    """
    return _HEADING.sub(r".. rubric:: \1\n", text)


def without_own_sections(text: str) -> tuple[str, str]:
    r"""Return a docstring without the sections that numpydoc does not know, and those with their titles.

    Examples
    --------
    >>> without_own_sections("Add.\n\nFormula\n-------\na + b\n\nReturns\n-------\nint")
    ('Add.\n\nReturns\n-------\nint', '.. rubric:: Formula\n\na + b\n\n')
    """
    from numpydoc.docscrape import NumpyDocString

    start, *rest = _HEADING.split(text)
    known, own = start, ""
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        if title in NumpyDocString.sections:
            known += f"{title}\n{'-' * len(title)}{body}"
        else:
            own += f".. rubric:: {title}\n{body}"
    return known, own


def connect(app) -> None:
    """Let Sphinx do so with each docstring, before numpydoc and after it."""
    kept: dict[str, str] = {}

    def before(_app, kind, name, what, _options, lines):
        module = inspect.getmodule(what)
        text = with_own_footnotes("\n".join(lines), name, module.__name__ if module else "")
        if kind == "module":
            text = with_rubrics(text)
        else:
            text, kept[name] = without_own_sections(text)
        lines[:] = text.split("\n")

    def after(_app, _kind, name, _what, _options, lines):
        if added := kept.pop(name, ""):
            lines += ["", *added.split("\n")]

    # numpydoc reads docstrings a second time, as they stand, for signatures in them.
    warnings.filterwarnings("ignore", message="Unknown section")
    app.connect("autodoc-process-docstring", before, priority=400)
    app.connect("autodoc-process-docstring", after, priority=600)
