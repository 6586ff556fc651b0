"""Get CREMA-D: show its size and licence, ask, fetch it, and put it where the lessons find it."""

from sercourse.corpora import get

if __name__ == "__main__":
    get.script("cremad", __doc__)
