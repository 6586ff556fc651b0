"""Each leak is caught where it is, and what is no leak passes."""

import io
import itertools
import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from test_splits import keys, manifests

from sercourse import corpora, splits
from sercourse.corpora import manifest
from sercourse.corpora.auditing import hearing
from sercourse.errors import LeakError, ManifestError
from sercourse.splits import Fold

RATE = 16_000
SPEAKERS, EMOTIONS, STATEMENTS = range(6), ("sad", "happy"), ("kids", "dogs")


def speech(seed, seconds=1.2):
    """Noise in syllables of random length and level: no two seeds sound alike."""
    rng = np.random.default_rng(seed)
    levels = np.repeat(rng.uniform(0, 0.3, 12), rng.integers(800, 2400, 12))
    return rng.normal(size=len(levels))[: int(seconds * RATE)] * levels[: int(seconds * RATE)]


def save(path, samples):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, RATE)
    return str(path)


def row(path, speaker, emotion="sad", **values):
    name = f"voices_{speaker}"
    given_id = {"recording_id": Path(path).stem, "path": str(path), "corpus": "voices", "speaker": name}
    return given_id | {"emotion": emotion} | values


@pytest.fixture
def made(home):
    """Six speakers say two statements with two emotions: 24 recordings, rows 4 s to 4 s + 3 are speaker s."""
    design = itertools.product(SPEAKERS, EMOTIONS, STATEMENTS)
    return manifest.build(
        row(
            save(home / "voices" / f"{speaker}-{emotion}-{statement}.wav", speech(number)),
            speaker,
            emotion,
            statement=statement,
        )
        for number, (speaker, emotion, statement) in enumerate(design)
    )


def by_speaker(made):
    return splits.unseen_speakers(made, 3)


def audit(made, split, **settings):
    return splits.audit(made, split, progress=False, workers=1, **settings)


def leaks(made, split, **settings):
    """The findings of a split that leaks."""
    with pytest.raises(LeakError) as caught:
        audit(made, split, **settings)
    found = caught.value.findings
    assert list(found.columns) == ["file", "finding", "grade", "detail"]
    return found[found["grade"] == "problem"]


def noted(found):
    assert set(found["grade"]) == {"odd"}
    return dict(zip(found["finding"], found["detail"], strict=True))


def with_rows(made, *extra):
    return manifest.build([*made.to_dict("records"), *extra])


def fold(test, n_rows=24):
    return Fold(np.setdiff1d(np.arange(n_rows), test), np.asarray(test))


def complete(folds):
    """The record of an honest run."""
    return [record(fit=train, scale=train) for train, _ in folds]


def record(**rows):
    used = splits.Used()
    for purpose, numbers in rows.items():
        used.note(purpose, numbers)
    return used


def test_an_honest_split_passes_with_a_word_on_its_statements(made):
    folds = by_speaker(made)
    found = noted(audit(made, folds, used=complete(folds)))
    assert list(found) == ["shared statement"]
    assert found["shared statement"].startswith("2 of 2 tested statements are trained on too in all 3 folds")


def test_a_text_independent_split_needs_no_word(made):
    folds = splits.unseen_speakers_and_statements(made, 3, 2)
    found = audit(made, folds, used=complete(folds), disjoint=["speaker", "statement"])
    assert found.empty
    assert list(found.columns) == ["file", "finding", "grade", "detail"]


def test_shared_statements_are_a_leak_where_none_are_claimed(made):
    found = leaks(made, by_speaker(made), disjoint=("speaker", "statement"), listen=False)
    assert found[["file", "finding"]].to_numpy().tolist() == [
        ["dogs", "shared statement"],
        ["kids", "shared statement"],
    ]


def test_a_random_split_is_caught_and_all_is_said_at_once(made):
    with pytest.raises(LeakError) as caught:
        audit(made, splits.unsafe_random(made, 4), listen=False)
    found = caught.value.findings
    assert (found["finding"] == "shared speaker").sum() == len(SPEAKERS)
    assert "not heard" in set(found["finding"])
    message = str(caught.value)
    assert "shared speaker: voices_0, voices_1, voices_2 and 3 more" in message
    assert "splits.unseen" in message


def test_the_folds_of_a_leak_are_named(made):
    """Speaker 0's rows are 0 to 3: only the second fold tears them apart."""
    folds = [fold([4, 5, 6, 7]), fold([3, 8, 9, 10, 11]), fold([0, 1, 2, 3])]
    found = leaks(made, folds, listen=False)
    assert found["detail"].tolist() == ["speaker voices_0 is trained on and tested in fold 2."]


def test_a_group_of_two_columns_is_told_from_its_parts(made):
    """The same scene number in two movies is two scenes."""
    film = made.assign(movie=made["speaker"], scene="1").astype({"scene": "string"})
    assert "shared movie and scene" not in noted(
        audit(film, by_speaker(film), disjoint=[("movie", "scene")], listen=False)
    )
    found = leaks(film, by_speaker(film), disjoint=["scene"], listen=False)
    assert found["file"].tolist() == ["1"]
    torn = leaks(film, fold([0, 1]), disjoint=[("movie", "scene")], listen=False)
    assert torn["file"].tolist() == ["voices_0 1"]


def test_scenes_that_are_shared_are_noted(made):
    film = made.assign(movie="the end", scene=made["statement"]).astype({"movie": "string"})
    found = noted(audit(film, by_speaker(film), listen=False))
    assert found["shared movie and scene"].startswith(
        "2 of 2 tested groups of movie and scene are trained on"
    )


def test_a_row_on_both_sides(made):
    found = leaks(made, Fold(np.arange(4, 24), np.array([0, 1, 2, 3, 4])), disjoint=(), listen=False)
    assert found[["file", "finding"]].to_numpy().tolist() == [[made["path"][4], "row on both sides"]]


def test_an_identical_file_on_both_sides(made):
    """Its name says another speaker; the sound does not lie. On one side it is no leak."""
    copy = save(Path(made["path"][0]).parent / "9-sad-kids.wav", soundfile.read(made["path"][0])[0])
    twice = with_rows(made, row(copy, 9))
    found = leaks(twice, fold([0, 1, 2, 3], 25))
    assert found[["file", "finding"]].to_numpy().tolist() == [[made["path"][0], "identical samples"]]
    assert f"as {copy} does (sample for sample)" in found["detail"].iloc[0]
    assert noted(audit(twice, fold([0, 1, 2, 3, 24], 25)))


def test_the_same_samples_in_another_container(made):
    folder = Path(made["path"][0]).parent
    twice = with_rows(made, row(save(folder / "9.flac", soundfile.read(made["path"][0])[0]), 9))
    assert leaks(twice, fold([24], 25))["finding"].tolist() == ["identical samples"]


def changed(samples, how):
    if how == "vorbis":
        encoded = io.BytesIO()
        soundfile.write(encoded, samples, RATE, format="OGG", subtype="VORBIS")
        encoded.seek(0)
        return soundfile.read(encoded)[0]
    return np.pad(0.4 * samples, (400, 0)) if how == "quieter and later" else -samples


@pytest.mark.parametrize("how", ["vorbis", "quieter and later", "upside down"])
def test_a_copy_that_was_changed_a_little(made, how):
    samples = soundfile.read(made["path"][0])[0]
    twice = with_rows(made, row(save(Path(made["path"][0]).parent / "9.wav", changed(samples, how)), 9))
    for test, file in (([24], 24), ([0, 1, 2, 3], 0)):
        found = leaks(twice, fold(test, 25))
        assert found[["file", "finding"]].to_numpy().tolist() == [[twice["path"][file], "near-duplicate"]]
    assert noted(audit(twice, fold([0, 1, 2, 3, 24], 25)))


def test_silence_is_no_copy_of_silence(made):
    folder = Path(made["path"][0]).parent
    silent = with_rows(made, *(row(save(folder / f"{s}.wav", np.zeros(RATE)), s) for s in (7, 8)))
    assert noted(audit(silent, fold([24], 26)))


def test_one_recording_under_two_paths(made):
    """RAVDESS's video has its audio file's recording_id."""
    twice = with_rows(made, row("01.wav", 9, recording_id="0-sad-kids"))
    found = leaks(twice, fold([0, 1, 2, 3], 25), listen=False)
    assert found[["file", "finding"]].to_numpy().tolist() == [[made["path"][0], "same recording"]]
    assert "01.wav has its recording_id and is trained on" in found["detail"].iloc[0]


def test_one_recording_id_in_two_corpora_is_two_recordings(made):
    other = row("x.wav", 9, recording_id="0-sad-kids") | {"corpus": "others"}
    assert noted(audit(with_rows(made, other), fold([0, 1, 2, 3], 25), listen=False))


@pytest.mark.parametrize(
    ("test", "file", "detail"),
    [
        ([0, 1, 2, 3], 0, "noisy.wav was made from it and is trained on"),
        ([24], 24, "It was made from {original}, which is trained on"),
        ([25], 25, "It was made from {original}, which is trained on"),
    ],
)
def test_an_augmented_copy_on_the_other_side(made, test, file, detail):
    """Row 24 was made from row 0, and row 25 from row 24; both have got another name for the speaker."""
    copies = [
        row("noisy.wav", 8, recording_id="noisy", parent="0-sad-kids"),
        row("twice.wav", 9, recording_id="twice", parent="noisy"),
    ]
    augmented = with_rows(made, *copies)
    found = leaks(augmented, fold(test, 26), listen=False)
    assert found[["file", "finding"]].to_numpy().tolist() == [[augmented["path"][file], "augmented copy"]]
    assert detail.format(original=made["path"][0]) in found["detail"].iloc[0]
    assert noted(audit(augmented, Fold(np.r_[0:4, 24, 25], np.arange(4, 24)), listen=False))


def test_two_copies_of_a_recording_that_is_itself_left_out(made):
    copies = [row(f"{n}.wav", n, recording_id=f"{n}", parent="0-sad-kids") for n in (8, 9)]
    augmented = with_rows(made, *copies)
    found = leaks(augmented, Fold(np.r_[4:24, 24], np.array([25])), listen=False)
    assert found["detail"].tolist() == ["It was made from the same recording as 8.wav, which is trained on."]


@pytest.mark.parametrize(
    ("purpose", "how"),
    [
        ("fit", "to fit the weights"),
        ("scale", "to fit the scaler"),
        ("select", "to choose"),
        ("stop", "to decide when training stops"),
    ],
)
def test_test_rows_that_only_the_record_knows_of(made, purpose, how):
    folds = by_speaker(made)
    used = complete(folds)
    used[1].note(purpose, folds[1].test[:5])
    found = leaks(made, folds, used=used, listen=False)
    assert found["finding"].tolist() == [f"test rows used to {purpose}"]
    detail = found["detail"].iloc[0]
    assert detail.startswith(f"5 of 24 test rows were used {how}")
    assert "in fold 2" in detail
    assert made["path"].iloc[folds[1].test[0]] in detail


def test_rows_that_the_split_left_out_count_as_training_once_they_are_used(made):
    """Text-independent, and then the scaler is fitted on every row but the tested ones."""
    folds = splits.unseen_speakers_and_statements(made, 3, 2)
    used = complete(folds)
    used[0].note("scale", np.setdiff1d(np.arange(24), folds[0].test))
    found = leaks(made, folds, used=used, disjoint=("speaker", "statement"), listen=False)
    shared = {*made["speaker"].iloc[folds[0].test], *made["statement"].iloc[folds[0].test]}
    assert set(found["file"]) == shared
    assert set(found["finding"]) == {"shared speaker", "shared statement"}


def test_normalising_by_test_rows_is_a_claim_and_no_leak(made):
    folds = by_speaker(made)
    used = complete(folds)
    used[0].note("normalise", np.arange(24))
    assert "transductive" in noted(audit(made, folds, used=used, listen=False))


def test_enrolment_is_another_claim(made):
    """Speaker 0 enrols with rows 0 and 1 and is tested on rows 2 and 3."""
    split = Fold(np.arange(4, 24), np.array([2, 3]))
    used = record(fit=split.train, normalise=[0, 1])
    found = noted(audit(made, split, used=used, listen=False))
    assert "enrolment" in found
    assert "transductive" not in found


def test_validation_by_speakers_that_training_knows_is_noted(made):
    split = fold([0, 1, 2, 3])
    fit, stop = splits.hold_out(made, split.train)
    assert "validation not apart" not in noted(
        audit(made, split, used=record(fit=fit, stop=stop), listen=False)
    )
    used = record(fit=split.train[1:], stop=split.train[:1])
    assert "validation not apart" in noted(audit(made, split, used=used, listen=False))


def test_what_was_not_looked_at_is_said(made):
    found = noted(audit(made, by_speaker(made), listen=False))
    assert {"not heard", "no record"} <= set(found)
    folds = by_speaker(made)
    empty = [record(), *complete(folds)[1:]]
    assert "in fold 1:" in noted(audit(made, folds, used=empty, listen=False))["no record"]


def test_classes_that_a_fold_lacks_are_noted(made):
    lonely = with_rows(made, row("angry.wav", 9, "angry"))
    found = noted(audit(lonely, [fold([0, 1, 2, 3], 25), fold([24], 25)], listen=False))
    assert "angry is tested but not trained on in fold 2" in found["class missing in training"]


def test_two_speakers_are_too_few_for_a_test(made):
    """Signs of two differences: 4 patterns, 2 of them as extreme, so p is at least 2/4."""
    found = noted(audit(made, [fold([0, 1, 2, 3]), fold([4, 5, 6, 7])], listen=False))
    assert "no p below 0.5," in found["few speakers"]
    assert found["never tested"] == "16 of 24 rows are tested in no fold."


def test_rows_that_are_tested_twice_are_noted(made):
    folds = by_speaker(made)
    found = noted(audit(made, [*folds, folds[0]], listen=False))
    assert found["tested more than once"].startswith(f"{len(folds[0].test)} rows are tested in several folds")


def test_a_file_that_cannot_be_read_is_noted(made):
    Path(made["path"][5]).write_bytes(b"no sound")
    found = audit(made, by_speaker(made))
    assert found.loc[found["finding"] == "unreadable", "file"].tolist() == [made["path"][5]]


def test_a_corpus_that_is_not_there_any_more_is_said_to_be_unheard(made):
    for path in made["path"]:
        Path(path).unlink()
    assert (audit(made, by_speaker(made))["finding"] == "unreadable").sum() == len(made)


def test_what_was_heard_is_not_heard_again(made, monkeypatch):
    copy = save(Path(made["path"][0]).parent / "9.wav", 0.5 * soundfile.read(made["path"][0])[0])
    twice = with_rows(made, row(copy, 9))
    first = leaks(twice, splits.unsafe_random(twice, 3))
    opened, compared = [], []
    listen_file, compare_files = hearing.listen_file, hearing.compare_files
    monkeypatch.setattr(hearing, "listen_file", lambda path: opened.append(path) or listen_file(path))
    monkeypatch.setattr(hearing, "compare_files", lambda pair: compared.append(pair) or compare_files(pair))
    assert leaks(twice, splits.unsafe_random(twice, 3)).equals(first)
    assert opened == compared == []
    save(Path(made["path"][7]), speech(77))
    leaks(twice, splits.unsafe_random(twice, 3))
    assert opened == [made["path"][7]]
    assert all(made["path"][7] in pair for pair in compared)


def test_where_nothing_can_be_kept_the_audit_goes_on(made, home):
    home.mkdir(exist_ok=True)
    (home / "cache").write_text("a file where a folder should be")
    with pytest.warns(UserWarning, match="what is heard is not kept on disk"):
        found = audit(made, by_speaker(made))
    assert "unreadable" not in set(found["finding"])


def test_splits_that_do_not_fit_the_manifest_are_refused(made):
    with pytest.raises(ManifestError, match="fold 2 names row 24"):
        audit(made, [fold([0]), fold([24], 25)])
    with pytest.raises(ManifestError, match="fold 1 has no rows for training"):
        audit(made, Fold(np.array([], dtype=int), np.arange(24)))
    with pytest.raises(ManifestError, match="movie is missing in 24 of 24 rows"):
        audit(made, by_speaker(made), disjoint=["movie"])
    with pytest.raises(ValueError, match="3 folds and 1 records"):
        audit(made, by_speaker(made), used=splits.Used())


def test_the_error_travels_between_processes(made):
    with pytest.raises(LeakError) as caught:
        audit(made, splits.unsafe_random(made, 4), listen=False)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert again.findings.equals(caught.value.findings)


@settings(max_examples=60, deadline=None)
@given(made=manifests(), data=st.data())
def test_for_any_split_a_leak_is_said_if_and_only_if_there_is_one(made, data):
    """Against the definition: a speaker, or a recording with what was made from it, on both sides."""
    tested = np.array(data.draw(st.lists(st.booleans(), min_size=len(made), max_size=len(made))))
    if tested.all() or not tested.any():
        return
    split = Fold(np.flatnonzero(~tested), np.flatnonzero(tested))
    torn = {
        by: set(keys(made, by)[split.train]) & set(keys(made, by)[split.test])
        for by in ("speaker", "recording_id")
    }
    if not any(torn.values()):
        assert set(audit(made, split, listen=False)["grade"]) == {"odd"}
        return
    found = leaks(made, split, listen=False)
    assert set(found.loc[found["finding"] == "shared speaker", "file"]) == torn["speaker"]
    in_torn = tested & np.isin(keys(made, "recording_id"), list(torn["recording_id"]))
    copies = found.loc[found["finding"] == "augmented copy", "file"]
    assert set(copies) == set(made["path"][in_torn])


def test_real_ravdess_passes_by_its_published_folds(real_ravdess):
    """Its one identical pair is of one actor, and happy; a random split tears it apart in some fold."""
    made = corpora.load("ravdess")
    made = made[made["emotion"] == "happy"].reset_index(drop=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = noted(audit(made, splits.published_five(made)))
    assert set(found) == {"shared statement", "no record"}
    random = leaks(made, splits.unsafe_random(made))
    assert (random["finding"] == "shared speaker").sum() == 24
    pair = random.loc[random["finding"] == "identical samples", "file"].map(lambda path: Path(path).stem)
    assert set(pair) == {"03-01-03-01-02-01-07", "03-01-03-01-02-02-07"}
