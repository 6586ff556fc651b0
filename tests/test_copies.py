"""Augmented copies: with their original in training, never in test, and with as many updates as without."""

import dataclasses

import numpy as np
import pytest
from test_training import made_up

from sercourse import augment, baselines, corpora, features, splits, training
from sercourse.errors import LeakError, ManifestError
from sercourse.training import compiled
from sercourse.training import networks as trained

NETWORK = "report_c_model_b"


def shifted(extracted, by):
    """Stands for an augmented copy."""
    return extracted._replace(x=extracted.x + np.float32(by))


@pytest.fixture
def spoken(small_ravdess):
    return features.extract(corpora.load("ravdess"), features.recipe("report_c"), progress=False)


def test_copies_of_a_recording_differ_and_are_those_of_the_extractor(spoken):
    noise = augment.augmentation("noise")
    copies = training.extract_copies(spoken, noise, 2, progress=False)
    assert len(copies) == 2
    for number, copy in enumerate(copies):
        recipe = dataclasses.replace(spoken.recipe, augmentation=noise.with_seed(number))
        direct = features.extract(spoken.rows, recipe, progress=False, cache=False)
        np.testing.assert_array_equal(copy.x, direct.x)
        assert copy.recipe == recipe
        assert copy.rows is spoken.rows
    apart = [
        np.abs(one.x - other.x).max(axis=(1, 2))
        for one, other in ((copies[0], copies[1]), (copies[0], spoken))
    ]
    assert (np.stack(apart) > 0).all()


def test_a_copy_that_cannot_be_used_leaves_the_original_in_its_place():
    frames = made_up()
    frames = frames._replace(
        x=np.repeat(frames.x, 3, axis=1), mask=np.repeat([[True, True, False]], 160, axis=0)
    )
    longer = frames._replace(
        x=np.full((159, 5, 40), 7, "float32"), mask=np.ones((159, 5), bool), rows=frames.rows.drop(index=4)
    )
    shorter = longer._replace(x=longer.x[:, :1], mask=longer.mask[:, :1])
    others = np.setdiff1d(np.arange(160), 4)
    for copy, lengths in ((longer, [True, True, True]), (shorter, [True, False, False])):
        found = training.copies._in_place_of(frames, copy)
        np.testing.assert_array_equal(found.x[4], frames.x[4])
        np.testing.assert_array_equal(found.mask[4], frames.mask[4])
        np.testing.assert_array_equal(found.mask[others], np.tile(lengths, (159, 1)))
        np.testing.assert_array_equal(
            found.x[others], np.where(np.array(lengths)[:, None], 7, 0) + np.zeros((159, 3, 40))
        )


def test_copies_stand_behind_their_originals_and_name_them():
    extracted = made_up()
    fewer = shifted(extracted, 2)
    fewer = fewer._replace(x=fewer.x[10:], mask=fewer.mask[10:], rows=fewer.rows[10:].reset_index(drop=True))
    both = training.with_copies(extracted, [shifted(extracted, 1), fewer])
    assert both.x.shape == (160 + 160 + 150, 1, 40)
    np.testing.assert_array_equal(both.x[:160], extracted.x)
    np.testing.assert_array_equal(both.x[160:320], extracted.x + np.float32(1))
    assert both.rows["recording_id"].is_unique
    originals = both.rows.set_index("recording_id")
    children = both.rows[160:]
    assert both.rows["parent"][:160].isna().all()
    for column in ("speaker", "emotion", "path"):
        np.testing.assert_array_equal(originals.loc[children["parent"], column], children[column])
    assert both.rows["recording_id"][320] == extracted.rows["recording_id"][10] + " copy 2"


@pytest.mark.parametrize("deal", [splits.unsafe_random, splits.unseen_speakers])
def test_children_follow_their_parents_into_training_only(deal):
    extracted = made_up()
    both = training.with_copies(extracted, [shifted(extracted, by) for by in (1, 2)])
    claim = () if deal is splits.unsafe_random else ("speaker",)
    folds = deal(extracted.rows)
    grown = training.with_children(folds, both.rows)
    for before, after in zip(folds, grown, strict=True):
        np.testing.assert_array_equal(before.test, after.test)
        np.testing.assert_array_equal(
            np.sort(after.train), np.sort(np.concatenate([before.train + 160 * k for k in range(3)]))
        )
    found = training.cross_predict(baselines.svm(), both, grown, progress=False)
    np.testing.assert_array_equal(found.rows, np.arange(160))
    splits.audit(both.rows, grown, found.used, disjoint=claim, listen=False)


def test_to_augment_before_the_split_is_seen():
    extracted = made_up()
    both = training.with_copies(extracted, [shifted(extracted, 1)])
    folds = splits.unsafe_random(both.rows)
    with pytest.raises(LeakError, match="augmented copy"):
        splits.audit(both.rows, folds, disjoint=(), listen=False)
    with pytest.raises(ManifestError, match="is a copy and stands in a fold"):
        training.with_children(folds, both.rows)


def test_a_speaker_is_normalised_by_originals_only():
    extracted = made_up()
    both = training.with_copies(extracted, [shifted(extracted, 1)])
    alone = training.normalise_speakers(extracted, "transductive")
    together = training.normalise_speakers(both, "transductive")
    np.testing.assert_allclose(together.x[:160], alone.x, atol=1e-6)
    deviation = extracted.x[:16, 0].std(axis=0)
    np.testing.assert_allclose(together.x[160, 0] - alone.x[0, 0], 1 / deviation, rtol=1e-3)


def test_normalised_features_get_no_copies():
    normalised = training.normalise_speakers(made_up(), "transductive")
    with pytest.raises(ValueError, match="then normalise"):
        training.with_copies(normalised, [shifted(normalised, 1)])
    with pytest.raises(ValueError, match="then normalise"):
        training.extract_copies(normalised, augment.augmentation("noise"))


class Watched:
    """Notes the updates of each fold and what is predicted."""

    def __init__(self, monkeypatch):
        self.updates, self.tested = [], []
        compile_model = compiled.compile_model
        compiled._compiled.cache_clear()  # a network of an earlier test is not watched

        def compile_and_watch(model, **settings):
            compile_model(model, **settings)
            predict = model.predict_on_batch

            def predict_and_note(x):
                self.updates.append(int(model.optimizer.iterations.numpy()))
                self.tested.append(x)
                return predict(x)

            model.predict_on_batch = predict_and_note

        monkeypatch.setattr(compiled, "compile_model", compile_and_watch)


def test_on_the_fly_test_rows_stay_as_they_are_and_updates_as_many(spoken, monkeypatch):
    folds = splits.unseen_speakers(spoken.rows, 3)[:2]
    runs = {}
    for name, settings in (
        ("plain", {}),
        ("augmented", {"augment": augment.augmentation("noise"), "copies": 2}),
    ):
        with monkeypatch.context() as patch:
            watched = Watched(patch)
            found = training.cross_predict(NETWORK, spoken, folds, epochs=4, progress=False, **settings)
        runs[name] = watched, found
    plain, augmented = (watched for watched, _ in runs.values())
    assert plain.updates == augmented.updates == [4 * (len(folds[0].train) // 16)] * 2
    for fold, one, other in zip(folds, plain.tested, augmented.tested, strict=True):
        np.testing.assert_array_equal(one, other)
        expected = training.standardise(spoken, fold.train)[fold.test].swapaxes(1, 2)
        np.testing.assert_array_equal(other[: len(expected)], expected)
        np.testing.assert_array_equal(
            other[len(expected) :], np.repeat(expected[-1:], 128 - len(expected), axis=0)
        )
    # It did learn from something else.
    assert np.abs(runs["plain"][1].probabilities - runs["augmented"][1].probabilities).max() > 1e-3
    for used, fold in zip(runs["augmented"][1].used, folds, strict=True):
        np.testing.assert_array_equal(used["fit"], fold.train)


def test_on_the_fly_validation_rows_stay_as_they_are(monkeypatch):
    """Copies that are hugely wrong: were they validated on, or scaled by, nothing could be learnt."""
    extracted = made_up()
    seen = []
    monkeypatch.setattr(trained, "extract_copies", lambda *given, **settings: [shifted(extracted, 1000)])
    fit = trained.fit
    monkeypatch.setattr(
        trained,
        "fit",
        lambda model, x, y, **settings: seen.append((x, settings)) or fit(model, x, y, **settings),
    )
    folds = splits.unseen_speakers(extracted.rows)[:1]
    settings = {"epochs": 2, "patience": 5, "augment": augment.augmentation("noise"), "progress": False}
    training.cross_predict(NETWORK, extracted, folds, **settings)
    ((x, passed),) = seen
    expected = training.standardise(extracted, passed["train"]).swapaxes(1, 2)
    np.testing.assert_array_equal(x, expected)
    assert np.abs(x[passed["validation"]]).max() < 20
    assert passed["copies"][0].min() > 20


def test_copies_without_an_augmentation_are_refused():
    extracted = made_up()
    with pytest.raises(ValueError, match="give augment too"):
        training.cross_predict(NETWORK, extracted, splits.unseen_speakers(extracted.rows), copies=3)
