"""The page to label on: what comes from the page, a page without a kernel, a browser, and kills."""

import base64
import importlib.util
import io
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import soundfile
from conftest import ROOT, write_tone
from nbconvert import HTMLExporter
from pages import serve, tab_into

from sercourse.labelling.store import LabelError, LabelStore
from sercourse.widgets import Labeller, labeller
from sercourse.widgets.waveform import outline


@pytest.fixture
def clips(tmp_path):
    """Ten clips, each a tone of another pitch."""
    rng = np.random.default_rng(0)
    paths = [tmp_path / f"clip_{number}.wav" for number in range(10)]
    for number, path in enumerate(paths):
        write_tone(path, 100 + 20 * number, rng, seconds=0.3)
    return pd.DataFrame({"clip": [path.stem for path in paths], "path": map(str, paths)})


@pytest.fixture
def page(clips, tmp_path):
    return Labeller(clips, tmp_path / "labels.sqlite", "A")


def save(page, **answer):
    page.receive({"do": "save", "clip": page.shown["clip"], "answer": answer})


def test_a_label_is_saved_and_the_next_clip_is_shown(page):
    order = LabelStore(page.store.path, page.store.clips).order("A")
    assert page.shown["clip"] == order[0]
    save(page, emotion="sad", arousal=2, valence=1, mark="unsure", note="far away")
    assert page.shown["clip"] == order[1]
    assert (page.shown["done"], page.shown["total"]) == (1, 10)
    row = LabelStore(page.store.path).labels().iloc[0]
    assert row[["rater", "clip", "emotion", "arousal", "valence", "mark", "note"]].tolist() == [
        "A", order[0], "sad", 2, 1, "unsure", "far away",
    ]  # fmt: skip
    assert page.said["text"] == "Saved: sad, unsure."


def test_the_page_gets_the_clip_and_its_picture(page, clips):
    path = clips.set_index("clip")["path"][page.shown["clip"]]
    sent, rate = soundfile.read(io.BytesIO(page.shown["sound"]))
    own, own_rate = soundfile.read(path)
    assert rate == own_rate
    np.testing.assert_allclose(sent, own, atol=2 / 32768)
    assert re.search(
        r'alt="Waveform and spectrogram: 0\.3 s long, loudest at 0\.\d s\."', page.shown["figure"]
    )


def test_the_spectrogram_shows_a_tone_at_its_frequency():
    """A tone of 2 kHz in a picture up to 8 kHz: the brightest row lies a quarter of the way up."""
    from matplotlib import image

    samples = np.sin(2 * np.pi * 2000 * np.arange(22_050) / 22_050).astype(np.float32)
    pixels = image.imread(io.BytesIO(labeller._spectrogram(samples, 22_050, 8000)))[:, :, :3].sum(axis=2)
    brightest = pixels.mean(axis=1).argmax()
    assert (1 - (brightest + 0.5) / len(pixels)) * 8000 == pytest.approx(2000, abs=40)


def test_the_outline_follows_the_waveform():
    samples = np.zeros(4800, np.float32)
    samples[2400:2410] = 0.5
    points = np.array(re.findall(r"([\d.]+) (-?[\d.]+)", outline(samples)), float)
    assert points[points[:, 1].argmin()] == pytest.approx([0.5, -1], abs=0.01)  # up is negative in SVG
    assert set(np.abs(points[np.abs(points[:, 0] - 0.5) > 0.01, 1])) == {0.01}


def test_undo_shows_the_clip_again_with_its_answer(page):
    first = page.shown["clip"]
    save(page, emotion="sad", arousal=2)
    page.receive({"do": "undo"})
    assert page.shown["clip"] == first
    assert page.shown["answer"] == {
        "emotion": "sad", "arousal": 2, "valence": None, "mark": "", "note": "",
    }  # fmt: skip
    assert len(page.store.labels()) == 0
    page.receive({"do": "undo"})
    assert page.said["text"] == "There is nothing to take back."


def test_all_labelled_and_undo_at_the_end(page):
    for _ in range(10):
        save(page, mark="not speech")
    assert (page.shown["clip"], page.shown["done"]) == ("", 10)
    assert repr(page) == "Labeller of rater 'A': 10 of 10 clips labelled, into labels.sqlite"
    page.receive({"do": "undo"})
    assert page.shown["done"] == 9


def test_a_rater_goes_on_and_raters_are_blind_to_each_other(page, clips):
    save(page, emotion="sad")
    again = Labeller(clips, page.store, "A")
    assert again.shown["clip"] == page.shown["clip"]
    other = Labeller(clips, page.store, "B")
    assert other.shown["done"] == 0
    assert other.store.order("B") != page.store.order("A")
    assert "sad" not in str({key: other.shown[key] for key in ("answer", "trouble")}) + str(other.said)


def test_two_pages_of_one_rater_lose_nothing(page, clips):
    """Both show the same clip: each answer is kept, the later one counts."""
    second = Labeller(clips, page.store, "A")
    first = page.shown["clip"]
    save(page, emotion="sad")
    save(second, emotion="anger")
    assert page.store.labels().set_index("clip")["emotion"].to_dict() == {first: "anger"}
    assert page.store.history()["emotion"].tolist() == ["sad", "anger"]


def test_what_the_store_refuses_is_told_and_the_clip_stays(page):
    clip = page.shown["clip"]
    save(page, emotion="joy")
    assert page.said["trouble"]
    assert "no emotion 'joy'; choose happy, sad" in page.said["text"]
    assert page.shown["clip"] == clip
    shutil.rmtree(page.store.path.parent)
    save(page, emotion="sad")
    assert re.search(r"labels\.sqlite: cannot be used now \(.*\); nothing was saved", page.said["text"])
    assert page.shown["clip"] == clip


def test_a_clip_that_cannot_be_played_is_told_and_can_be_passed(clips, tmp_path):
    order = LabelStore(tmp_path / "labels.sqlite", clips).order("A")
    files = clips.set_index("clip")["path"]
    Path(files[order[0]]).unlink()
    Path(files[order[1]]).write_bytes(b"RIFF nothing")
    page = Labeller(clips, tmp_path / "labels.sqlite", "A")
    assert re.search(rf"{order[0]}\.wav: cannot be opened .*not speech.*note", page.shown["trouble"])
    assert (page.shown["sound"], page.shown["figure"]) == (b"", "")
    save(page, note="the file is missing")
    assert f"{order[1]}.wav: cut off" in page.shown["trouble"]
    save(page, mark="not speech")
    assert page.shown["trouble"] == ""


def test_what_cannot_be_labelled(clips, tmp_path):
    path = tmp_path / "labels.sqlite"
    with pytest.raises(LabelError, match="rater's name is empty"):
        Labeller(clips, path, " ")
    with pytest.raises(LabelError, match="no clips to label"):
        Labeller(clips.head(0), path, "A")
    with pytest.raises(LabelError, match="lacks the columns: path"):
        Labeller(clips[["clip"]], path, "A")


def test_another_scheme(clips, tmp_path):
    page = Labeller(clips, tmp_path / "labels.sqlite", "A", scheme=("calm", "bored"))
    assert page.scheme == ["calm", "bored"]
    save(page, emotion="happy")
    assert page.said["trouble"]


@pytest.mark.parametrize("samples", [np.zeros(2000), np.full(1, 0.1), np.linspace(-1, 1, 10**6)])
def test_silence_one_sample_and_a_long_sound_have_a_picture(samples):
    figure = labeller._figure(samples.astype(np.float32), 22_050)
    points = np.array(re.findall(r"([\d.]+) (-?[\d.]+)", re.search('d="(.*?)"', figure)[1]), float)
    assert len(points) > 1
    assert np.abs(points).max() <= 1
    assert len(figure) < 500_000


class Pictures(HTMLParser):
    """Texts, and the images with their descriptions."""

    def __init__(self, page):
        super().__init__()
        self.images, self.texts = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.images.append(dict(attrs))

    def handle_data(self, data):
        self.texts.append(data)


def test_a_page_without_a_kernel_shows_a_picture_and_words(page):
    data, _ = page._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == page.model_id
    assert data["text/plain"] == "Labeller of rater 'A': 0 of 10 clips labelled, into labels.sqlite"
    output = nbformat.v4.new_output("display_data", data)
    cell = nbformat.v4.new_code_cell("page", outputs=[output])
    html = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0]
    seen = Pictures(html)
    (image,) = (image for image in seen.images if "Waveform" in image.get("alt", ""))
    assert base64.b64decode(image["src"].partition(",")[2]).startswith(b"\x89PNG")
    text = " ".join(seen.texts)
    assert "Clips to label: 0 of 10 done" in text
    assert "Run the cell to listen and to label." in text


def test_five_kills_lose_no_label(tmp_path):
    spec = importlib.util.spec_from_file_location("kill_labels", ROOT / ".ci" / "kill_labels.py")
    kill_labels = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(kill_labels)
    ledger = kill_labels.run(5, tmp_path, kill_labels.Bare, longest=0.5)
    assert ledger.acknowledged > 5
    assert ledger.lost == set()


@pytest.fixture
def voila(clips, tmp_path):
    """Address of a Voila server that shows the labeller."""
    clips.to_csv(tmp_path / "clips.csv", index=False)
    code = (
        "import pandas as pd\nfrom sercourse.widgets import Labeller\n"
        'Labeller(pd.read_csv("clips.csv"), "labels.sqlite", rater="A")'
    )
    with serve(code, tmp_path) as address:
        yield address


FIELDS = ("emotion", "arousal", "valence", "mark", "note")
# What is pressed for each of ten clips, and the row it must make.
PRESSED = [
    (["Space", "1", "Enter"], ("happy", None, None, "", "")),
    (["p", "2", "a", "6", "v", "3", "Enter"], ("sad", 6, 3, "", "")),
    (["u", "Enter"], (None, None, None, "unsure", "")),
    (["3", "u", "Enter"], ("anger", None, None, "unsure", "")),
    (["4", "a", "2", "n", "Enter"], (None, None, None, "not speech", "")),
    (["n", "4", "Enter"], ("disgust", None, None, "", "")),
    (["5", "5", "1", "Enter"], ("happy", None, None, "", "")),
    (["5", "a", "ArrowRight", "v", "ArrowLeft", "ArrowLeft", "Enter"], ("shock", 5, 2, "", "")),
    (["1", "v", "7", "v", "Delete", "Enter"], ("happy", None, None, "", "")),
    (["2", "NOTE", "n", "z", "Space", "1", "Enter"], ("sad", None, None, "", "nz 1")),
]


def test_ten_clips_by_keyboard_alone_in_a_browser(voila, browser, tmp_path):
    store = LabelStore(tmp_path / "labels.sqlite", [f"clip_{number}" for number in range(10)])
    order = store.order("A")
    page = browser.new_page()
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(voila)
    tab_into(page, ".labeller")
    for number, (keys, expected) in enumerate(PRESSED):
        assert shown(page) == f"Clip {number + 1} of 10"
        press(page, keys)
        said(page, "Saved")
        row = store.labels().set_index("clip").loc[order[number]]
        assert tuple(None if pd.isna(row[name]) else row[name] for name in FIELDS) == expected
    assert shown(page) == "All 10 clips are labelled"
    for left in (9, 8):
        press(page, ["z"])
        said(page, f"Taken back: change your answer and save it again. Clip {left + 1} of 10")
        assert len(store.labels()) == left
    press(page, ["3", "z"])
    said(page, "Your choice is taken back")
    press(page, ["Enter"])  # the answer of before is filled in
    said(page, "Saved: happy. Clip 10 of 10")
    assert store.labels().set_index("clip")["emotion"][order[8]] == "happy"
    page.reload()  # a new kernel
    tab_into(page, ".labeller")
    assert shown(page) == "Clip 10 of 10"
    press(page, ["Enter"])
    said(page, "Choose an emotion first")
    assert len(store.labels()) == 9
    press(page, ["3", "Enter"])
    said(page, "Saved: anger. All 10 clips are labelled.")
    assert store.labels().set_index("clip")["emotion"][order[9]] == "anger"
    for _ in range(30):  # no trap: Tab leads out again
        page.keyboard.press("Tab")
        if not page.evaluate("!!document.activeElement.closest('.labeller')"):
            break
    else:
        pytest.fail("Tab does not leave the labeller")
    assert failures == []


def press(page, keys):
    for key in keys:
        if key == "NOTE":
            while not page.evaluate("document.activeElement.matches('.labeller-note input')"):
                page.keyboard.press("Tab")
        else:
            page.keyboard.press(key)


def shown(page):
    return page.inner_text(".labeller-count")


def said(page, text):
    page.wait_for_function(
        "text => !document.querySelector('.labeller').hasAttribute('aria-busy')"
        " && document.querySelector('.labeller-said').textContent.startsWith(text)",
        arg=text,
        timeout=10_000,
    )
