"""What students get of an exercise: made from its source by nbgrader's own steps."""

import copy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from sercourse.errors import LessonError
from sercourse.exercises import library
from sercourse.files import written_whole


def derive(source: NotebookNode, *, hidden: bool = False) -> NotebookNode:
    """Return an exercise without its answers and hidden tests.

    Parameters
    ----------
    source : NotebookNode
        With nbgrader's marks.
    hidden : bool
        Leave the hidden tests in, as marking needs them.

    Returns
    -------
    NotebookNode
        As ``nbgrader generate_assignment`` makes it, its checksums among the marks.

    Raises
    ------
    LessonError
        nbgrader is not installed, or the marks are not as it wants them.
    """
    preprocessors = load("nbgrader.preprocessors")
    steps = [preprocessors.LockCells, preprocessors.ClearSolutions, preprocessors.ClearOutput]
    if not hidden:
        steps += [preprocessors.ClearHiddenTests, preprocessors.ClearMarkScheme]
    steps += [preprocessors.ComputeChecksums, preprocessors.CheckCellMetadata]
    notebook, resources = copy.deepcopy(source), {}
    for step in steps:
        notebook, resources = step().preprocess(notebook, resources)
    return notebook


def write_release(folder: Path = library.EXERCISES, *, check: bool = False) -> list[Path]:
    """Write what students get of every exercise whose source has changed.

    Parameters
    ----------
    folder : pathlib.Path
        Which holds ``source/`` and ``release/``.
    check : bool
        Write nothing; only say what differs.

    Returns
    -------
    list of pathlib.Path
        Sources whose release was not what they make. A release without a source is among them.
    """
    differ = []
    sources = sorted((folder / library.SOURCE).glob("*/*.ipynb"))
    for path in sources:
        release = folder / library.RELEASE / path.relative_to(folder / library.SOURCE)
        try:
            text = nbformat.writes(derive(nbformat.read(path, as_version=4)), version=4) + "\n"
        except Exception as error:
            raise LessonError(f"{path}: {error}; mend its marks (JupyterLab: Create Assignment)") from error
        if release.is_file() and release.read_text(encoding="utf-8") == text:
            continue
        differ.append(path)
        if not check:
            with written_whole(release) as partial:
                partial.write_text(text, encoding="utf-8")
    expected = {path.relative_to(folder / library.SOURCE) for path in sources}
    there = sorted((folder / library.RELEASE).glob("*/*.ipynb"))
    return differ + [path for path in there if path.relative_to(folder / library.RELEASE) not in expected]


def load(module: str):
    """Import a module of nbgrader.

    Raises
    ------
    LessonError
        It is not installed.
    """
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        advice = "install it with `uv sync --extra grading` or `pip install -e .[grading]`"
        raise LessonError(f"nbgrader, which instructors need, is missing ({error}); {advice}") from error
