"""A listening test: hear an utterance, name its emotion, and see at the end what you took for what.

The page asks and shows; it lies in `listening.js` and wears `labeller.css`. What was meant stays in the
kernel until the last guess, so that neither a file's name nor the page gives it away.
"""

import html
import io
import threading
from pathlib import Path

import anywidget
import numpy as np
import pandas as pd
import soundfile
import traitlets

from sercourse import audio, evaluation
from sercourse.corpora.manifest import EMOTIONS
from sercourse.errors import ManifestError
from sercourse.plots import Picture, confusions

_COLUMNS = ("path", "emotion")


class ListeningTest(anywidget.AnyWidget):
    """Guess the emotions of utterances by button or key, in JupyterLab and Voila; lesson 01.

    As many utterances of each emotion are drawn, and played in random order. A guess can be taken back
    until the last one is given. Then the page shows what was meant and which emotion was taken for which,
    and plays the utterances again.

    Parameters
    ----------
    recordings : pandas.DataFrame
        A manifest; the columns ``path`` and ``emotion`` are used, the others come back in `results`.
    each : int
        Utterances of each emotion.
    seed : int
        Another seed draws other utterances.
    others : dict of str to pandas.DataFrame, optional
        Confusions of other listeners, as `evaluation.confusion` gives them, to be drawn beside one's own.
    synthetic : bool
        Whether it is synthetic speech.

    Raises
    ------
    ManifestError
        A column is missing, there are no recordings, or an emotion has too few of them.
    AudioError
        A recording cannot be read.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_name("labeller.css")  # one look for all pages that ask something

    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    """The utterance that can be played, and how far the test is."""
    outcome = traitlets.Unicode().tag(sync=True)
    """After the last guess: HTML of what was meant and what was said."""
    said = traitlets.Dict().tag(sync=True)
    """The last thing the listener is told."""

    def __init__(
        self,
        recordings: pd.DataFrame,
        each: int = 2,
        seed: int = 0,
        others: dict[str, pd.DataFrame] | None = None,
        synthetic: bool = False,
    ):
        self._drawn = draw(recordings, each, seed)
        self._sounds = [_wav(*audio.read(path)) for path in self._drawn["path"]]
        self._guesses: list[str] = []
        self._others, self._synthetic = others or {}, synthetic
        self._one_at_a_time = threading.Lock()
        meant = set(self._drawn["emotion"])
        known = dict.fromkeys([*EMOTIONS, *sorted(meant)])  # in the order that all lessons have
        super().__init__(choices=[emotion for emotion in known if emotion in meant])
        self._show()
        self.on_msg(lambda _, message, buffers: self.receive(message))

    @property
    def results(self) -> pd.DataFrame:
        """The utterances that were judged so far, in the order in which they were heard.

        Returns
        -------
        pandas.DataFrame
            The manifest's columns, and ``guess``.
        """
        judged = self._drawn.iloc[: len(self._guesses)]
        return judged.assign(guess=pd.array(self._guesses, dtype="string"))

    @property
    def picture(self) -> Picture:
        """What was taken for what, beside the other listeners; for when all utterances are judged.

        Raises
        ------
        ValueError
            Nothing is judged yet.
        """
        results = self.results
        own = evaluation.confusion(results["emotion"], results["guess"], self.choices)
        return confusions({"you": own} | self._others, self._synthetic)

    def receive(self, message: dict) -> None:
        """Do what the page asks for.

        Parameters
        ----------
        message : dict
            ``{"do": "guess", "number": n, "emotion": "sad"}`` for the n-th utterance, counted from 1;
            ``{"do": "undo"}``; or, after the last guess, ``{"do": "hear", "number": n}``. What does not fit
            the state of the test, such as a second click on the same utterance, changes nothing.
        """
        asked = {"guess": self._guess, "undo": self._undo, "hear": self._hear}
        with self._one_at_a_time, self.hold_sync():
            text = asked[message["do"]](message)
            # The page waits for this, so it must change each time.
            self.said = {"text": text, "number": self.said.get("number", 0) + 1}

    @property
    def _complete(self) -> bool:
        return len(self._guesses) == len(self._drawn)

    def _guess(self, message: dict) -> str:
        if message["number"] != len(self._guesses) + 1 or message["emotion"] not in self.choices:
            return ""
        self._guesses.append(message["emotion"])
        if self._complete:
            self.outcome = self._outcome()
        self._show()
        return f"You said {message['emotion']}."

    def _undo(self, message: dict) -> str:
        if not self._guesses or self._complete:
            return "There is nothing to take back."
        taken = self._guesses.pop()
        self._show()
        return f"Taken back: {taken}."

    def _hear(self, message: dict) -> str:
        if not self._complete:
            return ""
        self._show(message["number"])
        return f"Utterance {message['number']}."

    def _show(self, number: int | None = None) -> None:
        """Put an utterance on the page: by default the next one that has no guess, if there is one."""
        number = number or len(self._guesses) + 1
        sound = self._sounds[number - 1] if number <= len(self._sounds) else b""
        self.shown = {"done": len(self._guesses), "total": len(self._drawn), "sound": sound}

    def _outcome(self) -> str:
        """HTML of what was meant and what was said."""
        results = self.results
        right = (results["emotion"] == results["guess"]).sum()
        by_luck = len(results) / len(self.choices)
        rows = "".join(
            f'<tr><td><button type="button" data-hear="{number}" aria-label="play utterance {number}">'
            f"Play {number}</button></td><td>{html.escape(row.emotion)}</td><td>{html.escape(row.guess)}</td>"
            f"<td>{'as meant' if row.emotion == row.guess else ''}</td></tr>"
            for number, row in enumerate(results.itertuples(), 1)
        )
        heads = "".join(f'<th scope="col">{name}</th>' for name in ("hear it", "meant", "you said", ""))
        return (
            f"<p><strong>You named {right} of {len(results)} as meant.</strong> Guessing gives {by_luck:g} "
            f"on average.</p>{self.picture._repr_html_()}"
            f'<table style="border-spacing: 12px 4px"><thead><tr>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def __repr__(self) -> str:
        return f"Listening test: {len(self._guesses)} of {len(self._drawn)} utterances judged"

    def _repr_mimebundle_(self, **kwargs):
        # A page without a kernel shows the HTML, a terminal the text.
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self._static()}, metadata

    def _static(self) -> str:
        """HTML that says what one can do where a kernel runs."""
        keys = [f"<kbd>{number}</kbd> {html.escape(name)}" for number, name in enumerate(self.choices, 1)]
        return (
            '<div style="max-width: 44rem; border: 1px solid #888; border-radius: 8px; padding: 12px 16px">'
            f"<strong>Listening test: {len(self._guesses)} of {len(self._drawn)} utterances judged</strong>"
            f"<p><kbd>Space</kbd> play · {' · '.join(keys)} · <kbd>z</kbd> undo</p><p><small>A picture of "
            "the listening test. Run the cell to hear the utterances and to name their emotions.</small></p>"
            "</div>"
        )


def draw(recordings: pd.DataFrame, each: int, seed: int) -> pd.DataFrame:
    """Draw as many recordings of each emotion, in random order.

    Parameters
    ----------
    recordings : pandas.DataFrame
        With the columns ``path`` and ``emotion``.
    each : int
        At least 1.
    seed : int

    Returns
    -------
    pandas.DataFrame
        Rows of `recordings`, numbered from 0.

    Raises
    ------
    ManifestError
        A column is missing, there are no recordings, or an emotion has too few of them.
    """
    if absent := [column for column in _COLUMNS if column not in recordings.columns]:
        raise ManifestError(f"the recordings lack the columns: {', '.join(absent)}")
    if len(recordings) == 0 or each < 1:
        raise ManifestError(f"nothing to hear: {len(recordings)} recordings, {each} of each emotion wanted")
    counts = recordings["emotion"].value_counts()
    if counts.min() < each:
        raise ManifestError(
            f"{counts.idxmin()!r} has {counts.min()} recordings, {each} are wanted; ask for fewer"
        )
    rng = np.random.default_rng(seed)
    shuffled = recordings.iloc[rng.permutation(len(recordings))]
    drawn = shuffled.groupby("emotion").head(each)
    return drawn.iloc[rng.permutation(len(drawn))].reset_index(drop=True)


def _wav(samples: np.ndarray, rate: int) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype="PCM_16")
    return file.getvalue()
