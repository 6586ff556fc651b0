"""The protocol: what was tested on what, said in one sentence, and done by the same value that says it.

A score without a protocol cannot be read. "80 %" on a random split and "80 %" on unseen speakers are two
claims. Therefore a `Protocol` does three things: it makes the folds, it prints itself, and it fills the
columns ``protocol`` and ``normalisation`` of a measured result. So the sentence and the folds cannot
disagree. Lesson 05 introduces it, and it is used from there on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import splits
from sercourse.errors import UnknownNameError
from sercourse.evaluation import metrics
from sercourse.splits import Fold


class Outer(NamedTuple):
    """A way to split a corpus for testing.

    Attributes
    ----------
    words : str
        How the sentence and the column ``protocol`` name it.
    deal : callable
        ``deal(manifest, seed) -> list of Fold``.
    drawn : bool
        Whether the seed draws the folds. Folds of unseen speakers are the same for all seeds, as the
        published ones are, so that seeds differ in training alone.
    """

    words: str
    deal: Callable[[pd.DataFrame, int], list[Fold]]
    drawn: bool = False


class Inner(NamedTuple):
    """A way to split the training rows of an outer fold again, to choose settings or to stop training.

    Attributes
    ----------
    words : str
    deal : callable
        ``deal(manifest, rows, seed) -> list of Fold``.
    """

    words: str
    deal: Callable[[pd.DataFrame, np.ndarray, int], list[Fold]]


def _random(n_folds: int, number: str) -> Outer:
    return Outer(
        f"random, stratified {number}-fold",
        lambda manifest, seed: splits.unsafe_random(manifest, n_folds, seed),
        drawn=True,
    )


def _unseen(by: str, n_folds: int, number: str) -> Outer:
    return Outer(f"unseen {by}s, {number} folds", lambda manifest, seed: splits.unseen(manifest, by, n_folds))


def _speakers(n_folds: int, number: str) -> Inner:
    return Inner(
        f"{number} folds of the training speakers",
        lambda manifest, rows, seed: splits.inner(manifest, rows, "speaker", n_folds, seed),
    )


def _held_out(by: str, called: str) -> Inner:
    return Inner(
        f"a fifth of the training {called}, held out",
        lambda manifest, rows, seed: [Fold(*splits.hold_out(manifest, rows, by, 0.2, seed))],
    )


def _two_actresses(words: str, deal: Callable[[pd.DataFrame, int], list[Fold]], drawn: bool = False) -> Outer:
    """Split TESS's two actresses, whoever else the corpus has: Report E has no others."""

    def dealt(manifest, seed):
        own = np.flatnonzero(manifest["speaker"].str.endswith(("OAF", "YAF")))
        folds = deal(manifest.iloc[own].reset_index(drop=True), seed)
        return [Fold(own[train], own[test]) for train, test in folds]

    return Outer(words, dealt, drawn)


OUTER = {
    "random four": _random(4, "four"),
    "random five": _random(5, "five"),
    "random six": _random(6, "six"),
    "published five": Outer(
        "unseen actors, published five folds", lambda manifest, seed: splits.published_five(manifest)
    ),
    "emobox six": Outer(
        "unseen actors, EmoBox's six folds", lambda manifest, seed: splits.emobox_six(manifest)
    ),
    "unseen speakers four": _unseen("speaker", 4, "four"),
    "unseen speakers five": _unseen("speaker", 5, "five"),
    "unseen speakers six": _unseen("speaker", 6, "six"),
    "unseen statements two": _unseen("statement", 2, "two"),
    "leave one speaker out": Outer(
        "unseen speakers, one left out at a time",
        lambda manifest, seed: splits.leave_one_speaker_out(manifest),
    ),
    "actresses random": _two_actresses(
        "random, two stratified halves",
        lambda rows, seed: splits.unsafe_random(rows, n_folds=2, seed=seed),
        drawn=True,
    ),
    "actresses, unseen words": _two_actresses(
        "unseen words of both actresses, two folds", lambda rows, seed: splits.unseen(rows, "statement", 2)
    ),
    "the other actress": _two_actresses(
        "the other actress, two folds", lambda rows, seed: splits.unseen_speakers(rows, n_folds=2)
    ),
    "the other actress, unseen words": _two_actresses(
        "the other actress with unseen words, two folds by two",
        lambda rows, seed: splits.unseen_speakers_and_statements(rows, 2, 2),
    ),
    "unseen speakers and statements": Outer(
        "unseen speakers with unseen statements, five folds by two",
        lambda manifest, seed: splits.unseen_speakers_and_statements(manifest, 5, 2),
    ),
}
"""The ways to make outer folds, by name."""

INNER = {
    "speakers three": _speakers(3, "three"),
    "speakers five": _speakers(5, "five"),
    "speakers held out": _held_out("speaker", "speakers"),
    "recordings held out": _held_out("recording_id", "recordings"),
}
"""The ways to make inner folds, by name."""

NORMALISATION = {
    "none": "features are not normalised by speaker",
    "enrolment": "features are normalised by enrolment recordings of each speaker",
    "transductive": "features are normalised by all recordings of each speaker, tested ones too, unlabelled",
}
"""The three claims about normalisation, see `sercourse.training.normalise_speakers`. Report them apart."""

_METRIC_NAMES = {"uar": "UAR", "macro_f1": "macro-F1", "accuracy": "accuracy"}


@dataclass(frozen=True)
class Protocol:
    """How a system is tested.

    Parameters
    ----------
    outer : str
        How test rows are set apart: one of `OUTER`.
    inner : str, optional
        On what settings are chosen, or training is stopped: one of `INNER`. None says that nothing was
        selected: all settings were fixed before any score was seen.
    metric : str
        One of `metrics.METRICS`; it is taken of the pooled test rows.
    normalisation : str
        One of `NORMALISATION`.
    seeds : sequence of int
        Of all that is random: weights, shuffling, and the folds where they are drawn.

    Raises
    ------
    UnknownNameError
        A name is not known.
    ValueError
        The seeds are none, not whole numbers from 0, or one stands there twice.

    Examples
    --------
    >>> print(Protocol("emobox six", seeds=[0]))
    UAR of the pooled test rows of all outer folds (unseen actors, EmoBox's six folds);
    nothing was selected, so there are no inner folds; features are not normalised by speaker;
    seed 0, for all that is random but the folds.
    """

    outer: str
    inner: str | None = None
    metric: str = "uar"
    normalisation: str = "none"
    seeds: tuple[int, ...] = (0, 1, 2)

    def __post_init__(self):
        for kind, name, known in (
            ("way to make outer folds", self.outer, OUTER),
            ("way to make inner folds", self.inner, {**INNER, None: None}),
            ("metric", self.metric, metrics.METRICS),
            ("normalisation", self.normalisation, NORMALISATION),
        ):
            if name not in known:
                raise UnknownNameError(kind, name, map(str, known))
        object.__setattr__(self, "seeds", _seeds(self.seeds))

    def __str__(self) -> str:
        outer = OUTER[self.outer]
        selected = "nothing was selected, so there are no inner folds"
        if self.inner is not None:
            selected = f"selection and early stopping used inner folds only ({INNER[self.inner].words})"
        return (
            f"{_METRIC_NAMES[self.metric]} of the pooled test rows of all outer folds ({outer.words}); "
            f"{selected}; {NORMALISATION[self.normalisation]}; {_listed(self.seeds)}, for all that is random"
            f"{', the folds too' if outer.drawn else ' but the folds'}."
        )

    @property
    def columns(self) -> dict[str, str]:
        """The columns ``protocol`` and ``normalisation`` of a measured result, see `reports.COLUMNS`.

        Metric and seed have columns of their own there.
        """
        selected = "" if self.inner is None else f", selected on {INNER[self.inner].words}"
        return {
            "protocol": f"{OUTER[self.outer].words}, pooled{selected}",
            "normalisation": self.normalisation,
        }

    def folds(self, manifest: pd.DataFrame, seed: int) -> list[Fold]:
        """Return the outer folds.

        With enrolment, take the enrolled rows out of them: `sercourse.training.not_tested`.

        Parameters
        ----------
        manifest : pandas.DataFrame
        seed : int
            One of the protocol's seeds. Only drawn folds depend on it.

        Returns
        -------
        list of Fold

        Raises
        ------
        ManifestError
            The corpus cannot be split so, see `sercourse.splits`.
        ValueError
            The protocol has no such seed.
        """
        return OUTER[self.outer].deal(manifest, self._own(seed))

    def inner_folds(self, manifest: pd.DataFrame, rows: np.ndarray, seed: int) -> list[Fold]:
        """Return the inner folds of an outer fold's training rows.

        Parameters
        ----------
        manifest : pandas.DataFrame
        rows : numpy.ndarray of int
            ``fold.train`` of an outer fold. For `sercourse.baselines.search`, which asks with the rows at
            hand: ``functools.partial(protocol.inner_folds, features.rows, seed=0)``.
        seed : int
            One of the protocol's seeds.

        Returns
        -------
        list of Fold
            Row numbers of the manifest, all out of `rows`.

        Raises
        ------
        ManifestError
            The rows cannot be split so, see `sercourse.splits.inner`.
        ValueError
            The protocol selects nothing, or has no such seed.
        """
        if self.inner is None:
            raise ValueError(
                "by this protocol nothing is selected, so it has no inner folds; "
                f"make one with inner, such as Protocol({self.outer!r}, inner='speakers five')"
            )
        return INNER[self.inner].deal(manifest, rows, self._own(seed))

    def score(self, true, predicted) -> float:
        """Return the protocol's metric of the pooled test rows; see `sercourse.evaluation.metrics`."""
        return metrics.METRICS[self.metric](true, predicted)

    def _own(self, seed: int) -> int:
        if seed not in self.seeds:
            raise ValueError(
                f"seed {seed} is not the protocol's; it says {_listed(self.seeds)}; "
                "name all seeds in the protocol, then use them"
            )
        return seed


def _seeds(seeds: Iterable[int]) -> tuple[int, ...]:
    if isinstance(seeds, int | str) or not isinstance(seeds, Iterable):
        raise ValueError(f"seeds is {seeds!r}; give several, such as (0, 1, 2), or one as (0,)")
    seeds = tuple(seeds)
    whole = all(isinstance(seed, int | np.integer) and not isinstance(seed, bool) for seed in seeds)
    if not seeds or not whole or min(seeds) < 0 or len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds are {seeds}; they are whole numbers from 0, each once, one at least")
    return tuple(int(seed) for seed in seeds)


def _listed(seeds: tuple[int, ...]) -> str:
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    return f"seeds {', '.join(map(str, seeds[:-1]))} and {seeds[-1]}"


PROTOCOLS = {"random": Protocol("random five"), "unseen": Protocol("published five")}
"""The course's own two: the unsafe one, to show what it hides, and the one to report."""
