"""The house's first rule: a room imports only rooms that stand above it in CONTRIBUTING's table."""

import ast
import re

from conftest import ROOT

PACKAGE = ROOT / "sercourse"


def rooms():
    """Rooms in the order of the table."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("| room |")[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    return [name for cell in cells for name in re.findall(r"`(\w+)/?`", cell)]


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    """Rooms of the package that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "sercourse":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sercourse."):
            yield node.module.split(".")[1]


def files():
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE or path.stem[:2] != "__"]


def test_every_room_stands_in_the_table():
    assert {room_of(path) for path in files()} == set(rooms())


def test_a_room_imports_only_rooms_above_it():
    order = rooms()
    for path in files():
        own = order.index(room_of(path))
        below = [name for name in imported(path) if order.index(name) > own]
        assert not below, f"{path.relative_to(ROOT)} imports {below}, which stand below it"
