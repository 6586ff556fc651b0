"""The recorder: what comes from the page, and its page in a browser with a microphone that plays a tone."""

import contextlib
import hashlib
import json
import re

import numpy as np
import pytest
import soundfile
from pages import check_accessible, choose, hearing_chromium, said, serve, tab_into

from sercourse.errors import AudioError
from sercourse.widgets import Recorded, Recorder, Uploaded
from sercourse.widgets.recorder import plain_name

SECONDS, MEGABYTES, TONE = 10, 4.5, 437.0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("voice.wav", "voice.wav"),
        ("../../etc/passwd.wav", "passwd.wav"),
        (r"C:\fakepath\voice.wav", "voice.wav"),
        ("<b>bold</b>.wav", "b>.wav"),
        ("gnp\u202evaw.exe.wav", "gnpvaw.exe.wav"),
        ("a\nb\x00\x1b[31m\ufeff\u2028.wav", "ab[31m.wav"),
        ("Z\u0300\u0301\u0302\u0303\u0304.wav", "Z\u0300\u0301.wav"),
        ("e\u0301te\u0301.m4a", "\u00e9t\u00e9.m4a"),
        ("\u05e9\u05dc\u05d5\u05dd.wav", "\u05e9\u05dc\u05d5\u05dd.wav"),
        ("x" * 500 + ".wav", "x" * 59 + "\u2026" + "x" * 16 + ".wav"),
        ("\udcff.wav", ".wav"),
        ("..", "unnamed"),
        ("", "unnamed"),
    ],
)
def test_a_name_becomes_a_line_of_text(name, shown):
    assert plain_name(name) == shown


@pytest.fixture
def recorder():
    """A recorder that keeps what it hands on in `recorder.heard`."""
    made = Recorder(["sad", "angry"], seconds=0.5, megabytes=0.001)
    made.heard = []
    made.on_sound(lambda sound: made.heard.append(sound))
    made.on_example(lambda name: made.heard.append(name) or f"This is {name}.")
    return made


def send(recorder, *pieces, lost=0, **what):
    recorder.receive({"do": "begin", "id": "a", **what})
    for piece in pieces:
        recorder.receive({"do": "piece", "id": "a"}, [memoryview(piece)])
    recorder.receive({"do": "end", "id": "a", "bytes": sum(map(len, pieces)) + lost})


def test_an_upload_comes_in_pieces(recorder):
    send(recorder, b"RI", b"FF", name="/tmp/a.wav")
    assert recorder.heard == [Uploaded("a.wav", b"RIFF")]
    assert {key: recorder.said[key] for key in ("text", "trouble", "id")} == {
        "text": "Received.", "trouble": False, "id": "a",
    }  # fmt: skip


def test_a_recording_comes_in_pieces(recorder):
    samples = np.linspace(-1, 1, 4000, dtype="<f4")
    send(recorder, samples[:1500].tobytes(), samples[1500:].tobytes(), rate=8000)
    (heard,) = recorder.heard
    assert isinstance(heard, Recorded)
    assert heard.rate == 8000
    assert heard.samples.dtype == np.float32
    np.testing.assert_array_equal(heard.samples, samples)


NOTHING = np.zeros(0, "<f4").tobytes()


@pytest.mark.parametrize(
    ("pieces", "what", "told"),
    [
        ([b"x" * 999, b"xx"], {"name": "a.wav"}, "too large: 0.001 MB at most"),
        ([bytes(4 * 4001)], {"rate": 8000}, "A recording has 0.5 s at most"),
        ([np.array([0.1, np.nan], "<f4").tobytes()], {"rate": 8000}, "no usable samples"),
        ([b"abc"], {"rate": 8000}, "no usable samples"),
        ([NOTHING], {"rate": 8000}, "no usable samples"),
        ([bytes(4)], {"rate": 0}, "0 samples a second"),
        ([bytes(4)], {"rate": float("nan")}, "nan samples a second"),
    ],
)
def test_what_a_page_should_not_have_sent_is_refused(recorder, pieces, what, told):
    """The page checks first; a changed page does not."""
    said = []
    recorder.observe(lambda change: said.append(change.new), "said")
    send(recorder, *pieces, **what)
    assert told in said[0]["text"]
    assert said[0]["trouble"]
    assert recorder.heard == []
    assert recorder._arriving is None


def test_a_lost_piece_is_told(recorder):
    send(recorder, b"RIFF", lost=1, name="a.wav")
    assert "was lost on its way" in recorder.said["text"]
    assert recorder.heard == []


def test_what_is_taken_back_and_what_came_in_between_are_not_handed_on(recorder):
    recorder.receive({"do": "begin", "id": "a", "name": "a.wav"})
    recorder.receive({"do": "piece", "id": "a"}, [memoryview(b"RI")])
    recorder.receive({"do": "drop", "id": "a"})
    recorder.receive({"do": "begin", "id": "b", "name": "b.wav"})
    recorder.receive({"do": "piece", "id": "a"}, [memoryview(b"FF")])
    recorder.receive({"do": "piece", "id": "b"}, [memoryview(b"fLaC")])
    recorder.receive({"do": "end", "id": "a", "bytes": 4})
    assert "Another sound came in between" in recorder.said["text"]
    recorder.receive({"do": "end", "id": "b", "bytes": 4})
    assert recorder.heard == [Uploaded("b.wav", b"fLaC")]


def test_an_error_that_can_be_mended_is_told_in_its_words_and_others_without(recorder):
    def fail(sound):
        raise errors.pop()

    errors = [RuntimeError("secret"), AudioError("a.wav", "is silent")]
    recorder.on_sound(fail)
    send(recorder, b"RIFF", name="a.wav")
    assert recorder.said["text"].startswith("a.wav: is silent; ")
    with pytest.raises(RuntimeError, match="secret"):
        send(recorder, b"RIFF", name="a.wav")
    assert recorder.said["text"] == "This went wrong here (RuntimeError). Try another sound."
    assert recorder.said["trouble"]


def test_only_examples_that_there_are(recorder):
    recorder.receive({"do": "example", "id": "a", "name": "sad"})
    assert recorder.said["text"] == "This is sad."
    recorder.receive({"do": "example", "id": "b", "name": "../secret"})
    assert recorder.said["text"] == "There is no such example."
    assert recorder.heard == ["sad"]


def test_a_page_without_a_kernel_says_what_one_can_do():
    data, _ = Recorder(["<i>sad</i>"])._repr_mimebundle_()
    assert data["text/plain"] == "Recorder: up to 30 s by microphone, files up to 20 MB; examples: <i>sad</i>"
    assert "Record up to 30 s, or choose a file of up to 20 MB" in data["text/html"]
    assert "<li>&lt;i&gt;sad&lt;/i&gt;</li>" in data["text/html"]
    assert "Run the cell to record" in data["text/html"]


def test_limits_that_let_nothing_through():
    with pytest.raises(ValueError, match="nothing fits into 0 s"):
        Recorder(seconds=0)


# From here on in a browser. One page of one Voila server serves all tests.

PAGE = f"""
import hashlib
import numpy as np
from sercourse.errors import AudioError
from sercourse.widgets import Recorder, Uploaded

def hear(sound):
    if isinstance(sound, Uploaded):
        if sound.content[:4] == b"none":
            raise AudioError(sound.name, "is no sound", "choose another file")
        return f"{{sound.name}} has {{hashlib.sha256(sound.content).hexdigest()}}"
    np.savez("heard.npz", **sound._asdict())
    return f"{{len(sound.samples)}} samples heard"

recorder = Recorder(["sad", "angry"], seconds={SECONDS}, megabytes={MEGABYTES})
recorder.on_sound(hear)
recorder.on_example("This is {{}}.".format)
recorder
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("recorder")


@pytest.fixture(scope="module")
def chromium(folder):
    """A browser whose microphone hears a tone, at half of full scale."""
    time = np.arange(4 * 48_000) / 48_000
    soundfile.write(folder / "tone.wav", 0.5 * np.sin(2 * np.pi * TONE * time), 48_000, subtype="PCM_16")
    with hearing_chromium(folder / "tone.wav") as browser:
        yield browser


@pytest.fixture(scope="module")
def opened(chromium, folder):
    """The page on a phone of 360 x 740 pixels; what it sends and its failures are kept beside it."""
    with serve(PAGE, folder) as address:
        page = chromium.new_page(viewport={"width": 360, "height": 740})
        page.sent, page.failures = [], []
        page.on("pageerror", lambda error: page.failures.append(str(error)))
        page.on(
            "websocket",
            lambda socket: socket.on("framesent", lambda payload: page.sent.append(len(payload))),
        )
        page.goto(address)
        page.wait_for_selector(".recorder", timeout=60_000)
        yield page


@pytest.fixture
def page(opened):
    yield opened
    assert opened.failures == []
    assert opened.evaluate("document.documentElement.scrollWidth") == 360  # nothing sticks out


def tab_to(page, name):
    """Press Tab until the focus is on the button with this text."""
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {name!r}")


def check_tone(folder, page, within=1.0):
    """Samples are those of the microphone, in time and in height; the rate is that of the sound card."""
    heard = np.load(folder / "heard.npz")
    samples, rate = heard["samples"].astype(float), int(heard["rate"])
    assert rate == page.evaluate("new AudioContext().sampleRate")
    middle = samples[len(samples) // 4 : 3 * len(samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 8 * rate))
    assert spectrum.argmax() / 8 == pytest.approx(TONE, abs=within)
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.03)
    assert middle.std() == pytest.approx(0.5 / np.sqrt(2), rel=0.03)  # no block is missing or silent
    return samples, rate


def test_recorded_by_keyboard_and_stopped_by_keyboard(page, folder):
    tab_into(page, ".recorder")
    tab_to(page, "Record")
    page.keyboard.press("Enter")
    said(page, "Recording")  # the microphone may take a while
    tab_to(page, "Stop")
    page.wait_for_function("parseFloat(document.querySelector('.recorder-left').textContent) <= 9")
    assert 0.8 < page.evaluate("document.querySelector('.recorder meter').value") < 1  # -6 of 60 dB
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.keyboard.press("Space")
    text = said(page, "samples heard")
    samples, rate = check_tone(folder, page)
    assert text == f"{len(samples)} samples heard"
    assert rate < len(samples) < SECONDS * rate
    assert page.evaluate("document.activeElement.textContent.trim()") == "Record"


def test_a_recording_stops_by_itself_after_the_stated_length(page, folder):
    page.get_by_role("button", name="Record").click()
    said(page, "Recording")
    said(page, "samples heard")
    samples, rate = check_tone(folder, page)
    assert len(samples) == SECONDS * rate


def test_a_browser_without_worklets_records_too(page, folder):
    page.evaluate("Object.defineProperty(BaseAudioContext.prototype, 'audioWorklet', {value: undefined})")
    page.get_by_role("button", name="Record").click()
    said(page, "Recording")
    said(page, "samples heard")
    # It loses samples on a busy machine; a wrong rate would be 9 % off.
    samples, rate = check_tone(folder, page, within=0.05 * TONE)
    assert len(samples) == SECONDS * rate


def test_a_recording_that_is_discarded_is_not_handed_on(page, folder):
    (folder / "heard.npz").unlink()
    page.get_by_role("button", name="Record").click()
    said(page, "Recording")
    check_accessible(page, ".recorder")
    page.keyboard.press("Escape")
    said(page, "Discarded")
    page.get_by_role("button", name="sad").click()  # is answered after all that was sent before
    said(page, "This is sad.")
    assert not (folder / "heard.npz").exists()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("NotAllowedError", "The microphone was refused. Allow it"),
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "another program may hold it"),
        ("AbortError", r"cannot be used \(AbortError\)"),
    ],
)
def test_a_microphone_that_is_refused_or_missing_is_told(page, name, told):
    page.evaluate(
        "name => navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', name); }",
        name,
    )
    page.get_by_role("button", name="Record").click()
    said(page, told)
    assert "file" in page.inner_text(".recorder [role=status]")
    page.evaluate("delete navigator.mediaDevices.getUserMedia")


def test_a_file_is_chosen_by_keyboard_and_arrives_byte_for_byte(page, folder):
    content = np.random.default_rng(0).bytes(int(MEGABYTES * 1e6))  # just not too large: three pieces
    left = sorted(folder.rglob("*"))
    tab_to(page, "Choose a file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "voice.WAV", "mimeType": "audio/wav", "buffer": content})
    assert said(page, "has") == f"voice.WAV has {hashlib.sha256(content).hexdigest()}"
    assert max(page.sent) < 10 * 2**20  # what Jupyter's websocket takes
    assert sorted(folder.rglob("*")) == left  # nothing is left on the disk


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("voice.wav", int(MEGABYTES * 1e6) + 1, r"too large: it has 4\.5 MB, and 4\.5 MB are the most"),
        ("film.avi", 5000, r"no sound that can be read here.*\.wav, \.flac"),
        ("voice.wav.exe", 5000, "no sound that can be read here"),
        ("voice", 5000, "no sound that can be read here"),
        ("wav", 5000, "no sound that can be read here"),
        ("voice.wav", 0, "is empty"),
    ],
)
def test_what_is_refused_does_not_travel(page, name, size, told):
    before = sum(page.sent)
    choose(page, name, bytes(size))
    said(page, told)
    assert "labeller-wrong" in page.get_attribute(".recorder [role=status]", "class")
    page.wait_for_timeout(100)
    assert sum(page.sent) - before < 1000


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=window.harmed=1>.wav",
        "..\\..\\etc\\voice.wav",
        "gnp\u202evaw.exe.wav",
        "\u202e\u2066\u200fabc\u0000\u001b.wav",
        "x" * 3000 + ".wav",
        "Z" + "\u0301" * 900 + ".wav",
    ],
)
def test_a_name_is_shown_as_text_that_does_no_harm(page, name):
    choose(page, name, b"RIFF")
    text = said(page, hashlib.sha256(b"RIFF").hexdigest())
    assert page.inner_text(".recorder-file bdi") == plain_name(name)
    assert text.startswith(plain_name(name)) or len(name) > 1000  # the kernel gets the first 1000 letters
    assert page.evaluate("window.harmed") is None
    assert page.locator(".recorder img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@contextlib.contextmanager
def dragged(page, *names):
    """Files that hang on the mouse."""
    held = page.evaluate_handle(
        "names => { const held = new DataTransfer();"
        " for (const name of names) held.items.add(new File(['RIFF'], name)); return held; }",
        list(names),
    )
    page.dispatch_event(".recorder", "dragover", {"dataTransfer": held})
    assert "recorder-over" in page.get_attribute(".recorder", "class")
    page.dispatch_event(".recorder", "drop", {"dataTransfer": held})
    yield
    assert "recorder-over" not in page.get_attribute(".recorder", "class")


def test_a_file_is_dropped(page):
    with dragged(page, "dropped.flac"):
        said(page, f"^dropped.flac has {hashlib.sha256(b'RIFF').hexdigest()}")
    with dragged(page, "a.wav", "b.wav"):
        said(page, "one file at a time")
    with dragged(page):
        said(page, "That is no file")


def test_an_upload_can_be_cancelled(page):
    # A disk that does not answer; braces, since a function that is a script's value would be called.
    page.evaluate(
        "() => { window.own = Blob.prototype.arrayBuffer;"
        " Blob.prototype.arrayBuffer = () => new Promise(() => {}); }"
    )
    choose(page, "voice.wav", b"RIFF")
    page.get_by_role("button", name="Cancel").click()
    page.evaluate("() => { Blob.prototype.arrayBuffer = window.own; }")
    said(page, "Cancelled")
    assert page.evaluate("document.activeElement.textContent") == "Choose a file"
    choose(page, "next.wav", b"RIFF")
    said(page, "^next.wav has")


def test_what_the_kernel_cannot_use_is_told(page):
    choose(page, "voice.wav", b"none of it")
    said(page, "^voice.wav: is no sound; choose another file$")
    page.get_by_role("button", name="angry").click()
    said(page, "^This is angry.$")
    assert "labeller-wrong" not in page.get_attribute(".recorder [role=status]", "class")


def test_every_control_has_a_name_for_a_screen_reader(page):
    region = page.get_by_role("region", name="Record, or choose a file")
    assert region.get_by_role("button").all_inner_texts() == ["Record", "Choose a file", "sad", "angry"]
    assert region.get_by_role("group", name="Or an example:").get_by_role("button").count() == 2
    described = page.evaluate(
        "[...document.querySelectorAll('.recorder [aria-describedby]')].map(each =>"
        " document.getElementById(each.getAttribute('aria-describedby')).textContent)"
    )
    assert described[0] == f"A recording stops by itself after {SECONDS} s."
    assert re.search(rf"up to {MEGABYTES} MB", described[1])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing(page, scheme):
    page.emulate_media(color_scheme=scheme)
    choose(page, "film.avi", b"RIFF")
    said(page, "no sound that can be read here")
    check_accessible(page, ".recorder")


def test_a_page_that_may_have_no_microphone_says_what_it_needs(chromium):
    """A page that came over plain HTTP from another host; there is no server and no kernel here."""
    made = Recorder(["sad"])
    state = {name: getattr(made, name) for name in ("examples", "seconds", "megabytes", "endings", "said")}
    body = (
        f"<meta charset=utf-8><style>{made._css}</style><main></main><script type=module>"
        f"{made._esm.replace('export default { render }', '')}\nconst state = {json.dumps(state)};"
        "render({model: {get: name => state[name], on() {}, off() {}, send() {}},"
        " el: document.querySelector('main')});</script>"
    )
    page = chromium.new_page()
    page.route("http://demo.example/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("http://demo.example/")
    assert not page.evaluate("isSecureContext")
    button = page.get_by_role("button", name="Record")
    assert button.get_attribute("aria-disabled") == "true"
    assert re.search("http://localhost.*HTTPS", page.inner_text(".recorder .recorder-hint >> nth=0"))
    button.click(force=True)
    said(page, "No microphone here: .*You can choose a file instead")
    assert page.get_by_role("button", name="Choose a file").get_attribute("aria-disabled") == "false"
    page.close()
