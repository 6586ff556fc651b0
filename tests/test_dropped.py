"""What Report B's fixed number of frames drops: the shipped table, and the counting."""

import numpy as np
import pandas as pd
import pytest
import soundfile
from conftest import RATE, write_tone

from sercourse import corpora, reports

SHORTEST = 13_230 + 107 * 512
"""Samples that are needed at 22,050 Hz: .6 s are left out, and the middle of frame 108 must be there."""


def real():
    table = reports.measured("dropped")
    return table[table["corpus"] == "ravdess"]


def test_every_recording_of_both_corpora_is_counted_once():
    table = reports.measured("dropped")
    assert set(table["corpus"]) == {"ravdess", "demo"}
    assert (table["recipe"] == "report_b").all()
    for _, rows in table.groupby("corpus"):
        assert len(rows) == 24 * 8
        assert rows["n"].sum() == 1440
        assert (rows["n"] == np.where(rows["emotion"] == "neutral", 4, 8)).all()
        assert (rows["dropped"] <= rows["n"]).all()


def test_the_real_corpus_loses_what_was_derived_from_the_report():
    """855 test rows [S] are 20 % of three examples of each recording that is left [D]."""
    by_emotion = real().groupby("emotion")["dropped"].sum()
    assert by_emotion[by_emotion > 0].to_dict() == {"surprised": 9, "calm": 3, "fearful": 2, "neutral": 1}
    assert real().loc[real()["actor"].isin([11, 13]), "dropped"].sum() == 11
    left = real()["n"].sum() - real()["dropped"].sum()
    assert round(0.2 * 3 * left) == 855


def test_one_sample_decides(home):
    rng = np.random.default_rng(0)
    for name, samples in {
        "03-01-08-01-01-01-01": SHORTEST - 1,
        "03-01-08-01-01-02-01": SHORTEST,
        "03-01-03-01-01-01-01": SHORTEST,
        "03-01-08-01-01-01-02": RATE // 2,
    }.items():
        folder = home / "ravdess" / f"Actor_{name[-2:]}"
        write_tone(folder / f"{name}.wav", 200, rng, samples / RATE)
    rows = reports.measure("dropped", "ravdess", 1)
    counted = rows.set_index(["actor", "emotion"])[["n", "dropped"]]
    assert counted.loc[(1, "surprised")].tolist() == [2, 1]
    assert counted.loc[(1, "happy")].tolist() == [1, 0]
    assert counted.loc[(2, "surprised")].tolist() == [1, 1]


@pytest.mark.usefixtures("real_ravdess")
def test_the_lengths_in_the_files_headers_say_the_same():
    manifest = corpora.load("ravdess")
    short = []
    for path in manifest["path"]:
        header = soundfile.info(path)
        left_out = int(0.6 * header.samplerate)
        kept = min(header.frames, left_out + int(2.5 * header.samplerate)) - left_out
        short.append(-(-kept * RATE // header.samplerate) < 107 * 512)
    by_emotion = manifest["emotion"][short].value_counts()
    shipped = real().groupby("emotion")["dropped"].sum()
    pd.testing.assert_series_equal(
        by_emotion.sort_index(), shipped[shipped > 0].sort_index(), check_names=False, check_dtype=False
    )
