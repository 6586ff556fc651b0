"""The recognizer: from sound to an answer, by the features that the network was trained on."""

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import audio, networks
from sercourse.errors import TooShortError
from sercourse.features import Features, extract_samples
from sercourse.features.table import Table
from sercourse.recognizer import sound, speech
from sercourse.recognizer.answers import NOT_SPEECH, NOT_SURE, TOO_SHORT, Answer
from sercourse.recognizer.bundle import Bundle
from sercourse.recognizer.running import compiled, tempered
from sercourse.training.normalising import scaled

REST = 1.0
"""Seconds that a last window must add to be heard."""

READ_WHOLE = 60.0
"""Seconds up to which a file is read at once. Longer ones, and those that do not say, are streamed."""


_NONE = pd.DataFrame()


class _Heard(NamedTuple):
    """What one window gave: a verdict why nothing is said, or probabilities and the share that is clipped."""

    verdict: str
    reason: str
    probabilities: np.ndarray | None = None
    clipped: float = 0.0


class Recognizer:
    """Answers which emotion is heard in a voice, or why it does not say.

    Parameters
    ----------
    bundle : Bundle
        See `sercourse.recognizer.load` and `train`.

    Examples
    --------
    >>> recognizer = Recognizer(load("bundle.zip"))  # doctest: +SKIP
    >>> print(recognizer.predict(samples, 48000))  # doctest: +SKIP
    sad: 71 % for sad, heard in 1 of 1 window(s)
    """

    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self._forward = compiled(bundle.model, self.arranged(self._nothing()).shape)

    @property
    def seconds(self) -> float:
        """Length of a window."""
        return self.bundle.recipe.offset + self.bundle.recipe.seconds

    def predict(self, samples, rate) -> Answer:
        """Answer which emotion is heard in a sound.

        A sound longer than a window is heard window by window, and probabilities are averaged over those that
        hold speech.

        Parameters
        ----------
        samples : array-like of int or float
            Mono or stereo, see `sercourse.recognizer.sound.checked`.
        rate : int or float
            In Hz; any.

        Returns
        -------
        Answer

        Raises
        ------
        ValueError
            They are no sound: another shape or type, or not finite.
        """
        samples, rate = sound.checked(samples, rate)
        return self._answer(sound.pieces(samples), rate)

    def predict_over_time(self, samples, rate, hop: float = 0.5) -> pd.DataFrame:
        """Answer for each window of a sound.

        Parameters
        ----------
        samples, rate
            See `predict`.
        hop : float
            Seconds from one window to the next; no more than a window.

        Returns
        -------
        pandas.DataFrame
            A row a window: start and end (seconds), verdict, reason, confidence, and each emotion's
            probability, missing where there is no speech.
        """
        samples, rate = sound.checked(samples, rate)
        return self._as_table(self.stream(sound.pieces(samples), rate, hop))

    def stream(
        self, pieces: Iterable[np.ndarray], rate: int, hop: float | None = None
    ) -> Iterator[tuple[float, float, Answer]]:
        """Answer window by window while sound comes in; whoever stops asking stops the work.

        Parameters
        ----------
        pieces : iterable of numpy.ndarray of float, shape (n_samples,)
            One after the other, mono: of any length, and any number of them.
        rate : int
        hop : float, optional
            Seconds from one window to the next; by default no window overlaps another.

        Yields
        ------
        start, end : float
            Of the window, in seconds.
        answer : Answer
        """
        for start, window, heard in self._hear(pieces, rate, hop):
            seconds = len(window) / rate
            yield start / rate, start / rate + seconds, self._say([heard], seconds)

    def predict_file(self, path: str | Path) -> Answer:
        """Answer which emotion is heard in a file of any format that `sercourse.audio` reads, of any length.

        Raises
        ------
        AudioError
            The file is not there, damaged, or no sound.
        """
        with closing(self._read(path)) as pieces:
            rate = next(pieces)
            return self._answer(pieces, rate)

    def predict_file_over_time(self, path: str | Path, hop: float = 0.5) -> pd.DataFrame:
        """Answer for each window of a file; see `predict_over_time` and `predict_file`."""
        with closing(self._read(path)) as pieces:
            rate = next(pieces)
            return self._as_table(self.stream(pieces, rate, hop))

    def features(self, samples: np.ndarray, rate: int) -> np.ndarray:
        """Return what the network reads of the first window, before it is scaled.

        Parameters
        ----------
        samples : numpy.ndarray of float32, shape (n_samples,)
            Mono.
        rate : int

        Returns
        -------
        numpy.ndarray of float32, shape (n_frames, n_coefficients)
            The same as ``features.extract`` gives for a file with these samples.
        """
        return extract_samples(samples, rate, self.bundle.recipe)

    def arranged(self, value: np.ndarray) -> np.ndarray:
        """Return features of one window, scaled, padded, and arranged as the network reads them."""
        table = Table(1, self.bundle.recipe.n_frames)
        table.put(0, value)
        x, mask, _ = table.finish()
        whole = Features(x, mask, _NONE, _NONE, self.bundle.recipe)
        x = np.nan_to_num(scaled(whole, self.bundle.mean, self.bundle.deviation))
        return networks.arrange(self.bundle.network, x)

    def _read(self, path) -> Iterator:
        """Yield the rate, and then the sound in pieces."""
        if 0 < audio.duration(path) <= READ_WHOLE:
            samples, rate = audio.read(path, seconds=READ_WHOLE + 1)  # a header may say less than there is
            if len(samples) <= READ_WHOLE * rate:
                yield rate
                yield samples
                return
        yield self.bundle.recipe.rate
        yield from audio.stream(path, self.bundle.recipe.rate)

    def _answer(self, pieces: Iterable[np.ndarray], rate: int) -> Answer:
        heard, end = [], 0
        for start, window, each in self._hear(pieces, rate, None):
            heard.append(each)
            end = start + len(window)
        return self._say(heard, end / rate)

    def _hear(self, pieces, rate: int, hop: float | None) -> Iterator[tuple[int, np.ndarray, _Heard]]:
        recipe = self.bundle.recipe
        step = int((recipe.seconds if hop is None else hop) * rate)
        size = int(recipe.offset * rate) + int(recipe.seconds * rate)
        if not 1 <= step <= size:
            raise ValueError(f"hop is {hop} s; give more than 0, and at most a window of {self.seconds:g} s")
        for start, window in sound.windows(pieces, size, step, int(REST * rate)):
            yield start, window, self._hear_window(window, rate)

    def _hear_window(self, window: np.ndarray, rate: int) -> _Heard:
        """Hear one window: refuse it, or let the network judge."""
        recipe, limits = self.bundle.recipe, self.bundle.thresholds
        there = audio.stretch(window, rate, recipe.offset, recipe.seconds)
        if len(there) / rate < limits.shortest:
            skipped = f" after the first {recipe.offset:g} s" if recipe.offset else ""
            return _Heard(TOO_SHORT, f"{len(there) / rate:.2f} s{skipped}; {limits.shortest:g} s are needed")
        there = audio.resample(there, rate, recipe.rate)
        lacking = speech.lacks(speech.measure(there, recipe.rate), limits)
        if lacking:
            return _Heard(NOT_SPEECH, lacking)
        try:
            value = extract_samples(there, recipe.rate, dataclasses.replace(recipe, offset=0.0))
        except TooShortError as error:
            return _Heard(TOO_SHORT, error.reason)
        except ValueError as error:  # what a recipe says of a recording that it drops in training
            return _Heard(TOO_SHORT, str(error))
        said = tempered(self._forward(self.arranged(value)), self.bundle.temperature)
        return _Heard("", "", said, _clipped(window))

    def _say(self, heard: list[_Heard], seconds: float) -> Answer:
        """Put what the windows gave into one answer."""
        limits = self.bundle.thresholds
        judged = [each for each in heard if each.probabilities is not None]
        if not judged:
            return Answer(heard[0].verdict, heard[0].reason, seconds=seconds)
        mean = np.mean([each.probabilities for each in judged], axis=0)
        said = dict(zip(self.bundle.classes, mean.tolist(), strict=True))
        verdict, confidence = self.bundle.classes[int(mean.argmax())], float(mean.max())
        reason = f"{100 * confidence:.0f} % for {verdict}, heard in {len(judged)} of {len(heard)} window(s)"
        clipped = float(np.mean([each.clipped for each in judged]))
        if clipped > limits.clipped:
            reason = f"overdriven: {100 * clipped:.1f} % of it stands at the loudest value; record it lower"
            verdict = NOT_SURE
        elif confidence < limits.sure:
            wanted = f"{100 * limits.sure:.0f} % are asked for"
            reason = f"the likeliest, {verdict}, has {100 * confidence:.0f} %; {wanted}"
            verdict = NOT_SURE
        return Answer(verdict, reason, said, confidence, seconds)

    def _as_table(self, rows: Iterable[tuple[float, float, Answer]]) -> pd.DataFrame:
        """One row a window."""
        columns = ["start", "end", "verdict", "reason", "confidence", *self.bundle.classes]
        made = [
            {
                "start": start,
                "end": end,
                "verdict": answer.verdict,
                "reason": answer.reason,
                "confidence": answer.confidence,
                **answer.probabilities,
            }
            for start, end, answer in rows
        ]
        return pd.DataFrame(made, columns=columns)

    def _nothing(self) -> np.ndarray:
        return np.zeros((self.bundle.recipe.n_frames, len(self.bundle.mean)), np.float32)


def _clipped(window: np.ndarray) -> float:
    """Share of samples that stand at the loudest value: few do, unless it was cut off there."""
    loud = np.abs(window)
    top = loud.max(initial=0.0)
    return float(np.mean(loud >= 0.999 * top)) if top > 0 else 0.0
