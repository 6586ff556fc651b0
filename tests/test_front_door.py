"""What a visitor reads first is true: tables of the README, links, citation, changelog, issue forms."""

import re
import runpy
import tomllib

import nbformat
import pytest
import typer
import yaml
from conftest import ROOT

import sercourse
from sercourse import lessons, reports
from sercourse.cli import app

PAGES = [
    "README.md",
    "INSTALL.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "exercises/README.md",
    "exercises/TEACHING.md",
]
PAGES += [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob(".ci/*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOOL = runpy.run_path(str(ROOT / ".ci" / "write_readme.py"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]_*.yml"))


def rows(text, marker):
    made = re.search(rf"<!-- {marker}: .*? -->(.*?)<!-- end -->", text, re.DOTALL)[1]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in made.strip().splitlines()[2:]]


def test_the_readmes_tables_are_those_of_notebooks_and_measured_results():
    assert TOOL["written"](README) == README, "run `uv run python .ci/write_readme.py`"


def test_each_lesson_has_a_row_with_what_its_opening_promises():
    told = {row[0]: row for row in rows(README, "lessons")}
    for path in lessons.find():
        if not path.stem.startswith("A_"):
            text = nbformat.read(path, 4).cells[0].source
            number, _, promise, _, minutes, _ = told.pop(path.stem[:2])
            assert f"# {number} ·" in text
            assert f"- {promise}" in text
            assert f"**Minutes:** {minutes}." in text
    assert not told


def test_minutes_are_those_that_instructors_are_told():
    teaching = (ROOT / "exercises" / "TEACHING.md").read_text(encoding="utf-8")
    for number, _, _, kind, minutes, exercise in rows(README, "lessons"):
        found = re.search(rf"^\| {number} \| (\w+) \| (\d*) \|[^|]*\| (\d*) ?\|", teaching, re.MULTILINE)
        assert found.groups() == (kind, minutes, exercise)


def test_each_measured_table_is_told_with_all_its_rows():
    told = {row[0].strip("`"): row for row in rows(README, "measured")}
    there = {path.stem for path in (ROOT / "sercourse" / "reports" / "measured").glob("*.csv")}
    assert set(told) == there, "name the table in MEASURED of .ci/write_readme.py"
    for name, (_, _, real, synthetic) in told.items():
        assert int(real or 0) + int(synthetic or 0) == len(reports.measured(name))


def test_claims_are_those_of_the_reports():
    for letter, network, claimed, *_ in rows(README, "claims"):
        assert reports.REPORTS[letter].claims[network.strip("`")].accuracy == claimed


def anchors(path):
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    path = ROOT / page
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if not link.startswith("https://"):
            target, _, anchor = link.partition("#")
            there = (path.parent / target).resolve() if target else path
            assert there.exists(), link
            assert not anchor or anchor in anchors(there), link


def known_commands():
    return set(typer.main.get_command(app).commands)


@pytest.mark.parametrize("page", PAGES)
def test_commands_are_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:uv run|^|`|&& )\s?sercourse ([a-z]+)", text, re.MULTILINE))
    assert named <= known_commands()
    for script in re.findall(r"\.ci/(\w+\.py|run\b)", text):
        assert (ROOT / ".ci" / script).exists(), script


def test_each_script_of_maintainers_is_told():
    text = (ROOT / ".ci" / "README.md").read_text(encoding="utf-8")
    for script in [*ROOT.glob(".ci/*.py"), ROOT / ".ci" / "run"]:
        assert f"| `{script.name}` |" in text


def test_the_two_commands_are_what_ci_runs():
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for command in re.findall(r"^pip install uv && (uv run [\w ]+\w)", README, re.MULTILINE):
        assert command in ci


def test_the_citation_is_valid_and_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)  # what the format requires
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] in {"software", "dataset"}
    assert citation["version"] == sercourse.__version__
    assert citation["authors"] == project["authors"]
    assert set(citation["license"]) == set(project["license"].split(" AND "))
    assert citation["title"].split(": ")[1] in README


def test_the_changelog_begins_with_this_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version, date = re.search(r"^## \[([\d.]+)\] - (\S+)$", text, re.MULTILINE).groups()
    assert version == sercourse.__version__
    assert re.fullmatch(r"unreleased|\d{4}-\d\d-\d\d", date)
    assert set(re.findall(r"^### (\w+)", text, re.MULTILINE)) <= {
        "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"
    }  # fmt: skip


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_has_the_shape_that_github_reads(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"]
    assert form["description"]
    asked = [field for field in form["body"] if field["type"] != "markdown"]
    assert asked
    assert len({field["id"] for field in asked}) == len(asked)
    for field in form["body"]:
        assert field["type"] in {"markdown", "input", "textarea", "dropdown", "checkboxes"}
        assert field["attributes"]["value" if field["type"] == "markdown" else "label"]
        assert field["type"] != "dropdown" or len(set(field["attributes"]["options"])) > 1


@pytest.mark.parametrize("name", ["1_lesson", "2_result"])
def test_a_report_of_a_fault_needs_versions(name):
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml").read_text(encoding="utf-8"))
    (versions,) = (field for field in form["body"] if field.get("id") == "versions")
    assert "sercourse doctor" in versions["attributes"]["description"]
    assert versions["validations"]["required"]
