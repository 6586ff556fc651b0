"""Train a recognizer: some speakers test, some validate, and a record says who was used for what."""

import dataclasses
import datetime
import hashlib
import importlib.metadata
from pathlib import Path

import numpy as np
import pandas as pd

import sercourse
from sercourse import audio, corpora, features, networks, settings, splits
from sercourse.errors import ManifestError
from sercourse.features import Features, Recipe
from sercourse.features.recipes import VERSION as RECIPE_VERSION
from sercourse.networks.backend import load_keras
from sercourse.progress import bar
from sercourse.recognizer import bundle as bundles
from sercourse.recognizer import choosing, measuring
from sercourse.recognizer.answers import Thresholds
from sercourse.recognizer.bundle import Bundle
from sercourse.recognizer.recognizer import Recognizer
from sercourse.splits import Fold, Used
from sercourse.training import compiled, fit, on_crops, regimes, standardise
from sercourse.training.networks import encoded
from sercourse.training.normalising import moments
from sercourse.training.regimes import Regime

NETWORK = "log_mel_cnn"
"""What is trained by default. Of three networks that are quick on a CPU it had the lowest log loss on the
validation speakers of the demo corpus, with two seeds; nobody who is tested was looked at."""

WINDOW = 3.0
"""Seconds that the network hears at a time, where the recipe would take whole recordings."""

_PACKAGES = ("sercourse", "keras", "tensorflow", "numpy", "scipy", "soxr")
_BATCH = 16


def train(
    corpus: str = "demo",
    network: str = NETWORK,
    *,
    recipe: Recipe | None = None,
    seed: int = 0,
    epochs: int = 60,
    patience: int = 10,
    precision: float = 0.7,
    listen: bool | None = None,
    progress: bool = True,
    **options,
) -> Bundle:
    """Train a network on a corpus, and make a bundle of it.

    The speakers of the first published fold are tested, where the corpus has RAVDESS's actors; else a fifth
    of the speakers. A fifth of the others validates: they stop the training, unless the network has a
    regime, and choose temperature and thresholds.

    Parameters
    ----------
    corpus : str
        One of `corpora.CORPORA`.
    network : str
        One of `networks.NETWORKS`.
    recipe : Recipe, optional
        By default the network's own. One that takes whole recordings is cut to `WINDOW`.
    seed : int
        Of the weights, the shuffling, the validation speakers and the noises. The same seed gives the same
        bundle on the same machine.
    epochs, patience : int
        At most so many epochs, and no more than so many without a lower loss on the validation speakers. A
        network that is trained on crops by a regime of its own does all its epochs.
    precision : float
        Share of right answers that is wanted among those that name an emotion.
    listen : bool, optional
        Whether the leakage auditor compares the sound of the files too; by default where people speak.
    progress : bool
    **options
        Of the network's own function, or of its regime, see `sercourse.training.regimes`.

    Returns
    -------
    Bundle

    Raises
    ------
    LeakError
        A test recording has a copy among those trained on.
    CorpusError, UnknownNameError
        There is no such corpus or network.
    """
    synthetic = corpora.CORPORA[corpus].synthetic if corpus in corpora.CORPORA else False
    own = recipe or features.recipe(networks.network(network).recipe)
    recipe = windowed(own)
    extracted = features.extract(corpora.load(corpus), recipe, progress=progress)
    rows, fold = extracted.rows, outer_fold(extracted.rows)
    fitted, validation = splits.hold_out(rows, fold.train, seed=seed)
    used = Used()
    regime, options = regimes.chosen(network, options, horizon=epochs)
    fitting = {"patience": patience, "batch_size": _BATCH} if regime is None else dataclasses.asdict(regime)
    model, epochs_done, probabilities = _trained(
        network, extracted, fitted, validation, used, epochs, patience, regime, seed, options, progress
    )
    classes, _ = encoded(extracted)
    mean, deviation = moments(extracted, fitted)
    made = Bundle(
        model=model,
        network=network,
        recipe=recipe,
        mean=mean.astype(float),
        deviation=deviation.astype(float),
        temperature=choosing.temperature(rows["emotion"].iloc[validation], probabilities, classes),
        thresholds=Thresholds(precision=precision),
        classes=tuple(classes.tolist()),
        corpus=corpus,
        synthetic=synthetic,
        split=_speakers(rows, fitted, validation, fold.test),
        settings={"seed": seed, "epochs": epochs_done, **fitting, **options},
        results={},
        versions={name: importlib.metadata.version(name) for name in _PACKAGES},
        date=datetime.date.today().isoformat(),
    )
    used.note("select", validation)
    made = _with_thresholds(made, rows.iloc[validation], seed, progress)
    heard = not synthetic if listen is None else listen
    notes = splits.audit(rows, fold, used, listen=heard, progress=progress)
    results = measuring.measure(Recognizer(made), rows.iloc[fold.test], seed=seed, progress=progress)
    return dataclasses.replace(made, results={**results, "audit": notes["detail"].tolist()})


def windowed(recipe: Recipe) -> Recipe:
    """Return a recipe whose stretch is a window: use hears what training heard."""
    if recipe.seconds is not None:
        return recipe
    return dataclasses.replace(recipe, name=f"{recipe.name}_{WINDOW:g}s", seconds=WINDOW)


def outer_fold(rows: pd.DataFrame) -> Fold:
    """Return the fold whose test speakers `train` leaves out: the first published one, or a fifth of them."""
    try:
        return splits.published_five(rows)[0]
    except ManifestError:
        return splits.unseen(rows, "speaker", 5)[0]


def default(corpus: str = "demo", *, progress: bool = True) -> Path:
    """Return the path of the default bundle of a corpus; it is trained when it is first asked for.

    It is kept under `settings.home`, by a key of all that makes it: another version of the package, or
    another corpus of that name, gets one of its own.
    """
    path = settings.home() / "bundles" / f"{corpus}-{_key(corpus)}.zip"
    if not path.exists():
        if progress:
            print(f"training a recognizer on the corpus {corpus}: some minutes, and only this once")
        bundles.save(train(corpus, progress=progress), path)
    return path


def _key(corpus: str) -> str:
    rows = corpora.load(corpus)
    recordings = [
        (name, Path(path).stat().st_size) for name, path in rows[["recording_id", "path"]].to_numpy()
    ]
    told = (bundles.FORMAT, RECIPE_VERSION, sercourse.__version__, NETWORK, train.__kwdefaults__, recordings)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def _trained(
    network: str,
    extracted: Features,
    fitted: np.ndarray,
    validation: np.ndarray,
    used: Used,
    epochs: int,
    patience: int,
    regime: Regime | None,
    seed: int,
    options: dict,
    progress: bool,
):
    """Train until validation speakers say stop; return the network, its epochs, and what it says of them."""
    classes, y = encoded(extracted)
    x = networks.arrange(network, standardise(extracted, fitted, used))
    if regime is not None:
        with bar(regime.horizon, f"training {network}", "epoch", progress) as shown:
            model, history = on_crops.train(
                network,
                x,
                y,
                len(classes),
                regime,
                epochs=regime.horizon,
                seed=seed,
                train=fitted,
                used=used,
                on_epoch=lambda epoch, averaged: shown.update(),
                **options,
            )
        return model, len(history), on_crops.predict(model, x[validation], regime)
    steps = len(fitted) // _BATCH or 1
    with bar(epochs, f"training {network}", "epoch", progress) as shown:
        model = compiled.start(network, x.shape[1:], len(classes), steps=steps, seed=seed, **options)
        moves = load_keras().callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: shown.update())
        history = fit(
            model,
            x,
            y,
            epochs=epochs,
            batch_size=_BATCH,
            steps=steps,
            seed=seed,
            callbacks=[moves],
            train=fitted,
            validation=validation,
            patience=patience,
            used=used,
        )
    # A network of its own: the compiled one is trained again by whoever asks next, and carries an optimiser.
    kept = networks.build(network, x.shape[1:], len(classes), **options)
    kept.set_weights(model.get_weights())
    return kept, len(history), compiled.predict(model, x[validation])


def _with_thresholds(made: Bundle, rows: pd.DataFrame, seed: int, progress: bool) -> Bundle:
    """Choose on validation speakers what counts as speech, and then when to be not sure."""
    recipe = made.recipe
    recordings = (audio.read(path, recipe.rate, recipe.offset, recipe.seconds)[0] for path in rows["path"])
    limits = choosing.speech_limits(recordings, recipe.rate, seed)
    made = dataclasses.replace(made, thresholds=dataclasses.replace(made.thresholds, **limits))
    said = measuring.answers(Recognizer(made), rows, progress=progress)
    there, probabilities = measuring.judged(said, made.classes)
    right = np.array(made.classes)[probabilities.argmax(axis=1)] == rows["emotion"].to_numpy(str)[there]
    sure = choosing.sure(right, probabilities.max(axis=1), made.thresholds.precision)
    return dataclasses.replace(made, thresholds=dataclasses.replace(made.thresholds, sure=sure))


def _speakers(rows: pd.DataFrame, fitted, validation, test) -> dict[str, list[str]]:
    sides = {"train": fitted, "validation": validation, "test": test}
    return {name: sorted(rows["speaker"].iloc[side].unique().tolist()) for name, side in sides.items()}
