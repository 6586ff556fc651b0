"""Make the synthetic demo corpus: 1,440 recordings in RAVDESS's layout, in about half a minute."""

import argparse

from sercourse.corpora import demo
from sercourse.errors import SercourseError


def main() -> None:
    """Read the arguments and make the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="where to put the Actor_XX folders (about 250 MB)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives 24 other speakers")
    arguments = parser.parse_args()
    try:
        print(demo.make(arguments.folder, seed=arguments.seed))
    except SercourseError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
