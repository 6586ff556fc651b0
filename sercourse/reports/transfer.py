"""Train on one corpus, test on another: the table of lesson 16.

Two corpora have other people, other rooms, other sentences and perhaps another language. They also have other
labels. So a label map comes first: it says which emotions of both are put under which class, and which are
left out. All maps here are fixed, and the same for all corpora, so that a column of the matrix holds the same
test rows and the same classes in every line. Within one corpus the test speakers are unseen.

Source: Schuller B, Vlasenko B, Eyben F, et al. (2010) Cross-corpus acoustic emotion recognition: variances
and strategies. IEEE Transactions on Affective Computing 1(2), 119-131.
"""

import functools
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from sercourse import baselines, corpora, features, splits, training
from sercourse.corpora.manifest import QUADRANTS
from sercourse.errors import UnknownNameError
from sercourse.evaluation import Protocol
from sercourse.features import Features
from sercourse.reports import first_systems
from sercourse.reports.first_systems import Tested
from sercourse.splits import Fold

CORPORA = ("ravdess", "tess", "savee", "emodb", "cremad", "demo", "demo_second")
"""Those whose labels the maps cover. Whichever of them are on this machine are tested on."""

SHARED = ("neutral", "happy", "sad", "angry", "fearful", "disgust")
"""The emotions that all of `CORPORA` have."""

SIX, FOLDED, AROUSAL = "six shared emotions", "calm and bored as neutral", "high and low arousal"

LABEL_MAPS = {
    SIX: {emotion: emotion for emotion in SHARED},
    FOLDED: {emotion: emotion for emotion in SHARED} | {"calm": "neutral", "bored": "neutral"},
    AROUSAL: {emotion: "high" if arousal == "high" else "low" for emotion, (arousal, _) in QUADRANTS.items()},
}
"""Which emotion is put under which class. An emotion that a map does not name is left out."""

BY_CORPUS = "transductive by corpus"
NORMALISATION = ("none", BY_CORPUS, "transductive")
"""Of the features: not at all, each corpus by all of its own recordings, each speaker by all of theirs."""

ACROSS = "trained on one corpus, tested on another"
FEW = 10
"""Up to so many speakers are left out one at a time, where there are no published folds."""


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Train on a corpus, and test on it and on every other corpus that is on this machine.

    Parameters
    ----------
    corpus : str
        One of `CORPORA`: what is trained on. Run it once for each line of the matrix.
    seeds : int
        Seeds 0 to ``seeds - 1`` of the small network. The support vector machine has none.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.first_systems.plan`, with two columns more in the identity: ``tested_on`` and
        ``label_map``.

    Raises
    ------
    UnknownNameError
        The maps do not cover this corpus.
    CorpusError
        It is not on this machine.
    """
    if corpus not in CORPORA:
        raise UnknownNameError("corpus with a label map", corpus, CORPORA)

    @functools.cache
    def extracted(name: str) -> Features:
        recipe = features.recipe(first_systems.RECIPE)
        return features.extract(corpora.load(name), recipe)

    for tested_on in [corpus, *(name for name in CORPORA if name != corpus and corpora.find(name))]:
        for label_map in LABEL_MAPS:
            for normalisation in NORMALISATION:
                yield from _systems(extracted, corpus, tested_on, label_map, normalisation, seeds)


def _systems(
    extracted: Callable[[str], Features],
    corpus: str,
    tested_on: str,
    label_map: str,
    normalisation: str,
    seeds: int,
) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Yield the support vector machine, and on the six emotions the small network with each seed."""
    words = ACROSS if corpus != tested_on else within(extracted(corpus).rows).columns["protocol"]
    systems = [("C = 10", "svm", 0, baselines.svm)]
    if label_map == SIX:
        systems += [
            ("32 hidden units", "mlp", seed, functools.partial(first_systems.small_network, seed))
            for seed in range(seeds)
        ]
    for system, network, seed, build in systems:
        identity = {
            "system": system,
            "network": network,
            "recipe": first_systems.RECIPE,
            "corpus": corpus,
            "tested_on": tested_on,
            "label_map": label_map,
            "protocol": words,
            "normalisation": normalisation,
            "fold": "pooled",
            "seed": seed,
        }
        predict = functools.partial(_predict, extracted, build, corpus, tested_on, label_map, normalisation)
        yield identity, functools.partial(first_systems.score, predict)


def _predict(extracted, build, corpus, tested_on, label_map, normalisation) -> Tested:
    one = extracted(corpus)
    other = None if corpus == tested_on else extracted(tested_on)
    return cross(build(), one, other, label_map, normalisation)


def cross(
    estimator,
    one: Features,
    other: Features | None = None,
    label_map: str = SIX,
    normalisation: str = "none",
) -> Tested:
    """Train on one corpus and test on another, or on its own unseen speakers.

    Parameters
    ----------
    estimator : estimator
        Such as ``baselines.svm()``.
    one : Features
        Of the corpus to train on.
    other : Features, optional
        Of the corpus to test on, by the same recipe. Without it, the speakers of `one` are tested, see
        `within`.
    label_map : str
        One of `LABEL_MAPS`.
    normalisation : str
        One of `NORMALISATION`. It comes before the map leaves recordings out: who normalises in use has no
        labels to leave them out by.

    Returns
    -------
    Tested
        Its rows are the tested ones, and their ``emotion`` is the class that the map puts them under.

    Raises
    ------
    UnknownNameError
        No such map or normalisation.
    """
    both = normalised(one if other is None else _joined(one, other), normalisation)
    both, named = mapped(both, label_map)
    if other is None:
        dealt = within(both.rows).folds(both.rows, 0)
    else:
        dealt = [Fold(*np.split(np.arange(len(both.rows)), [len(one.rows)]))]
    folds = [Fold(train[named[train]], test[named[test]]) for train, test in dealt]
    return first_systems.cross(estimator, both, folds)


def within(rows: pd.DataFrame) -> Protocol:
    """Return the protocol by which a corpus is tested on its own unseen speakers.

    RAVDESS and the demo corpus have published folds. Of few speakers each is left out once, and of many a
    fifth at a time.
    """
    if splits.actors(rows).notna().all():
        return Protocol("published five", seeds=[0])
    few = rows["speaker"].nunique() <= FEW
    return Protocol("leave one speaker out" if few else "unseen speakers five", seeds=[0])


def mapped(extracted: Features, label_map: str) -> tuple[Features, np.ndarray]:
    """Put emotions under the classes of a label map.

    Parameters
    ----------
    extracted : Features
    label_map : str
        One of `LABEL_MAPS`.

    Returns
    -------
    extracted : Features
        With the class for the ``emotion``. A recording that the map does not name keeps its own.
    named : numpy.ndarray of bool, shape (n_utterances,)
        True where the map names the emotion: use these rows only.

    Raises
    ------
    UnknownNameError
        No such map.
    """
    if label_map not in LABEL_MAPS:
        raise UnknownNameError("label map", label_map, LABEL_MAPS)
    emotion = extracted.rows["emotion"]
    classes = emotion.map(LABEL_MAPS[label_map]).astype("string")
    rows = extracted.rows.assign(emotion=classes.fillna(emotion))
    return extracted._replace(rows=rows), classes.notna().to_numpy(bool)


def normalised(extracted: Features, normalisation: str) -> Features:
    """Normalise features by all recordings of each speaker, or of the whole corpus, without labels.

    Parameters
    ----------
    extracted : Features
        Of one corpus, or of several one below the other: each is normalised by itself.
    normalisation : str
        One of `NORMALISATION`.

    Returns
    -------
    Features
    """
    if normalisation not in NORMALISATION:
        raise UnknownNameError("way to normalise", normalisation, NORMALISATION)
    if normalisation != BY_CORPUS:
        return training.normalise_speakers(extracted, normalisation)
    speakers = extracted.rows["speaker"]
    as_one = extracted._replace(rows=extracted.rows.assign(speaker=extracted.rows["corpus"]))
    whole = training.normalise_speakers(as_one, "transductive")
    return whole._replace(rows=whole.rows.assign(speaker=speakers))


def _joined(one: Features, other: Features) -> Features:
    """Return two corpora as one table of features, one below the other."""
    rows = pd.concat([one.rows, other.rows], ignore_index=True)
    x, mask = (np.concatenate(pair) for pair in ((one.x, other.x), (one.mask, other.mask)))
    return one._replace(x=x, mask=mask, rows=rows)
