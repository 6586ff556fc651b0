"""Pasted tables, and what a user may get wrong in them."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import classification_report

from sercourse import forensics
from sercourse.errors import SercourseError, TableError

EXPECTED = pd.DataFrame(
    {"Model": ["LSTM", "GRU"], "accuracy": ["0.8184", "0.80"], "val_loss": ["0.2287", "1.17"]}, dtype=str
)

TABLES = {
    "CSV": "Model,accuracy,val_loss\nLSTM,0.8184,0.2287\nGRU,0.80,1.17\n",
    "spaced CSV": "\n Model, accuracy, val_loss\n LSTM, 0.8184, 0.2287\n\n GRU, 0.80, 1.17",
    "quoted decimal comma": 'Model,Accuracy,Validation loss\nLSTM,"0,8184","0,2287"\nGRU,"0,80","1,17"',
    "semicolon": "Model;Acc;Val. Loss\r\nLSTM;0,8184;0,2287\r\nGRU;0,80;1,17",
    "tab": "Model\tACCURACY\tval-loss\nLSTM\t0.8184\t0.2287\nGRU\t0.80\t1.17",
    "Markdown": "| Model | Acc. | Val loss |\n|:---|---:|---|\n"
    "| LSTM | 0.8184 | 0.2287 |\n| GRU | 0.80 | 1.17 |",
    "open Markdown": "Model | accuracy | valid_loss\n--- | --- | ---\n"
    "LSTM | 0.8184 | 0.2287\nGRU | 0.80 | 1.17",
    "columns of spaces": "Model   accuracy   val_loss\nLSTM    0.8184     0.2287\nGRU     0.80       1.17",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_a_pasted_table_becomes_text(text):
    pd.testing.assert_frame_equal(forensics.parse(text), EXPECTED, check_dtype=False)


@pytest.mark.parametrize(
    "text",
    [
        "Model,Accuracy (%)\nLSTM,81.84\nGRU,0.90",
        "Model,accuracy\nLSTM,81.84\nGRU,0.90",
        "Model,accuracy\nLSTM,81.84 %\nGRU,0.90%",
        "Model;accuracy\nLSTM;81,84 %\nGRU;0,90%",
    ],
)
def test_per_cents_become_hundredths(text):
    cells = forensics.parse(text)["accuracy"]
    assert [float(forensics.figure(cell).value) for cell in cells] == pytest.approx([0.8184, 0.0090])
    assert [forensics.figure(cell).digits for cell in cells] == [4, 4]


def test_losses_counts_and_settings_are_left_as_they_are():
    table = forensics.parse("units;n;loss;accuracy\n1,5;1.425;1,17;79,2%\n2;2,850;25.3;80%")
    assert table.to_dict("list") == {
        "units": ["1,5", "2"], "n": ["1425", "2850"], "loss": ["1.17", "25.3"], "accuracy": ["79.2%", "80%"]
    }  # fmt: skip


def test_scikit_learns_report_is_read():
    rng = np.random.default_rng(0)
    true, named = rng.integers(3, size=(2, 200))
    text = classification_report(true, named, target_names=["sad", "very happy", "calm"])
    table = forensics.parse(text)
    assert table["class"].tolist() == ["sad", "very happy", "calm", "accuracy", "macro avg", "weighted avg"]
    expected = classification_report(
        true, named, target_names=["sad", "very happy", "calm"], output_dict=True
    )
    for row in table.to_dict("records"):
        known = expected[row["class"]]
        f1 = known if row["class"] == "accuracy" else known["f1-score"]
        assert float(row["f1"]) == pytest.approx(f1, abs=0.0051)
    assert forensics.examine(table).empty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no table"),
        ("accuracy", "is no table"),
        ("a,accuracy\nx,0.8,0.9", "has 3 cells for 2 columns"),
        ("precision recall f1-score support\n sad 0.8", "is no line of a report of classes"),
    ],
)
def test_what_is_no_table_is_said(text, said):
    with pytest.raises(TableError, match=said):
        forensics.parse(text)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("accuracy", "81.84", "put a per cent sign behind it"),
        ("accuracy", "101 %", "does not lie between 0 and 1"),
        ("accuracy", "-0.2", "does not lie between 0 and 1"),
        ("recall", "about .8", "is not a number"),
        ("accuracy", "0,8184", "write it with a point"),
        ("loss", "-0.1", "is not a cross-entropy"),
        ("val_loss", "20%", "is not a cross-entropy"),
        ("loss", "1e999", "too large"),
        ("loss", "inf", "is not a number"),
        ("n", "325.5", "is not a number of rows"),
        ("support", "0", "is not a number of rows"),
        ("n_test", "-3", "is not a number of rows"),
        ("n", "1e9", "is not a number of rows"),
    ],
)
def test_a_bad_cell_is_named(column, cell, said):
    table = pd.DataFrame({"row": ["good", "bad"], "accuracy": ["0.8", "0.9"]})
    table[column] = ["1" if column in ("n", "support", "n_test") else "0.5", cell]
    with pytest.raises(TableError, match=said) as caught:
        forensics.examine(table)
    error = caught.value
    assert isinstance(error, SercourseError)
    assert (error.row, error.column, error.value) == ("bad", column, cell)
    assert "row 'bad'" in str(error)
    assert f"column '{column}'" in str(error)
    assert pickle.loads(pickle.dumps(error)).row == "bad"


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"n": 325.5}, "column 'n': 325.5 is not a number of rows"),
        ({"n": "many"}, "column 'n': 'many' is not a number"),
        ({"n": []}, "names no number of rows"),
        ({"n_val": [490, -1]}, "column 'n_val': -1"),
        ({"n_classes": 0}, "column 'n_classes'"),
        ({"n_classes": True}, "column 'n_classes'"),
        ({"accuracy": "120 %"}, "column 'accuracy'"),
        ({"average": "mean"}, "give one of: weighted, macro"),
        ({"families": "network"}, "is no column of settings"),
        ({"settings": ["dropout"]}, "name one of: size"),
        ({"n_files": 1.5}, "column 'n_files'"),
        ({"n_files": 10, "parts": {"speech": 0}}, "column 'parts'"),
        ({"copies": 0}, "column 'copies'"),
        ({"n": 5, "share": "0"}, "tests nothing"),
        ({"claims": [forensics.Claim("very good", "good")]}, "'good' is not a number"),
        ({"claims": [forensics.Claim("best", row="x", better_than=["a"])]}, "'x' is no row of the table"),
        ({"claims": [forensics.Claim("best", "0.9", column="score")]}, "'score' is no column of figures"),
    ],
)
def test_a_bad_argument_is_named(known, said):
    table = pd.DataFrame({"row": ["a", "b"], "size": ["1", "2"], "accuracy": ["0.8", "0.9"]})
    with pytest.raises(TableError) as caught:
        forensics.examine(table, **known)
    assert said in str(caught.value)


def test_columns_are_checked():
    with pytest.raises(TableError, match="has no column of figures"):
        forensics.examine(pd.DataFrame({"a": ["1"]}))
    with pytest.raises(TableError, match="names more than one column"):
        forensics.examine(pd.DataFrame([["0.1", "0.2"]], columns=["loss", "loss"]))


def test_empty_cells_and_empty_tables_find_nothing():
    cells = ["", "-", "–", "n/a", None, np.nan, pd.NA]
    assert forensics.examine(pd.DataFrame({"accuracy": cells, "loss": cells}), n=10).empty
    empty = forensics.examine(pd.DataFrame({"accuracy": []}), n=10, n_classes=3)
    assert list(empty.columns) == ["row", "finding", "grade", "detail"]
    assert forensics.examine(None).empty


def test_numbers_are_read_by_the_digits_that_python_prints():
    row = {"val_loss": 0.06565, "val_accuracy": np.float64(0.7796), "n_val": 490}
    assert forensics.examine(pd.DataFrame([row]))["finding"].tolist() == ["loss below its bound"]


def test_findings_are_sorted_by_grade():
    table = pd.DataFrame({"train_accuracy": ["0.5"], "val_accuracy": ["0.9761"], "test_accuracy": ["0.3"]})
    grades = forensics.examine(table, n_val=490)["grade"].tolist()
    assert grades == ["impossible", "odd", "note"]


def test_rows_are_named_by_the_first_columns_that_tell_them_apart():
    table = pd.DataFrame({"net": ["a", "a"], "size": ["1", "2"], "val_accuracy": ["0.9761"] * 2})
    assert forensics.examine(table, n_val=490)["row"].tolist() == ["a 1", "a 2"]
    assert forensics.examine(table[["net", "val_accuracy"]], n_val=490)["row"].tolist() == ["row 1", "row 2"]


CELLS = st.text("0123456789.,%-+eE |;\t\"'aNn/–", max_size=8)
HEADERS = st.sampled_from(
    ["accuracy", "val loss", "recall", "Support", "n", "F1-score", "model", "class", ""]
)


@settings(deadline=None)
@given(
    st.lists(HEADERS, min_size=1, max_size=4), st.lists(st.lists(CELLS, max_size=5), max_size=4), st.data()
)
def test_whatever_is_pasted_is_read_or_refused(headers, rows, data):
    separator = data.draw(st.sampled_from([",", ";", "\t", "|", "   "]))
    text = "\n".join(separator.join(line) for line in [headers, *rows])
    try:
        found = forensics.examine(forensics.parse(text), n=data.draw(st.integers(1, 500)), n_classes=7)
    except TableError:
        return
    assert set(found["grade"]) <= set(forensics.GRADES)
