"""Findings on training, validation and test figures that stand side by side."""

from collections.abc import Iterator

from sercourse.forensics.figures import Figure
from sercourse.forensics.losses import loss_bound
from sercourse.forensics.report import Finding, Report
from sercourse.forensics.table import SET_NAMES, set_of

LARGE_GAP = 0.1
"""Ten points of accuracy: from here on a gap is mentioned."""


def validation_is_test(report: Report) -> Iterator[Finding]:
    """A validation set that is the test set.

    Formula
    -------
    Validation and test loss agree in all printed digits, three or more, and the accuracies do not differ.
    Two sets of different examples give two losses. Accuracies alone agree by chance now and then, and give a
    note.

    References
    ----------
    .. [1] Kapoor, S., Narayanan, A. (2023). Leakage and the reproducibility crisis in machine-learning-based
       science. Patterns 4(9), 100804.

    What it cannot say
    ------------------
    Whether training was stopped, or a setting chosen, by this set. If it was, the test figure is too good.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> row = {"val_loss": ["0.8045"], "test_loss": ["0.8045"], "test_accuracy": ["0.7918"]}
    >>> examine(pd.DataFrame(row))[["finding", "grade"]].values.tolist()
    [['validation is test', 'odd']]
    """
    for row in report.rows:
        sizes = [report.rows_of(row, f"{which}_accuracy") for which in ("val", "test")]
        if all(each.stated for each in sizes) and sizes[0] != sizes[1]:
            continue
        loss = row.get("val_loss"), row.get("test_loss")
        accuracy = row.get("val_accuracy"), row.get("test_accuracy")
        apart = all(accuracy) and not accuracy[0].overlaps(accuracy[1])
        if all(loss):
            if _agree(*loss, digits=3) and not apart:
                detail = f"Validation and test loss are both {loss[0]}: most likely one set."
                yield Finding(row.name, "validation is test", "odd", detail)
        elif all(accuracy) and _agree(*accuracy, digits=4) and 0 < accuracy[0].value < 1:
            detail = f"Validation and test accuracy are both {accuracy[0]}; two sets may agree so by chance."
            yield Finding(row.name, "validation is test", "note", detail)


def mixed_sets(report: Report) -> Iterator[Finding]:
    """Figures of a row, or of a column, that come from different sets.

    Formula
    -------
    The report names different sets for loss and accuracy of a row, or for one column of several rows. Or loss
    and accuracy break loss >= error x ln 2, while the same loss and the training accuracy keep it.

    References
    ----------
    .. [1] Kapoor, S., Narayanan, A. (2023). Leakage and the reproducibility crisis in machine-learning-based
       science. Patterns 4(9), 100804.

    What it cannot say
    ------------------
    Which set a figure is of, where the report does not name it: the third sign only says that training would
    fit.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> row = {"loss": "0.0019", "accuracy": "0.9976", "loss_on": "training", "accuracy_on": "validation"}
    >>> examine(pd.DataFrame([row])).detail[0]
    'The loss 0.0019 is of training, the accuracy 0.9976 of validation data.'
    """
    for row in report.rows:
        loss, accuracy, trained = row.get("loss"), row.get("accuracy"), row.get("train_accuracy")
        if loss and accuracy and row.of_two_sets:
            sets = [SET_NAMES[set_of(row.words[column])] for column in ("loss_on", "accuracy_on")]
            detail = f"The loss {loss} is of {sets[0]}, the accuracy {accuracy} of {sets[1]} data."
            yield Finding(row.name, "mixed sets", "odd", detail)
        elif loss and accuracy and trained and not row.get("train_loss"):
            fits = [
                float(loss.high) >= loss_bound(min(1.0, float(each.high))) for each in (accuracy, trained)
            ]
            if fits == [False, True]:
                detail = (
                    f"The loss {loss} is too small for accuracy {accuracy}, but not for training accuracy "
                    f"{trained}: it is probably of training."
                )
                yield Finding(row.name, "mixed sets", "odd", detail)
    for column in ("loss", "accuracy"):
        named = {
            row.name: set_of(row.words.get(f"{column}_on", "")) for row in report.rows if row.get(column)
        }
        if len(set(named.values()) - {None}) > 1:
            shown = ", ".join(f"{name}: {SET_NAMES[each]}" for name, each in named.items() if each)
            detail = f"Column {column} holds figures of different sets, which cannot be compared. {shown}."
            yield Finding(f"all {len(report.rows)} rows", "mixed sets", "odd", detail)


def training_below(report: Report) -> Iterator[Finding]:
    """Training accuracy below validation accuracy.

    Formula
    -------
    Both as printed, further apart than their digits. A gap over .10 is odd.

    References
    ----------
    .. [1] Srivastava, N., Hinton, G., Krizhevsky, A., Sutskever, I., Salakhutdinov, R. (2014). Dropout: a
       simple way to prevent neural networks from overfitting. Journal of Machine Learning Research 15,
       1929-1958.

    What it cannot say
    ------------------
    Which explanation holds. Dropout is on while training accuracy is counted, and the weights of the whole
    epoch count, not the last ones. Augmented or harder training data do the same, and so do validation rows
    that were trained on in another form.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> rows = {"train_accuracy": ["0.7466"], "val_accuracy": ["0.9265"]}
    >>> examine(pd.DataFrame(rows)).values.tolist()[0][1:3]
    ['training below validation', 'odd']
    """
    for row in report.rows:
        trained = row.get("train_accuracy")
        column = next((c for c in ("val_accuracy", "test_accuracy", "accuracy") if row.get(c)), None)
        if not trained or not column or trained.high >= row.get(column).low:
            continue
        gap = float(row.get(column).value - trained.value)
        detail = (
            f"train_accuracy {trained} is {gap:.4g} below {column} {row.get(column)}. "
            "Dropout is on while training accuracy is counted"
        )
        large = gap > LARGE_GAP
        detail += ", but ask why the gap is so large." if large else ", which explains a small gap."
        yield Finding(row.name, "training below validation", "odd" if large else "note", detail)


def generalisation_gap(report: Report) -> Iterator[Finding]:
    """Training accuracy far above that of the test.

    Formula
    -------
    Training accuracy less test accuracy (validation, where no test is given) is over .10.

    References
    ----------
    .. [1] Goodfellow, I., Bengio, Y., Courville, A. (2016). Deep Learning, section 5.2. MIT Press.

    What it cannot say
    ------------------
    Nothing is wrong with a gap that is told: the network has learnt its training rows by heart in part. No
    gap proves nothing either, as leaks close it.

    Examples
    --------
    >>> import pandas as pd
    >>> from sercourse.forensics import examine
    >>> rows = {"train_accuracy": ["0.9614"], "test_accuracy": ["0.7918"]}
    >>> examine(pd.DataFrame(rows)).detail[0]
    'train_accuracy 0.9614 is 0.1696 above test_accuracy 0.7918.'
    """
    for row in report.rows:
        trained = row.get("train_accuracy")
        column = next((c for c in ("test_accuracy", "accuracy", "val_accuracy") if row.get(c)), None)
        if trained and column and float(trained.value - row.get(column).value) > LARGE_GAP:
            gap = float(trained.value - row.get(column).value)
            detail = f"train_accuracy {trained} is {gap:.4g} above {column} {row.get(column)}."
            yield Finding(row.name, "generalisation gap", "note", detail)


def _agree(one: Figure, other: Figure, digits: int) -> bool:
    return one.value == other.value and min(one.digits, other.digits) >= digits
