"""
What certificates and keys in PEM say of themselves: names, days, and whose key it is.

Only the frame of DER is read, of the few fields that a check asks for; no signature is verified and
nothing is computed, so a key is compared with a certificate by the numbers that both hold.  What
cannot be read is None: another rule tells of texts that are broken.

Source: https://www.rfc-editor.org/rfc/rfc5280#section-4.1 (certificates),
https://www.rfc-editor.org/rfc/rfc5958 and https://www.rfc-editor.org/rfc/rfc5915 (keys)
"""

import binascii
from base64 import b64decode
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from mooring.patterns import LazyPattern


class Key(NamedTuple):
    """The public side of a key: its algorithm, and the number or point that makes it out."""

    algorithm: str
    number: bytes


class Certificate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    One certificate.

    ``issuer`` and ``subject`` are names in DER, to be compared.  ``names`` are the hosts and
    addresses that it is for; the common name where there are none.  ``key`` is None where its
    algorithm is another than RSA and those of elliptic curves.
    """

    issuer: bytes
    subject: bytes
    names: tuple[str, ...]
    begins: date
    ends: date
    is_authority: bool
    key: Key | None

    def covers(self, host: str) -> bool:
        """Tell whether the certificate is for ``host``; a star stands for one label."""
        wanted = host.lower().rstrip(".")
        return any(
            one == wanted or (one.startswith("*.") and wanted.partition(".")[2] == one[2:])
            for one in self.names
        )


def certificates(text: str) -> tuple[Certificate, ...]:
    """Return the certificates in ``text``, in order, without those that cannot be read."""
    found = (_certificate(content) for label, content in _blocks(text) if label == "CERTIFICATE")
    return tuple(one for one in found if one is not None)


def private_key(text: str) -> Key | None:
    """Return the public side of the first private key in ``text``, None where it does not tell."""
    for label, content in _blocks(text):
        try:
            if label == "RSA PRIVATE KEY":
                return Key("RSA", _parts(_only(content))[1].content)
            if label == "EC PRIVATE KEY":
                return _of_curve(_only(content))
            if label == "PRIVATE KEY":
                _, algorithm, inner, *_ = _parts(_only(content))
                match _object(_parts(algorithm)[0]):
                    case "1.2.840.113549.1.1.1":
                        return Key("RSA", _parts(_only(inner.content))[1].content)
                    case "1.2.840.10045.2.1":
                        return _of_curve(_only(inner.content))
        except _Unreadable:
            return None
    return None


class _Unreadable(ValueError):
    """The bytes are no DER, or not of the form that is looked for."""


class _Part(NamedTuple):
    tag: int
    content: bytes
    whole: bytes


_BLOCK = LazyPattern(r"-----BEGIN ([A-Z ]+)-----\s*([A-Za-z0-9+/=\s]+?)-----END \1-----")
_SEQUENCE, _CONTEXT = 0x30, 0xA0
_COMMON_NAME = b"\x55\x04\x03"
_ALTERNATIVE_NAMES = b"\x55\x1d\x11"
_CONSTRAINTS = b"\x55\x1d\x13"


def _blocks(text: str) -> Iterator[tuple[str, bytes]]:
    for label, body in _BLOCK.findall(text):
        try:
            yield label, b64decode("".join(body.split()), validate=True)
        except (binascii.Error, ValueError):
            continue


def _parts(holder: _Part) -> list[_Part]:
    """Return the parts of which ``holder`` is made."""
    data, found, at = holder.content, [], 0
    while at < len(data):
        part = _read(data, at)
        found.append(part)
        at += len(part.whole)
    return found


def _only(data: bytes) -> _Part:
    return _read(data, 0)


def _read(data: bytes, at: int) -> _Part:
    """Return the part that begins at ``at``."""
    if at + 2 > len(data):
        raise _Unreadable
    length, begin = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 4 or begin + count > len(data):
            raise _Unreadable
        length = int.from_bytes(data[begin : begin + count], "big")
        begin += count
    if begin + length > len(data):
        raise _Unreadable
    return _Part(data[at], data[begin : begin + length], data[at : begin + length])


def _object(part: _Part) -> str:
    """Return an object identifier in dots."""
    numbers, value = [], 0
    for byte in part.content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    if not numbers:
        raise _Unreadable
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def _certificate(data: bytes) -> Certificate | None:
    try:
        fields = _parts(_parts(_only(data))[0])
        if fields and fields[0].tag == _CONTEXT:
            fields = fields[1:]  # the version
        _, _, issuer, validity, subject, public, *rest = fields
        begins, ends = (_day(one) for one in _parts(validity))
        names, is_authority = _extensions(rest)
        return Certificate(
            issuer=issuer.whole,
            subject=subject.whole,
            names=names or tuple(_common_names(subject)),
            begins=begins,
            ends=ends,
            is_authority=is_authority,
            key=_public(public),
        )
    except (_Unreadable, ValueError, IndexError):
        return None


def _day(part: _Part) -> date:
    """Return the day of a time, which has two or four digits for the year."""
    text = part.content.decode("ascii")
    if part.tag == 0x17:
        text = f"{'19' if text[:2] >= '50' else '20'}{text}"
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def _common_names(subject: _Part) -> Iterator[str]:
    for entry in _parts(subject):
        for pair in _parts(entry):
            kind, value = _parts(pair)
            if kind.content == _COMMON_NAME:
                yield value.content.decode("utf-8", "replace").lower()


def _extensions(rest: list[_Part]) -> tuple[tuple[str, ...], bool]:
    """Return the alternative names, and whether the certificate may sign others."""
    names: tuple[str, ...] = ()
    is_authority = False
    for part in rest:
        if part.tag != 0xA3:
            continue
        for extension in _parts(_only(part.content)):
            kind, *_, value = _parts(extension)
            if kind.content == _ALTERNATIVE_NAMES:
                names = tuple(_alternative(_only(value.content)))
            elif kind.content == _CONSTRAINTS:
                constraints = _parts(_only(value.content))
                is_authority = bool(constraints) and constraints[0].content == b"\xff"
    return names, is_authority


def _alternative(names: _Part) -> Iterator[str]:
    for name in _parts(names):
        if name.tag == 0x82:
            yield name.content.decode("ascii", "replace").lower()
        elif name.tag == 0x87 and len(name.content) == 4:
            yield ".".join(map(str, name.content))


def _public(public: _Part) -> Key | None:
    algorithm, bits = _parts(public)
    content = bits.content[1:]  # the number of unused bits comes first
    match _object(_parts(algorithm)[0]):
        case "1.2.840.113549.1.1.1":
            return Key("RSA", _parts(_only(content))[0].content)
        case "1.2.840.10045.2.1":
            return Key("EC", content)
    return None


def _of_curve(key: _Part) -> Key | None:
    """Return the point of a key of an elliptic curve, which may leave it out."""
    for part in _parts(key):
        if part.tag == 0xA1:
            return Key("EC", _only(part.content).content[1:])
    return None
