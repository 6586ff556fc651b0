"""What a cross-entropy and an accuracy say about each other.

Losses are in nats, as Keras and PyTorch give them.
"""

import math
from collections.abc import Iterator

from sercourse.forensics.figures import Figure
from sercourse.forensics.report import Finding, Report
from sercourse.forensics.table import Row

SURE = 0.9
"""An accuracy from which a loss above the double softmax's floor needs an explanation."""

NEAR = 0.05
"""So close to floor + error a loss is explained by a double softmax."""


def loss_bound(accuracy: float) -> float:
    """The smallest mean cross-entropy that a softmax can have at an accuracy.

    Parameters
    ----------
    accuracy : float
        In [0, 1].

    Returns
    -------
    float
        Nats an example.

    Formula
    -------
    loss >= (1 - accuracy) x ln 2. Where another class has the largest probability, the true one has at most
    1/2, and costs at least ln 2 = .693. Examples that are right cost at least nothing.

    References
    ----------
    .. [1] The line above is the whole proof. For cross-entropy see Goodfellow, I., Bengio, Y., Courville, A.
       (2016). Deep Learning, section 6.2. MIT Press.

    What it cannot say
    ------------------
    It holds for loss and accuracy of the same examples under the same weights, the natural logarithm, and a
    mean in which all examples count alike. Label smoothing and weight penalties only raise the loss. It does
    not hold for class weights, a focal loss, or binary cross-entropy averaged over the outputs, whose bound
    is 2 ln 2 / K an error.

    Examples
    --------
    With .7796 right, .2204 are wrong. A loss of .06565 is less than half of what these alone cost.

    >>> round(loss_bound(0.7796), 4)
    0.1528
    """
    return (1 - accuracy) * math.log(2)


def double_softmax_floor(n_classes: int, error: float = 0.0) -> float:
    """The loss of a network that sends its softmax through a second softmax.

    Parameters
    ----------
    n_classes : int
    error : float
        Share of examples that are wrong, each with full confidence.

    Returns
    -------
    float
        Nats an example. With ``error=0`` the floor: no such network can have a smaller loss.

    Formula
    -------
    The second softmax sees 1 for one class and 0 for the other K - 1 at best. The true class then gets
    e / (e + K - 1), which costs ln(e + K - 1) - 1. A confident error costs 1 more: floor + error. No example
    costs more than floor + 1, and no error less than ln(2 sqrt(e) + K - 2) - 1/2.

    References
    ----------
    .. [1] Derived from the definition of softmax, see Goodfellow, I., Bengio, Y., Courville, A. (2016). Deep
       Learning, section 6.2.2.3. MIT Press.
    .. [2] PyTorch documentation of ``CrossEntropyLoss``: the input is expected to be unnormalised logits.

    What it cannot say
    ------------------
    A single softmax can have such a loss too: by little confidence, or by a few errors made with far too
    much. So the finding is only made at 90 % right or more. In Keras ``from_logits=True`` on a softmax layer
    does not show it: Keras goes back to the logits.

    Examples
    --------
    Seven classes and 2 wrong of 280: a report prints 1.1745.

    >>> round(double_softmax_floor(7), 4), round(double_softmax_floor(8), 4)
    (1.1654, 1.274)
    >>> round(double_softmax_floor(7, error=2 / 280), 4)
    1.1726
    """
    return math.log(math.e + n_classes - 1) - 1 + error


def double_softmax_bounds(accuracy: float, n_classes: int) -> tuple[float, float]:
    """Return the smallest and the largest mean loss through two softmaxes at this accuracy.

    Parameters
    ----------
    accuracy : float
    n_classes : int

    Returns
    -------
    low, high : float
        Nats an example; see `double_softmax_floor`. With two classes no wrong example costs less than ln 2.

    Examples
    --------
    >>> [round(bound, 3) for bound in double_softmax_bounds(0.9, 7)]
    [1.21, 2.165]
    """
    floor = double_softmax_floor(n_classes)
    wrong = math.log(2 * math.sqrt(math.e) + n_classes - 2) - 0.5
    return floor + (1 - accuracy) * (wrong - floor), floor + 1


def pairs(row: Row) -> Iterator[tuple[str, Figure, str, Figure]]:
    """Yield the losses of a row with the accuracies that belong to them: columns and figures."""
    for prefix in ("", "train_", "val_", "test_"):
        loss, accuracy = row.get(f"{prefix}loss"), row.get(f"{prefix}accuracy")
        if loss and accuracy:
            yield f"{prefix}loss", loss, f"{prefix}accuracy", accuracy


def below_bound(report: Report) -> Iterator[Finding]:
    """Losses that are too small for their accuracy; see `loss_bound`."""
    for row in report.rows:
        for loss_column, loss, accuracy_column, accuracy in pairs(row):
            bound = loss_bound(min(1.0, float(accuracy.high)))
            if float(loss.high) >= bound:
                continue
            detail = (
                f"{loss_column} {loss} at {accuracy_column} {accuracy}: the errors alone cost "
                f"{1 - float(accuracy.value):.4g} x ln 2 = {loss_bound(float(accuracy.value)):.4f}."
            )
            if row.of_two_sets and loss_column == "loss":
                detail += " The two are figures of different sets, so that the bound does not bind them."
                yield Finding(row.name, "loss below its bound", "odd", detail)
                continue
            if float(loss.value) > 0 and 10 * float(loss.high) >= bound:
                detail += (
                    f" Ten times as much, {10 * float(loss.value):.6g}, could be: look for a slipped point."
                )
            detail += " Or the two were not counted on the same examples."
            yield Finding(row.name, "loss below its bound", "impossible", detail)


def softmax_twice(report: Report) -> Iterator[Finding]:
    """Losses that a softmax through a softmax explains, or excludes; see `double_softmax_floor`."""
    if not report.n_classes:
        return
    for row in report.rows:
        said = row.words.get("softmax_twice", "").lower() in {"yes", "true", "1"}
        for loss_column, loss, accuracy_column, accuracy in pairs(row):
            if not (row.of_two_sets and loss_column == "loss"):
                where = f"{loss_column} {loss} at {accuracy_column} {accuracy}"
                found = _softmax_twice(where, loss, accuracy, report.n_classes, said)
                if found:
                    yield Finding(row.name, "softmax twice", *found)


def _softmax_twice(where: str, loss: Figure, accuracy: Figure, n_classes: int, said: bool):
    low, high = double_softmax_bounds(min(1.0, float(accuracy.high)), n_classes)
    floor = double_softmax_floor(n_classes)
    error, bound = 1 - float(accuracy.value), loss_bound(float(accuracy.value))
    if said and (float(loss.high) < low or float(loss.low) > high):
        detail = f"{where}: two softmaxes over {n_classes} classes give {low:.4f} to {high:.4f}."
        return "impossible", detail
    explained = float(loss.high) >= low and abs(float(loss.value) - floor - error) <= NEAR
    if explained and (said or accuracy.value >= SURE):
        detail = (
            f"{where}: the floor of two softmaxes over {n_classes} classes is ln(e + {n_classes - 1}) - 1 = "
            f"{floor:.4f}, and with the errors {floor + error:.4f}."
        )
        if not said:
            detail += f" One softmax that is right so often usually costs far less; its bound is {bound:.4f}."
        return "note" if said else "odd", detail
    return None
