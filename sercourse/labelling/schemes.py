"""Schemes: the labels that raters choose from, and what each means in the course's common emotions."""

from dataclasses import dataclass

from sercourse.corpora.manifest import EMOTIONS
from sercourse.errors import ManifestError


@dataclass(frozen=True)
class Scheme:
    """A set of labels in a fixed order.

    Attributes
    ----------
    name : str
    labels : tuple of str
        In the order of buttons, of tables, and of the numbers in Report A's JSON.
    emotions : dict of str to str
        For each label one of `sercourse.corpora.manifest.EMOTIONS`.

    Raises
    ------
    ManifestError
        A label stands there twice, or has none of the common emotions.
    """

    name: str
    labels: tuple[str, ...]
    emotions: dict[str, str]

    def __post_init__(self):
        if not self.labels or len(set(self.labels)) < len(self.labels):
            raise ManifestError(f"scheme {self.name}: labels {self.labels}; give each label once")
        for label in self.labels:
            if self.emotions.get(label) not in EMOTIONS:
                raise ManifestError(
                    f"scheme {self.name}: label {label!r} stands for {self.emotions.get(label)!r}; "
                    f"choose one of {', '.join(EMOTIONS)}"
                )


_REPORT_A = {"happy": "happy", "sad": "sad", "anger": "angry", "disgust": "disgust", "shock": "surprised"}

SCHEMES = {
    # Report A [S]: five classes. [G] its order, and that shock is what other corpora call surprise.
    "report_a": Scheme("report_a", tuple(_REPORT_A), _REPORT_A),
    "common": Scheme("common", EMOTIONS, {emotion: emotion for emotion in EMOTIONS}),
}
