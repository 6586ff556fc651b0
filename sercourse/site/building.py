"""Build the site: execute lessons, put the sources together, call Sphinx."""

import importlib.util
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import nbformat
import pandas as pd

from sercourse import lessons, settings
from sercourse.errors import SiteError
from sercourse.site import exercise_pages, lesson_pages, markdown, report_pages
from sercourse.site.folder import Folder

_NEEDED = ("sphinx", "myst_nb", "numpydoc", "sphinx_book_theme", "pybtex")

HANDWRITTEN = ("*.md", "*.svg", "*.png", "*.bib", "conf.py", "_static/*")
"""What of ``notebooks/`` the site takes as it stands, beside the lessons."""


def check_sphinx() -> None:
    """Say what to do where Sphinx or one of its extensions is missing.

    Raises
    ------
    SiteError
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        advice = "`uv sync` installs it, or `pip install -c constraints.txt --group docs`"
        raise SiteError(f"the site is made by Sphinx, and here is no {', '.join(missing)}; {advice}")


def build(folder, executed: Mapping[str, Path]) -> Path:
    """Make the site.

    Parameters
    ----------
    folder : path-like
        It gets ``source/``, which Sphinx reads, ``html/``, the site, and ``doctrees/``, by which Sphinx sees
        what has changed since the last time.
    executed : mapping of str to pathlib.Path
        Lessons with their outputs, by name, see `sercourse.lessons.run`. Other lessons are shown without.

    Returns
    -------
    pathlib.Path
        The first page.

    Raises
    ------
    SiteError
        Sphinx is not installed, or it warned; what about stands on the screen.
    """
    check_sphinx()
    from sphinx.cmd.build import build_main

    folder = Path(folder)
    source, target = folder / "source", folder / "html"
    stage(source, executed)
    options = ["-q", "-W", "--keep-going", "-b", "html", "-d", str(folder / "doctrees")]
    if build_main([*options, str(source), str(target)]):
        raise SiteError(f"{source}: Sphinx found something to mend, see above; the site is in {target}")
    for path in lessons.find():  # what the theme's button gives: the lesson as it is in the repository
        shutil.copyfile(path, target / "_sources" / path.name)
    return target / "index.html"


def stage(folder, executed: Mapping[str, Path]) -> None:
    """Put together what Sphinx reads: what is in ``notebooks/``, and the pages that are made from data.

    Parameters
    ----------
    folder : path-like
    executed : mapping of str to pathlib.Path
        As for `build`.
    """
    from sercourse.site import api_pages  # it needs Sphinx

    to = Folder(folder)
    for pattern in HANDWRITTEN:
        for file in sorted(settings.LESSONS.glob(pattern)):
            text = file.read_text(encoding="utf-8") if file.suffix == ".md" else None
            name = file.relative_to(settings.LESSONS).as_posix()
            to.write(name, file.read_bytes() if text is None else lesson_pages.with_site_links(text))
    for path in lessons.find():
        to.write(path.name, lesson_pages.lesson(path, executed.get(path.stem)))
        to.write(f"files/{path.name}", path.read_bytes())
    made = exercise_pages.pages()
    to.write("exercises/index.md", exercise_pages.overview(made))
    for page in made:
        to.write(f"exercises/{page.name}.md", page.text)
        to.write(f"exercises/files/{page.name}.ipynb", page.notebook)
    for name, text in report_pages.pages().items():
        to.write(f"reports/{name}", text)
    for name, text in api_pages.pages().items():
        to.write(f"api/{name}", text)
    to.write("parts/lessons.md", _lesson_table(made))
    to.remove_others()


def _lesson_table(made: Iterable[exercise_pages.Page]) -> str:
    by_number = {page.name.split("_")[0]: page for page in made}
    rows = []
    for path in lessons.find():
        first = lesson_pages.opening(nbformat.read(path, as_version=4).cells[0].source)
        exercise = by_number.get(first.number)
        link = f"[{exercise.opening.minutes}](exercises/{exercise.name}.md)" if exercise else ""
        rows.append(
            {
                "": path.stem.split("_")[0],
                "lesson": f"[{markdown.plain(first.title)}]({path.name})",
                "minutes": first.minutes,
                "exercise": link,
            }
        )
    return markdown.table(pd.DataFrame(rows), ready=["lesson", "exercise"])
