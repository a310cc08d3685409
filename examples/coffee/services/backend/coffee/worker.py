"""
The worker: makes orders one by one, files a receipt for each, and sends it where it may.

A ticket that fails goes back to the queue.  Tickets that were lost, with a crash or a queue that
did not answer, are found in the table again.  Making an order twice does no harm.
"""

import logging
import signal
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from coffee import mail, orders
from coffee.answers import Answer, Server
from coffee.settings import Environment, Mail

FORGOTTEN_AFTER_SECONDS = 120
PAUSE_SECONDS = 5
STALE_AFTER_SECONDS = 60

log = logging.getLogger(__name__)


class Stored(Protocol):
    """An order as the store gives it back."""

    @property
    def order(self) -> orders.Order: ...


class Store(Protocol):
    """Where orders are kept."""

    def get(self, number: int) -> Stored | None: ...
    def forgotten(self, seconds: int) -> list[int]: ...
    def serve(self, number: int, receipt: str) -> None: ...


class Queue(Protocol):
    """What tells of orders."""

    def take(self, seconds: int) -> int | None: ...
    def put(self, number: int) -> None: ...


class Files(Protocol):
    """Where receipts are kept."""

    def prepare(self) -> None: ...
    def write(self, name: str, text: str) -> None: ...


class Kitchen:
    """Makes orders."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        files: Files,
        menu: orders.Menu,
        post: Mail | None,
        *,
        currency: str,
        footer: str,
    ) -> None:
        self._store = store
        self._queue = queue
        self._files = files
        self._menu = menu
        self._post = post
        self._currency = currency
        self._footer = footer
        self._stopped = threading.Event()
        self._last_round = time.monotonic()
        self.made = 0

    def healthz(self, body: bytes) -> Answer:
        """The worker goes on: its last round was not long ago."""
        age = time.monotonic() - self._last_round
        good = age < STALE_AFTER_SECONDS
        state = {"status": "ok" if good else "stuck", "made": self.made, "idle": round(age, 1)}
        return (HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE), state

    def stop(self, *_: object) -> None:
        """Finish the order at hand and take no other."""
        self._stopped.set()

    def run(self) -> None:
        """Make orders until stopped; what fails is tried again after a pause."""
        prepared = False
        while not self._stopped.is_set():
            try:
                if not prepared:
                    self._files.prepare()
                    prepared = True
                ticket = self._queue.take(seconds=PAUSE_SECONDS)
                if ticket is not None:
                    self._make_or_return(ticket)
                else:
                    # the queue is empty, so what still waits has lost its ticket
                    self.find_forgotten()
                self._last_round = time.monotonic()
            except Exception:
                log.exception("the kitchen has to wait")
                self._stopped.wait(PAUSE_SECONDS)

    def find_forgotten(self) -> None:
        """Queue the orders that wait although no ticket does."""
        for number in self._store.forgotten(FORGOTTEN_AFTER_SECONDS):
            log.warning("order %s had lost its ticket", number)
            self._queue.put(number)

    def make(self, number: int) -> None:
        """Make the order ``number``: its receipt is filed before it counts as served."""
        row = self._store.get(number)
        if row is None:
            log.warning("there is no order %s", number)
            return
        order = row.order
        name = f"{number:08}.txt"
        text = orders.receipt(
            number, order, self._menu, currency=self._currency, footer=self._footer
        )
        self._files.write(name, text)
        self._store.serve(number, name)
        self.made += 1
        if self._post is not None and order.email:
            try:
                mail.send(self._post, order.email, f"Your order {number}", text)
            except OSError:
                log.exception("the receipt of order %s was not sent", number)

    def _make_or_return(self, number: int) -> None:
        try:
            self.make(number)
        except Exception:
            self._queue.put(number)
            raise


def main() -> None:
    """Work until told to stop; the state is served meanwhile."""
    from coffee.database import Orders
    from coffee.storage import Receipts
    from coffee.tickets import Tickets

    environment = Environment()
    logging.basicConfig(
        level=environment.text("LOG_LEVEL", "info").upper(),
        format="%(asctime)s %(levelname)s %(message)s",
    )
    kitchen = Kitchen(
        Orders(environment.database()),
        Tickets(environment.text("REDIS_URL"), environment.text("ORDER_QUEUE", "orders")),
        Receipts(environment.storage()),
        orders.read_menu(Path(environment.text("MENU_FILE"))),
        environment.mail(),
        currency=environment.text("SHOP_CURRENCY", "EUR"),
        footer=environment.text("RECEIPT_FOOTER", ""),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, kitchen.stop)
    server = Server(environment.number("PORT", 9100), {("GET", "/healthz"): kitchen.healthz})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    log.info("the kitchen is open")
    kitchen.run()


if __name__ == "__main__":
    main()
