"""The site: built once with one lesson executed, then read as files and in a browser that has no network."""

import os
import re
import runpy
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from markdown_it import MarkdownIt

from sercourse import errors, lessons, reports, settings, site
from sercourse.site import (
    api_pages,
    building,
    docstrings,
    exercise_pages,
    lesson_pages,
    markdown,
    report_pages,
)
from sercourse.site.folder import Folder

EXECUTED = ("00_start_here",)
NARROW = 390
"""Width of a phone, in CSS pixels."""
LOOKED_AT = (
    *("index", "00_start_here", "04_mfcc", "16_honest_results", "course_map"),
    *("cheat_sheet", "references"),
    *("exercises/index", "exercises/03_labelling_your_own_clips", "exercises/18_capstone"),
    *("reports/index", "reports/a", "reports/c", "reports/replication", "genindex"),
    *("api/index", "api/experiments", "api/features", "api/networks", "api/widgets"),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the pages, made by the command as a user types it."""
    folder = tmp_path_factory.mktemp("site")
    numbers = ",".join(name.split("_")[0] for name in EXECUTED)
    words = ["site", "--execute", numbers, "--corpus", "demo", "--output", str(folder), "--no-open"]
    done = subprocess.run([sys.executable, "-m", "sercourse", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def parsed(built):
    """Every page, by its path in the site."""
    paths = [path for path in built.rglob("*.html") if "_static" not in path.parts]
    pages = {path.relative_to(built).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return {name: BeautifulSoup(text, "html.parser") for name, text in pages.items()}


def content(page):
    return page.find("article")


def test_every_lesson_exercise_report_and_room_has_its_page(parsed):
    names = [f"{path.stem}.html" for path in lessons.find()]
    names += [f"exercises/{path.name}.html" for path in (ROOT / "exercises" / "release").iterdir()]
    names += [f"reports/{letter.lower()}.html" for letter in reports.REPORTS] + ["reports/replication.html"]
    names += [f"api/{room}.html" for room in api_pages.rooms()]
    names += [f"{name}.html" for name in ("index", "search", "glossary", "references", "cheat_sheet")]
    assert set(names) <= set(parsed)


def test_an_executed_lesson_shows_its_results_and_another_says_that_it_was_not(parsed):
    for path in lessons.find():
        page = content(parsed[f"{path.stem}.html"])
        outputs = page.select(".cell_output")
        assert bool(outputs) == (path.stem in EXECUTED)
        assert ("it was not executed" in page.text) == (path.stem not in EXECUTED)
        assert not page.select(".output.stderr")
        assert all(picture.get("alt") for picture in page.select("img"))


def test_the_set_up_cell_of_colab_is_not_shown(parsed):
    assert all(
        "pip install --quiet" not in content(parsed[f"{path.stem}.html"]).text for path in lessons.find()
    )


def test_links_lead_to_pages_and_to_places_on_them(parsed, built):
    ids = {name: {tag["id"] for tag in page.select("[id]")} for name, page in parsed.items()}
    missing = []
    for name, page in parsed.items():
        for tag in page.select("[href], [src]"):
            link = tag.get("href") or tag.get("src")
            if re.match(r"(https?|data|mailto|javascript):", link):
                continue
            file, anchor = urldefrag(unquote(link.split("?")[0]))
            target = (built / name).parent / file if file else built / name
            if not target.is_file():
                missing.append((name, link))
            elif target.suffix == ".html" and anchor and tag.name == "a":
                known = ids[target.resolve().relative_to(built.resolve()).as_posix()]
                missing += [] if anchor in known or anchor == "" else [(name, link)]
    assert not missing


def test_links_out_of_the_site_are_well_formed_and_nothing_is_fetched_from_there(parsed):
    for name, page in parsed.items():
        for tag in page.select("[href^=http]"):
            assert tag.name == "a" or tag.get("rel") == ["canonical"], (name, tag)
            assert re.fullmatch(r"https?://[\w.-]+\.[a-z]+(:\d+)?(/[^\s\"]*)?", tag["href"]), (name, tag)
            if "doi.org" in tag["href"]:
                assert re.fullmatch(r"https://doi\.org/10\.\d{4,9}/\S+[^\s.,]", tag["href"]), (name, tag)
        assert not page.select("[src^=http], [src^='//'], link[href^='//']"), name


def test_previous_and_next_go_through_the_lessons_in_order(parsed):
    pages = [f"{path.stem}.html" for path in lessons.find()]
    for here, there in pairwise(pages):
        assert parsed[here].select_one("a.right-next")["href"] == there
        assert parsed[there].select_one("a.left-prev")["href"] == here


def test_a_lesson_is_downloaded_as_it_is_in_the_repository(parsed, built):
    for path in lessons.find():
        page = parsed[f"{path.stem}.html"]
        links = [tag["href"] for tag in page.select("a[href$='.ipynb']") if path.name in tag["href"]]
        assert len(links) == 2  # in the text, and by the theme's button
        for link in links:
            assert (built / link).read_bytes() == path.read_bytes()


def test_an_exercise_is_downloaded_as_students_get_it(parsed, built):
    for path in (ROOT / "exercises" / "release").glob("*/*.ipynb"):
        link = parsed[f"exercises/{path.stem}.html"].select_one(f"article a[href$='{path.name}']")["href"]
        assert (built / "exercises" / link).read_bytes() == path.read_bytes()


def test_no_path_of_this_machine_is_in_the_pages_of_the_package(parsed):
    for name, page in parsed.items():
        if name.startswith(("api/", "reports/", "exercises/")):
            assert str(ROOT) not in page.text
            assert str(Path.home()) + "/" not in page.text


def test_a_docstring_has_its_sections_and_footnotes(parsed):
    page = content(parsed["api/forensics.html"])
    bound = page.find(id="sercourse.forensics.loss_bound").parent
    for words in ("Parameters", "Formula", "What it cannot say", "References"):
        assert words in bound.text
    kappa = content(parsed["api/labelling.html"]).find(id="sercourse.labelling.agreement.cohen_kappa").parent
    note = kappa.select_one("a.footnote-reference")["href"].removeprefix("#")
    assert "Cohen" in content(parsed["api/labelling.html"]).find(id=note).text


def test_the_pages_of_reports_hold_what_is_known_of_them(parsed):
    """Report C: 100 % for B, 98.57 for A; a loss of .06565, which cannot be; each recording twice."""
    page = content(parsed["reports/c.html"]).text
    for words in ("1.00", "0.9857", "0.06565", "2 x (1,440 + 1,012)", "Impossible (2)", "our guess"):
        assert words in page
    assert "report_c_model_b" in content(parsed["reports/replication.html"]).text


def test_points_of_exercises_are_those_that_instructors_are_told():
    told = (ROOT / "exercises" / "TEACHING.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| `(\d\d_\w+)` \| (\d+) \| (\d+) \|", told)
    made = {(page.name, page.opening.minutes, str(page.points)) for page in exercise_pages.pages()}
    assert made == set(rows)


@pytest.fixture(scope="module")
def screen():
    """A browser for all tests here. It notes which addresses pages ask for."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("chromium is not here")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": NARROW, "height": 844})
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        yield page
        opened.close()


def test_on_a_phone_no_page_is_wider_than_the_screen_and_none_asks_another_host(screen, built):
    wide = {}
    for name in LOOKED_AT:
        screen.goto(f"file://{built}/{name}.html")
        width = screen.evaluate("document.documentElement.scrollWidth")
        if width > NARROW:
            wide[name] = width
    assert not wide
    assert screen.asked
    assert not [url for url in screen.asked if not url.startswith(("file:", "data:"))]
    assert not screen.wrong


def test_on_a_dark_page_words_can_be_read_and_pictures_stay_on_white(screen, built):
    screen.emulate_media(color_scheme="dark")
    screen.goto(f"file://{built}/{EXECUTED[0]}.html")
    dark = channels(screen, "body", "backgroundColor")
    assert contrast(dark, (255, 255, 255)) > 10
    for words in ("article p", "article figcaption", "article .open-it", "article td", "article h2"):
        assert contrast(channels(screen, words, "color"), dark) > 4.5, words
    assert channels(screen, "article figure img", "backgroundColor") == (255, 255, 255)
    screen.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert contrast(channels(screen, "article p", "color"), (255, 255, 255)) > 4.5  # paper is white
    screen.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert screen.evaluate("document.documentElement.dataset.theme") == "dark"
    screen.emulate_media(color_scheme="light")


def channels(screen, selector, name):
    """Red, green and blue of an element's colour, 0 to 255."""
    colour = screen.evaluate(f"getComputedStyle(document.querySelector('{selector}')).{name}")
    return tuple(float(value) for value in re.findall(r"[\d.]+", colour)[:3])


def contrast(one, other):
    """WCAG 2.1: (L1 + .05) / (L2 + .05), from relative luminances."""

    def luminance(colour):
        linear = [
            v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in colour)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_what_is_searched_is_found_without_a_server(screen, built):
    screen.goto(f"file://{built}/search.html?q=mel+filters")
    screen.wait_for_selector("#search-results li a", timeout=20_000)
    found = screen.eval_on_selector_all("#search-results li a", "all => all.map(each => each.href)")
    assert any("04_mfcc.html" in link for link in found)


def test_with_a_repository_a_lesson_can_be_opened_elsewhere(monkeypatch):
    monkeypatch.setattr(settings, "repository", lambda: "https://github.com/you/sercourse")
    options = runpy.run_path(str(ROOT / "notebooks" / "conf.py"))["html_theme_options"]
    assert options["repository_url"] == "https://github.com/you/sercourse"
    assert set(options["launch_buttons"]) == {"binderhub_url", "colab_url", "notebook_interface"}
    text = "see [how](../CONTRIBUTING.md) and [04](../exercises/release/04_mfcc/04_mfcc.ipynb)"
    address = "https://github.com/you/sercourse/blob/HEAD/CONTRIBUTING.md"
    assert lesson_pages.with_site_links(text) == f"see [how]({address}) and [04](exercises/04_mfcc.md)"


def test_without_a_repository_no_button_leads_nowhere(monkeypatch):
    monkeypatch.setattr(settings, "repository", lambda: "")
    options = runpy.run_path(str(ROOT / "notebooks" / "conf.py"))["html_theme_options"]
    assert not {"repository_url", "launch_buttons"} & set(options)
    assert lesson_pages.with_site_links("see [how](../CONTRIBUTING.md).") == "see how."


def test_a_widget_is_shown_as_its_picture(tmp_path):
    """Not by the state that a page would have to fetch a library for."""
    conf = runpy.run_path(str(ROOT / "notebooks" / "conf.py"))
    assert ("html", "application/vnd.jupyter.widget-view+json", None) in conf["nb_mime_priority_overrides"]
    lesson = tmp_path / "00_x.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 00 · X")])
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "x"}, "widgets": {"state": {}}}
    nbformat.write(notebook, lesson)
    assert "widgets" not in nbformat.reads(lesson_pages.lesson(lesson, lesson), as_version=4).metadata


@pytest.mark.parametrize(
    "text", ["a * b * c", "k_1 of n_2", "<data> & more", "[S] and `x`", "1 | 2", r"\alpha", "~x~"]
)
def test_text_means_what_it_says(text):
    """markdown-it is the parser that Sphinx uses; here it only turns Markdown back into text."""
    shown = MarkdownIt().enable("table").render(markdown.plain(text))
    assert BeautifulSoup(shown, "html.parser").text.strip() == text


def test_what_does_not_change_keeps_its_date(tmp_path):
    for content_of_b in ("old", "new"):
        folder = Folder(tmp_path)
        folder.write("a.md", "same")
        folder.write("b.md", content_of_b)
        if content_of_b == "old":
            folder.write("sub/gone.md", "x")
            os.utime(tmp_path / "a.md", (1, 1))
        folder.remove_others()
    assert (tmp_path / "a.md").stat().st_mtime == 1
    assert (tmp_path / "b.md").read_text() == "new"
    assert not (tmp_path / "sub" / "gone.md").exists()


def test_footnotes_of_two_docstrings_are_told_apart():
    own = docstrings.with_own_footnotes("By A [1]_.\n\n.. [1] A (1999).", "room.one", "room.module")
    borrowed = docstrings.with_own_footnotes("By B [2]_.", "room.two", "room.module")
    assert own == "By A [#room-one-1]_.\n\n.. [#room-one-1] A (1999)."
    assert borrowed == "By B [#room-module-2]_."


def test_the_best_claim_is_the_highest_in_the_reports_own_words():
    best = {letter: report_pages._best_claim(report) for letter, report in reports.REPORTS.items()}
    assert best == {"A": "0.8184", "B": "0.7918", "C": "1.00", "D": "over 0.95", "E": "0.9980"}


def test_without_sphinx_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setattr(building, "_NEEDED", ("sphinx", "no_such_extension"))
    with pytest.raises(errors.SiteError, match="here is no no_such_extension; `uv sync` installs it"):
        site.check_sphinx()
