"""The five reports as data: counts made by hand, and the networks and lessons that they name."""

from decimal import Decimal
from html.parser import HTMLParser

import pandas as pd
import pytest
from conftest import ROOT

from sercourse import networks, reports
from sercourse.networks.network import DERIVED, GUESS, STATED
from sercourse.reports.published import REPORTS
from sercourse.reports.wording import Words

LETTERS = list("ABCDE")


def table(letter, name):
    return REPORTS[letter].tables[name]


def test_there_are_five_reports_with_as_many_classes_as_they_say():
    assert list(REPORTS) == [report.letter for report in REPORTS.values()] == LETTERS
    assert [len(report.classes) for report in REPORTS.values()] == [5, 8, 8, 8, 7]


@pytest.mark.parametrize("letter", LETTERS)
def test_every_fact_is_marked_and_every_network_and_lesson_is_there(letter):
    report = REPORTS[letter]
    marks = [each.mark for each in (*report.protocol, *report.facts, *report.readings)]
    assert set(marks) <= {STATED, DERIVED, GUESS}
    built = {name for name in networks.NETWORKS if name.startswith(f"report_{letter.lower()}")}
    assert set(report.networks) == built
    assert set(report.claims) <= built
    assert all(networks.network(name).n_classes == len(report.classes) for name in built)
    lessons = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert set(report.lessons) <= lessons


@pytest.mark.parametrize("letter", LETTERS)
def test_no_fact_is_said_twice(letter):
    report = REPORTS[letter]
    built_by = [fact.text for name in report.networks for fact in networks.network(name).facts]
    own = [fact.text for fact in (*report.protocol, *report.facts)]
    assert len(set(own)) == len(own)
    assert not set(own) & set(built_by)


def test_report_a_has_48_rows_and_each_accuracy_is_a_count_of_325():
    grid = table("A", "grid")
    assert grid.groupby("model").size().to_dict() == {"SimpleRNN": 16, "BiLSTM": 16, "GRU": 16}
    settings = ["model", "learning_rate", "dropout", "layers", "epochs"]
    assert not grid.duplicated(settings).any()
    right = grid["accuracy"].astype(float) * 325
    off = (right - right.round()).abs()
    assert (off[grid["model"] != "BiLSTM"] < 1e-4).all()  # nine digits
    assert (off < 0.05).all()  # four digits, rounded or cut off


def test_the_best_of_report_as_table_is_what_it_claims():
    grid = table("A", "grid").astype({"accuracy": float})
    best = grid.groupby("model")["accuracy"].max()
    claimed = {name: float(REPORTS["A"].claims[f"report_a_{name}"].accuracy) for name in ("bilstm", "gru")}
    assert best["BiLSTM"] == claimed["bilstm"] == 0.8184
    assert round(best["GRU"], 4) == claimed["gru"] == 0.8031
    assert round(best["SimpleRNN"], 4) == 0.7077


def test_report_bs_supports_add_up_to_its_test_set():
    """105 + 108 + 121 + 133 + 100 + 62 + 119 + 107."""
    classes = table("B", "classes").set_index("class")["support"].astype(int)
    assert classes.sum() == 855 == 1425 * 3 // 5
    assert classes.idxmin() == "neutral"
    training = table("B", "training").iloc[0]
    assert training["test_accuracy"] == REPORTS["B"].claims["report_b"].accuracy == f"{677 / 855:.4f}"


def test_report_cs_table_has_the_parameters_of_its_networks():
    """Counted by Keras, not by us."""
    models = table("C", "models").set_index("model")
    assert models["parameters"].to_dict() == {"A": "77160", "B": "4456", "C": "6520", "D": "87944"}
    for letter, row in models.iterrows():
        name = f"report_c_model_{letter.lower()}"
        assert networks.build(name).count_params() == int(row["parameters"])
        assert Decimal(REPORTS["C"].claims[name].accuracy) == Decimal(row["test_accuracy"])


def test_report_es_table_is_what_it_claims():
    accuracies = table("E", "models").set_index("row")["accuracy"]
    claims = REPORTS["E"].claims
    assert {name: claims[f"report_e_{name.lower()}"].accuracy for name in accuracies.index} == dict(
        accuracies
    )


def test_figures_stand_as_they_were_printed():
    """0.00103 and 0.06565 have five digits, 1.00 has two; a float would not tell."""
    models = table("C", "models").set_index("model")
    assert models.loc["B", ["train_loss", "val_accuracy", "test_accuracy"]].tolist() == [
        "0.00103",
        "1.00",
        "1.0",
    ]
    assert models.loc["D", "val_loss"] == "0.06565"
    assert table("E", "models")["accuracy"].iloc[0] == "0.9980"


def test_a_table_can_be_altered_without_harm():
    altered = table("C", "models")
    altered.loc[0, "val_loss"] = "9"
    assert table("C", "models")["val_loss"].iloc[0] == "0.0491"


@pytest.mark.parametrize("letter", LETTERS)
def test_a_report_prints_itself(letter):
    report = REPORTS[letter]
    printed, page = str(report), report._repr_html_()
    for fact in (*report.protocol, *report.facts):
        assert f"  {fact.mark}: {fact.text}\n" in printed
        assert fact.mark in page
    for name in (*report.networks, *report.lessons):
        assert name in printed
        assert name in page
    for name, printed_table in report.tables.items():
        assert f"table '{name}'" in printed
        assert all(figure in printed for figure in printed_table.to_numpy().ravel())


class Cells(HTMLParser):
    """Texts of a page's table cells."""

    def __init__(self, page):
        super().__init__()
        self.texts = []
        self.feed(page)

    def handle_data(self, data):
        self.texts.append(data)


LONG = "a text of more than fifty characters, which pandas would cut off at the fiftieth of them"


@pytest.mark.parametrize(
    "changed",
    [
        lambda words: words,
        lambda words: words.T,
        lambda words: pd.concat({"here": words}, names=["where"]),
        lambda words: pd.concat({"here": words}, names=["where"]).T,
        lambda words: words.reset_index(),
    ],
    ids=["as it is", "turned", "joined", "joined and turned", "numbered"],
)
def test_a_table_of_words_is_never_cut(changed):
    words = Words({"said": [LONG, ""], "n": ["1", "2"]}, index=pd.Index(["first", "second"], name="who"))
    shown = changed(words)
    assert LONG in Cells(shown._repr_html_()).texts
    printed = repr(shown)
    assert max(map(len, printed.splitlines())) <= 110
    assert " ".join(LONG.split()[-2:]) in " ".join(printed.split())
    assert all(f"{name}" in printed for name in ("first", "second", "said"))


def test_claims_come_from_the_reports_and_their_table_is_shown_whole():
    assert reports.CLAIMS["report_e_gru"].accuracy == "0.9929"
    beside = reports.beside_claims("report_c_model_b")
    long = beside.loc["report_c_model_b", "claimed on"]
    assert len(long) > 50
    assert long in Cells(beside._repr_html_()).texts
    assert long in Cells(beside.T._repr_html_()).texts
