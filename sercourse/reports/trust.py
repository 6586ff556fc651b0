"""How far to trust the demo corpus: the same measurements on it and on real RAVDESS.

The strengths of the demo corpus's rules were chosen on RAVDESS's actors 1 to 12. So the halves
are measured apart, and `HELD_OUT`, actors 13 to 24, says how good the choice is for people whom it
has not seen. Report A's stacks were never looked at while the strengths were chosen.
"""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sercourse import audio, baselines, corpora, features, networks, settings, splits, training
from sercourse.corpora import demo_twins, wav
from sercourse.features import Features
from sercourse.parallel import share
from sercourse.reports import puzzle, results
from sercourse.reports.puzzle import RANDOM, UNSEEN
from sercourse.splits import Fold

CALIBRATION, HELD_OUT = "actors 1 to 12", "actors 13 to 24"
"""The half of RAVDESS's actors on which the demo corpus was calibrated, and the other half."""

HALVES = {CALIBRATION: range(1, 13), HELD_OUT: range(13, 25)}
"""Their numbers."""

SVM = {"mean MFCC, SVM": "mfcc_mean", "MFCC statistics, SVM": "mfcc_statistics"}
"""Recipe of each system that is a support vector machine (radial basis function, C = 10)."""

TWICE = "100 epochs, batch 16, every recording twice"
"""The system in which each recording stands beside the sound track of its video."""

STACKS = {"report_a_simple_rnn", "report_a_gru", "report_a_bilstm"}
_STACK_FITTING = {"epochs": 20, "batch_size": 32}
_STACK_SYSTEM = "4 layers of 64 units, 20 epochs, batch 32"

EMOBOX = "unseen actors, EmoBox's six folds, pooled"
RANDOM_SIX = "random, stratified six-fold, pooled"
_HELD_OUT = {
    "random": f"random, stratified six-fold, pooled, {HELD_OUT}",
    "unseen": f"unseen actors, six folds of two, pooled, {HELD_OUT}",
}
_QUARTER = {"random": "random, one stratified quarter", "unseen": "unseen actors, one fold of six"}


class _Task(NamedTuple):
    """One score: which rows, how split, and what predicts them."""

    identity: dict
    predict: Callable[[], tuple]  # see puzzle.score


def scores(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Score every system on all actors and on the held-out half; see `reports.measure`.

    What the puzzle has measured, Model B and the GRU on all actors, is not measured again.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors.
    seeds : int
        Seeds 0 to ``seeds - 1`` of the random splits and of the weights. Report A's stacks get seed 0 only.

    Yields
    ------
    identity : dict
    measure : callable
        See `sercourse.reports.puzzle.plan`.
    """
    manifest = corpora.load(corpus)
    numbers = splits.actors(manifest)
    held_out = manifest[numbers.isin(HALVES[HELD_OUT]).to_numpy(bool)].reset_index(drop=True)
    tasks = [
        *_svm_tasks(manifest, {RANDOM_SIX: random_folds(6), EMOBOX: same_folds(splits.emobox_six)}, seeds),
        *_svm_tasks(held_out, {_HELD_OUT["random"]: random_folds(6), _HELD_OUT["unseen"]: _unseen(6)}, seeds),
        *_network_tasks(
            manifest, {RANDOM: random_folds(5), UNSEEN: same_folds(splits.published_five)}, seeds, [TWICE]
        ),
        *_network_tasks(
            held_out,
            {_HELD_OUT["random"]: random_folds(6), _HELD_OUT["unseen"]: _unseen(6)},
            seeds,
            puzzle.FITTING,
        ),
        *_stack_tasks(manifest),
    ]
    for task in tasks:
        identity = {"corpus": corpus, "normalisation": "none", **task.identity}
        yield identity, functools.partial(puzzle.score, task.predict)


def random_folds(n_folds: int) -> Callable[[pd.DataFrame, int], list[Fold]]:
    """Return ``folds(rows, seed)`` that deals recordings at random."""
    return lambda rows, seed: splits.unsafe_random(rows, n_folds, seed)


def _unseen(n_folds: int):
    # The folds are the same for all seeds, as the published ones are.
    return lambda rows, seed: splits.unseen_speakers(rows, n_folds)


def same_folds(folds: Callable[[pd.DataFrame], list[Fold]]) -> Callable[[pd.DataFrame, int], list[Fold]]:
    """Return ``folds(rows, seed)`` that are the same for all seeds."""
    return lambda rows, seed: folds(rows)


def _svm_tasks(manifest: pd.DataFrame, protocols: dict, seeds: int) -> Iterator[_Task]:
    for system, recipe in SVM.items():
        for protocol, folds in protocols.items():
            # Without weights to draw, a split that has no seed has one result only.
            for seed in range(seeds if protocol.startswith("random") else 1):
                identity = {"system": system, "network": "svm", "recipe": recipe, "fold": "pooled"}
                yield _Task(
                    identity | {"protocol": protocol, "seed": seed},
                    functools.partial(_svm, manifest, recipe, folds, seed),
                )


def _svm(manifest, recipe: str, folds, seed: int):
    extracted = features.extract(manifest, features.recipe(recipe))
    true = extracted.rows["emotion"].to_numpy(str)
    dealt = folds(extracted.rows, seed)
    return true, svm_predict(extracted, dealt), dealt


def svm_predict(extracted: Features, folds: list[Fold]) -> np.ndarray:
    """Predict each row by a support vector machine that was trained without it.

    Parameters
    ----------
    extracted : Features
        With one frame a recording.
    folds : list of Fold

    Returns
    -------
    numpy.ndarray of str, shape (n_utterances,)
    """
    return training.cross_predict(baselines.svm(), extracted, folds, progress=False).predicted


def _network_tasks(manifest: pd.DataFrame, protocols: dict, seeds: int, systems) -> Iterator[_Task]:
    for each in systems:
        twice = each == TWICE
        name = "report_c_model_b" if twice else each
        for seed in range(seeds):
            for protocol, folds in protocols.items():
                identity = {
                    "system": TWICE if twice else puzzle.system(name),
                    "network": name,
                    "recipe": networks.network(name).recipe,
                }
                yield _Task(
                    identity | {"protocol": protocol, "fold": "pooled", "seed": seed},
                    functools.partial(_network, manifest, name, folds, seed, twice),
                )


def _network(manifest, name: str, folds, seed: int, twice: bool):
    if twice:
        manifest = with_twins(manifest)
    extracted = features.extract(manifest, features.recipe(networks.network(name).recipe))
    dealt = folds(extracted.rows, seed)
    predictions = training.cross_predict(name, extracted, dealt, seed=seed, **puzzle.FITTING[name])
    return extracted.rows["emotion"], predictions.predicted, dealt


def _stack_tasks(manifest: pd.DataFrame) -> Iterator[_Task]:
    for name in sorted(STACKS):
        for kind, folds in (("random", random_folds(4)), ("unseen", _unseen(4))):
            identity = {
                "system": _STACK_SYSTEM,
                "network": name,
                "recipe": "report_a",
                "protocol": _QUARTER[kind],
                "fold": "1",
                "seed": 0,
            }
            yield _Task(identity, functools.partial(_stack, manifest, name, folds))


def _stack(manifest, name: str, folds):
    extracted = features.extract(manifest, features.recipe("report_a"))
    fold = folds(extracted.rows, 0)[0]
    (predictions,) = training.predict_folds(name, extracted, [fold], **_STACK_FITTING)
    return extracted.rows["emotion"].iloc[fold.test], predictions.predicted, [fold]


def with_twins(manifest: pd.DataFrame) -> pd.DataFrame:
    """Add to each recording the sound track of its video, which is made where it is missing.

    Parameters
    ----------
    manifest : pandas.DataFrame
        Of RAVDESS or of the demo corpus, audio only.

    Returns
    -------
    pandas.DataFrame
        Twice as many rows: the twins have modality audio-video and their original's recording_id.
    """
    corpus = manifest["corpus"].iloc[0]
    folder = settings.home() / "soundtracks" / corpus
    folder.mkdir(parents=True, exist_ok=True)
    paths = [str(folder / f"{Path(path).parent.name}-{Path(path).stem}.wav") for path in manifest["path"]]
    missing = [pair for pair in zip(manifest["path"], paths, strict=True) if not _is_fresh(*pair)]
    for _ in share(_soundtrack, missing, "making the sound tracks of videos", "file", ordered=False):
        pass
    twins = manifest.assign(path=pd.array(paths, "string"), modality="audio-video")
    return pd.concat([manifest, twins], ignore_index=True)


def _is_fresh(original: str, path: str) -> bool:
    """Whether a sound track is there and not older than its original, which may have been made anew."""
    made = Path(path)
    return made.exists() and made.stat().st_mtime >= Path(original).stat().st_mtime


def _soundtrack(pair: tuple[str, str]) -> None:
    original, path = pair
    samples, rate = audio.read(original)
    partial = Path(path).with_suffix(".part")
    wav.save(partial, demo_twins.soundtrack(samples, rate), rate)
    partial.replace(path)


def agreement() -> pd.DataFrame:
    """Put the shipped scores of both corpora side by side.

    Returns
    -------
    pandas.DataFrame
        One row a system and protocol: network, recipe, system, protocol; real and demo (mean UAR over the
        seeds), difference (demo less real), real_spread and demo_spread (highest less lowest).
    """
    table = pd.concat([results.measured(name) for name in ("puzzle", "demo_trust")])
    index = ["network", "recipe", "system", "protocol"]
    means, spreads = (
        table.pivot_table("uar", index, "corpus", statistic, sort=False) for statistic in ("mean", np.ptp)
    )
    return pd.DataFrame(
        {
            "real": means["ravdess"],
            "demo": means["demo"],
            "difference": means["demo"] - means["ravdess"],
            "real_spread": spreads["ravdess"],
            "demo_spread": spreads["demo"],
        }
    ).reset_index()
