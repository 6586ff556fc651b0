"""Where a number in prose may come from, and what can be checked about it."""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import astuple
from functools import cache
from pathlib import Path

from sercourse import features
from sercourse.lint.lesson import Lesson, nodes
from sercourse.lint.pointers import BIBLIOGRAPHY, bibliography
from sercourse.networks import network
from sercourse.reports import published

_DIGITS = re.compile(r"[\d,]*\.?\d+(?:e-?\d+)?")
_OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def doubt(value: str, source: str, lesson: Lesson) -> str | None:
    """Say what is wrong with the source of a value; None where nothing is.

    Parameters
    ----------
    value : str
        As the prose prints it, such as ``99.3 %``.
    source : str
        One of the `KINDS`.
    lesson : Lesson
    """
    for pattern, check in KINDS.items():
        if found := re.fullmatch(pattern, source, re.DOTALL):
            return check(value, found, lesson)
    return (
        "begin the source with `Report E [S]`, `reference: key`, `corpus: …`, `manual: …`, `definition: …`, "
        "`arithmetic: …`, `cell id` or `example: …`; a measured number is shown from a variable instead"
    )


def _report(value: str, found: re.Match, lesson: Lesson) -> str | None:
    """What a report states is among its figures; what is derived or guessed is not always."""
    letter, mark = found[1], found[2]
    if mark != "S" or _among(value, _stated(letter)):
        return None
    return f"Report {letter} states no such figure; look into `sercourse.reports`, or mend the mark"


def _reference(value: str, found: re.Match, lesson: Lesson) -> str | None:
    known = bibliography(lesson.path.parent)
    return None if known is None or found[1] in known else f"{BIBLIOGRAPHY} has no entry {found[1]}"


def _cell(value: str, found: re.Match, lesson: Lesson) -> str | None:
    """The number stands in the code of the cell."""
    cells = [cell for cell in lesson.code if cell.id == found[1]]
    if not cells:
        return "there is no code cell of this name"
    constants = [node.value for node in nodes(cells[0]) if isinstance(node, ast.Constant)]
    written = {float(number) for number in constants if isinstance(number, (int, float))}
    return None if written & set(_read(value)) else "that cell's code does not hold the number"


def _arithmetic(value: str, found: re.Match, lesson: Lesson) -> str | None:
    try:
        result = _calculated(ast.parse(found[1].strip(), mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, TypeError) as error:
        return f"cannot be calculated ({error}); write numbers, + - * / **, and functions of Python's math"
    if _rounds_to(value, result):
        return None
    return f"the result is {result:.6g}"


def _words(value: str, found: re.Match, lesson: Lesson) -> str | None:
    return None if len(found[1].split()) > 1 else "say it in some words"


KINDS: dict[str, Callable[[str, re.Match, Lesson], str | None]] = {
    r"Report ([A-E]) \[([SDG])\](?:: .+)?": _report,
    r"reference: ([^\s:]+)(?:: .+)?": _reference,
    r"(?:corpus|manual|definition|example): (.+)": _words,
    r"arithmetic: (.+)": _arithmetic,
    r"cell ([\w-]+)(?:: .+)?": _cell,
}
"""Each kind of source as it is written, and what is checked: ``check(value, match, lesson)``."""


def _calculated(node: ast.expr) -> float:
    """Return the value of an expression of numbers and functions of `math`."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.BinOp(left, operation, right) if type(operation) in _OPERATIONS:
            return _OPERATIONS[type(operation)](_calculated(left), _calculated(right))
        case ast.UnaryOp(ast.USub(), operand):
            return -_calculated(operand)
        case ast.Name(name) if isinstance(getattr(math, name, None), float):
            return getattr(math, name)
        case ast.Call(ast.Name(name), arguments, []) if callable(getattr(math, name, None)):
            return getattr(math, name)(*map(_calculated, arguments))
    raise ValueError(f"not {ast.unparse(node)}")


def _rounds_to(value: str, result: float) -> bool:
    """Whether a result, or as a percentage, is printed so: rounded or cut at the digits that stand there."""
    if not (meant := _read(value)):
        return True  # in words
    mantissa, _, power = _DIGITS.search(value)[0].partition("e")
    step = 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))
    shares = (result, 100 * result) if len(meant) > 1 else (result,)
    above = [abs(each) - meant[0] for each in shares]
    return any(-step / 2 * (1 + 1e-9) <= each < step * (1 - 1e-9) for each in above)


def _read(value: str) -> tuple[float, ...]:
    """Return what a printed number means: itself, a percentage as a share too; nothing if it is in words."""
    found = _DIGITS.search(value)
    if found is None:
        return ()
    number = float(found[0].replace(",", ""))
    return (number, number / 100) if re.search("%|per", value) else (number,)


def _among(value: str, written: Iterable[str | float]) -> bool:
    return any(_rounds_to(value, float(each)) for each in written)


@cache
def _stated(letter: str) -> tuple[str, ...]:
    """Return all figures that the course has of a report: module, tables, networks, recipes."""
    report = published.REPORTS[letter]
    folder = Path(published.__file__).parent
    files = [folder / f"report_{letter.lower()}.py", *sorted(folder.glob(f"{letter.lower()}_*.csv"))]
    texts = [file.read_text(encoding="utf-8") for file in files]
    for name in report.networks:
        known = network(name)
        texts += [*map(str, known.facts), repr(astuple(features.recipe(known.recipe)))]
    return tuple(re.findall(r"\d*\.?\d+(?:e-\d+)?", " ".join(texts)))
