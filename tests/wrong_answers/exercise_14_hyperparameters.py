"""Exercise 14: the size of a search, seeds, an honest choice, the best of n, McNemar's bounds."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "the setting is chosen on the test rows, and the best score of all is told",
        {
            "choose-answer": """
def choose(grid):
    return grid["uar"].idxmax(), grid["uar"].max()


def optimism(grid):
    loss = grid["validation_uar"] - grid["uar"]
    return loss[grid["validation_uar"].idxmax()] - loss.mean()
"""
        },
        {
            "choose-row": "is the best on the test rows. The choice should be made on the validation rows",
            "choose-told": "The best score of the test rows is no report",
        },
    ),
    Wrong(
        "chosen on the validation rows, whose score is then told too; the loss of all cells is forgotten",
        {
            "choose-answer": """
def choose(grid):
    return grid["validation_uar"].idxmax(), grid["validation_uar"].max()


def optimism(grid):
    best = grid["validation_uar"].idxmax()
    return grid["validation_uar"][best] - grid["uar"][best]
"""
        },
        {
            "choose-told": "it was chosen for being high",
            "choose-optimism": "Take off what all cells lose on average",
        },
    ),
    Wrong(
        "the best of n is the highest of all draws; luck in common is thought to add up",
        {
            "luck-answer": """
def expected_best(truth, n_models, n_test):
    drawn = np.random.default_rng(0).binomial(n_test, truth, size=(20_000, n_models))
    return drawn.max(axis=0).mean() / n_test


in_common = "higher"
"""
        },
        {
            "luck-best": "too high. Take the highest of the models in each draw",
            "luck-one": "should be 0.6, and is 0.7",
            "luck-common": "should be 'lower', and is 'higher'",
        },
    ),
    Wrong(
        "the mean of all models; one-sided p; the luck of the winning seed promised",
        {
            "luck-answer": """
def expected_best(truth, n_models, n_test):
    return np.random.default_rng(0).binomial(n_test, truth, size=(20_000, n_models)).mean() / n_test


in_common = "lower"
""",
            "lead-answer": """
def p_bounds(ahead, behind, n_test):
    lost = n_test - ahead
    least = binomtest(lost, 2 * lost + ahead - behind, alternative="less").pvalue
    return 0.5 ** (ahead - behind), least


smallest_lead = 5
""",
            "seeds-answer": """
in_band = np.sum(cells >= more_seeds.min())
promise = np.mean([*more_seeds, cells[-1]])
ranking = "yes"
""",
        },
        {
            "luck-best": "no more than the true accuracy",
            "lead-favourable": "the chance of one side only",
            "lead-least": "The least favourable p of 266 to 261 of 325 should be 0.718",
            "lead-smallest": "p is .0625",
            "seeds-promise": "Your mean has seed 0 in it",
            "seeds-ranking": "The answer should be 'no', and is 'yes'",
        },
    ),
    Wrong(
        "20 and 50 epochs trained apart",
        {
            "count-answer": """
n_cells = np.prod([len(values) for values in search.values()])
n_trainings = n_outer * n_seeds * n_cells * n_inner
"""
        },
        {"count-trainings": "One training gives both cells"},
    ),
]
