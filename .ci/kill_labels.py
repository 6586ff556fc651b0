"""Kill kernels in which somebody labels, at random moments, and count the labels that are lost.

uv run python .ci/kill_labels.py [--kills 100] [--bare]

Each kernel goes on with the one store that the kernels before it left. This script takes the place of the
page: it sends what the page sends, and a label counts as acknowledged when the kernel's answer is here. The
store may then hold one save or undo more, whose answer the kill has cut off, but must miss none. With
``--bare`` a plain Python process runs the widget, which starts faster than a kernel.
"""

import argparse
import json
import os
import queue
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

from sercourse.labelling.store import LabelStore

CLIPS, RATER, SCHEME = 3000, "A", ("happy", "sad", "anger", "disgust", "shock")
START = """
import sys, pandas
from sercourse.widgets import Labeller
def labeller(folder):
    return Labeller(pandas.read_csv(f"{folder}/clips.csv"), f"{folder}/labels.sqlite", "A")
"""
SERVE = """
import json
made = labeller(sys.stdin.readline().strip())
print(made.shown["clip"], flush=True)
for line in sys.stdin:
    made.receive(json.loads(line))
    print(json.dumps(made.said | {"clip": made.shown["clip"]}), flush=True)
"""


class Bare:
    """The widget in a plain Python process."""

    def __init__(self):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, "-c", START + SERVE], **pipes)
        self.pid = self.process.pid

    def open(self, folder) -> str:
        """Show the widget; return the clip that it shows first."""
        self.process.stdin.write(f"{folder}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def ask(self, message: dict) -> dict | None:
        """Send what the page sends; return the answer, or None if the process died before it."""
        try:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            return None

    def close(self) -> None:
        """Wait for the end of the killed process."""
        self.process.wait()
        self.process.stdout.close()


class Kernel:
    """The widget in a Jupyter kernel, reached by the messages that a page sends."""

    def __init__(self):
        self.manager = KernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
        self.manager.start_kernel(stderr=subprocess.DEVNULL)
        self.pid = self.manager.provisioner.process.pid
        self.client = self.manager.client()
        self.client.start_channels()

    def open(self, folder) -> str:
        """Show the widget; return the clip that it shows first."""
        self.client.wait_for_ready(timeout=120)
        code = START + f"made = labeller({str(folder)!r})"
        told = {"id": "made.model_id", "clip": "made.shown['clip']"}
        reply = self.client.execute(code, user_expressions=told, reply=True, timeout=120)["content"]
        if reply["status"] != "ok":
            raise RuntimeError(reply["evalue"])
        said = {key: eval(value["data"]["text/plain"]) for key, value in reply["user_expressions"].items()}
        self.id = said["id"]
        self._drain()
        return said["clip"]

    def ask(self, message: dict) -> dict | None:
        """Send what the page sends; return the answer, or None if the kernel died before it."""
        content = {"comm_id": self.id, "data": {"method": "custom", "content": message}}
        sent = self.client.session.msg("comm_msg", content)
        self.client.shell_channel.send(sent)
        clip, dead = {}, False
        while True:
            try:
                reply = self.client.get_iopub_msg(timeout=0.5)
            except queue.Empty:
                if dead:
                    return None
                dead = self.manager.provisioner.process.poll() is not None  # once more: its last words
                continue
            state = (
                reply["content"].get("data", {}).get("state", {}) if reply["msg_type"] == "comm_msg" else {}
            )
            clip |= {"clip": state["shown"]["clip"]} if "shown" in state else {}
            if "said" in state:
                return state["said"] | clip

    def close(self) -> None:
        """Let go of the killed kernel."""
        self.client.stop_channels()
        self.manager.provisioner.process.wait()
        self.manager.cleanup_resources()

    def _drain(self) -> None:
        try:
            while True:
                self.client.get_iopub_msg(timeout=0.1)
        except queue.Empty:
            pass


class Ledger:
    """What the rater knows to be saved: clips and labels in the order of saving."""

    def __init__(self, folder):
        self.path = folder / "labels.sqlite"
        self.saved: list[tuple[str, tuple]] = []
        self.notes: set[str] = set()  # of all saves that were ever acknowledged
        self.acknowledged = self.cut = 0
        self.lost: set[str] = set()

    def write(self, clip: str, label: tuple | None) -> None:
        """Note a save, or an undo if there is no label."""
        if label is not None:
            self.saved.append((clip, label))
        elif self.saved:
            self.saved.pop()

    def compare(self, pending: tuple | None) -> None:
        """Compare with the store; a save or undo without an answer may or may not be in it."""
        with sqlite3.connect(self.path) as database:
            answer = database.execute("PRAGMA integrity_check").fetchone()[0]
        if answer != "ok":
            raise RuntimeError(f"{self.path}: {answer}")
        store = LabelStore(self.path)
        table = store.labels()[["clip", "emotion", "arousal", "valence", "note"]]
        there = {clip: tuple(label) for clip, *label in table.itertuples(index=False)}
        self.cut += pending is not None
        if pending is not None and there != dict(self.saved):
            self.write(*pending)
        expected = dict(self.saved)
        self.lost |= self.notes - set(store.history()["note"])
        self.lost |= {clip for clip in expected.keys() | there if expected.get(clip) != there.get(clip)}


def label_until_killed(page, folder, ledger: Ledger, rng: random.Random, longest: float) -> None:
    """Label as fast as the kernel answers, take one save in six back, until the kill comes."""
    clip, pending = page.open(folder), None
    kill = getattr(signal, "SIGKILL", signal.SIGTERM)
    timer = threading.Timer(rng.uniform(0, longest), os.kill, (page.pid, kill))
    timer.start()
    while True:
        label = (rng.choice(SCHEME), rng.randint(1, 7), rng.randint(1, 7), f"number {rng.random()}")
        undo = rng.random() < 1 / 6
        pending = (clip, None if undo else label)
        answer = dict(zip(("emotion", "arousal", "valence", "note"), label, strict=True)) | {"mark": ""}
        reply = page.ask({"do": "undo"} if undo else {"do": "save", "clip": clip, "answer": answer})
        if reply is None:
            break
        if reply["trouble"]:
            raise RuntimeError(reply["text"])
        ledger.write(*pending)
        ledger.notes |= set() if undo else {label[-1]}
        ledger.acknowledged += 1
        clip = reply.get("clip", clip)
    timer.join()
    page.close()
    ledger.compare(pending)


def run(kills: int, folder: Path, make=Kernel, longest: float = 1.0, seed: int = 0) -> Ledger:
    """Kill so many kernels on one store in a folder; the next is started while one is at work."""
    soundfile.write(folder / "clip.wav", np.random.default_rng(seed).normal(0, 0.05, 4000), 8000)
    clips = pd.DataFrame({"clip": [f"clip_{number}" for number in range(CLIPS)], "path": folder / "clip.wav"})
    clips.to_csv(folder / "clips.csv", index=False)
    rng, ledger, waiting = random.Random(seed), Ledger(folder), make()
    for number in range(1, kills + 1):
        page, waiting = waiting, make() if number < kills else None
        label_until_killed(page, folder, ledger, rng, longest)
        if number % 10 == 0:
            print(
                f"{number} kills, {ledger.acknowledged} acknowledged, {len(ledger.lost)} lost",
                file=sys.stderr,
            )
    return ledger


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--bare", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ledger = run(given.kills, Path(folder), Bare if given.bare else Kernel)
        print("| kills | acknowledged | lost | cut off before the answer | labels in the store |")
        print("|---|---|---|---|---|")
        numbers = (given.kills, ledger.acknowledged, len(ledger.lost), ledger.cut, len(ledger.saved))
        print(f"| {' | '.join(map(str, numbers))} |")
    sys.exit(bool(ledger.lost))


if __name__ == "__main__":
    main()
