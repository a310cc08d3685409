"""
Objects in a store that speaks S3, signed with AWS Signature Version 4.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from coffee.settings import Storage

REGION = "us-east-1"
_BUCKET_EXISTS = 409


def signed_headers(
    settings: Storage,
    method: str,
    path: str,
    body: bytes,
    now: datetime,
    extra: Mapping[str, str] = {},
) -> dict[str, str]:
    """
    Return the headers that authorise a request for ``path``, which is already percent-encoded.

    ``extra`` headers are signed too and are part of the result.
    """
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{REGION}/s3/aws4_request"
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "host": urlsplit(settings.url).netloc,
        "x-amz-content-sha256": digest,
        "x-amz-date": stamp,
        **{name.lower(): value for name, value in extra.items()},
    }
    names = ";".join(sorted(headers))
    canonical = "\n".join(
        [
            method,
            path,
            "",
            *[f"{name}:{headers[name].strip()}" for name in sorted(headers)],
            "",
            names,
            digest,
        ]
    )
    request = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{settings.secret_key}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    signature = _hmac(key, "\n".join(["AWS4-HMAC-SHA256", stamp, scope, request])).hex()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={settings.access_key}/{scope},"
        f"SignedHeaders={names},Signature={signature}"
    )
    return headers


class Receipts:
    """A bucket of receipts."""

    def __init__(self, settings: Storage, *, timeout_seconds: float = 10) -> None:
        self._settings = settings
        self._timeout_seconds = timeout_seconds

    def prepare(self) -> None:
        """Make the bucket unless it is there."""
        try:
            self._put(f"/{self._settings.bucket}", b"", {})
        except urllib.error.HTTPError as error:
            if error.code != _BUCKET_EXISTS:
                raise

    def write(self, name: str, text: str) -> None:
        """Write a text object, over an older one of that name."""
        path = f"/{self._settings.bucket}/{quote(name)}"
        self._put(path, text.encode(), {"content-type": "text/plain; charset=utf-8"})

    def _put(self, path: str, body: bytes, extra: Mapping[str, str]) -> None:
        headers = signed_headers(self._settings, "PUT", path, body, datetime.now(UTC), extra)
        request = urllib.request.Request(
            self._settings.url.rstrip("/") + path, data=body, method="PUT", headers=headers
        )
        with urllib.request.urlopen(request, timeout=self._timeout_seconds) as response:
            response.read()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
