"""Values on their way between a student's kernel and the process that marks: as JSON, never as pickle.

A pickle can run code where it is opened. JSON cannot. Numbers, texts, arrays, data frames and containers of
them travel by value. Anything else, such as a function or a network, stays in the kernel: what travels is a
number for it, and what is asked of it is asked there.
"""

import base64
import json
from collections import namedtuple
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

KINDS = "biufcUSmM"
"""Kinds of arrays that travel as bytes: numbers, texts, times. Objects do not."""

_PLAIN = (bool, int, float, str, type(None))
_CONTAINERS = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}


class Held(NamedTuple):
    """What stays in the kernel: its number there, and a word about it."""

    number: int
    kind: str


def refuse(value: Any) -> int:
    """Say that a value cannot travel.

    Raises
    ------
    TypeError
    """
    raise TypeError(f"{type(value).__name__} cannot be sent to a student's kernel; send numbers or texts")


def encode(value: Any, hold: Callable[[Any], int] = refuse) -> Any:
    """Return a value as what JSON can write.

    Parameters
    ----------
    value
        Numbers, texts, arrays, data frames, containers of them.
    hold : callable
        Takes anything else, and returns the number it has in the kernel.

    Raises
    ------
    TypeError
        Something else, and no `hold`.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {"named": [type(value).__name__, list(value._fields), [encode(each, hold) for each in value]]}
    for name, kind in _CONTAINERS.items():
        if type(value) is kind:
            return {name: [encode(each, hold) for each in value]}
    if type(value) is dict:
        return {"dict": [[encode(key, hold), encode(each, hold)] for key, each in value.items()]}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in KINDS:
        array = np.ascontiguousarray(value)
        data = base64.b64encode(array.tobytes()).decode()
        return {"array": [data, array.dtype.str, list(np.shape(value)), isinstance(value, np.generic)]}
    if isinstance(value, np.ndarray):
        return {"objects": [encode(value.tolist(), hold)]}
    if isinstance(value, pd.Series | pd.Index):
        frame = value.to_frame(name="value") if isinstance(value, pd.Series) else pd.DataFrame(index=value)
        return {"column": [encode(frame, hold), encode(value.name, hold), isinstance(value, pd.Series)]}
    if isinstance(value, pd.DataFrame):
        columns = [[encode(name, hold), _column(value[name], hold)] for name in value.columns]
        return {"frame": [columns, _column(value.index.to_series(), hold), encode(value.index.name, hold)]}
    if value is pd.NA:
        return {"missing": []}
    return {"held": [hold(value), type(value).__name__]}


def decode(said: Any, held: Callable[[Held], Any] = lambda each: each) -> Any:
    """Return the value that `encode` wrote.

    Parameters
    ----------
    said
        What JSON read.
    held : callable
        Gives what stands in the place of a value that stayed in the kernel.
    """
    if not isinstance(said, dict):
        return said

    def read(part: Any) -> Any:
        return decode(part, held)

    ((kind, parts),) = said.items()
    if kind == "named":
        name, fields, values = parts
        return namedtuple(name, fields)(*map(read, values))
    if kind in _CONTAINERS:
        return _CONTAINERS[kind](map(read, parts))
    if kind == "dict":
        return {read(key): read(each) for key, each in parts}
    if kind == "array":
        data, dtype, shape, scalar = parts
        if np.dtype(dtype).kind not in KINDS:
            raise ValueError(f"an array of {dtype} cannot be read")
        array = np.frombuffer(base64.b64decode(data), dtype).reshape(shape).copy()
        return array[()] if scalar else array
    if kind == "objects":
        values = read(parts[0])
        array = np.empty(len(values), object)
        array[:] = values
        return array
    if kind == "column":
        frame, name, series = read(parts[0]), read(parts[1]), parts[2]
        return frame["value"].rename(name) if series else frame.index.rename(name)
    if kind == "frame":
        columns, index, name = parts
        index = pd.Index(_read_column(index, read), name=read(name))
        return pd.DataFrame({read(key): _read_column(each, read) for key, each in columns}, index=index)
    if kind == "missing":
        return pd.NA
    return held(Held(*parts))


def _column(values: pd.Series, hold: Callable[[Any], int]) -> list:
    """Return a column: its values and, where pandas has a type of its own, the type's name."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in KINDS:
        return [encode(values.to_numpy(), hold), ""]
    own = str(values.dtype) if str(values.dtype) in ("string", "str", "category", "boolean", "Int64") else ""
    return [encode(values.astype(object).tolist(), hold), own]


def _read_column(said: list, read: Callable[[Any], Any]) -> Any:
    values, own = read(said[0]), said[1]
    return pd.array(values, dtype=own) if own else values


class Desk:
    """Answers in the student's kernel what the marking process asks of it."""

    def __init__(self, namespace: dict):
        self._namespace = namespace
        self._held: list[Any] = []

    def answer(self, question: str) -> str:
        """Do what is asked, and return what came of it, as JSON.

        Parameters
        ----------
        question : str
            JSON: ``[operation, target, arguments, keywords]``. The operation is ``name``, ``call``, ``get``,
            ``item``, ``length`` or ``array``; the target is a name, or a number that `encode` gave.
        """
        operation, target, arguments, keywords = json.loads(question)
        try:
            brought = (decode(each, self._kept) for each in (arguments, keywords))
            value = self._do(operation, target, *brought)
            return json.dumps({"value": encode(value, self._hold)})
        except BaseException as error:
            names = [each.__name__ for each in type(error).__mro__]
            return json.dumps({"error": [names, str(error)]})

    def _do(self, operation: str, target: str | int, arguments: Any, keywords: Any) -> Any:
        if operation == "name":
            return self._namespace[target]
        held = self._held[target]
        if operation == "call":
            return held(*arguments, **keywords)
        if operation == "get":
            return getattr(held, *arguments)
        if operation == "item":
            return held[arguments[0]]
        return len(held) if operation == "length" else np.asarray(held)

    def _hold(self, value: Any) -> int:
        self._held.append(value)
        return len(self._held) - 1

    def _kept(self, held: Held) -> Any:
        return self._held[held.number]
