"""Whether the demo corpus and real RAVDESS are alike inside: what is taken for what, and what emotion does to
the voice.

The scores of `sercourse.reports.trust` can agree for different reasons; these tables look behind them.
"""

import functools
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from sercourse import audio, corpora, features, splits
from sercourse.corpora.manifest import EMOTIONS
from sercourse.features.prosody import Prosody, measure_prosody
from sercourse.parallel import share
from sercourse.reports import results
from sercourse.reports.trust import EMOBOX, HALVES, RANDOM_SIX, SVM, random_folds, same_folds, svm_predict


def confusions(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Count what the SVM on MFCC statistics takes each emotion for.

    On the random split the predictions of all seeds are put together.
    """
    system, recipe = list(SVM.items())[-1]
    extracted = features.extract(corpora.load(corpus), features.recipe(recipe))
    true = extracted.rows["emotion"].to_numpy(str)
    for protocol, folds, n_seeds in (
        (RANDOM_SIX, random_folds(6), seeds),
        (EMOBOX, same_folds(splits.emobox_six), 1),
    ):
        count = functools.cache(
            lambda folds=folds, n_seeds=n_seeds: np.concatenate(
                [svm_predict(extracted, folds(extracted.rows, seed)) for seed in range(n_seeds)]
            )
        )
        for emotion in EMOTIONS[:8]:
            identity = {"system": system, "corpus": corpus, "protocol": protocol, "emotion": emotion}
            yield identity, functools.partial(_shares, true, count, emotion)


def _shares(true: np.ndarray, predict, emotion: str) -> dict:
    predicted = predict()
    own = predicted[np.tile(true == emotion, len(predicted) // len(true))]
    return {"n": len(own)} | {name: float(np.mean(own == name)) for name in EMOTIONS[:8]}


def prosody(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Measure what each emotion does to F0, intensity, rate and more.

    There is no chance in it, so `seeds` has no effect.
    """
    manifest = corpora.load(corpus)
    numbers = splits.actors(manifest)
    measure = functools.cache(lambda: _prosody_of(manifest))
    for actors, half in HALVES.items():
        rows = numbers.isin(half).to_numpy(bool)
        for emotion in EMOTIONS[1:8]:
            for name in Prosody._fields:
                identity = {"corpus": corpus, "actors": actors, "emotion": emotion, "measure": name}
                yield identity, functools.partial(_effect, measure, rows, emotion, name)


def _prosody_of(manifest: pd.DataFrame) -> pd.DataFrame:
    found = pd.DataFrame(share(_prosody_of_file, manifest["path"].tolist(), "measuring prosody", "file"))
    return pd.concat([manifest[["speaker", "emotion"]], found], axis=1)


def _prosody_of_file(path: str) -> Prosody:
    return measure_prosody(*audio.read(path, 22_050))


def _effect(measure, rows: np.ndarray, emotion: str, name: str) -> dict:
    """Difference from the same speaker's neutral voice, and its ratio to the deviation within speakers."""
    table = measure()[rows]
    neutral = table[table["emotion"] == "neutral"].groupby("speaker")[name].mean()
    own = table[name] - table["speaker"].map(neutral)
    groups = [own[table["emotion"] == each].dropna() for each in (emotion, "neutral")]
    speakers = table["speaker"]
    within = [group - group.groupby(speakers).transform("mean") for group in groups]
    pooled = np.sqrt(sum((group**2).sum() for group in within) / (sum(map(len, within)) - 2))
    difference = groups[0].mean() - groups[1].mean()
    return {"difference": difference, "effect_size": difference / pooled, "n": len(groups[0])}


def confusion_correlation(protocol: str) -> float:
    """Spearman's rank correlation of the off-diagonal confusions of both corpora, as shipped.

    Parameters
    ----------
    protocol : str
        `RANDOM_SIX` or `EMOBOX`.
    """
    table = results.measured("demo_confusions")
    table = table[table["protocol"] == protocol].set_index(["corpus", "emotion"])
    off = ~np.eye(8, dtype=bool)
    real, demo = (
        table.loc[corpus].loc[list(EMOTIONS[:8]), list(EMOTIONS[:8])].to_numpy(float)[off]
        for corpus in ("ravdess", "demo")
    )
    return float(spearmanr(real, demo).statistic)
