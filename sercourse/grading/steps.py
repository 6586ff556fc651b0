"""Two steps of nbgrader's autograding that are ours: whole notebooks, and answers that run apart.

`WholeNotebook` puts each cell of the exercise back as it was made, whatever was done to it. `MarkApart` takes
the place of nbgrader's ``Execute``, which runs tests and answers in one kernel, tests in sight, and gives no
grade when that kernel dies.
"""

import tempfile
import time
from pathlib import Path
from shutil import copytree, ignore_patterns

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Float, Unicode

from sercourse.exercises import mark
from sercourse.exercises.kernels import KernelDied, KernelStudent, Limits
from sercourse.exercises.marking import is_test, marks_of, told
from sercourse.grading import sandbox
from sercourse.grading.deriving import derive

KNOWN = "sercourse"
"""Metadata of a notebook: what is known of its marking, such as how it was kept apart."""


class WholeNotebook(NbGraderPreprocessor):
    """Give every cell of the exercise its marks back, and put missing ones where they belong."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with all cells of the exercise, each once."""
        known = resources["nbgrader"]
        course = self.parent.parent.coursedir  # the exporter's converter: nbgrader makes us for them
        folder = Path(course.format_path(course.source_directory, ".", known["assignment"]))
        source = nbformat.read(folder / f"{known['notebook']}.ipynb", as_version=4)
        wanted = [cell for cell in derive(source, hidden=True).cells if marks_of(cell)]
        missing = {marks_of(cell)["grade_id"] for cell in wanted} - {
            marks_of(cell).get("grade_id") for cell in nb.cells
        }
        nb.cells = whole(nb.cells, wanted)
        nb.metadata[KNOWN] = {"missing": sorted(missing)}
        return nb, resources


def whole(handed_in: list[NotebookNode], wanted: list[NotebookNode]) -> list[NotebookNode]:
    """Return a submission's cells with all cells of the exercise among them.

    Parameters
    ----------
    handed_in : list of NotebookNode
        Cells may be missing, changed, doubled, moved, or marked with names the exercise does not have.
    wanted : list of NotebookNode
        The exercise's own cells in their order, with their marks.

    Returns
    -------
    list of NotebookNode
        The wanted cells in their order. Answers keep what the student wrote. The student's other cells stand
        where they stood: after the same cell.
    """
    names = {marks_of(cell)["grade_id"] for cell in wanted}
    written, others, after = {}, {}, None
    for cell in handed_in:
        name = marks_of(cell).get("grade_id")
        if name in names and name not in written:
            written[name], after = cell, name
        else:
            cell.metadata.pop("nbgrader", None)
            others.setdefault(after, []).append(cell)
    cells = others.get(None, [])
    for cell in wanted:
        name, marks = marks_of(cell)["grade_id"], marks_of(cell)
        if name in written and marks["solution"] and written[name].cell_type == cell.cell_type:
            cell.source = written[name].source
        cells += [cell, *others.get(name, [])]
    return cells


class MarkApart(NbGraderPreprocessor):
    """Run the answers apart, the tests here, and write into each test cell why it gives no points."""

    seconds = Float(30, help="How long a cell, or what a test calls, may take.").tag(config=True)
    memory = Float(3, help="Gigabytes that a submission may take.").tag(config=True)
    way = Unicode("", help="How to keep it apart: bubblewrap, another user, none. The best by default.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Return the notebook with new outputs."""
        start = time.perf_counter()
        limits = Limits(seconds=self.seconds, memory=int(self.memory * 2**30))
        way = self.way or sandbox.best_way()
        with tempfile.TemporaryDirectory(prefix="work-") as folder:
            Path(folder).chmod(0o711)
            work = Path(folder) / "work"
            handed_in = Path(resources["metadata"]["path"])
            copytree(handed_in, work, ignore=ignore_patterns("*.ipynb", ".*"), symlinks=True)
            for cell in filter(is_test, nb.cells):  # marking clears this
                cell.outputs = [told("It was not run: the kernel ended, and could not be started again.")]
            try:
                with KernelStudent(work, sandbox.launcher(way, work, limits), limits) as student:
                    mark(nb, student)
            except KernelDied as death:
                self.log.warning("%s: %s", handed_in, death)
        nb.metadata.setdefault(KNOWN, {}).update(way=way, seconds=round(time.perf_counter() - start, 1))
        return nb, resources
