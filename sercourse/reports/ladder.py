"""The six leaks: each alone, all sets of them, and the ladder from an honest score to 100 %: lesson 15."""

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from sercourse import augment, corpora, evaluation, features, leaks, networks, splits, training
from sercourse.features import Features
from sercourse.leaks import LEAKS, Bench, Condition
from sercourse.reports import puzzle, results
from sercourse.reports.augmented import NETWORK
from sercourse.reports.layers import interval_over_actors
from sercourse.splits import Fold

EPOCHS = 40
"""By then the network names every training row right, as a look at the training rows of one fold told; so
whatever leaks is learnt. With Report C's 100 epochs at Adam's own learning rate it is the same."""

PROTOCOL = "unseen speakers with unseen statements, five folds by two, pooled"
"""What all conditions are tested on. What they train on is said by the column ``system``."""

HONEST = Condition()

CONTROL = {
    Condition(on=["statements"]): HONEST,
    Condition(on=["speakers"]): HONEST,
    Condition(on=["augmentation"]): Condition(controlled=["augmentation"]),
    Condition(on=["duplicates"]): Condition(controlled=["duplicates"]),
    Condition(on=["duplicates"], twins="soundtrack"): Condition(controlled=["duplicates"]),
    Condition(on=["scaling"]): HONEST,
    Condition(on=["selection"]): Condition(controlled=["selection"]),
    Condition(on=["stopping"]): Condition(controlled=["stopping"]),
}
"""Each leak by itself, and its control: all that it has but the leak. The fifth leak stands here in its two
parts, and duplicates in their two kinds."""

ALONE = (*CONTROL, *dict.fromkeys(CONTROL.values()))
"""What `CONTROL` holds."""

LADDER = (
    HONEST,
    *(Condition(on=list(LEAKS)[:number]) for number in range(1, len(LEAKS) + 1)),
    Condition(on=LEAKS, every_twin=True),
)
"""One leak more on each rung; on the last, every test recording has its second copy in training."""

SETS = tuple(
    Condition(on=chosen)
    for number in range(len(LEAKS) + 1)
    for chosen in itertools.combinations(LEAKS, number)
)
"""All 64 sets of leaks. They are measured on real speech, with seed 0."""


def plan(corpus: str, seeds: int) -> Iterator[tuple[dict, Callable[[], dict]]]:
    """Train Model B under each condition; see `reports.measure`.

    Parameters
    ----------
    corpus : str
        One that has RAVDESS's actors and statements.
    seeds : int
        Seeds 0 to ``seeds - 1`` of validation speakers, drawn rows, weights and shuffling.

    Yields
    ------
    identity, measure
        As in `sercourse.reports.puzzle.plan`, with each actor's UAR.
    """
    extracted = features.extract(corpora.load(corpus), features.recipe(networks.network(NETWORK).recipe))
    soundtracks = functools.cache(functools.partial(leaks.soundtracks, extracted))
    bench = functools.cache(functools.partial(_bench, extracted, soundtracks))
    always = tuple(dict.fromkeys((*LADDER, *ALONE)))
    wanted = [(condition, seed) for seed in range(seeds) for condition in always]
    if not corpora.CORPORA[corpus].synthetic:
        wanted += [(condition, 0) for condition in SETS if condition not in always]
    for condition, seed in wanted:
        yield _identity(extracted, corpus, condition, seed), functools.partial(score, bench, condition, seed)


def _identity(extracted: Features, corpus: str, condition: Condition, seed: int) -> dict:
    return {
        "system": str(condition),
        "network": NETWORK,
        "recipe": extracted.recipe.name,
        "corpus": corpus,
        "protocol": PROTOCOL,
        "normalisation": "none",
        "fold": "pooled",
        "seed": seed,
    }


def score(bench: Callable[[int, str], Bench], condition: Condition, seed: int) -> dict:
    """Score a condition on all test rows, and on those of each actor.

    Parameters
    ----------
    bench : callable
        ``bench(seed, twins)``: the `Bench` of a seed and of a kind of second copies.
    condition : Condition
    seed : int

    Returns
    -------
    dict
        As `sercourse.reports.puzzle.score`, and the UAR of each actor.
    """
    trials = bench(seed, condition.twins)
    rows = trials.examples.rows.iloc[trials.tested]
    true, made = rows["emotion"].to_numpy(str), []

    def predict() -> tuple[np.ndarray, np.ndarray, list[Fold]]:
        made.append(trials.predict(condition).predicted)
        return true, made[0], trials.folds(condition)

    scores = puzzle.score(predict)
    by_actor = evaluation.by(true, made[0], splits.actors(rows))
    parameters = networks.build(NETWORK, trials.examples.x.shape[1:][::-1], len(set(true))).count_params()
    return scores | {"parameters": parameters} | {f"actor {actor}": uar for actor, uar in by_actor.items()}


def compare_leaks(corpus: str = "ravdess") -> pd.DataFrame:
    """Put each leak by itself beside its control, as the course measured them.

    Returns
    -------
    pandas.DataFrame
        One row a condition of `CONTROL`, by its name: control (its name); score and control score (UAR, the
        mean of the seeds); difference (of the two), low and high (its 95 % interval over the 24 actors);
        lowest and highest (difference of a seed).
    """
    pairs = {str(leak): str(control) for leak, control in CONTROL.items()}
    return _compared(corpus, pairs)


def climb(corpus: str = "ravdess") -> pd.DataFrame:
    """Put each rung of the ladder beside the one below it, as the course measured them.

    Returns
    -------
    pandas.DataFrame
        As `compare_leaks`, one row a rung after the first; ``control`` is the rung below.
    """
    rungs = [str(condition) for condition in LADDER]
    return _compared(corpus, dict(zip(rungs[1:], rungs, strict=False)))


def measured_set(on: Sequence[str]) -> float:
    """Return the measured UAR of a set of leaks on real RAVDESS, with seed 0.

    Parameters
    ----------
    on : sequence of str
        Names of `sercourse.leaks.LEAKS`, none to all.
    """
    own = results.measured("leaks").query("corpus == 'ravdess' and seed == 0").set_index("system")["uar"]
    return float(own[str(Condition(on=on))])


def _compared(corpus: str, controls: dict[str, str]) -> pd.DataFrame:
    table = results.measured("leaks").query("corpus == @corpus").set_index(["system", "seed"])
    actors = list(table.columns[table.columns.str.startswith("actor ")])
    rows = {}
    for system, control in controls.items():
        one, other = table.loc[system], table.loc[control]
        by_actor = (one[actors] - other[actors]).mean()
        low, high = interval_over_actors(by_actor)
        apart = one["uar"] - other["uar"]
        rows[system] = {
            "control": control,
            "score": one["uar"].mean(),
            "control score": other["uar"].mean(),
            "difference": apart.mean(),
            "low": low,
            "high": high,
            "lowest": apart.min(),
            "highest": apart.max(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _bench(extracted: Features, soundtracks: Callable[[], Features], seed: int, twins: str) -> Bench:
    chain = augment.augmentation("report_b").with_seed(seed)
    augmented = training.extract_copies(extracted, chain)[0]
    copies = None if twins == "exact" else soundtracks()
    examples = leaks.examples(extracted, augmented, copies)
    folds = splits.unseen_speakers_and_statements(extracted.rows)
    return Bench(examples, folds, network=NETWORK, epochs=EPOCHS, seed=seed, progress=False)
