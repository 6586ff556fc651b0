"""The log of looks at test rows of real corpora.

A test set wears out: whoever looks at it and then changes something has chosen by it. So a look is asked for
(``final``), and noted. The log is a small CSV file in the package's own folder, committed with it.
"""

import datetime
from collections import Counter
from pathlib import Path

import pandas as pd

from sercourse.corpora import CORPORA
from sercourse.files import written_whole

LOG = Path(__file__).parent / "looks.csv"
"""Where looks are noted, unless another file is named."""

COLUMNS = ("date", "corpus", "protocol", "fold", "network", "trainings")


def looks(log=LOG) -> pd.DataFrame:
    """Return the log.

    Returns
    -------
    pandas.DataFrame
        date, corpus, protocol, fold, network, and trainings: how many were looked at.
    """
    if not Path(log).exists():
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.read_csv(log)


def note(experiments, log=LOG) -> None:
    """Add to the log that the test rows of experiments were looked at; those of real corpora only.

    Parameters
    ----------
    experiments : sequence of Experiment
    log : path-like
    """
    real = [each for each in experiments if not CORPORA[each.corpus].synthetic]
    if not real:
        return
    today = datetime.date.today().isoformat()
    counts = Counter((today, each.corpus, each.protocol, each.fold, each.network) for each in real)
    new = pd.DataFrame([(*what, number) for what, number in counts.items()], columns=list(COLUMNS))
    with written_whole(log) as partial:
        pd.concat([looks(log), new] if Path(log).exists() else [new]).to_csv(
            partial, index=False, lineterminator="\n"
        )
