"""The rules for lessons, each on a notebook that breaks it; and the course's lessons, which break none."""

import textwrap

import exercises_marked
import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.testing import CliRunner

from sercourse import cli, corpora, lessons, lint
from sercourse.errors import LessonError
from sercourse.lint import timings
from sercourse.lint.prose import printed

OPENING = """\
# 01 · A lesson

What is a lesson?

**After this lesson you can**

- do one;
- do another;
- do a third.

**Needs:** nothing. **Minutes:** 3.
"""

QUESTION = """\
**{number}. Is it so?**

<details><summary>a) It is.</summary>
Yes. It is as you saw.
</details>
<details><summary>b) It is not.</summary>
No. You saw the opposite.
</details>
"""

CLOSING = (
    """\
## Recap

- One.
- Two.
- Three.

## Check yourself

"""
    + "\n".join(QUESTION.format(number=number) for number in (1, 2, 3))
    + """
## Go on

**Exercise:** [01](../exercise.ipynb), about 30 minutes.

**References**

- Livingstone SR, Russo FA (2018) RAVDESS. [doi:10.1371/journal.pone.0196391](https://doi.org/10.1371/journal.pone.0196391)
- Kingma DP, Ba J (2015) Adam. [arXiv:1412.6980](https://arxiv.org/abs/1412.6980)

**Previous:** [00](00_first.ipynb) · **Next:** [02](02_last.ipynb)
"""
)

REFERENCES = """\
@article{livingstone2018ravdess,
  title = {RAVDESS},
  doi = {10.1371/journal.pone.0196391},
}
"""


@pytest.fixture
def lesson(tmp_path):
    """A lesson that keeps all rules, with neighbours, an exercise, references and timings."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (tmp_path / "exercise.ipynb").touch()
    (folder / "references.bib").write_text(REFERENCES, encoding="utf-8")
    (folder / "timings.csv").write_text(
        "lesson,corpus,seconds,machine,date\n01_small,demo,6,2 cores,2026-01-01\n", encoding="utf-8"
    )
    for name in ("00_first", "02_last"):
        nbformat.write(
            new_notebook(cells=[new_markdown_cell("# Words of `code`", id="title")]), folder / f"{name}.ipynb"
        )
    middle = []
    for number in range(9):
        middle.append(new_markdown_cell("**Predict first.** What comes?", id=f"text-{number}"))
        middle.append(new_code_cell(f"x = {number}", id=f"code-{number}"))
    cells = [new_markdown_cell(OPENING, id="title"), *middle, new_markdown_cell(CLOSING, id="end")]
    return folder / "01_small.ipynb", new_notebook(cells=cells)


def found(lesson):
    """Write the lesson; return (cell, rule, advice) of each finding."""
    path, notebook = lesson
    nbformat.write(notebook, path)
    return [finding[1:] for finding in lint.check(path)]


def cell(lesson, name):
    return next(each for each in lesson[1].cells if each.id == name)


def only(findings, name, rule, words):
    """There is one finding, in this cell, by this rule, and it says so."""
    assert len(findings) == 1, findings
    assert findings[0][:2] == (name, rule)
    assert words in findings[0][2]


def test_a_lesson_that_keeps_the_rules_has_no_finding(lesson):
    assert found(lesson) == []


def test_a_finding_names_the_lesson_and_prints_as_a_line(lesson):
    cell(lesson, "code-3").execution_count = 3
    path, notebook = lesson
    nbformat.write(notebook, path)
    [finding] = lint.check(path)
    assert finding.lesson == "01_small"
    assert str(finding).startswith("01_small, cell code-3: clean: has outputs or a count;")


OPENINGS = [
    ("# 01 · A lesson", "# Lesson", "begin with the title, as `# 01 · "),
    ("What is a lesson?", "This is one.", "ask the lesson's question"),
    ("**After this lesson you can**", "Goals:", "write `**After this lesson you can**`"),
    ("- do another;\n- do a third.", "- do more.", "has 2 goals; give 3 to 5"),
    ("- do one;", "- do one;\n- a;\n- b;\n- c;", "has 6 goals"),
    ("**Needs:** nothing. ", "", "write `**Needs:**`"),
    ("**Minutes:** 3.", "It takes a while.", "write `**Minutes:**`"),
]


@pytest.mark.parametrize(("good", "bad", "words"), OPENINGS, ids=[each[2] for each in OPENINGS])
def test_opening(lesson, good, bad, words):
    cell(lesson, "title").source = OPENING.replace(good, bad)
    only(found(lesson), "title", "opening", words)


CLOSINGS = [
    ("- Two.\n- Three.\n", "", "closing", "its recap has 1 lines; give 3 to 5"),
    ("## Recap", "## In short", "closing", "write `## Recap`"),
    ("**Exercise:** [01](../exercise.ipynb)", "Exercise 01", "closing", "write `**Exercise:**`"),
    ("**References**", "Books:", "closing", "write `**References**`"),
    ("[00](00_first.ipynb)", "lesson 00", "closing", "under `**Previous:**`, link to 00_first.ipynb"),
    ("**Next:** [02](02_last.ipynb)", "", "closing", "write `**Next:**`"),
    ("**3. Is it so?**", "Is it so?", "questions", "asks 2 questions"),
    ("Yes. It is as you saw.", "Yes.", "questions", "'a) It is.': say why"),
    ("Yes. It is as you saw.", "It may be so.", "questions", "0 explanations begin with Yes"),
    ("No. You saw the opposite.", "Yes. That as well.", "questions", "2 explanations begin with Yes"),
]


@pytest.mark.parametrize(("good", "bad", "rule", "words"), CLOSINGS, ids=[each[3] for each in CLOSINGS])
def test_closing_and_questions(lesson, good, bad, rule, words):
    place = CLOSING.rindex(good)
    cell(lesson, "end").source = CLOSING[:place] + CLOSING[place:].replace(good, bad)
    findings = found(lesson)
    assert [each[:2] for each in findings if words in each[2]] == [("end", rule)]


def test_a_question_needs_options_and_a_lesson_predictions(lesson):
    cell(lesson, "end").source = CLOSING.replace("<details><summary>b)", "<p>b)")
    assert [each[2][:11] for each in found(lesson)] == ["question 1:", "question 2:", "question 3:"]
    cell(lesson, "end").source = CLOSING
    for number in range(8):
        cell(lesson, f"text-{number}").source = "Look."
    only(found(lesson), "title", "questions", "ask for a prediction before at least two cells")


def test_the_last_lesson_needs_no_next_one(lesson):
    path, _ = lesson
    path.with_name("02_last.ipynb").unlink()
    cell(lesson, "end").source = CLOSING.replace("[02](02_last.ipynb)", "none")
    assert found(lesson) == []


def test_an_appendix_needs_no_recap_and_may_be_short(lesson):
    path, notebook = lesson
    notebook.cells = [cell(lesson, "title"), cell(lesson, "end")]
    cell(lesson, "end").source = "**References**" + CLOSING.split("**References**")[1]
    assert found(lesson) != []
    timings = path.with_name("timings.csv")
    timings.write_text(timings.read_text(encoding="utf-8").replace("01_small", "A_more"), encoding="utf-8")
    cell(lesson, "title").source = OPENING.replace("# 01 · ", "# ").replace("Minutes:** 3", "Minutes:** 1")
    assert found((path.with_name("A_more.ipynb"), notebook)) == []


def sizes(lesson):
    return [each for each in found(lesson) if each[1] == "sizes"]


def test_long_code(lesson):
    cell(lesson, "code-1").source = "\n".join(f"x{number} = 1" for number in range(21))
    only(sizes(lesson), "code-1", "sizes", "has 21 lines, 20 at most")
    for number in range(9):
        cell(lesson, f"code-{number}").source = "\n".join(f"x{place} = 1" for place in range(16))
    only(sizes(lesson), "metadata", "sizes", "half of the code cells have 16 lines or more")


def test_a_cell_without_a_name(lesson):
    cell(lesson, "code-1").id = "3fa85f64"
    only(found(lesson), "3fa85f64", "sizes", "give the cell a name")


def test_too_few_and_too_many_cells(lesson):
    _, notebook = lesson
    del notebook.cells[5]
    only(sizes(lesson), "metadata", "sizes", "has 19 cells; a lesson has 20 to 40")
    notebook.cells[1:1] = [new_code_cell("y = 1", id=f"more-{number}") for number in range(22)]
    only(sizes(lesson), "metadata", "sizes", "has 41 cells; leave out or join until 40 are left")


def test_the_cell_that_installs_the_course_is_not_counted(lesson):
    _, notebook = lesson
    source = "if True:\n    %pip install sercourse\n" + "\n".join(f"x{number} = 1" for number in range(20))
    notebook.cells.insert(1, new_code_cell(source, id="install"))
    assert found(lesson) == []


@pytest.mark.parametrize(
    "source",
    ["open('/home/ada/x.wav')", "open('/tmp/x')", "open('~/x')", r"open('C:\\x')", "open('file:///x')"],
)
def test_no_path_of_one_machine(lesson, source):
    cell(lesson, "code-1").source = source
    only(found(lesson), "code-1", "clean", "begins a path of one machine")


@pytest.mark.parametrize("source", ["'a/home/x'", "x = 4 /2", "'https://a.org/home/x'", "'<data>/ravdess'"])
def test_other_slashes_are_no_paths(lesson, source):
    cell(lesson, "code-1").source = source
    assert found(lesson) == []


def test_outputs(lesson):
    cell(lesson, "code-1").outputs = [nbformat.v4.new_output("stream", text="1")]
    only(found(lesson), "code-1", "clean", "Clear Outputs")


UNDESCRIBED = [
    ("figure, axes = plt.subplots()", "plt.subplots draws"),
    ("plt.plot([1])\nplt.show()", "draws; end with `plots.Picture"),
    ("sns.lineplot(x=[1])", "sns.lineplot draws"),
    ("Audio(x)", "Audio has no description"),
    ("display.Image('x.png')", "Image has no description"),
    ("plots.Picture(plt.figure())", "give Picture its description in words"),
    ("plots.Picture(plt.figure(), ' ')", "give Picture its description in words"),
    ("widgets.Players(sounds, rate)", "give Players its descriptions in words"),
]


@pytest.mark.parametrize(("source", "words"), UNDESCRIBED, ids=[each[0] for each in UNDESCRIBED])
def test_figures_and_sounds_are_described(lesson, source, words):
    cell(lesson, "code-1").source = source
    findings = found(lesson)
    assert findings[0][:2] == ("code-1", "figures")
    assert words in findings[0][2]


@pytest.mark.parametrize("text", ["![](#recap)", "![x](#recap)", '<img src="00_first.ipynb">'])
def test_pictures_in_text_are_described(lesson, text):
    cell(lesson, "text-1").source += f"\n\n{text}"
    only(found(lesson), "text-1", "figures", "give the picture a text in words")


def test_what_is_described_passes(lesson):
    cell(lesson, "code-1").source = "figure, axes = plt.subplots()\nplots.Picture(figure, f'{x} falls')"
    cell(lesson, "code-2").source = "widgets.Players(sounds, rate, descriptions={'a': 'a sad voice'})"
    cell(lesson, "code-3").source = "plt.style.use(plots.STYLE)"
    cell(lesson, "text-1").source += '\n\n<img src="00_first.ipynb" alt="a lesson, small">'
    assert found(lesson) == []


STYLES = [
    ("axes.plot(x, color='red')", "'red' is a colour"),
    ("axes.bar(x, y, facecolors=['C0', 'white'])", "'C0' is a colour"),
    ("axes.imshow(x, cmap='viridis')", "'viridis' is a colour"),
    ("mine = '#0072B2'", "'#0072B2' is a colour"),
    ("mine = ['tab:blue']", "'tab:blue' is a colour"),
    ("axes.plot(x, y, 'ro-')", "'ro-' is a colour"),
    ("axes.plot(x, color='0.7')", "'0.7' is a colour"),
    ("figure.set(dpi=300)", "`dpi` is the style's"),
    ("axes.text(0, 0, 'x', fontsize=7)", "type of 7 points; at least 9"),
    ("Figure(figsize=(9, 3))", "9 inches wide; at most 7.5"),
]


@pytest.mark.parametrize(("source", "words"), STYLES, ids=[each[0] for each in STYLES])
def test_palette(lesson, source, words):
    cell(lesson, "code-1").source = source
    findings = found(lesson)
    assert {each[:2] for each in findings} == {("code-1", "palette")}
    assert words in findings[0][2]


@pytest.mark.parametrize(
    "source",
    [
        "axes.plot(x, y, '--', color=plots.BLUE)",
        "axes.bar(x, y, edgecolor='black', facecolor='none')",
        "axes.plot(x, label='red')",
        "Figure(figsize=(7, 3))",
        "axes.text(0, 0, 'C major', fontsize=9)",
    ],
)
def test_the_courses_own_style_passes(lesson, source):
    cell(lesson, "code-1").source = source
    assert found(lesson) == []


LINKS = [
    ("[x](09_none.ipynb)", "links", "09_none.ipynb: is not there"),
    ("[x](00_first.ipynb#nothing)", "links", "has no such heading"),
    ("[x](#nothing)", "links", "has no such heading"),
    ("[x](http://nothing)", "links", "is no address"),
    ("[x](javascript:0)", "links", "is no address"),
    ("[the paper](https://doi.org/10.1371/journal.pone.0196391)", "references", "write it as `[doi:"),
    ("[doi:10.13/x](https://doi.org/10.13/x)", "references", "write it as `[doi:"),
    ("[doi:10.1234/x](https://doi.org/10.1234/y)", "references", "write it as `[doi:"),
    (
        "[doi:10.1234/x](https://doi.org/10.1234/x)",
        "references",
        "add the reference to references.bib",
    ),
    ("doi: 10.1234/x", "references", "link it"),
    ("[arXiv:15.1](https://arxiv.org/abs/15.1)", "references", "write it as `[arXiv:"),
]


@pytest.mark.parametrize(("text", "rule", "words"), LINKS, ids=[each[0] for each in LINKS])
def test_links_and_references(lesson, text, rule, words):
    cell(lesson, "text-1").source += f"\n\n{text}"
    only(found(lesson), "text-1", rule, words)


@pytest.mark.parametrize(
    "text",
    [
        "[x](00_first.ipynb#words-of-code)",
        "[x](00_first.ipynb#Words-of-code)",
        "[x](#recap)",
        "[x](https://example.org/a_(b))",
        "`[x](nowhere.ipynb)`",
        "```\n[x](nowhere.ipynb)\n```",
        "[doi:10.1371/journal.pone.0196391](https://doi.org/10.1371/journal.pone.0196391)",
    ],
)
def test_links_that_lead_somewhere(lesson, text):
    cell(lesson, "text-1").source += f"\n\n{text}"
    assert found(lesson) == []


def test_minutes(lesson):
    """About two hundred words, nine lines and six seconds."""
    path, _ = lesson
    for told, fine in ((1, False), (3, True), (4, True), (9, False)):
        cell(lesson, "title").source = OPENING.replace("Minutes:** 3", f"Minutes:** {told}")
        findings = found(lesson)
        assert (findings == []) is fine
        if not fine:
            only(findings, "title", "minutes", f"promises {told} minutes")
    cell(lesson, "title").source = OPENING
    path.with_name("timings.csv").unlink()
    only(found(lesson), "metadata", "minutes", "run `sercourse run 01 --record`")


def test_an_estimate_by_hand(tmp_path):
    """300 words at 100 a minute, 20 lines at 10 a minute, half a minute of running."""
    cells = [new_markdown_cell("word " * 300), new_code_cell("\n".join(["x"] * 20))]
    nbformat.write(new_notebook(cells=cells), tmp_path / "01_x.ipynb")
    assert timings.estimate(lint.Lesson.read(tmp_path / "01_x.ipynb"), seconds=30) == 3 + 2 + 0.5


def test_a_run_is_recorded_in_place_of_the_earlier_one(tmp_path):
    page = tmp_path / "page.html"
    page.touch()
    for name, corpus, seconds in (
        ("01_b", "demo", 9.6),
        ("00_a", "demo", 3.2),
        ("01_b", "ravdess", 70),
        ("01_b", "demo", 12.3),
    ):
        lint.record(lessons.Run(name, seconds, page, "", True), corpus, tmp_path)
    table = timings.read(tmp_path)
    assert table[["lesson", "corpus", "seconds"]].to_numpy().tolist() == [
        ["00_a", "demo", 3],
        ["01_b", "demo", 12],
        ["01_b", "ravdess", 70],
    ]
    assert table["machine"].str.contains("cores").all()
    assert table["date"].str.fullmatch(r"\d{4}-\d\d-\d\d").all()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("A p of .05, and 0.97 in code: `0.5`", [".05", "0.97", "0.5"]),
        ("right in 99.3 % of 280, 5 percent, 1,234.5 of them", ["99.3 %", "5 percent", "1,234.5"]),
        (
            "one percent, one hundred percent, 30 per cent",
            ["one percent", "one hundred percent", "30 per cent"],
        ),
        ("from −.006 to +.030, or 1e-10; the end is .5.", [".006", ".030", "1e-10", ".5"]),
        ("80 to 85 % (.5–.7)", ["85 %", ".5", ".7"]),
        ("24 actors, 1,440 files, 2026-01-01, 40 x 1, 1/8, 10 s, lesson 05.", []),
        ("[the 7](a_1.5_b.ipynb), https://a.org/1.5, run_0.5.csv, Python 3.11, section 2.3, v1.2.3", []),
        ("[arXiv:1412.6980](https://arxiv.org/abs/1412.6980), doi:10.1/2.5, the percentage, in percent", []),
    ],
)
def test_what_is_a_number(text, numbers):
    assert printed(text) == numbers


def test_a_number_needs_a_source_and_a_fact_its_number(lesson):
    _, notebook = lesson
    cell(lesson, "text-1").source += "\n\nThe loss is .693 and falls by 5 %."
    first, second = found(lesson)
    assert first[:2] == second[:2] == ("text-1", "numbers")
    assert "'.693' has no source" in first[2]
    assert "'5 %' has no source" in second[2]
    facts = [
        {"value": ".693", "source": "arithmetic: log(2)"},
        {"value": "5 %", "source": "definition: the usual level of a test"},
    ]
    notebook.metadata["facts"] = facts
    assert found(lesson) == []
    notebook.metadata["facts"] = [*facts, {"value": ".7", "source": "arithmetic: 7 / 10"}]
    only(found(lesson), "metadata", "numbers", "'.7' stands nowhere in the prose")
    notebook.metadata["facts"] = [*facts, {"value": ".693"}]
    only(found(lesson), "metadata", "numbers", "as printed")


SOURCES = [
    ("1.1745", "Report E [S]", ""),
    ("1.1745", "Report E [S]: the loss of its GRU", ""),
    ("99.3 %", "Report E [S]", ""),
    (".8184", "Report A [S]", ""),
    (".6565", "Report C [G]", ""),
    ("1.1754", "Report E [S]", "Report E states no such figure"),
    (".8184", "Report F [S]", "begin the source with"),
    (".8184", "we measured it", "begin the source with"),
    (".8184", "measured: demo", "begin the source with"),
    ("62 %", "reference: livingstone2018ravdess", ""),
    ("62 %", "reference: nobody2020", "references.bib has no entry nobody2020"),
    (".25", "cell code-1", ""),
    ("25 %", "cell code-1", ""),
    (".5", "cell code-1", "does not hold the number"),
    (".25", "cell text-1", "no code cell of this name"),
    ("1.274", "arithmetic: log(e + 7) - 1", ""),
    (".1541", "arithmetic: (1 - .7776) * log(2)", ""),
    ("66.7 %", "arithmetic: 2 / 3", ""),
    ("66.6 %", "arithmetic: 2 / 3", ""),
    ("66.8 %", "arithmetic: 2 / 3", "the result is 0.666667"),
    (".99", "arithmetic: 1 / 1", "the result is 1"),
    (".5", "arithmetic: __import__('os')", "cannot be calculated"),
    (".5", "arithmetic: 1 / 0", "cannot be calculated"),
    (".5", "arithmetic: one half", "cannot be calculated"),
    (".001", "manual: Keras, BatchNormalization", ""),
    (".05", "definition: the usual level", ""),
    (".05", "example: x", "say it in some words"),
]


@pytest.mark.parametrize(("value", "source", "words"), SOURCES, ids=[" ".join(each[:2]) for each in SOURCES])
def test_a_source_is_checked(lesson, value, source, words):
    cell(lesson, "code-1").source = "x = 0.25j * 0.25"
    cell(lesson, "text-1").source += f"\n\nIt is {value} here."
    lesson[1].metadata["facts"] = [{"value": value, "source": source}]
    findings = found(lesson)
    if words:
        only(findings, "metadata", "numbers", words)
    else:
        assert findings == []


EMPTY = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
OLD = EMPTY.replace("[]", '[{"cell_type": "markdown", "metadata": {}, "source": "x"}]').replace("5", "4")


@pytest.mark.parametrize(
    ("text", "words"),
    [("no notebook", "cannot be read"), (EMPTY, "has no cells"), (OLD, "has cells without an id")],
)
def test_what_is_no_lesson_is_named(tmp_path, text, words):
    path = tmp_path / "01_x.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LessonError, match=rf"01_x\.ipynb: {words}"):
        lint.check(path)


def test_a_cell_that_is_no_python_is_named(lesson):
    cell(lesson, "code-1").source = "x ="
    with pytest.raises(LessonError, match="cell code-1: no Python"):
        found(lesson)


def test_every_rule_has_a_sentence_that_says_it():
    assert all(rule.__doc__.split("\n")[0].endswith(".") for rule in lint.RULES)


def test_the_command_shows_findings(lesson, monkeypatch):
    path, notebook = lesson
    nbformat.write(notebook, path)
    monkeypatch.setattr(lessons.settings, "LESSONS", path.parent)
    done = CliRunner().invoke(cli.app, ["lint", "01"])
    assert (done.exit_code, done.output) == (0, "1 lesson(s), 0 finding(s)\n")
    cell(lesson, "code-2").source = "open('/tmp/x')"
    nbformat.write(notebook, path)
    done = CliRunner().invoke(cli.app, ["lint", "01"])
    assert done.exit_code == 1
    assert done.output.startswith("01_small, cell code-2: clean: '/tmp' begins a path of one machine")


def test_the_command_records_a_run(lesson, monkeypatch):
    path, notebook = lesson
    nbformat.write(notebook, path)
    (path.parent / "page.html").touch()
    done = lessons.Run("01_small", 41.7, path.parent / "page.html", "", True)
    monkeypatch.setattr(lessons.settings, "LESSONS", path.parent)
    monkeypatch.setattr(lessons, "run", lambda *_, **__: done)
    monkeypatch.setattr(corpora, "load", lambda _: None)
    for corpus in ("demo", "ravdess"):
        words = ["run", "01", "--corpus", corpus, "--no-open"]
        assert CliRunner().invoke(cli.app, words).exit_code == 0
        assert CliRunner().invoke(cli.app, [*words, "--record"]).exit_code == 0
    table = timings.read(path.parent)
    assert table[["corpus", "seconds"]].to_numpy().tolist() == [["demo", 42], ["ravdess", 42]]


@pytest.mark.parametrize("path", lessons.find(), ids=lambda path: path.stem)
def test_a_lesson_keeps_the_rules(path):
    found = "\n".join(map(str, lint.check(path)))
    assert not found, textwrap.indent(found, "  ")


@pytest.mark.parametrize("name", exercises_marked.NAMES)
def test_an_exercise_keeps_those_that_hold_for_it(name):
    path = ROOT / "exercises" / "source" / name / f"{name}.ipynb"
    assert lint.check(path, lint.EXERCISE_RULES) == []


def test_there_are_lessons():
    assert len(list((ROOT / "notebooks").glob("[0-9]*.ipynb"))) > 16
