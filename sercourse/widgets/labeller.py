"""A page to label clips on: listen, look, choose, save, next.

The page asks and shows; `sercourse.labelling.store` keeps. It lies in `labeller.js` and `labeller.css`.
"""

import base64
import html
import io
import threading
from pathlib import Path

import anywidget
import numpy as np
import pandas as pd
import soundfile
import traitlets

from sercourse import audio
from sercourse.errors import AudioError, SercourseError
from sercourse.labelling.schemes import SCHEMES
from sercourse.labelling.store import NOT_SPEECH, UNSURE, LabelError, LabelStore
from sercourse.widgets.waveform import outline

_HIGHEST = 8000  # Hz; what tells emotions apart by ear lies below
_FLOOR = 70  # dB under the loudest that the spectrogram still shows
_COLUMNS = 480  # of the picture; a wider one shows no more


class Labeller(anywidget.AnyWidget):
    """Label clips one after the other, by keyboard or mouse, in JupyterLab and Voila.

    Each rater has an own order and sees nothing of the other raters. A label is on the disk before the next
    clip is shown; with the same store the rater goes on where the work was left.

    Parameters
    ----------
    clips : pandas.DataFrame
        The clips table; columns ``clip`` (a unique id) and ``path`` (a sound file) are used.
    store : sercourse.labelling.LabelStore or path-like
        Where labels are kept.
    rater : str
        Name of who labels; initials will do.
    scheme : sercourse.labelling.Scheme or sequence of str
        The labels; the first nine have the keys 1 to 9. By default Report A's five.

    Raises
    ------
    LabelError
        The rater's name is empty, there are no clips, or the store cannot be used.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")

    rater = traitlets.Unicode().tag(sync=True)
    scheme = traitlets.List(traitlets.Unicode()).tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    """The clip on the page: its id, picture and sound, and how far the work is."""
    said = traitlets.Dict().tag(sync=True)
    """The last thing the rater is told: what was saved, or why not."""

    def __init__(self, clips: pd.DataFrame, store, rater: str, scheme=SCHEMES["report_a"]):
        if absent := [column for column in ("clip", "path") if column not in clips.columns]:
            raise LabelError(f"the clips table lacks the columns: {', '.join(absent)}")
        if len(clips) == 0:
            raise LabelError("no clips to label: the clips table has no rows")
        labels = tuple(getattr(scheme, "labels", scheme))
        self.store = LabelStore(getattr(store, "path", store), clips, labels)
        self._paths = dict(zip(clips["clip"].astype(str), clips["path"].astype(str), strict=True))
        self._one_at_a_time = threading.Lock()
        first = self.store.next(rater)
        super().__init__(rater=rater.strip(), scheme=list(labels))
        self._show(first)
        self.on_msg(lambda _, message, buffers: self.receive(message))

    def receive(self, message: dict) -> None:
        """Do what the page asks for.

        Parameters
        ----------
        message : dict
            ``{"do": "save", "clip": id, "answer": {"emotion": "sad", ...}}``, where the answer has what
            `LabelStore.save` takes, or ``{"do": "undo"}``.
        """
        with self._one_at_a_time, self.hold_sync():
            try:
                undo = message["do"] == "undo"
                self._say(self._undo() if undo else self._save(message["clip"], message["answer"]))
            except SercourseError as error:
                self._say(str(error), trouble=True)

    def _save(self, clip: str, answer: dict) -> str:
        self.store.save(self.rater, clip, **answer)
        self._show(self.store.next(self.rater))
        heard = [answer.get("emotion"), answer.get("mark")]
        return f"Saved: {', '.join(word for word in heard if word) or 'your note'}."

    def _undo(self) -> str:
        taken = self.store.undo(self.rater)
        if taken is None:
            return "There is nothing to take back."
        self._show(taken.clip, answer=dict(zip(taken._fields[2:], taken[2:], strict=True)))
        return "Taken back: change your answer and save it again."

    def _say(self, text: str, trouble: bool = False) -> None:
        self.said = {"text": text, "trouble": trouble, "number": self.said.get("number", 0) + 1}

    def _show(self, clip: str | None, answer: dict | None = None) -> None:
        """Put a clip on the page, or the end of the work.

        Parameters
        ----------
        clip : str or None
            None when all are labelled.
        answer : dict, optional
            What the page has filled in at the beginning.
        """
        done, total = self.store.progress(self.rater)
        sound, figure, trouble = b"", "", ""
        if clip is not None:
            try:
                samples, rate = audio.read(self._paths[clip])
                sound, figure = _wav(samples, rate), _figure(samples, rate)
            except AudioError as error:
                trouble = (
                    f"This clip cannot be played: {error}. You can mark it “{NOT_SPEECH}” or write a note."
                )
        self.shown = {
            "clip": clip or "",
            "done": done,
            "total": total,
            "figure": figure,
            "sound": sound,
            "trouble": trouble,
            "answer": answer or {},
        }

    def __repr__(self) -> str:
        done, total = self.shown["done"], self.shown["total"]
        return (
            f"Labeller of rater {self.rater!r}: {done} of {total} clips labelled, into {self.store.path.name}"
        )

    def _repr_mimebundle_(self, **kwargs):
        # A page without a kernel shows the HTML, a terminal the text.
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self._static()}, metadata

    def _static(self) -> str:
        """HTML that shows what the first clip looks like, and says what one can do where a kernel runs."""
        shown, text = self.shown, html.escape
        keys = [f"<kbd>{number}</kbd> {text(label)}" for number, label in enumerate(self.scheme, 1)]
        keys += [
            f"<kbd>u</kbd> {UNSURE}",
            f"<kbd>n</kbd> {NOT_SPEECH}",
            "arousal and valence, 1 to 7",
            "a note",
        ]
        return (
            '<div style="max-width: 44rem; border: 1px solid #888; border-radius: 8px; padding: 12px 16px">'
            f"<strong>Clips to label: {shown['done']} of {shown['total']} done</strong>, "
            f"rater {text(self.rater)}{shown['figure']}{text(shown['trouble'])}<p>{' · '.join(keys)}</p><p>"
            "<small>A picture of the labelling page. Run the cell to listen and to label.</small></p></div>"
        )


def _wav(samples: np.ndarray, rate: int) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _figure(samples: np.ndarray, rate: int) -> str:
    """Waveform and spectrogram as HTML that takes on the colours of the page around it."""
    seconds = len(samples) / rate
    highest = min(_HIGHEST, rate // 2)
    loudest = np.argmax(np.abs(samples)) / rate
    text = f"Waveform and spectrogram: {seconds:.1f} s long, loudest at {loudest:.1f} s."
    png = base64.b64encode(_spectrogram(samples, rate, highest)).decode()
    wide = "display: block; width: 100%; height:"
    return (
        '<figure style="margin: 8px 0"><svg viewBox="0 -1 1 2" preserveAspectRatio="none" aria-hidden="true" '
        f'style="{wide} 48px"><path d="{outline(samples)}" fill="currentColor"/></svg>'
        f'<img src="data:image/png;base64,{png}" alt="{text}" style="{wide} 96px">'
        '<figcaption style="display: flex; justify-content: space-between; gap: 8px; font-size: 0.85em">'
        f"<span>0&nbsp;s</span><span>waveform, and spectrogram from 0 to {highest / 1000:g} kHz; loudest at "
        f"{loudest:.1f} s</span><span>{seconds:.1f}&nbsp;s</span></figcaption></figure>"
    )


def _spectrogram(samples: np.ndarray, rate: int, highest: int) -> bytes:
    """PNG of the spectrogram: windows of 25 ms, up to `highest` Hz, brighter is louder."""
    from matplotlib import image
    from scipy import signal

    width = round(0.025 * rate)
    samples = np.pad(samples, (0, max(0, width - len(samples))))
    hop = max(1, width // 4, len(samples) // _COLUMNS)
    window = signal.get_window("hann", width)
    frames = np.lib.stride_tricks.sliding_window_view(samples, width)[::hop]
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    shown = power[:, : round(highest * width / rate) + 1].T
    level = 10 * np.log10(np.maximum(shown, 1e-12))
    file = io.BytesIO()
    image.imsave(
        file, level, origin="lower", cmap="magma", vmin=level.max() - _FLOOR, vmax=level.max(), format="png"
    )
    return file.getvalue()
