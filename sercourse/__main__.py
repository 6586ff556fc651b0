"""``python -m sercourse``: the same as the command ``sercourse``."""

from sercourse.cli import main

main()
