"""The services of the example shop, without the services that they need."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import migrate
import pytest
from coffee import api, mail, orders, settings, storage, worker
from coffee.answers import Server

COFFEE = Path(__file__).parents[2] / "examples" / "coffee"
MENU = orders.read_menu(COFFEE / "config" / "menu.json")
ORDER = orders.Order("Ana", "", {"espresso": 2, "pastel": 1})


class Shelf:
    """Orders in memory."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.receipts: dict[int, str] = {}

    def ping(self) -> None:
        pass

    def add(self, order: orders.Order) -> int:
        number = len(self.rows) + 1
        self.rows[number] = Row(number, order)
        return number

    def get(self, number: int) -> "Row | None":
        return self.rows.get(number)

    def latest(self) -> "list[Row]":
        return list(self.rows.values())

    def forgotten(self, seconds: int) -> list[int]:
        return [number for number in self.rows if number not in self.receipts]

    def serve(self, number: int, receipt: str) -> None:
        self.receipts[number] = receipt


class Row:
    def __init__(self, number: int, order: orders.Order) -> None:
        self.number = number
        self.order = order

    def as_json(self) -> dict[str, object]:
        return {"number": self.number, "customer": self.order.customer}


class Spike:
    """A queue in memory; a closed one raises."""

    def __init__(self, *, closed: bool = False) -> None:
        self.numbers: list[int] = []
        self.closed = closed

    def ping(self) -> None:
        if self.closed:
            raise ConnectionError

    def put(self, number: int) -> None:
        self.ping()
        self.numbers.append(number)

    def take(self, seconds: int) -> int | None:
        self.ping()
        return self.numbers.pop(0) if self.numbers else None

    def waiting(self) -> int:
        return len(self.numbers)


class Drawer:
    """Receipts in memory; a locked one raises."""

    def __init__(self, *, locked: bool = False) -> None:
        self.texts: dict[str, str] = {}
        self.locked = locked

    def prepare(self) -> None:
        pass

    def write(self, name: str, text: str) -> None:
        if self.locked:
            raise OSError("locked")
        self.texts[name] = text


def body(**values: object) -> bytes:
    return json.dumps({"customer": "Ana", "items": {"espresso": 1}} | values).encode()


def kitchen(shelf: Shelf, spike: Spike, drawer: Drawer) -> worker.Kitchen:
    return worker.Kitchen(shelf, spike, drawer, MENU, None, currency="EUR", footer="Bye")


def test_order_has_a_price() -> None:
    assert orders.parse_order(body(items={"espresso": 2, "pastel": 1}), MENU).cents(MENU) == 550


@pytest.mark.parametrize(
    ("request_body", "message"),
    [
        pytest.param(b"{", "the order is not JSON", id="broken-json"),
        pytest.param(b"\xff", "the order is not JSON", id="broken-text"),
        pytest.param(b"[]", "the order is not an object", id="list"),
        pytest.param(body(customer=" "), "the order has no customer", id="nobody"),
        pytest.param(
            body(email="a\r\nBcc: b"), "the email is not an address", id="header-in-email"
        ),
        pytest.param(body(items={}), "the order has no items", id="nothing"),
        pytest.param(body(items={"tea": 1}), "tea is not on the menu", id="not-on-the-menu"),
        pytest.param(
            body(items={"espresso": 0}),
            "the number of espresso is not between 1 and 20",
            id="none-of-it",
        ),
        pytest.param(
            body(items={"espresso": True}),
            "the number of espresso is not between 1 and 20",
            id="true-is-no-number",
        ),
    ],
)
def test_order_that_cannot_be_taken(request_body: bytes, message: str) -> None:
    with pytest.raises(orders.InvalidOrder, match=message):
        orders.parse_order(request_body, MENU)


def test_receipt() -> None:
    assert orders.receipt(7, ORDER, MENU, currency="EUR", footer="Bye") == (
        "Order 7 for Ana\n"
        "\n"
        "  2 x Espresso           3.60 EUR\n"
        "  1 x Pastel de nata     1.90 EUR\n"
        "\n"
        "Total 5.50 EUR\n"
        "\n"
        "Bye\n"
    )


def test_secret_comes_from_its_file_without_the_line_end(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hush\n")
    environment = settings.Environment({"KEY_FILE": str(file), "KEY": "other"})
    assert environment.secret("KEY") == "hush"


def test_setting_without_a_value_or_default_is_missed() -> None:
    with pytest.raises(settings.MissingSetting, match="DATABASE_HOST is not set"):
        settings.Environment({"DATABASE_HOST": ""}).database()


def test_mail_is_off_without_a_host() -> None:
    assert settings.Environment({}).mail() is None


def test_signature_is_the_one_of_the_published_example() -> None:
    """The PUT example on the page that `storage` names as its source."""
    keys = settings.Storage(
        url="https://examplebucket.s3.amazonaws.com",
        bucket="examplebucket",
        access_key="AKIAIOSFODNN7EXAMPLE",
        secret_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )
    headers = storage.signed_headers(
        keys,
        "PUT",
        "/test%24file.text",
        b"Welcome to Amazon S3.",
        datetime(2013, 5, 24, tzinfo=UTC),
        {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
    )
    assert headers["authorization"].endswith(
        "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    )


def test_order_is_stored_and_queued() -> None:
    shelf, spike = Shelf(), Spike()
    status, answer = api.Api(shelf, spike, MENU, "http://nowhere").place(body())
    assert (status, answer) == (HTTPStatus.ACCEPTED, {"number": 1, "cents": 180})
    assert spike.numbers == [1]
    assert shelf.rows[1].order.customer == "Ana"


def test_order_is_taken_though_the_queue_is_away() -> None:
    shelf = Shelf()
    status, _ = api.Api(shelf, Spike(closed=True), MENU, "http://nowhere").place(body())
    assert status == HTTPStatus.ACCEPTED
    assert list(shelf.rows) == [1]


def test_readiness_asks_the_dependencies_and_health_does_not() -> None:
    service = api.Api(Shelf(), Spike(closed=True), MENU, "http://nowhere")
    assert service.ready(b"") == (
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"database": "ok", "queue": "no answer"},
    )
    assert service.healthz(b"")[0] == HTTPStatus.OK


def test_receipt_is_filed_and_the_order_served() -> None:
    shelf, drawer = Shelf(), Drawer()
    shelf.add(ORDER)
    kitchen(shelf, Spike(), drawer).make(1)
    assert drawer.texts["00000001.txt"].startswith("Order 1 for Ana\n")
    assert shelf.receipts == {1: "00000001.txt"}


def test_order_is_not_served_without_its_receipt() -> None:
    shelf = Shelf()
    shelf.add(ORDER)
    with pytest.raises(OSError, match="locked"):
        kitchen(shelf, Spike(), Drawer(locked=True)).make(1)
    assert shelf.receipts == {}


def test_order_that_is_gone_is_no_matter() -> None:
    kitchen(Shelf(), Spike(), Drawer()).make(5)


def test_forgotten_orders_are_queued_again() -> None:
    shelf, spike = Shelf(), Spike()
    shelf.add(ORDER)
    kitchen(shelf, spike, Drawer()).find_forgotten()
    assert spike.numbers == [1]


def test_failed_mail_does_not_fail_the_order() -> None:
    shelf, drawer = Shelf(), Drawer()
    shelf.add(orders.Order("Ana", "ana@example.com", {"espresso": 1}))
    nobody = settings.Mail(host="127.0.0.1", port=1, sender="a@b", user="", password="")
    made = worker.Kitchen(shelf, Spike(), drawer, MENU, nobody, currency="EUR", footer="")
    made.make(1)
    assert shelf.receipts == {1: "00000001.txt"}


def test_mail_has_a_sender_and_a_recipient() -> None:
    with pytest.raises(OSError, match="refused"):
        mail.send(settings.Mail("127.0.0.1", 1, "a@b", "", ""), "c@d", "subject", "text")


@pytest.fixture
def url() -> Iterator[str]:
    server = Server(0, api.Api(Shelf(), Spike(), MENU, "http://127.0.0.1:1").routes())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_server_answers(url: str) -> None:
    with urllib.request.urlopen(f"{url}/api/orders", data=body()) as response:
        assert response.status == HTTPStatus.ACCEPTED
    with urllib.request.urlopen(f"{url}/api/orders?newest") as response:
        assert json.load(response) == [{"number": 1, "customer": "Ana"}]


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        pytest.param("/nothing", None, 404, id="no-such-path"),
        pytest.param("/api/menu", b"x", 404, id="no-such-method"),
        pytest.param("/api/orders", b"x", 400, id="no-order"),
        pytest.param("/api/orders", b"x" * 70000, 413, id="far-too-long"),
        pytest.param("/api/kitchen", None, 502, id="nobody-in-the-kitchen"),
    ],
)
def test_server_refuses(url: str, path: str, data: bytes | None, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{url}{path}", data=data)
    assert refused.value.code == status
    assert "error" in json.load(refused.value)


def test_migrations_run_in_order_and_once() -> None:
    files = [Path("003_c.sql"), Path("001_a.sql"), Path("002_b.sql")]
    names = [file.name for file in migrate.pending(files, {"001_a.sql"})]
    assert names == ["002_b.sql", "003_c.sql"]
    assert migrate.pending(files, {"001_a.sql", "002_b.sql", "003_c.sql"}) == []


def test_migration_that_comes_too_late_is_refused() -> None:
    with pytest.raises(ValueError, match=r"002_b\.sql would run after 003_c\.sql"):
        migrate.pending([Path("002_b.sql")], {"003_c.sql"})
