"""The log of looks at test rows of real corpora.

A test set wears out: whoever looks at it and then changes something has chosen by it. So a look is asked for
(``final``), and noted. The log is a small CSV file in the package's own folder, committed with it.
"""

import csv
import datetime
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sercourse.errors import ExperimentError

if TYPE_CHECKING:
    from sercourse.experiments.description import Experiment

LOG = Path(__file__).parent / "looks.csv"
"""Where looks are noted, unless another file is named."""

COLUMNS = ("date", "corpus", "protocol", "fold", "network", "trainings")


def looks(log=None) -> pd.DataFrame:
    """Return the log.

    Returns
    -------
    pandas.DataFrame
        date, corpus, protocol, fold, network, and trainings: how many were looked at.
    """
    log = log or LOG
    if not Path(log).exists():
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.read_csv(log)


def note(experiments: Iterable["Experiment"], log=None) -> None:
    """Add to the log that the test rows of experiments were looked at.

    Parameters
    ----------
    experiments : iterable of Experiment
    log : path-like, optional
        By default `LOG`.

    Raises
    ------
    ExperimentError
        The log cannot be written; names it.
    """
    today = datetime.date.today().isoformat()
    counts = Counter((today, each.corpus, each.protocol, each.fold, each.network) for each in experiments)
    log = Path(log or LOG)
    try:
        with log.open("a", newline="", encoding="utf-8") as file:
            lines = csv.writer(file, lineterminator="\n")
            if file.tell() == 0:
                lines.writerow(COLUMNS)
            lines.writerows((*what, number) for what, number in counts.items())
    except OSError as error:
        raise ExperimentError(
            f"{log}: {error.strerror}, so this look at test rows cannot be noted; name another log"
        ) from error
