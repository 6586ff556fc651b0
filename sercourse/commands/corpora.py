"""Get, make, list and audit corpora; extract their features."""

from pathlib import Path
from typing import Annotated

import typer

from sercourse.commands.options import Workers

app = typer.Typer()
corpus_app = typer.Typer(help="Get, make and list corpora.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")


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
    workers: Workers = None,
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
