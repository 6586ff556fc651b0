"""Augmentations: frozen values that draw effects and apply them.

Copies of a recording differ by the augmentation's seed. What is drawn depends on the seed and the recording's
content alone, so that neither the order of the recordings nor the number of processes changes a copy.
"""

import hashlib
import inspect
from dataclasses import dataclass, replace

import numpy as np

from sercourse.augment.effects import EFFECTS
from sercourse.errors import UnknownNameError

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Augmentation:
    """A chain of effects, each drawn with replacement, all with the same chance.

    A frozen value: it can be compared, hashed and sent to another process, and its ``repr`` says all of it.

    Attributes
    ----------
    name : str
    effects : tuple of str
        Keys of `EFFECTS` to draw from.
    draws : int
        Effects in the chain, 1 to 10.
    seed : int
        0 or more. Another seed makes another copy.
    settings : tuple of (str, str, float)
        Effect, parameter and value, for parameters that are not to have their defaults:
        ``(("pitch", "semitones", 2.0),)``.

    Raises
    ------
    UnknownNameError
        An effect or a parameter is not known; lists those that are.
    ValueError
        There is no effect, or `draws` or `seed` is out of its range.

    Examples
    --------
    >>> copy = augmentation("report_b").with_seed(1)
    >>> print(copy)
    a chain of two of noise, pitch, nothing (seed 1)
    """

    name: str
    effects: tuple[str, ...]
    draws: int = 1
    seed: int = 0
    settings: tuple[tuple[str, str, float], ...] = ()

    def __post_init__(self):
        # NumPy's numbers print otherwise than Python's, and a cache key is made of what is printed.
        plain = {
            "effects": tuple(self.effects),
            "draws": int(self.draws),
            "seed": int(self.seed),
            "settings": tuple((effect, parameter, float(x)) for effect, parameter, x in self.settings),
        }
        for field, value in plain.items():
            object.__setattr__(self, field, value)
        if not self.effects:
            raise ValueError(f"augmentation {self.name!r} has no effects to draw from")
        if not 1 <= self.draws < len(_NUMBERS) or self.seed < 0:
            raise ValueError(f"draws must be 1 to 10 and seed 0 or more, not {self.draws} and {self.seed}")
        for effect in self.effects:
            if effect not in EFFECTS:
                raise UnknownNameError("effect", effect, EFFECTS)
        for effect, parameter, _ in self.settings:
            if effect not in self.effects:
                raise UnknownNameError(f"effect in augmentation {self.name!r}", effect, self.effects)
            if parameter not in _parameters(effect):
                raise UnknownNameError(f"parameter of {effect}", parameter, _parameters(effect))

    def __call__(self, samples: np.ndarray, rate: int, content: str) -> np.ndarray:
        """Return an augmented copy of a recording.

        Parameters
        ----------
        samples : numpy.ndarray, shape (n_samples,)
            In [-1, 1].
        rate : int
            In Hz.
        content : str
            What tells this recording from others: the digest of its file.

        Returns
        -------
        numpy.ndarray of float32, shape (n_changed,)

        Raises
        ------
        ValueError
            The samples are no mono recording, or an effect's parameter is out of its range.
        """
        rng = self._stream(content)
        for name in rng.choice(self.effects, self.draws).tolist():
            samples = self._apply(name, samples, rate, rng)
        return samples

    def drawn(self, content: str) -> tuple[str, ...]:
        """Return the chain of effects that a recording gets."""
        return tuple(self._stream(content).choice(self.effects, self.draws).tolist())

    def with_seed(self, seed: int) -> "Augmentation":
        """Return the same augmentation, that makes another copy."""
        return replace(self, seed=seed)

    def __str__(self) -> str:
        names = ", ".join(self.effects)
        if self.draws > 1:
            names = f"a chain of {_NUMBERS[self.draws]} of {names}"
        elif len(self.effects) > 1:
            names = f"one of {names}"
        changed = (f", {parameter} of {effect} {value:g}" for effect, parameter, value in self.settings)
        return f"{names}{''.join(changed)} (seed {self.seed})"

    def _stream(self, content: str) -> np.random.Generator:
        digest = hashlib.sha256(content.encode()).digest()
        return np.random.default_rng([self.seed, int.from_bytes(digest, "little")])

    def _apply(self, name: str, samples: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
        effect = EFFECTS[name]
        given = {"rate": rate, "rng": rng}
        wanted = {key: given[key] for key in inspect.signature(effect).parameters if key in given}
        own = {parameter: value for its, parameter, value in self.settings if its == name}
        return effect(samples, **wanted, **own)


def _parameters(effect: str) -> list[str]:
    """What can be set of an effect: its parameters that have a default."""
    parameters = inspect.signature(EFFECTS[effect]).parameters.values()
    return [each.name for each in parameters if each.default is not inspect.Parameter.empty]


AUGMENTATIONS: dict[str, Augmentation] = {
    made.name: made
    for made in (
        *(Augmentation(effect, (effect,)) for effect in EFFECTS),
        # Report B [S]: three examples of each recording, each a chain of two draws, with replacement.
        Augmentation("report_b", ("noise", "pitch", "nothing"), draws=2),
    )
}
"""By name: each effect alone, and Report B's chain."""


def augmentation(name: str) -> Augmentation:
    """Return an augmentation by its name.

    Raises
    ------
    UnknownNameError
        Lists the names in `AUGMENTATIONS`.
    """
    if name not in AUGMENTATIONS:
        raise UnknownNameError("augmentation", name, AUGMENTATIONS)
    return AUGMENTATIONS[name]
