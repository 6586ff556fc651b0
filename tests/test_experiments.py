"""Experiments: what is described, what is done and what is not done again, what is shown."""

import functools
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from experiments_told import TRUE, attempt, cells, told
from sklearn.metrics import accuracy_score, balanced_accuracy_score

from sercourse import experiments, splits, training
from sercourse.corpora import CORPORA
from sercourse.errors import ExperimentError, LeakError, SercourseError, UnknownNameError
from sercourse.experiments import Experiment, conducting, running
from sercourse.experiments.material import gather
from sercourse.splits import Fold


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store.sqlite"


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Run made-up trainings in this process; give the list of those that were done."""
    done = []

    def counted(experiment):
        done.append(experiment)
        return attempt(experiment)

    monkeypatch.setattr(running, "_attempt", counted)
    monkeypatch.setattr(running, "_extract", lambda *given: None)
    return done


def run(asked, store, **options):
    return experiments.run(asked, store, workers=1, progress=False, **options)


# Descriptions


def test_a_grid_has_all_combinations_and_the_last_setting_changes_fastest():
    made = cells(
        network="report_a_gru", n_layers=[4, 6], dropout=[0, 0.1], learning_rate=[0.01], epochs=[50, 20]
    )
    assert [dict(each.options) for each in made] == [
        {"n_layers": 4, "dropout": 0.0},
        {"n_layers": 4, "dropout": 0.1},
        {"n_layers": 6, "dropout": 0.0},
        {"n_layers": 6, "dropout": 0.1},
    ]
    assert {each.epochs for each in made} == {(20, 50)}
    assert {each.learning_rate for each in made} == {0.01}
    assert len({each.key for each in made}) == 4


def test_the_key_stays_what_it_is_in_stores_that_are_there():
    """Written down when the room was new; a store of hours of work has them."""
    assert Experiment("report_a_gru", "demo", "random four", epochs=(20, 50)).key == "05ba12a9a3de192b"
    options = {"n_layers": 4, "dropout": 0.0, "units": 32}
    settings = {"protocol": "random four", "inner": "recordings held out", "learning_rate": 0.001}
    (cell,) = experiments.grid(network="report_a_gru", corpus="ravdess", **settings, **options)
    assert cell.key == "3ea9ac4bdf794ec1"


def test_the_key_is_that_of_the_training_not_of_how_it_is_written():
    plain = Experiment(
        "crnn", "demo", "random four", clip_norm=1.0, options=(("filters", (8, 16)), ("units", 8))
    )
    other = Experiment(
        "crnn",
        "demo",
        "random four",
        fold=np.int64(1),
        epochs=range(1, 4),
        learning_rate=np.float64(0.001),
        clip_norm=1,
        options={"units": np.int32(8), "filters": [8, 16]},
    )
    assert plain.key == other.key
    assert hash(plain) != hash(other)  # other epochs
    assert other.epochs == (1, 2, 3)


def test_where_the_best_epoch_is_looked_for_the_most_epochs_are_part_of_the_training():
    short, long = (Experiment("crnn", "demo", "random four", stop="test", epochs=most) for most in (20, 50))
    assert short.key != long.key
    assert running.merged([short, long]) == [short, long]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"network": "report_z"}, "no network is called 'report_z'; choose one of: "),
        ({"corpus": "films"}, "no corpus is called 'films'"),
        ({"protocol": "random"}, "no way to make outer folds is called 'random'.*random five"),
        ({"inner": "speakers"}, "no way to make inner folds is called 'speakers'.*speakers held out"),
        ({"stop": "training"}, "no rows to stop by is called 'training'"),
        ({"copies": "twins"}, "no kind of copies is called 'twins'.*exact twins"),
        ({"dealt": "anyhow"}, "no way to deal copies is called 'anyhow'"),
        ({"scaled": "test"}, "no rows to scale by is called 'test'"),
        ({"normalisation": "speaker"}, "no way to normalise speakers is called 'speaker'.*transductive"),
        ({"fold": 0}, "fold is 0; give a whole number from 1"),
        ({"seed": -1}, "seed is -1; give a whole number from 0"),
        ({"batch_size": 1.5}, "batch_size is 1.5; give a whole number from 1"),
        ({"epochs": 0}, r"epochs are \(0,\); give one or more"),
        ({"epochs": "20"}, r"epochs are \('20',\); give one or more"),
        ({"epochs": []}, r"epochs are \(\); give one or more"),
        ({"learning_rate": 0}, "learning_rate is 0; give a number above 0"),
        ({"learning_rate": "fast"}, "learning_rate is 'fast'; give a number above 0"),
        ({"learning_rate": None}, "learning_rate is None; give a number above 0"),
        ({"clip_norm": float("nan")}, "clip_norm is nan; give a number above 0"),
        (
            {"stop": "test", "epochs": [1, 2]},
            r"stop is 'test', which scores one epoch, and epochs are \(1, 2\)",
        ),
        ({"stop": "validation"}, "stop is 'validation', and inner says nothing"),
        ({"network": "report_a_gru", "cell": "lstm"}, "report_a_gru fixes cell; choose another network"),
        ({"seed": []}, "seed has no values; give one, or a list of some"),
        ({"units": 8}, "units is no setting, and no option of report_c_model_b; it has none"),
        ({"network": "crnn", "layers": 8}, "layers is no setting.*it has dropout, filters, units"),
        (
            {"network": "report_a_gru", "learning_rates": 1},
            "learning_rates is no.*did you mean learning_rate?",
        ),
        ({"network": "report_a_gru", "steps": 1}, "steps is no setting, and no option of report_a_gru"),
    ],
)
def test_what_cannot_be_is_named(settings, words):
    with pytest.raises((ExperimentError, UnknownNameError), match=words):
        cells(**settings)


def test_a_size_that_a_network_only_proposes_may_be_changed():
    assert cells(network="report_e_lstm", units=[64])[0].columns["units"] == 64


def test_a_grid_is_read_from_toml_and_what_is_wrong_names_the_file(tmp_path):
    file = tmp_path / "grid.toml"
    file.write_text(
        'network = "crnn"\ncorpus = "demo"\nprotocol = "random four"\nseed = [0, 1]\ndropout = [0, 0.5]'
    )
    made = experiments.grid(
        network="crnn", corpus="demo", protocol="random four", seed=[0, 1], dropout=[0.0, 0.5]
    )
    assert experiments.read(file) == made
    for text, words in [
        ("network = report_a_gru", "this is no TOML"),
        ('network = "crnn"', "corpus, protocol is missing; add a line"),
        ('network = "crnm"\ncorpus = "demo"\nprotocol = "random four"', "no network is called 'crnm'"),
        ('network = "crnn"\ncorpus = "demo"\nprotocol = "random four"\nseeds = 3', "did you mean seed?"),
    ]:
        file.write_text(text)
        with pytest.raises(ExperimentError, match=rf"grid\.toml: .*{words}"):
            experiments.read(file)


def test_results_are_read_without_a_backend(store):
    code = (
        "import sys\n"
        "from experiments_told import cells, told\n"
        "from sercourse import experiments\n"
        "store = experiments.Store(sys.argv[1])\n"
        "for each in cells(network='report_a_gru', units=[8]): store.add(each, told(each))\n"
        "print(len(experiments.results(sys.argv[1])), 'keras' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT / "tests")
    assert done.stdout.split() == ["1", "False"]


# What is done, and what is not done again


def test_what_the_store_has_is_not_done_again(quick, store):
    first = run(cells(seed=[0, 1]), store)
    second = run(cells(seed=[0, 1, 2]), store)
    assert [each.seed for each in quick] == [0, 1, 2]
    pd.testing.assert_frame_equal(second.head(2), first)
    assert second["seed"].tolist() == [0, 1, 2]


def test_some_of_the_epochs_that_are_there_cost_nothing(quick, store):
    run(cells(epochs=[2, 3, 5]), store)
    table = run(cells(epochs=[5, 2]), store)
    assert len(quick) == 1
    assert table["epoch"].tolist() == [2, 5]


def test_more_epochs_are_trained_and_the_old_ones_kept(quick, store):
    run(cells(epochs=[2, 5]), store)
    table = run(cells(epochs=[3, 8]), store)
    assert [each.epochs for each in quick] == [(2, 5), (2, 3, 5, 8)]
    assert table["epoch"].tolist() == [3, 8]
    assert experiments.results(store)["epoch"].tolist() == [2, 3, 5, 8]
    run(cells(epochs=[2, 5]), store)
    assert len(quick) == 2


def test_those_that_differ_in_epochs_only_are_one_training(quick, store):
    table = run(cells(epochs=2) + cells(epochs=4), store)
    assert [each.epochs for each in quick] == [(2, 4)]
    assert table["epoch"].tolist() == [2, 4]


def test_a_failure_is_kept_and_shown_and_tried_again_when_asked(quick, store, monkeypatch):
    table = run(cells(seed=[7, 8]), store).set_index("seed")
    assert table["state"].to_dict() == {7: "failed", 8: "done"}
    assert table.loc[7, "error"] == "ValueError: seven"
    assert pd.isna(table.loc[7, "validation_uar"])
    run(cells(seed=[7, 8]), store)
    assert [each.seed for each in quick] == [7, 8]
    run(cells(seed=[7, 8]), store, again=True)
    assert [each.seed for each in quick] == [7, 8, 7]
    monkeypatch.setattr(running, "_attempt", lambda each: (each, told(each), None))
    table = run(cells(seed=[7, 8]), store, again=True)
    assert table["state"].tolist() == ["done", "done"]
    assert table["error"].isna().all()


def test_a_longer_training_that_fails_leaves_the_shorter_ones_scores(quick, store, monkeypatch):
    run(cells(epochs=2), store)
    monkeypatch.setattr(running, "_attempt", lambda each: (each, None, "ValueError: too long"))
    table = run(cells(epochs=[2, 9]), store)
    assert table["state"].tolist() == ["done", "failed"]
    assert table["epoch"].tolist() == [2, pd.NA]
    assert table["error"].tolist() == [pd.NA, "ValueError: too long"]
    assert experiments.predictions(store, *cells(epochs=2)).true.tolist() == TRUE.tolist()
    with pytest.raises(ExperimentError, match=r"store\.sqlite has no outcome of Experiment.*run it first"):
        experiments.predictions(store, *cells(epochs=9))


def test_what_a_training_raises_is_kept_with_its_kind(store, small_ravdess):
    table = run(cells(fold=9), store)
    assert table["error"].tolist() == ["ExperimentError: fold is 9, and there are 4; count from 1"]


def test_the_table_has_its_rows_in_the_order_that_was_asked_for(quick, store):
    run(cells(seed=[3, 1]), store)
    assert run(cells(seed=[2, 1, 3]), store)["seed"].tolist() == [2, 1, 3]


def test_the_summary_says_once_what_all_share_and_names_what_failed(quick, store):
    text = experiments.summary(run(cells(seed=[7, 8], batch_size=[16, 32]), store)).splitlines()
    assert text[0].startswith("network report_c_model_b, corpus ravdess, protocol random four, fold 1, ")
    assert text[1].split()[:2] == ["seed", "batch_size"]
    assert text[-3:-1] == [
        "failed: seed 7, batch_size 16: ValueError: seven",
        "failed: seed 7, batch_size 32: ValueError: seven",
    ]
    assert text[-1] == "2 rows of scores; 2 trainings failed"


# Test rows


def test_test_rows_are_shown_and_the_look_logged_once_when_it_is_final(quick, store, tmp_path):
    log = tmp_path / "looks.csv"
    asked = cells(seed=[0, 1, 7], fold=[1, 2])
    assert not [name for name in run(asked, store, log=log) if "test" in name]
    assert not log.exists()
    for _ in range(2):
        table = run(asked, store, final=True, log=log)
        assert table["test_uar"].notna().tolist() == (table["state"] == "done").tolist()
    found = experiments.looks(log)
    assert found[["corpus", "protocol", "fold", "network", "trainings"]].to_numpy().tolist() == [
        ["ravdess", "random four", 1, "report_c_model_b", 2],
        ["ravdess", "random four", 2, "report_c_model_b", 2],
    ]
    experiments.predictions(store, asked[0], "test", log=log)
    assert len(experiments.looks(log)) == 2
    run(cells(seed=3), store, final=True, log=log)
    assert experiments.looks(log)["trainings"].tolist() == [2, 2, 1]


def test_predictions_of_test_rows_are_a_look_too_and_those_of_validation_are_none(quick, store, tmp_path):
    log = tmp_path / "looks.csv"
    run(cells(seed=[0, 1]), store)
    experiments.predictions(store, cells()[0], log=log)
    assert not log.exists()
    experiments.predictions(store, cells()[0], "test", log=log)
    assert experiments.looks(log)["trainings"].tolist() == [1]
    assert set(experiments.outcomes(store, cells(seed=[0, 1, 2]), log=log)) == {
        each.key for each in cells(seed=[0, 1])
    }
    assert experiments.looks(log)["trainings"].tolist() == [1, 1]


def test_nobody_logs_a_look_at_synthetic_speech(quick, store, tmp_path):
    table = run(cells(corpus="demo"), store, final=True, log=tmp_path / "looks.csv")
    assert "test_uar" in table
    assert CORPORA["demo"].synthetic
    assert not (tmp_path / "looks.csv").exists()


def test_a_look_that_cannot_be_logged_shows_nothing_and_counts_as_none(quick, store, tmp_path):
    with pytest.raises(ExperimentError, match="so this look at test rows cannot be noted; name another log"):
        run(cells(), store, final=True, log=tmp_path / "nowhere" / "looks.csv")
    run(cells(), store, final=True, log=tmp_path / "looks.csv")
    assert experiments.looks(tmp_path / "looks.csv")["trainings"].tolist() == [1]


# Trainings


def test_a_long_training_holds_the_short_one_and_scores_are_scikit_learns(small_ravdess, store, tmp_path):
    cell, log = {"inner": "recordings held out", "batch_size": 16, "seed": 1}, tmp_path / "looks.csv"
    long = run(cells(epochs=[20, 50], **cell), store, final=True, log=log)
    run(cells(epochs=20, **cell), tmp_path / "other.sqlite")
    (asked,) = cells(epochs=20, **cell)
    (short,) = experiments.outcomes(tmp_path / "other.sqlite", [asked], log=log).values()
    row = long.set_index("epoch").loc[20]
    for side, said in (("validation", short.validation), ("test", short.test)):
        kept = experiments.predictions(store, asked, side, log=log)
        np.testing.assert_allclose(kept.probabilities, said.probabilities[0], atol=1e-5)
        predicted = short.classes[said.probabilities[0].argmax(axis=1)]
        assert row[f"{side}_uar"] == pytest.approx(balanced_accuracy_score(said.true, predicted))
        assert row[f"{side}_accuracy"] == pytest.approx(accuracy_score(said.true, predicted))
        assert row[f"{side}_largest_share"] == pd.Series(predicted).value_counts(normalize=True).max()
        assert row[f"n_{side}"] == len(said.true)
    assert long["n_train"].tolist() == [96 - len(short.validation.true) - 24] * 2
    assert len(set(kept.probabilities[:, 0].tolist())) > 1


def test_the_rows_scored_are_those_of_the_fold_with_their_own_emotions(small_ravdess, store, tmp_path):
    """A name says emotion and actor; actors 2, 5, 14, 15, 16 are the first published fold."""
    (cell,) = cells(protocol="published five", epochs=1)
    run([cell], store)
    said = experiments.predictions(store, cell, "test", log=tmp_path / "looks.csv")
    fields = [name.split("-") for name in said.recording]
    assert sorted({int(each[-1]) for each in fields}) == [2, 5, 14, 15, 16]
    words = {"04": "sad", "05": "angry"}
    emotions = [next(words[field] for field in each if field in words) for each in fields]
    assert said.true.tolist() == emotions
    assert len(said.true) == 20


@pytest.mark.parametrize(("stop", "best"), [("validation", 2), ("test", 4)])
def test_the_best_epoch_is_that_of_the_rows_that_are_named(small_ravdess, monkeypatch, stop, best):
    """Validation rows are all right after epochs 2 and 3, test rows after 4; else all are wrong."""
    (cell,) = cells(inner="recordings held out", stop=stop, epochs=5)
    material = gather(cell)
    classes = np.array(["sad", "angry"])
    rows = np.concatenate([material.validation, material.test])
    is_test = np.arange(len(rows)) >= len(material.validation)
    right = np.array([np.where(is_test, epoch == 4, epoch in (2, 3)) for epoch in range(1, 6)])
    true = material.features.rows["emotion"].to_numpy(str)[rows]
    probabilities = ((true[:, None] == classes) == right[..., None]).astype("float32")
    given = {}

    def pretended(*rest, at, **options):
        given["at"] = list(at)
        return training.Trained(probabilities, tuple(at), classes, pd.DataFrame(), splits.Used())

    monkeypatch.setattr(training, "train_and_predict", pretended)
    outcome = experiments.conduct(cell)
    assert given["at"] == [1, 2, 3, 4, 5]
    assert outcome.epochs == (best,)
    kept = np.concatenate([outcome.validation.probabilities[0], outcome.test.probabilities[0]])
    np.testing.assert_array_equal(kept, probabilities[best - 1])


def leaks(train=True, **settings):
    """What the auditor finds in one experiment: in its rows, and in the record of its training."""
    (cell,) = cells(epochs=1, **settings)
    material = gather(cell)
    used = conducting.train(cell, material).used if train else None
    fold = Fold(np.concatenate([material.fit, material.validation]), material.test)
    try:
        splits.audit(material.features.rows, fold, used, disjoint=(), listen=False)
    except LeakError as error:
        return set(error.findings.query("grade == 'problem'")["finding"])
    return set()


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"scaled": "all"}, {"test rows used to scale"}),
        ({"stop": "test"}, {"test rows used to stop"}),
        ({"stop": "validation", "inner": "recordings held out"}, set()),
    ],
)
def test_the_auditor_sees_what_the_test_rows_were_used_for(small_ravdess, settings, found):
    assert leaks(**settings) == found


def test_speakers_are_normalised_and_who_enrolled_is_not_tested(babble_home, monkeypatch):
    monkeypatch.setenv("SERCOURSE_HOME", str(babble_home))
    monkeypatch.delenv("SERCOURSE_DATA", raising=False)
    sad = functools.partial(training.enrolment, emotion="sad")  # nobody is neutral in babble
    monkeypatch.setattr(training, "enrolment", sad)
    plain, whole, enrolled = (
        gather(cells(normalisation=how)[0]) for how in ("none", "transductive", "enrolment")
    )
    rows = plain.features.rows
    level = pd.Series(whole.features.x[:, 0, 0]).groupby(rows["speaker"]).mean()
    np.testing.assert_allclose(level, 0, atol=1e-5)
    assert np.array_equal(whole.test, plain.test)
    assert set(plain.test) - set(enrolled.test) == set(plain.test) & set(sad(rows))
    assert np.array_equal(enrolled.fit, plain.fit)


@pytest.mark.parametrize(
    ("copies", "dealt", "found"),
    [
        ("none", "together", set()),
        ("exact twins", "apart", {"augmented copy"}),
        ("exact twins", "together", set()),
        ("exact twins", "training", set()),
        ("soundtrack twins", "apart", {"augmented copy"}),
        ("soundtrack twins", "together", set()),
    ],
)
def test_the_auditor_sees_copies_that_are_dealt_apart(small_ravdess, copies, dealt, found):
    assert leaks(train=False, copies=copies, dealt=dealt, inner="recordings held out") == found


def test_copies_stand_where_they_are_dealt(small_ravdess):
    """Of 96 recordings in four folds 72 are trained on and 24 are tested."""
    sizes, tested_copies = {}, {}
    for dealt in ("apart", "together", "training"):
        material = gather(*cells(copies="exact twins", dealt=dealt))
        sizes[dealt] = len(material.fit), len(material.test)
        tested_copies[dealt] = int(material.features.rows["parent"].iloc[material.test].notna().sum())
    assert sizes == {"apart": (144, 48), "together": (144, 48), "training": (144, 24)}
    assert 0 < tested_copies["apart"] < 48
    assert (tested_copies["together"], tested_copies["training"]) == (24, 0)


def test_an_experiment_that_cannot_be_done_says_why(home):
    with pytest.raises(SercourseError, match="corpus ravdess not found"):
        experiments.conduct(*cells())
