"""Exercise 03: pauses, Cohen's kappa, votes, a rater's habit."""

from exercises_marked import Wrong

WRONG = [
    Wrong(
        "a loud room's pauses are heard at any threshold, and nothing is missed",
        {
            "film-answer": """
n_lines = int((np.diff(np.flatnonzero((levels > -30) | ((levels > -55) & (levels < -42)))) > 1).sum() + 1)
missed = 0
stretches_low = n_lines
"""
        },
        {
            "film-lines": "You counted a breath",
            "film-missed": "lines that -30 dB misses should be",
            "film-low": "the engine room itself is loud",
        },
    ),
    Wrong(
        "every quiet frame ends a line, and what touches the ends of the sound is lost",
        {
            "lines-answer": """
def find_lines(levels, threshold, min_pause):
    steps = np.diff((np.asarray(levels) > threshold).astype(int))
    starts, ends = np.flatnonzero(steps == 1) + 1, np.flatnonzero(steps == -1) + 1
    return [(start / 100, end / 100) for start, end in zip(starts, ends)]
"""
        },
        {
            "lines-breath": "A pause of 0.2 s is a breath",
            "lines-ends": "has 2 lines here, and you find",
            "lines-room": "with a threshold that follows the room",
        },
    ),
    Wrong(
        "frames are taken for seconds",
        {
            "lines-answer": """
def find_lines(levels, threshold, min_pause):
    above = np.flatnonzero(np.asarray(levels) > threshold)
    if not len(above):
        return []
    at = np.flatnonzero(np.diff(above) > 100 * min_pause)
    return list(zip(np.r_[above[0], above[at + 1]].tolist(), (np.r_[above[at], above[-1]] + 1).tolist()))
"""
        },
        {
            "lines-edges": "should be in seconds",
            "lines-breath": "he line with a breath in it",
            "lines-ends": "ines at both ends of the sound",
            "lines-room": "with a threshold that follows the room",
        },
    ),
    Wrong(
        "kappa is the raw agreement, and a skipped clip is a disagreement",
        {
            "kappa-answer": """
def kappa(one, other):
    return np.mean([a is not None and a == b for a, b in zip(one, other)])
"""
        },
        {
            "kappa-value": "the agreement that you observe",
            "kappa-chance": "without listening, should be 0, and is 0.82",
            "kappa-missing": "from the four clips that both labelled",
        },
    ),
    Wrong(
        "chance is one over the number of labels, whatever the raters' habits",
        {
            "kappa-answer": """
def kappa(one, other):
    both = [(a, b) for a, b in zip(one, other) if a and b]
    chance = 1 / len({label for pair in both for label in pair})
    return (np.mean([a == b for a, b in both]) - chance) / (1 - chance)
"""
        },
        {
            "kappa-chance": "as if all labels were equally frequent",
            "kappa-missing": "appa of your two raters",
        },
    ),
    Wrong(
        "a tie goes to the first label, and skipped counts as a vote",
        {
            "votes-answer": """
from collections import Counter


def majority(votes):
    return Counter(votes).most_common(1)[0][0]


def soft_label(votes, order):
    return np.array([votes.count(label) / len(votes) for label in order])
"""
        },
        {
            "votes-winner": "Skipped is no vote",
            "votes-tie": "makes up an agreement that is not there",
            "votes-missing": "Divide by the votes, not by the raters",
        },
    ),
    Wrong(
        "the rater who disagrees most often is taken for the one with the habit",
        {
            "habit-answer": """
def apart(rater):
    return np.mean([(ratings[rater] != ratings[name]).mean() for name in ratings])


loud_rater = max(ratings, key=apart)
called_angry = int((ratings[loud_rater] == "angry").sum())
"""
        },
        {"habit-rater": "Look at the pattern", "habit-count": "that this rater alone calls angry"},
    ),
]
