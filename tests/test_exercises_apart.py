"""Each solved exercise in a process of its own, as a class's work is marked: values travel as they should."""

import pytest
from exercises_marked import NAMES, source

from sercourse.exercises import mark
from sercourse.exercises.kernels import KernelStudent


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_gets_all_points_from_another_process(name, tmp_path):
    with KernelStudent(tmp_path) as student:
        marks = mark(source(name), student)
    lost = {each.test: each.reason for each in marks if each.points < each.out_of}
    assert not lost
