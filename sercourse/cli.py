"""The command ``sercourse``: a thin layer over the package.

Each command imports what it needs when it runs, so that help answers at once.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sercourse.grading.commands import app as class_app
from sercourse.recognizer import commands as recognizing

INTERRUPTED = 130
"""Exit code after Ctrl-C, as typer gives it."""

app = typer.Typer(
    help="A course on speech emotion recognition, and on how to believe a result.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich help takes three times as long to appear
)
corpus_app = typer.Typer(help="Get, make and list corpora.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")
app.add_typer(class_app, name="class")
app.add_typer(recognizing.bundle_app, name="bundle")
app.command()(recognizing.predict)


@app.command("run")
def run_lessons(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="LESSON", help="Such as 00_start_here or 00. All by default."),
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="Corpus to use; SERCOURSE_CORPUS or demo by default.")
    ] = None,
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


@app.command("site")
def build_site(
    execute: Annotated[
        str | None,
        typer.Option(metavar="LESSONS", help="Execute only these, such as 00,04."),
    ] = None,
    no_execute: Annotated[bool, typer.Option("--no-execute", help="Execute none.")] = False,
    corpus: Annotated[
        str | None, typer.Option(help="Corpus to use; SERCOURSE_CORPUS or demo by default.")
    ] = None,
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


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def forensics(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(help="Where the page is served; the next free one if it is taken.")
    ] = 8866,
):
    """Open a page that inspects the figures of a report. Options of `voila` may follow, as --no-browser."""
    from sercourse import pages

    pages.serve("inspect_a_report", port, context.args)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def demo(
    context: typer.Context,
    bundle: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="By default that of the demo corpus, made on first use."),
    ] = None,
    port: Annotated[
        int, typer.Option(help="Where the page is served; the next free one if it is taken.")
    ] = 8867,
):
    """Open a page that says which emotion it hears. Options of `voila` may follow, as --no-browser."""
    from sercourse.live import serve

    serve(bundle, port, context.args)


@app.command()
def doctor():
    """Check this machine, and print a fix for each problem."""
    from sercourse import doctor as checks

    problems = 0
    for finding in checks.examine():
        typer.echo(finding)
        problems += finding.grade == "problem"
    typer.echo(f"{problems} problem(s) to mend." if problems else "All is well.")
    raise typer.Exit(1 if problems else 0)


@corpus_app.command("get")
def get_corpus(
    name: Annotated[str, typer.Argument(help="ravdess, tess, emodb, cremad; or savee, to check it.")],
    folder: Annotated[
        Path | None, typer.Option(help="Where to; by default where the lessons look for it.")
    ] = None,
    song: Annotated[bool, typer.Option("--song", help="RAVDESS's song instead of its speech.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Accept the licence without being asked.")] = False,
):
    """Fetch a corpus of people's voices. What is there already is kept; a download that was cut goes on."""
    from sercourse.corpora import get

    typer.echo(f"the corpus {name} is in {get.fetch(name, folder, song, yes)}")


@corpus_app.command("make")
def make_corpus(
    name: Annotated[str, typer.Argument(help="One that `corpus list` says can be made.")] = "demo",
    folder: Annotated[
        Path | None, typer.Option(help="Where to; by default where the lessons look for it.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed gives other voices; it needs --folder.")] = 0,
):
    """Make a synthetic corpus, such as demo. What is there already is kept."""
    from sercourse import corpora

    if seed and not folder:
        raise typer.BadParameter("the lessons use seed 0; name a --folder of its own for another one")
    made = corpora.make(name, folder, seed)
    typer.echo(f"the corpus {name} is in {made}")


@corpus_app.command("list")
def list_corpora():
    """List the corpora, and where each lies on this machine or how to get it."""
    from sercourse import corpora

    for name, known in corpora.CORPORA.items():
        typer.echo(f"{name}: {known.title}")
        if corpora.find(name) is None:
            typer.echo(f"    not here: {corpora.how_to_get(name)}")
        else:
            found = corpora.scan(name)
            left_out = f", {len(found.left_out)} files left out" if len(found.left_out) else ""
            typer.echo(f"    {len(found.manifest)} recordings{left_out} in {found.folder}")


@corpus_app.command("audit")
def audit_corpus(
    name: Annotated[str, typer.Argument(help="One that `corpus list` shows as being here.")],
    recipe: Annotated[
        str | None, typer.Option(help="Also name what this recipe would drop, such as report_a.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="CSV file for all findings.")] = None,
):
    """Look for damage, copies, oddities and gaps in a corpus."""
    from sercourse import corpora, features
    from sercourse.corpora.auditing import GRADES, audit
    from sercourse.files import written_whole

    found = corpora.scan(name)
    findings = audit(found.manifest, features.recipe(recipe) if recipe else None, found.left_out)
    for (grade, finding), rows in findings.groupby(["grade", "finding"], sort=False):
        typer.echo(f"{grade}: {finding} ({len(rows)})")
        for row in rows.head(10).itertuples():
            typer.echo(f"    {row.file}: {row.detail}" if row.file else f"    {row.detail}")
        if len(rows) > 10:
            typer.echo(f"    and {len(rows) - 10} more; --output FILE.csv writes all")
    if output:
        with written_whole(output) as partial:
            findings.to_csv(partial, index=False)
    counts = ", ".join(f"{(findings['grade'] == grade).sum()} {grade}" for grade in GRADES)
    typer.echo(f"{len(found.manifest)} recordings of {name}: {counts}")


@app.command()
def extract(
    corpus: Annotated[str, typer.Argument(help="One that `corpus list` shows as being here.")],
    recipe: Annotated[str, typer.Option(help="What to extract, such as report_a.")],
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Dask scheduler, such as tcp://host:8786, whose workers do it. They and the scheduler must "
            "have this package; the workers must see the recordings under the same paths.",
        ),
    ] = None,
):
    """Extract a corpus's features into the cache, where lessons find them. A run that was stopped goes on."""
    from sercourse import corpora, features
    from sercourse.terminal import Extraction

    chosen, manifest = features.recipe(recipe), corpora.load(corpus)
    extraction = Extraction(corpus, chosen)
    for outcome in features.stream(manifest, chosen, workers=workers, dask=dask):
        extraction.add(outcome)
    typer.echo(extraction)
    raise typer.Exit(0 if extraction.usable else 1)


@app.command()
def measure(
    name: Annotated[str, typer.Argument(help="What to measure, such as puzzle.")],
    corpus: Annotated[
        str | None, typer.Option(help="Corpus to use; SERCOURSE_CORPUS or demo by default.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, from 0.")] = 3,
    output: Annotated[
        Path | None,
        typer.Option(help="CSV file to add the rows to; rows that are in it are not measured again."),
    ] = None,
):
    """Measure again what the course ships as measured results."""
    from sercourse import reports, settings

    rows = reports.measure(name, corpus or settings.corpus(), seeds, output)
    typer.echo(rows.drop(columns=["command", "versions", "date"]).to_string(index=False))


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
    marks = exercises.check(exercise)
    typer.echo(marks_shown(marks))
    raise typer.Exit(1 if any(each.points < each.out_of for each in marks) else 0)


@app.command("experiments")
def run_experiments(
    grid: Annotated[Path, typer.Argument(metavar="GRID.toml", help="What to train, see above.")],
    store: Annotated[Path, typer.Option(metavar="FILE.sqlite", help="Where each is kept as it finishes.")],
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers train, see `extract`.")
    ] = None,
    final: Annotated[
        bool,
        typer.Option("--final", help="Show the test rows' scores too; on a real corpus this look is logged."),
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Try those again that failed.")] = False,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Also write the whole table there.")
    ] = None,
):
    r"""Train every combination of a grid that the store does not have yet, and print what came out.

    A grid is a TOML file such as this one, of 2 x 2 x 3 trainings, each scored after 20 epochs and after 50:

    \b
        network = "report_a_gru"
        corpus = "demo"
        protocol = "unseen speakers four"  # how test rows are set apart
        inner = "speakers held out"        # how rows for validation are
        learning_rate = [0.001, 0.01]
        dropout = [0.0, 0.1]               # an option of the network's own
        seed = [0, 1, 2]
        epochs = [20, 50]

    A run that was stopped or killed goes on with the same command: what is done is not done again. A training
    that fails is kept with its error, and the exit code is 1.
    """
    from sercourse import experiments
    from sercourse.files import written_whole

    chosen = experiments.read(grid)
    table = experiments.run(chosen, store, final=final, workers=workers, dask=dask, again=again)
    if output:
        with written_whole(output) as partial:
            table.to_csv(partial, index=False)
    typer.echo(experiments.summary(table))
    raise typer.Exit(1 if (table["state"] == "failed").any() else 0)


@app.command()
def replicate(
    letters: Annotated[
        list[str] | None, typer.Argument(metavar="[A|B|C|D|E]", help="The reports; all by default.")
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="By default the report's own, or what stands in for it.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds, from 0.")] = 3,
    output: Annotated[
        Path, typer.Option(help="Folder for the tables: measured results, a page, and Markdown.")
    ] = Path("build/replication"),
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers do the trainings.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Do those again that failed.")] = False,
):
    """Re-run the reports: as published, one leak off at a time, honestly. A run that was stopped goes on."""
    from sercourse import reports
    from sercourse.reports import replication

    table = output / "replication.csv"
    for report in map(str.upper, letters or "ABCDE"):
        done = replication.replicate(report, corpus, seeds, workers=workers, dask=dask, again=again)
        reports.save(done.ladder, table, reports.shape("replication"))
        if len(done.grid):
            reports.save(done.grid, output / "report_a_grid.csv", reports.shape("report_a_grid"))
        measured = reports.read(table, reports.shape("replication"))
        page, text = replication.write(measured, output)
        said = replication.summary(measured[measured["report"] == report])
        typer.echo(said[["network", "claimed", "as published (UAR)", "honest (UAR)", "why"]])
    typer.echo(f"measured results: {table}\ntables of all that is measured there: {page}, {text}")


def main() -> None:
    """Run the command; a problem that the user can mend is said in words, not as a traceback."""
    import warnings

    from sercourse.errors import SercourseError

    # The warning itself, without the line of the package that raised it.
    warnings.showwarning = lambda message, *_: typer.echo(f"warning: {message}", err=True)
    try:
        app()
    except SercourseError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(f"{error.filename or 'a file'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:
            typer.echo("\nstopped; run the same command again to go on", err=True)
        raise
