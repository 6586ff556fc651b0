"""The course's best network: searched on inner folds, tested once, told as measured results."""

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import ParameterGrid
from typer.testing import CliRunner

from sercourse import baselines, cli, corpora, evaluation, experiments, features, reports, splits, training
from sercourse.errors import ExperimentError, UnknownNameError
from sercourse.evaluation.protocol import OUTER
from sercourse.experiments import Outcome, running
from sercourse.experiments.conducting import Said
from sercourse.reports import best
from sercourse.reports.best import rivals, searching

CLASSES = np.array(["angry", "sad"])
THREE = {"as it is": {}, "wider": {"units": 128}, "dropout .2": {"dropout": 0.2}}


def told(experiment):
    """In place of a training: it says something of every row that would be validated or tested."""
    rows = corpora.load(experiment.corpus)
    fold = OUTER[experiment.protocol].deal(rows, 0)[experiment.fold - 1]
    test = fold.test
    if experiment.normalisation == "enrolment":
        test = np.setdiff1d(test, training.enrolment(rows))
    validation = splits.hold_out(rows, fold.train, seed=experiment.seed)[1] if experiment.inner else []
    rng = np.random.default_rng([experiment.seed, experiment.fold, *experiment.key.encode()])
    said = []
    for side in (np.asarray(validation, int), test):
        true = rows["emotion"].to_numpy(str)[side]
        sure = rng.uniform(0.2, 0.9, len(side))
        probabilities = np.where(true[:, None] == CLASSES, sure[:, None], 1 - sure[:, None])
        recordings = rows["recording_id"].to_numpy(str)[side]
        said.append(Said(recordings, true, probabilities[None].astype("float32")))
    return Outcome(experiment.epochs, CLASSES, len(fold.train) - len(validation), 2.0, *said)


@pytest.fixture
def pretended(babble_home, tmp_path, monkeypatch):
    """A corpus of babble, trainings that cost nothing, and a list of those that were done."""
    monkeypatch.setenv("SERCOURSE_HOME", str(babble_home))
    monkeypatch.delenv("SERCOURSE_DATA", raising=False)
    done = []

    def attempt(experiment):
        done.append(experiment)
        return experiment, told(experiment), None

    monkeypatch.setattr(running, "_attempt", attempt)
    monkeypatch.setattr(running, "_extract", lambda *given: None)
    monkeypatch.setattr(rivals, "RECIPE", "mfcc_mean")
    monkeypatch.setattr(rivals, "GRID", [{"classifier__C": [1e-6, 10]}, {"classifier": [DummyClassifier()]}])
    monkeypatch.setattr(searching, "CANDIDATES", dict(THREE))
    monkeypatch.setattr(searching, "store", lambda: tmp_path / "store.sqlite")
    monkeypatch.setattr(experiments.log, "LOG", tmp_path / "looks.csv")
    return done


def running_with(tmp_path):
    return {"path": tmp_path / "store.sqlite", "workers": 1, "progress": False}


def scores(*rows):
    return pd.DataFrame(rows, columns=["fold", "candidate", "seed", "uar"])


def test_each_fold_takes_what_its_own_held_out_speakers_prefer(monkeypatch):
    """In fold 1 the winner of the first round loses the second; in fold 2 there is a tie."""
    monkeypatch.setattr(searching, "CANDIDATES", {"b": {}, "a": {}, "c": {}, "wide": {}})
    monkeypatch.setattr(searching, "COSTLY", ("wide",))
    found = scores(
        *((1, "a", 0, 0.5), (1, "b", 0, 0.4), (1, "c", 0, 0.3), (1, "wide", 0, 0.9)),
        *((1, "a", 1, 0.3), (1, "b", 1, 0.6)),
        *((2, "a", 0, 0.6), (2, "b", 0, 0.6), (2, "a", 1, 0.5), (2, "b", 1, 0.5), (2, "c", 0, 0.59)),
    )
    assert best.choose(found) == {1: "b", 2: "b"}
    assert best.choose(found[found["seed"] == 0]) == {1: "a", 2: "b"}


def test_every_candidate_can_be_trained():
    """Their names and values are checked when they are described, before hours of work."""
    described = [
        experiments.Experiment(
            network=best.NETWORK,
            corpus="ravdess",
            protocol="published five",
            options=tuple(options.items()),
        )
        for options in best.CANDIDATES.values()
    ]
    assert len({each.key for each in described}) == len(best.CANDIDATES)


def test_the_search_has_two_rounds_on_held_out_speakers_and_goes_on(pretended, tmp_path):
    found = best.search("ravdess", **running_with(tmp_path))
    first, second = (found[found["seed"] == seed] for seed in (0, 1))
    assert (len(first), len(second)) == (3 * 5, 2 * 5)
    assert len(pretended) == len(found)
    assert (found["n_train"] + found["n_validation"] < 24 * 4).all()
    for fold, own in first.groupby("fold"):
        free = own[own["candidate"] != "wider"].sort_values("uar", ascending=False)
        assert set(free["candidate"][:2]) == set(second[second["fold"] == fold]["candidate"])
    for each in pretended:
        said, (name,) = told(each).validation, named(each)
        own = (found["fold"] == each.fold) & (found["seed"] == each.seed) & (found["candidate"] == name)
        (row,) = found[own]["uar"]
        predicted = CLASSES[said.probabilities[0].argmax(axis=1)]
        assert row == pytest.approx(evaluation.uar(said.true, predicted))
    assert not (tmp_path / "looks.csv").exists()
    assert best.search("ravdess", **running_with(tmp_path))["uar"].equals(found["uar"])
    assert len(pretended) == len(found)


def named(experiment):
    options = dict(experiment.options)
    return [name for name, own in searching.CANDIDATES.items() if own == options]


def seed_of(item):
    return item[0].seed


def test_the_final_test_pools_folds_and_puts_networks_together(pretended, tmp_path):
    log = tmp_path / "own.csv"
    scores, pairs = best.final("ravdess", best.untouched("ravdess"), 2, log=log, **running_with(tmp_path))
    assert experiments.log.looks(log)["trainings"].sum() == len(pretended) == 5 * 2
    assert len(scores) == 6 * 6
    together, fused = best.TOGETHER.format(2), best.FUSED.format(2)
    pooled = scores[scores["fold"] == "pooled"].set_index(["system", "seed"])
    systems = [
        (best.PLAIN, 0),
        (best.CHOSEN, 0),
        (best.SINGLE, 0),
        (best.SINGLE, 1),
        (together, 0),
        (fused, 0),
    ]
    assert list(pooled.index) == systems
    assert (pooled["n_test"] == 96).all()
    assert ((pooled["low"] <= pooled["uar"]) & (pooled["uar"] <= pooled["high"])).all()

    kept = {each: told(each).test for each in pretended}
    mean, single = [], []
    for fold in range(1, 6):
        two = [said for each, said in sorted(kept.items(), key=seed_of) if each.fold == fold]
        mean.append(CLASSES[np.mean([said.probabilities[0] for said in two], axis=0).argmax(axis=1)])
        own = (CLASSES[said.probabilities[0].argmax(axis=1)] for said in two)
        single.append((two[0].true, two[0].recording, *own))
    true, recordings, first, alone = map(np.concatenate, zip(*single, strict=True))
    assert pooled.loc[(best.SINGLE, 1), "uar"] == pytest.approx(evaluation.uar(true, alone))
    assert pooled.loc[(together, 0), "uar"] == pytest.approx(evaluation.uar(true, np.concatenate(mean)))

    extracted = features.extract(corpora.load("ravdess"), features.recipe("mfcc_mean"), progress=False)
    folds = splits.published_five(extracted.rows)
    rival = training.cross_predict(baselines.svm(), extracted, folds, progress=False)
    theirs = pd.Series(rival.predicted, extracted.rows["recording_id"].to_numpy(str)[rival.rows])[recordings]
    assert pooled.loc[(best.PLAIN, 0), "uar"] == pytest.approx(evaluation.uar(true, theirs))

    assert len(pairs) == 5 * 4 / 2
    names = list(dict(systems))
    for row in pairs.itertuples():
        assert names.index(row.other) < names.index(row.system)
        assert row.seeds == (2 if best.SINGLE in (row.system, row.other) else 1)
        uar = [pooled.loc[name, "uar"].mean() for name in (row.system, row.other)]
        assert row.difference == pytest.approx(uar[0] - uar[1])
        assert row.low <= row.difference <= row.high
    speaker = corpora.load("ravdess").set_index("recording_id")["speaker"][recordings].to_numpy(str)
    both_seeds = np.concatenate([first, alone])
    twice = {
        name: np.tile(each, 2) for name, each in (("true", true), ("other", theirs), ("speakers", speaker))
    }
    flip = evaluation.paired_permutation(predicted=both_seeds, **twice)
    found = pairs.query("system == @best.SINGLE and other == @best.PLAIN").iloc[0]
    assert (found["difference"], found["p"]) == pytest.approx((flip.difference, flip.p))
    adjusted = best.compared(pairs)
    assert (adjusted["holm"] == evaluation.holm(adjusted["p"])).all()

    in_short = best.summary(scores).loc["none"]
    assert list(in_short.index) == list(dict(systems))
    both = pooled.loc[best.SINGLE]
    assert in_short.loc[best.SINGLE, "uar"] == pytest.approx(both["uar"].mean())
    assert in_short.loc[best.SINGLE, ["highest", "seeds"]].tolist() == pytest.approx([both["uar"].max(), 2])
    folds = scores[(scores["system"] == best.SINGLE) & (scores["fold"] != "pooled")]
    assert in_short.loc[best.SINGLE, "mean over folds"] == pytest.approx(folds["uar"].mean())


def test_the_chosen_rival_is_chosen_on_training_speakers_alone(pretended, monkeypatch):
    """Each fold's folds are made of its training rows, and what is chosen is what a plain search chooses."""
    extracted = features.extract(corpora.load("ravdess"), features.recipe("mfcc_mean"), progress=False)
    made = []

    def ask(x, emotions, fold, inner, choosing, grid, workers):
        made.append((fold, choosing))
        return own(x, emotions, fold, inner, choosing, grid, workers)

    own = rivals._ask
    monkeypatch.setattr(rivals, "_ask", ask)
    found = rivals.rivals("ravdess", extracted, "none", workers=1, progress=False)
    emotions, speakers = (extracted.rows[column].to_numpy(str) for column in ("emotion", "speaker"))
    folds = splits.published_five(extracted.rows)
    assert len(made) == len(folds)
    for number, fold in enumerate(folds, start=1):
        asked, choosing = made[number - 1]
        assert asked.test.tolist() == fold.test.tolist()
        assert sorted(np.concatenate([each.test for each in choosing])) == sorted(fold.train)
        assert all(not set(speakers[each.train]) & set(speakers[each.test]) for each in choosing)
        assert all(set(each.train) <= set(fold.train) for each in choosing)
        means = {}
        for c in (1e-6, 10):
            svm = baselines.svm().set_params(classifier__C=c)
            parts = training.predict_folds(svm, extracted, choosing, progress=False)
            means[c] = np.mean([evaluation.uar(emotions[each.rows], each.predicted) for each in parts])
        assert means[10] > means[1e-6]
        assert found[number].taken == "SVC(C=10)"
        assert found[number].n_train == len(fold.train)


def test_everything_that_a_rival_may_choose_can_be_built():
    """Before hours of training, and not after them."""
    every = list(ParameterGrid(rivals.GRID))
    described = {repr(clone(baselines.svm()).set_params(**clone(each, safe=False))) for each in every}
    assert len(described) == len(every) == 10


def test_what_rivals_said_is_kept(pretended, monkeypatch):
    extracted = features.extract(corpora.load("ravdess"), features.recipe("mfcc_mean"), progress=False)
    first = rivals.rivals("ravdess", extracted, "transductive", workers=1, progress=False)
    monkeypatch.setattr(rivals.baselines, "svm", None)
    again = rivals.rivals("ravdess", extracted, "transductive", workers=2, progress=False)
    for fold in first:
        assert first[fold].taken == again[fold].taken
        assert all(
            first[fold].predicted[each].equals(again[fold].predicted[each]) for each in first[fold].predicted
        )


def test_normalisations_are_tested_one_after_the_other(pretended, tmp_path):
    ways = ("none", "transductive")
    scores, pairs = best.final(
        "ravdess", {1: "as it is"}, 1, (*ways, "none"), log=tmp_path / "own.csv", **running_with(tmp_path)
    )
    assert {each.normalisation for each in pretended} == set(ways)
    for table in (scores, pairs):
        assert list(table["normalisation"].unique()) == list(ways)
        assert table["command"].str.endswith("--normalisation none --normalisation transductive").all()
    systems = scores["system"].unique()
    assert list(best.summary(scores).index) == list(itertools.product(ways, systems))
    plain = scores.query("system == @best.PLAIN and fold == '1'").set_index("normalisation")["uar"]
    extracted = features.extract(corpora.load("ravdess"), features.recipe("mfcc_mean"), progress=False)
    for how in ways:
        own = training.normalise_speakers(extracted, how)
        fold = splits.published_five(own.rows)[0]
        said = training.cross_predict(baselines.svm(), own, [fold], progress=False)
        true = own.rows["emotion"].to_numpy(str)[fold.test]
        assert plain[how] == pytest.approx(evaluation.uar(true, said.predicted))


def test_a_normalisation_that_does_not_exist_is_named_before_anything_is_trained(pretended, tmp_path):
    with pytest.raises(UnknownNameError, match="by_room"):
        best.final("ravdess", {1: "as it is"}, 1, ["by_room"], **running_with(tmp_path))
    assert not pretended


def test_network_and_svm_count_alike(pretended, tmp_path):
    rows, _ = best.final("ravdess", {1: "as it is"}, 1, **running_with(tmp_path), log=tmp_path / "own.csv")
    (network,) = (told(each).test for each in pretended)
    extracted = features.extract(corpora.load("ravdess"), features.recipe("mfcc_mean"), progress=False)
    fold = splits.published_five(extracted.rows)[0]
    by_speaker = [*splits.inner(extracted.rows, fold.train, n_folds=3)]
    svm = training.cross_predict(
        baselines.calibrated(baselines.svm(), by_speaker), extracted, [fold], progress=False
    )
    curved = pd.DataFrame(svm.probabilities, extracted.rows["recording_id"].iloc[fold.test], svm.classes)
    mean = network.probabilities[0] + curved.loc[network.recording, CLASSES].to_numpy()
    uar = evaluation.uar(network.true, CLASSES[mean.argmax(axis=1)])
    assert rows[(rows["system"] == best.FUSED.format(1)) & (rows["fold"] == "1")][
        "uar"
    ].item() == pytest.approx(uar)


def test_recordings_by_which_speakers_enrol_are_not_tested(pretended, tmp_path, monkeypatch):
    enrol = training.enrolment
    monkeypatch.setattr(training, "enrolment", lambda rows: enrol(rows, 1, "sad"))
    rows, _ = best.final(
        "ravdess", {2: "as it is"}, 1, ["enrolment"], log=tmp_path / "own.csv", **running_with(tmp_path)
    )
    assert set(rows["n_test"]) == {5 * 3}
    assert set(rows["normalisation"]) == {"enrolment"}
    assert all(each.normalisation == "enrolment" for each in pretended)


def test_other_corpora_leave_one_speaker_out_and_nothing_is_searched(pretended, tmp_path, monkeypatch):
    manifest = corpora.load("ravdess")
    two = manifest[manifest["speaker"].isin(manifest["speaker"].unique()[:2])].reset_index(drop=True)
    monkeypatch.setattr(corpora, "load", lambda corpus, **given: two)
    assert not best.searched("ravdess")
    chosen = best.untouched("ravdess")
    assert chosen == {1: "as it is", 2: "as it is"}
    rows, pairs = best.final("ravdess", chosen, 1, log=tmp_path / "own.csv", **running_with(tmp_path))
    outer = OUTER["leave one speaker out"].words
    assert set(rows["protocol"]) == {outer, f"{outer}, selected on three folds of the training recordings"}
    assert rows[["low", "high"]].isna().all(axis=None)
    assert pairs[["low", "high", "p"]].isna().all(axis=None)
    assert pairs["difference"].notna().all()
    assert best.compared(pairs)[["p", "holm"]].isna().all(axis=None)
    assert (rows.query("fold == 'pooled'")["n_test"] == len(two)).all()


def test_a_training_that_fails_is_named(pretended, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "_attempt", lambda experiment: (experiment, None, "MemoryError: too much"))
    with pytest.raises(ExperimentError, match=r"15 training.* failed, the first: MemoryError: too much"):
        best.search("ravdess", **running_with(tmp_path))


def test_the_command_searches_and_looks_only_if_asked(pretended, tmp_path):
    words = [
        "best",
        "--corpus",
        "ravdess",
        "--seeds",
        "1",
        "--workers",
        "1",
        "--output",
        str(tmp_path / "out"),
    ]
    said = CliRunner().invoke(cli.app, words)
    assert said.exit_code == 0, said.output
    assert "fold 5 takes" in said.output
    assert best.SINGLE not in said.output
    assert not (tmp_path / "out" / "course_best.csv").exists()
    found = reports.read(tmp_path / "out" / "course_best_search.csv", reports.shape("course_best_search"))
    assert len(found) == 3 * 5 + 2 * 5
    said = CliRunner().invoke(cli.app, [*words, "--final"])
    assert best.SINGLE in said.output
    assert experiments.looks()["trainings"].sum() == 5
    rows = reports.read(tmp_path / "out" / "course_best.csv", reports.shape("course_best"))
    assert len(rows) == 5 * 6
    pairs = reports.read(tmp_path / "out" / "course_best_pairs.csv", reports.shape("course_best_pairs"))
    assert len(pairs) == 5 * 4 / 2


def test_the_shipped_tables_belong_together():
    """Each network that was tested is in the log of looks, and the folds put together are the pooled rows."""
    search, tested = (reports.measured(name) for name in ("course_best_search", "course_best"))
    assert set(best.choose(search)) == {1, 2, 3, 4, 5}
    assert set(best.choose(search).values()) <= set(best.CANDIDATES) - set(searching.COSTLY)
    by_fold = tested[tested["fold"] != "pooled"]
    networks_tested = by_fold[by_fold["system"] == best.SINGLE]
    looked = experiments.looks().query("network == @best.NETWORK and corpus == 'ravdess'")["trainings"].sum()
    assert looked == len(networks_tested)
    keys = ["normalisation", "system", "seed"]
    pooled = tested[tested["fold"] == "pooled"].set_index(keys)
    ways = set(tested["normalisation"])
    pairs = reports.measured("course_best_pairs")
    assert set(pairs["normalisation"]) == ways
    systems = tested["system"].unique()
    assert (pairs.groupby("normalisation").size() == len(systems) * (len(systems) - 1) / 2).all()
    assert (pairs["low"] <= pairs["difference"]).all()
    assert (pairs["difference"] <= pairs["high"]).all()
    uar = pooled.groupby(["normalisation", "system"])["uar"].mean()
    one, other = (
        uar[pairs.set_index(["normalisation", each]).index].to_numpy() for each in ("system", "other")
    )
    np.testing.assert_allclose(pairs["difference"], one - other, atol=1e-5)
    right = (by_fold["accuracy"] * by_fold["n_test"]).groupby([by_fold[key] for key in keys]).sum()
    np.testing.assert_allclose(right[pooled.index] / pooled["n_test"], pooled["accuracy"], atol=1e-5)
