"""The demo film: the truth against the sound, measured by Praat and by hand; raters against scikit-learn."""

import subprocess
import sys
import wave
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import parselmouth
import pytest
from sklearn.metrics import cohen_kappa_score

from sercourse.corpora import demo_film, film_raters, film_script, library, load_film, manifest
from sercourse.errors import CorpusError

RATE = 22050
WRITE = """
import sys
from pathlib import Path
from sercourse.corpora import demo_film, film_script
scenes = [scene._replace(lines=scene.lines[: int(sys.argv[4])]) for scene in film_script.SCENES]
film_script.SCENES = tuple(scenes[: int(sys.argv[3])])
for _ in demo_film.write(Path(sys.argv[1]), {"seed": int(sys.argv[2])}, "film"):
    print("file")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The whole film, and its beginning three times, each made by a fresh process."""
    # Seed, number of scenes, lines in each at most.
    asked = {"film": (0, 6, 99), "once": (0, 1, 4), "again": (0, 1, 4), "other seed": (1, 1, 4)}
    folders, processes = {}, {}
    for name, numbers in asked.items():
        folders[name] = tmp_path_factory.mktemp(name.replace(" ", "_"))
        command = [sys.executable, "-c", WRITE, str(folders[name]), *map(str, numbers)]
        processes[name] = subprocess.Popen(command, stdout=subprocess.PIPE)
    for name, process in processes.items():
        count = process.communicate(timeout=120)[0].count(b"file")
        assert process.returncode == 0
        assert count == len(files(folders[name]))
    return folders


@pytest.fixture(scope="module")
def film(made):
    return load_film(made["film"])


@pytest.fixture(scope="module")
def track(film):
    return read(film.soundtrack)


@pytest.fixture(scope="module")
def gaps(film):
    """Pauses inside scenes that are long enough to be measured, with the lines around them."""
    rows = film.truth.itertuples()
    pairs = [(a, b) for a, b in pairwise(rows) if a.scene == b.scene and b.start - a.end > 0.3]
    return [(a.end, b.start, a, b) for a, b in pairs]


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read(path):
    with wave.open(str(path)) as file:
        assert file.getparams()[:3] == (1, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def quiet(track, start, end):
    """Level that nine tenths of the 20 ms frames exceed, dB relative to full scale."""
    frames = track[round(start * RATE) : round(end * RATE)] / 32768
    frames = frames[: len(frames) // 441 * 441].reshape(-1, 441)
    return float(np.percentile(10 * np.log10(np.mean(frames**2, axis=1) + 1e-12), 10))


def test_there_is_a_film_of_a_few_minutes(made, track):
    assert len(files(made["film"])) == demo_film.N_FILES == 3 + 78
    assert 3.5 < len(track) / RATE / 60 < 6
    assert 0.3 < np.abs(track / 32768).max() < 0.96


def test_the_script_has_enough_of_everything(film):
    truth = film.truth
    assert truth["line"].tolist() == list(range(1, 79))
    assert truth["scene"].unique().tolist() == ["s01", "s02", "s03", "s04", "s05", "s06"]
    assert truth["scene"].value_counts().min() >= 12
    assert set(truth["emotion"]) == {"happy", "sad", "angry", "disgust", "surprised", "neutral", "fearful"}
    assert truth["emotion"].value_counts().min() >= 8
    assert truth["character"].value_counts().min() >= 10
    assert truth.groupby("character")["emotion"].nunique().min() >= 6
    assert 25 <= (truth["intensity"] == "strong").sum() <= 40
    assert not ((truth["emotion"] == "neutral") & (truth["intensity"] == "strong")).any()
    assert truth["music"].sum() == 14
    assert truth["overlap"].sum() == 4
    assert truth["text"].str.split().str.len().between(5, 12).all()


def test_lines_and_pauses_are_of_different_lengths(film):
    seconds = film.truth["end"] - film.truth["start"]
    assert seconds.between(0.7, 5).all()
    pauses = film.truth["start"].shift(-1) - film.truth["end"]
    assert (pauses.round(3) == 0.15).sum() == 6
    assert (pauses < 0).sum() == 2
    assert pauses.between(0.35, 1.5).mean() > 0.6
    assert (pauses > 2).sum() >= 8


def test_lines_are_loud_and_pauses_are_not(film, track, gaps):
    sound = parselmouth.Sound(track / 32768, RATE)
    for start, end, before, after in gaps:
        if before.music or after.music:
            continue
        # In the reverberant scenes, the echo has the first two tenths of a pause.
        pause = quiet(track, min(start + 0.2, end - 0.1), end)
        for line in (before, after):
            speech = sound.extract_part(line.start, line.end)
            level = 10 * np.log10(np.mean(speech.values**2))
            assert level > pause + 15, (line, pause)
            assert -40 < level < -14
    floors = [quiet(track, start, end) for start, end, a, b in gaps if not (a.music or b.music)]
    assert -70 < np.median(floors) < -50


def test_lines_start_and_end_where_the_truth_says(film, track, gaps):
    """Where Praat's intensity rises out of the room tone; only lines with silence around them."""
    intensity = parselmouth.Sound(track / 32768, RATE).to_intensity(200, 0.005, subtract_mean=False)
    times, values = intensity.xs(), intensity.values[0]
    starts, ends = [], []
    for (_, _, before, line), (start, end, same, after) in pairwise(gaps):
        if line.line != same.line or before.music or line.music or after.music:
            continue
        near = (times > line.start - 0.15) & (times < line.end + 0.15)
        # Praat counts from 20 micropascal: 94 dB is full scale.
        limit = max(values[near].max() - 28, 94 + quiet(track, start, end) + 10)
        loud = times[near & (values > limit)]
        starts.append(loud[0] - line.start)
        ends.append(loud[-1] - line.end)
    assert len(starts) > 25
    assert np.mean(np.abs(starts) < 0.03) > 0.85
    # A weak first consonant can lie below the limit.
    assert np.abs(starts).max() < 0.15
    # A room's echo goes on for a moment; a stop's release can be weaker than the limit.
    assert abs(np.median(ends)) < 0.03
    assert np.abs(ends).max() < 0.15


def test_music_is_where_the_truth_says(film, track, gaps):
    level = {
        music: [quiet(track, start, end) for start, end, a, b in gaps if {a.music, b.music} == {music}]
        for music in (True, False)
    }
    assert len(level[True]) >= 8
    assert max(level[False]) < min(level[True])
    first = film.truth["start"].iloc[0]
    assert quiet(track, first - 3.5, first - 2) > -45, "music opens the film"
    assert quiet(track, first - 0.3, first) < -50, "and has ended when the first line starts"


def test_some_sounds_are_no_lines(film, track, gaps):
    """A knock and a bell in pauses: loud for a moment, in at least four pauses without music."""

    def loudest(start, end):
        frames = track[round(start * RATE) : round(end * RATE)] / 32768
        return np.abs(frames).max()

    sounds = [
        start for start, end, a, b in gaps if not (a.music or b.music) and loudest(start + 0.2, end) > 0.04
    ]
    assert len(sounds) == 4


def test_nothing_clicks(film, track, gaps):
    """Where scenes meet and where music plays, no step stands out from those of the 50 ms around it."""
    ends = film.truth.groupby("scene")["end"].max().iloc[:-1]
    starts = film.truth.groupby("scene")["start"].min().iloc[1:]
    stretches = [*zip(ends, starts, strict=True), *(gap[:2] for gap in gaps if gap[2].music or gap[3].music)]
    for start, end in stretches:
        steps = np.diff(track[round((start + 0.03) * RATE) : round((end - 0.03) * RATE)].astype(float))
        frames = steps[: len(steps) // 1100 * 1100].reshape(-1, 1100)
        assert np.all(np.abs(frames).max(axis=1) < 7 * np.sqrt(np.mean(frames**2, axis=1)))


def test_lines_are_cut_out_of_the_sound_track(made, film, track):
    paths = sorted((made["film"] / "lines").iterdir(), key=lambda path: path.name.split("_")[3])
    for path, row in zip(paths, film.truth.itertuples(), strict=True):
        np.testing.assert_array_equal(read(path), track[round(row.start * RATE) : round(row.end * RATE)])


def test_names_say_what_the_truth_says(made, film):
    rows = [demo_film.parse(path) for path in (made["film"] / "lines").iterdir()]
    table = manifest.build(sorted(rows, key=lambda row: row["recording_id"].split("_")[3]))
    for column in ("scene", "character", "emotion", "intensity"):
        assert table[column].tolist() == film.truth[column].tolist()
    assert set(table["speaker"]) == {f"demo_film_{character}" for character in film.truth["character"]}
    assert table.groupby("sex")["character"].nunique().to_dict() == {"female": 3, "male": 3}
    assert table["recording_id"].is_unique


def test_a_name_by_hand():
    row = demo_film.parse(Path("anywhere/ferry_s02_captain_021_angry_strong.wav"))
    assert row == {
        "path": str(Path("anywhere/ferry_s02_captain_021_angry_strong.wav")),
        "corpus": "demo_film",
        "recording_id": "ferry_s02_captain_021_angry_strong",
        "speaker": "demo_film_captain",
        "sex": "male",
        "emotion": "angry",
        "label": "angry",
        "intensity": "strong",
        "movie": "ferry",
        "scene": "s02",
        "character": "captain",
        "channel": "speech",
        "modality": "audio",
    }


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("soundtrack", "not a name"),
        ("ferry_s02_captain_021_angry", "not a name"),
        ("ferry_s02_captain_21_angry_strong", "not a name"),
        ("canoe_s02_captain_021_angry_strong", "movie canoe"),
        ("ferry_s07_captain_021_angry_strong", "scene s07"),
        ("ferry_2_captain_021_angry_strong", "scene 2"),
        ("ferry_s02_admiral_021_angry_strong", "character admiral"),
        ("ferry_s02_captain_000_angry_strong", "line 000"),
        ("ferry_s02_captain_079_angry_strong", "line 079"),
        ("ferry_s02_captain_021_bored_strong", "emotion bored"),
        ("ferry_s02_captain_021_angry_loud", "intensity loud"),
        ("ferry_s02_captain_021_neutral_strong", "neutral has no strong"),
    ],
)
def test_broken_names_are_refused(name, where):
    with pytest.raises(ValueError, match=where):
        demo_film.parse(Path(f"{name}.wav"))


def test_a_seed_repeats_every_byte(made):
    once, again, other = (files(made[name]) for name in ("once", "again", "other seed"))
    assert once == again
    assert len(once) == 3 + 4
    assert once.keys() == other.keys()
    assert all(once[name] != other[name] for name in once)


def labels(ratings, rater):
    return ratings[ratings["rater"] == rater].set_index("line")["emotion"]


def kappa(a, b):
    both = a.notna() & b.notna()
    return cohen_kappa_score(a[both], b[both])


def test_raters_agree_somewhat(film):
    truth = film.truth.set_index("line")["emotion"]
    by = {rater: labels(film.ratings, rater) for rater in ("rater_1", "rater_2", "rater_3")}
    for a, b in combinations(by, 2):
        assert 0.35 < kappa(by[a], by[b]) < 0.7
    agreement = {rater: kappa(by[rater], truth) for rater in by}
    assert max(agreement, key=agreement.get) == "rater_1"


def test_ratings_are_on_their_scales(film):
    ratings = film.ratings
    assert ratings.columns.tolist() == ["rater", "line", "emotion", "arousal", "valence"]
    assert len(ratings) == 3 * 78
    assert not ratings.duplicated(["rater", "line"]).any()
    for slider in ("arousal", "valence"):
        assert set(ratings[slider].dropna()) <= set(range(1, 8))
        assert (ratings[slider].isna() == ratings["emotion"].isna()).all()
    assert 3 <= ratings["emotion"].isna().sum() <= 30


@pytest.fixture(scope="module")
def many():
    """Ratings of the whole script by thirty sets of raters, beside the truth."""
    lines = film_script.truth([(3.0 * row, 3.0 * row + 2) for row in range(78)])
    assert film_raters.rate(lines, 0) == film_raters.rate(lines, 0)
    tables = [pd.DataFrame(film_raters.rate(lines, seed)).assign(seed=seed) for seed in range(30)]
    ratings = pd.concat(tables).replace("", np.nan)
    ratings[["arousal", "valence"]] = ratings[["arousal", "valence"]].astype(float)
    return ratings.merge(pd.DataFrame(lines), on="line", suffixes=("", "_true"))


def test_agreement_does_not_hang_on_the_seed(many):
    for a, b in combinations(("rater_1", "rater_2", "rater_3"), 2):
        kappas = [kappa(labels(one, a), labels(one, b)) for _, one in many.groupby("seed")]
        assert 0.4 < np.mean(kappas) < 0.65


def test_rater_1_is_right_in_six_cases_of_seven(many):
    rated = many[many["emotion"].notna() & (many["rater"] == "rater_1")]
    assert np.mean(rated["emotion"] == rated["emotion_true"]) == pytest.approx(6 / 7, abs=0.02)
    wrong = rated[rated["emotion"] != rated["emotion_true"]]
    assert set(wrong.loc[wrong["emotion_true"] == "happy", "emotion"]) == {"surprised"}
    assert set(wrong.loc[wrong["emotion_true"] == "neutral", "emotion"]) == {"sad"}


def test_rater_2_hears_loudness_and_is_put_off_by_music(many):
    own, careful = (many[many["rater"] == rater] for rater in ("rater_2", "rater_1"))
    loud = (own["intensity"] == "strong") & own["emotion_true"].isin(["happy", "surprised", "fearful"])
    calls_angry = [np.mean(rows["emotion"][loud.to_numpy()] == "angry") for rows in (own, careful)]
    assert calls_angry[0] > 0.25 > 5 * calls_angry[1]
    missing = own["emotion"].isna().groupby(own["music"]).mean()
    assert missing[True] == pytest.approx(0.3, abs=0.07)
    assert missing[False] < 0.06


def test_rater_3_is_cautious_and_gets_tired(many):
    neutral = (many["emotion"] == "neutral").groupby(many["rater"]).sum()
    assert neutral["rater_3"] > 1.5 * neutral["rater_1"]
    spread = many.groupby("rater")[["arousal", "valence"]].std()
    assert (spread.loc["rater_3"] < 0.65 * spread.loc["rater_1"]).all()
    strong = many[(many["rater"] == "rater_3") & (many["intensity"] == "strong") & many["emotion"].notna()]
    right = (strong["emotion"] == strong["emotion_true"]).groupby((strong["line"] - 1) // 26).mean()
    assert right[0] > right[2] + 0.12
    arousal = many[many["emotion_true"] == "neutral"].groupby(["rater", many["line"] > 39])["arousal"].mean()
    assert arousal["rater_3", True] < arousal["rater_3", False] - 0.1
    assert arousal["rater_1", True] == pytest.approx(arousal["rater_1", False], abs=0.1)


def test_judged_arousal_follows_the_voice(many):
    careful = (
        many[many["rater"] == "rater_1"].groupby(["emotion_true", "intensity"])[["arousal", "valence"]].mean()
    )
    assert careful.loc[("angry", "strong"), "arousal"] > 6
    assert careful.loc[("sad", "strong"), "arousal"] < 3
    assert careful.loc[("neutral", "normal")].to_list() == pytest.approx([4, 4], abs=0.15)
    assert careful.loc[("happy", "strong"), "valence"] > 6 > 2 > careful.loc[("disgust", "strong"), "valence"]


def test_the_film_is_found_where_the_library_says(made, monkeypatch):
    monkeypatch.setattr(library, "find", lambda name: made["film"].parent if name == "demo_film" else None)
    monkeypatch.setattr(demo_film, "PART", made["film"].name)
    assert load_film().soundtrack == made["film"] / "soundtrack.wav"


def test_a_missing_film_says_what_to_do(monkeypatch):
    monkeypatch.setattr(library, "find", lambda name: None)
    monkeypatch.setattr(library, "how_to_get", lambda name: "make it")
    with pytest.raises(CorpusError, match=r"demo film.*make it"):
        load_film()
