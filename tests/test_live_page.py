"""The live demo as people use it: ``sercourse demo`` in Chromium, on a phone's screen."""

import os
import re
import signal

import numpy as np
import psutil
import pytest
import soundfile
from babble import babble
from encode import encode
from pages import check_accessible, choose, hearing_chromium, said, serve_command, tab_into

from sercourse import recognizer

RATE = 48_000


def voice(seconds=3.0):
    return babble(np.random.default_rng(3), seconds, RATE, 190, 6.0, 0.12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def chromium(folder):
    soundfile.write(folder / "voice.wav", voice(6.0), RATE, subtype="PCM_16")
    with hearing_chromium(folder / "voice.wav") as opened:
        yield opened


@pytest.fixture(scope="module")
def address(small_bundle, folder):
    bundle = recognizer.save(small_bundle, folder / "bundle.zip")
    with pytest.MonkeyPatch.context() as patch:
        (folder / "tmp").mkdir()
        patch.setenv("TMPDIR", str(folder / "tmp"))  # what the server and its kernels leave there is seen
        with serve_command(["-m", "sercourse", "demo", "--bundle", str(bundle)], folder) as served:
            yield served


def open_page(chromium, address):
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.failures, page.arrived, page.kernel = [], [], []
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    page.on("response", lambda response: page.arrived.append(response.url))
    page.on("websocket", lambda each: page.kernel.extend(re.findall("kernels/([0-9a-f-]+)/", each.url)))
    page.goto(address)
    page.wait_for_selector(".recorder", timeout=120_000)
    return page


@pytest.fixture(scope="module")
def page(chromium, address):
    return open_page(chromium, address)


def test_an_example_is_answered_by_keyboard_alone(page):
    tab_into(page, "[data-do=example]")
    page.keyboard.press("Enter")
    said(page, "^Answer: ")
    assert "Synthetic voice, meant to be neutral" in page.inner_text(".timeline")
    tab_into(page, ".demo-result audio")
    tab_into(page, ".timeline input")
    tab_into(page, ".demo-facts summary")
    page.keyboard.press("Enter")
    assert "trained" in page.inner_text(".demo-card")
    tab_into(page, ".demo-table")


def test_the_page_says_how_good_it_is_and_what_it_is_not_for(page, small_bundle):
    facts = page.inner_text(".demo-facts")
    assert f"takes {100 * small_bundle.results['uar']:.0f} of 100 recordings right" in facts
    assert "5 others that it had never heard" in facts
    assert "at work or in education" in facts


def test_nobody_is_shut_out(page):
    check_accessible(page, ".demo-page")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_an_upload_is_answered_and_not_left_on_the_disk(page, folder):
    encode(folder / "phone.m4a", voice(), RATE, "aac")
    content = (folder / "phone.m4a").read_bytes()
    before = files(folder)
    choose(page, "../<b>phone</b>.m4a", content)
    said(page, "^Answer: ")
    assert "b>.m4a: 3.0 s of sound" in page.inner_text(".timeline")
    assert page.locator(".timeline b").count() == 0
    assert {path for path, size in files(folder).items() if before.get(path) != size} <= {
        folder / "voila.log"
    }
    assert content[200:260] not in (folder / "voila.log").read_bytes()


def files(folder):
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def test_a_recording_is_answered(page):
    page.get_by_role("button", name="Record").click()
    page.wait_for_function("document.querySelector('.recorder-left').textContent.startsWith('27')")
    page.get_by_role("button", name="Stop").click()
    said(page, "^Answer: ")
    assert "Your recording" in page.inner_text(".timeline")


def test_what_cannot_be_used_is_told_and_the_old_answer_is_gone(page, tmp_path):
    for name, content, told in (
        ("a.wav", b"not a sound", "not readable as sound"),
        ("a.mp3", np.random.default_rng(0).bytes(9000), "readable as sound"),
        ("a.txt", b"text", "no sound that can be read here"),
        ("a.wav", bytes(20_000_001), "too large: it has 20.0 MB, and 20 MB are the most"),
    ):
        choose(page, name, content)
        said(page, told)
    assert page.locator(".demo-result").count() == 0
    soundfile.write(tmp_path / "long.flac", np.zeros(70 * 8000), 8000)
    choose(page, "long.flac", (tmp_path / "long.flac").read_bytes())
    said(page, "lasts over 60 s")


def test_nothing_comes_from_elsewhere_and_nothing_may_be_sent_there(page, address):
    assert {url.split("/")[2] for url in page.arrived if url.startswith("http")} == {address.split("/")[2]}
    refused = page.evaluate("fetch('http://127.0.0.1:9/').then(() => '', error => error.name)")
    policy = page.request.get(address).headers["content-security-policy"]
    assert refused == "TypeError"
    assert "connect-src 'self'" in policy
    assert "form-action 'none'" in policy


def test_a_killed_kernel_is_told_and_disturbs_nobody_else(chromium, address, page):
    other = chromium.new_page(viewport={"width": 390, "height": 844})
    other.clock.install()
    other.kernel = []
    other.on("websocket", lambda each: other.kernel.extend(re.findall("kernels/([0-9a-f-]+)/", each.url)))
    other.goto(address)
    other.wait_for_selector(".recorder", timeout=120_000)
    assert set(other.kernel).isdisjoint(page.kernel)
    os.kill(process_of(other.kernel[0]), signal.SIGKILL)
    other.get_by_role("button", name="sad", exact=True).click()
    other.clock.fast_forward(31_000)
    said(other, "No answer yet|lost its kernel")
    page.get_by_role("button", name="sad", exact=True).click()
    said(page, "^Answer: ")
    other.close()


def process_of(kernel):
    (found,) = processes(f"kernel-{kernel}")
    return found


def processes(word):
    return [
        each.pid
        for each in psutil.process_iter(["cmdline"])
        if any(word in part for part in each.info["cmdline"] or [])
    ]


def test_when_the_process_that_predicts_is_killed_the_next_sound_is_answered(page):
    server = psutil.Process(process_of(page.kernel[0])).parent()
    workers = processes("sercourse.live.worker")
    (worker,) = [each for each in server.children() if each.pid in workers]
    worker.kill()
    page.get_by_role("button", name="happy").click()
    said(page, "^Answer: ")


def test_no_script_failed(page):
    assert page.failures == []
