"""What a check found as one page of HTML that needs nothing else: no script, no network."""

from collections.abc import Sequence
from html import escape

from mooring.findings import Finding, Severity

_STYLE = """\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
body{color:#1c1e21}
h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #ddd}
code{font-size:.9em;overflow-wrap:anywhere}.error{color:#b00020;font-weight:600}
.warning{color:#8a5a00;font-weight:600}.info{color:#345}small{color:#556}
@media(prefers-color-scheme:dark){body{background:#16181c;color:#e4e6ea}td,th{border-color:#333}
.error{color:#ff8a94}.warning{color:#f0c060}.info{color:#9bc}small{color:#9aa}}
"""


def html(findings: Sequence[Finding], *, objects: int, rules: int) -> str:
    """Return ``findings`` as an HTML document."""
    count = len(findings)
    head = f"{count} finding{'s' if count != 1 else ''}" if count else "nothing found"
    looked = f"{rules} rules looked at {objects} object{'s' if objects != 1 else ''}"
    rows = "".join(map(_row, findings))
    table = (
        f"<table><thead><tr><th>severity<th>what<th>where<th>help</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if findings
        else ""
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>mooring check: {head}</title><style>{_STYLE}</style></head>"
        f"<body><h1>mooring check: {head}</h1><p>{looked}.</p>{table}</body></html>\n"
    )


def _row(finding: Finding) -> str:
    severity = Severity(finding.severity).value
    subject = f"<strong>{escape(str(finding.ref))}</strong> " if finding.ref is not None else ""
    place = f"<code>{escape(str(finding.position))}</code>" if finding.position is not None else ""
    return (
        f'<tr><td class="{severity}">{severity}'
        f"<td>{subject}{escape(finding.message)}<br><small>{escape(finding.rule)}</small>"
        f"<td>{place}<td>{escape(finding.remedy or '')}</tr>\n"
    )
