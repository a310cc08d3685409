"""Quantities are exact and readable."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.kube import quantity


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        pytest.param("1.5Gi", 1610612736, id="binary"),
        pytest.param("512M", 512_000_000, id="decimal"),
        pytest.param("250m", Decimal("0.25"), id="thousandths"),
        pytest.param("100n", Decimal("1E-7"), id="nano"),
        pytest.param("1E", 10**18, id="capital-e-alone-is-exa"),
        pytest.param("1E3", 1000, id="capital-e-with-digits-is-an-exponent"),
        pytest.param("1e-3", Decimal("0.001"), id="negative-exponent"),
        pytest.param("5.", 5, id="point-without-digits"),
        pytest.param(".5", Decimal("0.5"), id="digits-without-zero"),
        pytest.param("-2Ki", -2048, id="negative"),
        pytest.param("0", 0, id="zero"),
    ],
)
def test_parse(text: str, amount: Decimal) -> None:
    assert quantity.parse(text) == amount


@pytest.mark.parametrize(
    "text", ["", "Mi", "1 Gi", "1GB", "1Kb", "1K", "1e", "1ee3", "1.2.3", "٣", "1\n", "0x10", "1e+"]
)
def test_what_kubernetes_does_not_define_is_refused(text: str) -> None:
    with pytest.raises(quantity.InvalidQuantity, match="is not a quantity"):
        quantity.parse(text)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        pytest.param(512 * 1024**2, "512Mi", id="largest-binary-unit"),
        pytest.param(1536 * 1024**2, "1536Mi", id="no-fractions"),
        pytest.param(1024**3, "1Gi", id="one-unit"),
        pytest.param(512_000_000, "500000Ki", id="binary-before-decimal"),
        pytest.param(1_000_000, "1M", id="decimal-where-binary-does-not-divide"),
        pytest.param(1_000_001, "1000001", id="bytes"),
        pytest.param(Decimal("0.5"), "1", id="a-part-of-a-byte-rounds-up"),
        pytest.param(0, "0", id="zero"),
    ],
)
def test_memory(amount: int, text: str) -> None:
    assert quantity.memory(amount) == text


@pytest.mark.parametrize(
    ("cores", "text"),
    [
        pytest.param(Decimal("0.25"), "250m", id="thousandths"),
        pytest.param(2, "2", id="whole-cores"),
        pytest.param(Decimal("1.5"), "1500m", id="cores-and-a-half"),
        pytest.param(Decimal("0.0001"), "1m", id="never-below-a-thousandth"),
        pytest.param(0, "0", id="zero"),
    ],
)
def test_cpu(cores: Decimal, text: str) -> None:
    assert quantity.cpu(cores) == text


@given(st.integers(min_value=0, max_value=2**62))
def test_memory_reads_back(amount: int) -> None:
    assert quantity.parse(quantity.memory(amount)) == amount


@given(st.integers(min_value=0, max_value=10**9))
def test_cpu_reads_back(millis: int) -> None:
    cores = Decimal(millis).scaleb(-3)
    assert quantity.parse(quantity.cpu(cores)) == cores


@pytest.mark.parametrize(
    ("resource", "size", "expected"),
    [
        pytest.param("cpu", Decimal("1.25"), "1250m", id="cores"),
        pytest.param("requests.memory", Decimal(96 * 1024**2), "96Mi", id="what-a-quota-counts"),
        pytest.param("nvidia.com/gpu", Decimal("2.0"), "2", id="pieces"),
        pytest.param("hugepages-2Mi", Decimal(4 * 1024**2), "4Mi", id="huge-pages-are-bytes"),
    ],
)
def test_shown(resource: str, size: Decimal, expected: str) -> None:
    assert quantity.shown(resource, size) == expected


def test_whole_mebibytes_round_up() -> None:
    assert quantity.whole_mebibytes(1_000_000) == "1Mi"
    assert quantity.whole_mebibytes(3 * 1024**3) == "3Gi"
