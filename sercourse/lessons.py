"""Run lessons from top to bottom, as a student would, and keep what they show.

An executed lesson is written as a notebook and as an HTML page under ``build/<corpus>/``,
first under a temporary name. The notebook carries a key of all that it was made from, so
that a run which was stopped goes on where it was.
"""

import atexit
import hashlib
import importlib.metadata
import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter
from traitlets.config import Config

from sercourse import corpora, settings
from sercourse.errors import LessonError, UnknownNameError
from sercourse.files import written_whole

BUILD = settings.LESSONS.parent / "build"
_NAMES = ("[0-9][0-9]_*.ipynb", "[A-Z]_*.ipynb")
HEADLINE = "headline"
"""Tag of the cell whose text is also shown in the terminal when the lesson has run."""


class Run(NamedTuple):
    """An executed lesson.

    Attributes
    ----------
    name : str
    seconds : float
        From the kernel's start to the last cell's end.
    page : pathlib.Path
        The HTML page.
    headline : str
        What the cell with the tag `HEADLINE` shows, as text.
    fresh : bool
        False where an earlier run was still valid.
    """

    name: str
    seconds: float
    page: Path
    headline: str
    fresh: bool


def find(names: list[str] | None = None) -> list[Path]:
    """Return the notebooks of lessons, in the order of the course, and of appendices.

    Parameters
    ----------
    names : list of str, optional
        Such as ``00_start_here``, or just ``00``; an appendix has a letter for a number. All by default.

    Raises
    ------
    LessonError
        The package was installed without the lessons.
    UnknownNameError
        No lesson has this name.
    """
    lessons = [path for name in _NAMES for path in sorted(settings.LESSONS.glob(name))]
    if not lessons:
        advice = "run the command in a clone of the repository, installed with `pip install -e .`"
        raise LessonError(f"{settings.LESSONS}: no lessons here; {advice}")
    if not names:
        return lessons
    by_name = {key: path for path in lessons for key in (path.stem, path.stem.split("_")[0])}
    wanted = [name.removesuffix(".ipynb") for name in names]
    unknown = [name for name in wanted if name not in by_name]
    if unknown:
        raise UnknownNameError("lesson", unknown[0], [path.stem for path in lessons])
    return [by_name[name] for name in wanted]


def run(
    path: Path, corpus: str, *, again: bool = True, on_cell: Callable[[int, int], None] | None = None
) -> Run:
    """Execute a lesson and write it under `BUILD`.

    Parameters
    ----------
    path : pathlib.Path
        The notebook; it is not changed.
    corpus : str
        What ``SERCOURSE_CORPUS`` is for the lesson.
    again : bool
        False: if an earlier run is still valid, return that instead.
    on_cell : callable, optional
        Called with (cells done, cells in all) as the run goes on.

    Returns
    -------
    Run

    Raises
    ------
    LessonError
        Names the lesson, the cell and the error. The page shows how far it came, and a
        failed run is never taken for a valid one.
    """
    target = BUILD / corpus / path.name
    key = _key(path, corpus)
    if not again and (earlier := _earlier(target, key)):
        return earlier
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    failure = _execute(notebook, corpus, on_cell)
    seconds = time.perf_counter() - start
    _drop_empty_output(notebook)
    notebook.metadata["sercourse"] = {"key": None if failure else key, "corpus": corpus, "seconds": seconds}
    page = target.with_suffix(".html")
    for file, text in {target: nbformat.writes(notebook), page: _page(notebook, path.stem)}.items():
        with written_whole(file) as partial:
            partial.write_text(text, encoding="utf-8")
    if failure:
        raise LessonError(f"{path.stem}: {failure}\nsee {page}")
    return Run(path.stem, seconds, page, _headline(notebook), True)


def _execute(notebook, corpus: str, on_cell) -> str | None:
    """Run all cells in place; return None, or say which cell failed and why."""
    at = 0

    def begin(cell, cell_index):
        nonlocal at
        at = cell_index

    # Only the kernel of this very Python: a user's own "python3" may point somewhere else.
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=None,
        coalesce_streams=True,
        on_cell_start=begin,
        on_cell_complete=lambda cell, cell_index: on_cell and on_cell(cell_index + 1, len(notebook.cells)),
        # Stored state would make the page fetch a widget library; without it a page shows the static picture.
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(settings.LESSONS)}},
    )
    environment = os.environ | settings.as_environment(corpus)
    # In a thread, because the client's own handling of Ctrl-C hides the interrupt from the caller.
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.execute, env=environment, cleanup_kc=True)
        try:
            while not wait([running], timeout=0.2).done:
                pass
        except KeyboardInterrupt:
            _kill(manager, running)
            atexit.unregister(client._cleanup_kernel)  # the client forgets to, if it never got a kernel
            raise
    source = notebook.cells[at].source.strip()
    where = f"cell {at + 1} ({source.splitlines()[0] if source else ''!r})"
    match running.exception():
        case None:
            return None
        case CellExecutionError() as error:
            return f"{where} raised {error.ename}: {error.evalue}"
        case DeadKernelError():
            return f"{where}: the kernel died (out of memory, perhaps)"
        case RuntimeError() as error:
            return f"{where}: {error}"
        case error:
            raise error


def _kill(manager: AsyncKernelManager, running: Future) -> None:
    """End the kernel, which may only be about to start, and with it the run."""
    while not running.done():
        process = getattr(manager.provisioner, "process", None)
        if process is not None:
            process.kill()
        wait([running], timeout=0.2)


def _earlier(target: Path, key: str) -> Run | None:
    """Return an earlier run that was made from the very same things, if there is one."""
    try:
        notebook = nbformat.read(target, as_version=4)
    except (OSError, ValueError):
        return None
    page, made = target.with_suffix(".html"), notebook.metadata.get("sercourse", {})
    if made.get("key") != key or not page.exists():
        return None
    return Run(target.stem, made["seconds"], page, _headline(notebook), False)


def _key(path: Path, corpus: str) -> str:
    """Digest of the lesson, the package with its measured results, the corpus and all versions."""
    package = Path(__file__).parent
    digest = hashlib.sha256(corpus.encode())
    for file in [path, *sorted(file for file in package.rglob("*") if file.suffix in (".py", ".csv"))]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    if (folder := corpora.find(corpus)) is not None:
        for file in corpora.scan(corpus).manifest["path"]:
            status = os.stat(file)
            digest.update(f"{folder} {file} {status.st_size} {status.st_mtime_ns}\n".encode())
    installed = {each.name: each.version for each in importlib.metadata.distributions()}
    digest.update(repr(sorted(installed.items())).encode())
    return digest.hexdigest()


def _drop_empty_output(notebook) -> None:
    """Remove what progress bars leave behind when they have wiped themselves out."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("text", "something").strip()]


def _headline(notebook) -> str:
    tagged = [cell for cell in notebook.cells if HEADLINE in cell.metadata.get("tags", ())]
    outputs = [output for cell in tagged for output in cell.get("outputs", ())]
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]
    return "\n".join(text.strip() for text in texts if text.strip())


def _page(notebook, name: str) -> str:
    left_out = Config(TagRemovePreprocessor={"enabled": True, "remove_cell_tags": ["remove-cell"]})
    options = {"embed_images": True, "exclude_input_prompt": True, "exclude_output_prompt": True}
    exporter = HTMLExporter(config=left_out, **options)
    return exporter.from_notebook_node(notebook, resources={"metadata": {"name": name}})[0]
