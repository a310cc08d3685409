"""Refusals of the fake server, in the words of the real one."""

from typing import Any


class Refusal(Exception):
    """A request that ends in a Status."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        details: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.reason, self.message = code, reason, message
        self.details, self.headers = details or {}, headers or {}

    @property
    def status(self) -> dict[str, Any]:
        """The Status."""
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "details": self.details,
            "code": self.code,
        }


def not_found(qualified: str, name: str) -> Refusal:
    """The object is not there."""
    plural, _, group = qualified.partition(".")
    return Refusal(
        404,
        "NotFound",
        f'{qualified} "{name}" not found',
        details={"name": name, "kind": plural, **({"group": group} if group else {})},
    )


def no_such_path() -> Refusal:
    """The kind is not served."""
    return Refusal(404, "NotFound", "the server could not find the requested resource")


def already_exists(qualified: str, name: str) -> Refusal:
    """There is one of the name."""
    return Refusal(
        409, "AlreadyExists", f'{qualified} "{name}" already exists', details={"name": name}
    )


def conflict(qualified: str, name: str, told: str) -> Refusal:
    """The object is not what the request was meant for."""
    return Refusal(
        409,
        "Conflict",
        f'Operation cannot be fulfilled on {qualified} "{name}": {told}',
        details={"name": name},
    )


def invalid(kind: str, name: str, field: str, told: str) -> Refusal:
    """A field has a value that cannot be."""
    return Refusal(
        422,
        "Invalid",
        f'{kind} "{name}" is invalid: {field}: {told}',
        details={
            "name": name,
            "causes": [{"reason": "FieldValueInvalid", "message": told, "field": field}],
        },
    )


def forbidden(qualified: str, name: str, told: str) -> Refusal:
    """Not allowed."""
    return Refusal(
        403,
        "Forbidden",
        f'{qualified} "{name}" is forbidden: {told}',
        details={"name": name},
    )


def expired() -> Refusal:
    """The resource version is too old."""
    return Refusal(410, "Expired", "too old resource version")
