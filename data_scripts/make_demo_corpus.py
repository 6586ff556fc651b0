"""Make a synthetic corpus of the course; by default 1,440 recordings in RAVDESS's layout."""

import argparse

from sercourse import corpora
from sercourse.errors import SercourseError

VARIANTS = {
    "standard": "demo",
    "twins": "demo_twins",
    "second": "demo_second",
    "film": "demo_film",
}


def main() -> None:
    """Read the arguments and make the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="where to put the corpus (up to 500 MB)")
    parser.add_argument("--variant", choices=VARIANTS, default="standard", help="which corpus")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other speakers")
    arguments = parser.parse_args()
    try:
        print(corpora.make(VARIANTS[arguments.variant], arguments.folder, arguments.seed))
    except SercourseError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
