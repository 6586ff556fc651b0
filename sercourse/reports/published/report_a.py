"""Report A: emotion recognition from the sound of animated films."""

from collections.abc import Iterator, Mapping

import pandas as pd

from sercourse import forensics
from sercourse.networks.network import DERIVED, GUESS, STATED, Fact
from sercourse.reports.published.report import Claim, Reading, Report

N_TEST = 325
"""Test clips [D]: every accuracy of the table is a whole number of them."""

SETTINGS = ("learning_rate", "dropout", "layers", "epochs")

_ON = "325 of its 1,300 film clips [D], drawn at random [G]"


def examine(tables: Mapping[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield what the forensics find in the grid of three networks in 16 variations each."""
    grid = tables["grid"]
    named = grid.assign(row=grid["model"] + " " + grid["variation"]).drop(columns="variation")
    yield forensics.examine(named, n=N_TEST, n_classes=5, families="model", settings=SETTINGS)


REPORT_A = Report(
    letter="A",
    title="emotion recognition from audio of animated movies",
    corpus="1,300 clips of animated films, cut by hand",
    classes=("happy", "sad", "anger", "disgust", "shock"),
    protocol=(
        Fact(STATED, "260 clips of each class, cut by line of dialogue, each set to 3 s, labelled by hand"),
        Fact(DERIVED, "325 test clips, a quarter: each accuracy is a whole number of 325"),
        Fact(GUESS, "the test clips are drawn at random"),
        Fact(DERIVED, "the 16 variations of a network are compared on the test clips, with one seed each"),
    ),
    claims={
        "report_a_simple_rnn": Claim("0.7077", _ON),
        "report_a_bilstm": Claim("0.8184", _ON),
        "report_a_gru": Claim("0.8031", _ON),
    },
    facts=(
        Fact(STATED, "one segment a clip; a clip without exactly 130 frames is dropped without a word"),
        Fact(DERIVED, "at most 3 of the 1,300 clips were dropped so"),
        Fact(STATED, "one JSON file with the keys mapping, labels and mfcc, indented by 4"),
        Fact(STATED, "a label is the folder's position in the walk through the directory, less one"),
        Fact(DERIVED, "movie, scene, voice and rater are recorded nowhere, so no split can keep them apart"),
        Fact(STATED, "accuracy, precision, recall and a confusion matrix for each variation"),
        Fact(STATED, "the BiLSTM is called the best of the three"),
    ),
    networks=("report_a_simple_rnn", "report_a_bilstm", "report_a_gru"),
    lessons=(
        "03_labelling_your_own_clips",
        "07_simple_rnn",
        "09_bidirectional_lstm",
        "10_gru",
        "14_hyperparameters",
        "15_the_100_percent",
        "16_honest_results",
    ),
    readings=(
        Reading(
            "text",
            "the GRU is given three gates",
            "odd",
            "A GRU has two gates, update and reset. Its third set of weights makes the candidate for the new"
            " state, which is not a gate.",
            STATED,
        ),
        Reading(
            "data",
            "nothing says which film, scene or voice a clip comes from",
            "note",
            "Clips of one scene share a voice, music and room. Without these columns nobody can keep them on"
            " one side of the split, now or later.",
            DERIVED,
        ),
    ),
    files={"grid": "a_grid.csv"},
    examine=examine,
)
