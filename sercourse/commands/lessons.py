"""Run, open, publish and check lessons; check an exercise."""

from pathlib import Path
from typing import Annotated

import typer

from sercourse.commands.options import Corpus

app = typer.Typer()


@app.command("run")
def run_lessons(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="LESSON", help="Such as 00_start_here or 00. All by default."),
    ] = None,
    corpus: Corpus = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run lessons again whose last run is still valid.")
    ] = False,
    open_page: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Show the first page in a browser. [default: on a desktop]"),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="For authors: write how long each took into timings.csv.")
    ] = False,
):
    """Run lessons from top to bottom; write notebooks and pages under build/."""
    from sercourse import corpora, lessons, settings
    from sercourse.terminal import each_run, show_page

    corpus = corpus or settings.corpus()
    chosen = lessons.find(names)
    corpora.load(corpus)  # makes a synthetic corpus, or says how to get the one that is missing
    failed, shown = [], False
    for done in each_run(chosen, corpus, again=force):
        if isinstance(done, lessons.LessonError):
            failed.append(done)
            continue
        if record:
            from sercourse import lint

            lint.record(done, corpus)
        if not shown:
            shown = True
            show_page(done.page, open_page)
    for error in failed:
        typer.echo(f"\n{error}", err=True)
    raise typer.Exit(1 if failed else 0)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context):
    """Open JupyterLab on lesson 00, or on another: `lab 04`. Options of `jupyter lab` may follow."""
    import os

    from jupyterlab.labapp import LabApp

    from sercourse import lessons, settings

    os.environ.update(settings.as_environment())
    named = bool(context.args) and not context.args[0].startswith("-")
    first = lessons.find([context.args.pop(0)] if named else ["00"])[0]
    # The address is what the server prints too, so that it is right without a browser.
    LabApp.default_url = f"/lab/tree/{first.parent.name}/{first.name}"
    LabApp.launch_instance([f"--ServerApp.root_dir={first.parents[1]}", *context.args])


@app.command("check")
def check_exercise(
    exercise: Annotated[str, typer.Argument(help="Such as 04_mfcc or 04, or your notebook file.")],
    task: Annotated[
        str | None, typer.Option("--solution", metavar="TASK", help="Show the solution of a task instead.")
    ] = None,
):
    """Run the tests of an exercise that you are solving, and say what is not right yet."""
    from sercourse import exercises
    from sercourse.terminal import marks_shown

    if task:
        typer.echo(exercises.solution(exercise, task))
        return
    notebook = exercises.find_notebook(exercise)
    marks = exercises.check(notebook)
    typer.echo(f"{notebook}\n\n{marks_shown(marks)}")
    raise typer.Exit(1 if any(each.points < each.out_of for each in marks) else 0)


@app.command("site")
def build_site(
    execute: Annotated[
        str | None,
        typer.Option(metavar="LESSONS", help="Execute only these, such as 00,04."),
    ] = None,
    no_execute: Annotated[bool, typer.Option("--no-execute", help="Execute none.")] = False,
    corpus: Corpus = None,
    output: Annotated[
        Path, typer.Option(help="Folder for the site; html/ in it can be put on a server.")
    ] = Path("build/site"),
    open_page: Annotated[
        bool | None,
        typer.Option("--open/--no-open", help="Show the first page in a browser. [default: on a desktop]"),
    ] = None,
):
    """Build the course's site from executed lessons; one whose last run is still valid is not run again."""
    from sercourse import corpora, lessons, settings, site
    from sercourse.terminal import each_run, show_page

    site.check_sphinx()
    corpus = corpus or settings.corpus()
    chosen = [] if no_execute else lessons.find(execute.split(",") if execute else None)
    if chosen:
        corpora.load(corpus)
    runs = list(each_run(chosen, corpus))
    for error in (failed := [run for run in runs if isinstance(run, lessons.LessonError)]):
        typer.echo(f"\n{error}", err=True)
    if failed:
        raise typer.Exit(1)
    made = site.build(output, {run.name: run.page.with_suffix(".ipynb") for run in runs})
    show_page(made, open_page, "the site")


@app.command("lint")
def lint_lessons(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="LESSON", help="Such as 00_start_here or 00. All by default."),
    ] = None,
):
    """For authors: look for what a lesson lacks, from its parts to sources of its numbers. Runs nothing."""
    from sercourse import lessons, lint

    chosen = lessons.find(names)
    findings = [finding for path in chosen for finding in lint.check(path)]
    for finding in findings:
        typer.echo(finding)
    typer.echo(f"{len(chosen)} lesson(s), {len(findings)} finding(s)")
    raise typer.Exit(1 if findings else 0)
