"""Report D: an LSTM over the STFT, with a claim and no table."""

from collections.abc import Iterator, Mapping

import pandas as pd

from sercourse import forensics
from sercourse.corpora.manifest import EMOTIONS
from sercourse.networks.network import DERIVED, STATED, Fact
from sercourse.reports.published.report import Claim, Reading, Report


def examine(tables: Mapping[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield what the forensics find: a claim, and no table to hold it against."""
    yield forensics.examine(None, claims=[forensics.Claim("greater than 95 %", "95%")])


REPORT_D = Report(
    letter="D",
    title="speech emotion recognition using LSTM and RNN",
    corpus="RAVDESS speech, 1,440 files",
    classes=EMOTIONS[:8],
    protocol=(Fact(DERIVED, "no split is described"),),
    claims={"report_d": Claim("over 0.95", "RAVDESS [S], not said how it was split")},
    facts=(
        Fact(STATED, "said to beat conventional classifiers"),
        Fact(
            STATED,
            "explains fully recurrent, independently recurrent and second-order networks, and the LSTM",
        ),
        Fact(
            STATED,
            "from its literature: the mean of the LSTM's outputs; attention 1 to 2 % better on IEMOCAP",
        ),
        Fact(STATED, "from its literature: a BLSTM whose frame labels are taken as uncertain"),
        Fact(STATED, "a web page to try the model"),
    ),
    networks=("report_d",),
    lessons=(
        "07_simple_rnn",
        "08_lstm",
        "12_cnn_lstm_and_attention",
        "15_the_100_percent",
        "16_honest_results",
    ),
    readings=(
        Reading(
            "protocol",
            "nothing says how the files were split",
            "odd",
            "There is no confusion matrix either. Drawn at random, files of every actor stand on both sides.",
            DERIVED,
        ),
        Reading(
            "claim",
            "said to beat conventional classifiers, none of which has a figure",
            "odd",
            "A comparison needs the other system's figure on the same files.",
            STATED,
        ),
        Reading(
            "text",
            "the LSTM is said to prevent exploding gradients",
            "odd",
            "The cell helps against gradients that vanish. Those that explode are clipped.",
            STATED,
        ),
        Reading(
            "text",
            "the LSTM is said to hold one tanh",
            "odd",
            "It has two: one makes the candidate for the cell, the other acts on the cell before the output "
            "gate.",
            STATED,
        ),
        Reading(
            "code",
            "finds the emotion by character position",
            "odd",
            "That works only because every RAVDESS name has the same width. The convention is fields between"
            " hyphens, and emotion is the third.",
            STATED,
        ),
    ),
    files={},
    examine=examine,
)
