"""Write the repository's address where it is needed: into pyproject.toml, and into each lesson's set-up cell.

    uv run python .ci/set_repository.py https://github.com/you/sercourse
    uv run python .ci/set_repository.py        only the set-up cells, such as a new lesson's

A lesson that is opened alone, as in Colab, installs the course from this address.
`tests/test_set_repository.py` says when a lesson has no set-up cell, or another one.
"""

import re
import sys

import nbformat
from nbformat.v4 import new_code_cell

from sercourse import lessons, settings

ID = "install"
CELL = """\
# Where the course is not installed, as in Colab, this installs it. Elsewhere it does nothing.
import importlib.util

if importlib.util.find_spec("sercourse") is None:
    address = "{address}"  # of the course's repository, such as https://github.com/you/sercourse
    if not address:
        raise ModuleNotFoundError("sercourse is not installed: write its repository's address into this cell")
    %pip install --quiet git+{{address}}"""
SETTING = re.compile(r'^repository = ".*"$', re.MULTILINE)


def set_up_cell(address: str) -> nbformat.NotebookNode:
    """Return the cell, which the site leaves out and JupyterLab shows folded."""
    metadata = {"jupyter": {"source_hidden": True}, "tags": ["remove-cell"]}
    return new_code_cell(CELL.format(address=address), id=ID, metadata=metadata)


def with_cell(notebook: nbformat.NotebookNode, address: str) -> nbformat.NotebookNode:
    """Return a lesson whose second cell is the set-up cell."""
    title, *others = [cell for cell in notebook.cells if cell.get("id") != ID]
    return nbformat.from_dict(notebook | {"cells": [title, set_up_cell(address), *others]})


def main() -> None:
    """Write."""
    project = settings.LESSONS.parent / "pyproject.toml"
    if len(sys.argv) > 1:
        address = sys.argv[1].rstrip("/")
        if not re.fullmatch(r"(https|file)://[^\s\"]+", address):
            sys.exit(f"{address}: not an address such as https://github.com/you/sercourse")
        text = project.read_text(encoding="utf-8")
        project.write_text(SETTING.sub(lambda _: f'repository = "{address}"', text), encoding="utf-8")
    for path in lessons.find():
        before = path.read_text(encoding="utf-8")
        notebook = with_cell(nbformat.reads(before, as_version=4), settings.repository())
        after = nbformat.writes(notebook) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
