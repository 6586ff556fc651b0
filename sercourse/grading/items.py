"""Item statistics: how hard each task was for a class."""

from pathlib import Path

import pandas as pd

from sercourse.grading import batch, classroom


def item_statistics(folder: Path, exercise: str) -> pd.DataFrame:
    """Return how many solved each task, hardest first.

    Parameters
    ----------
    folder : pathlib.Path
        The class.
    exercise : str

    Returns
    -------
    pandas.DataFrame
        Columns ``task``; ``students``, whose work ran; ``solved``, the share with all its points;
        ``points``, the mean; ``out_of``; ``difficulty``, the mean share of points (0 to 1, low is hard); and
        ``separates``, the correlation of a student's points here with the points in all other tasks (missing
        where either has no spread). Points that a person has still to give are left out.
    """
    name = classroom.full_name(folder, exercise)
    marks = batch.read_marks(folder, name)
    ran = set(marks.loc[marks["isolation"] != batch.NOT_RUN, "student"])
    with classroom.api(folder).gradebook as gradebook:
        rows = [
            (submission.student.id, grade.name.split("-")[0], grade.score, grade.max_score)
            for submission in gradebook.notebook_submissions(name, name)
            for grade in submission.grades
            if submission.student.id in ran and not grade.needs_manual_grade
        ]
    grades = pd.DataFrame(rows, columns=["student", "task", "points", "out_of"])
    by_task = grades.groupby(["student", "task"], as_index=False)[["points", "out_of"]].sum()
    found = [_item(task, own, by_task) for task, own in by_task.groupby("task")]
    columns = ["task", "students", "solved", "points", "out_of", "difficulty", "separates"]
    return pd.DataFrame(found, columns=columns).sort_values(["difficulty", "task"], ignore_index=True)


def _item(task: str, own: pd.DataFrame, by_task: pd.DataFrame) -> tuple:
    others = by_task[by_task["task"] != task].groupby("student")["points"].sum()
    here = own.set_index("student")["points"]
    together = pd.concat([here, others], axis=1, join="inner")
    spread = len(together) > 2 and bool((together.std() > 0).all())
    separates = together.corr().iloc[0, 1] if spread else float("nan")
    share = own["points"] / own["out_of"]
    return (
        task,
        len(own),
        (share >= 1).mean(),
        own["points"].mean(),
        own["out_of"].max(),
        share.mean(),
        separates,
    )
