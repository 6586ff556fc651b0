"""Pages that a browser shows, and the checks of a machine."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


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
