"""What a recognizer said of a sound, over time: a waveform, its answers, and how sure each is.

The picture is plain HTML with `labeller.css` and `timeline.css`. It needs no kernel and no script: answers
are radio buttons, which the arrow keys walk along.
"""

import html
import math
import uuid
from pathlib import Path

import numpy as np
import pandas as pd

from sercourse.plots.palette import EMOTION_COLOURS, GREY
from sercourse.widgets.waveform import outline

MOST = 400
"""Answers that one picture shows."""

# A colour is no emotion's only sign: each has a lane of its own, with its name in front.
_NOT_PROBABILITIES = ("start", "end", "verdict", "reason", "confidence")
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)  # s between two marks
_MARKS = 6  # on the axis, at most; more do not fit on a phone

_HERE = Path(__file__)
_CSS = "".join(_HERE.with_name(name).read_text("utf-8") for name in ("labeller.css", "timeline.css"))


class Timeline:
    """A waveform with a recognizer's answers under it, shown by Jupyter; lesson 17.

    Windows that overlap share their time: each answer is drawn where its window's middle is the nearest one.
    When it is chosen, the whole window is marked, and the probability of each emotion is shown as a bar and
    as a number. A verdict that is no emotion ("not sure", "not speech", "too short") is hatched, has a lane
    of its own, and never the colour of an emotion.

    Parameters
    ----------
    samples : numpy.ndarray of float, shape (n_samples,)
        Mono.
    rate : int
        In Hz.
    answers : pandas.DataFrame
        One row a window: ``start`` and ``end`` in seconds, ``verdict``, ``confidence`` in [0, 1], perhaps
        ``reason``, a sentence, and one column a possible emotion: its probability, missing where nothing was
        judged.
    title : str
        Tells pictures on one page apart, and says so where the speech is synthetic.

    Raises
    ------
    ValueError
        A column is missing, a window ends before it starts, or there are more than `MOST` answers.
    """

    def __init__(
        self, samples: np.ndarray, rate: int, answers: pd.DataFrame, title: str = "Answers over time"
    ):
        _check(answers)
        self.title = title
        self.answers = answers.sort_values("start", kind="stable", ignore_index=True)
        self.emotions = [column for column in answers.columns if column not in _NOT_PROBABILITIES]
        self.seconds = max(len(samples) / rate, self.answers["end"].max() if len(answers) else 0.0, 1e-3)
        self._outline = outline(np.asarray(samples)) if len(samples) else ""
        self._sound_seconds = len(samples) / rate

    @property
    def description(self) -> str:
        """What there is to see, in a line."""
        if self.answers.empty:
            return f"{self._sound_seconds:.1f} s of sound, and no answers."
        shares = shared(self.answers["start"], self.answers["end"])
        lengths = (shares[:, 1] - shares[:, 0]).tolist()
        table = pd.DataFrame({"verdict": self.answers["verdict"], "length": lengths})
        table["confidence"] = self.answers["confidence"]
        told = [self._told(verdict, table[table["verdict"] == verdict]) for verdict in self._lanes()]
        count = f"{len(table)} answer{'s' if len(table) > 1 else ''}"
        return f"{self._sound_seconds:.1f} s of sound, {count}: {', '.join(told)}."

    def _told(self, verdict: str, rows: pd.DataFrame) -> str:
        """How long a verdict holds, and how sure it is at best."""
        surest = f" (at most {_percent(rows['confidence'].max())})" if verdict in self.emotions else ""
        return f"{verdict} for {rows['length'].sum():.1f} s{surest}"

    def _lanes(self) -> list[str]:
        """The verdicts that occur: emotions in the order of their columns, then those that are none."""
        given = list(dict.fromkeys(self.answers["verdict"]))
        return [name for name in self.emotions if name in given] + [
            name for name in given if name not in self.emotions
        ]

    def __repr__(self) -> str:
        return f"{self.title}: {self.description}"

    def _repr_html_(self) -> str:
        lanes = self._lanes()
        names = "".join(f'<div class="timeline-lane">{html.escape(name)}</div>' for name in lanes)
        name = f"timeline-{uuid.uuid4().hex[:12]}"  # radio buttons of two pictures must not share one
        return (
            f'<style>{_CSS}</style><section class="labeller timeline" aria-label="{html.escape(self.title)}" '
            f'style="--lanes: {len(lanes)}"><p class="timeline-caption"><strong>{html.escape(self.title)}:'
            f"</strong> {html.escape(self.description)}</p>"
            f'<div class="timeline-plot"><div aria-hidden="true">{self._wave()}{names}{self._axis()}</div>'
            f"{self._answers(name, lanes) if lanes else ''}</div></section>"
        )

    def _wave(self) -> str:
        width = 100 * self._sound_seconds / self.seconds
        return (
            '<div class="timeline-wave"><svg viewBox="0 -1 1 2" preserveAspectRatio="none" '
            f'style="width: {width:.3f}%"><path d="{self._outline}" fill="currentColor"/></svg></div>'
        )

    def _axis(self) -> str:
        step = next((step for step in _STEPS if self.seconds / step <= _MARKS), self.seconds / _MARKS)
        marks = np.arange(0, 0.92 * self.seconds, step)  # a number at the very end would stick out
        return '<div class="timeline-axis">' + "".join(
            f'<span style="left: {100 * mark / self.seconds:.3f}%">{mark:g}{" s" if mark == 0 else ""}</span>'
            for mark in marks
        ) + "</div>"  # fmt: skip

    def _answers(self, name: str, lanes: list[str]) -> str:
        """A radio button an answer, drawn as a block, with the window it heard and its probabilities."""
        shares = shared(self.answers["start"], self.answers["end"])
        parts = [
            self._answer(name, row, lanes.index(row["verdict"]), share, checked=number == 0)
            for number, (row, share) in enumerate(zip(self.answers.to_dict("records"), shares, strict=True))
        ]
        legend = "Choose an answer to see how probable each emotion is; arrow keys go along."
        return f"<fieldset><legend>{legend}</legend>{''.join(parts)}</fieldset>"

    def _answer(self, name: str, row: dict, lane: int, share: np.ndarray, checked: bool) -> str:
        emotion = row["verdict"] in self.emotions
        said = html.escape(_said(row, emotion))
        when = f"{share[0]:.1f} to {share[1]:.1f} s"
        block = f"--lane: {lane}; --sure: {_sure(row):.3f}; --colour: {_colour(row['verdict'])}"
        kind = "timeline-emotion" if emotion else "timeline-none"
        return (
            f'<label class="timeline-answer" style="{self._place(*share)}">'
            f'<input type="radio" name="{name}"{" checked" if checked else ""}>'
            f'<span class="timeline-words">{when}: {said}</span>'
            f'<span class="timeline-block {kind}" style="{block}"></span></label>'
            f'<span class="timeline-window" style="{self._place(row["start"], row["end"])}"></span>'
            f'<div class="timeline-panel"><p><strong>{when}: {said}</strong> '
            f"<small>(heard from {row['start']:.1f} to {row['end']:.1f} s)</small></p>{self._why(row)}"
            f"{self._bars(row, kind)}</div>"
        )

    def _place(self, start: float, end: float) -> str:
        return f"--left: {start / self.seconds:.5f}; --width: {(end - start) / self.seconds:.5f}"

    def _why(self, row: dict) -> str:
        reason = row.get("reason")
        return f"<p>{html.escape(str(reason))}</p>" if reason is not None and not pd.isna(reason) else ""

    def _bars(self, row: dict, kind: str) -> str:
        """The probability of each emotion; those of an answer that names none are hatched as it is."""
        if all(pd.isna(row[emotion]) for emotion in self.emotions):
            return "<p>Nothing was judged here, so there are no probabilities.</p>"
        bars = "".join(
            f"<div><dt>{html.escape(emotion)}</dt><dd>"
            f'<span class="timeline-bar"><span class="{kind}" style="--colour: {_colour(emotion)}; '
            f'width: {100 * row[emotion]:.1f}%"></span></span>'
            f"<span>{_percent(row[emotion])}</span></dd></div>"
            for emotion in self.emotions
        )
        return f'<dl class="timeline-bars">{bars}</dl>'


def shared(starts, ends) -> np.ndarray:
    """Return the stretch of time that belongs to each window: where no other window's middle is nearer.

    Parameters
    ----------
    starts, ends : array-like of float, shape (n_windows,)
        In seconds, sorted by start. Windows may overlap, or leave gaps.

    Returns
    -------
    numpy.ndarray of float64, shape (n_windows, 2)
        Start and end. Two neighbours that overlap meet in the middle of what they share; that is half way
        between their own middles when they are as long as each other.

    Examples
    --------
    >>> shared([0.0, 1.0, 5.0], [3.0, 4.0, 8.0]).tolist()
    [[0.0, 2.0], [2.0, 4.0], [5.0, 8.0]]
    """
    own = np.column_stack([np.asarray(starts, float), np.asarray(ends, float)])
    overlap = own[:-1, 1] > own[1:, 0]
    middle = (own[:-1, 1] + own[1:, 0]) / 2
    own[:-1, 1] = np.where(overlap, middle, own[:-1, 1])
    own[1:, 0] = np.where(overlap, middle, own[1:, 0])
    return own


def _check(answers: pd.DataFrame) -> None:
    """Refuse a table that cannot be drawn."""
    if absent := [each for each in ("start", "end", "verdict", "confidence") if each not in answers.columns]:
        raise ValueError(f"the answers lack the columns: {', '.join(absent)}")
    if (answers["end"] < answers["start"]).any():
        raise ValueError("a window ends before it starts; give start and end in seconds")
    if len(answers) > MOST:
        raise ValueError(f"{len(answers)} answers do not fit, {MOST} do; take a longer hop between windows")


def _said(row: dict, emotion: bool) -> str:
    """A verdict in words, with its probability where it names an emotion."""
    return f"{row['verdict']}, {_percent(row['confidence'])}" if emotion else str(row["verdict"])


def _sure(row: dict) -> float:
    confidence = row["confidence"]
    return 0.0 if pd.isna(confidence) else float(np.clip(confidence, 0, 1))


def _percent(probability: float) -> str:
    """Whole per cent; what is not certain is never said to be."""
    if pd.isna(probability):
        return "–"
    percent = 100 * probability
    if 99.5 <= percent < 100:
        return "over 99 %"
    return "under 1 %" if 0 < percent < 0.5 else f"{math.floor(percent + 0.5)} %"


def _colour(name: str) -> str:
    return EMOTION_COLOURS.get(name, GREY)
