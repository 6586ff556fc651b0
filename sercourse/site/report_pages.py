"""Pages of the five reports and of the replication table, from the data that the package ships."""

import html
import re

import pandas as pd

from sercourse import forensics, networks, reports
from sercourse.networks.network import Fact
from sercourse.reports import replication
from sercourse.reports.published.report import Report
from sercourse.reports.replication.page import NOT_MEASURED
from sercourse.site import markdown
from sercourse.site.markdown import plain

_MARKS = (
    "Each fact is marked. *stated*: the report says so. *derived*: it follows from what the report says. *our"
    " guess*: the report says nothing."
)
_MEASURED = (
    "Claimed is the report's own figure, an accuracy. As published: its network, rebuilt and trained by the "
    "report's own protocol, leaks and all. Honest: the same network on speakers whom it has not heard. Both "
    "are UAR, the mean of the classes' recalls; brackets hold the 95 % interval over the speakers of seed 0."
)
_FINDING = ["row", "finding", "detail", "found by", "mark"]
_NUMBER = re.compile(r"\d*\.\d+")
_COLUMNS = ["claimed", "as published (UAR)", "honest (UAR)", "corpus", "seeds"]


def pages() -> dict[str, str]:
    """Return Markdown by the file's name in the folder ``reports``."""
    made = {f"{letter.lower()}.md": report_page(report) for letter, report in reports.REPORTS.items()}
    return made | {"index.md": overview(), "replication.md": replication_page()}


def overview() -> str:
    """Return the page that lists the five reports."""
    rows = []
    for letter, report in reports.REPORTS.items():
        grades = reports.inspect(letter)["grade"]
        rows.append(
            {
                "report": f"[{letter}]({letter.lower()}.md)",
                "corpus": report.corpus,
                "best claim": _best_claim(report),
                **{grade: int((grades == grade).sum()) for grade in forensics.GRADES},
            }
        )
    return (
        "# Five reports\n\nFive coursework reports on speech emotion recognition, from 2019 to 2023. The "
        "course rebuilds their networks and asks what their figures mean. The last columns count what "
        f"[lesson 15](../15_the_100_percent.ipynb) finds in them.\n\n{_MARKS}\n\n"
        f"{markdown.table(pd.DataFrame(rows), ready=['report'])}\n"
        "[The replication table](replication.md) has what each network reaches when it is trained again.\n\n"
        "```{toctree}\n:hidden:\n\na\nb\nc\nd\ne\nreplication\n```\n"
    )


def report_page(report: Report) -> str:
    """Return the page of one report: claims, how it was tested, what is wrong with it, what we measured."""
    lessons = " · ".join(f"[{name.split('_')[0]}](../{name}.ipynb)" for name in report.lessons)
    parts = [
        f"# Report {report.letter}: {plain(report.title)}",
        f"**Corpus:** {plain(report.corpus)}. **Classes:** {len(report.classes)}: "
        f"{plain(', '.join(report.classes))}. **Lessons:** {lessons}",
        _MARKS,
        "## What it claims, and what came out",
        _MEASURED,
        markdown.table(_claims(report)),
        f"Claimed on: {plain('; '.join(dict.fromkeys(claim.on for claim in report.claims.values())))}.",
        "[One change at a time](replication.md), from the first of these numbers to the last.",
        "## How it was tested",
        _facts(report.protocol),
        "## What does not add up",
        *_findings(report.letter),
        *(["## What else it says", _facts(report.facts)] if report.facts else []),
        *(["## Its tables, as printed", *_tables(report)] if report.tables else []),
    ]
    return "\n\n".join(parts) + "\n"


def replication_page() -> str:
    """Return the page of the replication table, with the ladder of each network."""
    measured = reports.measured("replication")
    summary = replication.summary(measured)
    linked = [f"[`{row.network}`]({row.report.lower()}.md)" for row in summary.itertuples()]
    parts = [
        "# Five reports, trained again",
        _MEASURED,
        markdown.table(summary[["network", *_COLUMNS]].assign(network=linked), ready=["network"]),
        "Below, each network goes from its report's protocol to an honest one, one change at a time.",
    ]
    whole = replication.ladder(measured)
    for row in summary.itertuples():
        steps = whole[(whole["report"] == row.report) & (whole["network"] == row.network)]
        parts += [
            f"## {networks.network(row.network).title}",
            f"The largest step: {plain(row.why)}",
            markdown.table(steps[["step", "change", "accuracy", "UAR", "trained on", "tested"]]),
            markdown.folded(
                "Why each step moves the score, by which protocol, and how long it took",
                markdown.table(steps[["step", "why", "protocol", "seconds"]]),
            ),
        ]
    commands = "\n".join(f"- `{command}`" for command in dict.fromkeys(measured["command"]))
    return "\n\n".join([*parts, "## Make it again", commands]) + "\n"


def _claims(report: Report) -> pd.DataFrame:
    """Return claims beside what was measured: one row a network that has either."""
    measured = replication.summary(reports.measured("replication")).set_index("network")
    rows = []
    for name in report.networks:
        claim = report.claims.get(name)
        row = {"network": networks.network(name).title, "claimed": claim.accuracy if claim else ""}
        for column in _COLUMNS[1:]:
            row[column] = measured[column].get(name, NOT_MEASURED)
        rows.append(row)
    return pd.DataFrame(rows)


def _best_claim(report: Report) -> str:
    """Return the highest accuracy that a report claims, in its own words."""
    words = [claim.accuracy for claim in report.claims.values()]
    return max(words, key=lambda text: float(_NUMBER.search(text)[0]), default="")


def _facts(facts: tuple[Fact, ...]) -> str:
    return "\n".join(f"- {plain(fact.text)} *({fact.mark})*" for fact in facts)


def _findings(letter: str):
    """Yield the findings as headings by grade and lists."""
    findings = reports.inspect(letter)
    for grade, rows in findings.groupby("grade", sort=False):
        yield f"### {grade.capitalize()} ({len(rows)})"
        yield "\n".join(
            f"- **{plain(': '.join(filter(None, each[:2])))}.** {plain(each[2])} *({each[3]}, {each[4]})*"
            for each in rows[_FINDING].itertuples(index=False, name=None)
        )


def _tables(report: Report):
    for name, table in report.tables.items():
        yield markdown.folded(f"{html.escape(name)}, {len(table)} rows", markdown.table(table))
