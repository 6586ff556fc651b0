"""``sercourse predict`` and ``sercourse bundle``, as typed."""

import csv
import io
import json

import numpy as np
import pytest
import soundfile
from babble import babble
from typer.testing import CliRunner

from sercourse import cli, recognizer
from sercourse.errors import BundleError

RATE = 22_050


@pytest.fixture
def typed(small_bundle, tmp_path):
    """Type ``sercourse predict`` on a voice, a noise and a broken file; return what came out."""
    path = recognizer.save(small_bundle, tmp_path / "bundle.zip")
    rng = np.random.default_rng(0)
    soundfile.write(tmp_path / "voice.wav", babble(rng, 2.0, RATE, 190, 6.0, 0.12), RATE)
    soundfile.write(tmp_path / "noise, loud.wav", 0.1 * rng.normal(size=2 * RATE), RATE)
    (tmp_path / "broken.wav").write_text("no sound")

    def run(*words, files=("voice.wav", "noise, loud.wav", "broken.wav")):
        named = [str(tmp_path / name) for name in files]
        return CliRunner().invoke(cli.app, ["predict", *named, "--bundle", str(path), *words])

    return run


def test_each_file_gets_a_line(typed):
    done = typed()
    voice, noise, broken = done.output.splitlines()
    assert "voice.wav: " in voice
    assert "noise, loud.wav: not speech (" in noise
    assert "broken.wav: " in broken
    assert "not readable as sound" in broken
    assert done.exit_code == 1


def test_json_has_an_object_a_file(typed):
    done = typed("--json", files=("voice.wav", "noise, loud.wav"))
    assert done.exit_code == 0
    voice, noise = json.loads(done.stdout)
    assert sum(voice["probabilities"].values()) == pytest.approx(1)
    assert voice["confidence"] == max(voice["probabilities"].values())
    assert noise["verdict"] == "not speech"
    assert noise["probabilities"] == {}
    assert noise["seconds"] == 2.0


def test_csv_has_a_row_a_file(typed, small_bundle):
    done = typed("--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len(rows) == 3
    assert sum(float(rows[0][name]) for name in small_bundle.classes) == pytest.approx(1)
    assert rows[1]["verdict"] == "not speech"
    assert rows[1]["sad"] == ""
    assert "not readable" in rows[2]["error"]


def test_one_form_at_a_time(typed):
    assert typed("--json", "--csv").exit_code == 2


def test_the_default_bundle_is_made_once_and_shown(babble_home, monkeypatch, tmp_path):
    """Training itself is tested elsewhere; here a stand-in counts how often it is asked for."""
    from sercourse.recognizer import making

    monkeypatch.setenv("SERCOURSE_HOME", str(babble_home))
    monkeypatch.delenv("SERCOURSE_DATA", raising=False)
    train, asked = making.train, []

    def quick(corpus, progress=True):
        asked.append(corpus)
        return train(corpus, "report_e_ann", epochs=1, listen=False, progress=False)

    quick.__kwdefaults__ = train.__kwdefaults__
    monkeypatch.setattr(making, "train", quick)
    for _ in range(2):
        done = CliRunner().invoke(cli.app, ["bundle", "make", "--corpus", "ravdess"])
        assert done.exit_code == 0, done.output
    assert asked == ["ravdess"]
    assert "unseen speakers" in done.output
    (path,) = (babble_home / "bundles").iterdir()
    shown = CliRunner().invoke(cli.app, ["bundle", "show", str(path)])
    assert shown.output.startswith("# Model card: report_e_ann on ravdess")


def test_a_bundle_that_is_none_is_an_error(tmp_path):
    done = CliRunner().invoke(cli.app, ["predict", "a.wav", "--bundle", str(tmp_path / "none.zip")])
    assert isinstance(done.exception, BundleError)
