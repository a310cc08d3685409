"""
What Mooring promises, on a real node: the example's own programs run as its Compose files mean.

Every image is made on this machine (`tests/support/node/images.py`); the manifests are those that
`mooring convert` writes, unchanged.  The tests are a story: each goes on where the last one ended.
"""

import json
import re
import time
from pathlib import Path

import pytest
from tests.e2e.conftest import convert
from tests.e2e.shop import Shop, mooring, wait_for

pytestmark = pytest.mark.real


def up(stack: Path, shop: Shop, *words: str) -> str:
    """Deploy the stack as it is now, and return what Mooring said."""
    done = mooring(stack, "up", "dev", "--yes", *words, kubeconfig=shop.kubeconfig)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def settle(stack: Path, path: str, old: str, new: str) -> None:
    """Change a file of the stack, and convert it."""
    file = stack / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    convert(stack)


def begun(shop: Shop) -> dict[str, str]:
    """Return when the containers of each pod began to run, by the pod's part of the shop."""
    return {
        pod["metadata"]["labels"]["app.kubernetes.io/name"]: max(
            (state.get("running") or state["terminated"])["startedAt"]
            for each in pod["status"]["containerStatuses"]
            if (state := each["state"])
        )
        for pod in shop.pods().values()
    }


def test_everything_gets_ready_and_in_order(stack: Path, shop: Shop) -> None:
    said = up(stack, shop)
    assert shop.not_ready() == []
    assert "revision 1 is up" in said
    assert _lasting(said) == _lasting(_transcript())
    times = begun(shop)
    assert times["postgres"] <= times["migrate"] <= times["api"]
    assert times["storage"] <= times["order-worker"]


def _transcript() -> str:
    """Return what README.md shows of a deployment."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    return readme.partition("$ mooring up dev --yes\n")[2].partition("```")[0]


def _lasting(said: str) -> set[str]:
    """Return the lines that are the same in every deployment: without times and waits."""
    lines = (re.sub(r"^ *[\d.]+ s  ", "", line).rstrip() for line in said.splitlines())
    passing = ("waits for ", "longest way: ", "revision 1 is up after ")
    return {line for line in lines if not line.startswith(passing)}


def test_nothing_waited_in_vain(shop: Shop) -> None:
    # What Mooring starts when its needs are ready need not wait in its init containers, nor crash.
    restarts = {
        name: sum(each["restartCount"] for each in pod["status"]["containerStatuses"])
        for name, pod in shop.pods().items()
    }
    assert set(restarts.values()) == {0}, restarts


def test_order_goes_through_every_service_and_back(shop: Shop) -> None:
    number = shop.order("Ada")
    wait_for(lambda: shop.orders().get("Ada") == "served", "the order is served")
    mail = shop.call("http://mail:8025/")
    receipts = shop.kubectl("exec", "storage-0", "--", "find", "/data/receipts", "-type", "f")
    assert mail["subjects"] == [f"Your order {number}"]
    assert len(receipts.splitlines()) == 1


def test_scripts_of_the_database_ran(shop: Shop) -> None:
    query = "SELECT rolname FROM pg_roles WHERE rolname = 'reporting'"
    command = ["exec", "postgres-0", "--", "psql", "-h", "/var/run/postgresql"]
    found = shop.kubectl(*command, "-U", "coffee", "-d", "coffee", "-Atc", query)
    assert found.strip() == "reporting"


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


def test_second_deployment_changes_nothing(stack: Path, shop: Shop) -> None:
    before = {name: pod["metadata"]["uid"] for name, pod in shop.pods().items()}
    up(stack, shop)
    assert {name: pod["metadata"]["uid"] for name, pod in shop.pods().items()} == before


def test_change_reaches_the_customers(stack: Path, shop: Shop) -> None:
    settle(stack, "config/menu.json", '"cents": 180', '"cents": 195')
    up(stack, shop)
    assert shop.call("http://web:8080/api/menu")["espresso"]["cents"] == 195
    assert shop.orders()["Grace"] == "served"


def test_image_that_is_nowhere_is_named_and_does_no_harm(stack: Path, shop: Shop) -> None:
    settle(stack, "compose.yaml", "/web:${TAG:-dev}", "/web:9.9.9")
    began = time.monotonic()
    done = mooring(stack, "up", "dev", "--yes", kubeconfig=shop.kubeconfig)
    seconds = time.monotonic() - began
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "there is no image" in said
    assert "web:9.9.9" in said
    assert "compose.yaml:" in said
    assert seconds < 60
    assert shop.call("http://web:8080/api/menu")  # The pod before serves on.
    settle(stack, "compose.yaml", "/web:9.9.9", "/web:${TAG:-dev}")
    up(stack, shop)
    assert shop.not_ready() == []


def test_new_release_migrates_once_and_is_rolled_out(stack: Path, shop: Shop) -> None:
    settle(stack, ".env", "TAG=1.4.0", "TAG=1.4.1")
    up(stack, shop)
    images = json.loads(shop.kubectl("get", "deploy", "web", "-o", "json"))
    (container,) = images["spec"]["template"]["spec"]["containers"]
    jobs = shop.kubectl("get", "jobs", "-o", "name").split()
    assert container["image"].endswith("/web:1.4.1")
    assert len(jobs) == 1
    shop.order("Barbara")
    wait_for(lambda: shop.orders().get("Barbara") == "served", "an order is served")


def run(stack: Path, shop: Shop, *words: str) -> str:
    """Run a command of Mooring, and return what it said; its status is 0."""
    done = mooring(stack, *words, kubeconfig=shop.kubeconfig)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_everything_holds_what_it_promises(stack: Path, shop: Shop) -> None:
    verified = run(stack, shop, "verify", "dev")
    status = run(stack, shop, "status", "dev")
    assert "Service/web answers at port 8080" in verified
    assert "all are as they were deployed" in status


def test_a_pod_inside_asks_by_the_names_of_services(stack: Path, shop: Shop) -> None:
    # The image has a program that listens for a connection and none that speaks HTTP.
    words = ["verify", "dev", "--check-pod", "busybox:1.37.0", "--format", "json"]
    found = {
        (one["ref"]["name"], one["what"]): (one["result"], one["seen"])
        for one in json.loads(run(stack, shop, *words))
    }
    assert found["postgres", "listens at port 5432"] == ("holds", "asked from a check pod")
    result, seen = found["web", "answers at port 8080/"]
    assert (result, seen.split(";")[0]) == ("holds", "status 200, asked from outside")
    assert not [name for name in shop.pods() if name.startswith("mooring-verify")]


def test_what_somebody_changed_by_hand_is_seen(stack: Path, shop: Shop) -> None:
    shop.kubectl("scale", "deploy/web", "--replicas=2")
    status = mooring(stack, "status", "dev", kubeconfig=shop.kubeconfig)
    assert status.returncode == 1
    assert "Deployment/web" in status.stdout
    up(stack, shop)
    run(stack, shop, "status", "dev")


def test_way_back_brings_the_old_menu_and_keeps_the_orders(stack: Path, shop: Shop) -> None:
    settle(stack, "config/menu.json", '"cents": 195', '"cents": 999')
    up(stack, shop)
    dear = shop.call("http://web:8080/api/menu")["espresso"]["cents"]
    revision = _last_but_one(run(stack, shop, "history", "dev", "--format", "json"))
    run(stack, shop, "rollback", "dev", "--to", str(revision), "--yes")
    assert (dear, shop.call("http://web:8080/api/menu")["espresso"]["cents"]) == (999, 195)
    assert shop.orders()["Ada"] == "served"
    assert shop.not_ready() == []


def _last_but_one(history: str) -> int:
    """Return the number of the revision before the newest."""
    numbers = sorted(each["number"] for each in json.loads(history)["revisions"])
    return int(numbers[-2])


def test_everything_goes_but_the_data(stack: Path, shop: Shop) -> None:
    run(stack, shop, "down", "dev", "--yes")
    wait_for(lambda: not shop.pods(), "no pod is left")
    claims = shop.kubectl("get", "pvc", "-o", "name").split()
    assert len(claims) == 3


def test_what_was_taken_down_comes_back_with_its_data(stack: Path, shop: Shop) -> None:
    up(stack, shop)
    assert shop.orders()["Ada"] == "served"
    run(stack, shop, "down", "dev", "--yes", "--volumes")
    gone = ["get", "namespace", shop.namespace, "--ignore-not-found", "-o", "name"]
    wait_for(lambda: not shop.kubectl(*gone), "the namespace is gone")
