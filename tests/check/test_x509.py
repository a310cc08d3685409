"""What is read of certificates and keys, of those that openssl wrote for the faults."""

from datetime import date
from pathlib import Path

import pytest

from mooring.check import x509

FOLDER = Path(__file__).parent / "mutations" / "certificates"


def _read(name: str) -> str:
    return (FOLDER / name).read_text()


def test_a_certificate_tells_its_names_and_days() -> None:
    (found,) = x509.certificates(_read("coffee-for-a-day.crt"))
    assert found.names == ("coffee.example.com",)
    assert (found.begins, found.ends) == (date(2026, 11, 30), date(2026, 12, 1))
    assert not found.is_authority


def test_a_chain_is_read_in_order_and_knows_its_authority() -> None:
    server, authority = x509.certificates(_read("coffee.crt") + _read("authority.crt"))
    assert server.issuer == authority.subject
    assert authority.is_authority


@pytest.mark.parametrize(
    ("key", "is_its_own"),
    [
        pytest.param("coffee.key", True, id="the key that it was asked for with"),
        pytest.param("other.key", False, id="the key of another"),
    ],
)
def test_a_key_is_known_by_the_point_that_both_hold(key: str, is_its_own: bool) -> None:
    (found,) = x509.certificates(_read("coffee.crt"))
    assert found.key is not None
    assert (x509.private_key(_read(key)) == found.key) is is_its_own


@pytest.mark.parametrize(
    ("host", "is_covered"),
    [
        pytest.param("shop.example.com", True, id="the name itself"),
        pytest.param("SHOP.example.com.", True, id="letters and a dot at the end say nothing"),
        pytest.param("a.example.org", True, id="a star is one label"),
        pytest.param("a.b.example.org", False, id="and not two"),
        pytest.param("example.org", False, id="nor none"),
    ],
)
def test_names_of_a_certificate(host: str, is_covered: bool) -> None:
    one = x509.Certificate(
        issuer=b"",
        subject=b"",
        names=("shop.example.com", "*.example.org"),
        begins=date(2026, 1, 1),
        ends=date(2027, 1, 1),
        is_authority=False,
        key=None,
    )
    assert one.covers(host) is is_covered


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", id="cut off"),
        pytest.param("-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----", id="no base64"),
        pytest.param("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----", id="empty"),
    ],
)
def test_what_cannot_be_read_is_left_out(text: str) -> None:
    assert x509.certificates(text) == ()
    assert x509.private_key(text) is None
