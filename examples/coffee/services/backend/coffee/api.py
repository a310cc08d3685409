"""
The api: takes orders, lists them, says how the kitchen is.

``/healthz`` asks whether the process serves, ``/ready`` whether what it needs answers.
"""

import json
import logging
import urllib.request
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from coffee import orders
from coffee.answers import Answer, Routes, Server
from coffee.settings import Environment

log = logging.getLogger(__name__)


class Stored(Protocol):
    """An order as the store gives it back."""

    def as_json(self) -> dict[str, object]: ...


class Store(Protocol):
    """Where orders are kept."""

    def ping(self) -> None: ...
    def add(self, order: orders.Order) -> int: ...
    def latest(self) -> Sequence[Stored]: ...


class Queue(Protocol):
    """What tells the kitchen of an order."""

    def ping(self) -> None: ...
    def put(self, number: int) -> None: ...
    def waiting(self) -> int: ...


class Api:
    """Answers requests."""

    def __init__(self, store: Store, queue: Queue, menu: orders.Menu, kitchen_url: str) -> None:
        self._store = store
        self._queue = queue
        self._menu = menu
        self._kitchen_url = kitchen_url

    def routes(self) -> Routes:
        """Return what the api answers."""
        return {
            ("GET", "/healthz"): self.healthz,
            ("GET", "/ready"): self.ready,
            ("GET", "/api/menu"): self.menu,
            ("GET", "/api/orders"): self.latest,
            ("POST", "/api/orders"): self.place,
            ("GET", "/api/kitchen"): self.kitchen,
        }

    def healthz(self, body: bytes) -> Answer:
        """The process serves."""
        return HTTPStatus.OK, {"status": "ok"}

    def ready(self, body: bytes) -> Answer:
        """The database and the queue answer."""
        state: dict[str, str] = {}
        for name, ping in (("database", self._store.ping), ("queue", self._queue.ping)):
            try:
                ping()
                state[name] = "ok"
            except Exception as error:
                log.warning("%s does not answer: %s", name, error)
                state[name] = "no answer"
        good = all(value == "ok" for value in state.values())
        return (HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE), state

    def menu(self, body: bytes) -> Answer:
        """What there is."""
        return HTTPStatus.OK, {
            key: {"name": item.name, "cents": item.cents} for key, item in self._menu.items()
        }

    def latest(self, body: bytes) -> Answer:
        """The newest orders."""
        return HTTPStatus.OK, [row.as_json() for row in self._store.latest()]

    def place(self, body: bytes) -> Answer:
        """Take an order."""
        try:
            order = orders.parse_order(body, self._menu)
        except orders.InvalidOrder as error:
            return HTTPStatus.BAD_REQUEST, {"error": str(error)}
        number = self._store.add(order)
        try:
            self._queue.put(number)
        except Exception:
            # the order is stored: the worker looks for those that no ticket came for
            log.exception("order %s is not queued", number)
        return HTTPStatus.ACCEPTED, {"number": number, "cents": order.cents(self._menu)}

    def kitchen(self, body: bytes) -> Answer:
        """Whether somebody makes the orders, and how many wait."""
        try:
            with urllib.request.urlopen(f"{self._kitchen_url}/healthz", timeout=2) as response:
                state = json.load(response)
        except OSError as error:
            return HTTPStatus.BAD_GATEWAY, {"error": f"the kitchen does not answer: {error}"}
        return HTTPStatus.OK, {"kitchen": state, "waiting": self._queue.waiting()}


def main() -> None:
    """Serve until told to stop."""
    from coffee.database import Orders
    from coffee.tickets import Tickets

    environment = Environment()
    logging.basicConfig(
        level=environment.text("LOG_LEVEL", "info").upper(),
        format="%(asctime)s %(levelname)s %(message)s",
    )
    api = Api(
        Orders(environment.database()),
        Tickets(environment.text("REDIS_URL"), environment.text("ORDER_QUEUE", "orders")),
        orders.read_menu(Path(environment.text("MENU_FILE"))),
        environment.text("KITCHEN_URL"),
    )
    server = Server(environment.number("PORT", 8000), api.routes())
    log.info("serving on port %s", server.server_port)
    server.serve_until_told()


if __name__ == "__main__":
    main()
