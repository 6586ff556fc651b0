"""Where corpora are looked for, where things are written, and which corpus a lesson uses.

Three environment variables say it all:

``SERCOURSE_DATA``
    One or several folders (separated as in ``PATH``) that hold corpora by name, such as
    ``<folder>/ravdess``. They are only read.
``SERCOURSE_HOME``
    The folder for downloads, the demo corpus and caches. By default the platform's
    folder for user data.
``SERCOURSE_CORPUS``
    The corpus that the lessons use. By default ``demo``.
"""

import os
import tomllib
from pathlib import Path

from platformdirs import user_data_path

DEFAULT_CORPUS = "demo"

LESSONS = Path(__file__).resolve().parents[1] / "notebooks"
"""The folder of the lessons in a clone of the repository."""


def repository() -> str:
    """Return the address of the course's repository, as set in its ``pyproject.toml``; empty if it is not."""
    project = LESSONS.parent / "pyproject.toml"
    if not project.exists():
        return ""
    tools = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {})
    return tools.get("sercourse", {}).get("repository", "").rstrip("/")


def home() -> Path:
    """Return the folder that downloads, the demo corpus and caches are written to."""
    named = os.environ.get("SERCOURSE_HOME", "").strip()
    return _folder(named) if named else user_data_path("sercourse", appauthor=False)


def data_folders() -> list[Path]:
    """Return the folders in which corpora are looked for, in that order.

    First the folders that ``SERCOURSE_DATA`` names, then `home`.
    """
    named = [part.strip() for part in os.environ.get("SERCOURSE_DATA", "").split(os.pathsep)]
    return [_folder(part) for part in named if part] + [home()]


def corpus() -> str:
    """Return the name of the corpus that the lessons use."""
    return os.environ.get("SERCOURSE_CORPUS", "").strip() or DEFAULT_CORPUS


def as_environment(corpus_name: str | None = None) -> dict[str, str]:
    """Return the settings as environment variables for another process.

    Folders are absolute, since that process may work in another folder than this one: the
    kernel of a lesson works where the lesson lies.

    Parameters
    ----------
    corpus_name : str, optional
        The corpus it is to use; by default that of this process.
    """
    return {
        "SERCOURSE_DATA": os.pathsep.join(str(folder) for folder in data_folders()[:-1]),
        "SERCOURSE_HOME": str(home()),
        "SERCOURSE_CORPUS": corpus_name or corpus(),
    }


def _folder(named: str) -> Path:
    """Make a folder that the user named absolute, and free of ``~`` and ``..``."""
    return Path(os.path.abspath(os.path.expanduser(named)))
