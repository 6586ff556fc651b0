"""The replication table: claimed, as published, honest; as a data frame, as HTML and as Markdown."""

import html
from pathlib import Path

import pandas as pd

from sercourse.files import written_whole
from sercourse.reports.claims import CLAIMS
from sercourse.reports.wording import Words

_STYLE = """body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 80rem;
  color: #1a1a1a; background: #fff; }
p { max-width: 45rem; } div { overflow-x: auto; } table { border-collapse: collapse; }
th, td { border-bottom: 1px solid #bbb; padding: .4rem .6rem; text-align: left; vertical-align: top; }
td { font-variant-numeric: tabular-nums; } td:last-child, td:nth-last-child(2) { min-width: 13rem; }
code { overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #181818; } }"""

_ABOUT = (
    "Claimed: the report's own figure, an accuracy. As published: its network, rebuilt and trained by its "
    "own protocol, leaks and all. Honest: the same network on speakers that it has not heard. Figures are "
    "means over the seeds; brackets hold the 95 % interval over speakers of seed 0. "
    "UAR: the mean over the classes of the share that is right; guessing gives 1 over the number of classes."
)


NOT_MEASURED = "not measured"


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the replication table: one row a network.

    Parameters
    ----------
    rows : pandas.DataFrame
        With the columns of the table ``replication``.

    Returns
    -------
    Words
        report, network, claimed, as published (accuracy), as published (UAR), honest (accuracy),
        honest (UAR), corpus, seeds, seconds, why.
    """
    table = []
    for (report, network), own in rows.groupby(["report", "network"]):
        first, last = (own[own["change"].str.startswith(words)] for words in ("as published", "honest"))
        claim = CLAIMS.get(network)
        table.append(
            {
                "report": report,
                "network": network,
                "claimed": claim.accuracy if claim else "",
                "as published (accuracy)": _mean(first["accuracy"]),
                "as published (UAR)": with_interval(first),
                "honest (accuracy)": _mean(last["accuracy"]),
                "honest (UAR)": with_interval(last),
                "corpus": own["corpus"].iloc[0],
                "seeds": str(own["seed"].nunique()),
                "seconds": f"{own['seconds'].sum():.0f}",
                "why": largest_step(own),
            }
        )
    return Words(table)


def with_interval(rows: pd.DataFrame) -> str:
    """Say the mean UAR of the seeds, the interval over speakers of the first, and how far seeds lie apart.

    Examples
    --------
    >>> rows = pd.DataFrame({"seed": [0, 1], "uar": [0.30, 0.34], "low": [0.25, 0.2], "high": [0.36, 0.4]})
    >>> with_interval(rows)
    '0.320 [0.250, 0.360], seeds 0.300 to 0.340'
    """
    if rows.empty:
        return NOT_MEASURED
    first = rows.sort_values("seed").iloc[0]
    said = f"{rows['uar'].mean():.3f}"
    if pd.notna(first["low"]):
        said += f" [{first['low']:.3f}, {first['high']:.3f}]"
    if len(rows) > 1:
        said += f", seeds {rows['uar'].min():.3f} to {rows['uar'].max():.3f}"
    return said


def _mean(scores: pd.Series) -> str:
    return NOT_MEASURED if scores.empty else f"{scores.mean():.3f}"


def largest_step(rows: pd.DataFrame) -> str:
    """Say in one line which change moves the mean UAR most, and why."""
    scores = rows.groupby("step")["uar"].mean()
    moved = scores.diff().iloc[1:]
    if moved.empty:
        return ""
    step = moved.abs().idxmax()
    said = rows[rows["step"] == step].iloc[0]
    return f'{moved[step]:+.3f} by "{said["change"]}". {said["why"]}'


def ladder(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every step of every network: one row a step, the seeds together.

    Returns
    -------
    Words
        report, network, step, change, accuracy, UAR, trained on, tested, seconds, why, protocol.
    """
    table = []
    for (report, network, step), own in rows.groupby(["report", "network", "step"]):
        first = own.iloc[0]
        table.append(
            {
                "report": report,
                "network": network,
                "step": str(step),
                "change": first["change"],
                "accuracy": f"{own['accuracy'].mean():.3f}",
                "UAR": with_interval(own),
                "trained on": str(first["n_train"]),
                "tested": str(first["n_test"]),
                "seconds": f"{own['seconds'].sum():.0f}",
                "why": first["why"],
                "protocol": f"{first['protocol']}; {first['system']}",
            }
        )
    return Words(table)


def write(rows: pd.DataFrame, folder) -> tuple[Path, Path]:
    """Write the replication table and the ladders as HTML and as Markdown.

    Parameters
    ----------
    rows : pandas.DataFrame
        With the columns of the table ``replication``.
    folder : path-like

    Returns
    -------
    page, text : pathlib.Path
        ``replication.html`` and ``replication.md``.
    """
    folder = Path(folder)
    page, text = folder / "replication.html", folder / "replication.md"
    parts = {"Claimed, as published, honest": summary(rows)}
    for (report, network), own in ladder(rows).groupby(["report", "network"]):
        parts[f"Report {report}, {network}: one change at a time"] = own.drop(columns=["report", "network"])
    commands = list(dict.fromkeys(rows["command"]))
    with written_whole(page) as partial:
        partial.write_text(_html(parts, commands), encoding="utf-8")
    with written_whole(text) as partial:
        partial.write_text(_markdown(parts, commands), encoding="utf-8")
    return page, text


def _html(parts: dict[str, pd.DataFrame], commands: list[str]) -> str:
    with pd.option_context("display.max_colwidth", None):
        tables = {title: table.to_html(index=False, border=0) for title, table in parts.items()}
    body = "".join(f"<h2>{title}</h2><div>{table}</div>" for title, table in tables.items())
    made = "".join(f"<li><code>{html.escape(command)}</code></li>" for command in commands)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Five reports, trained again</title><style>{_STYLE}</style></head>
<body><h1>Five reports, trained again</h1><p>{_ABOUT}</p>{body}
<h2>Make it again</h2><ul>{made}</ul></body></html>
"""


def _markdown(parts: dict[str, pd.DataFrame], commands: list[str]) -> str:
    lines = ["# Five reports, trained again", "", _ABOUT, ""]
    for title, table in parts.items():
        lines += [f"## {title}", "", _row(table.columns), _row("---" for _ in table.columns)]
        lines += [*(_row(values) for values in table.itertuples(index=False)), ""]
    return "\n".join([*lines, "## Make it again", "", *(f"- `{command}`" for command in commands), ""])


def _row(cells) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
