"""What stands on the live demo's page: a recorder, the answer, and what the recognizer is."""

import functools
from pathlib import Path

import ipywidgets

from sercourse import audio, corpora
from sercourse.corpora.manifest import EMOTIONS
from sercourse.errors import AudioError, LiveError
from sercourse.live import telling
from sercourse.live.asking import Client
from sercourse.live.messages import LONGEST
from sercourse.widgets import Recorded, Recorder, Uploaded

SECONDS = 30.0
"""Length of a recording by microphone, at most."""

MEGABYTES = 20.0
"""Size of an upload, at most."""

PLAYED = 22_050
"""Rate in Hz at which a sound is sent back to be listened to."""

_HERE = Path(__file__)
_CSS = "".join(
    path.read_text("utf-8")
    for path in (_HERE.parents[1] / "widgets" / "labeller.css", _HERE.with_suffix(".css"))
)


class Demo(ipywidgets.VBox):
    """Record, upload or choose a sound, and read what a recognizer says of it; lesson 17.

    Sound stays in the memory of this kernel and of the process that predicts, and is forgotten with the next
    one. Nothing is written to disk.

    Parameters
    ----------
    client : Client, optional
        By default that of the process that `sercourse demo` has started; where there is none, one is started
        with the default bundle, and ends with this kernel.
    """

    def __init__(self, client: Client | None = None):
        self._client = client or Client.from_environment() or _own_client()
        self.about = self._client.about()
        self._examples = examples(self.about)
        self.recorder = Recorder(list(self._examples), seconds=SECONDS, megabytes=MEGABYTES)
        self.result = ipywidgets.HTML()
        self.recorder.on_sound(self.hear)
        self.recorder.on_example(self.hear_example)
        facts = ipywidgets.HTML(f"<style>{_CSS}</style>{telling.facts(self.about)}")
        super().__init__([self.recorder, self.result, facts])
        self.add_class("demo-page")

    def hear(self, sound: Recorded | Uploaded) -> str:
        """Answer for a sound, and show it.

        Returns
        -------
        str
            The answer, as it is told on the page.

        Raises
        ------
        LiveError
            It cannot be used, or the process does not answer; says why.
        """
        self.result.value = ""  # what stood there was said of another sound
        if isinstance(sound, Recorded):
            return self._show("Your recording", sound.samples, sound.rate)
        return self._show(sound.name, *_decoded(sound.name, sound.content))

    def hear_example(self, name: str) -> str:
        """Answer for an example, and show it; see `hear`."""
        self.result.value = ""
        return self._show(f"Synthetic voice, meant to be {name}", *audio.read(self._examples[name]))

    def _show(self, title: str, samples, rate: int) -> str:
        answer, over_time = self._client.answer(samples, rate)
        small = audio.resample(samples, rate, PLAYED) if rate > PLAYED else samples
        self.result.value = telling.result(title, small, min(rate, PLAYED), answer, over_time, self.about)
        return f"Answer: {telling.verdict(answer)}. More below."

    def _repr_mimebundle_(self, **kwargs):
        # A page without a kernel shows the recorder's picture, a terminal its text.
        shown = super()._repr_mimebundle_(**kwargs)
        still, _ = self.recorder._repr_mimebundle_()
        return shown | {name: still[name] for name in ("text/plain", "text/html")}


def examples(about: dict) -> dict[str, Path]:
    """Return a recording of each emotion, by its name.

    They are spoken by one synthetic voice that the recognizer has not been trained on: strong, where an
    emotion has intensities.
    """
    rows = corpora.load("demo")
    if about["corpus"] == "demo":
        rows = rows[rows["speaker"].isin(about["test_speakers"])]
    rows = rows[rows["speaker"] == rows["speaker"].min()]
    rows = rows.sort_values(["intensity", "recording_id"], ascending=[False, True])
    chosen = rows.drop_duplicates("emotion").set_index("emotion")["path"]
    return {name: Path(chosen[name]) for name in EMOTIONS if name in chosen.index}


def _decoded(name: str, content: bytes):
    try:
        samples, rate = audio.read(name, seconds=LONGEST + 1, content=content)
    except AudioError as error:
        raise LiveError(f"{error.reason[:1].upper()}{error.reason[1:]}. Choose another file.") from error
    if len(samples) > LONGEST * rate:
        raise LiveError(f"This sound lasts over {LONGEST:g} s. Cut it, and choose it again.")
    return samples, rate


@functools.cache
def _own_client() -> Client:
    from sercourse.live.process import start

    return start().client()
