"""Pages of the package: one a room, with what it says of itself and its public names."""

import importlib
import inspect
import re
import textwrap
from functools import cache
from pathlib import Path
from types import ModuleType

import pandas as pd
from sphinx.pycode import ModuleAnalyzer

from sercourse import settings
from sercourse.site import markdown
from sercourse.site.docstrings import with_own_footnotes

_ROOMS = re.compile(r"^\| (`\w+/?`(?:, `\w+/?`)*) \| (.+) \|$", re.MULTILINE)


def rooms() -> dict[str, str]:
    """Return the rooms of the package and what each knows, by the table in ``CONTRIBUTING.md``."""
    text = (settings.LESSONS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("| room | what it knows |")[1].split("\n\n")[0]
    return {name: knows for names, knows in _ROOMS.findall(table) for name in re.findall(r"`(\w+)/?`", names)}


def pages() -> dict[str, str]:
    """Return Markdown by the file's name in the folder ``api``."""
    known = rooms()
    return {"index.md": overview(known)} | {f"{name}.md": room_page(name) for name in known}


def overview(known: dict[str, str]) -> str:
    """Return the page that lists the rooms."""
    rows = [{"room": f"[`{name}`]({name}.md)", "what it knows": knows} for name, knows in known.items()]
    names = "\n".join(known)
    return (
        "# The package\n\nThe lessons import `sercourse`. A part of it is called a room here; a room imports "
        "only rooms that stand above it in this table. Each page lists what a room offers; modules inside a "
        "room that offer nothing of their own are named in the table only.\n\n"
        f"{markdown.table(pd.DataFrame(rows), ready=['room', 'what it knows'])}\n"
        f"```{{toctree}}\n:hidden:\n\n{names}\n```\n"
    )


def room_page(name: str) -> str:
    """Return a room's page: a directive for each public name, under the module that it comes from."""
    room = importlib.import_module(f"sercourse.{name}")
    if not hasattr(room, "__path__"):
        return f"# {name}\n\n{_evaluated(_whole(room))}"
    by_module: dict[str, list[str]] = {}
    for each in room.__all__:
        by_module.setdefault(_origin(room, each), []).append(each)
    parts = [f"# {name}\n", _evaluated(f".. automodule:: {room.__name__}\n")]
    for module in sorted(by_module):
        if module != room.__name__:
            parts.append(f"## {module.removeprefix(room.__name__ + '.')}\n")
        parts.append(_evaluated(_part(room, module, sorted(by_module[module]))))
    return "\n".join(parts)


def _evaluated(directives: str) -> str:
    return f"```{{eval-rst}}\n{directives}```\n"


def _part(room: ModuleType, module: str, names: list[str]) -> str:
    """Return the directives for what a room offers of one of its modules."""
    short = module.removeprefix(f"{room.__name__}.")
    if short in names and isinstance(whole := getattr(room, short), ModuleType):
        return _whole(whole)  # the module itself is offered, with all that is in it
    directives = [_directive(room, each, module) for each in names]
    if module != room.__name__:
        directives.insert(0, f".. automodule:: {module}\n   :no-index:\n")
    return "\n".join(directives)


def _whole(module: ModuleType) -> str:
    """Return the directives for a module and all its public names; of a room inside a room, its text only."""
    own = module.__name__
    named = [name for name, what in vars(module).items() if getattr(what, "__module__", "") == own]
    names = [*named, *_constants(module).get(own, {})]
    public = [name for name in dict.fromkeys(names) if not name.startswith("_")]
    shown = [] if hasattr(module, "__path__") else public
    head = f".. automodule:: {own}\n"
    return "\n".join([head, *(_directive(module, each, own) for each in shown)])


def _origin(room: ModuleType, name: str) -> str:
    """Return the name of the module in which a public name of a room is written."""
    what = getattr(room, name)
    if isinstance(what, ModuleType):
        return what.__name__
    if inspect.isclass(what) or inspect.isfunction(what):
        return what.__module__
    return next((module for module, found in _constants(room).items() if name in found), room.__name__)


def _directive(room: ModuleType, name: str, module: str) -> str:
    """Return the directive that documents one public name."""
    what, full = getattr(room, name), f"{room.__name__}.{name}"
    if inspect.isclass(what):
        fields = getattr(what, "_fields", ())  # a named tuple's docstring has them already
        excluded = f"   :exclude-members: {', '.join(fields)}\n" if fields else ""
        return f".. autoclass:: {full}\n   :members:\n{excluded}"
    if callable(what):
        return f".. autofunction:: {full}\n"
    # Not by autodata: it would show the value, and with it paths of the machine that builds the site.
    text = with_own_footnotes(_constants(room).get(module, {}).get(name, ""), full, module)
    return f".. py:data:: {name}\n   :module: {room.__name__}\n\n{textwrap.indent(text, '   ')}\n"


@cache
def _constants(room: ModuleType) -> dict[str, dict[str, str]]:
    """Return the texts that stand under constants, by module and name. Nothing is imported."""
    file, found = Path(room.__file__), {}
    for path in sorted(file.parent.rglob("*.py")) if hasattr(room, "__path__") else [file]:
        inner = path.relative_to(file.parent).with_suffix("").parts if hasattr(room, "__path__") else ()
        module = ".".join([room.__name__, *(part for part in inner if part != "__init__")])
        comments = ModuleAnalyzer.for_file(path, module).find_attr_docs()
        found[module] = {name: "\n".join(lines) for (scope, name), lines in comments.items() if not scope}
    return found
