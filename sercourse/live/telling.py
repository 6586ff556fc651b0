"""What the page tells of an answer and of a recognizer, as HTML."""

import html
from typing import Any

import numpy as np
import pandas as pd

from sercourse.recognizer.answers import REFUSALS, Answer
from sercourse.recognizer.card import FORBIDDEN
from sercourse.widgets import Timeline
from sercourse.widgets.players import player

_REAL = (
    "<p>A recognizer of real speech, once RAVDESS is there: <code>sercourse bundle make --corpus ravdess "
    "--output ravdess.zip</code>, then <code>sercourse demo --bundle ravdess.zip</code>.</p>"
)


def result(
    title: str, samples: np.ndarray, rate: int, answer: Answer, over_time: pd.DataFrame, about: dict[str, Any]
) -> str:
    """Return the answer to a sound: in words, how often such answers are right, and over time.

    Parameters
    ----------
    title : str
        What the sound is; any text.
    samples : numpy.ndarray of float32, shape (n_samples,)
    rate : int
        In Hz.
    answer, over_time
        See `sercourse.live.Client.answer`.
    about : dict
        See `sercourse.live.Client.about`.
    """
    timeline = Timeline(samples, rate, over_time, title=title)._repr_html_()
    listen = player(f"Listen: {title}", samples, rate) if len(samples) else ""
    return (
        f'<section class="labeller demo-result" aria-label="Answer"><p class="demo-verdict">'
        f"{html.escape(verdict(answer))}</p><p>{html.escape(reason(answer))} "
        f"{html.escape(reliability(answer, about))}</p>{listen}</section>{timeline}"
    )


def verdict(answer: Answer) -> str:
    """Return the answer in a few words; the likeliest emotion is named where it is not sure."""
    if answer.verdict not in REFUSALS:
        return f"{answer.verdict}, {100 * answer.confidence:.0f} %"
    if answer.likeliest and answer.confidence:
        return f"{answer.verdict}; likeliest {answer.likeliest}, {100 * answer.confidence:.0f} %"
    return answer.verdict


def reason(answer: Answer) -> str:
    """Return why, as a sentence."""
    return f"{answer.reason[:1].upper()}{answer.reason[1:]}."


def reliability(answer: Answer, about: dict[str, Any]) -> str:
    """Say how often answers as sure as this one were right for speakers that it had never heard."""
    results = about["results"]
    rows = [
        row
        for row in results.get("coverage", [])
        if row["accuracy"] is not None and row["threshold"] <= answer.confidence
    ]
    if not answer.probabilities or not rows:
        return ""
    row = max(rows, key=lambda row: row["threshold"])
    kind = "synthetic speakers" if about["synthetic"] else "actors"
    return (
        f"Of answers that were at least {100 * row['threshold']:.0f} % sure, "
        f"{100 * row['accuracy']:.0f} in 100 were right, "
        f"for {results['n_speakers']} {kind} that it had never heard."
    )


def facts(about: dict[str, Any]) -> str:
    """Return what it was trained on, how good it is, what it must not be used for, and its model card."""
    real = _REAL if about["synthetic"] else ""
    forbidden = "".join(f"<li>{html.escape(line)}</li>" for line in FORBIDDEN)
    return (
        '<section class="labeller demo-facts" aria-label="What this is"><h2>How good it is</h2>'
        f"<p>{html.escape(quality(about))}</p>{real}<h2>What it must not be used for</h2><ul>{forbidden}</ul>"
        "<details><summary>Model card: what it was trained on, and all that was measured</summary>"
        f'<div class="demo-card">{card(about["card"])}</div></details></section>'
    )


def quality(about: dict[str, Any]) -> str:
    """Return in sentences what it was trained on, and how good it is on strangers."""
    results = about["results"]
    voices = "synthetic voices" if about["synthetic"] else "actors"
    interval = results["interval"]
    spread = f", 95 % interval {100 * interval[0]:.0f} to {100 * interval[1]:.0f}" if interval else ""
    told = (
        f"It was trained on the corpus {about['corpus']}: {voices} who read out a few sentences. Of "
        f"{results['n_speakers']} others that it had never heard, it takes {100 * results['uar']:.0f} of 100 "
        f"recordings right, the emotions weighing the same{spread}; guessing takes "
        f"1 in {1 / results['chance']:.0f}. It names an emotion in {100 * results['answered']:.0f} of 100"
    )
    if results["right_if_sure"] is not None:
        told += f", and {100 * results['right_if_sure']:.0f} % of these are right"
    if about["synthetic"]:
        told += ". No person speaks in that corpus: what it says of your voice is a guess"
    return f"{told}."


def card(markdown: str) -> str:
    """Return a model card as HTML, its headings two levels down."""
    import mistune

    render = mistune.create_markdown(plugins=["table"])
    text = render(markdown)
    for level in (4, 3, 2, 1):
        text = text.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    # A table that is wider than a phone is moved in a box of its own, by keyboard too.
    return text.replace(
        "<table>", '<div class="demo-table" tabindex="0" role="group" aria-label="Table"><table>'
    ).replace("</table>", "</table></div>")
