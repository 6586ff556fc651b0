"""One list of tested versions: pyproject.toml, constraints.txt, environment.yml and this environment."""

import importlib.metadata
import os
import re
import sysconfig
import tomllib

import pytest
from conftest import ROOT
from packaging.requirements import Requirement

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = dict(pin.split("==") for pin in PROJECT["tool"]["uv"]["constraint-dependencies"])


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_constraints_and_pyproject_hold_the_same_list():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [f"{n}=={v}" for n, v in PINS.items()]


def test_every_dependency_is_pinned_inside_its_range():
    groups = [*PROJECT["dependency-groups"].values(), *PROJECT["project"]["optional-dependencies"].values()]
    wanted = [*PROJECT["project"]["dependencies"], *(line for group in groups for line in group)]
    assert len(wanted) > 25
    for line in wanted:
        requirement = Requirement(line)
        version = PINS[normalised(requirement.name)]
        assert requirement.specifier.contains(version), f"{version} is outside {line}"


@pytest.mark.skipif(not os.environ.get("UV"), reason="only what uv installed is meant to agree")
def test_this_environment_has_the_pinned_versions():
    here = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]  # not what setuptools carries along
    installed = {normalised(each.name): each.version for each in importlib.metadata.distributions(path=here)}
    assert len(installed) > 100
    differing = {
        name: (installed[name], PINS[name]) for name in PINS if installed.get(name, PINS[name]) != PINS[name]
    }
    assert differing == {}


def test_the_conda_environment_installs_from_the_same_list():
    lines = [line.strip(" -") for line in (ROOT / "environment.yml").read_text().splitlines()]
    assert "c constraints.txt" in lines
    assert "e ." in lines
    requires = PROJECT["project"]["requires-python"]
    assert f"python {requires}" in lines


def test_no_host_of_a_registry_and_no_lock_file_is_committed():
    for name in ("pyproject.toml", "constraints.txt", "environment.yml"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8").replace("https://github.com", "")
    assert "uv.lock" in (ROOT / ".gitignore").read_text().splitlines()
