"""Replication: the ladders, and what becomes of their trainings."""

import numpy as np
import pandas as pd
import pytest
from conftest import write_tone

from sercourse import experiments, splits
from sercourse.errors import LeakError, UnknownNameError
from sercourse.experiments import conducting, material
from sercourse.experiments.conducting import Outcome, Said
from sercourse.reports import published, replication
from sercourse.reports.replication import films, ladders, page, replicating

RANDOM = ("random five", "random four", "actresses random")


@pytest.mark.parametrize("report", "ABCDE")
def test_a_ladder_leads_from_a_random_split_to_unseen_speakers(report):
    steps = films.STEPS if report == "A" else ladders.LADDERS[report].steps
    assert steps[0].change.startswith("as published")
    assert steps[-1].change.startswith("honest")
    assert steps[0].settings["protocol"] in RANDOM
    assert steps[-1].settings["protocol"] not in RANDOM
    assert not {"stop": "test", "scaled": "all", "dealt": "apart"}.items() & steps[-1].settings.items()


@pytest.mark.parametrize("report", ladders.LADDERS)
def test_each_network_of_a_ladder_is_one_of_the_report_and_can_be_described(report):
    ladder = ladders.LADDERS[report]
    assert set(ladder.networks) <= set(published.REPORTS[report].networks)
    for network in ladder.networks:
        for step in ladder.steps:
            trainings = ladders.described(ladder, network, step, ladder.corpus, seed=1)
            assert [each.fold for each in trainings] == list(range(1, step.n_folds + 1))
            assert len({each.key for each in trainings}) == step.n_folds


def test_report_as_grid_holds_its_48_cells():
    """Its own table names them: 16 settings for each of three networks."""
    stated = published.REPORTS["A"].tables["grid"]
    cells = {
        (dict(each.options)["n_layers"], dict(each.options)["dropout"], each.learning_rate, epochs)
        for each in films.cells("demo", films.RANDOM)
        for epochs in each.epochs
    }
    asked = stated[["layers", "dropout", "learning_rate", "epochs"]].astype(float)
    assert cells == set(asked.itertuples(index=False, name=None))
    assert len(films.cells("demo", films.RANDOM)) == 24


def test_the_best_cells_are_those_that_the_report_names():
    stated = published.REPORTS["A"].tables["grid"].astype({"accuracy": float})
    best = stated.loc[stated.groupby("model")["accuracy"].idxmax()].set_index("model")
    for model, cell in zip(("SimpleRNN", "BiLSTM", "GRU"), films.STATED_BEST, strict=True):
        row = best.loc[model]
        assert tuple(map(float, row[["layers", "dropout", "learning_rate", "epochs"]])) == cell[1:]


def outcome(fold, right):
    """A fold of 40 recordings by four speakers; some of each speaker's are taken for what they are."""
    true = np.array(["sad", "happy"] * 20)
    probabilities = np.zeros((1, 40, 2), np.float32)
    for row in range(40):
        is_right = row % 10 < right
        probabilities[0, row, int((true[row] == "sad") == is_right)] = 1
    said = Said(np.array([f"{fold}-{row}" for row in range(40)]), true, probabilities)
    nobody = Said(true[:0], true[:0], probabilities[:, :0])
    return Outcome((5,), np.array(["happy", "sad"]), 100 + fold, 2.0, nobody, said)


def test_folds_are_pooled_and_the_interval_is_over_speakers():
    trainings = experiments.grid(
        network="report_c_model_c", corpus="demo", protocol="published five", fold=[1, 2], epochs=5
    )
    said = {each.key: outcome(each.fold, right) for each, right in zip(trainings, (8, 5), strict=True)}
    people = pd.Series({f"{fold}-{row}": f"s{fold}{row // 10}" for fold in (1, 2) for row in range(40)})
    row = replicating.score(trainings, said, people)
    assert [row["uar"], row["accuracy"]] == pytest.approx([52 / 80] * 2)
    assert (row["n_train"], row["n_test"], row["seconds"], row["fold"]) == (102, 80, 4.0, "pooled")
    # By hand: a resample has k of 8 speakers from the first fold, and scores (8 k + 5 (8 - k)) / 80.
    drawn = np.random.default_rng(1).binomial(8, 0.5, 200_000)
    expected = np.quantile((8 * drawn + 5 * (8 - drawn)) / 80, [0.025, 0.975])
    np.testing.assert_allclose([row["low"], row["high"]], expected, atol=0.02)
    two = replicating.score(
        trainings[:1], said, people.replace({"s10": "a", "s11": "a", "s12": "b", "s13": "b"})
    )
    assert np.isnan(two["low"])
    assert two["fold"] == "1"


@pytest.fixture
def short(monkeypatch):
    """Report C's ladder with one network and few epochs."""
    ladder = ladders.LADDERS["C"]._replace(networks={"report_c_model_c": {"epochs": 2, "batch_size": 32}})
    monkeypatch.setitem(ladders.LADDERS, "C", ladder)
    return ladder


def test_a_report_is_replicated_once_and_its_looks_are_logged(small_ravdess, short, tmp_path, monkeypatch):
    log = tmp_path / "looks.csv"
    settings = {"workers": 1, "progress": False, "log": log}
    done = replication.replicate("C", "ravdess", 1, path=tmp_path / "store.sqlite", **settings)
    assert done.ladder["step"].tolist() == [0, 1, 2, 3]
    assert done.ladder["n_test"].tolist() == [39, 39, 20, 96]
    assert done.grid.empty
    assert experiments.looks(log)["trainings"].sum() == 8
    monkeypatch.setattr(conducting, "train", pytest.fail)
    again = replication.replicate("C", "ravdess", 1, path=tmp_path / "store.sqlite", **settings)
    pd.testing.assert_frame_equal(again.ladder, done.ladder)
    assert experiments.looks(log)["trainings"].sum() == 8


def test_the_first_step_of_report_c_leaks_and_the_last_does_not(small_ravdess, short):
    def audited(step):
        (first, *_) = ladders.described(short, "report_c_model_c", step, "ravdess", 0)
        gathered = material.gather(first)
        fold = splits.Fold(gathered.fit, gathered.test)
        return splits.audit(gathered.features.rows, fold, listen=False)

    for step in short.steps[:-1]:
        with pytest.raises(LeakError, match="shared speaker"):
            audited(step)
    with pytest.raises(LeakError, match="augmented copy"):
        audited(short.steps[0])
    audited(short.steps[-1])


def test_report_cs_ladder_begins_with_song_where_it_is_at_hand(small_ravdess, short):
    rng = np.random.default_rng(0)
    assert ladders.steps("C", "ravdess") == short.steps
    for speech in list(small_ravdess.rglob("03-01-*-01-*.wav")):
        write_tone(speech.with_name(speech.name.replace("03-01", "03-02", 1)), 400, rng)
    longer = ladders.steps("C", "ravdess")
    assert longer[2:] == short.steps
    first, *_ = ladders.described(short, "report_c_model_c", longer[0], "ravdess", 0)
    gathered = material.gather(first)
    n_recordings = 24 * 2 * 2 + 23 * 2 * 2  # RAVDESS's actor 18 does not sing, and no such file is taken
    assert len(gathered.fit) + len(gathered.test) == 2 * n_recordings
    assert set(gathered.features.rows["channel"].iloc[gathered.test]) == {"speech", "song"}


def rows():
    base = {
        "report": "C",
        "network": "report_c_model_b",
        "corpus": "ravdess",
        "seconds": 10.0,
        "n_train": 9,
        "n_test": 3,
    }
    return pd.DataFrame(
        base
        | {
            "step": step,
            "seed": seed,
            "uar": uar + seed / 100,
            "accuracy": uar,
            "low": uar - 0.1,
            "high": uar + 0.1,
        }
        | {
            "change": change,
            "why": f"Because of {change}.",
            "protocol": "p|q",
            "system": "s",
            "command": "c <data>",
        }
        for step, (uar, change) in enumerate([(0.9, "as published"), (0.5, "copies off"), (0.3, "honest")])
        for seed in (0, 1)
    )


def test_the_table_says_claimed_published_and_honest():
    table = page.summary(rows())
    said = table.iloc[0]
    assert said["claimed"] == "1.00"
    assert said["as published (UAR)"] == "0.905 [0.800, 1.000], seeds 0.900 to 0.910"
    assert said["honest (UAR)"] == "0.305 [0.200, 0.400], seeds 0.300 to 0.310"
    assert said["why"] == '-0.400 by "copies off". Because of copies off.'
    assert said["seconds"] == "60"


def test_page_and_text_hold_the_same_figures(tmp_path):
    written = replication.write(rows(), tmp_path / "tables")
    texts = [path.read_text() for path in written]
    for figure in ("0.905 [0.800, 1.000]", "1.00", "0.505", "Because of copies off."):
        assert all(figure in text for text in texts)
    assert "c &lt;data&gt;" in texts[0]
    assert "p\\|q" in texts[1]
    header = next(line for line in texts[1].splitlines() if line.startswith("| report"))
    for line in texts[1].splitlines():
        if line.startswith("| C"):
            assert line.replace("\\|", "").count("|") == header.count("|")


def test_an_unknown_report_is_refused():
    with pytest.raises(UnknownNameError, match="choose one of: A, B, C, D, E"):
        replication.replicate("F")
