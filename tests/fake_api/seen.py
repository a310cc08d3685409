"""What the fake server saw: one record per request, in the order in which they came."""

import msgspec


class Seen(msgspec.Struct, kw_only=True):
    """
    One request.

    ``code`` is 0 while it is not answered; ``in_flight`` counts it and those under way beside it
    when it came, watches and followed logs aside.  Times are seconds of the fake's clock.
    """

    number: int
    verb: str
    method: str
    path: str
    query: dict[str, str]
    kind: str = ""
    namespace: str = ""
    name: str = ""
    user: str = ""
    """Who asks: the token, "certificate" where one is shown, "" for somebody unknown."""
    manager: str = ""
    is_dry_run: bool = False
    in_flight: int = 0
    started: float = 0.0
    ended: float = 0.0
    code: int = 0
    changed: bool = False
    """Whether it changed something that is kept."""

    def __str__(self) -> str:
        where = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.verb} {self.kind} {where}".strip()
