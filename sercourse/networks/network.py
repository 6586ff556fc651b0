"""What is known of a network before it is built."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

STATED, DERIVED, GUESS = "stated", "derived", "our guess"
"""Marks of a fact about a report: the report says so; it follows from what it says; it says nothing."""


class Fact(NamedTuple):
    """Something that a network is built by, and how well it is known.

    Attributes
    ----------
    mark : str
        ``stated``, ``derived`` or ``our guess``.
    text : str
    """

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.text}"


@dataclass(frozen=True)
class Network:
    """A network and the values its report gives it.

    Attributes
    ----------
    title : str
    builder : str
        ``module.function`` in this room: ``function(input_shape, n_classes, **options) -> keras.Model``.
    recipe : str
        Name of the features it reads, see `sercourse.features.recipes`.
    input_shape : tuple of int or None
        Of one utterance, arranged as the network reads it. None is a length that differs from one to another.
    reads : str
        How it wants the features, one of `READS`.
    jit : bool
        Whether XLA makes its training faster (measured on two cores).
    n_classes : int
    source : str
        The report, or the publication, that the network follows; empty for one of the course's own.
    facts : tuple of Fact
        What it is built by. Only networks of reports have some.
    options : mapping
        Given to the builder, unless `sercourse.networks.build` is given others.
    """

    title: str
    builder: str
    recipe: str
    input_shape: tuple[int | None, ...]
    reads: str
    jit: bool
    n_classes: int = 8
    source: str = ""
    facts: tuple[Fact, ...] = ()
    options: Mapping = field(default_factory=dict)


READS = {
    "frames": "a row of coefficients a frame, frame by frame",
    "coefficients": "a row of frames a coefficient, coefficient by coefficient",
    "picture": "frames and coefficients as a picture with one channel",
}
"""How a network reads features, each in words; see `sercourse.networks.arrange`."""
