"""Lines against bursts placed by hand; agreement against published examples; MFCC against librosa."""

import json

import librosa
import numpy as np
import pandas as pd
import pytest
import soundfile

from sercourse import corpora, features, labelling
from sercourse.errors import AudioError, CorpusError, ManifestError, SercourseError, UnknownNameError
from sercourse.labelling import SCHEMES, Scheme
from sercourse.labelling import report_a as report_a_file

RATE = 22_050
SCHEME = SCHEMES["report_a"]
LINES = [(2.0, 3.5), (4.1, 6.0), (6.2, 7.0), (9.0, 9.2), (11.0, 12.3)]
"""By hand: a pause of .6 s, one of .2 s, a knock of .2 s."""


def track(spans, seconds, rng, rate=RATE, level=0.1, floor=0.001):
    """Noise bursts in room tone."""
    samples = floor * rng.standard_normal(round(seconds * rate))
    for start, end in spans:
        first, last = round(start * rate), round(end * rate)
        samples[first:last] += level * rng.standard_normal(last - first)
    return samples.clip(-1, 1).astype(np.float32)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def recording(tmp_path, rng):
    path = tmp_path / "ferry.wav"
    soundfile.write(path, track(LINES, 14.0, rng), RATE, subtype="PCM_16")
    return path


def test_levels_by_hand():
    samples = np.concatenate([np.zeros(100), np.full(100, 0.5), np.tile([1.0, -1.0], 50), np.ones(60)])
    expected = [-100, 20 * np.log10(0.5), 0]
    np.testing.assert_allclose(labelling.measure_levels(samples, 10_000), expected, atol=1e-9)
    assert labelling.measure_levels(np.zeros(50), 10_000).shape == (0,)


def test_frames_do_not_drift():
    """At 22,050 Hz a frame has 220.5 samples; after a minute a rounded hop would be .14 s off."""
    samples = np.zeros(65 * RATE)
    samples[60 * RATE :] = 1
    levels = labelling.measure_levels(samples, RATE)
    assert len(levels) == 6500
    assert np.flatnonzero(levels > -50)[0] == 6000


@pytest.mark.parametrize("rate", [RATE, 8000, 11_025])
def test_levels_are_the_same_block_by_block(tmp_path, rng, rate):
    samples = track([(59.5, 60.5)], 130.257, rng, rate)
    stereo = np.stack([samples, np.zeros_like(samples)], axis=1)
    soundfile.write(tmp_path / "long.wav", stereo, rate, subtype="FLOAT")
    expected = labelling.measure_levels(samples / 2, rate)
    np.testing.assert_allclose(labelling.read_levels(tmp_path / "long.wav"), expected, atol=1e-4)


def test_lines_lie_where_they_were_put(rng):
    lines, dropped = labelling.find_lines(track(LINES, 14.0, rng), RATE, padding=0)
    np.testing.assert_allclose(lines, [(2.0, 3.5), (4.1, 7.0), (11.0, 12.3)], atol=0.03)
    np.testing.assert_allclose(dropped[["start", "end"]], [(9.0, 9.2)], atol=0.03)
    assert dropped["reason"].tolist() == ["shorter than 0.5 s"]


def test_a_shorter_pause_can_part_lines(rng):
    lines, _ = labelling.find_lines(track(LINES, 14.0, rng), RATE, min_pause=0.15, min_line=0.1, padding=0)
    np.testing.assert_allclose(lines, LINES, atol=0.03)


def test_padding_stops_halfway_and_at_the_ends(rng):
    spans = [(0.02, 1.0), (1.6, 3.0), (4.5, 5.98)]
    lines, _ = labelling.find_lines(track(spans, 6.0, rng), RATE, padding=0.5)
    np.testing.assert_allclose(lines, [(0, 1.3), (1.3, 3.5), (4.0, 6.0)], atol=0.03)


def test_long_stretches_are_dropped_with_the_reason(rng):
    samples = track([(2.0, 9.0), (11.0, 12.0)], 40.0, rng)
    lines, dropped = labelling.find_lines(samples, RATE, max_line=5.0)
    assert len(lines) == 1
    assert dropped["reason"].tolist() == ["no pause in more than 5 s"]


def test_lines_are_found_in_loud_and_quiet_scenes_and_over_a_bed(rng):
    """No one threshold fits: the first room is as loud as the lines of the second."""
    spans = [(start, start + 1.5) for start in np.arange(2, 58, 3.0)]
    loud = track(spans, 60, rng, level=0.28, floor=0.06)
    quiet = track(spans, 60, rng, level=0.06, floor=0.0005)
    bed = track(spans, 60, rng, level=0.1, floor=0.015)
    expected = [(start + shift, end + shift) for shift in (0, 60, 120) for start, end in spans]
    lines, _ = labelling.find_lines(np.concatenate([loud, quiet, bed]), RATE, padding=0)
    outcome = labelling.compare_lines(lines, pd.DataFrame(expected, columns=["start", "end"]))["outcome"]
    # The last line before the quiet scene may run on into its loud room, whose tone is measured over 10 s.
    assert outcome.drop(18).eq("found").all()
    assert len(lines) == len(expected)


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(5 * RATE), np.zeros(10)])
def test_silence_has_no_lines(samples):
    lines, dropped = labelling.find_lines(samples, RATE)
    assert len(lines) == len(dropped) == 0
    assert lines.columns.tolist() == ["start", "end"]


def test_parameters_out_of_range_are_named(rng):
    with pytest.raises(SercourseError, match="min_pause is 0"):
        labelling.find_lines(np.zeros(RATE), RATE, min_pause=0)
    with pytest.raises(SercourseError, match=r"max_line 0\.2"):
        labelling.find_lines(np.zeros(RATE), RATE, max_line=0.2)


def test_outcomes_by_hand():
    truth = pd.DataFrame(
        [(0, 1), (2, 3), (4, 5), (5.1, 6), (8, 10), (12, 13), (15, 16)], columns=["start", "end"]
    )
    truth.index += 1
    found = pd.DataFrame(
        [(0.1, 1.15), (2, 3.3), (4, 6), (8, 8.8), (9.1, 10), (15, 16)],
        columns=["start", "end"],
        index=[10, 11, 12, 13, 14, 15],
    )
    table = labelling.compare_lines(found, truth)
    assert table["outcome"].tolist() == ["found", "shifted", "merged", "merged", "split", "missed", "found"]
    assert table["row"].fillna(-1).tolist() == [10, 11, 12, 12, 14, -1, 15]
    assert table.index.tolist() == list(range(1, 8))
    nothing = labelling.compare_lines(found.iloc[:0], truth)
    assert nothing["outcome"].eq("missed").all()


def spans(*rows):
    return pd.DataFrame(rows, columns=["start", "end"])


def test_clips_hold_the_recordings_samples(tmp_path, recording):
    lines = spans((2.0, 3.5), (4.1, 8.1))
    clips, dropped = labelling.cut(recording, lines, tmp_path / "clips", scene="s01", progress=False)
    whole = soundfile.read(recording)[0]
    first, second = (soundfile.read(path)[0] for path in clips["path"])
    assert clips["clip"].tolist() == ["ferry_00002000-00003500", "ferry_00004100-00008100"]
    assert len(first) == len(second) == 3 * RATE == 66_150
    np.testing.assert_array_equal(first[: round(1.5 * RATE)], whole[2 * RATE : round(3.5 * RATE)])
    assert not first[round(1.5 * RATE) :].any()
    np.testing.assert_array_equal(second, whole[round(4.1 * RATE) : round(4.1 * RATE) + 3 * RATE])
    assert clips["lost"].tolist() == [0, pytest.approx(1.0)]
    assert clips["end"].tolist() == [3.5, pytest.approx(7.1)]
    assert clips["scene"].tolist() == ["s01", "s01"]
    assert clips["character"].isna().all()
    assert dropped.empty
    assert not [path for path in (tmp_path / "clips").iterdir() if path.name.startswith(".")]


def test_whole_clips_are_whole(tmp_path, recording):
    clips, _ = labelling.cut(recording, spans((2, 3.5), (4.1, 8.1)), tmp_path, length=None, progress=False)
    lengths = [soundfile.info(path).frames for path in clips["path"]]
    assert lengths == [round(1.5 * RATE), 4 * RATE]
    assert (clips["lost"] == 0).all()


def test_scene_and_character_come_from_tables(tmp_path, recording):
    scenes = spans((0, 5), (5, 14)).assign(scene=["s01", "s02"])
    talk = spans((2, 3.4), (4.0, 4.95), (5.2, 6.0), (6.1, 7)).assign(
        character=["cook", "cook", "mate", "cook"]
    )
    lines = spans((2, 3.5), (4.0, 5.1), (5.15, 7.0), (11, 12.3), (13.9, 20), (15, 16))
    clips, dropped = labelling.cut(
        recording, lines, tmp_path, movie="boat", within=[scenes, talk], progress=False
    )
    assert clips[["movie", "scene"]].to_numpy().tolist() == [
        ["boat", "s01"],
        ["boat", "s01"],
        ["boat", "s02"],
        ["boat", "s02"],
    ]
    assert clips["character"].fillna("nobody").tolist() == ["cook", "cook", "nobody", "nobody"]
    assert dropped["reason"].tolist() == [
        "more than one character: cook and mate",
        "lies outside the recording",
    ]


def test_cutting_refuses_what_it_cannot_do(tmp_path, recording):
    lines = spans((2, 3))
    with pytest.raises(ManifestError, match="movie 'a film'"):
        labelling.cut(recording, lines, tmp_path, movie="a film", progress=False)
    with pytest.raises(ManifestError, match="length is 0"):
        labelling.cut(recording, lines, tmp_path, length=0, progress=False)
    with pytest.raises(ManifestError, match="it needs start, end"):
        labelling.cut(recording, lines, tmp_path, within=[pd.DataFrame({"scene": ["a"]})], progress=False)
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(AudioError, match=r"text\.wav.*cannot be read as sound"):
        labelling.cut(tmp_path / "text.wav", lines, tmp_path, progress=False)
    with pytest.raises(AudioError, match=r"absent\.wav"):
        labelling.read_levels(tmp_path / "absent.wav")


def table(matrix, value="emotion"):
    """A labels table out of a list of rows, one a rater; None is missing."""
    rows = [
        {"rater": f"r{rater}", "clip": f"c{clip:02d}", value: said, "mark": ""}
        for rater, row in enumerate(matrix)
        for clip, said in enumerate(row)
        if said is not None
    ]
    frame = pd.DataFrame(rows, columns=["rater", "clip", "emotion", "arousal", "valence", "mark"])
    types = {"emotion": "string", "arousal": "Int64", "valence": "Int64"}
    return frame.astype({**types, "rater": "string", "clip": "string", "mark": "string"})


N = None
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]
"""Example with missing data in Krippendorff (2011): four observers, twelve units."""


def test_alpha_of_krippendorffs_example():
    names = [[value and "abcde"[value - 1] for value in row] for row in KRIPPENDORFF]
    nominal = labelling.krippendorff_alpha(table(names))
    assert nominal.value == pytest.approx(0.743, abs=0.0005)
    assert (nominal.clips, nominal.raters) == (11, 4)
    interval = labelling.krippendorff_alpha(table(KRIPPENDORFF, "arousal"), "arousal")
    assert interval.value == pytest.approx(0.849, abs=0.0005)


FLEISS = """0 0 0 0 14  0 2 6 4 2  0 0 3 5 6  0 3 9 2 0  2 2 8 1 1
7 7 0 0 0  3 2 6 3 0  2 5 3 2 2  6 5 2 1 0  0 2 2 3 7"""
"""The worked example that textbooks share: ten subjects, five categories, fourteen raters, kappa .210."""


def test_fleiss_kappa_of_the_worked_example():
    counts = np.array(FLEISS.split(), dtype=int).reshape(10, 5)
    by_clip = [np.repeat(list("abcde"), row) for row in counts]
    matrix = [list(row) for row in np.array(by_clip).T]
    assert labelling.fleiss_kappa(table(matrix)).value == pytest.approx(0.210, abs=0.0005)
    matrix[3].append("a")  # a clip that only one rater labelled does not count
    assert labelling.fleiss_kappa(table(matrix)) == labelling.fleiss_kappa(table(matrix[:3] + matrix[3:]))
    assert labelling.fleiss_kappa(table(matrix)).clips == 10


def test_cohens_kappa_by_hand():
    """50 clips, 35 agreements; by chance .5 x .6 + .5 x .4 = .5, so (.7 - .5) / (1 - .5) = .4."""
    pairs = ["yy"] * 20 + ["yn"] * 5 + ["ny"] * 10 + ["nn"] * 15
    labels = table([[pair[0] for pair in pairs] + ["y"], [pair[1] for pair in pairs]])
    row = labelling.cohen_kappa(labels).iloc[0]
    assert row[["rater", "other", "clips"]].tolist() == ["r0", "r1", 50]
    assert row["kappa"] == pytest.approx(0.4)
    counts = labelling.rater_confusion(labels, "r0", "r1", order=["n", "y", "z"])
    assert counts.to_numpy().tolist() == [[15, 10, 0], [5, 20, 0], [0, 0, 0]]
    assert (counts.index.name, counts.columns.name) == ("r0", "r1")


def test_agreement_on_one_label_only_is_not_defined():
    labels = table([["a", "a", "a"], ["a", "a", "a"]])
    assert labelling.cohen_kappa(labels)["kappa"].isna().all()
    assert np.isnan(labelling.fleiss_kappa(labels).value)
    assert np.isnan(labelling.krippendorff_alpha(labels).value)


def test_concordance_by_hand():
    # Variances and covariance 2/3, means 1 apart: (4/3) / (4/3 + 1).
    assert labelling.concordance([1, 2, 3], [2, 3, 4]) == pytest.approx(4 / 7)
    # Variances 2/3 and 8/3, covariance 4/3, means 2 apart: (8/3) / (10/3 + 4).
    assert labelling.concordance([1, 2, 3, np.nan], [2, 4, 6, 7]) == pytest.approx(4 / 11)
    assert labelling.concordance([1, 4, 7], [1, 4, 7]) == pytest.approx(1)
    assert labelling.concordance([1, 4, 7], [7, 4, 1]) == pytest.approx(-1)
    assert np.isnan(labelling.concordance([4, 4], [4, 4]))
    with pytest.raises(ValueError, match="equal length"):
        labelling.concordance([1, 2], [1])


def test_concordance_of_pairs_stands_beside_pearson():
    labels = table([[1, 2, 3, None], [2, 3, 4, 5], [2, 4, 6, 1]], "valence")
    pairs = labelling.pairwise_concordance(labels, "valence")
    assert pairs["ccc"].iloc[:2].tolist() == pytest.approx([4 / 7, 4 / 11])
    assert pairs["pearson"].iloc[:2].tolist() == pytest.approx([1, 1])
    assert pairs["clips"].tolist() == [3, 3, 4]


@pytest.fixture
def marked():
    """Three raters; a tie, one unsure, one who hears no speech, a clip nobody labelled."""
    labels = table(
        [
            ["happy", "sad", "anger", N, N, "shock"],
            ["happy", "sad", "disgust", "happy", N, "shock"],
            ["happy", "anger", N, N, N, "shock"],
        ]
    )
    more = pd.DataFrame(
        [
            {"rater": "r0", "clip": "c03", "mark": "not speech"},
            {"rater": "r2", "clip": "c03", "mark": "not speech"},
            {"rater": "r0", "clip": "c04", "mark": "unsure"},
            {"rater": "r1", "clip": "c06", "emotion": "sad", "mark": "unsure"},
        ]
    )
    labels.loc[(labels["rater"] == "r0") & (labels["clip"] == "c01"), "mark"] = "unsure"
    return pd.concat([labels, more], ignore_index=True).astype(labels.dtypes)


def test_majority_by_hand(marked):
    table = labelling.majority(marked).set_index("clip")
    assert table["emotion"].fillna("-").tolist() == ["happy", "sad", "-", "-", "-", "shock", "sad"]
    assert table["votes"].tolist() == [3, 2, 1, 2, 0, 3, 1]
    assert table["raters"].tolist() == [3, 3, 2, 3, 0, 3, 1]
    assert table["reason"].dropna().to_dict() == {
        "c02": "tie: anger, disgust",
        "c03": "not speech",
        "c04": "nobody labelled it",
    }
    strict = labelling.majority(marked, unsure=False).set_index("clip")
    assert strict["reason"].dropna().to_dict() == {
        "c01": "tie: anger, sad",
        "c02": "tie: anger, disgust",
        "c03": "not speech",
        "c04": "nobody labelled it",
        "c06": "nobody labelled it",
    }


def test_soft_labels_by_hand(marked):
    shares = labelling.soft_labels(marked, SCHEME.labels)
    assert shares.columns.tolist() == list(SCHEME.labels)
    assert shares.loc["c01"].tolist() == pytest.approx([0, 2 / 3, 1 / 3, 0, 0])
    assert shares.loc["c02"].tolist() == pytest.approx([0, 0, 0.5, 0.5, 0])
    assert shares.loc["c03"].tolist() == pytest.approx([1, 0, 0, 0, 0])
    assert shares.loc["c04"].isna().all()
    with pytest.raises(ValueError, match="shock"):
        labelling.soft_labels(marked, ["happy", "sad", "anger", "disgust"])


def test_clips_to_adjudicate_by_hand(marked):
    table = labelling.adjudicate(marked)
    assert table["clip"].tolist() == ["c02", "c01", "c03", "c04", "c06"]
    assert table["disagreement"].tolist() == pytest.approx([1, 2 / 3, 2 / 3, 0, 0])
    assert table["tie"].tolist() == [True, False, False, False, False]
    said = table.set_index("clip")[["r0", "r1", "r2"]].fillna("-")
    assert said.loc["c01"].tolist() == ["sad (unsure)", "sad", "anger"]
    assert said.loc["c03"].tolist() == ["not speech", "happy", "not speech"]
    assert said.loc["c04"].tolist() == ["no label (unsure)", "-", "-"]
    assert said.loc["c06"].tolist() == ["-", "sad (unsure)", "-"]
    assert labelling.adjudicate(marked[marked["clip"].isin(["c00", "c05"])]).empty


def test_marks_in_coefficients(marked):
    matrix = labelling.ratings_matrix(marked)
    assert matrix.shape == (7, 3)
    assert matrix.loc["c03"].isna().tolist() == [True, False, True]
    assert labelling.ratings_matrix(marked, unsure=False).loc["c01"].isna().tolist() == [True, False, False]


def test_wrong_tables_are_refused(marked):
    with pytest.raises(ManifestError, match="rater r0 labelled clip c00 twice"):
        labelling.majority(pd.concat([marked, marked.iloc[:1]]))
    with pytest.raises(ManifestError, match="lacks the columns: emotion"):
        labelling.cohen_kappa(marked.drop(columns="emotion"))
    with pytest.raises(UnknownNameError, match="'mood'"):
        labelling.krippendorff_alpha(marked, "mood")
    with pytest.raises(UnknownNameError, match="'r9'"):
        labelling.rater_confusion(marked, "r0", "r9")


def test_schemes_are_checked():
    assert SCHEME.labels == ("happy", "sad", "anger", "disgust", "shock")
    assert SCHEME.emotions["shock"] == "surprised"
    assert SCHEMES["common"].labels == corpora.manifest.EMOTIONS
    with pytest.raises(ManifestError, match="'meh'"):
        Scheme("own", ("happy", "meh"), {"happy": "happy", "meh": "indifferent"})
    with pytest.raises(ManifestError, match="each label once"):
        Scheme("own", ("sad", "sad"), {"sad": "sad"})


@pytest.fixture
def clips(tmp_path, recording):
    lines = spans((2.0, 3.5), (4.1, 7.0), (9.0, 9.2), (11.0, 12.3))
    talk = lines.assign(character=["cook", "mate", "cook", "mate"])
    return labelling.cut(recording, lines, tmp_path / "cut", within=[talk], progress=False).clips


def agreed(clips, *emotions):
    return pd.DataFrame({"clip": clips["clip"], "emotion": pd.array(emotions, dtype="string")})


def test_the_corpus_clips_reads_what_was_exported(home, clips):
    labels = agreed(clips, "shock", "anger", None, "happy").assign(
        reason=[None, None, "tie: sad, shock", None]
    )
    dropped = labelling.export_clips(clips, labels, SCHEME)
    assert dropped.to_numpy().tolist() == [[clips["clip"][2], "tie: sad, shock"]]
    found = corpora.load("clips")
    assert found["recording_id"].tolist() == clips["clip"][[0, 1, 3]].tolist()
    assert found["emotion"].tolist() == ["surprised", "angry", "happy"]
    assert found["label"].tolist() == ["shock", "anger", "happy"]
    assert found["speaker"].tolist() == ["clips_ferry_cook", "clips_ferry_mate", "clips_ferry_mate"]
    for path, source in zip(found["path"], clips["path"][[0, 1, 3]], strict=True):
        np.testing.assert_array_equal(soundfile.read(path)[0], soundfile.read(source)[0])
    mfcc = features.extract(found, features.recipe("report_a"), workers=1, progress=False)
    assert mfcc.x.shape == (3, 130, 20)
    assert mfcc.mask.all()


def test_exporting_again_replaces_a_movie_and_keeps_others(home, tmp_path, recording, clips):
    other = labelling.cut(recording, spans((2, 3)), tmp_path / "cut", movie="NA", progress=False).clips
    labelling.export_clips(clips, agreed(clips, "sad", "sad", "sad", "sad"), SCHEME)
    labelling.export_clips(other, agreed(other, "shock"), SCHEME)
    labelling.export_clips(clips, agreed(clips, None, "happy", None, None), SCHEME)
    found = corpora.load("clips")
    assert found["movie"].tolist() == ["NA", "ferry"]
    left_out = pd.read_csv(home / "clips" / "ferry" / "dropped.csv")
    assert left_out["clip"].tolist() == clips["clip"][[0, 2, 3]].tolist()
    assert found["emotion"].tolist() == ["surprised", "happy"]
    assert found["speaker"].tolist() == ["clips_NA_unknown", "clips_ferry_mate"]
    assert len(list((home / "clips").rglob("*.wav"))) == 2
    assert all(pd.Series(clips["path"]).map(lambda path: soundfile.info(path).frames == 3 * RATE))


def test_nameless_voices_do_not_stand_beside_named_ones(tmp_path, clips):
    clips.loc[1, "character"] = pd.NA
    dropped = labelling.export_clips(clips, agreed(clips, *["sad"] * 4), SCHEME, tmp_path / "clips")
    assert dropped.to_numpy().tolist() == [
        [clips["clip"][1], "no character, while others of its movie have one"]
    ]


def test_export_refuses_what_does_not_fit(tmp_path, clips):
    with pytest.raises(ManifestError, match="lacks: angry"):
        labelling.export_clips(clips, agreed(clips, "angry", "sad", "sad", "sad"), SCHEME, tmp_path / "c")
    twice = pd.concat([clips, clips.iloc[:1]])
    with pytest.raises(ManifestError, match="twice"):
        labelling.export_clips(twice, agreed(clips, *["sad"] * 4), SCHEME, tmp_path / "c")
    with pytest.raises(CorpusError, match="no agreed label"):
        labelling.export_clips(clips, agreed(clips, *[None] * 4), SCHEME, tmp_path / "c")
    labels = pd.DataFrame({"clip": ["stranger"], "emotion": ["sad"]})
    with pytest.raises(ManifestError, match="stranger"):
        labelling.export_clips(clips, labels, SCHEME, tmp_path / "c")
    (tmp_path / "cut" / f"{clips['clip'][0]}.wav").unlink()
    with pytest.raises(AudioError, match="missing"):
        labelling.export_clips(clips, agreed(clips, *["sad"] * 4), SCHEME, tmp_path / "c")
    assert not (tmp_path / "c" / "manifest.csv").exists()


def test_report_as_json_there_and_back(tmp_path, clips):
    path = tmp_path / "data.json"
    dropped = labelling.export_report_a(
        clips, agreed(clips, "shock", "happy", None, "anger"), SCHEME, path, progress=False
    )
    assert dropped.to_numpy().tolist() == [[clips["clip"][2], "no agreed label"]]
    content = json.loads(path.read_text())
    assert list(content)[:3] == ["mapping", "labels", "mfcc"]
    assert content["mapping"] == ["happy", "sad", "anger", "disgust", "shock"]
    assert content["labels"] == [4, 0, 2]
    assert path.read_text().startswith('{\n    "mapping": [\n        "happy"')
    read = labelling.read_report_a(path)
    assert read.x.shape == (3, 130, 20)
    assert read.y.tolist() == [4, 0, 2]
    assert read.rows["clip"].tolist() == clips["clip"][[0, 1, 3]].tolist()
    assert read.rows["character"].tolist() == ["cook", "mate", "mate"]
    assert read.rows["start"].tolist() == [2.0, 4.1, 11.0]
    pd.testing.assert_frame_equal(read.dropped, dropped)
    for row, source in enumerate(clips["path"][[0, 1, 3]]):
        samples = soundfile.read(source, dtype="float32")[0]
        expected = librosa.feature.mfcc(y=samples, sr=RATE, n_mfcc=20, n_fft=2048, hop_length=512).T
        np.testing.assert_allclose(read.x[row], expected, atol=2e-3)
        exact = features.extractor.extract_file(source, features.recipe("report_a"))
        np.testing.assert_allclose(read.x[row], exact, rtol=0, atol=1e-6)


def test_whole_clips_that_are_too_short_are_named(tmp_path, recording):
    whole = labelling.cut(
        recording, spans((2, 3.5), (4.1, 8.1)), tmp_path / "cut", length=None, progress=False
    ).clips
    labels = agreed(whole, "sad", "happy")
    dropped = labelling.export_report_a(whole, labels, SCHEME, tmp_path / "a.json", progress=False)
    # 1 + 33,075 // 512 frames are there.
    assert dropped.to_numpy().tolist() == [[whole["clip"][0], "too short: 65 frames of 130"]]
    assert labelling.read_report_a(tmp_path / "a.json").x.shape == (1, 130, 20)


def plain(**changed):
    """What Report A's own script writes: no key of ours."""
    return {"mapping": ["sad", "happy"], "labels": [1, 0], "mfcc": np.zeros((2, 130, 20)).tolist()} | changed


def test_report_as_own_json_is_read(tmp_path):
    (tmp_path / "own.json").write_text(json.dumps(plain()))
    read = labelling.read_report_a(tmp_path / "own.json")
    assert read.mapping == ("sad", "happy")
    assert read.rows["label"].tolist() == ["happy", "sad"]
    assert read.rows["clip"].isna().all()
    assert read.dropped.empty


SHORT = [np.zeros((130, 20)).tolist(), np.zeros((129, 20)).tolist()]
RAGGED = [np.zeros((130, 20)).tolist(), [[1.0] * 20] * 129 + [[1.0]]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (plain(labels=[1, 2]), "row 1: label 2 is not one of 0 to 1"),
        (plain(labels=[-1, 0]), "row 0: label -1"),
        (plain(labels=[True, 0]), "row 0: label True"),
        (plain(labels=[1]), "1 labels and 2 rows"),
        (plain(mfcc=SHORT), r"row 1: mfcc has shape \(129, 20\), expected \(130, 20\)"),
        (plain(mfcc=RAGGED), "row 1: mfcc is no table"),
        (plain(mfcc=np.full((2, 130, 20), np.nan).tolist()), "row 0: mfcc holds values that are not finite"),
        (plain(mfcc=np.zeros((2, 130, 13)).tolist()), "row 0: mfcc has shape"),
        (plain(mapping=["sad", "sad"]), "each label once"),
        (plain(sercourse={"rows": [{"clip": "a"}]}), "names 1 clips for 2 rows"),
        ({"mapping": []}, "no list called labels"),
        ([], "no object"),
    ],
)
def test_broken_json_is_refused_with_its_row(tmp_path, content, said):
    (tmp_path / "bad.json").write_text(json.dumps(content))
    with pytest.raises(CorpusError, match=said):
        labelling.read_report_a(tmp_path / "bad.json")


def test_what_is_no_json_is_refused(tmp_path):
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(CorpusError, match="not JSON"):
        labelling.read_report_a(tmp_path / "bad.json")
    with pytest.raises(CorpusError, match=r"absent\.json: cannot be read"):
        labelling.read_report_a(tmp_path / "absent.json")
    assert report_a_file.FRAMES == 130


def test_the_segmenter_shows_what_find_lines_finds(recording):
    from sercourse.widgets import Segmenter

    widget = Segmenter(recording, "A boat", synthetic=True, seconds=10)
    samples = soundfile.read(recording)[0]
    pd.testing.assert_frame_equal(widget.lines, labelling.find_lines(samples, RATE).lines)
    assert "A boat (synthetic speech), 0 to 10 s: lines found here: 2, stretches dropped: 1; 3 lines" in repr(
        widget
    )
    page = widget._repr_mimebundle_()
    assert "image/png" in page["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in page
    before = widget._page.value
    widget.sliders["min_pause"].value = 0.15
    expected = labelling.find_lines(samples, RATE, min_pause=0.15).lines
    pd.testing.assert_frame_equal(widget.lines, expected)
    assert len(widget.lines) == 4
    assert widget._page.value != before
