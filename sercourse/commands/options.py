"""Options that several commands have, each said once."""

from typing import Annotated

import typer

Corpus = Annotated[str | None, typer.Option(help="Corpus to use; SERCOURSE_CORPUS or demo by default.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")]
