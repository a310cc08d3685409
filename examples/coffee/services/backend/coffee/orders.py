"""Orders: what the menu offers, what a customer may ask for, what the receipt says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MOST_OF_ONE = 20


class InvalidOrder(ValueError):
    """The order cannot be taken; the message tells the customer why."""


@dataclass(frozen=True)
class Item:
    """Something that can be ordered."""

    name: str
    cents: int


Menu = Mapping[str, Item]


@dataclass(frozen=True)
class Order:
    """What somebody wants: numbers of items by their ids."""

    customer: str
    email: str
    items: Mapping[str, int]

    def cents(self, menu: Menu) -> int:
        """Return the price."""
        return sum(menu[item].cents * count for item, count in self.items.items())


def read_menu(path: Path) -> Menu:
    """Return the menu in the JSON file ``path``."""
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {key: Item(entry["name"], int(entry["cents"])) for key, entry in entries.items()}


def parse_order(body: bytes, menu: Menu) -> Order:
    """
    Return the order in a JSON request.

    Raises:
        InvalidOrder: it is no JSON object, nobody orders, or something is not on the menu.
    """
    try:
        data = json.loads(body)
    except ValueError as error:
        raise InvalidOrder("the order is not JSON") from error
    if not isinstance(data, dict):
        raise InvalidOrder("the order is not an object")
    customer = data.get("customer")
    if not isinstance(customer, str) or not customer.strip():
        raise InvalidOrder("the order has no customer")
    email = data.get("email", "")
    if not isinstance(email, str) or any(character in email for character in "\r\n"):
        raise InvalidOrder("the email is not an address")
    items = data.get("items")
    if not isinstance(items, dict) or not items:
        raise InvalidOrder("the order has no items")
    for item, count in items.items():
        if item not in menu:
            raise InvalidOrder(f"{item} is not on the menu")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_OF_ONE:
            raise InvalidOrder(f"the number of {item} is not between 1 and {MOST_OF_ONE}")
    return Order(customer.strip(), email.strip(), items)


def receipt(number: int, order: Order, menu: Menu, *, currency: str, footer: str) -> str:
    """Return the receipt as text."""
    width = max(len(menu[item].name) for item in order.items)
    lines = [f"Order {number} for {order.customer}", ""]
    for item, count in order.items.items():
        price = _money(menu[item].cents * count, currency)
        lines.append(f"{count:>3} x {menu[item].name:<{width}} {price:>12}")
    lines += ["", f"Total {_money(order.cents(menu), currency)}", "", footer]
    return "\n".join(lines) + "\n"


def _money(cents: int, currency: str) -> str:
    return f"{cents // 100}.{cents % 100:02} {currency}"
