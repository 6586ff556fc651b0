"""What a recognizer answers, and the limits by which it holds back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NOT_SPEECH, TOO_SHORT, NOT_SURE = "not speech", "too short", "not sure"
REFUSALS = (NOT_SPEECH, TOO_SHORT, NOT_SURE)
"""Verdicts that are no emotions."""


@dataclass(frozen=True)
class Answer:
    """What a recognizer says of a sound.

    Attributes
    ----------
    verdict : str
        An emotion, or one of `REFUSALS`.
    reason : str
        Why it is that verdict, in a sentence.
    probabilities : mapping of str to float
        Of each emotion; they sum to 1. Empty where there was no speech to judge.
    confidence : float
        The highest of them; 0 where there is none.
    seconds : float
        How much of the sound was heard. Less than a second behind the last whole window is left out.
    """

    verdict: str
    reason: str
    probabilities: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    seconds: float = 0.0

    @property
    def likeliest(self) -> str | None:
        """The emotion with the highest probability, sure or not; None where there is none."""
        return max(self.probabilities, key=self.probabilities.get) if self.probabilities else None

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}"


@dataclass(frozen=True)
class Thresholds:
    """The limits by which a recognizer holds back. The first five are chosen on validation speakers.

    Attributes
    ----------
    level, voiced, change, flatness : float
        The least that speech has, see `sercourse.recognizer.speech`.
    sure : float
        The confidence from which an emotion is named.
    precision : float
        The share of right answers that `sure` was chosen for.
    shortest : float
        Seconds; shorter sounds are too short.
    clipped : float
        Share of samples at the loudest value from which a sound counts as overdriven. Untouched speech is
        there for less than a thousandth of the time.
    """

    level: float = -60.0
    voiced: float = 0.1
    change: float = 3.0
    flatness: float = -30.0
    sure: float = 0.0
    precision: float = 0.7
    shortest: float = 0.5
    clipped: float = 0.01
