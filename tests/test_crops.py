"""Crops of pictures: what is drawn, spoilt and mixed; regimes; training on crops."""

import dataclasses

import numpy as np
import pytest

from sercourse import corpora, features, training
from sercourse.errors import ExperimentError
from sercourse.experiments import grid
from sercourse.splits import Fold
from sercourse.training import crops, on_crops, regimes
from sercourse.training.regimes import Regime

STILL = Regime(
    frames=40, tempo=0, shift=0, stretch=0, noise=0, level=0, masked_bands=0, masked_frames=0, mixup=0
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def pictures():
    """Five recordings of 20 to 60 frames and 16 bands, padded with zeros; and their lengths."""
    lengths = np.array([20, 30, 40, 50, 60])
    x = np.random.default_rng(1).normal(size=(5, 60, 16)).astype(np.float32)
    x[np.arange(60) >= lengths[:, None]] = 0
    return x, lengths


def test_a_crop_that_nothing_changes_is_a_piece_of_the_recording(pictures, rng):
    x, lengths = pictures
    drawn = crops.draw(x, lengths, STILL, rng)
    assert drawn.shape == (5, 40, 16)
    np.testing.assert_allclose(drawn[:3], x[:3, :40], atol=1e-6)  # there is room for all of it
    assert not drawn[0, 20:].any()
    start = np.abs(drawn[4, 0] - x[4, :21]).sum(axis=1).argmin()
    assert 0 <= start <= 20
    same = np.random.default_rng(0)
    same.uniform(0, 0, 5)  # the tempo of each
    at = same.uniform(0, 1, 5)[4] * (60 - 40) + np.arange(40)
    expected = np.array([np.interp(at, np.arange(60), x[4, :, band]) for band in range(16)]).T
    np.testing.assert_allclose(drawn[4], expected, atol=1e-5)


def test_where_a_crop_begins_is_drawn_over_all_there_is(rng):
    x = np.tile(np.arange(1, 101, dtype=np.float32)[:, None], (2000, 1, 4))
    first = crops.draw(x, np.full(2000, 100), STILL, rng)[:, 0, 0]
    assert first.min() < 2
    assert 60 < first.max() <= 61
    assert abs(first.mean() - 31) < 1


def test_a_faster_crop_is_read_between_the_frames(pictures, rng):
    x, lengths = pictures
    fast = dataclasses.replace(STILL, tempo=0.2)
    drawn = crops.draw(x[:1], lengths[:1], fast, np.random.default_rng(3))
    tempo = np.exp(np.random.default_rng(3).uniform(-0.2, 0.2, 1))[0]
    at = np.arange(40) * tempo
    expected = np.array([np.interp(at, np.arange(20), x[0, :20, band]) for band in range(16)]).T
    np.testing.assert_allclose(drawn[0, at <= 19], expected[at <= 19], atol=1e-5)
    assert not drawn[0, at > 19].any()


def test_a_higher_voice_moves_up_and_the_edge_is_repeated(rng):
    x = np.tile(np.arange(16, dtype=np.float32) + 1, (1, 30, 1))
    moved = crops.draw(x, np.array([30]), dataclasses.replace(STILL, shift=3), np.random.default_rng(5))
    by = moved[0, 0, 8] - 9
    assert 0 < abs(by) <= 3
    np.testing.assert_allclose(moved[0, 0], np.clip(np.arange(16) + 1 + by, 1, 16), atol=1e-5)


def test_holes_are_zero_and_no_wider_than_asked(pictures, rng):
    x, _ = pictures
    full = np.ones((300, 40, 16), np.float32)
    holes = dataclasses.replace(STILL, masked_bands=5, masked_frames=7)
    spoilt = crops.spoil(full, holes, rng)
    assert set(np.unique(spoilt)) == {0, 1}
    frames, bands = (~spoilt.any(axis=2)).sum(axis=1), (~spoilt.any(axis=1)).sum(axis=1)
    assert frames.max() <= 12  # two of at most six
    assert bands.max() <= 8
    assert 3 < frames.mean() < 7
    np.testing.assert_array_equal(crops.spoil(x, STILL, rng), x)


def test_noise_leaves_padding_alone(pictures, rng):
    x, lengths = pictures
    noisy = crops.spoil(x, dataclasses.replace(STILL, noise=0.5, level=1.0), rng)
    assert ((noisy != 0).any(axis=2).sum(axis=1) == lengths).all()
    assert 0.4 < (noisy - x)[4].std() < 0.7


def test_a_mixture_has_the_labels_of_both_by_their_shares(rng):
    x = np.arange(6, dtype=np.float32)[:, None, None] * np.ones((6, 3, 2), np.float32)
    y = np.eye(6, dtype=np.float32)
    mixed, labels = crops.mix(x, y, dataclasses.replace(STILL, mixup=0.5), rng)
    np.testing.assert_allclose(mixed[:, 0, 0], labels @ np.arange(6), atol=1e-5)
    np.testing.assert_allclose(labels.sum(axis=1), 1, atol=1e-6)
    assert (labels[np.arange(6), np.arange(6)] >= 0.5).all()
    assert crops.mix(x, y, STILL, rng)[0] is x


def test_each_pass_shows_every_recording_once_and_a_seed_repeats_it(pictures):
    x = (pictures[0] != 0) * np.arange(1, 6, dtype=np.float32)[:, None, None]
    y = np.arange(5)

    def seen(seed):
        stream = crops.batches(x[..., None], y, 5, dataclasses.replace(STILL, batch_size=2), seed)
        batches = [next(stream) for _ in range(10)]
        values = np.concatenate([each[0].max(axis=(1, 2, 3)) for each in batches])
        labels = np.concatenate([each[1].argmax(axis=1) for each in batches])
        np.testing.assert_allclose(values, labels + 1, atol=1e-5)
        return labels

    first = seen(0)
    assert [sorted(part) for part in np.split(first, 4)] == [[0, 1, 2, 3, 4]] * 4
    np.testing.assert_array_equal(first, seen(0))
    assert (first != seen(1)).any()


def test_labels_are_smoothed(pictures):
    stream = crops.batches(
        pictures[0][..., None], np.arange(5), 5, dataclasses.replace(STILL, batch_size=5), 0
    )
    labels = next(stream)[1]
    np.testing.assert_allclose(np.sort(labels[0]), [0.02] * 4 + [0.92], atol=1e-6)


def test_a_regime_is_changed_by_options_and_leaves_the_others_to_the_builder():
    changed, left = regimes.chosen("course_best", {"tempo": 0.3, "units": 32}, batch_size=8, horizon=None)
    assert (changed.tempo, changed.batch_size, changed.horizon) == (0.3, 8, Regime().horizon)
    assert left == {"units": 32}
    assert regimes.chosen("gru", {"units": 32}, batch_size=8) == (None, {"units": 32})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"horizon": 5}, "warm_up is 5, horizon 5; the learning rate rises for fewer"),
        ({"views": 0}, "views is 0; give at least 1"),
        ({"averaged": 0}, "averaged is 0; give at least 1"),
    ],
)
def test_a_regime_that_cannot_be_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Regime(**wrong)


def test_an_experiment_knows_a_regimes_fields_of_that_network_only():
    settings = {"corpus": "demo", "protocol": "published five", "tempo": 0.1}
    assert grid(network="course_best", **settings)[0].columns["tempo"] == 0.1
    with pytest.raises(ExperimentError, match="tempo is no setting, and no option of log_mel_cnn"):
        grid(network="log_mel_cnn", **settings)


@pytest.fixture(scope="module")
def babble(babble_home):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERCOURSE_HOME", str(babble_home))
        patch.delenv("SERCOURSE_DATA", raising=False)
        yield features.extract(corpora.load("ravdess"), features.recipe("course_best"), progress=False)


BRIEF = {"filters": (4, 4), "units": 4, "horizon": 3, "warm_up": 1, "views": 2, "averaged": 2}


SETTINGS = {"learning_rate": 0.01, "batch_size": 16, "progress": False, **BRIEF}


def test_it_is_trained_and_read_after_several_epochs(babble):
    fold = Fold(np.arange(0, len(babble.rows), 2), np.arange(1, len(babble.rows), 2))
    done = training.train_and_predict("course_best", babble, *fold, epochs=3, at=[2, 3], **SETTINGS)
    assert done.probabilities.shape == (2, len(fold.test), len(done.classes))
    np.testing.assert_allclose(done.probabilities.sum(axis=2), 1, atol=1e-5)
    assert done.history["epoch"].tolist() == [1, 2, 3]
    np.testing.assert_array_equal(done.used["fit"], fold.train)
    np.testing.assert_array_equal(done.used["scale"], fold.train)


def test_each_fold_is_trained_anew_by_the_regime(babble, monkeypatch):
    asked = []

    def train(network, x, y, n_classes, regime, *, epochs, seed, train, used, on_epoch, **options):
        asked.append((regime, epochs, seed, train, options, x[train].std()))
        return None, None

    monkeypatch.setattr(on_crops, "train", train)
    monkeypatch.setattr(on_crops, "predict", lambda model, x, regime: np.tile([0.1, 0.9], (len(x), 1)))
    half = np.arange(len(babble.rows)) % 2 == 0
    folds = [Fold(np.flatnonzero(own), np.flatnonzero(~own)) for own in (half, ~half)]
    found = training.cross_predict("course_best", babble, folds, seed=7, **SETTINGS)
    assert set(found.predicted) == {found.classes[1]}
    for fold, (regime, epochs, seed, rows, options, deviation) in zip(folds, asked, strict=True):
        assert (regime.learning_rate, regime.batch_size, regime.horizon, epochs, seed) == (0.01, 16, 3, 3, 7)
        np.testing.assert_array_equal(rows, fold.train)
        assert options == {"filters": (4, 4), "units": 4}
        assert 0 < deviation <= 1


def test_what_crops_do_not_allow_is_refused(babble):
    fold = Fold(np.arange(4), np.arange(4, 8))
    with pytest.raises(ValueError, match="epochs is 4, the regime's horizon 3; raise horizon too"):
        training.train_and_predict("course_best", babble, *fold, epochs=4, at=[4], **SETTINGS)
    with pytest.raises(ValueError, match="course_best is trained on crops: leave out patience"):
        training.cross_predict("course_best", babble, [fold], patience=3, **SETTINGS)


class Weights:
    """Stands for a network: weights, and nothing else."""

    def __init__(self):
        self.weights = [np.zeros(2)]

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def test_weights_are_averaged_over_the_last_epochs():
    model = Weights()
    averaged = on_crops.Averaged(model, 2)
    for value in (1.0, 2.0, 4.0):
        model.set_weights([np.full(2, value)])
        averaged.note()
    with averaged.applied():
        assert model.get_weights()[0].tolist() == [3, 3]
    assert model.get_weights()[0].tolist() == [4, 4]
    averaged.apply()
    assert model.get_weights()[0].tolist() == [3, 3]
