"""
From what a server answers to the error that it means.

An API server refuses with a Status object; what stands between us and it (a proxy, a load
balancer) with a page of its own.  A refusal may quote what it refuses, so what is known to be
secret is masked in every text of it.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

import base64
import binascii
import re
from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from mooring.cluster.changes import Manifest
from mooring.cluster.errors import (
    AlreadyExists,
    Busy,
    Cause,
    Conflict,
    Expired,
    FieldConflict,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    ServerFault,
    Unauthorized,
)
from mooring.sensitive import MASK

_TYPES: Final[Mapping[int, type[Refused]]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: Invalid,
    409: Conflict,
    410: Expired,
    413: Invalid,
    415: Invalid,
    422: Invalid,
    429: Busy,
}
_REMEDIES: Final[Mapping[type[Refused], str]] = {
    Unauthorized: "log in again, or renew the credential of this context in the kubeconfig",
    Forbidden: "ask for this right, or use another --context",
    ServerFault: "look at the server, or at the webhook that it names; then try again",
    Busy: "try again later",
}
_QUOTED: Final = re.compile(
    r"((?:Invalid|Duplicate|Unsupported) value: )(?:\"(?:[^\"\\]|\\.)*\"|[^:]*?)(?=: |$|,|\])"
)
_IN_GO: Final = re.compile(r"&value\.valueUnstructured\{Value:(.*?)\}")
"""A value as the server's own language shows it."""
_SHORTEST_SECRET: Final = 4
_LONGEST_PAGE: Final = 200


def refusal(code: int, body: bytes, *, secrets: Collection[str] = ()) -> Refused:
    """
    Return the error that an answer with the HTTP status ``code`` of 400 or more means.

    ``secrets`` are texts that must not be seen in it.
    """
    status = _status(body)
    reason = str(status.get("reason") or "")
    code = meant(code, body)
    details = status.get("details")
    details = details if isinstance(details, dict) else {}
    found = details.get("causes")
    causes = tuple(
        Cause(
            str(one.get("reason") or ""),
            masked(str(one.get("message") or ""), secrets),
            str(one.get("field") or ""),
        )
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, dict)
    )
    said = _IN_GO.sub(r"\1", str(status.get("message") or ""))
    message = masked(said or _page(code, body), secrets)
    kind = _type(code, reason, causes)
    return kind(
        f"the cluster refuses: {message}" if kind is not NotFound else message,
        code=code,
        reason=reason,
        causes=causes,
        about=str(details.get("name") or ""),
        remedy=_REMEDIES.get(kind),
    )


def meant(code: int, body: bytes) -> int:
    """
    Return the HTTP status that an answer should have.

    An apply whose fields are not those of the kind is refused with 500, though it is the object
    that is at fault (apimachinery, managedfields: "failed to create typed patch object").
    """
    if code == 500 and b"failed to create typed patch object" in body:
        return 422
    return code


def is_status(body: bytes) -> bool:
    """Return whether an API server said this, and not what stands behind it."""
    return bool(_status(body))


def secrets_of(manifest: Manifest) -> frozenset[str]:
    """Return the texts of a Secret's values, as they are and in base64; of other kinds none."""
    if manifest.get("kind") != "Secret":
        return frozenset()
    found = set()
    for field in ("data", "stringData"):
        values = manifest.get(field)
        for value in values.values() if isinstance(values, Mapping) else ():
            if not isinstance(value, str):
                found.add(str(value))  # The server says what it got in the place of a text.
                continue
            found.add(value)
            if field == "data":
                try:
                    found.add(base64.b64decode(value, validate=True).decode())
                except (binascii.Error, UnicodeDecodeError):
                    continue
            else:
                found.add(base64.b64encode(value.encode()).decode())
    return frozenset(one for one in found if one)


def masked(text: str, secrets: Collection[str]) -> str:
    """Return ``text`` without ``secrets``, and without the values that a refused Secret quotes."""
    if not secrets:
        return text
    for one in sorted(secrets, key=len, reverse=True):
        if len(one) >= _SHORTEST_SECRET:
            text = text.replace(one, MASK)
    return _QUOTED.sub(rf"\1{MASK}", text)


def _type(code: int, reason: str, causes: tuple[Cause, ...]) -> type[Refused]:
    if code == 409 and reason == "AlreadyExists":
        return AlreadyExists
    if code == 409 and any(one.reason == "FieldManagerConflict" for one in causes):
        return FieldConflict
    return _TYPES.get(code, ServerFault if code >= 500 else Invalid)


def _status(body: bytes) -> dict[str, Any]:
    try:
        status = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return status if isinstance(status, dict) and status.get("kind") == "Status" else {}


def _page(code: int, body: bytes) -> str:
    """Return what is known of an answer that is no Status."""
    text = " ".join(body[:_LONGEST_PAGE].decode(errors="replace").split())
    shown = f", {text}" if text and text.isprintable() and not text.startswith("<") else ""
    return f"HTTP status {code}{shown}"
