"""The listening test: what is drawn, what the page is told, and the test taken in a browser."""

import contextlib
import io
import json
import re

import nbformat
import numpy as np
import pandas as pd
import pytest
import soundfile
from conftest import write_tone
from nbconvert import HTMLExporter
from pages import serve, tab_into

from sercourse.errors import AudioError, ManifestError
from sercourse.widgets import ListeningTest
from sercourse.widgets.listening import draw

EMOTIONS = ("angry", "sad", "neutral")
PITCH = {"angry": 400, "sad": 100, "neutral": 200}  # Hz, so that a sound tells which recording it is


@pytest.fixture
def recordings(tmp_path):
    """Three recordings of each of three emotions, in names that tell the emotion."""
    rng = np.random.default_rng(0)
    rows = []
    for emotion in EMOTIONS:
        for number in range(3):
            path = tmp_path / f"{emotion}_{number}.wav"
            write_tone(path, PITCH[emotion] + 10 * number, rng, seconds=0.3)
            rows.append({"path": str(path), "emotion": emotion, "speaker": f"s{number}"})
    return pd.DataFrame(rows)


@pytest.fixture
def exam(recordings):
    return ListeningTest(recordings, each=2, seed=5)


def guess(exam, emotion):
    exam.receive({"do": "guess", "number": exam.shown["done"] + 1, "emotion": emotion})


def pitch_of(sound):
    """The frequency of the strongest overtone, Hz: the tone's own."""
    samples, rate = soundfile.read(io.BytesIO(sound))
    return np.abs(np.fft.rfft(samples)).argmax() * rate / len(samples)


def test_each_emotion_is_drawn_equally_often_and_the_seed_decides(recordings):
    drawn = draw(recordings, 2, seed=0)
    assert drawn["emotion"].value_counts().to_dict() == {"angry": 2, "sad": 2, "neutral": 2}
    assert drawn["path"].is_unique
    pd.testing.assert_frame_equal(draw(recordings, 2, seed=0), drawn)
    orders = {tuple(draw(recordings, 2, seed)["path"]) for seed in range(20)}
    assert len(orders) > 15
    first = pd.Series([draw(recordings, 1, seed)["emotion"].iloc[0] for seed in range(60)])
    assert set(first) == set(EMOTIONS)  # the order of emotions is drawn, too


@pytest.mark.parametrize(
    ("change", "each", "said"),
    [
        (lambda table: table.drop(columns="emotion"), 1, "lack the columns: emotion"),
        (lambda table: table.head(0), 1, "nothing to hear: 0 recordings"),
        (lambda table: table, 0, "0 of each emotion wanted"),
        (lambda table: table.iloc[:-1], 3, "'neutral' has 2 recordings, 3 are wanted"),
    ],
)
def test_what_cannot_be_drawn_is_told(recordings, change, each, said):
    with pytest.raises(ManifestError, match=said):
        draw(change(recordings), each, seed=0)


def test_a_recording_that_cannot_be_read_is_named_at_once(recordings):
    (path,) = recordings["path"].head(1)
    open(path, "wb").close()
    with pytest.raises(AudioError, match=path):
        ListeningTest(recordings, each=3)


def test_the_sound_is_that_of_the_utterance_and_guesses_come_back_in_order(exam, recordings):
    order = draw(recordings, 2, seed=5)
    said = ["sad", "sad", "angry", "neutral", "angry", "sad"]
    for number, emotion in enumerate(said):
        meant = order["emotion"][number]
        assert pitch_of(exam.shown["sound"]) == pytest.approx(PITCH[meant] + 10, abs=12)
        guess(exam, emotion)
    pd.testing.assert_frame_equal(exam.results.drop(columns="guess"), order)
    assert exam.results["guess"].tolist() == said
    assert exam.shown == {"done": 6, "total": 6, "sound": b""}


def test_a_guess_can_be_taken_back_until_the_last(exam):
    exam.receive({"do": "undo"})
    assert exam.said["text"] == "There is nothing to take back."
    guess(exam, "sad")
    sound = exam.shown["sound"]
    guess(exam, "angry")
    exam.receive({"do": "undo"})
    assert exam.shown["sound"] == sound
    assert exam.results["guess"].tolist() == ["sad"]
    for _ in range(5):
        guess(exam, "neutral")
    exam.receive({"do": "undo"})
    assert len(exam.results) == 6


def test_what_does_not_fit_changes_nothing_and_still_gets_an_answer(exam):
    guess(exam, "sad")
    before = exam.said["number"]
    exam.receive({"do": "guess", "number": 1, "emotion": "angry"})  # a second click
    exam.receive({"do": "guess", "number": 2, "emotion": "joy"})
    exam.receive({"do": "hear", "number": 1})  # answers are not given yet
    assert exam.results["guess"].tolist() == ["sad"]
    assert exam.shown["done"] == 1
    assert exam.said["number"] == before + 3


def test_nothing_that_the_page_gets_tells_what_was_meant(exam, recordings):
    """All orders of the choices are equal; the state holds no file name, and sound without metadata."""
    assert exam.choices == ["neutral", "sad", "angry"]
    for _ in range(5):
        state = {key: value for key, value in exam.get_state().items() if not key.startswith("_")}
        shown = state.pop("shown")
        assert set(shown) == {"done", "total", "sound"}
        assert not re.search(rb"angry|neutral|sad|LIST|PEAK", shown["sound"][:200] + shown["sound"][-200:])
        assert state["outcome"] == ""
        assert not any(path in json.dumps(state, default=str) for path in recordings["path"])
        guess(exam, "sad")
        assert exam.said["text"] == "You said sad."


def test_the_outcome_counts_and_shows_the_others(recordings):
    other = pd.DataFrame(np.eye(3), index=list(EMOTIONS), columns=list(EMOTIONS)).loc[
        ["neutral", "sad", "angry"], ["neutral", "sad", "angry"]
    ]
    exam = ListeningTest(recordings, each=2, seed=5, others={"machine": other}, synthetic=True)
    for _ in range(6):
        guess(exam, "sad")
    assert "You named 2 of 6 as meant." in exam.outcome
    assert "Guessing gives 2 on average." in exam.outcome
    assert exam.outcome.count("as meant</td>") == 2
    picture = exam.picture
    assert "you: 33 % on the diagonal" in picture.description
    assert "machine: 100 % on the diagonal" in picture.description
    assert picture.figure.axes[0].get_title("left") == "you"
    assert "synthetic speech" in picture.figure.get_suptitle()
    exam.receive({"do": "hear", "number": 3})
    meant = exam.results["emotion"][2]
    assert pitch_of(exam.shown["sound"]) == pytest.approx(PITCH[meant] + 10, abs=12)
    assert exam.shown["done"] == 6


def test_a_page_without_a_kernel_says_what_one_can_do(exam):
    data, _ = exam._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == exam.model_id
    assert data["text/plain"] == "Listening test: 0 of 6 utterances judged"
    cell = nbformat.v4.new_code_cell("page", outputs=[nbformat.v4.new_output("display_data", data)])
    page = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0]
    assert "Run the cell to hear the utterances and to name their emotions." in page
    assert "<kbd>3</kbd> angry" in page


def test_taken_by_keyboard_and_mouse_in_a_browser(recordings, browser, tmp_path):
    recordings.to_csv(tmp_path / "recordings.csv", index=False)
    code = (
        "import pandas as pd\nfrom sercourse.widgets import ListeningTest\n"
        'ListeningTest(pd.read_csv("recordings.csv"), each=2, seed=5)'
    )
    order = draw(recordings, 2, seed=5)["emotion"]
    with serve(code, tmp_path) as address:
        page = browser.new_page()
        failures = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address)
        tab_into(page, ".labeller")
        page.keyboard.press("1")
        assert said(page) == "Listen first: press Play."
        page.keyboard.press("Space")
        for number, keys in enumerate((["3"], ["1", "z", "2"], ["1"], ["2"]), 1):
            assert f"Utterance {number} of 6" in page.inner_text(".labeller-count")
            body = page.content()
            assert not any(path in body for path in recordings["path"])
            for key in keys:
                press(page, key)
        page.click("button[data-do=play]")
        press(page, "2")
        with settled(page):
            page.click("button[data-guess=angry]")  # the next utterance was played at once
        guesses = pd.Series(["angry", "sad", "neutral", "sad", "sad", "angry"])
        right = (guesses == order).sum()
        page.wait_for_selector(f"text=You named {right} of 6 as meant.")
        rows = page.locator("tbody tr").all_inner_texts()
        assert [row.split("\t")[1] for row in rows] == order.tolist()
        assert [row.split("\t")[2] for row in rows] == guesses.tolist()
        with settled(page):
            page.click("button[data-hear='2']")
        assert said(page) == "Utterance 2."
        assert page.evaluate("document.activeElement.dataset.hear") == "2"
        assert failures == []


@contextlib.contextmanager
def settled(page):
    """Wait until the kernel has answered what is done inside."""
    before = said(page)
    yield
    page.wait_for_function(
        "before => !document.querySelector('.labeller').hasAttribute('aria-busy')"
        " && document.querySelector('.labeller-said').textContent !== before",
        arg=before,
        timeout=10_000,
    )


def press(page, key):
    with settled(page):
        page.keyboard.press(key)


def said(page):
    return page.inner_text(".labeller-said")
