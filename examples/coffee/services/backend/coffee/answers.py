"""A small JSON server: routes are functions from a request body to a status and a value."""

import json
import logging
import signal
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[HTTPStatus, object]
Routes = Mapping[tuple[str, str], Callable[[bytes], Answer]]
"""By method and path, as in ("GET", "/healthz")."""

LONGEST_BODY = 64 * 1024

log = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """Serves ``routes`` on all interfaces."""

    daemon_threads = True

    def __init__(self, port: int, routes: Routes) -> None:
        super().__init__(("", port), _Handler)
        self.routes = routes

    def serve_until_told(self) -> None:
        """Serve until SIGTERM or SIGINT, then answer what is under way and return."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=self.shutdown).start())
        self.serve_forever(poll_interval=0.2)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 30

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "the body is too long"})
            return
        self._answer(self.rfile.read(int(length)))

    def _answer(self, body: bytes) -> None:
        route = self.server.routes.get((self.command, self.path.partition("?")[0]))
        if route is None:
            self._send(HTTPStatus.NOT_FOUND, {"error": "there is nothing here"})
            return
        try:
            status, value = route(body)
        except Exception:
            log.exception("%s %s failed", self.command, self.path)
            status, value = HTTPStatus.INTERNAL_SERVER_ERROR, {"error": "that went wrong"}
        self._send(status, value)

    def _send(self, status: HTTPStatus, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        log.info("%s %s", self.address_string(), format % args)
