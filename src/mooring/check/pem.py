"""
Whether a text in PEM is whole.

Only the frame is looked at, and that the lines within it are base64: what the bytes mean needs
cryptography that a check of manifests does without.

Source: https://www.rfc-editor.org/rfc/rfc7468
"""

from mooring.patterns import LazyPattern

_BEGIN = LazyPattern(r"-----BEGIN ([A-Z0-9 ]+)-----")
_END = LazyPattern(r"-----END ([A-Z0-9 ]+)-----")
_LINE = LazyPattern(r"[A-Za-z0-9+/]*={0,2}")


def fault(text: str, *, wants_certificate: bool = False) -> str | None:
    """
    Return what is wrong with the PEM in ``text``, None for a whole one and for any other text.

    ``wants_certificate`` tells that a private key alone is wrong here.
    """
    begins, ends = _BEGIN.findall(text), _END.findall(text)
    if not begins and not ends:
        return None
    if begins != ends:
        lacking = "END" if len(begins) > len(ends) else "BEGIN"
        return f"a line -----{lacking} ...----- is missing"
    if wants_certificate and not any("CERTIFICATE" in one for one in begins):
        return f"it is a {begins[0].lower()}, and a certificate belongs here"
    inside = False
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.startswith("-----"):
            inside = stripped.startswith("-----BEGIN")
        elif inside and ":" not in stripped and _LINE.fullmatch(stripped) is None:
            return "a line within it is no base64"
    return None
