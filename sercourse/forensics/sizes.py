"""Findings on the sizes that a report states: files, recordings, and the rows of its sets."""

import math
from collections.abc import Iterator, Mapping
from itertools import combinations

from sercourse.errors import TableError
from sercourse.forensics.figures import count, share
from sercourse.forensics.report import Finding, Report
from sercourse.forensics.table import SET_NAMES

MOST_COPIES = 5
"""More copies of every recording than this are not looked for."""

NEAR = 0.1
"""A corpus that is this much larger than what a split leaves room for is compared with it, no other."""


def corpus_multiples(n_files: int, parts: Mapping[str, int]) -> list[tuple[int, tuple[str, ...]]]:
    """How often a known corpus, or several together, fit into a number of files.

    Parameters
    ----------
    n_files : int
        Files that the report counts.
    parts : mapping of str to int
        Recordings of corpora, or of parts of one, by name.

    Returns
    -------
    list of (int, tuple of str)
        How often, and which: ``(2, ("speech", "song"))`` for twice both.

    Raises
    ------
    TableError
        A number is not whole.

    Formula
    -------
    n_files = m x (sum of some parts), m from 1 to 5. With m of 2 or more and nothing else to explain it,
    every recording stands in the data m times, and a random split puts copies on both sides.

    References
    ----------
    .. [1] Livingstone, S. R., Russo, F. A. (2018). The Ryerson Audio-Visual Database of Emotional Speech and
       Song (RAVDESS). PLoS ONE 13(5), e0196391. Gives the numbers of its files.

    What it cannot say
    ------------------
    Whether the files are copies: that is heard, not counted. Two sums may give one number, such as speech
    and song with and without sound.

    Examples
    --------
    >>> corpus_multiples(4904, {"RAVDESS speech": 1440, "RAVDESS song": 1012})
    [(2, ('RAVDESS speech', 'RAVDESS song'))]
    """
    n_files, parts = count(n_files), {name: count(size) for name, size in parts.items()}
    found = []
    for several in range(1, len(parts) + 1):
        for names in combinations(parts, several):
            times, left = divmod(n_files, sum(parts[name] for name in names))
            if not left and times <= MOST_COPIES:
                found.append((times, names))
    return found


def split_recordings(n_test: int, share_tested, copies: int = 1) -> list[int]:
    """The numbers of recordings of which a split gives so many test rows.

    Parameters
    ----------
    n_test : int
        Test rows.
    share_tested : str or float
        Share of the rows that are tested, such as ``"20 %"``.
    copies : int
        Rows that were made of each recording.

    Returns
    -------
    list of int
        All numbers of recordings that do, with the test rows rounded up, down, or to the nearest.

    Raises
    ------
    TableError
        A number is not whole, or the share lies outside 0 to 1.

    Formula
    -------
    n_test = share x copies x recordings, rounded up (as scikit-learn does), down, or to the nearest.

    References
    ----------
    .. [1] Documentation of scikit-learn, ``train_test_split``: how sizes are rounded stands in its source.

    What it cannot say
    ------------------
    Which recordings are missing, and why. It takes the share as exact.

    Examples
    --------
    855 test rows are 20 % of 3 x 1,425, and 1,440 recordings would give 864.

    >>> split_recordings(855, "20 %", copies=3)
    [1424, 1425, 1426]
    """
    n_test, copies, tested = count(n_test), count(copies), share(share_tested).value
    if not tested:
        raise TableError(share_tested, "tests nothing", "give the share of test rows, such as 20 %")
    lowest = math.floor((n_test - 1) / (tested * copies))
    highest = math.ceil((n_test + 1) / (tested * copies))
    return [m for m in range(max(1, lowest), highest + 1) if _gives(tested * copies * m, n_test)]


def corpus_arithmetic(report: Report) -> Iterator[Finding]:
    """Files that are a multiple of known recordings; see `corpus_multiples`."""
    if not report.n_files or not report.parts:
        return
    found = corpus_multiples(report.n_files, report.parts)
    for times, names in found:
        total = " + ".join(str(report.parts[name]) for name in names)
        made = f"{report.n_files} files = {times} x ({total}) = {times} x {report.n_files // times}"
        grade, often = ("note", "once") if times == 1 else ("odd", f"{times} times")
        detail = f"{made}: every recording of {' and '.join(names)} {often}, if these are its parts."
        yield Finding("", "corpus arithmetic", grade, detail)
    if not found:
        known = ", ".join(f"{name} {size}" for name, size in report.parts.items())
        detail = f"{report.n_files} files are no multiple of {known}."
        yield Finding("", "corpus arithmetic", "note", detail)


def split_arithmetic(report: Report) -> Iterator[Finding]:
    """Sizes of sets that do not fit the corpus; see `split_recordings`."""
    stated = {
        which: report.n[which].only for which in SET_NAMES if report.n.get(which) and report.n[which].stated
    }
    total = report.n_files * report.copies if report.n_files else None
    if total and len(stated) == len(SET_NAMES) and sum(stated.values()) != total:
        shown = " + ".join(f"{size}" for size in stated.values())
        detail = (
            f"{shown} = {sum(stated.values())} rows in training, validation and test, but there are {total}."
        )
        yield Finding("", "split arithmetic", "odd", detail)
    n_test = stated.get("test")
    if not n_test or not report.share:
        return
    possible = split_recordings(n_test, report.share, report.copies)
    for name, size in _known(report).items():
        if size in possible or not 0 <= size - possible[-1] <= NEAR * size:
            continue
        missing = [size - m for m in reversed(possible)]
        exact = next((m for m in possible if report.share.value * report.copies * m == n_test), possible[0])
        times = f"{report.copies} x " if report.copies > 1 else ""
        detail = (
            f"{n_test} test rows are {report.share} of {times}{exact}, but {name} has {size}: {size - exact} "
            f"recordings are missing without a word ({missing[0]} to {missing[-1]}, as it is rounded)."
        )
        yield Finding("", "split arithmetic", "odd", detail)


def _known(report: Report) -> dict[str, int]:
    """Return the numbers of recordings that a split may be of."""
    if report.n_files:
        return {"the report": report.n_files}
    return {name: count(size) for name, size in report.parts.items()}


def _gives(rows, n_test: int) -> bool:
    return n_test in (math.floor(rows), math.ceil(rows), round(rows))
