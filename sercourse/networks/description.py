"""What a network is made of, layer by layer, and how well each of its facts is known."""

import html
import re
from dataclasses import dataclass

import pandas as pd

from sercourse.networks.network import READS, Fact
from sercourse.networks.registry import build, network


@dataclass(frozen=True)
class Description:
    """A network in words and numbers; it prints itself, in a terminal and in a notebook.

    Attributes
    ----------
    name, title : str
    source : str
        The report, or the publication, that it follows; empty for one of the course's own.
    recipe : str
        Name of the features it reads.
    reads : str
        How it reads them, in words.
    input_shape : tuple of int or None
    layers : pandas.DataFrame
        One row a layer, in order: layer (from 1), kind, shape (of its output, of one utterance), parameters.
    parameters : int
        All of them.
    facts : tuple of Fact
        What it is built by, each with its mark. Only networks of reports have some.
    """

    name: str
    title: str
    source: str
    recipe: str
    reads: str
    input_shape: tuple[int | None, ...]
    layers: pd.DataFrame
    parameters: int
    facts: tuple[Fact, ...]

    def __str__(self) -> str:
        table = self._shown().to_string(index=False)
        return "\n".join([self._heading(), *self._lines(), "", table, "", *map(str, self.facts)]).rstrip()

    def _repr_html_(self) -> str:
        lines = "".join(f"<br>{html.escape(line)}" for line in self._lines())
        facts = "".join(f"<li><em>{fact.mark}</em>: {html.escape(fact.text)}</li>" for fact in self.facts)
        return (
            f"<p><strong>{html.escape(self._heading())}</strong>{lines}</p>"
            f"{self._shown().to_html(index=False, border=0)}" + (f"<ul>{facts}</ul>" if facts else "")
        )

    def _heading(self) -> str:
        return f"{self.name}: {self.title}"

    def _lines(self) -> list[str]:
        lines = [
            f"{self.parameters:,} parameters",
            f"reads {_times(self.input_shape)} of the recipe {self.recipe}: {self.reads}",
        ]
        return [*lines, f"follows {self.source}"] if self.source else lines

    def _shown(self) -> pd.DataFrame:
        return self.layers.assign(
            shape=self.layers["shape"].map(_times), parameters=self.layers["parameters"].map("{:,}".format)
        )


def describe(
    name: str, input_shape: tuple[int | None, ...] | None = None, n_classes: int | None = None, **options
) -> Description:
    """Describe a network: its layers, their shapes and parameters, its report, and the marks of its facts.

    Parameters
    ----------
    name, input_shape, n_classes, **options
        See `sercourse.networks.build`.

    Returns
    -------
    Description

    Raises
    ------
    UnknownNameError
        No network has this name.
    """
    known = network(name)
    model = build(name, input_shape, n_classes, **options)
    rows = [
        (number, _kind(layer), tuple(layer.output.shape[1:]), layer.count_params())
        for number, layer in enumerate(_walked(model), start=1)
    ]
    return Description(
        name,
        known.title,
        known.source,
        known.recipe,
        READS[known.reads],
        tuple(model.input_shape[1:]),
        pd.DataFrame(rows, columns=["layer", "kind", "shape", "parameters"]),
        model.count_params(),
        known.facts,
    )


def _walked(model) -> list:
    """Return a model's layers but for the one that holds its input."""
    return [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]


def _kind(layer) -> str:
    """Return what a layer is, in a few words: ``LSTM, both ways``, ``Conv1D, kernel 3``."""
    kind = type(layer).__name__
    if kind == "Bidirectional":
        return f"{type(layer.forward_layer).__name__}, both ways"
    if kind == "RNN":
        return type(layer.cell).__name__
    for attribute, word in (("kernel_size", "kernel"), ("pool_size", "pool"), ("rate", "rate")):
        if hasattr(layer, attribute):
            value = getattr(layer, attribute)
            return f"{kind}, {word} {_times(value) if isinstance(value, tuple) else f'{value:g}'}"
    automatic = re.sub(r"_\d+$", "", layer.name).replace("_", "") == kind.lower()
    return kind if automatic else f"{kind} '{layer.name}'"


def _times(shape: tuple[int | None, ...]) -> str:
    """Write a shape: ``130 x 20``; ``any`` stands for a length that differs from one to another."""
    return " x ".join("any" if size is None else str(size) for size in shape)
