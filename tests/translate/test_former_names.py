"""Which variable that is set may be meant by one that is not."""

import pytest

from mooring.translate.former_names import former_name


@pytest.mark.parametrize(
    ("name", "candidates", "former"),
    [
        pytest.param("SHOP_DB", ["SHOP_MAIN_DB"], "SHOP_MAIN_DB", id="a-word-less"),
        pytest.param("SHOP_MAIN_DB", ["SHOP_DB"], "SHOP_DB", id="a-word-more"),
        pytest.param(
            "VITE_PUBLIC_API_URL", ["VITE_PUBLIC_API_SERVER"], "VITE_PUBLIC_API_SERVER",
            id="another-last-word-behind-three",
        ),
        pytest.param("ORDERS2_HOST", ["ORDERS_HOST"], "ORDERS_HOST", id="a-letter-more"),
        pytest.param("shop_db", ["SHOP_DB"], "SHOP_DB", id="the-other-case"),
        pytest.param("SMTP_HOST", ["SMTP_PORT"], None, id="not-another-last-word-behind-one"),
        pytest.param("BUCKET_REGION", ["BUCKET_NAME"], None, id="nor-another-part-of-one-thing"),
        pytest.param("DB", ["SHOP_DB"], None, id="nor-a-word-alone"),
        pytest.param("SHOP_DB", ["SHOP_A_DB", "SHOP_B_DB"], None, id="nor-one-of-two"),
        pytest.param("SHOP_DB", [], None, id="nor-nothing"),
    ],
)  # fmt: skip
def test_former_name(name: str, candidates: list[str], former: str | None) -> None:
    assert former_name(name, candidates) == former
