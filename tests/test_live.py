"""The process that predicts for all, those that ask it, and what the page makes of a sound."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest
import soundfile
from babble import babble
from encode import encode

from sercourse import live, recognizer
from sercourse.errors import LiveError
from sercourse.live import Client, messages, telling
from sercourse.recognizer import Answer, Recognizer
from sercourse.widgets import Recorded, Uploaded

RATE = 22_050


@pytest.fixture(scope="module")
def bundle(small_bundle, tmp_path_factory):
    return recognizer.save(small_bundle, tmp_path_factory.mktemp("bundle") / "small.zip")


@pytest.fixture(scope="module")
def service(bundle):
    with live.start(bundle) as running:
        yield running


def voice(seed, seconds=1.5):
    return babble(np.random.default_rng(seed), seconds, RATE, 190, 6.0, 0.12)


def test_it_answers_what_the_recognizer_answers(service, small_bundle):
    ours = Recognizer(small_bundle)
    answer, over_time = service.client().answer(voice(0, 4.2), RATE)
    wanted = ours.predict(voice(0, 4.2), RATE)
    assert (answer.verdict, answer.seconds) == (wanted.verdict, wanted.seconds)
    assert answer.probabilities == pytest.approx(wanted.probabilities, abs=1e-5)
    table = ours.predict_over_time(voice(0, 4.2), RATE)
    assert over_time.columns.tolist() == table.columns.tolist()
    assert over_time["verdict"].tolist() == table["verdict"].tolist()
    np.testing.assert_allclose(
        over_time[list(small_bundle.classes)], table[list(small_bundle.classes)], atol=1e-5
    )


def test_what_has_no_probabilities_has_none_on_the_other_side(service):
    answer, over_time = service.client().answer(np.zeros(3 * RATE), RATE)
    assert (answer.verdict, dict(answer.probabilities)) == ("not speech", {})
    assert over_time[service.client().about()["classes"]].isna().all(axis=None)


def test_it_says_what_it_was_trained_on(service, small_bundle):
    about = service.client().about()
    assert about["corpus"] == "ravdess"
    assert about["test_speakers"] == small_bundle.split["test"]
    assert about["card"] == recognizer.model_card(small_bundle)
    assert about["results"]["uar"] == small_bundle.results["uar"]


def test_twenty_who_ask_at_once_get_their_own_answers(service):
    sounds = [voice(seed, 1 + seed / 10) for seed in range(20)]
    alone = [service.client().answer(sound, RATE)[0] for sound in sounds]
    with ThreadPoolExecutor(20) as people:
        together = list(people.map(lambda sound: service.client().answer(sound, RATE)[0], sounds))
    assert together == alone
    assert len({answer.seconds for answer in together}) == 20


def test_whoever_says_nothing_or_nonsense_keeps_nobody_waiting(service):
    address = (messages.HOST, service.port)
    silent = [socket.create_connection(address) for _ in range(5)]
    for nonsense in (b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 5000):
        with socket.create_connection(address) as loud:
            loud.sendall(nonsense)
    assert service.client().about()["corpus"] == "ravdess"
    for each in silent:
        each.close()


def test_without_the_key_nobody_is_answered(service):
    with pytest.raises(LiveError, match="Another process answers there"):
        Client(service.port, "00" * 32).about()


@pytest.mark.parametrize(
    ("samples", "rate", "told"),
    [
        (np.zeros(61 * 8000), 8000, "lasts 61 s; 60 s at most"),
        (np.full(8000, np.nan), 8000, "not all finite"),
        (np.zeros(8000), -8000, "60 s at most"),
        (np.full(8000, 1e6), 8000, "divide by their full scale"),
    ],
)
def test_what_is_no_sound_is_refused_with_a_reason(service, samples, rate, told):
    with pytest.raises(LiveError, match=f"refused: .*{told}"):
        service.client().answer(samples, rate)


def test_a_question_that_it_does_not_know_is_refused(service):
    with pytest.raises(LiveError, match="refused"):
        service.client()._ask({"ask": "secrets"})


def test_when_it_dies_it_is_started_again_at_the_same_place(bundle):
    with live.start(bundle) as service:
        port, first = service.port, service.pid
        client = service.client()
        os.kill(first, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        assert client.answer(voice(1), RATE)[0].seconds == 1.5
        assert (service.port, service.restarts) == (port, 1)
        second = service.pid
        assert second != first
    assert not psutil.pid_exists(second)


def test_it_ends_with_whoever_started_it(bundle):
    code = f"from sercourse import live; print(live.start({str(bundle)!r}).pid, flush=True); input()"
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    worker = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    worker.wait(20)


def test_a_bundle_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "broken.zip").write_text("no bundle")
    with pytest.raises(LiveError, match=r"broken\.zip"):
        live.start(tmp_path / "broken.zip")
    with pytest.raises(LiveError, match="nowhere"):
        live.start(tmp_path / "nowhere")


def test_nobody_is_there():
    with socket.socket() as free:
        free.bind((messages.HOST, 0))
        client = Client(free.getsockname()[1], "00" * 32, patience=0.5)
        with pytest.raises(LiveError, match=r"not there\. Start the demo again"):
            client.about()


# What the page makes of a sound.


@pytest.fixture
def demo(service, monkeypatch):
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    return live.Demo()


def test_a_page_s_kernel_loads_no_tensorflow(service):
    code = (
        "import sys; from sercourse.live import Demo; demo = Demo(); demo.hear_example('sad');"
        "print([name for name in ('tensorflow', 'keras', 'librosa', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | service.environment, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_a_recording_is_answered_and_shown(demo):
    told = demo.hear(Recorded(voice(3).astype(np.float32), RATE))
    page = demo.result.value
    assert told.startswith("Answer: ")
    assert "Your recording" in page
    assert "data:audio/wav;base64," in page
    assert 'class="labeller timeline"' in page


@pytest.mark.parametrize(
    ("name", "codec"), [("a.m4a", "aac"), ("a.webm", "libopus"), ("a.mp3", "libmp3lame")]
)
def test_what_phones_and_browsers_make_is_answered(demo, tmp_path, name, codec):
    sound = np.interp(np.arange(3 * 48_000) / 48_000, np.arange(3 * RATE) / RATE, voice(3, 3))
    encode(tmp_path / name, sound, 48_000, codec)
    content = (tmp_path / name).read_bytes()
    demo.hear(Recorded(sound.astype(np.float32), 48_000))
    left = sorted(tmp_path.rglob("*"))
    assert demo.hear(Uploaded(name, content)).startswith("Answer: ")
    assert name in demo.result.value
    assert sorted(tmp_path.rglob("*")) == left


def as_wav(tmp_path, samples, rate):
    soundfile.write(tmp_path / "a.wav", samples, rate)
    return (tmp_path / "a.wav").read_bytes()


def test_what_cannot_be_used_is_told_and_what_stood_there_is_gone(demo, tmp_path):
    refused = {
        b"": "Empty file",
        b"hello": "not readable as sound",
        b"RIFF": "Cut off",
        os.urandom(5000): "Damaged, or not readable",
        as_wav(tmp_path, np.zeros(62 * 8000), 8000): "lasts over 60 s",
        as_wav(tmp_path, np.zeros(8000), 8000)[:9000]: "Cut off",
    }
    for content, told in refused.items():
        demo.hear(Recorded(voice(3).astype(np.float32), RATE))
        assert demo.result.value
        with pytest.raises(LiveError, match=told):
            demo.hear(Uploaded("a.wav", content))
        assert demo.result.value == ""


def test_a_hostile_name_is_text(demo, tmp_path):
    demo.hear(Uploaded("<img src=x onerror=alert(1)>.wav", as_wav(tmp_path, voice(3), RATE)))
    assert "<img" not in demo.result.value
    assert "&lt;img src=x" in demo.result.value


def test_examples_are_of_a_voice_that_was_not_trained_on(demo):
    names = list(demo.recorder.examples)
    assert names == ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"]
    own = demo.about | {"corpus": "demo", "test_speakers": ["demo_07", "demo_09"]}
    chosen = live.page.examples(own)
    assert {path.parent.name for path in chosen.values()} == {"Actor_07"}
    assert {path.name.split("-")[3] for name, path in chosen.items() if name != "neutral"} == {"02"}  # strong


ABOUT = {
    "synthetic": False,
    "corpus": "ravdess",
    "results": {
        "n_speakers": 5,
        "uar": 0.48,
        "interval": [0.41, 0.55],
        "chance": 0.125,
        "answered": 0.4,
        "right_if_sure": 0.7,
        "coverage": [
            {"threshold": 0.0, "coverage": 1.0, "accuracy": 0.5},
            {"threshold": 0.5, "coverage": 0.4, "accuracy": 0.7},
            {"threshold": 0.9, "coverage": 0.0, "accuracy": None},
        ],
    },
}


@pytest.mark.parametrize(
    ("confidence", "told"),
    [
        (0.3, "at least 0 % sure, 50 in 100"),
        (0.5, "at least 50 % sure, 70 in 100"),
        (0.95, "at least 50 % sure, 70 in 100"),
    ],
)
def test_how_often_such_answers_are_right(confidence, told):
    answer = Answer("sad", "because", {"sad": confidence, "angry": 1 - confidence}, confidence, 3.0)
    assert told in telling.reliability(answer, ABOUT)
    assert "5 actors that it had never heard" in telling.reliability(answer, ABOUT)


def test_what_was_not_judged_is_not_said_to_be_right_so_often():
    assert telling.reliability(Answer("not speech", "a hum"), ABOUT) == ""


def test_the_facts_name_the_scores_and_what_is_forbidden():
    page = telling.facts(ABOUT | {"card": "# Model card\n\n| a | b |\n|---|---|\n| 1 | <script> |\n"})
    assert "48 of 100 recordings right" in page
    assert "interval 41 to 55" in page
    assert "guessing takes 1 in 8" in page
    assert "at work or in education" in page
    assert "<h3>Model card</h3>" in page
    assert "<script>" not in page


def test_many_connections_that_come_and_go(service):
    """Whoever leaves before the answer comes takes no thread along."""

    def leave():
        with socket.create_connection((messages.HOST, service.port)):
            time.sleep(0.01)

    leaving = [threading.Thread(target=leave) for _ in range(100)]
    for each in leaving:
        each.start()
    for each in leaving:
        each.join()
    assert service.client().answer(voice(1), RATE)[0].seconds == 1.5
