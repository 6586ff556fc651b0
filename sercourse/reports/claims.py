"""What the reports claim for their networks, and the table that puts our measured results beside it."""

import pandas as pd

from sercourse import networks
from sercourse.errors import UnknownNameError
from sercourse.reports import results
from sercourse.reports.published import REPORTS
from sercourse.reports.published.report import Claim
from sercourse.reports.wording import Words

CLAIMS = {name: claim for report in REPORTS.values() for name, claim in report.claims.items()}
"""What each report claims, by the name of the network: the best of its figures where it gives several."""


def beside_claims(*names: str, corpus: str = "ravdess") -> pd.DataFrame:
    """Put what we measured with networks beside what their reports claim: the table that ends a lesson.

    Parameters
    ----------
    *names : str
        Networks, see `sercourse.networks.NETWORKS`.
    corpus : str
        Of our measurement: ``ravdess``, or ``demo_second`` for Report E's networks.

    Returns
    -------
    Words
        A data frame, one row a network: claimed accuracy, claimed on; our accuracy and UAR on a random split
        and our UAR on unseen speakers, each as the mean of the seeds with the lowest and the highest; and
        ours, what these come from. What was not measured or claimed is empty.

    Raises
    ------
    UnknownNameError
        There is no such network.
    """
    table = pd.concat([results.measured("puzzle"), results.measured("rebuilt")])
    table = table[table["corpus"] == corpus]
    rows = []
    for name in names:
        if name not in networks.NETWORKS:
            raise UnknownNameError("network", name, networks.NETWORKS)
        measured = table[table["network"] == name]
        random = measured["protocol"].str.startswith("random")
        claim = CLAIMS.get(name, Claim("", ""))
        rows.append(
            {
                "network": name,
                "claimed accuracy": claim.accuracy,
                "claimed on": claim.on,
                "accuracy, random": _spread(measured.loc[random, "accuracy"]),
                "UAR, random": _spread(measured.loc[random, "uar"]),
                "UAR, unseen": _spread(measured.loc[~random, "uar"]),
                "ours": _circumstances(measured),
            }
        )
    return Words(rows).set_index("network")


def _spread(scores: pd.Series) -> str:
    if scores.empty:
        return ""
    return f"{scores.mean():.3f} ({scores.min():.3f} to {scores.max():.3f})"


def _circumstances(measured: pd.DataFrame) -> str:
    """Say what our figures come from, in a few words."""
    if measured.empty:
        return "not measured"
    folds = "first fold only" if (measured["fold"] == "1").all() else "all folds"
    seeds = measured["seed"].nunique()
    return f"{measured['corpus'].iloc[0]}, {folds}, {seeds} seeds, {measured['system'].iloc[0]}"
