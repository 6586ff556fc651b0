"""Bundles that answer for strangers: what is counted of their answers, and what the table holds."""

import numpy as np
import pytest
import soundfile
from babble import babble

from sercourse import reports
from sercourse.errors import UnknownNameError
from sercourse.recognizer.answers import NOT_SPEECH, NOT_SURE, Answer
from sercourse.reports import answering
from sercourse.reports.transfer import ACROSS


def answer(verdict, **probabilities):
    return Answer(verdict, "", probabilities, max(probabilities.values(), default=0.0))


def test_answers_are_counted_as_by_hand():
    """Six recordings: two named (one right), two not sure (one right), one refused, one called calm."""
    true = np.array(["sad", "sad", "angry", "angry", "sad", "angry"])
    said = [
        answer("sad", sad=0.9, angry=0.1, calm=0.0),
        answer("angry", sad=0.2, angry=0.7, calm=0.1),
        answer(NOT_SURE, sad=0.4, angry=0.5, calm=0.1),
        answer(NOT_SURE, sad=0.45, angry=0.35, calm=0.2),
        answer(NOT_SPEECH),
        answer("calm", sad=0.1, angry=0.2, calm=0.7),
    ]
    found = answering.scores(true, said)
    assert found["uar"] == pytest.approx((1 / 3 + 1 / 3) / 2)
    assert found["accuracy"] == pytest.approx(2 / 6)
    assert [found[name] for name in ("named", "named_right", "refused", "outside")] == [3, 1, 1, 1]
    assert found["largest_share"] == pytest.approx(2 / 6)
    assert found["most_frequent"] in ("sad", "angry")
    assert [found[f"from {least}"] for least in (0.0, 0.4, 0.5, 0.6, 0.7, 0.8)] == [5, 5, 4, 3, 3, 1]
    assert [found[f"right from {least}"] for least in (0.0, 0.5, 0.6, 0.9)] == [2, 2, 1, 1]


@pytest.fixture
def two_corpora(babble_home, small_bundle, tmp_path, monkeypatch):
    """A home with the corpus that the small bundle was trained on, and two actresses it has never heard.

    They are sad, angry, and also happy, which the bundle does not know.
    """
    (tmp_path / "ravdess").symlink_to(babble_home / "ravdess")
    rng = np.random.default_rng(0)
    (tmp_path / "tess").mkdir()
    for actress in ("OAF", "YAF"):
        for word, (emotion, tempo) in zip(
            ("back", "bar", "base"), (("sad", 3.0), ("angry", 6.0), ("happy", 4.0)), strict=True
        ):
            path = tmp_path / "tess" / f"{actress}_{word}_{emotion}.wav"
            soundfile.write(path, babble(rng, 1.2, 22_050, 200.0, tempo), 22_050, subtype="PCM_16")
    monkeypatch.setenv("SERCOURSE_HOME", str(tmp_path))
    monkeypatch.delenv("SERCOURSE_DATA", raising=False)
    monkeypatch.setattr(answering, "train", lambda corpus, seed: small_bundle)
    return small_bundle


def test_each_stranger_has_a_row_and_what_the_bundle_does_not_know_stays_out(two_corpora):
    table = reports.measure("live", "ravdess", 2)
    assert not table.duplicated(list(reports.shape("live").identity)).any()
    assert table.groupby(["seed", "tested_on"]).size().tolist() == [5, 2, 5, 2]
    own, strangers = (
        table[(table["tested_on"] == name) & (table["seed"] == 0)] for name in ("ravdess", "tess")
    )
    assert own["speaker"].tolist() == two_corpora.split["test"]
    assert strangers["speaker"].tolist() == ["tess_OAF", "tess_YAF"]
    assert (own["n_test"] == 4).all()
    assert (strangers["n_test"] == 2).all()  # without the happy one
    assert (table["n_train"] == 15 * 4).all()
    assert set(own["protocol"]) == {answering.OWN}
    assert set(strangers["protocol"]) == {ACROSS}
    assert (table["threshold"] == two_corpora.thresholds.sure).all()


def test_speakers_together_are_what_the_bundle_says_of_itself(two_corpora):
    """Each speaker has as many recordings of each emotion, so the mean over speakers is the pooled UAR."""
    table = reports.measure("live", "ravdess", 1).query("tested_on == 'ravdess'")
    results = two_corpora.results
    assert table["uar"].mean() == pytest.approx(results["uar"])
    assert dict(zip(table["speaker"], table["uar"], strict=True)) == pytest.approx(results["by_speaker"])
    assert table["named"].sum() / table["n_test"].sum() == pytest.approx(results["answered"])
    coverage = [table[f"from {least}"].sum() / 20 for least in answering.CONFIDENCES]
    judged = 1 - table["refused"].sum() / 20
    assert coverage == pytest.approx([judged * row["coverage"] for row in results["coverage"]])


def test_other_emotions_are_named(home):
    with pytest.raises(UnknownNameError, match="demo_film"):
        next(answering.plan("demo_film", 1))


def test_the_shipped_table_has_every_speaker_with_every_seed():
    table = reports.measured("live")
    strangers = {"demo": 24, "ravdess": 24, "demo_second": 4}
    for corpus in ("demo", "ravdess"):
        for seed in range(3):
            part = table[(table["corpus"] == corpus) & (table["seed"] == seed)]
            counted = part["tested_on"].value_counts().to_dict()
            assert counted == {name: 5 if name == corpus else n for name, n in strangers.items()}
    assert (table["named_right"] <= table["named"]).all()
    assert (table["named"] + table["refused"] <= table["n_test"]).all()
    assert (table["right from 0.0"] / table["n_test"]).to_numpy() == pytest.approx(
        table["accuracy"], abs=1e-5
    )
    falling = table[[f"from {least}" for least in answering.CONFIDENCES]].to_numpy(int)
    assert (np.diff(falling, axis=1) <= 0).all()
