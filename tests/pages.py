"""Pages with widgets, served by Voila and used in a browser by keyboard."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest


@contextlib.contextmanager
def serve(code, folder):
    """Address of a Voila server in `folder` whose page is one cell with this code."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "page.ipynb")
    with serve_command(["-m", "voila", "page.ipynb", "--Voila.ip=127.0.0.1"], folder) as address:
        yield address


@contextlib.contextmanager
def serve_command(words, folder):
    """Address of the Voila server that ``python words`` starts in `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Of the user's own kernels and settings nothing is used.
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA")}
    with open(folder / "voila.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, *words, "--no-browser", f"--port={port}"],
            cwd=folder,
            env=os.environ | own,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port, server):
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert server.poll() is None, "Voila ended"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/voila/static/none", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("Voila did not start")


def tab_into(page, selector):
    """Press Tab until the focus is inside."""
    page.wait_for_selector(selector, timeout=60_000)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(f"!!document.activeElement.closest('{selector}')"):
            return
    pytest.fail(f"Tab does not reach {selector}")


def check_accessible(page, inside=None):
    """Fail on anything that axe-core finds in a page, or in the part of it that a selector names."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=inside)
    assert len(found.response["passes"]) > 3, "axe-core saw nothing there"
    assert found.violations_count == 0, found.generate_report()


@contextlib.contextmanager
def hearing_chromium(sound):
    """Chromium whose microphone gives a WAV file again and again, and is allowed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("chromium is not here")
    from playwright.sync_api import sync_playwright

    flags = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={sound}",
    ]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=flags)
        yield opened
        opened.close()


def said(page, text):
    """Wait until the recorder says this, and nothing is under way."""
    page.wait_for_function(
        "text => !document.querySelector('.recorder').hasAttribute('aria-busy')"
        " && new RegExp(text).test(document.querySelector('.recorder [role=status]').textContent)",
        arg=text,
        timeout=60_000,
    )
    return page.inner_text(".recorder [role=status]")


def choose(page, name, content):
    """Choose a file for the recorder."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files({"name": name, "mimeType": "audio/wav", "buffer": content})
