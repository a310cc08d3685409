"""
Commands that start a program for its developers: with reloading, a debugger, or a server for one.

A Compose file for development is often the only one there is.  What it starts is carried, since
nobody but the team knows the right command, and told of: such servers are slow, restart when a file
changes, and say too much to whoever asks.
"""

from collections.abc import Iterator

from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.translate.view import ServiceView, texts

DEVELOPMENT = Rule(id="development-command", severity=Severity.WARNING, since="0.1")

_SIGNS = LazyPattern(
    r"\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(?:\w+[.:])?dev(?:elop)?\b"
    r"|\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?start[.:]dev\b"
    r"|\bnodemon\b|\bnext\s+dev\b|\bvite(?:\s+(?:dev|serve)|\s*$)|\bng\s+serve\b"
    r"|\bwebpack(?:-dev-server|\s+serve)\b|\bmanage\.py\s+runserver\b|\brails\s+server\b.*-e\s+dev"
    r"|(?:uvicorn|gunicorn|hypercorn|fastapi)\b.*--reload\b|\bfastapi\s+dev\b"
    r"|\bflask\b.*\srun\b.*--(?:debug|reload)\b|\bdotnet\s+watch\b|\bcargo\s+watch\b"
)


def findings(service: ServiceView) -> Iterator[Finding]:
    """Yield a finding where what ``service`` starts is made for developers."""
    for attribute in ("entrypoint", "command"):
        said = " ".join(texts(service.get(attribute)))
        found = _SIGNS.search(said) if said else None
        if found is not None:
            yield DEVELOPMENT.finding(
                service.position(attribute),
                f'service "{service.name}" starts `{found[0].strip()}`, which is for development',
                remedy="give it the command of production in compose.production.yaml",
            )
            return
