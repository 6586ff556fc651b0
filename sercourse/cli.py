"""The command ``sercourse``: a thin layer over the package, put together from `sercourse.commands`."""

import sys

import typer

from sercourse.commands import classes, corpora, lessons, pages, recognizer, results

INTERRUPTED = 130
"""Exit code after Ctrl-C, as typer gives it."""

app = typer.Typer(
    help="A course on speech emotion recognition, and on how to believe a result.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich help takes three times as long to appear
)
for _theme in (lessons, pages, recognizer, corpora, results):
    app.add_typer(_theme.app)
app.add_typer(classes.app, name="class")


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
