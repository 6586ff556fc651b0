"""Findings in words, for a page and for a terminal, each with its formula and what that cannot say."""

import html
from collections.abc import Mapping, Sequence

import pandas as pd

from sercourse import forensics
from sercourse.networks.network import DERIVED, GUESS, STATED

_MEANINGS = {
    "impossible": "arithmetic excludes it, if the figures are what they are said to be",
    "odd": "it can be, but asks for an explanation",
    "note": "nothing is wrong; read the figures with this in mind",
}

_KNOWN = {
    STATED: "the report states it",
    DERIVED: "it follows from what the report states",
    GUESS: "our guess, since the report does not say",
}


def summary(findings: pd.DataFrame, troubles: Mapping[str, str]) -> str:
    """Return a sentence on what was found, or on what keeps it from being examined."""
    if troubles:
        return "Nothing was examined: mend the marked field."
    if findings.empty:
        return "Nothing impossible or odd was found. That does not make the figures right."
    counts = findings["grade"].value_counts()
    found = [_counted(counts[grade], grade) for grade in forensics.GRADES if grade in counts]
    return f"Found: {', '.join(found)}."


def _counted(count: int, grade: str) -> str:
    return f"{count} {grade}s" if grade == "note" and count > 1 else f"{count} {grade}"


def page(findings: pd.DataFrame) -> str:
    """Return HTML that explains each finding once, with all rows that it is made on."""
    groups = findings.groupby(["grade", "finding"], sort=False)
    return "".join(_group(grade, finding, rows) for (grade, finding), rows in groups)


def lessons(names: Sequence[str]) -> str:
    """Return HTML that says which lessons take a report up."""
    return f"<p>It is taken up in the lessons {html.escape(', '.join(names))}.</p>"


def _group(grade: str, finding: str, rows: pd.DataFrame) -> str:
    """HTML of one finding: its grade, where it was made, and the check behind it."""
    check = forensics.CHECKS.get(finding)
    details = "".join(
        f"<li>{_row(row.row)}{html.escape(row.detail)}</li>" for row in rows.itertuples(index=False)
    )
    return (
        f'<section class="forensic-finding"><h4><span class="forensic-grade forensic-{grade}" '
        f'title="{_MEANINGS[grade]}">{grade}</span> {html.escape(finding)}</h4>'
        f"<ul>{details}</ul>{_check(check) if check else _read(rows)}</section>"
    )


def _row(name: str) -> str:
    return f"<strong>{html.escape(name)}:</strong> " if name else ""


def _check(check: forensics.Check) -> str:
    """HTML of what stands behind a finding, folded in."""
    parts = {
        "Formula": _plain(check.formula),
        "Example": _example(check.example),
        "What it cannot say": _plain(check.what_it_cannot_say),
        "Source": _plain(check.source),
    }
    listed = "".join(f"<dt>{term}</dt><dd>{text}</dd>" for term, text in parts.items())
    title = _plain(check.title.rstrip("."))
    return f"<details><summary>{title}: formula, source, limits</summary><dl>{listed}</dl></details>"


def _example(example: str) -> str:
    """HTML of words, and of what is typed and printed in a Python session."""
    words, prompt, session = example.partition(">>>")
    return _plain(words) + (f"<pre>{html.escape(prompt + session)}</pre>" if session else "")


def _plain(text: str) -> str:
    """Escape text for a page; backticks are for programmers."""
    return html.escape(text.replace("`", ""))


def _read(rows: pd.DataFrame) -> str:
    """What stands in place of a formula where somebody has read the report."""
    first = rows.iloc[0]
    return f"<p><small>Found by {first['found by']}: {_KNOWN[first['mark']]}.</small></p>"


def text(heading: str, findings: pd.DataFrame) -> str:
    """Return all findings as lines, under what was examined."""
    lines = [
        f"{row.grade}: {row.finding}. {f'{row.row}: ' if row.row else ''}{row.detail}"
        for row in findings.itertuples(index=False)
    ]
    return "\n".join([f"Examined: {heading}", summary(findings, {}), *lines])


def static(heading: str, summary: str, page: str, css: str) -> str:
    """Return HTML that shows the form's findings on a page without a kernel."""
    return (
        f'<style>{css}</style><section class="labeller forensic"><strong>Examined: {html.escape(heading)}'
        f"</strong><p>{html.escape(summary)}</p>{page}<p><small>A picture of the form. Run the cell to type "
        "in other figures, to paste a table, or to choose a report.</small></p></section>"
    )
