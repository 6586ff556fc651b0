"""Training: scaled by training rows only, repeatable, every row predicted by a stranger."""

import numpy as np
import pytest

from sercourse import features, networks, splits, training
from sercourse.corpora import manifest


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


def right(extracted, predicted):
    return np.mean(extracted.rows["emotion"].to_numpy(str) == predicted)


def test_what_can_be_learnt_is_learnt():
    extracted = made_up()
    folds = splits.unseen_speakers(extracted.rows)
    predicted = training.cross_predict("report_c_model_b", extracted, folds, epochs=10, progress=False)
    assert right(extracted, predicted) > 0.95


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
    np.testing.assert_array_equal(forward, backward)


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


def test_folds_that_leave_rows_untested_are_refused():
    extracted = made_up()
    with pytest.raises(ValueError, match="each of the 160 rows once"):
        training.cross_predict("gru", extracted, splits.unseen_speakers(extracted.rows)[:4], progress=False)
