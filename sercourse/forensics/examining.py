"""All checks on one report: `examine`, and `CHECKS`, which explains each finding."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from sercourse.errors import TableError
from sercourse.forensics import (
    averages,
    classes,
    counted,
    granularity,
    losses,
    luck,
    patterns,
    sets,
    sizes,
)
from sercourse.forensics import (
    claims as claiming,
)
from sercourse.forensics.figures import count
from sercourse.forensics.figures import share as share_of
from sercourse.forensics.report import GRADES, Claim, Finding, Report
from sercourse.forensics.table import SUMMARIES, Row, Rows, families_of, read, settings_of

AVERAGES = ("weighted", "macro")

_TITLE = re.compile(r"^(?P<title>.+)\n-{3,}\n", re.MULTILINE)


class Check(NamedTuple):
    """What a finding means.

    Attributes
    ----------
    title : str
        The question that the check answers.
    formula : str
        When the finding is made.
    source : str
        Reference.
    example : str
        Worked, as in a Python session.
    what_it_cannot_say : str
        Its assumptions and its limits.
    """

    title: str
    formula: str
    source: str
    example: str
    what_it_cannot_say: str

    @classmethod
    def of(cls, function: Callable) -> "Check":
        """Read it from the docstring of the function that makes it, so that it is said once."""
        plain = (inspect.getdoc(function) or "").replace("`", "")
        parts = _TITLE.split(plain)
        told = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
        source = re.sub(r"\s+", " ", re.sub(r"^\.\. \[\d+\]", "", told["References"], flags=re.MULTILINE))
        return cls(
            parts[0].strip().split("\n\n")[0].replace("\n", " "),
            told["Formula"].replace("\n", " "),
            source.strip(),
            told["Examples"],
            told["What it cannot say"].replace("\n", " "),
        )


CHECKS: Mapping[str, Check] = {
    finding: Check.of(function)
    for finding, function in {
        "accuracy is not k of n": granularity.grim,
        "truncated figures": granularity.truncated,
        "denominators differ": granularity.fitting_n,
        "loss below its bound": losses.loss_bound,
        "softmax twice": losses.double_softmax_floor,
        "one class for all": averages.one_class,
        "what collapsed rows share": patterns.collapse_shared,
        "recall is accuracy": averages.recall_is_accuracy,
        "F1 above its bound": averages.f1_bound,
        "figures of a class disagree": classes.class_counts,
        "classes and totals disagree": classes.totals,
        "classes are not balanced": classes.not_balanced,
        "identical rows": patterns.identical_rows,
        "effect of a setting": patterns.effects,
        "difference not resolved": luck.mcnemar_bounds,
        "best of several": luck.best_of,
        "validation is test": sets.validation_is_test,
        "mixed sets": sets.mixed_sets,
        "training below validation": sets.training_below,
        "generalisation gap": sets.generalisation_gap,
        "corpus arithmetic": sizes.corpus_multiples,
        "split arithmetic": sizes.split_recordings,
        "claim without a table": claiming.without_table,
        "claims disagree": claiming.disagreeing,
        "claim against the table": claiming.against_table,
    }.items()
}
"""What each finding means, by the words in column ``finding``."""

_RUN = (
    counted.not_counts,
    losses.below_bound,
    averages.f1_above,
    classes.disagreeing,
    classes.totals,
    classes.not_balanced,
    losses.softmax_twice,
    sets.mixed_sets,
    sets.validation_is_test,
    counted.denominators,
    patterns.identical_rows,
    averages.collapsed,
    patterns.collapse_shared,
    sets.training_below,
    sizes.corpus_arithmetic,
    sizes.split_arithmetic,
    claiming.without_table,
    claiming.disagreeing,
    claiming.against_table,
    averages.recall_is_accuracy,
    counted.cut_off,
    patterns.effects,
    luck.not_resolved,
    luck.best_of,
    sets.generalisation_gap,
)


def examine(
    table: pd.DataFrame | None,
    *,
    n: int | Sequence[int] | None = None,
    n_train: int | Sequence[int] | None = None,
    n_val: int | Sequence[int] | None = None,
    n_classes: int | None = None,
    balanced: bool | None = None,
    average: str | None = None,
    accuracy: str | None = None,
    families: str | None = None,
    settings: Sequence[str] | None = None,
    n_files: int | None = None,
    parts: Mapping[str, int] | None = None,
    share: str | None = None,
    copies: int = 1,
    claims: Iterable[Claim] = (),
) -> pd.DataFrame:
    """Find what the figures of a report make impossible or odd.

    Parameters
    ----------
    table : pandas.DataFrame or None
        Cells as printed: text, as digits matter; "81.84 %" is read too. Columns, all optional, but one of
        them figures: ``accuracy``, ``precision``, ``recall``, ``f1``, ``loss``; accuracy and loss with
        ``train_``, ``val_`` or ``test_`` before them; numbers of rows ``n``, ``n_train``, ``n_val``,
        ``n_test``; ``support``, which makes the rows classes; ``row`` or ``class``, names; ``softmax_twice``
        ("yes" where the report says so); ``loss_on`` and ``accuracy_on``, the set that a figure is of. All
        others are settings. None: only the sizes and claims are looked at.
    n, n_train, n_val : int or sequence of int, optional
        Rows of test, training, validation. One number is what the report states, several are guesses: a
        figure that fits none is then odd, not impossible. Give none where figures are means over folds or
        runs: such a mean need not be a count.
    n_classes : int, optional
    balanced : bool, optional
        Whether the report calls its classes equally frequent.
    average : {"weighted", "macro"}, optional
        How precision, recall and F1 were averaged, where it is said.
    accuracy : str, optional
        Of all classes, for a table of classes.
    families, settings : str and sequence of str, optional
        Columns: whose values group the rows (the network), and which are settings of a grid. Without them
        they are guessed: columns whose values repeat, and among these the first that holds words.
    n_files : int, optional
        Files that the report counts.
    parts : mapping of str to int, optional
        Recordings of the corpora it used, by name.
    share, copies : str and int, optional
        Share of rows that were tested, as printed; rows made of each recording before the split.
    claims : iterable of Claim
        What the text says.

    Returns
    -------
    pandas.DataFrame
        Text, one row a finding: row, finding (a key of `CHECKS`), grade (`GRADES`, in this order), detail.

    Raises
    ------
    TableError
        A cell or an argument cannot be read, or cannot be. It names row, column and value.

    Examples
    --------
    >>> row = {"val_loss": ["0.06565"], "val_accuracy": ["0.7796"]}
    >>> examine(pd.DataFrame(row), n_val=490).iloc[0][["finding", "grade"]].tolist()
    ['loss below its bound', 'impossible']
    """
    rows = [] if table is None else read(table)
    ordinary, of_classes, summaries = _kinds(rows)
    families = families or families_of(ordinary)
    _check_columns(ordinary, families, settings or ())
    settings = settings_of(ordinary, families) if settings is None else settings
    report = Report(
        rows=ordinary,
        classes=of_classes,
        summaries=summaries,
        n={name: Rows.read(given, column) for name, given, column in _numbers(n, n_train, n_val)},
        n_classes=_number(n_classes, "n_classes"),
        balanced=balanced,
        average=_average(average),
        accuracy=_given(accuracy, "accuracy"),
        families=families,
        settings=tuple(each for each in settings if each != families),
        n_files=_number(n_files, "n_files"),
        parts={name: _number(size, "parts") for name, size in (parts or {}).items()},
        share=_given(share, "share"),
        copies=_number(copies, "copies"),
        claims=tuple(claims),
    )
    findings = [finding for check in _RUN for finding in check(report)]
    findings.sort(key=lambda finding: GRADES.index(finding.grade))
    return pd.DataFrame(findings, columns=Finding._fields, dtype=str)


def _kinds(rows: list[Row]) -> tuple[list[Row], list[Row], dict[str, Row]]:
    """Tell rows of results from rows of classes and from the summaries below them."""
    if not any("support" in row.counts for row in rows):
        return rows, [], {}
    summaries = {row.name.lower(): row for row in rows if row.name.lower() in SUMMARIES}
    return [], [row for row in rows if row.name.lower() not in summaries], summaries


def _numbers(n, n_train, n_val):
    return ("test", n, "n"), ("train", n_train, "n_train"), ("val", n_val, "n_val")


def _number(given, column: str) -> int | None:
    try:
        return None if given is None else count(given)
    except TableError as error:
        raise TableError(error.value, error.reason, error.advice, column=column) from None


def _given(printed, column: str):
    try:
        return None if printed is None else share_of(printed)
    except TableError as error:
        raise TableError(error.value, error.reason, error.advice, column=column) from None


def _average(average: str | None) -> str | None:
    if average not in (None, *AVERAGES):
        raise TableError(average, "is no average", f"give one of: {', '.join(AVERAGES)}", column="average")
    return average


def _check_columns(rows: Sequence[Row], families: str | None, settings: Sequence[str]) -> None:
    """See that the columns that a user names are there."""
    known = list(rows[0].settings) if rows else []
    for name in (*settings, *([families] if families else [])):
        if name not in known:
            raise TableError(name, "is no column of settings", f"name one of: {', '.join(known) or 'none'}")
