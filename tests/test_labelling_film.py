"""Lines of the demo film against its truth: how many are found, and what becomes of the others."""

import librosa
import numpy as np
import pandas as pd
import pytest

from sercourse import audio, corpora, labelling


@pytest.fixture(scope="module")
def film():
    corpora.make("demo_film", progress=False)
    return corpora.load_film()


@pytest.fixture(scope="module")
def levels(film):
    return labelling.read_levels(film.soundtrack)


def outcomes(lines, truth):
    return labelling.compare_lines(lines, truth)["outcome"].value_counts()


def fixed(samples, rate, top_db):
    """Lines by one threshold for the whole film, the pauses and lengths as in `find_lines`."""
    edges = librosa.effects.split(samples, top_db=top_db, frame_length=512, hop_length=220) / rate
    apart = edges[1:, 0] - edges[:-1, 1] >= 0.35
    starts, ends = edges[np.r_[True, apart], 0], edges[np.r_[apart, True], 1]
    lines = pd.DataFrame({"start": starts, "end": ends})
    return lines[ends - starts >= 0.5].reset_index(drop=True)


def test_lines_with_pauses_around_them_are_found(film, levels):
    lines, _ = labelling.find_in_levels(levels)
    table = labelling.compare_lines(lines, film.truth)
    # By the script: twelve lines have a pause of .15 s on one side, and four are spoken into one another.
    pauses = film.truth["start"].shift(-1) - film.truth["end"]
    close = (pauses < 0.2) | (pauses.shift(1) < 0.2)
    assert close.sum() == 16
    assert (table["outcome"][close] == "merged").all()
    assert (table["outcome"][~close] == "found").mean() > 0.95
    # The bell, and music where nobody speaks, are left to the raters: "not speech".
    assert len(lines) - table["row"].nunique() <= 5


def test_music_under_a_line_does_not_hide_it(film, levels):
    table = labelling.compare_lines(labelling.find_in_levels(levels).lines, film.truth)
    assert (table["outcome"][film.truth["music"]] == "found").mean() > 0.9


def test_one_threshold_needs_luck(film):
    """Half of the film 12 dB quieter: the threshold that suits one half does not suit the other."""
    samples, rate = audio.read(film.soundtrack)
    samples = samples.copy()
    samples[round(film.truth["start"][40] - 1) * rate :] *= 10 ** (-12 / 20)
    found = outcomes(labelling.find_lines(samples, rate).lines, film.truth)["found"]
    best = max(outcomes(fixed(samples, rate, db), film.truth).get("found", 0) for db in range(20, 61, 5))
    assert found >= 57
    assert found > best
    assert outcomes(fixed(samples, rate, 60), film.truth).get("found", 0) < 40  # librosa's own default


def test_the_way_of_lesson_03(film, levels, tmp_path):
    """From sound to labels: cut, match with what raters said, agree, export."""
    lines, _ = labelling.find_in_levels(levels)
    scenes = film.truth.groupby("scene").agg(start=("start", "min"), end=("end", "max")).reset_index()
    clips, dropped = labelling.cut(
        film.soundtrack,
        lines,
        tmp_path / "cut",
        movie="ferry",
        within=[scenes, film.truth[["start", "end", "character"]]],
        progress=False,
    )
    assert len(clips) + len(dropped) == len(lines)
    assert dropped["reason"].str.startswith("more than one character").sum() >= 7
    matched = labelling.compare_lines(clips, film.truth)
    matched = film.truth.join(matched).query("outcome == 'found' or outcome == 'shifted'")
    assert (
        clips["character"][matched["row"].astype(int)].to_numpy() == matched["character"].to_numpy()
    ).all()
    assert (clips["scene"][matched["row"].astype(int)].to_numpy() == matched["scene"].to_numpy()).all()
    names = matched.set_index("line")["row"].map(clips["clip"])
    labels = film.ratings.assign(clip=film.ratings["line"].map(names), mark="").dropna(subset="clip")
    table = labelling.majority(labels)
    missing = labelling.export_clips(clips, table, labelling.SCHEMES["common"], tmp_path / "clips")
    manifest = pd.read_csv(tmp_path / "clips" / "manifest.csv")
    assert len(manifest) + len(missing) == len(clips)
    assert len(manifest) > 40
