"""Write the tested versions into pyproject.toml and constraints.txt, both from one resolution.

    uv run python .ci/pin_versions.py             write the versions that uv resolves now
    uv run python .ci/pin_versions.py --upgrade   forget the present pins first

uv reads the list in pyproject.toml; pip (conda, Colab) reads the same list in
constraints.txt. `tests/test_versions.py` says when list, file and environment differ.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = re.compile(r"^constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)
HEAD = "# The tested versions, for pip: written by .ci/pin_versions.py, the same as in pyproject.toml.\n"


def resolved() -> list[str]:
    """Ask uv for every package of every group and extra, one ``name==version`` each."""
    command = [
        "uv",
        "export",
        "--no-hashes",
        "--all-groups",
        "--all-extras",
        "--no-emit-project",
        "--no-annotate",
        "--no-header",
    ]
    lines = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    pins = sorted({line.split(";")[0].strip() for line in lines if "==" in line})
    names = [pin.split("==")[0] for pin in pins]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        sys.exit(f"more than one version of {', '.join(twice)}: narrow its range in pyproject.toml")
    return pins


def with_list(text: str, pins: list[str]) -> str:
    """Return the text of pyproject.toml with these pins in `[tool.uv]`."""
    body = "".join(f'    "{pin}",\n' for pin in pins)
    written = f"constraint-dependencies = [\n{body}]\n" if pins else ""
    if LIST.search(text):
        return LIST.sub(lambda _: written, text)
    return text.replace("[tool.uv]\n", f"[tool.uv]\n{written}", 1)


def main() -> None:
    """Pin."""
    project = ROOT / "pyproject.toml"
    before = project.read_text()
    try:
        if "--upgrade" in sys.argv:
            project.write_text(with_list(before, []))
            (ROOT / "uv.lock").unlink(missing_ok=True)
        pins = resolved()
    except BaseException:
        project.write_text(before)
        raise
    project.write_text(with_list(before, pins))
    (ROOT / "constraints.txt").write_text(HEAD + "".join(f"{pin}\n" for pin in pins))
    print(f"{len(pins)} packages pinned")


if __name__ == "__main__":
    main()
