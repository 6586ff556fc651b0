"""The map of the course is that of the lessons' opening cells."""

import itertools
import re
import runpy
import xml.etree.ElementTree
from graphlib import TopologicalSorter

from conftest import ROOT
from test_teaching import CORE

MAP = runpy.run_path(str(ROOT / ".ci" / "draw_map.py"))
STALE = "run: uv run python .ci/draw_map.py"
LESSONS = {each.number: each for each in MAP["lessons"]()}


def reach(needs):
    """All that each lesson needs, directly or not: a walk over what was reached before."""
    found = {}
    for number in TopologicalSorter(needs).static_order():
        found[number] = set(needs[number]).union(*(found[need] for need in needs[number]))
    return found


def test_picture_and_tables_are_those_of_the_lessons():
    assert MAP["PICTURE"].read_text(encoding="utf-8") == MAP["picture"](), STALE
    text = MAP["PAGE"].read_text(encoding="utf-8")
    assert MAP["page"](text) == text, STALE
    assert text.count("<!-- end -->") == 2


def test_what_it_tells_of_a_lesson_stands_in_its_first_cell():
    sixteen = LESSONS["16"]
    assert (sixteen.title, sixteen.needs, sixteen.core) == ("Honest results", ("05", "10", "15"), True)
    assert LESSONS["00"].needs == ()
    assert LESSONS["00"].exercise is None
    assert LESSONS["03"].corpora == "demo film, RAVDESS, measured"
    assert [number for number, each in LESSONS.items() if each.core] == CORE


def test_a_lesson_needs_only_what_comes_before_it():
    for number, each in LESSONS.items():
        assert all(need in LESSONS and need < number for need in each.needs)


def test_the_arrows_tell_all_needs_and_none_twice():
    full = reach({number: each.needs for number, each in LESSONS.items()})
    arrows = MAP["direct_needs"]()
    assert reach(arrows) == full
    for number, needs in arrows.items():
        for need in needs:
            fewer = arrows | {number: [other for other in needs if other != need]}
            assert reach(fewer) != full, f"{need} to {number} says nothing new"


def test_boxes_and_arrows_do_not_meet_and_needs_stand_above():
    where, ways = MAP["places"]()
    width, height = MAP["BOX"]
    names = list(where)
    for place, one in enumerate(names):
        assert width / 2 <= where[one][0] <= MAP["WIDTH"] - width / 2
        for other in names[place + 1 :]:
            across, down = (abs(a - b) for a, b in zip(where[one], where[other], strict=True))
            assert down >= height + 20 or across >= width * (0.5 if {one, other} - set(LESSONS) else 1)
    for way in ways:
        assert all(where[one][1] < where[other][1] for one, other in itertools.pairwise(way))


def test_the_picture_is_svg_that_also_tells_in_words():
    root = xml.etree.ElementTree.fromstring(MAP["picture"]())
    words = "".join(root.itertext())
    for each in LESSONS.values():
        assert f"{each.number}{each.title}".replace(" ", "") in words.replace(" ", "")
    assert "16 needs 10 and 15" in words


def test_hours_of_the_ways_are_sums():
    text = MAP["paths"]()
    term = next(line for line in text.splitlines() if "a term" in line)
    both = sum(LESSONS[each].minutes + (LESSONS[each].exercise or (0,))[0] for each in CORE)
    assert " ".join(CORE) in term
    assert int(re.search(r"(\d+) \|$", term)[1]) == round(both / 60)
