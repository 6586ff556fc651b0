"""The commands ``sercourse predict`` and ``sercourse bundle``."""

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
bundle_app = typer.Typer(help="Make and show what a recognizer consists of.", no_args_is_help=True)
app.add_typer(bundle_app, name="bundle")

_Bundle = Annotated[
    Path | None,
    typer.Option("--bundle", metavar="PATH", help="By default that of the demo corpus, made on first use."),
]


@app.command()
def predict(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Sound: WAV, MP3, m4a, webm ...")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a file.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a CSV table.")] = False,
    bundle: _Bundle = None,
):
    """Say which emotion is heard in files, or why none is named. No sound leaves this machine.

    The exit code is 1 if a file could not be read; the others are answered all the same.
    """
    if as_json and as_csv:
        raise typer.BadParameter("give --json or --csv, not both")
    from sercourse.errors import AudioError
    from sercourse.recognizer.using import opened

    with redirect_stdout(sys.stderr):  # progress of a first training is no part of what is asked for
        recognizer = opened(bundle)
    rows, failed = [], 0
    for path in files:
        try:
            rows.append(_row(path, recognizer.predict_file(path)))
        except AudioError as error:
            failed += 1
            rows.append({"file": str(path), "error": f"{error.reason}; {error.advice}"})
    typer.echo(_shown(rows, as_json, as_csv, recognizer.bundle.classes), nl=not as_csv)
    raise typer.Exit(1 if failed else 0)


@bundle_app.command("make")
def make_bundle(
    corpus: Annotated[str, typer.Option(help="What to train on.")] = "demo",
    output: Annotated[
        Path | None,
        typer.Option(help="A .zip file, or a folder; by default where `predict` looks for the demo's."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another seed gives another network.")] = 0,
    network: Annotated[
        str | None, typer.Option(help="What to train, such as course_best; by default log_mel_cnn.")
    ] = None,
):
    """Train a recognizer on a corpus, and measure it on speakers that it has not heard."""
    from sercourse import recognizer
    from sercourse.recognizer.card import headline
    from sercourse.recognizer.packing import check_place

    if output is None and (seed or network):
        raise typer.BadParameter(
            "the default bundle has seed 0 and a network of its own; name an --output for another one"
        )
    if output is None:
        path = recognizer.default(corpus)
        made = recognizer.load(path)
    else:
        check_place(output)  # before the minutes of training, not after them
        made = recognizer.train(corpus, network or recognizer.NETWORK, seed=seed)
        path = recognizer.save(made, output)
    typer.echo(f"{headline(made)}\nthe bundle is {path}")


@bundle_app.command("show")
def show_bundle(path: Annotated[Path, typer.Argument(metavar="PATH", help="A bundle.")]):
    """Check a bundle, and print its model card."""
    from sercourse.recognizer import load, model_card

    typer.echo(model_card(load(path)), nl=False)


def _row(path: Path, answer) -> dict:
    return {
        "file": str(path),
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "seconds": answer.seconds,
        "reason": answer.reason,
        "probabilities": dict(answer.probabilities),
    }


def _shown(rows: list[dict], as_json: bool, as_csv: bool, classes: tuple[str, ...]) -> str:
    if as_json:
        import json

        return json.dumps(rows, indent=1)
    if as_csv:
        import pandas as pd

        columns = ["file", "verdict", "confidence", "seconds", "reason", *classes, "error"]
        flat = [{**row, **row.get("probabilities", {})} for row in rows]
        return pd.DataFrame(flat).reindex(columns=columns).to_csv(index=False)
    return "\n".join(
        f"{row['file']}: {row['verdict']} ({row['reason']})"
        if "verdict" in row
        else f"{row['file']}: {row['error']}"
        for row in rows
    )
