"""The queue between the api and the worker: numbers of orders in a Redis list."""

import redis


class Tickets:
    """Puts and takes order numbers."""

    def __init__(self, url: str, name: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_connect_timeout=3, socket_timeout=10, decode_responses=True
        )
        self._name = name

    def ping(self) -> None:
        """Raise an error unless the queue answers."""
        self._redis.ping()

    def put(self, number: int) -> None:
        """Add an order to the end of the queue."""
        self._redis.lpush(self._name, number)

    def take(self, seconds: int) -> int | None:
        """Return the next order, or None when there is none within ``seconds``."""
        found = self._redis.brpop([self._name], timeout=seconds)
        return int(found[1]) if found else None

    def waiting(self) -> int:
        """Return how many orders wait."""
        return int(self._redis.llen(self._name))
