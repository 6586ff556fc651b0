"""The command ``sercourse class``: a class's folder, from the first exercise to the marks."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="For instructors: release, collect and mark exercises.", no_args_is_help=True)

_Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="The class's folder.")]
_Exercise = Annotated[str, typer.Argument(help="Such as 04_mfcc, or 04.")]


@app.command()
def new(
    folder: _Folder,
    exercises: Annotated[
        list[str] | None, typer.Argument(metavar="[EXERCISE]...", help="Which; all by default.")
    ] = None,
):
    """Make a class's folder, with your own copy of the exercises; or add exercises to it."""
    from sercourse.grading import classroom

    added = classroom.new(folder, exercises)
    typer.echo(f"{folder}: {', '.join(added) or 'nothing to add'}")
    typer.echo("Keep this folder to yourself: it holds the answers and, later, the marks.")


@app.command()
def release(folder: _Folder, exercise: _Exercise):
    """Write the notebook that students get, and tell the gradebook what there is to mark."""
    from sercourse.grading import classroom

    typer.echo(f"hand out: {classroom.release(folder, exercise)}")


@app.command()
def collect(
    folder: _Folder,
    exercise: _Exercise,
    handed_in: Annotated[
        Path, typer.Argument(metavar="FILES", help="Holds a folder or a notebook named after each student.")
    ],
):
    """Take what was handed in. Nothing that came before is lost."""
    from sercourse.grading import classroom

    for taken in classroom.collect(folder, exercise, handed_in):
        typer.echo(f"{taken.student}: {taken.path or 'not taken'}{taken.note and f' ({taken.note})'}")


@app.command()
def grade(
    folder: _Folder,
    exercise: _Exercise,
    again: Annotated[bool, typer.Option("--again", help="Mark also what has not changed.")] = False,
):
    """Mark what was handed in. It runs the students' code: see exercises/README.md, "Safety"."""
    from sercourse.grading import batch, classroom, sandbox

    way = sandbox.best_way()
    typer.echo(f"students' code is kept apart by: {way}")
    if way == sandbox.NONE:
        typer.echo("NOTHING KEEPS IT APART. It can read the tests and change the marks.", err=True)

    def say(row: batch.Marked, fresh: bool) -> None:
        open_points = f", {row.by_hand:g} to mark by hand" if row.by_hand else ""
        seconds = f" ({row.seconds:g} s)" if fresh else " (as before)"
        note = row.note and f" [{row.note}]"
        typer.echo(f"{row.student}: {row.points:g} of {row.out_of:g}{open_points}{seconds}{note}")

    batch.grade(folder, exercise, again=again, on_student=say)
    typer.echo(f"reasons: {folder / classroom.MARKS / classroom.full_name(folder, exercise)}.csv")


@app.command()
def feedback(folder: _Folder, exercise: _Exercise):
    """Write a page for each student: the notebook, the points, and what you wrote."""
    from sercourse.grading import classroom

    for page in classroom.feedback(folder, exercise):
        typer.echo(str(page))


@app.command()
def marks(
    folder: _Folder,
    output: Annotated[Path, typer.Option(metavar="FILE.csv", help="Where to write them.")] = Path(
        "marks.csv"
    ),
):
    """Write the marks of all exercises, those given by hand among them, as one table."""
    from sercourse.grading import classroom

    table = classroom.all_marks(folder)
    classroom.save_table(table, output)
    typer.echo(f"{len(table)} marks: {output}")


@app.command()
def derive(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; only say what differs.")] = False,
):
    """Make exercises/release/ of this clone anew from exercises/source/."""
    from sercourse.grading import deriving

    differ = deriving.write_release(check=check)
    typer.echo("\n".join(map(str, differ)) or "nothing has changed")
    raise typer.Exit(1 if check and differ else 0)


@app.command()
def items(folder: _Folder, exercise: _Exercise):
    """Show how many solved each task, hardest first."""
    from sercourse import grading

    typer.echo(grading.item_statistics(folder, exercise).round(2).to_string(index=False))
