"""Exercise 16: a replication, an interval, two sexes, probabilities, a label map."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "the bootstrap draws recordings, not speakers",
        {
            "interval-answer": """
def interval(right, speaker, seed):
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(right), size=(2000, len(right)))
    return np.quantile(np.asarray(right)[drawn].mean(axis=1), [0.025, 0.975])
"""
        },
        {
            "interval-width": "which is too narrow: those of one person resemble each other",
            "interval-twice": "A speaker who is drawn twice counts twice",
            "interval-pooled": "so the interval should end above .9",
        },
    ),
    Wrong(
        "who is drawn twice is taken once, and skill is a ratio of scores",
        {
            "interval-answer": """
def interval(right, speaker, seed):
    rng, shares, people = np.random.default_rng(seed), [], np.unique(speaker)
    for _ in range(2000):
        drawn = rng.choice(people, len(people))
        shares.append(right[np.isin(speaker, drawn)].mean())
    return np.quantile(shares, [0.025, 0.975])
""",
            "ladder-answer": """
moved_most = ladder["uar"].diff().abs().idxmax()
skill_left = ladder["uar"].iloc[-1] / ladder["uar"].iloc[0]
""",
        },
        {
            "interval-twice": "A speaker who is drawn twice counts twice",
            "ladder-skill": "measure both from one eighth",
        },
    ),
    Wrong(
        "speakers' scores are averaged; one direction is counted; three of each sex are thought enough",
        {
            "interval-answer": """
def interval(right, speaker, seed):
    scores = pd.Series(right).groupby(speaker).mean().to_numpy()
    drawn = np.random.default_rng(seed).integers(len(scores), size=(2000, len(scores)))
    return np.quantile(scores[drawn].mean(axis=1), [0.025, 0.975])
""",
            "sexes-answer": """
from itertools import combinations


def p_value(score, female):
    ours = score[female].mean() - score[~female].mean()
    everybody = np.arange(len(score))
    dealt = [np.isin(everybody, each) for each in combinations(everybody, female.sum())]
    return np.mean([score[each].mean() - score[~each].mean() >= ours - 1e-12 for each in dealt])


smallest = 1 / 20
needed = 3
""",
        },
        {
            "interval-pooled": "so the interval should end above .9",
            "sexes-example": "You counted one direction only",
            "sexes-smallest": "should be 0.1, and is 0.05",
            "sexes-needed": "should be 4, and is 3",
        },
    ),
    Wrong(
        "Brier's score is averaged over classes; answers outside the map are forgiven; guessing stays at 1/8",
        {
            "brier-answer": """
def brier(true, probabilities, classes):
    return np.mean((probabilities - (np.asarray(true)[:, None] == np.asarray(classes))) ** 2)


of_nothing = 1 - 1 / 4
too_sure = probabilities.max(axis=1).mean() - np.mean(np.array(classes)[probabilities.argmax(axis=1)] == true)
""",
            "map-answer": """
def uar_under(true, predicted, label_map):
    pairs = pd.DataFrame({"true": true, "said": predicted}).replace(label_map)
    pairs = pairs[pairs.isin(set(label_map.values())).all(axis=1)]
    return (pairs["true"] == pairs["said"]).groupby(pairs["true"]).mean().mean()


guessing = 1 / 8
""",
        },
        {
            "brier-score": "You took the mean over classes, too",
            "map-outside": "and you forgave it",
            "map-guess": "Under the map there are two classes",
        },
    ),
]
