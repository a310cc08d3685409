"""
A chain of certificates in the wrong order.

## What it does
Finds texts of several certificates under `tls.crt` in which the first is not the server's own, or
one is not followed by that of its issuer although that is among them.

## Why it matters
The first certificate has to be the server's: otherwise NGINX refuses the pair (`key values
mismatch`).  Of others in disorder some clients find no way to the root.

## Example
    tls.crt: |
      (the authority's certificate)
      (the server's certificate)

Put the server's first, then the one that signed it, and so on.

## References
- https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2
- https://nginx.org/en/docs/http/configuring_https_servers.html#chains
"""

from collections.abc import Iterator

from mooring.check import environment, x509
from mooring.check.bundle import Bundle
from mooring.check.x509 import Certificate
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="certificate-chain-out-of-order", severity=Severity.ERROR, since="0.1", group="secrets"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each chain that a server cannot use as it stands."""
    for item in bundle.of_kind(kinds.SECRET):
        for key, text, field in environment.texts(item):
            if key != "tls.crt" or text.count("-----BEGIN CERTIFICATE") < 2:
                continue
            chain = x509.certificates(text)
            if len(chain) < 2:
                continue
            told = _disorder(chain)
            if told is None:
                continue
            message, is_fatal = told
            yield RULE.finding(
                item.ref,
                f'in the chain under "{key}" {message}',
                field=field,
                remedy="put the server's certificate first, and after each that of its issuer",
                severity=None if is_fatal else Severity.WARNING,
            )


def _disorder(chain: tuple[Certificate, ...]) -> tuple[str, bool] | None:
    """Return what is out of order, and whether servers refuse it."""
    issued = {one.issuer for one in chain if one.issuer != one.subject}
    if chain[0].subject in issued and any(
        one.subject not in issued and not one.is_authority for one in chain[1:]
    ):
        return "the first certificate is an authority's, and the server's comes after it", True
    subjects = {one.subject for one in chain}
    for index, one in enumerate(chain[:-1], start=1):
        follows = chain[index].subject
        if one.issuer != follows and one.issuer != one.subject and one.issuer in subjects:
            return f"certificate {index} is not followed by that of its issuer", False
    return None
