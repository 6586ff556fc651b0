"""How a lesson opens and how it ends."""

import re

from sercourse.lint.lesson import Found, Lesson

_GOALS = "**After this lesson you can**"
_OPTION = re.compile(r"<details><summary>(.*?)</summary>\n(.*?)</details>", re.DOTALL)
_FEW, _MANY = 3, 5
"""Goals, and lines of a recap."""

_QUESTIONS = 3
_LEAST_WORDS = 3
"""An explanation has more to say than "No."."""


def opening(lesson: Lesson) -> Found:
    """Title, a question, what one can do afterwards (three to five verbs), needs, minutes."""
    cell, text = lesson.first.id, lesson.first.source
    title = "# " if lesson.is_appendix else f"# {lesson.name.split('_')[0]} · "
    if not text.startswith(title):
        yield cell, f"begin with the title, as `{title}What it is about`"
    before, _, after = text.partition(_GOALS)
    if not after:
        yield cell, f"write `{_GOALS}`, and under it a list of verbs"
    elif not _FEW <= (goals := _bullets(after.split("**Needs:**")[0])) <= _MANY:
        yield cell, f"has {goals} goals; give {_FEW} to {_MANY}"
    if "?" not in before and not lesson.is_appendix:
        yield cell, "ask the lesson's question before the goals"
    if not re.search(r"\*\*Needs:\*\* \S", text):
        yield cell, "write `**Needs:**` and the lessons that come first"
    if lesson.written_minutes is None:
        yield cell, "write `**Minutes:**` and a whole number"


def closing(lesson: Lesson) -> Found:
    """Recap (three to five lines), exercise, references, previous and next lesson."""
    cell, text = lesson.last.id, lesson.last.source
    if not re.search(r"\*\*References\*\*\n+- ", text):
        yield cell, "write `**References**`, and under it a list"
    if lesson.is_appendix:
        return
    recap = _section(text, "Recap")
    if recap is None:
        yield cell, "write `## Recap`, and under it a list"
    elif not _FEW <= (lines := _bullets(recap)) <= _MANY:
        yield cell, f"its recap has {lines} lines; give {_FEW} to {_MANY}"
    if not re.search(r"\*\*Exercise:\*\* (\[\d\d|this lesson has none)", text):
        yield cell, "write `**Exercise:**` and a link to it"
    own = int(lesson.name.split("_")[0])
    neighbours = {"Previous": lesson.sibling(own - 1), "Next": lesson.sibling(own + 1)}
    for word, neighbour in neighbours.items():
        written = re.search(rf"\*\*{word}:\*\* ([^·\n]+)", text)
        if not written:
            yield cell, f"write `**{word}:**` and a link to that lesson, or that there is none"
        elif neighbour and f"]({neighbour.name})" not in written[1]:
            yield cell, f"under `**{word}:**`, link to {neighbour.name}"


def questions(lesson: Lesson) -> Found:
    """Three questions to check oneself; each option explained, one right; two predictions on the way."""
    if lesson.is_appendix:
        return
    cell = lesson.last.id
    section = _section(lesson.last.source, "Check yourself") or ""
    _, *asked = re.split(r"^\*\*\d\. ", section, flags=re.MULTILINE)
    if len(asked) != _QUESTIONS:
        yield cell, f"asks {len(asked)} questions under `## Check yourself`; ask {_QUESTIONS}, as `**1. …?**`"
    for number, question in enumerate(asked, 1):
        options = _OPTION.findall(question)
        if len(options) < 2:
            yield cell, f"question {number}: give two options, each as `<details><summary>a) …</summary>`"
        for summary, explanation in options:
            if len(explanation.split()) < _LEAST_WORDS:
                yield cell, f"question {number}, {summary!r}: say why it is right or wrong"
        right = sum(bool(re.match(r"Yes\b", explanation)) for _, explanation in options)
        if options and right != 1:
            yield cell, f"question {number}: {right} explanations begin with Yes; just one answer is right"
    if sum("**Predict first.**" in each.source for each in lesson.markdown) < 2:
        yield lesson.first.id, "ask for a prediction before at least two cells: `**Predict first.**`"


def _section(text: str, heading: str) -> str | None:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return found[1] if found else None


def _bullets(text: str) -> int:
    return len(re.findall(r"^- ", text, re.MULTILINE))
