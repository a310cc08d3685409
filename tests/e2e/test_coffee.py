"""
What conversion promises, on a real node: the example's own programs run as its Compose files mean.

Every image is made on this machine (`tests/support/node/images.py`); the manifests are those that
`mooring convert` writes, unchanged.  The tests are a story: each goes on where the last one ended.
"""

from pathlib import Path

import pytest
from tests.e2e.shop import Shop, wait_for

pytestmark = pytest.mark.real


def test_everything_gets_ready(stack: Path, shop: Shop) -> None:
    shop.kubectl("apply", "-k", stack / "deploy/environments/dev")
    wait_for(lambda: shop.pods() and not shop.not_ready(), "every pod is ready")
    assert {name.rsplit("-", 2)[0].removesuffix("-0") for name in shop.pods()} >= {"api", "web"}


def test_order_goes_through_every_service_and_back(shop: Shop) -> None:
    number = shop.order("Ada")
    wait_for(lambda: shop.orders().get("Ada") == "served", "the order is served")
    mail = shop.call("http://mail:8025/")
    receipts = shop.kubectl("exec", "storage-0", "--", "find", "/data/receipts", "-type", "f")
    assert mail["subjects"] == [f"Your order {number}"]
    assert len(receipts.splitlines()) == 1


def test_orders_outlive_the_database_pod(shop: Shop) -> None:
    before = shop.pods()["postgres-0"]["metadata"]["uid"]
    shop.kubectl("delete", "pod", "postgres-0")
    wait_for(
        lambda: (
            shop.pods().get("postgres-0", {"metadata": {"uid": before}})["metadata"]["uid"]
            != before
            and not shop.not_ready()
        ),
        "another pod took over and everybody is ready",
    )
    assert shop.orders()["Ada"] == "served"
    shop.order("Grace")
    wait_for(lambda: shop.orders().get("Grace") == "served", "a new order is served")


def test_scripts_of_the_database_ran_once(shop: Shop) -> None:
    query = "SELECT rolname FROM pg_roles WHERE rolname = 'reporting'"
    command = ["exec", "postgres-0", "--", "psql", "-h", "/var/run/postgresql"]
    found = shop.kubectl(*command, "-U", "coffee", "-d", "coffee", "-Atc", query)
    assert found.strip() == "reporting"
