"""What the forensics find on figures of the five reports, copied here from notes that were made by hand."""

import itertools

import pandas as pd
import pytest

from sercourse import forensics

SETTINGS = list(itertools.product(("0.001", "0.01"), ("0", "0.1"), ("4", "6"), ("20", "50")))

# Accuracy and precision of Report A, in the order of SETTINGS. Its column of recalls repeats the accuracies.
SIMPLE_RNN = """
0.615384615 0.60161014, 0.643076923 0.638533326, 0.596923077 0.630541136, 0.707692308 0.69333528,
0.476923077 0.493415862, 0.603076923 0.60255453, 0.363076923 0.503524624, 0.526153846 0.496846723,
0.615384615 0.60161014, 0.483076923 0.441128699, 0.387692308 0.491163241, 0.196923077 0.038778698,
0.289230769 0.434622629, 0.366153846 0.476887196, 0.218461538 0.432797491, 0.190769231 0.036392899"""
BILSTM = """
0.8123 0.8221, 0.8153 0.8111, 0.7753 0.7866, 0.8184 0.82, 0.7323 0.7351, 0.7261 0.7196, 0.6153 0.6438,
0.7231 0.7244, 0.6523 0.6506, 0.7384 0.7304, 0.1846 0.0341, 0.7476 0.7431, 0.5353 0.6392, 0.6615 0.6863,
0.1846 0.0341, 0.3446 0.3707"""
GRU = """
0.803076923 0.7995041, 0.787692308 0.778180058, 0.716923077 0.719766552, 0.772307692 0.763651575,
0.52 0.542677853, 0.627692308 0.672745895, 0.52 0.619295287, 0.701538462 0.702884022, 0.649230769 0.676242851,
0.707692308 0.701272015, 0.538461538 0.616661106, 0.556923077 0.603219825, 0.544615385 0.601983802,
0.529230769 0.517948993, 0.486153846 0.499297531, 0.443076923 0.468366036"""

C = """Model,train_loss,train_accuracy,val_loss,val_accuracy,test_accuracy
A,0.0824,0.9768,0.0491,0.9761,0.9857
B,0.00103,1.00,0.0064,1.00,1.0
C,0.6993,0.7466,0.2287,0.9265,0.9389
D,1.1739,0.5695,0.06565,0.7796,0.794"""


def report_a():
    rows = []
    for model, text in (("SimpleRNN", SIMPLE_RNN), ("BiLSTM", BILSTM), ("GRU", GRU)):
        for number, (pair, settings) in enumerate(zip(text.split(","), SETTINGS, strict=True), 1):
            accuracy, precision = pair.split()
            rows.append((model, str(number), *settings, accuracy, precision, accuracy))
    columns = ["model", "variation", "learning_rate", "dropout", "layers", "epochs"]
    return pd.DataFrame(rows, columns=[*columns, "accuracy", "precision", "recall"])


def report_b():
    return pd.DataFrame(
        {
            "class": ["angry", "calm", "disgust", "fear", "happy", "neutral", "sad", "surprise"],
            "precision": ["0.79", "0.85", "0.77", "0.84", "0.80", "0.70", "0.67", "0.91"],
            "recall": ["0.85", "0.81", "0.76", "0.77", "0.82", "0.71", "0.76", "0.83"],
            "f1": ["0.82", "0.83", "0.77", "0.81", "0.81", "0.70", "0.71", "0.87"],
            "support": ["105", "108", "121", "133", "100", "62", "119", "107"],
        }
    )


def report_c(**changes):
    table = forensics.parse(C).set_index("Model", drop=False)
    for name, (column, value) in changes.items():
        table.loc[name, column] = value
    return forensics.examine(table.reset_index(drop=True), n=491, n_val=490, n_train=3923, n_classes=8)


def report_e(**known):
    table = pd.DataFrame(
        {
            "row": ["CNN", "LSTM", "ANN", "GRU"],
            "loss": ["0.0020", "0.0012", "0.0019", "1.1745"],
            "accuracy": ["0.9980", "0.9893", "0.9976", "0.9929"],
        }
    )
    return forensics.examine(table.assign(**known), n=[280, 420, 560, 840], n_classes=7)


@pytest.fixture(scope="module")
def found_a():
    return forensics.examine(report_a(), n=325, n_classes=5)


def of(found, finding, row=None):
    chosen = found[found["finding"] == finding]
    return chosen if row is None else chosen[chosen["row"] == row]


def test_report_a_is_nowhere_impossible_though_figures_are_cut_off(found_a):
    assert "impossible" not in set(found_a["grade"])
    assert "266 of 325" in of(found_a, "truncated figures")["detail"].item()


def test_the_denominator_of_report_a_is_found():
    nine_digits = report_a()["accuracy"][[0, 1, 2, 3, 32, 33]]
    assert forensics.fitting_n(nine_digits, range(1, 1301)) == [325, 650, 975, 1300]
    assert forensics.fitting_n(report_a()["accuracy"], [325, 260]) == [325]


def test_the_second_column_of_report_a_says_nothing(found_a):
    assert "all 48 rows" in of(found_a, "recall is accuracy")["detail"].item()


def test_the_collapsed_networks_of_report_a(found_a):
    names = ["SimpleRNN 12", "SimpleRNN 16", "BiLSTM 11", "BiLSTM 15"]
    assert of(found_a, "one class for all")["row"].tolist() == names
    shared = of(found_a, "what collapsed rows share")["detail"].item()
    assert "learning_rate 0.01 and layers 6: SimpleRNN 2 of 4, BiLSTM 2 of 4, GRU 0 of 4" in shared


def test_the_copy_in_report_a_is_odd_and_the_collapse_explains_the_other(found_a):
    assert of(found_a, "identical rows", "SimpleRNN 1 and SimpleRNN 9")["grade"].item() == "odd"
    assert of(found_a, "identical rows", "BiLSTM 11 and BiLSTM 15")["grade"].item() == "note"
    assert len(of(found_a, "identical rows")) == 2


def test_the_largest_pattern_of_report_a(found_a):
    details = of(found_a, "effect of a setting")["detail"].tolist()
    dropout = next(each for each in details if each.startswith("dropout"))
    assert "0.1 in place of 0 lowers accuracy in 23 of 24 pairs (1 tied)" in dropout
    assert "by up to 0.403" in dropout  # BiLSTM 12 and 16: .7476 - .3446


def test_report_as_best_are_not_told_apart(found_a):
    detail = of(found_a, "difference not resolved", "BiLSTM 4 against GRU 1")["detail"].item()
    assert "266 against 261 right of 325: exact McNemar p lies between 0.0625 and" in detail
    luck = of(found_a, "best of several", "BiLSTM 4")["detail"].item()
    assert "best of 16 rows of BiLSTM" in luck


def test_the_classes_of_report_b_agree_with_677_of_855():
    assert forensics.examine(report_b(), n=855, accuracy="0.7918").empty
    assert forensics.grim("0.7918", 855) == (677,)
    found = forensics.examine(report_b(), n=855, accuracy="0.8200", balanced=True)
    assert of(found, "classes and totals disagree")["grade"].item() == "impossible"
    assert "neutral has 62" in of(found, "classes are not balanced")["detail"].item()


def test_the_training_of_report_b():
    row = {"train_loss": "0.1383", "train_accuracy": "0.9614", "val_loss": "0.8045"}
    row |= {"test_loss": "0.8045", "test_accuracy": "0.7918"}
    claims = [
        forensics.Claim(text, figure, about="test accuracy")
        for text, figure in (
            ("96/79", "79 %"),
            ("90 and 80", "80 %"),
            ("80 and 75", "75 %"),
            ("best 92", "92 %"),
        )
    ]
    sizes = {"n": 855, "share": "20 %", "copies": 3, "parts": {"RAVDESS speech": 1440}}
    found = forensics.examine(pd.DataFrame([row]), claims=claims, **sizes)
    assert of(found, "validation is test")["grade"].tolist() == ["odd"]
    assert "3 x 1425" in of(found, "split arithmetic")["detail"].item()
    assert len(of(found, "claims disagree")) == 1
    assert len(of(found, "claim without a table")) == 3
    assert len(of(found, "generalisation gap")) == 1
    assert "impossible" not in set(found["grade"])


def test_the_impossible_figures_of_report_c():
    found = report_c()
    assert found[found["grade"] == "impossible"][["row", "finding"]].to_numpy().tolist() == [
        ["A", "accuracy is not k of n"],
        ["D", "loss below its bound"],
    ]
    assert "0.6565" in of(found, "loss below its bound")["detail"].item()
    assert of(report_c(D=("val_loss", "0.6565")), "loss below its bound").empty
    assert of(report_c(A=("val_accuracy", "0.9755")), "accuracy is not k of n").empty


def test_training_below_validation_in_report_c():
    odd = of(report_c(), "training below validation")
    assert odd[odd["grade"] == "odd"]["row"].tolist() == ["C", "D"]


def test_every_recording_of_report_c_is_there_twice():
    found = forensics.examine(None, n_files=4904, parts={"RAVDESS speech": 1440, "RAVDESS song": 1012})
    assert found["grade"].tolist() == ["odd"]
    assert "2 x (1440 + 1012)" in found["detail"][0]


def test_report_d_has_a_claim_and_nothing_else():
    found = forensics.examine(None, claims=[forensics.Claim("greater than 95 %", "0.95")])
    assert found[["finding", "grade"]].to_numpy().tolist() == [["claim without a table", "odd"]]


def test_report_es_gru_sends_its_softmax_through_a_softmax():
    found = of(report_e(), "softmax twice")
    assert found["row"].tolist() == ["GRU"]
    assert "1.1654" in found["detail"].item()
    assert "1.1725" in found["detail"].item()
    said = report_e(softmax_twice=["no", "no", "no", "yes"])
    assert of(said, "softmax twice")["grade"].tolist() == ["note"]


def test_the_rows_of_report_e_are_of_different_sets():
    found = report_e()
    assert of(found, "accuracy is not k of n")["row"].tolist() == ["CNN"]
    detail = of(found, "denominators differ")["detail"].item()
    assert "CNN: 0.9980 fits none" in detail
    assert "LSTM: 0.9893 fits 280" in detail
    assert "ANN: 0.9976 fits 420, 840" in detail
    assert of(found, "loss below its bound")["row"].tolist() == ["LSTM"]
    named = report_e(loss_on=["", "training", "training", ""], accuracy_on=["", "test", "validation", ""])
    assert set(of(named, "mixed sets")["row"]) == {"LSTM", "ANN", "all 4 rows"}
    assert of(named, "loss below its bound")["grade"].tolist() == ["odd"]


def test_report_es_text_says_the_contrary_of_its_table():
    table = pd.DataFrame({"row": ["CNN", "LSTM", "GRU"], "accuracy": ["0.9980", "0.9893", "0.9929"]})
    claim = forensics.Claim("LSTM did better than CNN and GRU", row="LSTM", better_than=("CNN", "GRU"))
    found = forensics.examine(table, claims=[claim])
    assert of(found, "claim against the table")["row"].tolist() == ["LSTM"]
    right = claim._replace(row="CNN", better_than=("LSTM", "GRU"))
    assert of(forensics.examine(table, claims=[right]), "claim against the table").empty
