"""The bundle: all that a recognizer needs to answer, and all that one must know to judge its answers."""

import dataclasses
import json
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sercourse import networks
from sercourse.errors import BundleError, SercourseError
from sercourse.features import Recipe
from sercourse.features.recipes import VERSION as RECIPE_VERSION
from sercourse.recognizer import packing
from sercourse.recognizer.answers import Thresholds
from sercourse.recognizer.card import model_card

FORMAT = 1
"""Raised by whoever changes what a bundle consists of, or what its numbers mean."""


@dataclass(frozen=True, eq=False)
class Bundle:
    """A trained network and what belongs to it.

    Attributes
    ----------
    model : keras.Model
        Of one input, (batch, and one example's shape), and probabilities as output.
    network : str
        Its name in `networks.NETWORKS`, which says how it reads features.
    recipe : sercourse.features.Recipe
        Its `seconds` are those of a window.
    mean, deviation : numpy.ndarray, shape (n_coefficients,)
        Of the scaler.
    temperature : float
        What logarithms of probabilities are divided by: above 1 makes the network less sure.
    thresholds : Thresholds
    classes : tuple of str
        The emotions in the order of the network's output.
    corpus : str
        What it was trained on.
    synthetic : bool
        Whether no person speaks there.
    split : mapping of str to list of str
        Speakers that trained, validated and tested: keys ``train``, ``validation``, ``test``.
    settings : mapping
        Of the training: seed, epochs and such.
    results : mapping
        Measured on the speakers of ``test``, see `sercourse.recognizer.measuring`. Plain numbers and texts.
    versions : mapping of str to str
        Of the packages it was trained with.
    date : str
    """

    model: Any
    network: str
    recipe: Recipe
    mean: np.ndarray
    deviation: np.ndarray
    temperature: float
    thresholds: Thresholds
    classes: tuple[str, ...]
    corpus: str
    synthetic: bool
    split: Mapping[str, list[str]]
    settings: Mapping[str, Any]
    results: Mapping[str, Any]
    versions: Mapping[str, str]
    date: str


_PLAIN = ("network", "temperature", "corpus", "synthetic", "split", "settings", "results", "versions", "date")


def save(bundle: Bundle, path: str | Path) -> Path:
    """Save a bundle whole, or not at all.

    Parameters
    ----------
    bundle : Bundle
    path : path-like
        A file if it ends in ``.zip``, else a folder. A bundle that is there is replaced.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    BundleError
        It cannot be written there.
    """
    description = {
        "format": FORMAT,
        **{name: getattr(bundle, name) for name in _PLAIN},
        "classes": list(bundle.classes),
        "thresholds": dataclasses.asdict(bundle.thresholds),
        "recipe": _recipe_as_values(bundle.recipe),
        "recipe_version": RECIPE_VERSION,
    }
    scaler = {"mean": bundle.mean.tolist(), "deviation": bundle.deviation.tolist()}
    parts = {
        packing.DESCRIPTION: _json(description),
        packing.SCALER: _json(scaler),
        packing.NETWORK: _model_bytes(bundle.model),
        packing.CARD: model_card(bundle).encode(),
    }
    return packing.write(parts, path)


def load(path: str | Path) -> Bundle:
    """Load a bundle, and check that it can be used here.

    The network is read by Keras in its safe mode: a file that brings code of its own is refused.

    Raises
    ------
    BundleError
        There is none; a part is missing or changed; its format is newer than this package; or features are
        computed in another way today than when it was trained.
    """
    path = Path(path)
    parts = packing.read(path)
    try:
        description = json.loads(parts[packing.DESCRIPTION])
        scaler = json.loads(parts[packing.SCALER])
        _check_versions(path, description)
        known = {name: description[name] for name in _PLAIN}
        bundle = Bundle(
            model=_model(path, parts[packing.NETWORK]),
            recipe=Recipe(**description["recipe"]),
            mean=np.array(scaler["mean"], float),
            deviation=np.array(scaler["deviation"], float),
            thresholds=Thresholds(**description["thresholds"]),
            classes=tuple(description["classes"]),
            **known,
        )
        _check_fit(path, bundle)
    except BundleError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, SercourseError) as error:
        raise BundleError(
            path, f"its description cannot be used ({type(error).__name__}: {error})"
        ) from error
    return bundle


def _check_versions(path: Path, description: Mapping) -> None:
    if description["format"] > FORMAT:
        reason = f"has format {description['format']}, this package reads up to {FORMAT}"
        raise BundleError(path, reason, "update sercourse")
    if description["recipe_version"] != RECIPE_VERSION:
        raise BundleError(
            path,
            f"was trained on features of version {description['recipe_version']}; today they are computed as "
            f"version {RECIPE_VERSION}, so the network would read other numbers",
        )


def _check_fit(path: Path, bundle: Bundle) -> None:
    """The parts must belong together: sizes of recipe, scaler, network and classes."""
    wide = len(bundle.mean)
    arranged = networks.arrange(bundle.network, np.zeros((1, bundle.recipe.n_frames, wide), np.float32))
    takes, gives = bundle.model.input_shape, bundle.model.output_shape
    fits = len(takes) == arranged.ndim and all(
        each in (None, own) for each, own in zip(takes, arranged.shape, strict=True)
    )
    if not fits or gives[-1] != len(bundle.classes) or bundle.deviation.shape != bundle.mean.shape:
        raise BundleError(
            path,
            f"its parts do not fit: the network takes {takes} and gives {gives}, the recipe and the scaler "
            f"make {arranged.shape}, and there are {len(bundle.classes)} emotions",
        )


def _recipe_as_values(recipe: Recipe) -> dict[str, Any]:
    if recipe.augmentation is not None:
        raise ValueError(f"recipe {recipe.name!r} augments; a recognizer reads what people say as it is")
    return {each.name: getattr(recipe, each.name) for each in dataclasses.fields(recipe)}


def _json(values: Mapping) -> bytes:
    """Text that says every float exactly; NaN, which JSON does not have, is refused."""
    return json.dumps(values, indent=1, allow_nan=False).encode() + b"\n"


def _model_bytes(model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / packing.NETWORK
        model.save(path)
        return path.read_bytes()


def _model(path: Path, content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / packing.NETWORK
        file.write_bytes(content)
        try:
            return networks.load(file)
        except (ValueError, TypeError, KeyError, OSError, zipfile.BadZipFile, ImportError) as error:
            reason = f"Keras refuses its network ({type(error).__name__}: {str(error).splitlines()[0]})"
            raise BundleError(path, reason) from error
