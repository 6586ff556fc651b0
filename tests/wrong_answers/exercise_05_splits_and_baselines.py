"""Exercise 05: UAR and accuracy, folds by speaker, whose mean scales, pooled scores, two leaks."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "recordings are cut into blocks, whoever speaks them",
        {
            "folds-answer": """
def unseen_folds(speakers, n_folds):
    if len(set(speakers)) < n_folds:
        raise ValueError("too few speakers")
    rows = np.arange(len(speakers))
    return [(np.setdiff1d(rows, test), test) for test in np.array_split(rows, n_folds)]
"""
        },
        {"folds-apart": "these speakers stand on both sides: actor_0"},
    ),
    Wrong(
        "scaler before the split",
        {"scaler-answer": "def scaled(x, train):\n    return (x - x.mean(axis=0)) / x.std(axis=0)"},
        {
            "scaler-training": "by all rows, test rows among them",
            "scaler-test": "by all rows, test rows among them",
        },
    ),
    Wrong(
        "the scaler is fitted again on the test rows; folds leave speakers out of training too",
        {
            "scaler-answer": """
def scaled(x, train):
    test = np.setdiff1d(np.arange(len(x)), train)
    done = np.empty_like(x)
    for side in (train, test):
        done[side] = (x[side] - x[side].mean(axis=0)) / (x[side].std(axis=0) + 1e-12)
    return done
""",
            "folds-answer": """
def unseen_folds(speakers, n_folds):
    speakers = np.asarray(speakers)
    heaps = np.array_split(np.unique(speakers), n_folds)
    if not all(len(heap) for heap in heaps):
        raise ValueError("too few speakers")
    rows = [np.flatnonzero(np.isin(speakers, heap)) for heap in heaps]
    return [(rows[number - 1], rows[number]) for number in range(n_folds)]
""",
        },
        {
            "scaler-test": "by their own mean and deviation",
            "folds-rest": "All rows that it does not test should be in its training",
        },
    ),
    Wrong(
        "precision for recall, accuracy for UAR, the deaf system taken for the worse one by both",
        {
            "deaf-answer": """
counts = confusion.to_numpy()
heard_accuracy = np.trace(counts) / counts.sum()
heard_uar = np.mean(np.diag(counts) / counts.sum(axis=0))
deaf_accuracy = counts[0].sum() / counts.sum()
deaf_uar = 0.25
fooled = "UAR"
""",
            "pooled-answer": """
def uar(true, named):
    return np.mean(np.asarray(true) == np.asarray(named))


parts = [uar(fold["emotion"], fold["named"]) for _, fold in tested.groupby("fold")]
pooled = mean_of_folds = np.mean(parts)
""",
        },
        {
            "deaf-uar": "you divided by the columns",
            "deaf-fooled": "should be 'accuracy', and is 'UAR'",
            "pooled-uar": "returned the accuracy",
            "pooled-pooled": "The UAR of all test rows together should be",
            "pooled-mean": "The mean of the three folds' UARs should be",
        },
    ),
    Wrong(
        "whatever selects features is taken for a leak, and choosing by the test folds for none",
        {"leaks-answer": "leaks = {2, 8}"},
        {
            "leaks-choice": "The line where the test folds choose it is not in your set",
            "leaks-clean": "Line 8 does not leak",
        },
    ),
]
