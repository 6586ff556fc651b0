"""Names to manifest: strictly, and with every file accounted for."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import write_tone

from sercourse import corpora
from sercourse.corpora import manifest, ravdess, savee, tess
from sercourse.errors import CorpusError, ManifestError, UnknownNameError


def test_a_name_is_read_field_by_field():
    """The example that RAVDESS's own description works through."""
    row = ravdess.parse(Path("Actor_12/03-01-06-01-02-01-12.wav"))
    assert row == {
        "path": str(Path("Actor_12/03-01-06-01-02-01-12.wav")),
        "corpus": "ravdess",
        "recording_id": "01-06-01-02-01-12",
        "speaker": "ravdess_12",
        "sex": "female",
        "emotion": "fearful",
        "label": "fearful",
        "intensity": "normal",
        "statement": "dogs",
        "repetition": 1,
        "channel": "speech",
        "modality": "audio",
    }


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Actor_12/03-01-06-01-02-01.wav", "seven two-digit fields"),
        ("Actor_12/03-01-06-01-02-01-12 copy.wav", "seven two-digit fields"),
        ("Actor_12/3-1-6-1-2-1-12.wav", "seven two-digit fields"),
        ("Actor_12/03-01-09-01-02-01-12.wav", "emotion 09"),
        ("Actor_12/03-01-01-02-02-01-12.wav", "neutral has no strong"),
        ("Actor_12/03-01-06-01-02-01-25.wav", "actor 25"),
        ("Actor_12/03-01-06-01-02-01-13.wav", "folder says Actor_12"),
        ("Actor_12/02-01-06-01-02-01-12.mp4", "without sound"),
        ("Actor_12/03-03-06-01-02-01-12.wav", "vocal channel 03"),
    ],
)
def test_a_name_that_breaks_the_convention_is_not_guessed(name, reason):
    with pytest.raises(ValueError, match=reason):
        ravdess.parse(Path(name))


def test_a_tess_name_is_read_field_by_field():
    row = tess.parse(Path("TESS/OAF_angry/OAF_back_angry.wav"))
    assert row == {
        "path": str(Path("TESS/OAF_angry/OAF_back_angry.wav")),
        "corpus": "tess",
        "recording_id": "OAF_back_angry",
        "speaker": "tess_OAF",
        "sex": "female",
        "emotion": "angry",
        "label": "angry",
        "statement": "back",
        "channel": "speech",
        "modality": "audio",
    }
    assert tess.parse(Path("YAF_youth_ps.wav"))["emotion"] == "surprised"
    assert tess.parse(Path("YAF_youth_fear.wav"))["label"] == "fear"


def test_the_misspelt_file_of_tess_makes_no_third_actress():
    row = tess.parse(Path("OA_bite_neutral.wav"))
    assert (row["speaker"], row["recording_id"]) == ("tess_OAF", "OAF_bite_neutral")


@pytest.mark.parametrize("name", ["DC_sa07.wav", "DC/sa07.wav", "DC/DC_sa07.wav"])
def test_both_namings_of_savee_are_one_recording(name):
    row = savee.parse(Path(name))
    assert (row["recording_id"], row["speaker"], row["sex"]) == ("DC_sa07", "savee_DC", "male")
    assert (row["emotion"], row["label"]) == ("sad", "sadness")


def test_savee_has_thirty_neutral_recordings_of_a_speaker():
    assert savee.parse(Path("KL_n30.wav"))["emotion"] == "neutral"


@pytest.mark.parametrize(
    ("module", "name", "reason"),
    [
        (tess, "OA_back_neutral.wav", "actress OA is not one of OAF, YAF"),
        (tess, "OAF_back_surprised.wav", "emotion surprised"),
        (tess, "OAF_back_angry (1).wav", "not a TESS name"),
        (tess, "OAF_angry.wav", "not a TESS name"),
        (savee, "a01.wav", "speaker  is not one of"),
        (savee, "audio/a01.wav", "speaker audio"),
        (savee, "JE/DC_a01.wav", "name says speaker DC, the folder says JE"),
        (savee, "DC_s01.wav", "emotion s "),
        (savee, "DC_a16.wav", "number 16"),
        (savee, "DC_n31.wav", "number 31"),
        (savee, "DC_a1.wav", "not a SAVEE name"),
    ],
)
def test_a_name_that_breaks_tess_or_savee_is_not_guessed(module, name, reason):
    with pytest.raises(ValueError, match=reason):
        module.parse(Path(name))


def test_load_gives_a_valid_manifest(small_ravdess):
    loaded = corpora.load("ravdess")
    assert tuple(loaded.columns) == manifest.COLUMNS
    assert len(loaded) == 96
    assert loaded["speaker"].nunique() == 24
    assert (loaded.groupby("emotion").size() == 48).all()
    assert loaded["movie"].isna().all()
    assert isinstance(loaded["path"].dtype, pd.StringDtype)


def test_misnamed_files_and_second_copies_are_named(small_ravdess):
    actor = small_ravdess / "Actor_01"
    odd = actor / "03-01-04-01-01-01-01 (1).wav"
    shutil.copy(actor / "03-01-04-01-01-01-01.wav", odd)
    shutil.copytree(actor, small_ravdess / "nested" / "Actor_01", ignore=shutil.ignore_patterns("*(1)*"))
    (small_ravdess / "README.txt").write_text("not a recording")
    with pytest.warns(UserWarning, match=r"5 sound file\(s\) left out") as warned:
        loaded = corpora.load("ravdess")
    assert str(odd) in str(warned[0].message)
    assert len(loaded) == 96
    left_out = corpora.scan("ravdess").left_out
    assert sorted(left_out["reason"].str.startswith("second copy")) == [False, True, True, True, True]


def test_no_corpus_says_where_it_looked_and_two_ways_on(home, tmp_path, monkeypatch):
    monkeypatch.setenv("SERCOURSE_DATA", str(tmp_path / "data"))
    with pytest.raises(CorpusError) as caught:
        corpora.load("ravdess")
    message = str(caught.value)
    assert str(tmp_path / "data" / "ravdess") in message
    assert str(home / "ravdess") in message
    assert "Zenodo record 1188976" in message
    assert "--corpus demo" in message


def test_an_empty_folder_is_no_corpus(home):
    (home / "ravdess").mkdir(parents=True)
    with pytest.raises(CorpusError, match="no sound file in it"):
        corpora.load("ravdess")


def test_a_folder_of_other_files_is_no_corpus(home):
    write_tone(home / "ravdess" / "hello.wav", 100, np.random.default_rng(0))
    with pytest.raises(CorpusError, match="no name follows the convention"):
        corpora.load("ravdess")


def test_an_unknown_corpus_lists_the_known_ones(home):
    with pytest.raises(UnknownNameError, match=r"'ravdes'.*demo_twins, ravdess"):
        corpora.load("ravdes")


def test_data_folders_come_before_the_home(small_ravdess, tmp_path, monkeypatch):
    other = tmp_path / "data" / "ravdess" / "Actor_02" / "03-01-04-01-01-01-02.wav"
    write_tone(other, 100, np.random.default_rng(0))
    monkeypatch.setenv("SERCOURSE_DATA", str(tmp_path / "data"))
    assert corpora.load("ravdess")["path"].tolist() == [str(other)]


ROW = {"path": "a.wav", "corpus": "c", "recording_id": "1", "speaker": "c_1", "emotion": "sad"}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([ROW | {"emotion": "Sad"}], "row 0: emotion is 'Sad'"),
        ([ROW, ROW | {"path": "b.wav", "speaker": None}], "row 1: speaker is missing"),
        ([ROW, ROW], r"a\.wav: stands in two rows"),
        ([ROW | {"gender": "male"}], "gender"),
        ([ROW | {"sex": "m"}], "row 0: sex is 'm'"),
    ],
)
def test_a_manifest_that_breaks_the_contract_is_refused(rows, message):
    with pytest.raises(ManifestError, match=message):
        manifest.build(rows)


def test_a_manifest_without_a_column_is_refused():
    with pytest.raises(ManifestError, match="lacks the columns: channel"):
        manifest.validate(manifest.build([ROW]).drop(columns="channel"))


def test_real_ravdess_has_the_design_that_its_paper_states(real_ravdess):
    loaded = corpora.load("ravdess")
    assert len(loaded) == 1440
    assert loaded.groupby("speaker").size().eq(60).all()
    assert loaded.groupby("emotion").size().to_dict() == {"neutral": 96} | dict.fromkeys(
        ("calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"), 192
    )
    assert loaded.groupby("sex")["speaker"].nunique().to_dict() == {"female": 12, "male": 12}
