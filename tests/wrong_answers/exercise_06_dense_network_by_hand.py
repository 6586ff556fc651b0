"""Exercise 06: parameters, a floor under the loss, softmax and its cost, a gradient, dropout."""

from exercises_marked import Wrong

COST = """
def softmax(logits):
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(logits, true):
    return -np.log(softmax({shares})[np.arange(len(true)), true]).mean()
"""

WRONG = [
    Wrong(
        "softmax twice: the cost is given shares, and makes shares of them once more",
        {"cost-answer": COST.format(shares="softmax(logits)")},
        {"cost-values": "after two softmaxes"},
    ),
    Wrong(
        "softmax over the whole table, and without taking the largest logit off",
        {
            "cost-answer": """
def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum()


def cross_entropy(logits, true):
    return -np.log(softmax(logits)[np.arange(len(true)), true]).mean()
""",
            "step-answer": """
def gradient(logits, true):
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[true]


descent_ratio = large / small
adam_ratio = large / small
""",
        },
        {
            "cost-rows": "All shares together sum to one",
            "cost-large": "give nan or inf",
            "cost-values": "should be",
            "step-many": "gradient of the sum of the costs",
            "step-adam": "the size of the gradient cancels",
        },
    ),
    Wrong(
        "no biases; the smallest loss is the impossible one; the floor is that of guessing",
        {
            "count-answer": """
n_report_e = 40 * 256 + 3 * 256**2 + 256 * 7
n_own = sum(a * b for a, b in zip(sizes, sizes[1:]))
""",
            "loss-answer": """
def floor(n_classes, n_softmaxes):
    return np.log(n_classes)


impossible = studies["loss"].idxmin()
lowest = (1 - studies["accuracy"][impossible]) * np.log(2)
twice = studies["loss"].idxmax()
""",
        },
        {
            "count-ann": "without its biases",
            "count-own": "without its biases",
            "loss-impossible": "has the smallest loss, and few wrong answers",
            "loss-lowest": "should be",
            "loss-floor": "what guessing among 7 costs",
            "loss-twice": "has the largest loss, more than two softmaxes can make",
        },
    ),
    Wrong(
        "dropout that only silences, and shrinks in use; the gradient's sign; one floor for all softmaxes",
        {
            "loss-answer": """
def floor(n_classes, n_softmaxes):
    return np.log(np.e + n_classes - 1) - 1


allowed = (1 - studies["accuracy"]) * np.log(2)
impossible = (studies["loss"] < allowed).idxmax()
lowest = allowed[impossible]
twice = (studies["loss"] - floor(studies["classes"], 2))[studies["accuracy"] > 0.95].abs().idxmin()
""",
            "dropout-answer": """
def dropout(units, kept, rate, training):
    return np.where(kept, units, 0.0) if training else units * (1 - rate)
""",
            "step-answer": """
def gradient(logits, true):
    return (np.eye(logits.shape[1])[true] - softmax(logits)) / len(true)


descent_ratio = large / small
adam_ratio = 1
""",
        },
        {
            "loss-floor": "This is the floor of two softmaxes",
            "dropout-scaled": "should be made larger",
            "dropout-use": "were made smaller",
            "step-one": "The sign is turned round",
            "step-many": "differs from the expected values",
        },
    ),
]
