"""A small web server on this machine that fails in the ways that real ones do."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FaultyServer(ThreadingHTTPServer):
    """Serves `pages` (bytes, or a function of the request's body) by path; counts what it sent.

    `faults` are used up one a request: ``("cut", n)`` and ``("stall", n)`` after n bytes, or
    ``("status", code)``.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.pages, self.faults, self.headers, self.ranges = {}, [], {}, True
        self.sent, self.asked = 0, []
        self.closing = threading.Event()

    def handle_error(self, request, client_address):
        """Say nothing: a client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer(b"")

    def do_POST(self):
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body):
        server = self.server
        server.asked.append((self.path, self.headers.get("Range")))
        kind, value = server.faults.pop(0) if server.faults else (None, 0)
        page = server.pages.get(self.path)
        status = value if kind == "status" else 404 if page is None else 200
        content = b"" if status != 200 else page(body) if callable(page) else page
        start = 0
        if status == 200 and server.ranges and "Range" in self.headers:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            status = 206 if start < len(content) else 416
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        for name, text in server.headers.items():
            self.send_header(name, text)
        content = b"" if status == 416 else content[start:]
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self._send(content[:value] if kind in ("cut", "stall") else content)
        if kind == "stall":
            server.closing.wait(20)
        self.close_connection = kind in ("cut", "stall")

    def _send(self, content):
        self.wfile.write(content)
        self.wfile.flush()
        self.server.sent += len(content)

    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def running():
    """Run a server in a thread."""
    server = FaultyServer()
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
