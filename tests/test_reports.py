"""Measured results: their shape, their circumstances, their keeping."""

import html
import runpy

import pandas as pd
import pytest
from conftest import ROOT

from sercourse import reports
from sercourse.errors import ManifestError, UnknownNameError
from sercourse.reports import results


def row(**changes):
    values = dict.fromkeys(reports.COLUMNS, "x") | {
        "seed": 0,
        "n_train": 1152,
        "n_test": 1440,
        "uar": 0.5,
        "accuracy": 0.5,
        "seconds": 1.0,
    }
    return pd.DataFrame([values | changes])


def test_the_puzzle_is_measured_on_both_corpora_with_three_seeds():
    table = reports.measured("puzzle")
    assert list(table.columns) == list(reports.COLUMNS)
    assert not table.isna().any().any()
    seeds = table.groupby(["corpus", "network", "protocol"])["seed"].nunique()
    assert len(seeds) == 8
    assert (seeds == 3).all()
    assert (table["n_test"] == 1440).all()


def test_the_puzzle_is_there_on_both_corpora():
    """What lesson 00 says of its table: the gap is wider than the spread over seeds."""
    index, table = ["corpus", "network"], reports.measured("puzzle")
    lowest, highest = (
        table.pivot_table("uar", index, "protocol", aggfunc=aggfunc) for aggfunc in ("min", "max")
    )
    gap = lowest[reports.RANDOM] - highest[reports.UNSEEN]
    spread = (highest - lowest).max(axis=1)
    assert (gap > spread).all()


def test_the_readmes_picture_shows_what_was_measured():
    """If this fails after measuring again: uv run python .ci/draw_puzzle.py"""
    fresh = runpy.run_path(str(ROOT / ".ci" / "draw_puzzle.py"))["puzzle"]()
    picture = (ROOT / "notebooks" / "puzzle.svg").read_text(encoding="utf-8")
    assert html.escape(fresh.description, quote=False) in picture


@pytest.mark.parametrize("path", sorted(results.FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_no_command_names_a_folder_of_somebodys_machine(path):
    commands = reports.measured(path.stem)["command"]
    assert not commands.str.contains(r"(?:^|[\s=])/").any()


def test_an_unknown_table_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match="puzzle"):
        reports.measured("puzzles")
    with pytest.raises(UnknownNameError, match="puzzle"):
        reports.measure("puzzles", "demo", 1)


def test_rows_are_added_and_measuring_again_replaces(tmp_path):
    path = tmp_path / "table.csv"
    reports.save(pd.concat([row(), row(seed=1)]), path)
    reports.save(row(uar=0.75), path)
    table = results.read(path)
    assert table[["seed", "uar"]].to_numpy().tolist() == [[0, 0.75], [1, 0.5]]
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]


def test_a_table_without_its_circumstances_is_refused(tmp_path):
    with pytest.raises(ManifestError, match="lack the columns: command"):
        reports.save(row().drop(columns="command"), tmp_path / "table.csv")
