"""What a report is, as data: what it claims, how it says it came by it, and the tables it printed."""

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sercourse.networks import network
from sercourse.networks.network import Fact

FOLDER = Path(__file__).parent


class Claim(NamedTuple):
    """What a report says of one network.

    Attributes
    ----------
    accuracy : str
        As the report states it [S].
    on : str
        What it was tested on, in words: stated, derived or guessed, marked so.
    """

    accuracy: str
    on: str


class Reading(NamedTuple):
    """A finding that no calculation gives: somebody has to read the report.

    Attributes
    ----------
    row : str
        What of the report it is about.
    finding, grade, detail : str
        As in `sercourse.forensics`.
    mark : str
        How well it is known that the report says so: see `sercourse.networks.network`.
    """

    row: str
    finding: str
    grade: str
    detail: str
    mark: str


@dataclass(frozen=True)
class Report:
    """One of the five reports that the course re-examines; it prints itself.

    Attributes
    ----------
    letter, title : str
    corpus : str
        What it calls its data, in a few words.
    classes : tuple of str
        In the report's own words where it lists them.
    protocol : tuple of Fact
        How it came from recordings to figures.
    claims : mapping of str to Claim
        By the network they are made for, see `networks`.
    facts : tuple of Fact
        What else the course uses of it. What a network is built by stands in `sercourse.networks.describe`.
    networks : tuple of str
        Names in `sercourse.networks`.
    lessons : tuple of str
        Those that use it, as their files are called.
    readings : tuple of Reading
        What a reader finds without calculating.
    files : mapping of str to str
        Names of its tables, and the CSV file that holds each.
    examine : callable
        ``examine(tables)`` yields what `sercourse.forensics.examine` finds in its tables and sizes.
    """

    letter: str
    title: str
    corpus: str
    classes: tuple[str, ...]
    protocol: tuple[Fact, ...]
    claims: Mapping[str, Claim]
    facts: tuple[Fact, ...]
    networks: tuple[str, ...]
    lessons: tuple[str, ...]
    readings: tuple[Reading, ...]
    files: Mapping[str, str]
    examine: Callable[[Mapping[str, pd.DataFrame]], Iterable[pd.DataFrame]]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Its tables by name. Figures are text, digit by digit as they were printed; "" is none."""
        return {name: _as_printed(FOLDER / file) for name, file in self.files.items()}

    def __str__(self) -> str:
        lines = [self._heading()]
        for title, items in self._sections().items():
            lines += ["", title, *(f"  {item}" for item in items)]
        for name, table in self.tables.items():
            lines += ["", f"table {name!r}", table.to_string(index=False)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{html.escape(self._heading())}</strong></p>"]
        for title, items in self._sections().items():
            listed = "".join(f"<li>{html.escape(item)}</li>" for item in items)
            parts.append(f"<p>{html.escape(title)}</p><ul>{listed}</ul>")
        for name, table in self.tables.items():
            parts.append(f"<details><summary>table {html.escape(repr(name))}, {len(table)} rows</summary>")
            parts.append(f"{table.to_html(index=False, border=0)}</details>")
        return "".join(parts)

    def _heading(self) -> str:
        return f"Report {self.letter}: {self.title}"

    def _sections(self) -> dict[str, list[str]]:
        return {
            "corpus": [self.corpus, f"{len(self.classes)} classes: {', '.join(self.classes)}"],
            "protocol": [str(fact) for fact in self.protocol],
            "claims": [f"{name}: {claim.accuracy} on {claim.on}" for name, claim in self.claims.items()],
            "facts": [str(fact) for fact in self.facts],
            "networks": [f"{name}: {network(name).title}" for name in self.networks],
            "lessons": [", ".join(self.lessons)],
        }


def _as_printed(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)
