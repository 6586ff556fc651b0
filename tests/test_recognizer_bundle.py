"""The bundle: what is saved comes back, and what is not whole is refused."""

import dataclasses
import hashlib
import json
import pickletools
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from babble import babble

from sercourse import recognizer
from sercourse.errors import BundleError
from sercourse.features import Recipe
from sercourse.recognizer import Recognizer, load, packing, save
from sercourse.recognizer import bundle as bundles

RATE = 22_050


@pytest.fixture
def folder(small_bundle, tmp_path):
    return save(small_bundle, tmp_path / "bundle")


def rewrite(folder, **changed):
    """Change parts of a bundle in a folder, and its checksums with them."""
    for name, content in changed.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in packing.PARTS]
    (folder / packing.CHECKSUMS).write_text("".join(sums))


def redescribed(folder, **values):
    description = json.loads((folder / packing.DESCRIPTION).read_text())
    rewrite(folder, bundle__json=json.dumps(description | values).encode())


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_what_is_saved_comes_back(small_bundle, tmp_path, name):
    back = load(save(small_bundle, tmp_path / name))
    for field in dataclasses.fields(small_bundle):
        mine, other = getattr(small_bundle, field.name), getattr(back, field.name)
        if field.name in ("mean", "deviation"):
            np.testing.assert_array_equal(mine, other)
        elif field.name != "model":
            assert mine == other, field.name
    for one, two in zip(small_bundle.model.get_weights(), back.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    said = babble(np.random.default_rng(0), 2.0, RATE)
    assert Recognizer(small_bundle).predict(said, RATE) == Recognizer(back).predict(said, RATE)


def test_a_folder_can_be_checked_without_this_package(folder):
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert {part.name for part in folder.iterdir()} == {*packing.PARTS, "SHA256SUMS"}


def test_no_part_is_a_pickle(folder):
    """The network's file is a zip of JSON and HDF5; nothing in it can be read as a pickle."""
    with zipfile.ZipFile(folder / "network.keras") as file:
        inside = {name: file.read(name) for name in file.namelist()}
    assert set(inside) == {"metadata.json", "config.json", "model.weights.h5"}
    outside = {name: (folder / name).read_bytes() for name in packing.PARTS}
    for content in (*inside.values(), *outside.values()):
        with pytest.raises(ValueError, match=r"\S"):
            list(pickletools.genops(content))


@pytest.mark.parametrize("name", [*packing.PARTS, packing.CHECKSUMS])
def test_a_missing_part_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"{name} is missing"):
        load(folder)


@pytest.mark.parametrize("name", packing.PARTS)
def test_a_changed_part_is_named(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(BundleError, match=f"{name} is not what was saved"):
        load(folder)


def test_a_newer_format_asks_for_a_newer_package(folder):
    redescribed(folder, format=bundles.FORMAT + 1)
    with pytest.raises(BundleError, match="update sercourse"):
        load(folder)


def test_features_of_another_version_are_refused(folder):
    redescribed(folder, recipe_version=1)
    with pytest.raises(BundleError, match="features of version 1"):
        load(folder)


@pytest.mark.parametrize(
    "values",
    [
        {"recipe": {"name": "x", "kind": "tarot"}},
        {"thresholds": {"mood": 3}},
        {"network": "no_such_network"},
        {"classes": ["sad"]},
        {"format": "new"},
    ],
)
def test_a_description_that_makes_no_sense_is_refused(folder, values):
    redescribed(folder, **values)
    with pytest.raises(BundleError, match=str(folder)):
        load(folder)


def test_a_recipe_that_does_not_fit_the_network_is_refused(folder):
    description = json.loads((folder / packing.DESCRIPTION).read_text())
    redescribed(folder, recipe=description["recipe"] | {"statistics": []})
    with pytest.raises(BundleError, match="do not fit"):
        load(folder)


def test_a_network_that_brings_code_is_refused(folder, tmp_path):
    """A Lambda layer holds Python bytecode; Keras's safe mode does not run it."""
    import keras

    layers = [keras.Input((1, 40)), keras.layers.Lambda(lambda x: x + 1), keras.layers.Flatten()]
    keras.Sequential([*layers, keras.layers.Dense(2, activation="softmax")]).save(tmp_path / "bad.keras")
    rewrite(folder, network__keras=(tmp_path / "bad.keras").read_bytes())
    with pytest.raises(BundleError, match="Keras refuses"):
        load(folder)


def test_what_is_no_bundle_is_refused(tmp_path):
    (tmp_path / "a.zip").write_text("no zip")
    with pytest.raises(BundleError, match="whole zip"):
        load(tmp_path / "a.zip")
    with pytest.raises(BundleError, match="not found"):
        load(tmp_path / "b.zip")
    with pytest.raises(BundleError, match=r"bundle\.json is missing"):
        load(tmp_path)


def test_a_zip_that_unpacks_to_gigabytes_is_not_unpacked(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "LARGEST", 100)
    with pytest.raises(BundleError, match="more than 100"):
        load(folder)


def test_a_folder_with_other_things_is_left_alone(small_bundle, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BundleError, match="other things"):
        save(small_bundle, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_save_that_fails_leaves_the_old_bundle_and_nothing_else(small_bundle, tmp_path, monkeypatch, name):
    path = save(small_bundle, tmp_path / name)
    replace = packing.os.replace

    def full(source, target):
        if ".part-" in str(source):
            raise OSError(28, "No space left on device")
        return replace(source, target)

    monkeypatch.setattr(packing.os, "replace", full)
    with pytest.raises(BundleError, match="No space left"):
        save(small_bundle, path)
    monkeypatch.undo()
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert load(path).results == small_bundle.results


def test_a_recipe_with_an_augmentation_is_not_saved(small_bundle, tmp_path):
    from sercourse.augment import augmentation

    recipe = Recipe("noisy", statistics=("mean",), seconds=3.0, augmentation=augmentation("noise"))
    with pytest.raises(ValueError, match="augments"):
        save(dataclasses.replace(small_bundle, recipe=recipe), tmp_path / "a")
    assert not list(tmp_path.iterdir())


def test_the_model_card_says_what_the_bundle_knows(small_bundle, folder):
    card = (folder / "model_card.md").read_text()
    assert card == recognizer.model_card(small_bundle)
    assert f"UAR {small_bundle.results['uar']:.3f}" in card
    for title in ("Intended use", "It must not be used", "Limits", "Measured on unseen speakers", "Versions"):
        assert f"## {title}" in card
    for speaker in small_bundle.split["test"]:
        assert speaker in card
    assert "2024/1689" in card


def test_a_bundle_is_loaded_in_another_process(small_bundle, tmp_path):
    """A network with the course's own layers, which Keras must be told of."""
    from sercourse import networks

    model = networks.build("log_mel_cnn", (130, 64, 1), 2)
    recipe = bundles.Recipe("log_mel", kind="log_mel", n_mels=64, seconds=3.0)
    own = {"network": "log_mel_cnn", "recipe": recipe, "mean": np.zeros(64), "deviation": np.ones(64)}
    path = save(dataclasses.replace(small_bundle, model=model, **own), tmp_path / "cnn.zip")
    code = f"from sercourse import recognizer; print(recognizer.load({str(path)!r}).model.count_params())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == model.count_params()
