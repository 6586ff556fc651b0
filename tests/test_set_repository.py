"""Each lesson begins with the same cell, which installs the course where it is missing."""

import runpy
import sys

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient

from sercourse import lessons, settings

TOOL = runpy.run_path(str(ROOT / ".ci" / "set_repository.py"))
LESSONS = lessons.find()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_has_the_set_up_cell_with_the_repositorys_address(path):
    notebook = nbformat.read(path, as_version=4)
    assert notebook == TOOL["with_cell"](notebook, settings.repository()), "run .ci/set_repository.py"
    assert [cell.cell_type for cell in notebook.cells[:2]] == ["markdown", "code"]


def run(cell, *before):
    """What the cell prints, as a student's kernel does, and behind cells that pretend something."""
    cells = [nbformat.v4.new_code_cell(source) for source in before]
    notebook = nbformat.v4.new_notebook(cells=[*cells, cell])
    NotebookClient(notebook, timeout=120).execute()
    return "".join(output.get("text", "") for output in notebook.cells[-1].outputs)


MISSING = "import importlib.util; importlib.util.find_spec = lambda name: None"
PIP = """
def pip(line):
    print("pip", line)


get_ipython().register_magic_function(pip)
"""


def test_where_the_course_is_installed_it_does_nothing():
    assert run(TOOL["set_up_cell"]("")) == ""
    assert run(TOOL["set_up_cell"]("https://github.com/you/course"), PIP) == ""


def test_where_it_is_missing_it_is_installed_from_the_address():
    said = run(TOOL["set_up_cell"]("https://github.com/you/course"), PIP, MISSING)
    assert said == "pip install --quiet git+https://github.com/you/course\n"


def test_without_an_address_it_says_what_to_write_where():
    with pytest.raises(Exception, match="write its repository's address into this cell"):
        run(TOOL["set_up_cell"](""), PIP, MISSING)


def test_what_is_no_address_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["set_repository.py", "sercourse"])
    with pytest.raises(SystemExit, match="sercourse: not an address such as"):
        TOOL["main"]()
