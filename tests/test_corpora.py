"""From a folder to a manifest: strictly, and with every file accounted for."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import write_tone

from sercourse import audio, corpora
from sercourse.corpora import film_raters, manifest
from sercourse.errors import CorpusError, ManifestError, UnknownNameError


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
    assert "run `sercourse corpus get ravdess`" in message
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
    with pytest.raises(UnknownNameError, match=r"'ravdes'.*demo_twins, emodb, ravdess"):
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
        ([ROW | {"intensity": "XX"}], "row 0: intensity is 'XX'; allowed are low, normal, strong"),
        ([ROW | {"repetition": "twice"}], "row 0: repetition is 'twice'"),
        ([ROW, ROW | {"path": "b.wav", "repetition": 1.5}], "row 1: repetition is '1.5'"),
        ([ROW | {"repetition": 0}], "row 0: repetition is '0'"),
    ],
)
def test_a_manifest_that_breaks_the_contract_is_refused(rows, message):
    with pytest.raises(ManifestError, match=message):
        manifest.build(rows)


def test_a_manifest_without_a_column_is_refused():
    with pytest.raises(ManifestError, match="lacks the columns: channel"):
        manifest.validate(manifest.build([ROW]).drop(columns="channel"))


def test_a_manifest_of_a_table_is_that_of_its_rows():
    rows = [ROW | {"repetition": 2}, ROW | {"path": "b.wav", "scene": "s01"}]
    table = pd.DataFrame(rows).assign(repetition=["2", None])
    assert manifest.build(table).equals(manifest.build(rows))
    assert manifest.build(rows)["repetition"].tolist() == [2, pd.NA]
    assert manifest.build([]).shape == (0, len(manifest.COLUMNS))


# What Russell (1980) names on the circle, in degrees from pleasure towards arousal, for our words.
RUSSELL = {
    "happy": 45,  # excitement
    "angry": 135,  # distress
    "fearful": 135,
    "sad": 225,  # depression
    "bored": 247.5,  # between depression and sleepiness, at 270
    "calm": 315,  # relaxation
}


def test_quadrants_are_those_of_russells_circle():
    for emotion, degrees in RUSSELL.items():
        arousal, valence = manifest.quadrant(emotion)
        assert arousal == ("high" if degrees < 180 else "low")
        assert valence == ("negative" if 90 < degrees < 270 else "positive")


def test_quadrants_agree_with_the_simulated_raters():
    for emotion, degrees in film_raters.ANGLES.items():
        arousal, valence = manifest.quadrant(emotion)
        assert (arousal == "high", valence == "positive") == (degrees < 180, abs(degrees) < 90)


def test_every_emotion_has_a_quadrant_and_nothing_else_has():
    assert set(manifest.QUADRANTS) == set(manifest.EMOTIONS)
    assert [name for name in manifest.EMOTIONS if "middle" in manifest.quadrant(name)] == ["neutral"]
    with pytest.raises(UnknownNameError, match="'anger'"):
        manifest.quadrant("anger")


def touch(folder, *names):
    """Files whose names alone count."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_song_and_the_sound_of_videos_are_there_when_asked_for(home):
    touch(
        home / "ravdess",
        "speech/Actor_03/03-01-05-01-01-01-03.wav",
        "song/Actor_03/03-02-05-01-01-01-03.wav",
        "video/Actor_03/01-01-05-01-01-01-03.wav",
        "video/Actor_03/01-02-05-01-01-01-03.wav",
        "video/Actor_03/02-01-05-01-01-01-03.wav",
    )
    with pytest.warns(UserWarning, match="1 sound file.*\n.*02-01.*video without sound"):
        speech = corpora.load("ravdess")
    assert speech["path"].str.contains("03-01-05").tolist() == [True]
    with pytest.warns(UserWarning, match="02-01"):
        everything = corpora.load("ravdess", channel=None, modality=None)
    assert sorted(zip(everything["channel"], everything["modality"], strict=True)) == [
        ("song", "audio"),
        ("song", "audio-video"),
        ("speech", "audio"),
        ("speech", "audio-video"),
    ]
    # The sound of a video is the recording that the audio file holds.
    assert everything["recording_id"].nunique() == 2
    with pytest.warns(UserWarning, match="02-01"):
        assert len(corpora.load("ravdess", channel="song", modality=None)) == 2


def test_a_video_beside_its_sound_is_the_second_copy(home, monkeypatch):
    monkeypatch.setattr(audio, "SUFFIXES", (".wav", ".flac", ".mp4"))
    names = [f"Actor_03/01-01-05-01-01-0{take}-03" for take in (1, 2)]
    touch(home / "ravdess", f"{names[0]}.mp4", f"{names[0]}.wav", f"{names[1]}.mp4")
    found = corpora.scan("ravdess")
    assert [Path(path).name[-6:] for path in found.manifest["path"]] == ["03.wav", "03.mp4"]
    assert found.left_out["reason"].tolist() == [
        f"second copy of {home / 'ravdess' / names[0]}.wav",
    ]


CLIP = {"corpus": "clips", "speaker": "clips_ferry_captain", "emotion": "angry", "label": "anger"}


def clips_table(folder, rows, **options):
    """A folder of clips: a sound file for each row, and the table."""
    touch(folder, *(row["path"] for row in rows))
    pd.DataFrame(rows).to_csv(folder / "manifest.csv", index=False, **options)


def clip(number, **more):
    return {"path": f"s01/{number:03d}.wav", "recording_id": f"ferry_{number:03d}"} | CLIP | more


def test_clips_are_what_their_table_says(home):
    scenes = {"movie": "ferry", "scene": "s01", "character": "None"}
    clips_table(home / "clips", [clip(1, **scenes), clip(2, emotion="surprised", label="shock")])
    loaded = corpora.load("clips")
    assert tuple(loaded.columns) == manifest.COLUMNS
    assert loaded["path"].tolist() == [str(home / "clips" / "s01" / f"00{n}.wav") for n in (1, 2)]
    assert loaded["label"].tolist() == ["anger", "shock"]
    assert loaded["character"].tolist() == ["None", pd.NA]
    # Neither stands in the table; load asks for these by default.
    assert loaded["channel"].tolist() == ["speech"] * 2
    assert loaded["modality"].tolist() == ["audio"] * 2


def test_clips_may_come_from_a_spreadsheet(home):
    """A byte-order mark, empty lines, Windows's line ends, and a name in quotes with a comma in it."""
    clips_table(home / "clips", [clip(1, character="Captain, retired"), clip(2)])
    table = home / "clips" / "manifest.csv"
    text = table.read_text(encoding="utf-8").replace("\n", "\r\n")
    table.write_bytes(f"\ufeff{text}\r\n,,,,,,\r\n".encode())
    assert corpora.load("clips")["character"].tolist() == ["Captain, retired", pd.NA]


def test_a_clip_without_a_row_is_named(home):
    clips_table(home / "clips", [clip(1)])
    touch(home / "clips", "s01/002.wav")
    with pytest.warns(UserWarning, match="002.wav: has no row in manifest.csv"):
        assert len(corpora.load("clips")) == 1


def test_a_clip_that_is_listed_twice_counts_once(home):
    clips_table(home / "clips", [clip(1), clip(2, recording_id="ferry_001")])
    with pytest.warns(UserWarning, match=r"002\.wav: second copy of .*001\.wav"):
        assert len(corpora.load("clips")) == 1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([clip(1), clip(2, emotion="Sad")], "row 3: emotion is 'Sad'; allowed are neutral"),
        ([clip(1), clip(2, speaker=None)], "row 3: speaker is missing"),
        ([clip(1, speaker="captain")], "row 2: speaker is 'captain'; must begin with clips_"),
        ([clip(1), clip(2, corpus="demo")], "row 3: corpus is 'demo'; must be clips"),
        ([clip(1), clip(2, path="../clips/s01/002.wav")], r"row 3: path is '\.\./clips"),
        ([clip(1), clip(2, path="s01/002.txt")], "row 3: path is 's01/002.txt'; no such sound file"),
        ([clip(1), clip(1, recording_id="again")], "s01/001.wav: stands in two rows"),
        ([clip(1, gender="male")], "not columns of a manifest: gender"),
        ([clip(1), clip(2, repetition="b")], "row 3: repetition is 'b'"),
    ],
)
def test_a_table_of_clips_that_breaks_the_contract_names_row_and_value(home, rows, message):
    clips_table(home / "clips", rows)
    with pytest.raises(ManifestError, match=message) as caught:
        corpora.load("clips")
    assert str(caught.value).startswith(str(home / "clips" / "manifest.csv"))


def test_rows_are_counted_as_a_spreadsheet_counts_them(home):
    clips_table(home / "clips", [clip(1), clip(2, emotion="Sad")])
    table = home / "clips" / "manifest.csv"
    header, first, second = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([header, first, "", second]), encoding="utf-8")
    with pytest.raises(ManifestError, match="row 4: emotion is 'Sad'"):
        corpora.load("clips")


def test_a_clip_that_is_gone_is_named(home):
    clips_table(home / "clips", [clip(1), clip(2)])
    (home / "clips" / "s01" / "001.wav").unlink()
    with pytest.raises(ManifestError, match=r"row 2: path is 's01/001\.wav'; no such sound file"):
        corpora.load("clips")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "not there; it says what is in the sound files"),
        (b"", "not a table separated by commas"),
        ("path,movie\n001.wav,caf\u00e9\n".encode("latin-1"), "not UTF-8"),
        (b"path;corpus\n001.wav;clips\n", "not columns of a manifest: path;corpus"),
        (b"path,corpus\n001.wav,clips,more\n", "more fields than the header"),
        (b"path,corpus\n001.wav,clips\n002.wav,clips,more\n", "line 3"),
        (b"path,corpus\n001.wav,clips\n", "row 2: recording_id is missing"),
    ],
)
def test_a_file_that_is_no_table_of_clips_is_refused(home, content, message):
    touch(home / "clips", "001.wav")
    if content is not None:
        (home / "clips" / "manifest.csv").write_bytes(content)
    with pytest.raises(ManifestError, match=message):
        corpora.load("clips")


def test_real_ravdess_has_the_design_that_its_paper_states(real_ravdess):
    loaded = corpora.load("ravdess")
    assert len(loaded) == 1440
    assert loaded.groupby("speaker").size().eq(60).all()
    assert loaded.groupby("emotion").size().to_dict() == {"neutral": 96} | dict.fromkeys(
        ("calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"), 192
    )
    assert loaded.groupby("sex")["speaker"].nunique().to_dict() == {"female": 12, "male": 12}
