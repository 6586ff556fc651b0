"""A folder that is written anew each time, in which a file that does not change keeps its date."""

from pathlib import Path

from sercourse.files import written_whole


class Folder:
    """Where the sources of the site are put together.

    Sphinx makes a page again when the date of its source changes. So only what differs is written.

    Parameters
    ----------
    path : path-like
    """

    def __init__(self, path):
        self.path = Path(path)
        self._written: set[Path] = set()

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file, unless it holds just this already.

        Parameters
        ----------
        name : str
            Its path in the folder, with slashes.
        content : str or bytes
        """
        target = self.path / name
        self._written.add(target)
        data = content.encode() if isinstance(content, str) else content
        if target.exists() and target.read_bytes() == data:
            return
        with written_whole(target) as partial:
            partial.write_bytes(data)

    def remove_others(self) -> None:
        """Remove the files that an earlier time wrote and this one did not."""
        for file in [file for file in self.path.rglob("*") if file.is_file()]:
            if file not in self._written:
                file.unlink()
