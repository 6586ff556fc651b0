"""Many people open the live demo at once, and each chooses an example.

``python .ci/benchmark_demo.py [--people 20] [--killed 3] [--bundle PATH]`` says how long that takes, and how
much memory. It needs chromium, whose pages share the cores with the server: times are upper bounds. Some
kernels are killed on the way, and nobody else may notice.
"""

import argparse
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

READY = (
    "!document.querySelector('.recorder').hasAttribute('aria-busy') && !!document.querySelector('.timeline')"
)


def main():
    """Start the server and the browser, and end both."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--people", type=int, default=20)
    asked.add_argument("--killed", type=int, default=3)
    asked.add_argument("--bundle")
    options = asked.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sercourse", "demo", "--no-browser", f"--port={port}"]
    command += ["--bundle", options.bundle] if options.bundle else []
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_for(address + "voila/static/none")
        with sync_playwright() as playwright:
            path = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            pages = open_pages(browser, address, options.people)
            processes = [
                each
                for each in psutil.Process(server.pid).children()
                if each.status() != psutil.STATUS_ZOMBIE
            ]
            tell_memory(processes)
            kill_kernels(pages[: options.killed], processes)
            ask(pages[options.killed :])
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def wait_for(address):
    """Wait until the server answers."""
    while True:
        try:
            urllib.request.urlopen(address, timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.5)


def open_pages(browser, address, people):
    """Open a page for each, at once, and say when the recorders are there."""
    start, pages, there = time.perf_counter(), [], []
    for _ in range(people):
        page = browser.new_page()
        page.sockets = []
        page.on("websocket", lambda each, page=page: page.sockets.append(each.url))
        page.goto(address, wait_until="commit", timeout=600_000)
        pages.append(page)
    for page in pages:
        page.wait_for_selector(".recorder", timeout=600_000)
        there.append(time.perf_counter() - start)
    print(f"{people} pages: the first is there after {there[0]:.1f} s, the last after {there[-1]:.1f} s")
    return pages


def tell_memory(processes):
    """Say what kernels take, and what the process that predicts."""
    memory = {each: each.memory_info().rss / 1e6 for each in processes}
    kernels = [size for each, size in memory.items() if "ipykernel_launcher" in each.cmdline()]
    (worker,) = [size for each, size in memory.items() if "sercourse.live.worker" in each.cmdline()]
    print(
        f"memory: {len(kernels)} kernels of {np.mean(kernels):.0f} MB, together {np.sum(kernels):.0f} MB; "
        f"the process that predicts {worker:.0f} MB"
    )


def kill_kernels(pages, processes):
    """Kill the kernels of these pages."""
    for page in pages:
        kernel = re.search("kernels/([0-9a-f-]+)/", page.sockets[0])[1]
        next(each for each in processes if kernel in " ".join(each.cmdline())).kill()
    print(f"{len(pages)} kernels are killed")


def ask(pages):
    """Let all ask at once, and then one of them alone."""
    start, answered, alone = time.perf_counter(), [], []
    for page in pages:
        page.get_by_role("button", name="angry").click(no_wait_after=True)
    for page in pages:
        page.wait_for_function(READY, timeout=120_000)
        answered.append(time.perf_counter() - start)
    print(f"{len(pages)} ask at once: answered after {answered[0]:.1f} to {answered[-1]:.1f} s")
    for _ in range(10):
        start = time.perf_counter()
        pages[-1].get_by_role("button", name="sad", exact=True).click()
        pages[-1].wait_for_function(READY)
        alone.append(time.perf_counter() - start)
    print(f"one alone, ten times: {np.median(alone):.2f} s in the middle, {max(alone):.2f} s at most")


if __name__ == "__main__":
    main()
