"""Sound from whoever looks at a page: by microphone, from a file, or an example.

The page lies in `microphone.js` and `recorder.js`, and wears `labeller.css` and `recorder.css`. It refuses
what is too large or no sound before that travels. The rest comes in pieces, since Jupyter takes no message
over 10 MiB, and stays in memory: nothing is written to disk.
"""

import html
import re
import threading
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets

from sercourse.errors import SercourseError

ENDINGS = ("wav", "flac", "ogg", "opus", "mp3", "m4a", "aac", "mp4", "webm", "aif", "aiff", "caf")
"""How names of files end that the page takes: what libsndfile and PyAV read, and browsers and phones make."""

_RATES = (3_000, 768_000)  # Hz; browsers can ask a sound card for no others
_LONGEST_NAME = 80
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")  # Unicode's controls, formats, unassigned, line breaks

_HERE = Path(__file__)
_ESM, _CSS = (
    "".join(_HERE.with_name(name).read_text("utf-8") for name in names)
    for names in (("microphone.js", "recorder.js"), ("labeller.css", "recorder.css"))
)


class Recorded(NamedTuple):
    """What a microphone heard.

    Attributes
    ----------
    samples : numpy.ndarray of float32, shape (n_samples,)
        Mono, in [-1, 1], as the sound card gave them: no noise suppression, no automatic gain.
    rate : int
        In Hz.
    """

    samples: np.ndarray
    rate: int


class Uploaded(NamedTuple):
    """A file that was chosen or dropped. It may be anything: only its name's ending and its size are checked.

    Attributes
    ----------
    name : str
        Text to be shown, see `plain_name`; escape it where it becomes part of a page.
    content : bytes
    """

    name: str
    content: bytes


class Recorder(anywidget.AnyWidget):
    """Record, upload, or choose an example, by keyboard or mouse, in JupyterLab and Voila; lesson 17.

    Parameters
    ----------
    examples : sequence of str
        Names of examples; each has a button.
    seconds : float
        A recording stops by itself after that.
    megabytes : float
        Larger files are refused; a megabyte has 1,000,000 bytes.

    Examples
    --------
    >>> recorder = Recorder(["sad", "angry"])
    >>> recorder.on_sound(lambda sound: f"{len(sound.samples) / sound.rate:.1f} s heard")
    """

    _esm = _ESM
    _css = _CSS

    examples = traitlets.List(traitlets.Unicode()).tag(sync=True)
    seconds = traitlets.Float().tag(sync=True)
    megabytes = traitlets.Float().tag(sync=True)
    endings = traitlets.List(traitlets.Unicode(), list(ENDINGS)).tag(sync=True)
    said = traitlets.Dict().tag(sync=True)
    """The last thing the page was told, and the id of the sound that it answers."""

    def __init__(self, examples: Sequence[str] = (), seconds: float = 30.0, megabytes: float = 20.0):
        if not seconds > 0 or not megabytes > 0:
            raise ValueError(f"nothing fits into {seconds} s or {megabytes} MB; give more than 0")
        self._on_sound: list[Callable] = []
        self._on_example: list[Callable] = []
        self._arriving: _Arriving | None = None
        self._one_at_a_time = threading.Lock()
        super().__init__(examples=list(examples), seconds=float(seconds), megabytes=float(megabytes))
        self.on_msg(lambda _, message, buffers: self.receive(message, buffers))

    def on_sound(self, callback: Callable[[Recorded | Uploaded], str | None]) -> None:
        """Call a function with each sound that arrives whole.

        Parameters
        ----------
        callback : callable
            Gets a `Recorded` or an `Uploaded`. What it returns is told to whoever sent the sound, and so is
            the message of a `SercourseError`.
        """
        self._on_sound.append(callback)

    def on_example(self, callback: Callable[[str], str | None]) -> None:
        """Call a function with the name of each example that is chosen; see `on_sound`."""
        self._on_example.append(callback)

    def say(self, text: str, trouble: bool = False, answered: str = "") -> None:
        """Tell something on the page.

        Parameters
        ----------
        text : str
            Shown as text, and read out by screen readers.
        trouble : bool
            Whether something went wrong.
        answered : str
            Id of the sound that is done with.
        """
        number = self.said.get("number", 0) + 1  # the page waits for a change
        self.said = {"text": text, "trouble": trouble, "id": answered, "number": number}

    def receive(self, message: dict, buffers: Sequence[memoryview] = ()) -> None:
        """Take what the page sends.

        Parameters
        ----------
        message : dict
            All have ``do`` and ``id``, the sound's own. ``{"do": "begin", "rate": 48000}`` or
            ``{"do": "begin", "name": "a.wav"}``, then ``{"do": "piece"}`` with a buffer each, then
            ``{"do": "end", "bytes": 4000}``. ``{"do": "drop"}`` takes it back.
            ``{"do": "example", "name": "sad"}`` stands alone.
        buffers : sequence of memoryview
            A piece of an upload, or float32 samples.
        """
        known = {
            "begin": self._begin,
            "piece": self._piece,
            "end": self._end,
            "drop": self._drop,
            "example": self._example,
        }
        with self._one_at_a_time:
            try:
                known[message["do"]](message, buffers)
            except SercourseError as error:
                self._refuse(message["id"], str(error))
            except Exception as error:
                self._refuse(
                    message["id"], f"This went wrong here ({type(error).__name__}). Try another sound."
                )
                raise

    def _begin(self, message: dict, buffers) -> None:
        rate = message.get("rate")
        if rate is None:
            most, what = self.megabytes * 1e6, f"This file is too large: {self.megabytes:g} MB at most."
        elif _RATES[0] <= rate <= _RATES[1]:
            most, what = 4 * np.ceil(self.seconds * rate), f"A recording has {self.seconds:g} s at most."
        else:
            self._refuse(
                message["id"], f"The microphone gives {rate} samples a second, which no sound card does."
            )
            return
        self._arriving = _Arriving(
            message["id"], rate, plain_name(str(message.get("name", ""))), int(most), what
        )

    def _piece(self, message: dict, buffers: Sequence[memoryview]) -> None:
        arriving = self._arriving
        if arriving is None or arriving.id != message["id"]:
            return  # of a sound that was refused or taken back
        # The page has checked, but a page can be changed by whoever looks at it.
        if len(arriving.content) + sum(memoryview(each).nbytes for each in buffers) > arriving.most:
            self._refuse(arriving.id, arriving.too_much)
            return
        for each in buffers:
            arriving.content += each
        self.send({"id": arriving.id, "received": len(arriving.content)})

    def _drop(self, message: dict, buffers) -> None:
        if self._arriving is not None and self._arriving.id == message["id"]:
            self._arriving = None

    def _end(self, message: dict, buffers) -> None:
        arriving = self._arriving
        if arriving is None or arriving.id != message["id"]:
            text = "Another sound came in between, perhaps from a second view of this page. Try again."
            self.say(text, trouble=True, answered=message["id"])
            return
        self._arriving = None
        if len(arriving.content) != message["bytes"]:
            self._refuse(arriving.id, "A part of the sound was lost on its way. Try again.")
            return
        sound = arriving.sound()
        if sound is None:
            self._refuse(arriving.id, "The microphone gave no usable samples. Try again.")
        else:
            self._tell(self._on_sound, sound, arriving.id)

    def _example(self, message: dict, buffers) -> None:
        if message["name"] in self.examples:
            self._tell(self._on_example, message["name"], message["id"])
        else:
            self._refuse(message["id"], "There is no such example.")

    def _tell(self, callbacks: list[Callable], value: object, answered: str) -> None:
        said = [callback(value) for callback in callbacks]
        self.say(" ".join(text for text in said if text) or "Received.", answered=answered)

    def _refuse(self, answered: str, text: str) -> None:
        self._arriving = None
        self.say(text, trouble=True, answered=answered)

    def __repr__(self) -> str:
        named = f"; examples: {', '.join(self.examples)}" if self.examples else ""
        return f"Recorder: up to {self.seconds:g} s by microphone, files up to {self.megabytes:g} MB{named}"

    def _repr_mimebundle_(self, **kwargs):
        # A page without a kernel shows the HTML, a terminal the text.
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self._static()}, metadata

    def _static(self) -> str:
        """HTML that says what one can do where a kernel runs."""
        named = "".join(f"<li>{html.escape(name)}</li>" for name in self.examples)
        return (
            '<div style="max-width: 44rem; border: 1px solid #888; border-radius: 8px; padding: 12px 16px">'
            f"<strong>Record up to {self.seconds:g} s, or choose a file of up to {self.megabytes:g} MB"
            f"</strong>{f'<p>Or an example:</p><ul>{named}</ul>' if named else ''}<p><small>A picture of the "
            "recorder. Run the cell to record, to upload, or to choose an example.</small></p></div>"
        )


class _Arriving:
    """A sound of which pieces still come."""

    def __init__(self, id: str, rate: float | None, name: str, most: int, too_much: str):
        self.id, self.rate, self.name, self.most, self.too_much = id, rate, name, most, too_much
        self.content = bytearray()

    def sound(self) -> Recorded | Uploaded | None:
        """Return it when it is whole; None if samples are cut off, not finite, or none."""
        if self.rate is None:
            return Uploaded(self.name, bytes(self.content))
        if not self.content or len(self.content) % 4:
            return None
        samples = np.frombuffer(self.content, "<f4")
        return Recorded(samples, round(self.rate)) if np.isfinite(samples).all() else None


def plain_name(name: str) -> str:
    """Return a file's name as a line of text that can do no harm beside other text.

    Folders are left out, and so are characters that cannot be seen, among them those that turn the direction
    of writing round; of combining marks two in a row stay. The middle of a long name is left out. The result
    is text, and not escaped for HTML.

    Parameters
    ----------
    name : str
        As a browser gives it.

    Returns
    -------
    str
        1 to 80 characters.

    Examples
    --------
    >>> plain_name("../../etc/pass\u202ewd.wav")
    'passwd.wav'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(each for each in last if unicodedata.category(each) not in _UNSEEN)
    line, marks = "", 0
    for each in " ".join(seen.split()):
        marks = marks + 1 if unicodedata.combining(each) else 0
        line += each if marks <= 2 else ""
    if len(line) > _LONGEST_NAME:
        line = f"{line[: _LONGEST_NAME - 21]}…{line[-20:]}"
    return line if line.strip(".") else "unnamed"
