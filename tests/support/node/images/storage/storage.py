"""
An object store that speaks as much S3 as the coffee example needs, in MinIO's place.

It answers MinIO's health endpoints, takes MinIO's arguments and variables, and refuses a request
whose signature (AWS Signature Version 4) was not made with its credentials.
"""

import hashlib
import hmac
import os
import re
import signal
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

USER = os.environ.get("MINIO_ROOT_USER", "minioadmin")


def password() -> str:
    file = os.environ.get("MINIO_ROOT_PASSWORD_FILE")
    if file:
        return Path(file).read_text().rstrip("\r\n")
    return os.environ.get("MINIO_ROOT_PASSWORD", "minioadmin")


class Store(BaseHTTPRequestHandler):
    folder = Path("/data")

    def do_GET(self) -> None:
        if self.path.startswith("/minio/health/"):
            self.answer(HTTPStatus.OK)
        elif not self.is_signed(b""):
            self.answer(HTTPStatus.FORBIDDEN)
        elif (file := self.place()).is_file():
            self.answer(HTTPStatus.OK, file.read_bytes())
        else:
            self.answer(HTTPStatus.NOT_FOUND)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self.is_signed(body):
            self.answer(HTTPStatus.FORBIDDEN)
            return
        place = self.place()
        if place.parent == self.folder:
            if place.exists():
                self.answer(HTTPStatus.CONFLICT)
                return
            place.mkdir()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
        self.answer(HTTPStatus.OK)

    def place(self) -> Path:
        parts = [part for part in self.path.split("?")[0].split("/") if part not in ("", ".", "..")]
        return self.folder.joinpath(*parts)

    def is_signed(self, body: bytes) -> bool:
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+),\s*SignedHeaders=([^,]+),"
            r"\s*Signature=(\w+)",
            self.headers.get("Authorization", ""),
        )
        if not found or found[1] != USER:
            return False
        names = found[3].split(";")
        digest = hashlib.sha256(body).hexdigest()
        lines = [self.command, self.path, ""]
        lines += [f"{name}:{self.headers.get(name, '').strip()}" for name in names]
        canonical = "\n".join([*lines, "", found[3], digest])
        request = hashlib.sha256(canonical.encode()).hexdigest()
        stamp = self.headers.get("x-amz-date", "")
        key = f"AWS4{password()}".encode()
        for part in found[2].split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        text = "\n".join(["AWS4-HMAC-SHA256", stamp, found[2], request])
        return hmac.compare_digest(
            hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), found[4]
        )

    def answer(self, status: HTTPStatus, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    # Process 1 of a container has no default for it, and would be killed half a minute later.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    Store.folder = Path(sys.argv[2])
    # MinIO has a console, too.
    threading.Thread(target=ThreadingHTTPServer(("", 9001), Store).serve_forever).start()
    ThreadingHTTPServer(("", 9000), Store).serve_forever()
