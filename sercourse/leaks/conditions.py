"""The leaks by name, and a condition: which of them are switched on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sercourse.errors import UnknownNameError


class Leak(NamedTuple):
    """A way by which test rows get into training.

    Attributes
    ----------
    title : str
    leak : str
        What happens where it is switched on.
    control : str
        What happens instead where it is not, or in the size-matched control.
    switches : tuple of str
        The switches of `SWITCHES` that it consists of.
    """

    title: str
    leak: str
    control: str
    switches: tuple[str, ...]


SWITCHES = ("statements", "speakers", "augmentation", "duplicates", "scaling", "selection", "stopping")
"""What a condition can switch on, in the order of the ladder."""

CONTROLLED = ("augmentation", "duplicates", "selection", "stopping")
"""Switches whose control is something else than switching them off: copies of training rows, or a choice
made on validation speakers."""

LEAKS = {
    "statements": Leak(
        "shared sentences",
        "training speakers say the tested sentence too",
        "training speakers say the other sentence only",
        ("statements",),
    ),
    "speakers": Leak(
        "shared speakers",
        "tested speakers are in training too",
        "training speakers are others than the tested ones",
        ("speakers",),
    ),
    "augmentation": Leak(
        "augmentation before the split",
        "training holds augmented copies of test recordings",
        "as many augmented copies, of training recordings",
        ("augmentation",),
    ),
    "duplicates": Leak(
        "duplicate recordings",
        "training holds second copies of test recordings",
        "as many second copies, of training recordings",
        ("duplicates",),
    ),
    "scaling and selection": Leak(
        "scaling or selecting on the test set",
        "test rows have a say in the scaler, and choose the learning rate",
        "training rows fit the scaler; the learning rate is fixed, or validation speakers choose it",
        ("scaling", "selection"),
    ),
    "stopping": Leak(
        "stopping on the test set",
        "training ends after the epoch that is best on the test rows",
        "training ends after a fixed epoch, or the one that is best on validation speakers",
        ("stopping",),
    ),
}
"""The six leaks by name, in the order of the ladder."""

SHARE = 0.8
"""Of the test recordings have a second copy, or an augmented one, in training where such copies leak: what a
random five-fold split of a corpus gives in which every recording stands twice."""

TWINS = ("exact", "soundtrack")
"""What a second copy is: the same samples, or the sound of a video, encoded with loss."""


@dataclass(frozen=True)
class Condition:
    """Which leaks are switched on.

    Parameters
    ----------
    on : iterable of str
        Names of `LEAKS` or of `SWITCHES`.
    controlled : iterable of str
        Names of `CONTROLLED` whose control takes their place.
    every_twin : bool
        All test recordings have their second copy in training, not only the share of `SHARE`.
    twins : str
        One of `TWINS`.

    Raises
    ------
    UnknownNameError
        A name is not known.
    ValueError
        A switch is on and controlled at once.

    Examples
    --------
    >>> print(Condition())
    honest
    >>> print(Condition(on=["speakers", "statements", "scaling and selection"]))
    statements + speakers + scaling and selection
    >>> print(Condition(controlled=["duplicates"]))
    control of duplicates
    """

    on: frozenset[str] = frozenset()
    controlled: frozenset[str] = frozenset()
    every_twin: bool = False
    twins: str = "exact"

    def __post_init__(self):
        object.__setattr__(self, "on", _switches(self.on))
        object.__setattr__(self, "controlled", frozenset(self.controlled))
        for name in self.controlled:
            if name not in CONTROLLED:
                raise UnknownNameError("leak with a control of its own", name, CONTROLLED)
        if self.twins not in TWINS:
            raise UnknownNameError("kind of second copy", self.twins, TWINS)
        both = sorted(self.on & self.controlled)
        if both:
            raise ValueError(f"{both[0]!r} is switched on and controlled; it is one or the other")

    @property
    def data(self) -> "Condition":
        """What concerns the training rows and the scaler, without what is chosen afterwards."""
        chosen = {"selection", "stopping"}
        return Condition(self.on - chosen, self.controlled - chosen, self.every_twin, self.twins)

    def active(self, switch: str) -> bool:
        """Return whether a switch is on, or controlled."""
        return switch in self.on or switch in self.controlled

    def __str__(self) -> str:
        words = [self._word(name) for name in _leaks(self.on)]
        words += [f"control of {self._word(name)}" for name in SWITCHES if name in self.controlled]
        return " + ".join(words) or "honest"

    def _word(self, name: str) -> str:
        if name != "duplicates":
            return name
        words = ["all"] * self.every_twin + [name] + [f"({self.twins})"] * (self.twins != "exact")
        return " ".join(words)


def _switches(names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in [names] if isinstance(names, str) else names:
        if name not in LEAKS and name not in SWITCHES:
            raise UnknownNameError("leak", name, {*LEAKS, *SWITCHES})
        found |= set(LEAKS[name].switches) if name in LEAKS else {name}
    return frozenset(found)


def _leaks(on: frozenset[str]) -> list[str]:
    """Name the leaks that switches make up; a part of one by its own name."""
    words = []
    for name, leak in LEAKS.items():
        whole = on.issuperset(leak.switches)
        words += [name] if whole else [switch for switch in leak.switches if switch in on]
    return words
