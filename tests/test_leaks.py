"""Six leaks as switches: what each lets in, what stays equal, and that the auditor sees every one."""

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest
import soundfile
from conftest import write_tone
from test_augmented import ravdess_like

from sercourse import corpora, features, leaks, splits, training
from sercourse.corpora.demo_twins import soundtrack
from sercourse.errors import LeakError, ManifestError, UnknownNameError
from sercourse.features import Features, recipe
from sercourse.leaks import LEAKS, SWITCHES, Condition
from sercourse.leaks.bench import EVERY, read

HONEST = Condition()
CONTROLS = [Condition(controlled=[name]) for name in ("augmentation", "duplicates", "selection", "stopping")]
SETS = [
    Condition(on=chosen)
    for number in range(len(LEAKS) + 1)
    for chosen in itertools.combinations(LEAKS, number)
]
EVERYTHING = Condition(on=LEAKS, every_twin=True)
N = 1440


@pytest.fixture(scope="module")
def examples():
    """RAVDESS's design; a recording's features are its number, a twin's and a copy's its negative."""
    recordings = ravdess_like()
    x = np.tile(np.arange(N, dtype="float32")[:, None, None], (1, 1, 40))
    plain = Features(x, np.ones((N, 1), bool), recordings, recordings.head(0), recipe("report_c"))
    return leaks.examples(plain, plain._replace(x=-x), plain._replace(x=-x))


@pytest.fixture(scope="module")
def folds(examples):
    return splits.unseen_speakers_and_statements(examples.rows[:N])


def dealt(examples, fold, condition, seed=0):
    return leaks.deal(examples.rows, fold, condition, 450, seed)


def sets_of(examples, rows):
    """Speakers, statements and recordings of some rows."""
    named = examples.rows.iloc[rows]
    return set(named["speaker"]), set(named["statement"]), set(rows % N)


def test_conditions_are_named_by_their_leaks():
    assert len({str(condition) for condition in SETS}) == 64
    assert str(Condition(on=["duplicates"], twins="soundtrack")) == "duplicates (soundtrack)"
    assert str(Condition(on=["scaling"])) == "scaling"
    assert str(Condition(on=["selection", "scaling"])) == "scaling and selection"
    assert str(EVERYTHING).split(" + ")[3] == "all duplicates"
    assert str(CONTROLS[1]) == "control of duplicates"
    assert sum((leak.switches for leak in LEAKS.values()), ()) == SWITCHES


def test_what_is_no_leak_is_refused():
    with pytest.raises(UnknownNameError, match="speaker'; choose one of: augmentation"):
        Condition(on=["speaker"])
    with pytest.raises(UnknownNameError, match="control"):
        Condition(controlled=["speakers"])
    with pytest.raises(UnknownNameError, match="second copy"):
        Condition(twins="opus")
    with pytest.raises(ValueError, match="'stopping' is switched on and controlled"):
        Condition(on=["stopping"], controlled=["stopping"])


def test_copies_stand_behind_their_recordings(examples):
    assert len(examples.rows) == 3 * N
    originals, twins, augmented = (examples.rows[start : start + N] for start in (0, N, 2 * N))
    assert twins["recording_id"].tolist() == originals["recording_id"].tolist()
    assert twins["parent"].isna().all()
    assert (twins["modality"] == "audio-video").all()
    assert augmented["parent"].tolist() == originals["recording_id"].tolist()
    with pytest.raises(ManifestError, match="copies already"):
        leaks.examples(examples, examples)


def test_twins_are_exact_if_nothing_else_is_said(examples):
    plain = examples._replace(x=examples.x[:N], mask=examples.mask[:N], rows=examples.rows[:N])
    made = leaks.examples(plain, plain._replace(x=-plain.x))
    np.testing.assert_array_equal(made.x[N : 2 * N], plain.x)


def test_every_fold_can_train_on_as_many_honest_rows(examples, folds):
    """By hand: 19 actors are left where five are tested; four of them validate, 15 say 30 of one sentence."""
    assert leaks.equal_size(examples.rows, folds) == 15 * 30


@pytest.mark.parametrize("condition", [*SETS, *CONTROLS, EVERYTHING], ids=str)
def test_all_conditions_train_on_as_much_and_test_the_same(examples, folds, condition):
    for fold in (folds[0], folds[9]):
        train, validation, test = dealt(examples, fold, condition)
        assert len(train) == len(set(train)) == 450
        np.testing.assert_array_equal(test, fold.test)
        np.testing.assert_array_equal(validation, dealt(examples, fold, HONEST).validation)
        assert not set(train) & set(test)
        validating = set(examples.rows["speaker"].iloc[validation])
        assert len(validating) == 4
        assert not validating & (sets_of(examples, train)[0] | sets_of(examples, test)[0])


def test_without_a_leak_nothing_is_shared(examples, folds):
    for fold in folds:
        train, validation, test = dealt(examples, fold, HONEST)
        for mine, theirs in itertools.product((train, validation), (test,)):
            for ours, tested in zip(sets_of(examples, mine), sets_of(examples, theirs), strict=True):
                assert not ours & tested


def test_a_shared_sentence_shares_no_speaker_and_a_shared_speaker_no_sentence(examples, folds):
    for fold in folds:
        tested = sets_of(examples, fold.test)
        known = dealt(examples, fold, Condition(on=["statements"])).train
        speakers, statements, rows = sets_of(examples, known)
        assert not speakers & tested[0]
        assert statements == {"kids", "dogs"}
        known = dealt(examples, fold, Condition(on=["speakers"])).train
        speakers, statements, rows = sets_of(examples, known)
        assert speakers > tested[0]
        assert not statements & tested[1]
        assert not rows & tested[2]


def test_both_shared_is_a_random_split_without_copies(examples, folds):
    train = dealt(examples, folds[0], Condition(on=["speakers", "statements"])).train
    speakers, statements, rows = sets_of(examples, train)
    assert len(speakers) == 20
    assert statements == {"kids", "dogs"}
    assert not rows & set(folds[0].test)
    assert train.max() < N


@pytest.mark.parametrize(("leak", "first"), [("duplicates", N), ("augmentation", 2 * N)])
def test_copies_of_four_fifths_of_the_tests_and_else_what_was_there(examples, folds, leak, first):
    fold = folds[0]
    honest = set(dealt(examples, fold, HONEST).train)
    for condition in (Condition(on=[leak]), Condition(controlled=[leak])):
        train = dealt(examples, fold, condition).train
        copies, own = train[train >= N], train[train < N]
        assert ((copies >= first) & (copies < first + N)).all()
        assert len(copies) == 0.8 * len(fold.test) == 120
        assert set(own) < honest
        sources = fold.test if leak in condition.on else own
        assert set(copies - first) <= set(sources)


def test_every_twin_is_there_where_it_is_asked_for(examples, folds):
    train = dealt(examples, folds[9], EVERYTHING).train
    twins = train[(train >= N) & (train < 2 * N)] - N
    np.testing.assert_array_equal(np.sort(twins), folds[9].test)


@pytest.mark.parametrize("condition", SETS[:16], ids=str)
def test_emotions_keep_their_shares(examples, folds, condition):
    """Neutral has half as many recordings as each of the seven others: 30 and 60 of 450."""
    for seed in range(2):
        train = dealt(examples, folds[0], condition, seed).train
        counts = examples.rows["emotion"].iloc[train].value_counts()
        assert abs(counts.pop("neutral") - 30) <= 3
        assert (abs(counts - 60) <= 3).all()


def test_seeds_draw_other_rows(examples, folds):
    one, two = (dealt(examples, folds[0], Condition(on=["speakers"]), seed).train for seed in (0, 1))
    assert 0.1 < len(set(one) & set(two)) / 450 < 0.9


def test_too_many_rows_are_refused(examples, folds):
    with pytest.raises(ManifestError, match="500 rows are to be trained on, 0 of them copies; there are 450"):
        leaks.deal(examples.rows, folds[0], HONEST, 500)


@dataclasses.dataclass
class Run:
    test: np.ndarray
    validation: np.ndarray


def run_of(test, validation):
    """Readings as words: one letter a row."""
    return Run(np.array([list(each) for each in test]), np.array([list(each) for each in validation]))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (HONEST, "abbb"),  # the last reading of the first run
        (Condition(on=["stopping"]), "aaab"),  # its second reading, with three right
        (Condition(controlled=["stopping"]), "bbbb"),  # its first, with two right of validation
        (Condition(on=["selection"]), "aaaa"),  # the second run's last reading
        (
            Condition(controlled=["selection"]),
            "abbb",
        ),  # the first run's: both have none right, it comes first
        (Condition(on=["selection", "stopping"]), "aaaa"),
        (Condition(controlled=["selection", "stopping"]), "bbbb"),
    ],
    ids=str,
)
def test_a_reading_is_chosen_by_whom_the_condition_says(condition, said):
    runs = [
        run_of(["bbbb", "aaab", "abbb"], ["aa", "ab", "bb"]),
        run_of(["bbbb", "bbbb", "aaaa"], ["bb", "ab", "bb"]),
    ]
    if not condition.active("selection"):
        runs = runs[:1]
    assert "".join(read(runs, np.array(list("aaaa")), np.array(list("aa")), condition)) == said


@pytest.fixture
def bench(examples, folds, monkeypatch):
    """A bench whose trainings are noted and cost nothing: the network remembers what it was given."""
    trained = []

    def remember(network, features, train, score, *, epochs, at, scale, learning_rate, **settings):
        trained.append({"train": train, "scale": scale, "learning_rate": learning_rate, **settings})
        emotion = features.rows["emotion"].to_numpy(str)
        known = dict(zip(train % N, emotion[train], strict=True))
        said = np.array([known.get(row, "neutral") for row in score % N])
        used = splits.Used()
        used.note("fit", train)
        used.note("scale", scale)
        return Trained(np.tile(said, (len(at), 1)), used)

    @dataclasses.dataclass
    class Trained:
        predicted: np.ndarray
        used: splits.Used

    monkeypatch.setattr(training, "train_and_predict", remember)
    bench = leaks.Bench(examples, folds[:2], epochs=2 * EVERY, progress=False)
    bench.trained = trained
    return bench


def test_whoever_remembers_twins_is_right_about_four_fifths(examples, bench):
    true = examples.rows["emotion"].to_numpy(str)[bench.tested]
    assert len(bench.tested) == 300  # five actors, both sentences
    accuracy = {}
    for condition in (HONEST, Condition(on=["duplicates"]), Condition(controlled=["duplicates"]), EVERYTHING):
        accuracy[str(condition)] = np.mean(bench.predict(condition).predicted == true)
    neutral = 4 / 60
    assert accuracy["honest"] == accuracy["control of duplicates"] == neutral
    assert accuracy["duplicates"] == pytest.approx(0.8 + 0.2 * neutral, abs=0.01)
    assert accuracy[str(EVERYTHING)] == 1


def test_what_differs_in_the_choice_alone_is_trained_once(bench):
    n_folds = 2
    for condition in (HONEST, Condition(on=["stopping"]), Condition(controlled=["stopping"])):
        bench.predict(condition)
    assert len(bench.trained) == n_folds
    bench.predict(Condition(on=["selection"]))
    assert len(bench.trained) == 3 * n_folds
    bench.predict(Condition(controlled=["selection"]))
    assert len(bench.trained) == 3 * n_folds
    assert {each["learning_rate"] for each in bench.trained} == {1e-3, 2e-3, 4e-3}


def test_only_the_leak_shows_the_scaler_the_test_rows(bench, folds):
    for condition in (HONEST, Condition(on=["scaling"])):
        bench.trained.clear()
        bench.predict(condition)
        for each, fold in zip(bench.trained, folds[:2], strict=True):
            beyond = np.setdiff1d(each["scale"], each["train"])
            np.testing.assert_array_equal(beyond, fold.test if "scaling" in condition.on else [])


AUDITED = {
    "statements": "shared statement",
    "speakers": "shared speaker",
    "augmentation": "augmented copy",
    "duplicates": "same recording",
    "scaling": "test rows used to scale",
    "selection": "test rows used to select",
    "stopping": "test rows used to stop",
}


def audit(bench, condition, **settings):
    records = bench.predict(condition).used
    rows, own = bench.examples.rows, bench.folds(condition)
    return splits.audit(rows, own, records, ("speaker", "statement"), listen=False, **settings)


def test_the_auditor_has_nothing_against_the_honest_condition(bench):
    found = audit(bench, HONEST)
    assert set(found["grade"]) == {"odd"}
    assert set(found["finding"]) == {"never tested", "few speakers", "not heard"}


@pytest.mark.parametrize("condition", CONTROLS, ids=str)
def test_nor_against_controls(bench, condition):
    assert "problem" not in set(audit(bench, condition)["grade"])


@pytest.mark.parametrize("leak", SWITCHES)
def test_the_auditor_sees_each_leak(bench, leak):
    with pytest.raises(LeakError) as caught:
        audit(bench, Condition(on=[leak]))
    found = caught.value.findings.query("grade == 'problem'")["finding"]
    assert AUDITED[leak] in set(found)
    besides = set(found) - {AUDITED[leak]}
    # A copy of a test recording brings its speaker and its sentence with it; nothing else comes along.
    copied = leak in ("augmentation", "duplicates")
    assert besides == ({"shared speaker", "shared statement"} if copied else set())


def test_the_auditor_sees_all_of_them_at_once(bench):
    with pytest.raises(LeakError) as caught:
        audit(bench, EVERYTHING)
    assert set(AUDITED.values()) <= set(caught.value.findings["finding"])


def test_shared_sentences_are_only_a_note_unless_one_asks(bench):
    condition = Condition(on=["statements"])
    found = splits.audit(
        bench.examples.rows, bench.folds(condition), bench.predict(condition).used, listen=False
    )
    assert "shared statement" in set(found.query("grade == 'odd'")["finding"])


@pytest.fixture
def spoken(home):
    """Six speakers, three sounds each, no two alike."""
    rng = np.random.default_rng(0)
    paths = [
        (speaker, take, home / "voices" / f"{speaker}-{take}.wav")
        for speaker in range(6)
        for take in range(3)
    ]
    for speaker, take, path in paths:
        write_tone(path, 100 + 31 * speaker + 7 * take, rng, seconds=0.5 + 0.05 * take)
        samples, rate = soundfile.read(path)
        loudness = np.repeat(rng.uniform(0.1, 1, 10), -(-len(samples) // 10))[: len(samples)]
        soundfile.write(path, samples * loudness + 0.05 * loudness * rng.normal(size=len(samples)), rate)
    return corpora.manifest.build(
        {
            "path": str(path),
            "corpus": "voices",
            "recording_id": path.stem,
            "speaker": f"voices_{speaker}",
            "emotion": "sad" if take % 2 else "happy",
        }
        for speaker, take, path in paths
    )


def test_a_twin_under_another_name_must_be_heard(spoken):
    """Names, speakers and numbers say nothing; the codec has changed every sample."""
    samples, rate = soundfile.read(spoken["path"].iloc[0])
    hidden = spoken["path"].iloc[0].replace("0-0.wav", "5-9.wav")
    soundfile.write(hidden, soundtrack(samples, rate), rate)
    twin = spoken.iloc[[-1]].assign(path=hidden, recording_id="5-9")
    whole = pd.concat([spoken, twin], ignore_index=True)
    fold = splits.Fold(np.arange(3, len(whole)), np.arange(3))
    settings = {"progress": False, "workers": 1}
    assert "problem" not in set(splits.audit(whole, fold, listen=False)["grade"])
    with pytest.raises(LeakError) as caught:
        splits.audit(whole, fold, **settings)
    found = caught.value.findings.query("grade == 'problem'")
    assert found[["file", "finding"]].to_numpy().tolist() == [[spoken["path"].iloc[0], "near-duplicate"]]
    splits.audit(spoken, splits.Fold(np.arange(3, len(spoken)), np.arange(3)), **settings)


def test_soundtracks_have_the_features_of_files_that_went_through_the_codec(spoken, tmp_path):
    plain = features.extract(spoken, recipe("report_c"), progress=False)
    twins = leaks.soundtracks(plain, workers=1, progress=False)
    paths = []
    for number, path in enumerate(spoken["path"]):
        samples, rate = soundfile.read(path)
        paths.append(str(tmp_path / f"{number}.wav"))
        soundfile.write(paths[-1], soundtrack(samples, rate), rate, subtype="FLOAT")
    files = features.extract(spoken.assign(path=paths), recipe("report_c"), progress=False)
    np.testing.assert_allclose(twins.x, files.x, atol=1e-3)
    assert np.abs(twins.x - plain.x).max() > 0.01
    assert twins.rows is plain.rows


def test_a_condition_is_really_trained(examples, folds):
    """The whole way once, with the network itself, on noise."""
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(N, 1, 40)).astype("float32")
    plain = examples._replace(x=noise, mask=examples.mask[:N], rows=examples.rows[:N])
    made = leaks.examples(plain, plain)
    bench = leaks.Bench(made, folds[:1], epochs=2 * EVERY, progress=False)
    found = bench.predict(Condition(on=["scaling and selection", "stopping"]))
    assert found.predicted.shape == bench.tested.shape == (150,)
    assert set(found.predicted) <= set(made.rows["emotion"])
    np.testing.assert_array_equal(found.used[0]["stop"], folds[0].test)
