"""What came of asking something inside of a cluster: a command, a request through a proxy."""

import msgspec


class Executed(msgspec.Struct, frozen=True):
    """What a command in a container did; a command that could not be started has no ``status``."""

    status: int | None
    stdout: bytes
    stderr: bytes
    error: str = ""
    """What the kubelet says where there is no exit status."""


class Answer(msgspec.Struct, frozen=True):
    """What a Service answered through the API server's proxy; any HTTP status is an answer."""

    status: int
    body: bytes
    content_type: str = ""


class Reached(msgspec.Struct, frozen=True):
    """Whether a pod took a connection; ``told`` is why not, ``reply`` what came back."""

    accepts: bool
    told: str = ""
    reply: bytes = b""
