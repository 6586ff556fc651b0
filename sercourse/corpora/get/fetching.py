"""Fetch one file over HTTP: go on after a cut, give up on a server that stalls, keep only the right bytes.

pooch checks the sums. It does not fetch here, because it starts a file anew after each cut, and one of these
has 225 MB. A file grows under its name with ``.part`` and gets its own name when its checksum is right.
"""

import json
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pooch
import requests

from sercourse.errors import DownloadError

TIMEOUT = (10, 30)
"""Seconds to wait for a connection, and for the next bytes."""

WAITS = (1, 3, 9)
"""Seconds before each new attempt. An attempt that brought bytes starts the row anew."""

LONGEST_WAIT = 60
"""Seconds that are waited at most when a server asks for it."""

LISTING_LIMIT = 50_000_000
"""Bytes that an answer to a question may have; the longest real one has about 2 MB."""

GO_ON = "what arrived is kept: run the same command again to go on"

_PIECE = 1 << 13  # bytes; what a cut loses at most
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_local = threading.local()


class _PassingError(Exception):
    """An attempt that failed for a reason that may pass, and how many seconds the server asks to wait."""

    def __init__(self, reason: str, wait: int):
        super().__init__(reason)
        self.wait = wait


def fetch_file(
    address: str,
    path: Path,
    checksum: str | None = None,
    size: int | None = None,
    limit: int | None = None,
    headers: dict | None = None,
    advance: Callable[[int], object] = lambda n_bytes: None,
) -> None:
    """Fetch a file, or what is missing of it; a file that is there is taken as it is.

    Parameters
    ----------
    address : str
    path : pathlib.Path
        Where it goes; what is on its way lies beside it, with ``.part`` added.
    checksum : str, optional
        Such as ``md5:9d21...`` or ``sha256:4d7a...``.
    size : int, optional
        Its exact size in bytes.
    limit : int, optional
        Refuse what is larger; `size` by default.
    headers : dict, optional
        To send along.
    advance : callable
        Told how many bytes came; a negative number takes some back.

    Raises
    ------
    DownloadError
        The server cannot be reached, stalls, refuses, or sends other bytes than it should.
    OSError
        The file cannot be written.
    """
    if path.exists():
        advance(path.stat().st_size)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    partial.touch()
    advance(partial.stat().st_size)
    resumed = partial.stat().st_size > 0
    _insist(address, partial, lambda: _go_on(address, partial, size, limit or size, headers or {}, advance))
    wrong = fault(partial, checksum, size)
    if wrong:
        advance(-partial.stat().st_size)
        partial.unlink()
        if resumed:  # the first bytes may be those of an earlier edition: once from the start
            return fetch_file(address, path, checksum, size, limit, headers, advance)
        raise DownloadError(
            f"{address}: {wrong}; it was thrown away. Run the same command again; if it says this again, the "
            "file has changed at its source, or something on the way answers in its place (a log-in page?)"
        )
    partial.rename(path)


def fault(path: Path, checksum: str | None, size: int | None) -> str | None:
    """Say what is wrong with a file that arrived, or return None.

    Parameters
    ----------
    path : pathlib.Path
    checksum : str, optional
        As in `fetch_file`.
    size : int, optional
        In bytes.
    """
    there = path.stat().st_size
    if size is not None and there != size:
        return f"{there:,} bytes arrived instead of {size:,}"
    if checksum:
        kind, _, expected = checksum.partition(":")
        found = pooch.file_hash(str(path), alg=kind)
        if found != expected.lower():
            return f"what arrived is not the published file ({kind} {found} instead of {expected})"
    return None


def ask(address: str, question: dict | None = None, headers: dict | None = None) -> dict:
    """Ask a web service, and return its answer.

    Parameters
    ----------
    address : str
    question : dict, optional
        Sent as JSON by POST; without one the address is read.
    headers : dict, optional
        To send along.

    Raises
    ------
    DownloadError
        There is no answer, or it is no JSON object.
    """
    answers = []

    def attempt() -> bool:
        method = "GET" if question is None else "POST"
        with _session().request(
            method, address, json=question, headers=headers, timeout=TIMEOUT, stream=True
        ) as response:
            _check_status(address, response)
            content = b""
            for piece in response.iter_content(_PIECE):
                content += piece
                if len(content) > LISTING_LIMIT:
                    raise DownloadError(f"{address}: the answer is endless; try again later")
        try:
            answers.append(json.loads(content))
        except ValueError as error:
            raise DownloadError(f"{address}: the answer is not JSON; try again later") from error
        return True

    _insist(address, None, attempt)
    if not isinstance(answers[-1], dict):
        raise DownloadError(f"{address}: the answer is JSON of another form than it should be")
    return answers[-1]


def _insist(address: str, partial: Path | None, attempt: Callable[[], bool]) -> None:
    """Repeat an attempt until it is done, or brought nothing several times in a row."""
    failures = 0
    while True:
        before, wait = partial.stat().st_size if partial else 0, 0
        try:
            if attempt():
                return
            reason = "the server cut the connection"
        except _PassingError as error:
            reason, wait = str(error), error.wait
        except requests.RequestException as error:
            reason = _in_words(error)
        if partial and partial.stat().st_size > before:
            failures = 0
        if failures == len(WAITS):
            kept = GO_ON if partial and partial.stat().st_size else "run the same command again later"
            raise DownloadError(f"{address}: {reason}; {kept}")
        time.sleep(max(WAITS[failures], wait))
        failures += 1


def _go_on(address, partial: Path, size, limit, headers: dict, advance) -> bool:
    """Append what comes; return whether the file is complete."""
    there = partial.stat().st_size
    if size is not None and there >= size:
        return True
    # Compressed on the way, a range would be one of other bytes.
    wanted = headers | {"Accept-Encoding": "identity"} | ({"Range": f"bytes={there}-"} if there else {})
    with _session().get(address, headers=wanted, timeout=TIMEOUT, stream=True) as response:
        if response.status_code == 416:  # nothing beyond what is there: the checksum tells whether it is all
            return True
        _check_status(address, response)
        if there and not _continues(response, there):
            advance(-there)
            there = 0
        with open(partial, "ab" if there else "wb") as file:
            for piece in response.iter_content(_PIECE):
                there += len(piece)
                if limit is not None and there > limit:
                    raise DownloadError(
                        f"{address}: more than the {limit:,} bytes that it should have; nothing more was "
                        "taken. The file may have changed at its source"
                    )
                file.write(piece)
                advance(len(piece))
        # Requests notices a cut where the server said how much it sends; elsewhere only the size tells.
        framed = {"Content-Length", "Transfer-Encoding"} & set(response.headers)
    return bool(framed) or size is None or there >= size


def _continues(response: requests.Response, there: int) -> bool:
    """Whether an answer starts at the byte that was asked for; a server may ignore that and start at 0."""
    start = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return response.status_code == 206 and start is not None and int(start[1]) == there


def _check_status(address: str, response: requests.Response) -> None:
    status = f"{response.status_code} {response.reason}"
    if response.status_code in _PASSING:
        wait = response.headers.get("Retry-After", "")
        wait = min(int(wait), LONGEST_WAIT) if wait.isdigit() else 0
        raise _PassingError(f"the server is in trouble or busy ({status})", wait)
    if response.status_code >= 400:
        raise DownloadError(
            f"{address}: the server refuses ({status}); the file may have moved, or your network may block "
            "it. Open the address in a browser to see"
        )


def _in_words(error: requests.RequestException) -> str:
    # A stall in the middle comes as a ConnectionError that wraps urllib3's ReadTimeoutError.
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return f"the server stalls (nothing came for {TIMEOUT[1]} s)"
    if isinstance(error, requests.exceptions.ChunkedEncodingError) or "RemoteDisconnected" in str(error):
        return "the server cut the connection"
    if isinstance(error, requests.ConnectionError):
        return "the server cannot be reached (are you online?)"
    return str(error)


def _session() -> requests.Session:
    """Return the connection of this thread; a session must not be shared among threads."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.headers["User-Agent"] = "sercourse"
    return _local.session
