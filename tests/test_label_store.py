"""The store of labels: what is saved stays, whatever happens."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from sercourse.errors import SercourseError
from sercourse.labelling.store import LabelError, LabelStore, shuffled

CLIPS = [f"clip_{number}" for number in range(8)]
SCHEME = ("happy", "sad", "anger", "disgust", "shock")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "labels" / "film.sqlite"


@pytest.fixture
def store(path):
    return LabelStore(path, CLIPS, SCHEME)


def test_the_labels_table(store, path):
    store.save(
        "B", "clip_1", emotion="sad", arousal=np.int64(2), valence=3.0, mark="unsure", note=" far away "
    )
    store.save("A", "clip_1", emotion="happy", arousal=pd.NA)
    store.save("A", "clip_0", mark="not speech")
    table = LabelStore(path).labels()  # read by another connection
    assert list(table) == ["rater", "clip", "emotion", "arousal", "valence", "mark", "note", "labelled_at"]
    expected = [
        ("A", "clip_0", None, None, None, "not speech", ""),
        ("A", "clip_1", "happy", None, None, "", ""),
        ("B", "clip_1", "sad", 2, 3, "unsure", "far away"),
    ]
    told = table.drop(columns="labelled_at").astype(object)
    assert [tuple(row) for row in told.where(told.notna(), None).to_numpy()] == expected
    assert table.dtypes.astype(str).to_dict() == {
        name: "Int64" if name in ("arousal", "valence") else "string" for name in table
    }
    at = pd.to_datetime(table["labelled_at"], utc=True)
    assert ((pd.Timestamp.now("UTC") - at) < pd.Timedelta("1min")).all()
    with sqlite3.connect(path) as database:
        kinds = database.execute("SELECT typeof(arousal), typeof(valence) FROM events WHERE rater = 'B'")
        assert kinds.fetchall() == [("integer", "integer")]


def test_an_empty_store_gives_an_empty_table(store):
    assert store.labels().shape == (0, 8)
    assert store.undo("A") is None
    assert store.progress("A") == (0, 8)


def test_undo_takes_back_the_last_save_and_the_history_keeps_it(store):
    store.save("A", "clip_0", emotion="happy")
    store.save("A", "clip_1", emotion="sad")
    store.save("A", "clip_1", emotion="anger")
    store.save("B", "clip_2", emotion="shock")
    taken = [store.undo("A") for _ in range(4)]
    assert [label and (label.clip, label.emotion) for label in taken] == [
        ("clip_1", "anger"),
        ("clip_1", "sad"),
        ("clip_0", "happy"),
        None,
    ]
    assert store.labels()[["rater", "clip"]].to_numpy().tolist() == [["B", "clip_2"]]
    history = store.history()
    assert history["number"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert history["takes_back"].fillna(0).tolist() == [0, 0, 0, 0, 3, 2, 1]
    assert history["emotion"].dropna().tolist() == ["happy", "sad", "anger", "shock"]


def test_undo_of_a_change_brings_the_label_before_it_back(store):
    store.save("A", "clip_1", emotion="sad")
    store.save("A", "clip_1", emotion="anger")
    assert store.labels()["emotion"].tolist() == ["anger"]
    store.undo("A")
    assert store.labels()["emotion"].tolist() == ["sad"]


def test_undo_leaves_clips_alone_that_are_not_shown(store, path):
    store.save("A", "clip_0", emotion="sad")
    other = LabelStore(path, ["other_1"], SCHEME)
    assert other.undo("A") is None
    assert len(other.labels()) == 1


def test_order_progress_and_next(store, path):
    order = store.order("A")
    assert sorted(order) == sorted(CLIPS)
    assert order not in (CLIPS, store.order("B"))
    for number, clip in enumerate(order):
        assert store.progress("A") == (number, 8)
        assert store.next("A") == clip
        store.save("A", clip, note="heard")
        store = LabelStore(path, CLIPS, SCHEME)  # another session
    assert store.next("A") is None
    assert store.progress("A") == (8, 8)
    assert store.progress("B") == (0, 8)


def test_the_order_is_the_same_in_every_process_and_when_clips_come_in():
    code = f"from sercourse.labelling.store import shuffled; print(*shuffled({CLIPS!r}, 'A'))"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert said == shuffled(CLIPS, "A")
    more = shuffled([*CLIPS, "clip_8", "clip_9"], "A")
    assert [clip for clip in more if clip in CLIPS] == said


def test_raters_get_every_clip_at_every_place_equally_often():
    """Of 800 raters about 100 begin with each of eight clips (a binomial's deviation is 9.4)."""
    first = pd.Series([shuffled(CLIPS, f"rater {number}")[0] for number in range(800)]).value_counts()
    assert first.between(100 - 38, 100 + 38).all()
    assert len(first) == 8


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ({}, "clip_0: nothing to save"),
        ({"emotion": "bored"}, r"no emotion 'bored'; choose happy, sad"),
        ({"emotion": "sad", "arousal": 8}, "arousal is 8; give a whole number from 1 to 7"),
        ({"emotion": "sad", "arousal": 0}, "arousal is 0"),
        ({"emotion": "sad", "valence": 2.5}, "valence is 2.5"),
        ({"mark": "perhaps"}, "no mark 'perhaps'; choose unsure, not speech"),
        ({"mark": "not speech", "emotion": "sad"}, "not speech has no emotion"),
        ({"mark": "not speech", "valence": 1}, "not speech has no emotion, arousal or valence"),
    ],
)
def test_what_is_not_allowed_is_not_saved(store, label, message):
    with pytest.raises(LabelError, match=message):
        store.save("A", "clip_0", **label)
    assert len(store.history()) == 0


def test_names_that_cannot_be(store, path):
    with pytest.raises(LabelError, match="rater's name is empty; give a name"):
        store.save("  ", "clip_0", emotion="sad")
    with pytest.raises(LabelError, match="clip other: not among the 8 clips"):
        store.save("A", "other", emotion="sad")
    with pytest.raises(LabelError, match="clip_1: stands twice"):
        LabelStore(path, ["clip_1", "clip_0", "clip_1"])
    with pytest.raises(LabelError, match=r"film\.sqlite: opened without clips"):
        LabelStore(path).next("A")


def test_labels_of_another_scheme_are_not_mixed_in(store, path):
    store.save("A", "clip_0", emotion="shock")
    with pytest.raises(
        LabelError, match=r"film\.sqlite: holds labels that the scheme lacks: shock; add them"
    ):
        LabelStore(path, CLIPS, ("happy", "sad"))
    assert LabelStore(path, CLIPS, (*SCHEME, "calm")).scheme[-1] == "calm"


def test_the_history_cannot_be_changed_by_sql(store, path):
    store.save("A", "clip_0", emotion="sad")
    with sqlite3.connect(path) as database:
        for command in ("UPDATE events SET emotion = 'happy'", "DELETE FROM events"):
            with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                database.execute(command)


def test_two_stores_on_one_file_at_once_lose_nothing(path):
    def label(rater):
        store = LabelStore(path, CLIPS, SCHEME)
        while (clip := store.next(rater)) is not None:
            store.save(rater, clip, emotion="sad")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(label, "ABCD"))
    assert LabelStore(path).labels().groupby("rater").size().to_dict() == dict.fromkeys("ABCD", 8)


def test_a_file_that_is_no_store_is_named_and_left_alone(tmp_path):
    text, foreign, damaged, newer = (
        tmp_path / f"{name}.sqlite" for name in ("text", "foreign", "cut", "new")
    )
    text.write_bytes(b"clip,emotion\n" * 100)
    with sqlite3.connect(foreign) as database:
        database.execute("CREATE TABLE features (x)")
    store = LabelStore(damaged, CLIPS)
    store.save("A", "clip_0", emotion="sad")
    damaged.write_bytes(damaged.read_bytes()[:5000])
    LabelStore(newer)
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version = 99")
    for file, reason in [
        (text, "damaged, or not a store of labels"),
        (foreign, "a database, but not one of labels"),
        (damaged, "damaged, or not a store of labels"),
        (newer, "made by a newer version"),
    ]:
        before = file.read_bytes()
        with pytest.raises(LabelError, match=rf"{file.name}: {reason}.*; (restore|update)"):
            LabelStore(file, CLIPS)
        assert file.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        SercourseError, match=r"labels\.sqlite: its folder cannot be made .*name another file"
    ):
        LabelStore(tmp_path / "file" / "labels.sqlite")


@pytest.mark.parametrize("trouble", ["read-only", "full"])
def test_a_disk_that_takes_nothing_more(store, path, monkeypatch, trouble):
    """SQLite itself refuses, as it does on a disk that is read-only or full; what was saved can be read."""
    store.save("A", "clip_0", emotion="sad")
    connect = sqlite3.connect

    def troubled(file, **options):
        if trouble == "read-only":
            return connect(f"file:{file}?mode=ro", uri=True, **options)
        database = connect(file, **options)
        database.execute("PRAGMA max_page_count = 1")
        return database

    monkeypatch.setattr(sqlite3, "connect", troubled)
    store = LabelStore(path, CLIPS, SCHEME)
    with pytest.raises(
        LabelError, match=r"film\.sqlite: cannot be used now \(.*(readonly|full).*nothing was saved"
    ):
        store.save("A", "clip_1", note="long " * 20_000)
    assert "clip_0" in store.labels()["clip"].tolist()
