"""Write the README's tables from notebooks and measured results. Run: uv run python .ci/write_readme.py.

Each table stands between its markers; everything around them is written by hand.
"""

import re
import runpy
from pathlib import Path

import nbformat
import pandas as pd

from sercourse import reports
from sercourse.reports.replication import page

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
LESSONS = runpy.run_path(str(Path(__file__).with_name("draw_map.py")))["lessons"]

SHOWN = {
    "00": 4, "01": 3, "02": 4, "03": 4, "07": 3, "08": 2, "09": 5, "10": 4, "11": 2, "12": 4, "13": 3,
    "14": 4, "16": 2, "17": 3, "18": 3,
}  # fmt: skip
"""Which of the things that a lesson's opening promises the README shows, counted from 1; else the first."""

HEADLINES = {
    "A": "report_a_bilstm",
    "B": "report_b",
    "C": "report_c_model_b",
    "D": "report_d",
    "E": "report_e_cnn",
}
"""The network of each report whose figure the README shows: the one that its best claim is about."""

MEASURED = {
    "puzzle": "one network, a random split and unseen speakers",
    "baselines": "majority, logistic regression, SVM and a dense network; known and unseen sentences",
    "rebuilt": "the reports' networks, rebuilt, on both splits",
    "replication": "each report as published, then one leak off at a time",
    "report_a_grid": "Report A's grid of settings, several seeds, with and without clipping",
    "layers": "recurrent layers at equal size",
    "course_best_search": "the search for the course's best network, on speakers held out in training",
    "course_best": "that network, alone and together, and its rivals on ComParE 2016",
    "course_best_pairs": "each of these systems less the others",
    "leaks": "six leaks, alone and together, each with a control of its size",
    "augmentation": "copies inside the split and before it",
    "song": "does song help speech?",
    "shuffled": "the same inputs in another order",
    "dropped": "recordings that a fixed number of frames drops",
    "transfer": "trained on one corpus, tested on another",
    "live": "the live demo's network on voices of other corpora",
    "demo_trust": "how far scores on synthetic speech follow those on real speech",
    "demo_prosody": "F0, intensity, rate: synthetic beside real",
    "demo_confusions": "which emotions are confused: synthetic beside real",
}
"""What each measured table answers, in the order of the README."""


def lessons() -> str:
    """Return the table of lessons as Markdown."""
    lines = ["| | lesson | afterwards you can | | minutes | exercise |", "|---|---|---|---|---|---|"]
    for each in LESSONS():
        path = ROOT / "notebooks" / f"{each.stem}.ipynb"
        opening = nbformat.read(path, as_version=4).cells[0].source
        promises = re.findall(r"^- (.+?)[;.]$", opening, re.MULTILINE)
        cells = (
            each.number,
            f"[{each.title}](notebooks/{each.stem}.ipynb)",
            promises[SHOWN.get(each.number, 1) - 1],
            "core" if each.core else "elective",
            each.minutes,
            each.exercise[0] if each.exercise else "",
        )
        lines.append(_row(cells))
    return "\n".join(lines)


def claims() -> str:
    """Return the table of one claim a report, beside what was measured, as Markdown."""
    table = page.summary(reports.measured("replication")).set_index("network")
    lines = [
        "| report | network | claimed | as published | unseen speakers | on |",
        "|---|---|---|---|---|---|",
    ]
    for letter, network in HEADLINES.items():
        row = table.loc[network]
        corpus = "RAVDESS" if row["corpus"] == "ravdess" else "synthetic speech"
        scores = (row["claimed"], row["as published (accuracy)"], row["honest (accuracy)"])
        lines.append(_row((letter, f"`{network}`", *scores, corpus)))
    return "\n".join(lines)


def measured() -> str:
    """Return the table of measured results as Markdown: what, and how many rows on which speech."""
    lines = ["| table | what it answers | rows on RAVDESS | rows on synthetic speech |", "|---|---|---|---|"]
    there = {path.stem for path in (ROOT / "sercourse" / "reports" / "measured").glob("*.csv")}
    for name, answers in MEASURED.items():
        if name in there:
            table = reports.measured(name)
            tested_on = table["tested_on"] if "tested_on" in table else table["corpus"]
            real = int((tested_on == "ravdess").sum())
            lines.append(_row((f"`{name}`", answers, real or "", len(table) - real or "")))
    return "\n".join(lines)


def _row(cells) -> str:
    return "| " + " | ".join("" if pd.isna(cell) else str(cell) for cell in cells) + " |"


def written(text: str) -> str:
    """Return the README with fresh tables between the markers."""
    for name, made in (("lessons", lessons()), ("claims", claims()), ("measured", measured())):
        mark = re.compile(rf"(<!-- {name}: made by .ci/write_readme.py -->\n).*?(\n<!-- end -->)", re.DOTALL)
        text = mark.sub(lambda found, made=made: found[1] + "\n" + made + "\n" + found[2], text)
    return text


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
