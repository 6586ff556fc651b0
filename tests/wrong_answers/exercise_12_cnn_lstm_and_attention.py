"""Exercise 12: reshape for transpose, padding that votes and is attended to, single tests of three."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "axes swapped by reshape, weights for each step, and the first axis is always time",
        {
            "axes-answer": """
walks_over = "frames"
n_weights = n_coefficients * 4 * n_filters


def over_frames(batch):
    n, n_rows, n_columns = batch.shape
    return batch.reshape(n, n_columns, n_rows, 1)
"""
        },
        {
            "axes-walk": "should be 'coefficients', and is 'frames'",
            "axes-weights": "all steps share one set of weights",
            "axes-values": "Reshape does not turn",
        },
    ),
    Wrong(
        "the majority is taken for the sum, and padded frames vote",
        {
            "votes-answer": """
leader = emotions[np.bincount(said.argmax(axis=1)).argmax()]


def votes(probabilities, n_real):
    majority = int(np.bincount(probabilities.argmax(axis=1)).argmax())
    return {"sum": majority, "logs": int(np.log(probabilities).sum(axis=0).argmax()), "majority": majority}
"""
        },
        {
            "votes-sum": "that is the one that most frames name",
            "votes-padding": "Padded frames should have no vote",
        },
    ),
    Wrong(
        "softmax over all frames: padded ones get weight, in attention and in both other poolings",
        {
            "pool-answer": """
def mean_pool(states, mask):
    return states.mean(axis=1)


def last_pool(states, mask):
    return states[:, -1]
""",
            "attend-answer": """
def attend(states, mask, u):
    raised = np.exp((states * mask[..., None]) @ u)
    weights = raised / raised.sum(axis=1, keepdims=True)
    return weights, np.einsum("nt,ntu->nu", weights, states)
""",
        },
        {
            "pool-mean": "yours goes over the padding too",
            "pool-last": "you take the end of the padding",
            "attend-padding": "Padded frames should have no weight",
            "attend-weights": "Each frame's weight differs from the expected values",
            "attend-pooled": "The weighted mean differs from the expected values",
            "attend-zero": "With u = 0 all real frames should count alike",
        },
    ),
    Wrong(
        "padded frames get their zeros after the softmax; an interval that misses zero is called resolved",
        {
            "attend-answer": """
def attend(states, mask, u):
    raised = np.exp(states @ u)
    weights = mask * raised / raised.sum(axis=1, keepdims=True)
    return weights, np.einsum("nt,ntu->nu", weights, states)
""",
            "table-answer": """
n_resolved = int((pairs["low"] * pairs["high"] > 0).sum())
left_open = [0]
""",
        },
        {
            "attend-sum": "If padded frames got their zeros after the softmax",
            "attend-weights": "differs from the expected values",
            "attend-pooled": "differs from the expected values",
            "attend-zero": "With u = 0 all real frames should count alike",
            "table-resolved": "does not know that there were three",
            "table-open": "The list of differences left open should be",
        },
    ),
]
