"""What is found in the five reports: every flaw that their notes list, and where each finding comes from.

The notes were made by hand, before there was any code for them.
"""

import pandas as pd
import pytest

from sercourse import forensics
from sercourse.errors import UnknownNameError
from sercourse.networks.network import DERIVED, GUESS, STATED
from sercourse.reports.published import REPORTS
from sercourse.reports.published.inspection import CALCULATION, READING, inspect

EXPECTED = {
    "A": [
        ("recall is accuracy", "note", CALCULATION, ["48"]),
        ("one class for all", "odd", CALCULATION, ["SimpleRNN 12"]),
        ("one class for all", "odd", CALCULATION, ["SimpleRNN 16"]),
        ("one class for all", "odd", CALCULATION, ["BiLSTM 11"]),
        ("one class for all", "odd", CALCULATION, ["BiLSTM 15"]),
        ("identical rows", "odd", CALCULATION, ["SimpleRNN 1", "SimpleRNN 9", "0.001", "0.01"]),
        ("identical rows", "note", CALCULATION, ["BiLSTM 11", "BiLSTM 15"]),
        ("effect of a setting", "note", CALCULATION, ["dropout", "23 of 24", "0.403"]),
        ("what collapsed rows share", "note", CALCULATION, ["0.01 and layers 6", "2 of 4", "GRU 0 of 4"]),
        ("difference not resolved", "note", CALCULATION, ["BiLSTM", "GRU", "266", "261", "325", "0.0625"]),
        ("best of several", "note", CALCULATION, ["16"]),
        ("truncated figures", "note", CALCULATION, ["BiLSTM"]),
        ("the GRU is given three gates", "odd", READING, ["two gates"]),
        ("nothing says which film, scene or voice a clip comes from", "note", READING, ["columns"]),
    ],
    "B": [
        ("describes the file name wrongly", "odd", READING, ["speaker first"]),
        ("classes are not balanced", "odd", CALCULATION, ["neutral", "62"]),
        ("calls the data balanced, but neutral has half", "odd", READING, ["96", "192"]),
        ("augmentation comes before the split", "odd", READING, ["dealt at random"]),
        ("two examples can be the same, bit by bit", "odd", READING, ["6/81"]),
        ("split arithmetic", "odd", CALCULATION, ["855", "1425", "15"]),
        ("the files that vanish depend on class and speaker", "odd", CALCULATION,
         ["9 surprised, 3 calm, 2 fearful, 1 neutral", "11 of them", "11 and 13"]),
        ("validation is test", "odd", CALCULATION, ["0.8045"]),
        ("generalisation gap", "note", CALCULATION, ["0.9614", "0.7918"]),
        ("claims disagree", "odd", CALCULATION, ["79", "80", "75", "92"]),
        ("claim without a table", "odd", CALCULATION, ["92%"]),
        ("claim against the table", "odd", CALCULATION, ["LSTM", "CNN", "0.7918"]),
        ("the LSTM is said to beat an RNN that has no figure", "odd", READING, ["batch normalisation"]),
        ("the LSTM probably walks over coefficients, not over time", "note", READING, ["20 x 108"]),
    ],
    "C": [
        ("corpus arithmetic", "odd", CALCULATION, ["4904", "2 x (1440 + 1012)"]),
        ("the same recording stands in training and in test", "odd", READING, [".80"]),
        ("training below validation", "odd", CALCULATION, ["C", "0.7466", "0.9265"]),
        ("training below validation", "odd", CALCULATION, ["D", "0.5695", "0.7796"]),
        ("loss below its bound", "impossible", CALCULATION, ["D", "0.06565", "0.7796", "0.15"]),
        ("accuracy is not k of n", "impossible", CALCULATION, ["A", "0.9761", "490"]),
        ("gives SAVEE a class it has not", "odd", READING, ["calm"]),
        ("gives RAVDESS a class called common", "odd", READING, ["calm"]),
        ("posteriorgrams and IEMOCAP were given up", "note", READING, ["16 GB"]),
        ("song is credited with what the second copies may have done", "odd", READING, ["videos"]),
        ("the conclusion contradicts the table", "odd", READING, ["poorly"]),
        ("difference not resolved", "note", CALCULATION, ["B against", "491"]),
    ],
    "D": [
        ("claim without a table", "odd", CALCULATION, ["95"]),
        ("nothing says how the files were split", "odd", READING, ["confusion matrix"]),
        ("said to beat conventional classifiers, none of which has a figure", "odd", READING, ["same files"]),
        ("the LSTM is said to prevent exploding gradients", "odd", READING, ["vanish", "clipped"]),
        ("the LSTM is said to hold one tanh", "odd", READING, ["two"]),
        ("finds the emotion by character position", "odd", READING, ["fields"]),
    ],
    "E": [
        ("softmax twice", "odd", CALCULATION, ["GRU", "1.1745", "1.165"]),
        ("mixed sets", "odd", CALCULATION, ["ANN", "training", "validation"]),
        ("mixed sets", "odd", CALCULATION, ["LSTM", "training", "test"]),
        ("loss below its bound", "odd", CALCULATION, ["LSTM", "0.0012", "0.007"]),
        ("denominators differ", "odd", CALCULATION, ["280", "420"]),
        ("accuracy is not k of n", "odd", CALCULATION, ["CNN", "0.9980"]),
        ("claim against the table", "odd", CALCULATION, ["LSTM", "CNN", "GRU"]),
        ("two networks are said to have the lowest loss", "odd", READING, ["one"]),
        ("a test score above the training score is read as no overfitting", "odd", READING, ["new voices"]),
        ("all voices and all words of the test are known from training", "odd", READING, [".999", ".450"]),
        ("misquotes the carrier phrase", "note", READING, ["Say the word"]),
        ("a plain RNN is listed and never built", "note", READING, ["row"]),
        ("scaling with the training set's mean and deviation is right", "note", READING, ["credit"]),
        ("asks for cross-validation and new data: right", "note", READING, ["credit"]),
    ],
}  # fmt: skip


def found(findings, finding, words=()):
    """The rows with this finding that have all the words in them."""
    said = findings["row"] + " | " + findings["detail"]
    has = findings["finding"] == finding
    for word in words:
        has &= said.str.replace(",(?=\\d{3})", "", regex=True).str.contains(word, regex=False)
    return findings[has]


@pytest.fixture(scope="module")
def inspected():
    return {letter: inspect(letter) for letter in REPORTS}


@pytest.mark.parametrize(
    ("letter", "finding", "grade", "found_by", "words"),
    [(letter, *each) for letter, listed in EXPECTED.items() for each in listed],
)
def test_every_flaw_of_the_notes_is_found(inspected, letter, finding, grade, found_by, words):
    rows = found(inspected[letter], finding, words)
    assert len(rows) >= 1, inspected[letter].query("finding == @finding").to_dict("records")
    assert grade in set(rows["grade"])
    assert set(rows["found by"]) == {found_by}


@pytest.mark.parametrize("letter", REPORTS)
def test_nothing_else_is_found(inspected, letter):
    """A finding that the notes do not have is looked at before it is listed above."""
    assert set(inspected[letter]["finding"]) == {finding for finding, *_ in EXPECTED[letter]}


def test_only_two_figures_are_impossible(inspected):
    """Model A's validation accuracy and Model D's validation loss; the rest is odd, or a note."""
    impossible = pd.concat(inspected, names=["letter"]).query("grade == 'impossible'")
    rows = [(letter, row) for (letter, _), row in impossible["row"].items()]
    assert sorted(rows) == [("C", "A"), ("C", "D")]


@pytest.mark.parametrize("letter", REPORTS)
def test_the_impossible_comes_first_and_every_finding_has_its_grade_mark_and_words(inspected, letter):
    findings = inspected[letter]
    grades = findings["grade"].map(forensics.GRADES.index)
    assert grades.is_monotonic_increasing
    assert set(findings["mark"]) <= {STATED, DERIVED, GUESS}
    assert (findings[["finding", "detail"]] != "").all(axis=None)
    assert list(findings.columns) == ["row", "finding", "grade", "detail", "found by", "mark"]


def altered(letter, name, row, **figures):
    """A report's table with other figures in a row."""
    table = REPORTS[letter].tables[name]
    keys = table.iloc[:, 0] if letter != "A" else table["model"] + " " + table["variation"]
    assert (keys == row).sum() == 1
    for column, figure in figures.items():
        table.loc[keys == row, column] = figure
    return {name: table}


@pytest.mark.parametrize(
    ("letter", "name", "row", "figures", "finding", "words"),
    [
        ("A", "grid", "SimpleRNN 12", {"precision": "0.241"}, "one class for all", ["SimpleRNN 12"]),
        ("A", "grid", "SimpleRNN 9", {"precision": "0.61"}, "identical rows", ["SimpleRNN 1", "SimpleRNN 9"]),
        ("A", "grid", "SimpleRNN 16", {"accuracy": "0.55"}, "effect of a setting", ["23 of 24"]),
        ("A", "grid", "BiLSTM 4", {"accuracy": "0.8892"}, "difference not resolved", ["266"]),
        ("B", "training", "CNN and LSTM", {"test_loss": "0.8155"}, "validation is test", []),
        ("B", "classes", "neutral", {"support": "107"}, "classes are not balanced", []),
        ("B", "training", "CNN and LSTM", {"test_accuracy": "0.8608"}, "claim against the table", []),
        ("C", "models", "D", {"val_loss": "0.6565"}, "loss below its bound", []),
        ("C", "models", "A", {"val_accuracy": "0.9776"}, "accuracy is not k of n", []),
        ("C", "models", "C", {"train_accuracy": "0.9466"}, "training below validation", ["C", "0.9265"]),
        ("E", "models", "GRU", {"loss": "0.0245"}, "softmax twice", []),
        ("E", "models", "LSTM", {"accuracy": "1.0"}, "claim against the table", []),
    ],
)
def test_a_finding_goes_when_the_figure_is_altered(letter, name, row, figures, finding, words):
    """So it was calculated. 479 of 490 is .9776, and error x ln 2 is .153, below .6565."""
    assert len(found(inspect(letter), finding, words)) > 0
    assert len(found(inspect(letter, altered(letter, name, row, **figures)), finding, words)) == 0


def test_what_is_not_there_is_named():
    with pytest.raises(UnknownNameError, match="no report is called 'F'; choose one of: A, B, C, D, E"):
        inspect("F")
    with pytest.raises(UnknownNameError, match="no table of Report E is called 'grid'; choose"):
        inspect("E", {"grid": pd.DataFrame()})
