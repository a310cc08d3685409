"""The orders table; each call has a connection of its own, so a restarted database is no matter."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
import psycopg2.extras

from coffee.orders import Order
from coffee.settings import Database


@dataclass(frozen=True)
class Row:
    """A stored order."""

    number: int
    order: Order
    status: str

    def as_json(self) -> dict[str, object]:
        """Return what the api shows of it."""
        return {
            "number": self.number,
            "customer": self.order.customer,
            "items": dict(self.order.items),
            "status": self.status,
        }


class Orders:
    """Reads and writes orders."""

    def __init__(self, settings: Database) -> None:
        self._settings = settings

    def ping(self) -> None:
        """Raise an error unless the table can be read."""
        with self._cursor() as cursor:
            cursor.execute("SELECT number FROM orders LIMIT 1")

    def add(self, order: Order) -> int:
        """Store ``order``; return its number."""
        with self._cursor() as cursor:
            cursor.execute(
                "INSERT INTO orders (customer, email, items) VALUES (%s, %s, %s) RETURNING number",
                (order.customer, order.email, json.dumps(dict(order.items))),
            )
            return int(cursor.fetchone()["number"])

    def get(self, number: int) -> Row | None:
        """Return the order ``number``, or None where there is none."""
        with self._cursor() as cursor:
            cursor.execute("SELECT * FROM orders WHERE number = %s", (number,))
            found = cursor.fetchone()
            return _row(found) if found else None

    def latest(self, limit: int = 50) -> list[Row]:
        """Return the newest orders."""
        with self._cursor() as cursor:
            cursor.execute("SELECT * FROM orders ORDER BY number DESC LIMIT %s", (limit,))
            return [_row(found) for found in cursor.fetchall()]

    def forgotten(self, seconds: int) -> list[int]:
        """Return the orders that nobody has served for ``seconds``: their tickets were lost."""
        with self._cursor() as cursor:
            cursor.execute(
                "SELECT number FROM orders WHERE status = 'placed'"
                " AND placed_at < now() - make_interval(secs => %s) ORDER BY number",
                (seconds,),
            )
            return [int(found["number"]) for found in cursor.fetchall()]

    def serve(self, number: int, receipt: str) -> None:
        """Mark the order ``number`` as served; ``receipt`` names its object in the store."""
        with self._cursor() as cursor:
            cursor.execute(
                "UPDATE orders SET status = 'served', receipt = %s, served_at = now()"
                " WHERE number = %s",
                (receipt, number),
            )

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        settings = self._settings
        connection = psycopg2.connect(
            host=settings.host,
            port=settings.port,
            dbname=settings.name,
            user=settings.user,
            password=settings.password,
            connect_timeout=3,
            cursor_factory=psycopg2.extras.RealDictCursor,
        )
        try:
            with connection, connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


def _row(found: dict[str, Any]) -> Row:
    order = Order(found["customer"], found["email"], found["items"])
    return Row(found["number"], order, found["status"])
