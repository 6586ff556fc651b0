"""Measured results: one table again, a grid of trainings, the five reports."""

from pathlib import Path
from typing import Annotated

import typer

from sercourse.commands.options import Corpus, Workers

app = typer.Typer()


@app.command()
def measure(
    name: Annotated[str, typer.Argument(help="What to measure, such as puzzle.")],
    corpus: Corpus = None,
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


@app.command("experiments")
def run_experiments(
    grid: Annotated[Path, typer.Argument(metavar="GRID.toml", help="What to train, see above.")],
    store: Annotated[Path, typer.Option(metavar="FILE.sqlite", help="Where each is kept as it finishes.")],
    workers: Workers = None,
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
def best(
    corpus: Corpus = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds to test with, from 0.")] = 3,
    normalisation: Annotated[
        list[str] | None,
        typer.Option(
            help="How new speakers are normalised: none (the default), enrolment or transductive. Give it "
            "again for another one beside it."
        ),
    ] = None,
    final: Annotated[
        bool,
        typer.Option("--final", help="Train what was chosen, and look at the test rows; the look is logged."),
    ] = False,
    store: Annotated[
        Path | None, typer.Option(metavar="FILE.sqlite", help="Where each training is kept as it finishes.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("build/best"),
    workers: Workers = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers train, see `extract`.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Do those again that failed.")] = False,
):
    """Search for the course's best network on inner folds; with --final, test what each fold chose.

    A corpus without RAVDESS's actors is not searched on. There the recipe is tested as it is, leaving one
    speaker out at a time. A run that was stopped goes on with the same command.
    """
    from sercourse import reports, settings
    from sercourse.reports import best as room

    corpus = corpus or settings.corpus()
    running = {"path": store, "workers": workers, "dask": dask, "again": again}
    tables = {}
    if room.searched(corpus):
        found = tables["course_best_search"] = room.search(corpus, **running)
        chosen = room.choose(found)
        typer.echo(room.by_fold(found).round(3).to_string())
    else:
        chosen = room.untouched(corpus)
        typer.echo(f"{corpus} has not RAVDESS's actors: nothing is searched, the recipe is tested as it is")
    typer.echo("\n".join(f"fold {fold} takes: {name}" for fold, name in chosen.items()))
    if final:
        scores, pairs = room.final(corpus, chosen, seeds, normalisation or ["none"], **running)
        tables |= {"course_best": scores, "course_best_pairs": pairs}
        for how, own in scores.groupby("normalisation", sort=False):
            typer.echo(f"normalisation: {how}\n{room.by_fold(own).round(3).to_string()}")
        typer.echo(room.compared(pairs).round(4).to_string())
    for name, table in tables.items():
        reports.save(table, output / f"{name}.csv", reports.shape(name))
        typer.echo(f"measured results: {output / name}.csv")


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
    workers: Workers = None,
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
