"""Numbers in prose: each comes from a variable, or from a source that the notebook's metadata names.

A notebook's metadata may have ``facts``: a list of ``{"value": …, "source": …}``. The value stands there as
it is printed, the source as `sources` wants it.
"""

import re

from sercourse.lint.lesson import Found, Lesson
from sercourse.lint.sources import doubt

_TENS = "ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
_WORDS = f"one|two|three|four|five|six|seven|eight|nine|{_TENS}"
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)?\.\d+|\d+"
_PERCENT = r"(?:\s?%|\s+per\s?cent\b)"
NUMBER = re.compile(
    rf"(?<![\w.,])(?:{_FIGURE}){_PERCENT}"  # 99.3 %, 5 percent
    rf"|\b(?:one\s+hundred|{_WORDS})\s+per\s?cent\b"  # one percent
    r"|(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)?\.\d+(?:e-?\d+)?(?![\w.]*\w)"  # .5, 0.97
    r"|(?<![\w.])\d+e-\d+\b"  # 1e-10
)
"""A decimal number or a percentage, as prose prints it."""

_NO_NUMBERS = re.compile(
    r"\]\([^)\s]*(?:\([^)\s]*\)[^)\s]*)*(?: \"[^\"]*\")?\)"  # where a link leads
    r"|https?://\S+|\barXiv:\S+|\bdoi:\s?\S+"
    r"|</?\w[^<>]*>"
    r"|\b[\w./-]+\.(?:ipynb|py|csv|json|md|svg|wav|toml|txt|sqlite)\b"
    r"|\b(?:Python|Keras|TensorFlow|NumPy|SciPy|librosa|Praat|scikit-learn|EMO-DB|version|section|Section)\s\d+(?:\.\d+)+"
    r"|\b\d+\.\d+\.\d+(?:\.\d+)*\b"  # versions
)
"""Addresses, file names, versions and section numbers."""


def numbers(lesson: Lesson) -> Found:
    """Each decimal number and percentage in prose has a source among the facts, and each fact is used."""
    facts = lesson.notebook.metadata.get("facts", [])
    usable = [fact for fact in facts if isinstance(fact, dict) and set(fact) == {"value", "source"}]
    if len(usable) < len(facts):
        yield "metadata", 'each of `facts` is `{"value": "as printed", "source": "where it comes from"}`'
    told = {_plain(fact["value"]) for fact in usable}
    seen = set()
    for cell, text in lesson.prose():
        written = dict.fromkeys(printed(text))
        seen.update(written)
        for value in written:
            if value not in told:
                yield (
                    cell,
                    f"{value!r} has no source; show it from a variable, or add it to the notebook's facts",
                )
    for fact in usable:
        if _plain(fact["value"]) not in seen:
            yield "metadata", f"the fact {fact['value']!r} stands nowhere in the prose; remove it"
        elif advice := doubt(fact["value"], fact["source"], lesson):
            yield "metadata", f"the fact {fact['value']!r}, {fact['source']!r}: {advice}"


def printed(text: str) -> list[str]:
    """Return the decimal numbers and percentages of a text, as they are printed.

    Examples
    --------
    >>> printed("A p of .05, and 99.3 % of [280](files/1.5.csv) in Python 3.11")
    ['.05', '99.3 %']
    """
    return [_plain(found) for found in NUMBER.findall(_NO_NUMBERS.sub(" ", text))]


def _plain(value: str) -> str:
    """Put one plain space where prose may break a line or not."""
    return " ".join(str(value).split())
