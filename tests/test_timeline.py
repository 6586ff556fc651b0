"""The timeline of answers: whose time is whose, what is said in words, and its picture in a browser."""

import html
import re

import numpy as np
import pandas as pd
import pytest
from pages import check_accessible

from sercourse.plots.palette import EMOTION_COLOURS
from sercourse.widgets import Timeline, timeline
from sercourse.widgets.timeline import shared

RATE = 8000


@pytest.fixture
def answers():
    """Windows of 3 s, one a second, over 8 s of sound."""
    nothing = (np.nan, np.nan, np.nan)
    rows = [
        (0.0, 3.0, "not speech", "no voice", np.nan, *nothing),
        (1.0, 4.0, "sad", "71 % for sad", 0.71, 0.25, 0.71, 0.04),
        (2.0, 5.0, "sad", "80 % for sad", 0.80, 0.10, 0.80, 0.10),
        (3.0, 6.0, "not sure", "the likeliest, sad, has 40 %", 0.40, 0.35, 0.40, 0.25),
        (4.0, 7.0, "angry", "100 % for angry", 0.998, 0.001, 0.001, 0.998),
        (7.5, 8.0, "too short", "<b>short</b>", np.nan, *nothing),
    ]
    return pd.DataFrame(
        rows, columns=["start", "end", "verdict", "reason", "confidence", "neutral", "sad", "angry"]
    )


@pytest.fixture
def samples():
    """Loud in the last second only."""
    made = np.full(8 * RATE, 0.001, np.float32)
    made[7 * RATE :] = np.sin(np.arange(RATE))
    return made


def test_windows_that_overlap_share_their_time_evenly():
    """Middles at 1.5, 2, 2.5 s; the borders lie half way between. The last window stands apart."""
    assert shared([0, 0.5, 1.0, 9], [3, 3.5, 4.0, 10]).tolist() == [
        [0, 1.75], [1.75, 2.25], [2.25, 4.0], [9, 10],
    ]  # fmt: skip
    assert shared([0, 3], [3, 6]).tolist() == [[0, 3], [3, 6]]
    assert shared([], []).shape == (0, 2)


def test_the_description_says_how_long_and_how_sure(samples, answers):
    # Borders by hand: 0, 2, 3, 4, 5, 7 s, and 7.5 to 8 s.
    assert repr(Timeline(samples, RATE, answers, "Film (synthetic speech)")) == (
        "Film (synthetic speech): 8.0 s of sound, 6 answers: sad for 2.0 s (at most 80 %), "
        "angry for 2.0 s (at most over 99 %), not speech for 2.0 s, not sure for 1.0 s, too short for 0.5 s."
    )
    shuffled = answers.sample(frac=1, random_state=1)
    assert Timeline(samples, RATE, shuffled).description == Timeline(samples, RATE, answers).description


def test_no_verdict_but_an_emotion_has_the_colour_of_one(samples, answers):
    page = Timeline(samples, RATE, answers)._repr_html_()
    blocks = re.findall(r'class="timeline-block (timeline-\w+)" style="(.*?)"', page)
    none, emotion = "timeline-none", "timeline-emotion"
    assert [kind for kind, _ in blocks] == [none, emotion, emotion, none, emotion, none]
    assert [EMOTION_COLOURS["sad"] in style for _, style in blocks] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]
    panel = page.split('class="timeline-panel"')[4]  # not sure: its probabilities are shown, but hatched
    assert "40 %" in panel
    assert emotion not in panel.partition("</dl>")[0]


@pytest.mark.parametrize(
    ("probability", "said"),
    [(0, "0 %"), (0.004, "under 1 %"), (0.005, "1 %"), (0.125, "13 %"), (0.994, "99 %"), (0.996, "over 99 %"),
     (1, "100 %"), (np.nan, "–")],
)  # fmt: skip
def test_what_is_not_certain_is_not_said_to_be(probability, said):
    assert timeline._percent(probability) == said


def test_what_others_wrote_is_text(samples, answers):
    page = Timeline(samples, RATE, answers.rename(columns={"neutral": "<i>n</i>"}))._repr_html_()
    assert "<b>" not in page
    assert "<i>" not in page
    assert html.escape("<b>short</b>") in page


def test_no_answers_no_sound_and_one_answer(samples, answers):
    assert Timeline(samples, RATE, answers.head(0)).description == "8.0 s of sound, and no answers."
    assert "<fieldset>" not in Timeline(samples, RATE, answers.head(0))._repr_html_()
    assert Timeline(samples[:0], RATE, answers.tail(1)).description == (
        "0.0 s of sound, 1 answer: too short for 0.5 s."
    )
    assert "NaN" not in Timeline(samples[:0], RATE, answers.head(0))._repr_html_()


def test_what_cannot_be_drawn_is_said(samples, answers):
    with pytest.raises(ValueError, match="lack the columns: verdict"):
        Timeline(samples, RATE, answers.drop(columns="verdict"))
    with pytest.raises(ValueError, match="ends before it starts"):
        Timeline(samples, RATE, answers.assign(end=-1.0))
    with pytest.raises(ValueError, match="402 answers do not fit, 400 do; take a longer hop"):
        Timeline(samples, RATE, pd.concat([answers] * 67))


@pytest.fixture
def page(browser, samples, answers):
    """Two pictures on one page of a phone's width: what is chosen in one must not change the other."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    pictures = [Timeline(samples, RATE, answers, title)._repr_html_() for title in ("First", "<i>Second</i>")]
    page.set_content(
        '<!doctype html><html lang="en"><title>Answers</title><main style="font-family: sans-serif">'
        f"<h1>Answers</h1>{''.join(pictures)}</main></html>"
    )
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing(page, scheme):
    page.emulate_media(color_scheme=scheme)
    for number in (0, 1, 3):  # nothing judged, an emotion, not sure
        page.locator(".timeline-answer").nth(number).click()
        check_accessible(page)


def panel(page):
    """The text of the one panel of the first picture that is shown."""
    (shown,) = [
        each
        for each in page.locator(".timeline >> nth=0").locator(".timeline-panel").all()
        if each.is_visible()
    ]
    return re.sub(r"\s+", " ", shown.inner_text())


def test_walked_along_by_keyboard_alone_on_a_phone(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "radio"
    told = [panel(page)]
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        told.append(panel(page))
    assert told[0] == (
        "0.0 to 2.0 s: not speech (heard from 0.0 to 3.0 s) no voice "
        "Nothing was judged here, so there are no probabilities."
    )
    assert told[1] == (
        "2.0 to 3.0 s: sad, 71 % (heard from 1.0 to 4.0 s) 71 % for sad neutral 25 % sad 71 % angry 4 %"
    )
    assert told[3].startswith("4.0 to 5.0 s: not sure (heard from 3.0 to 6.0 s)")
    assert told[4].endswith("neutral under 1 % sad under 1 % angry over 99 %")
    assert told[5].startswith("7.5 to 8.0 s: too short (heard from 7.5 to 8.0 s) <b>short</b>")
    assert page.locator(".timeline >> nth=1").locator("input:checked").get_attribute("name") != ""
    assert page.locator("input:checked").count() == 2
    page.keyboard.press("Tab")  # the second picture; one stop each
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") != "radio"


def test_blocks_stand_at_their_time_in_their_lane(page):
    first = page.locator(".timeline >> nth=0")
    plot = first.locator(".timeline-wave").bounding_box()
    blocks = [each.bounding_box() for each in first.locator(".timeline-block").all()]
    borders = [(0, 2), (2, 3), (3, 4), (4, 5), (5, 7), (7.5, 8)]
    for block, (start, end) in zip(blocks, borders, strict=True):
        assert block["x"] == pytest.approx(plot["x"] + plot["width"] * start / 8, abs=1)
        assert block["width"] == pytest.approx(plot["width"] * (end - start) / 8, abs=1)
    lanes = {each.inner_text(): each.bounding_box() for each in first.locator(".timeline-lane").all()}
    verdicts = ["not speech", "sad", "sad", "not sure", "angry", "too short"]
    assert list(lanes) == ["sad", "angry", "not speech", "not sure", "too short"]
    for block, verdict in zip(blocks, verdicts, strict=True):
        lane = lanes[verdict]
        assert lane["y"] <= block["y"]
        assert block["y"] + block["height"] <= lane["y"] + lane["height"] + 1
    bars = first.locator(".timeline-panel >> nth=4").locator(".timeline-bar")
    first.locator(".timeline-answer >> nth=4").click()
    assert len({round(each.bounding_box()["width"]) for each in bars.all()}) == 1  # beside "under 1 %" too
    full = lanes["sad"]["height"] - 3
    assert blocks[1]["height"] / full == pytest.approx(0.71, abs=0.05)
    assert blocks[2]["height"] / full == pytest.approx(0.80, abs=0.05)


def test_answers_have_names_for_a_screen_reader_and_are_chosen_by_touch(page):
    first = page.get_by_role("group", name=re.compile("Choose an answer")).first
    assert first.get_by_role("radio").count() == 6
    radio = first.get_by_role("radio", name="3.0 to 4.0 s: sad, 80 %")
    first.locator(".timeline-answer >> nth=2").click()
    assert radio.is_checked()
    assert panel(page).startswith("3.0 to 4.0 s: sad, 80 %")
    window = page.locator(".timeline >> nth=0").locator(".timeline-window >> visible=true")
    plot = page.locator(".timeline-wave >> nth=0").bounding_box()
    assert window.bounding_box()["x"] == pytest.approx(plot["x"] + plot["width"] * 2 / 8, abs=1)
    assert window.bounding_box()["width"] == pytest.approx(plot["width"] * 3 / 8, abs=1)
