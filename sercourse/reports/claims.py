"""What the reports claim for their networks, and the table that puts our measured results beside it."""

from typing import NamedTuple

import pandas as pd

from sercourse import networks
from sercourse.errors import UnknownNameError
from sercourse.reports import results


class Claim(NamedTuple):
    """What a report says of one network.

    Attributes
    ----------
    accuracy : str
        As the report states it [S].
    on : str
        What it was tested on, in words: stated, derived or guessed, marked so.
    """

    accuracy: str
    on: str


_A = "325 of its 1,300 film clips [D], drawn at random [G]"
_B = "855 copies [D], drawn at random after augmentation [S]"
_C = "491 of 4,904 files [S], each recording twice [D], drawn at random [G]"
_E = "TESS, drawn at random [S]; {} [D]"

CLAIMS = {
    "report_a_simple_rnn": Claim("0.7077", _A),
    "report_a_bilstm": Claim("0.8184", _A),
    "report_a_gru": Claim("0.8031", _A),
    "report_b": Claim("0.7918", _B),
    "report_b_first": Claim("0.75", _B),
    "report_c_model_a": Claim("0.9857", _C),
    "report_c_model_b": Claim("1.00", _C),
    "report_c_model_c": Claim("0.9389", _C),
    "report_c_model_d": Claim("0.794", _C),
    "report_d": Claim("over 0.95", "RAVDESS [S], not said how it was split"),
    "report_e_cnn": Claim("0.9980", _E.format("how many is not said")),
    "report_e_lstm": Claim("0.9893", _E.format("277 of 280")),
    "report_e_ann": Claim("0.9976", _E.format("fits 420 or 840 files")),
    "report_e_gru": Claim("0.9929", _E.format("278 of 280")),
}
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
    pandas.DataFrame
        In words, one row a network: claimed accuracy, claimed on; our accuracy and UAR on a random split and
        our UAR on unseen speakers, each as the mean of the seeds with the lowest and the highest; and ours,
        what these come from. What was not measured or claimed is empty.

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
    return pd.DataFrame(rows).set_index("network")


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
