"""What the parsers of file names share."""

from collections.abc import Iterable


def one_of(field: str, value: str, known: Iterable[str]) -> str:
    """Return a field of a file's name, if it is one of the known ones.

    Raises
    ------
    ValueError
        Names the field, the value and what it may be.
    """
    known = list(known)
    if value not in known:
        raise ValueError(f"{field} {value} is not one of {', '.join(known)}")
    return value
