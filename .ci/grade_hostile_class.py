"""Let the grader mark a class of awkward submissions, two of each kind, and show what happened.

    uv run python .ci/grade_hostile_class.py                 a class of 24
    uv run python .ci/grade_hostile_class.py --students 12   one of each kind

Each kind loses the points it should, and no others; the batch is run twice, and gives the same marks.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import hostile_class  # noqa: E402
from exercises_marked import source  # noqa: E402

from sercourse import grading  # noqa: E402


def main() -> None:
    """Mark the class twice; print a row for each submission."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--students", type=int, default=24)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder) / "class"
        grading.new(room, [hostile_class.EXERCISE])
        grading.release(room, hostile_class.EXERCISE)
        solved = source(hostile_class.EXERCISE)
        class_of = hostile_class.write_class(room / "submitted", solved, arguments.students)
        start = time.perf_counter()
        marks = grading.grade(room, hostile_class.EXERCISE, on_student=lambda row, fresh: print(row.student))
        took = time.perf_counter() - start
        again = grading.grade(room, hostile_class.EXERCISE, again=True)
        statistics = grading.item_statistics(room, hostile_class.EXERCISE)
    marks.insert(0, "kind", [class_of[student].title for student in marks["student"]])
    marks["what happened"] = marks["reason"].str.slice(0, 90) + marks["note"].map(
        lambda note: note and f" [{note}]"
    )
    shown = marks.sort_values(["kind", "student"])[
        ["kind", "points", "out_of", "by_hand", "what happened", "seconds"]
    ]
    pd.set_option("display.width", 250, "display.max_colwidth", 140, "display.max_rows", None)
    print(shown.to_string(index=False))
    print(statistics.round(2).to_string(index=False))
    same = marks["points"].tolist() == again["points"].tolist()
    print(f"{len(marks)} students in {took:.0f} s, kept apart by {set(marks['isolation'])}")
    print(f"the same marks again: {same}")
    if not same or len(marks) != arguments.students:
        sys.exit(1)


if __name__ == "__main__":
    main()
