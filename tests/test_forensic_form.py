"""The form for published figures: what it says, a page without a kernel, and its page in a browser."""

import re

import nbformat
import pandas as pd
import pytest
from nbconvert import HTMLExporter
from pages import serve_command

from sercourse import forensics
from sercourse.errors import UnknownNameError
from sercourse.reports.published.inspection import inspect
from sercourse.widgets import ForensicForm
from sercourse.widgets.forensic_form import answer, start


def asked(**changes):
    """The form's first fields, some of them changed."""
    return start() | changes


def names(found):
    return list(zip(found.findings["grade"], found.findings["finding"], strict=True))


def test_at_first_it_shows_that_model_ds_loss_is_impossible():
    """.2204 x ln 2 = .2204 x .6931 = .1528."""
    form = ForensicForm()
    assert {name: form.asked[name] for name in ("what", "accuracy", "n", "loss", "n_classes")} == {
        "what": "figures", "accuracy": "0.7796", "n": "490", "loss": "0.06565", "n_classes": "8",
    }  # fmt: skip
    assert form.findings[["finding", "grade"]].to_numpy().tolist() == [["loss below its bound", "impossible"]]
    assert "0.1528" in form.said["page"]
    assert form.said["summary"] == "Found: 1 impossible."
    assert form.said["troubles"] == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"loss": "0.6565"}, []),
        ({"loss": ""}, []),
        ({"accuracy": "77,96 %", "loss": "0,06565"}, [("impossible", "loss below its bound")]),
        ({"accuracy": "0.9761", "loss": ""}, [("impossible", "accuracy is not k of n")]),
        ({"accuracy": "0.9761", "loss": "", "n": ""}, []),
        ({"accuracy": "0.9980", "loss": "", "n": "280 or 420"}, [("odd", "accuracy is not k of n")]),
        ({"accuracy": "0.9929", "loss": "1.1745", "n": "280", "n_classes": "7"}, [("odd", "softmax twice")]),
        ({"accuracy": "0.9929", "loss": "1.1745", "n": "280", "n_classes": ""}, []),
    ],
)  # fmt: skip
def test_figures_are_examined(changes, expected):
    """.9761 is no k of 490; ln(e + 6) - 1 = 1.1654 is the floor of two softmaxes."""
    found = answer(asked(**changes))
    assert found.troubles == {}
    assert names(found) == expected


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"accuracy": "much"}, "accuracy", "'much' is not a number"),
        ({"accuracy": "77.96"}, "accuracy", "does not lie between 0 and 1"),
        ({"accuracy": "", "loss": " "}, "accuracy", "type an accuracy or a loss"),
        ({"loss": "-0.1"}, "loss", "is not a cross-entropy"),
        ({"n": "4.5"}, "n", "'4.5' is not a number of files; give a whole number"),
        ({"n": "280 or many"}, "n", "'many' is not a number of files"),
        ({"n_classes": "1"}, "n_classes", "give at least 2"),
        ({"n_classes": "eight"}, "n_classes", "'eight' is not a number of classes; give a whole number"),
        ({"what": "table", "table": "no table"}, "table", "is no table"),
        ({"what": "table", "table": ""}, "table", "paste a line of column names"),
        ({"what": "table", "table": "row,accuracy\nx,much"}, "table", "row 'x', column 'accuracy': 'much'"),
        ({"what": "table", "table_n": "x"}, "table_n", "'x' is not a number of files"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_its_field(changes, field, said):
    found = answer(asked(**changes))
    assert list(found.troubles) == [field]
    assert said in found.troubles[field]
    assert found.findings.empty
    form = ForensicForm(**changes)
    assert form.said["page"] == ""
    assert form.said["summary"] == "Nothing was examined: mend the marked field."


def test_each_wrong_field_has_its_own_message():
    found = answer(asked(accuracy="2", n="0", loss="x", n_classes="y"))
    assert set(found.troubles) == {"accuracy", "n", "loss", "n_classes"}


@pytest.mark.parametrize(
    "table",
    [
        "model,train loss,val loss,val accuracy\nA,0.0824,0.0491,0.9755\nD,1.1739,0.06565,0.7796",
        "model\tval loss\tval accuracy\nA\t0,0491\t97,55 %\nD\t0,06565\t77,96 %",
        "| model | val loss | val accuracy |\n|-|-|-|\n| A | 0.0491 | 97.55% |\n| D | .06565 | 77.96% |",
    ],
    ids=["CSV", "tabs, per cent and decimal commas", "Markdown"],
)
def test_a_pasted_table_is_examined(table):
    found = answer(asked(what="table", table=table, table_n="", table_classes="8"))
    assert found.troubles == {}
    assert names(found) == [("impossible", "loss below its bound")]
    assert found.findings["row"].tolist() == ["D"]


@pytest.mark.parametrize("letter", "ABCDE")
def test_a_report_is_inspected_and_every_finding_is_explained(letter):
    form = ForensicForm(what=letter)
    pd.testing.assert_frame_equal(pd.DataFrame(form.findings), pd.DataFrame(inspect(letter)))
    page = form.said["page"]
    for row in form.findings.itertuples():
        assert shown(row.finding) in page
        assert shown(row.detail) in page
        check = forensics.CHECKS.get(row.finding)
        if check:
            assert shown(check.formula) in page
            assert shown(check.what_it_cannot_say) in page
            assert shown(check.source) in page
        else:
            assert "<small>Found by" in page
    assert "15_the_100_percent" in page


def shown(text):
    """A text as it stands on the page."""
    import html

    return html.escape(text.replace("`", ""))


def test_what_is_typed_is_text_and_never_a_page():
    table = "row,loss,accuracy\n<script>alert(1)</script>,0.0012,0.9893"
    form = ForensicForm(what="table", table=table)
    assert len(form.findings) > 0
    assert "<script>" not in form.said["page"]
    assert "<script>" not in ForensicForm(accuracy="<script>")._repr_mimebundle_()[0]["text/html"]


def test_what_the_form_has_not_is_named():
    with pytest.raises(UnknownNameError, match="no field of the form is called 'precision'"):
        ForensicForm(precision="0.5")
    with pytest.raises(UnknownNameError, match="no thing to examine is called 'F'"):
        ForensicForm(what="F")


def test_a_page_without_a_kernel_shows_the_findings():
    form = ForensicForm()
    data, _ = form._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == form.model_id
    assert data["text/plain"].startswith(
        "Examined: accuracy 0.7796, loss 0.06565, tested files 490, classes 8\nFound: 1 impossible.\n"
        "impossible: loss below its bound. loss 0.06565 at accuracy 0.7796:"
    )
    output = nbformat.v4.new_output("display_data", data)
    cell = nbformat.v4.new_code_cell("page", outputs=[output])
    html = HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))[0]
    assert "Examined: accuracy 0.7796" in html
    assert "What it cannot say" in html
    assert "Run the cell to type in other figures" in html


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Address of the page that `sercourse forensics` serves."""
    with serve_command(["-m", "sercourse", "forensics"], tmp_path_factory.mktemp("forensics")) as address:
        yield address


@pytest.fixture
def page(served, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(300_000)
    page.failures = []
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    page.goto(served)
    page.wait_for_selector(".forensic-finding")
    return page


def test_figures_are_typed_by_keyboard_alone(page):
    """Report C's Model D, then Report E's GRU, then nonsense, then a report from the list."""
    assert found_on(page) == ["loss below its bound"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390  # nothing sticks out on a phone
    tab_to(page, "accuracy")
    for typed in ("0.9929", "1.1745", "280", "7"):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # on the button
    wait_for(page, "Found: 1 odd.")
    assert found_on(page) == ["softmax twice"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # unfolds what stands behind the finding
    assert "ln(e + K - 1) - 1" in page.locator(".forensic-findings details[open]").inner_text()

    tab_to(page, "loss", "Shift+Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("one")
    page.keyboard.press("Enter")  # in a field
    wait_for(page, "Nothing was examined: mend the marked field.")
    message = page.locator("[data-wrong=loss]")
    assert message.inner_text().startswith("'one' is not a number")
    wrong = page.locator("[name=loss]")
    assert wrong.get_attribute("aria-invalid") == "true"
    assert message.get_attribute("id") in wrong.get_attribute("aria-describedby").split()
    assert page.evaluate("document.activeElement.name") == "loss"
    assert found_on(page) == []

    tab_to(page, "what", "Shift+Tab")
    page.keyboard.type("Report D")
    wait_for(page, "Found: 6 odd.")
    assert "the LSTM is said to hold one tanh" in found_on(page)
    assert not page.locator("[name=accuracy]").is_visible()
    assert page.failures == []


def test_every_field_has_its_name_for_a_screen_reader(page):
    for label in ("Examine", "Accuracy", "Loss", "Tested files", "Classes"):
        assert page.get_by_label(label, exact=True).locator("visible=true").count() == 1
    assert page.get_by_role("status").inner_text() == "Found: 1 impossible."
    assert page.get_by_role("region", name="Findings").is_visible()
    page.get_by_label("Examine", exact=True).select_option("table")
    wait_for(page, re.compile("Found: .*odd"))
    page.get_by_label("Table", exact=True).fill("row;accuracy\nx;97,61 %")
    page.get_by_label("Tested files", exact=True).locator("visible=true").fill("490")
    page.get_by_role("button", name="Examine").click()
    wait_for(page, "Found: 1 impossible.")
    assert found_on(page) == ["accuracy is not k of n"]
    assert page.failures == []


def found_on(page):
    """The findings that the page shows, without their grades."""
    return [text.split(maxsplit=1)[1] for text in page.locator(".forensic-finding h4").all_inner_texts()]


def wait_for(page, text):
    from playwright.sync_api import expect

    expect(page.get_by_role("status")).to_have_text(text, timeout=60_000)


def tab_to(page, name, key="Tab"):
    """Press Tab until the focus is in a field."""
    for _ in range(30):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press(key)
    pytest.fail(f"Tab does not reach {name}")
