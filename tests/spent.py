"""Where CI's time goes: processor time of each test, with all the processes that it started.

`Spent` is registered by conftest.py. It writes one row a test to ``build/spent.csv``, and after a whole
run prints the table by group that stands in .ci/README.md. Wall time would not do: several files of tests
share the cores.
"""

import csv
from collections import Counter

import psutil
import pytest

GROUPS = {
    "lessons": "notebooks/",
    "exercises and grading": "exercise grading teaching",
    "the site": "site",
    "pages in a browser, the live demo": "labeller listening forensic_form live recogni recorder timeline",
    "corpora and labelling": "audit conventions corpora data_ demo film get label studio variants voices",
    "sound and features": "audio augment copies dropped features parallel prosody recipes",
    "networks and training": "baselines dask experiments first_systems networks normalising training",
    "all other tests": "",
}
"""How a file's name begins, in tests/ without ``test_``. A file counts in the first group that it fits."""

STARTING = "tests/conftest.py::starting"
"""What a worker spends before its first test: imports, and the list of tests."""


def processor_seconds() -> float:
    """Return the seconds that this process, its living descendants and all their ended children used.

    On Windows a process does not know what its ended children used: they are missing there.
    """
    total = 0.0
    this = psutil.Process()
    for process in [this, *this.children(recursive=True)]:
        try:
            times = process.cpu_times()._asdict()
        except psutil.Error:
            continue  # it ended meanwhile
        total += sum(times.get(kind, 0.0) for kind in ("user", "system", "children_user", "children_system"))
    return total


def table(seconds: dict[str, float]) -> list[str]:
    """Return lines of a Markdown table: groups, and their processor minutes."""
    groups = Counter()
    for test, value in seconds.items():
        file = test.removeprefix("tests/test_")
        fitting = (name for name, begin in GROUPS.items() if file.startswith(tuple(begin.split() or [""])))
        groups[next(fitting)] += value
    width = max(map(len, GROUPS))
    lines = [*groups.most_common(), ("together", groups.total())]
    rows = [f"| {name:<{width}} | {value / 60:17.1f} |" for name, value in lines]
    return [f"| {'group':<{width}} | processor minutes |", f"|{'-' * (width + 2)}|{'-' * 18}:|", *rows]


class Spent:
    """Plugin for pytest: measures where tests run, and adds up where their reports come together.

    Parameters
    ----------
    path : pathlib.Path
        The file to write.
    """

    def __init__(self, path):
        self.path = path
        self.seconds = Counter()
        self.before = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        """Count what came before the first test as a row of its own."""
        if not self.before:
            self.before = processor_seconds()
            self.starting = self.before
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        """Write into a test's last report what it spent, with its fixtures."""
        report = yield
        if call.when == "teardown":
            now = processor_seconds()
            # A process that ended without its parent's knowing takes its time with it: never below 0.
            report.user_properties += [(STARTING, self.starting), (item.nodeid, max(now - self.before, 0.0))]
            self.before, self.starting = now, 0.0
        return report

    def pytest_runtest_logreport(self, report):
        """Read it there."""
        if report.when == "teardown":
            self.seconds.update(dict(report.user_properties))

    def pytest_terminal_summary(self, terminalreporter, config):
        """Write each test's time; print the table after a whole run."""
        self.path.parent.mkdir(exist_ok=True)
        with self.path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("test", "processor_seconds"), *self.seconds.most_common()])
        if config.args_source is config.ArgsSource.TESTPATHS:
            terminalreporter.section("where the time went")
            terminalreporter.write_line("\n".join(table(self.seconds)))
