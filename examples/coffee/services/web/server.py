"""
Serves the site, and hands /api on to the api for those who come without the proxy.

``--check`` asks the server that runs beside it whether it is well: exit status 0 or 1.
"""

import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "8080"))
API_URL = os.environ.get("API_URL", "http://api:8000")


class Site(SimpleHTTPRequestHandler):
    """Files below one folder, and /api."""

    timeout = 30

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._send(HTTPStatus.OK, "text/plain", b"ok\n")
        elif self.path.startswith("/api/"):
            self._hand_on(None)
        else:
            super().do_GET()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not self.path.startswith("/api/") or not length.isdigit():
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        self._hand_on(self.rfile.read(int(length)))

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def _hand_on(self, body: bytes | None) -> None:
        request = urllib.request.Request(
            API_URL + self.path, data=body, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                self._send(response.status, "application/json", response.read())
        except urllib.error.HTTPError as error:
            self._send(error.code, "application/json", error.read())
        except OSError:
            self._send(HTTPStatus.BAD_GATEWAY, "application/json", b'{"error": "no answer"}')

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def check() -> int:
    """Return 0 if the server beside us answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2):
            return 0
    except OSError:
        return 1


def main() -> None:
    """Serve until told to stop."""
    handler = partial(Site, directory=os.environ.get("SITE", "site"))
    with ThreadingHTTPServer(("", PORT), handler) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv else main())
