"""Training: scaled by training rows only, repeatable, every row predicted by a stranger."""

import numpy as np
import pytest

from sercourse import features, networks, splits, training
from sercourse.corpora import manifest
from sercourse.errors import LeakError
from sercourse.networks.backend import load_keras
from sercourse.training import networks as trained


def made_up(signal_by="emotion", n_speakers=10, seed=0):
    """Features in which the emotion, or only the speaker, can be heard."""
    rng = np.random.default_rng(seed)
    rows = manifest.build(
        {
            "path": f"{speaker}-{emotion}-{take}",
            "corpus": "c",
            "recording_id": f"{speaker}-{emotion}-{take}",
            "speaker": f"c_{speaker:02d}",
            "emotion": emotion,
        }
        for speaker in range(n_speakers)
        for emotion in ("sad", "happy")
        for take in range(8)
    )
    x = rng.normal(scale=0.5, size=(len(rows), 1, 40))
    directions = rng.choice([-2.0, 2.0], size=(n_speakers, 2, 40))
    for position, row in enumerate(rows.itertuples()):
        emotion = int(row.emotion == "happy")
        speaker = 0 if signal_by == "emotion" else int(row.speaker[-2:])
        x[position, 0] += directions[speaker, emotion]
    x = x.astype("float32")
    dropped = rows.head(0)
    return features.Features(x, np.ones(x.shape[:2], bool), rows, dropped, features.recipe("report_c"))


def right(extracted, found):
    return np.mean(extracted.rows["emotion"].to_numpy(str)[found.rows] == found.predicted)


def test_what_can_be_learnt_is_learnt():
    extracted = made_up()
    folds = splits.unseen_speakers(extracted.rows)
    found = training.cross_predict("report_c_model_b", extracted, folds, epochs=10, progress=False)
    assert right(extracted, found) > 0.95


def test_predictions_say_all_about_themselves():
    extracted = made_up()
    folds = splits.unseen_speakers(extracted.rows)[::-1]
    found = training.cross_predict("report_c_model_b", extracted, folds, epochs=2, progress=False)
    assert found.classes.tolist() == ["happy", "sad"]
    assert found.probabilities.shape == (160, 2)
    np.testing.assert_array_equal(found.rows, np.arange(160))
    np.testing.assert_array_equal(found.predicted, found.classes[found.probabilities.argmax(axis=1)])
    alone = training.predict_folds("report_c_model_b", extracted, folds, epochs=2, progress=False)
    for fold, each, used in zip(folds[:2], alone, found.used, strict=False):
        np.testing.assert_array_equal(each.rows, fold.test)
        np.testing.assert_allclose(each.probabilities, found.probabilities[fold.test], atol=1e-5)
        for purpose in ("fit", "scale"):
            np.testing.assert_array_equal(used[purpose], fold.train)
        assert not any(len(used[purpose]) for purpose in ("select", "stop", "normalise"))
    splits.audit(extracted.rows, folds, found.used, listen=False)


def test_classes_that_are_no_emotions_are_learnt_too():
    extracted = made_up()
    high = extracted.rows["emotion"].replace({"happy": "high", "sad": "low"})
    extracted = extracted._replace(rows=extracted.rows.assign(emotion=high))
    folds = splits.unseen_speakers(extracted.rows)[:1]
    found = training.cross_predict("report_c_model_b", extracted, folds, epochs=10, progress=False)
    assert found.classes.tolist() == ["high", "low"]
    assert right(extracted, found) > 0.95


def test_what_belongs_to_the_speaker_helps_on_known_speakers_only():
    """The course's puzzle in small: each speaker has a way of his own."""
    extracted = made_up(signal_by="speaker")
    scores = {
        name: right(
            extracted, training.cross_predict("report_c_model_b", extracted, folds, epochs=15, progress=False)
        )
        for name, folds in {
            "random": splits.unsafe_random(extracted.rows),
            "unseen": splits.unseen_speakers(extracted.rows),
        }.items()
    }
    assert scores["random"] > 0.85
    assert scores["unseen"] < 0.75


def test_a_restarted_network_predicts_as_a_new_one():
    """Later folds reuse the compiled network; nothing of an earlier fold may be left in it."""
    extracted = made_up()
    folds = splits.unseen_speakers(extracted.rows)
    forward = training.cross_predict("gru", extracted, folds, epochs=2, progress=False)
    backward = training.cross_predict("gru", extracted, folds[::-1], epochs=2, progress=False)
    np.testing.assert_array_equal(forward.predicted, backward.predicted)


def test_the_seed_decides():
    x, y = made_up().x.swapaxes(1, 2), np.arange(160) % 2
    losses = [train_once(x, y, seed) for seed in (0, 0, 1)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    assert losses[0] != pytest.approx(losses[2], rel=1e-4)


def train_once(x, y, seed):
    networks.backend.load_keras().utils.set_random_seed(seed)
    model = networks.build("report_c_model_b", n_classes=2)
    training.compile_model(model)
    history = training.fit(model, x, y, epochs=2, seed=seed)
    assert history["epoch"].tolist() == [1, 2]
    return history["loss"].iloc[-1]


def test_scaling_knows_the_training_rows_only():
    extracted = made_up()
    train = np.arange(100)
    extracted.x[100:] = 1e6
    scaled = training.standardise(extracted, train)
    np.testing.assert_allclose(scaled[train].mean(axis=(0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(scaled[train].std(axis=(0, 1)), 1, atol=1e-4)


def test_padded_frames_stay_zero_and_have_no_say():
    extracted = made_up()
    mask = np.ones((len(extracted.x), 2), bool)
    mask[:, 1] = False
    padded = extracted._replace(x=np.pad(extracted.x, ((0, 0), (0, 1), (0, 0))), mask=mask)
    scaled = training.standardise(padded, np.arange(100))
    assert (scaled[:, 1] == 0).all()
    np.testing.assert_allclose(scaled[:, :1], training.standardise(extracted, np.arange(100)), atol=1e-6)


def test_a_coefficient_that_never_changes_is_no_division_by_zero():
    extracted = made_up()
    extracted.x[:, :, 0] = 3
    assert np.isfinite(training.standardise(extracted, np.arange(10))).all()


def test_what_is_missing_stands_at_the_mean_of_the_training_rows():
    extracted = made_up()
    extracted.x[3, 0, 5] = np.nan
    scaled = training.standardise(extracted, np.arange(100))
    assert scaled[3, 0, 5] == 0
    others = np.setdiff1d(np.arange(100), 3)
    assert scaled[others, 0, 5].mean() == pytest.approx(0, abs=1e-5)


def test_some_folds_give_predictions_of_their_rows():
    extracted = made_up()
    folds = splits.unseen_speakers(extracted.rows)[:2]
    found = training.cross_predict("report_c_model_b", extracted, folds, epochs=1, progress=False)
    np.testing.assert_array_equal(found.rows, np.sort(np.concatenate([fold.test for fold in folds])))
    assert len(found.predicted) == len(found.probabilities) == len(found.rows) < 160


def test_folds_of_another_table_are_refused():
    folds = splits.unseen_speakers(made_up(n_speakers=11).rows)
    with pytest.raises(ValueError, match="name row 175, the features have rows 0 to 159"):
        training.cross_predict("gru", made_up(), folds, progress=False)


def test_folds_that_test_a_row_twice_are_refused():
    extracted = made_up()
    folds = splits.unseen_speakers(extracted.rows)
    with pytest.raises(ValueError, match="is tested by 2 folds"):
        training.cross_predict("gru", extracted, [*folds, folds[0]], progress=False)


def compiled(n_classes=2, seed=0):
    networks.backend.load_keras().utils.set_random_seed(seed)
    model = networks.build("report_c_model_b", n_classes=n_classes)
    training.compile_model(model, learning_rate=0.01)
    return model


def test_early_stopping_goes_back_to_the_best_weights():
    """Labels of noise: the loss on the validation rows falls for a few epochs, if at all, and rises then."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(80, 40, 1)).astype("float32"), rng.integers(0, 2, 80)
    model, used = compiled(), splits.Used()
    fitted, validation = np.arange(60), np.arange(60, 80)
    history = training.fit(model, x, y, epochs=60, train=fitted, validation=validation, patience=3, used=used)
    assert len(history) < 60
    assert history["val_loss"].idxmin() == len(history) - 1 - 3
    probabilities = model.predict(x[validation], verbose=0)
    best = -np.log(probabilities[np.arange(20), y[validation]]).mean()
    assert best == pytest.approx(history["val_loss"].min(), rel=1e-3)
    assert best < history["val_loss"].iloc[-1]
    np.testing.assert_array_equal(used["fit"], fitted)
    np.testing.assert_array_equal(used["stop"], validation)


def test_rows_that_are_only_looked_at_do_not_count_as_used_to_stop():
    extracted, used = made_up(), splits.Used()
    x, y = extracted.x.swapaxes(1, 2), np.arange(160) % 2
    history = training.fit(
        compiled(), x, y, epochs=2, train=np.arange(100), validation=np.arange(100, 160), used=used
    )
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} < set(history)
    assert len(used["stop"]) == 0


def test_patience_needs_something_to_watch():
    with pytest.raises(ValueError, match="validation rows to watch"):
        training.fit(None, np.zeros((4, 1)), np.zeros(4), epochs=1, patience=2)


def test_training_stops_by_speakers_of_its_own():
    extracted = made_up()
    folds = splits.unseen_speakers(extracted.rows, 2)
    found = training.cross_predict(
        "report_c_model_b", extracted, folds, epochs=15, patience=2, progress=False
    )
    speakers = extracted.rows["speaker"].to_numpy(str)
    for fold, used in zip(folds, found.used, strict=True):
        sides = [set(speakers[rows]) for rows in (used["fit"], used["stop"], fold.test)]
        assert sum(map(len, sides)) == len(set.union(*sides)) == 10
        np.testing.assert_array_equal(used["scale"], used["fit"])
        np.testing.assert_array_equal(np.union1d(used["fit"], used["stop"]), np.sort(fold.train))
    splits.audit(extracted.rows, folds, found.used, listen=False)
    assert right(extracted, found) > 0.9


def test_scaling_and_stopping_on_the_test_rows_by_hand_is_seen():
    extracted, used = made_up(), splits.Used()
    fold = splits.unseen_speakers(extracted.rows)[0]
    x = training.standardise(extracted, np.arange(160), used).swapaxes(1, 2)
    y = np.arange(160) % 2
    training.fit(compiled(), x, y, epochs=1, train=fold.train, validation=fold.test, patience=1, used=used)
    with pytest.raises(LeakError) as error:
        splits.audit(extracted.rows, fold, used, listen=False)
    leaks = error.value.findings.query("grade == 'problem'")["finding"]
    assert set(leaks) == {"test rows used to scale", "test rows used to stop"}
    np.testing.assert_array_equal(used["fit"], fold.train)


def test_each_pass_shows_every_row_once_in_the_next_version():
    versions = [np.arange(10.0)[:, None] + 100 * version for version in range(3)]
    batches = list(trained._stream(versions, np.arange(10), batch_size=4, seed=0).take(15))
    x = np.concatenate([batch[0] for batch in batches])[:, 0]
    y = np.concatenate([batch[1] for batch in batches])
    np.testing.assert_array_equal(x % 100, y)
    for number in range(6):
        shown = slice(10 * number, 10 * number + 10)
        assert sorted(y[shown]) == list(range(10))
        assert set(x[shown] // 100) == {number % 3}
    assert (y[:10] != y[10:20]).any()


def test_a_watched_training_says_after_each_epoch_what_one_that_ends_there_says():
    extracted = made_up()
    fold = splits.unseen_speakers(extracted.rows)[0]
    settings = {"batch_size": 16, "seed": 3, "progress": False}
    long = training.train_and_predict(
        "report_c_model_b", extracted, *fold, epochs=5, at=[5, 1, 2], **settings
    )
    assert long.at == (1, 2, 5)
    assert long.probabilities.shape == (3, len(fold.test), 2)
    for position, epochs in enumerate(long.at):
        short = training.train_and_predict("report_c_model_b", extracted, *fold, epochs=epochs, **settings)
        np.testing.assert_allclose(short.probabilities[0], long.probabilities[position], atol=1e-5)
    usual = training.cross_predict("report_c_model_b", extracted, [fold], epochs=5, **settings)
    np.testing.assert_allclose(usual.probabilities, long.probabilities[2], atol=1e-5)
    assert long.history["epoch"].tolist() == [1, 2, 3, 4, 5]
    for purpose in ("fit", "scale"):
        np.testing.assert_array_equal(long.used[purpose], fold.train)


def test_who_scales_by_test_rows_is_seen():
    extracted = made_up()
    fold = splits.unseen_speakers(extracted.rows)[0]
    everything = np.arange(len(extracted.rows))
    leaky = training.train_and_predict(
        "report_c_model_b", extracted, *fold, epochs=1, scale=everything, progress=False
    )
    with pytest.raises(LeakError, match="test rows used to scale"):
        splits.audit(extracted.rows, fold, leaky.used, listen=False)


def test_only_epochs_that_are_trained_can_be_watched():
    extracted = made_up()
    fold = splits.unseen_speakers(extracted.rows)[0]
    with pytest.raises(ValueError, match="epochs 1 to 2"):
        training.train_and_predict("report_c_model_b", extracted, *fold, epochs=2, at=[3])


def test_clipping_bounds_the_gradient_of_all_weights_together():
    """By plain descent with rate 1 the weights move by just the clipped gradient."""
    load_keras().utils.set_random_seed(0)
    model = networks.build("report_c_model_b", (40, 1), 2)
    training.compile_model(model, clip_norm=0.5)
    assert model.optimizer.global_clipnorm == 0.5
    x = 10 * np.random.default_rng(0).normal(size=(8, 40, 1)).astype("float32")
    wrong = 1 - model.predict(x, verbose=0).argmax(axis=1)  # so that the gradient is long
    moved = {}
    for limit in (0.5, None):
        fresh = networks.build("report_c_model_b", (40, 1), 2)
        fresh.set_weights(model.get_weights())
        fresh.compile(
            load_keras().optimizers.SGD(1.0, global_clipnorm=limit), "sparse_categorical_crossentropy"
        )
        fresh.train_on_batch(x, wrong)
        steps = zip(fresh.get_weights(), model.get_weights(), strict=True)
        moved[limit] = np.sqrt(sum(np.sum((after - before) ** 2) for after, before in steps))
    assert moved[None] > 1
    np.testing.assert_allclose(moved[0.5], 0.5, rtol=1e-3)
