"""
Connection budgets: what clients may open of a database, against what it accepts.

Every process of every pod has a pool of its own, so replicas, worker processes, autoscalers and the
extra pods of an update all multiply it.  A server refuses what is above its limit, and keeps some
for its administrators.

Where a pool's size is not known, one connection for each process is counted, which is the least
that there can be; the budget then says that it is a lower bound.

Sources: https://www.postgresql.org/docs/current/runtime-config-connection.html
(max_connections, superuser_reserved_connections, reserved_connections),
https://dev.mysql.com/doc/refman/8.4/en/too-many-connections.html
"""

from collections.abc import Iterable

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics.pods import PodTemplate
from mooring.semantics.rollout import PodCount, pod_count
from mooring.semantics.views import Autoscaler


class Server(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A database server; the defaults are those of PostgreSQL."""

    max_connections: int = 100
    reserved: int = 3

    @property
    def usable(self) -> int:
        """How many connections applications can have."""
        return max(self.max_connections - self.reserved, 0)


class Client(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    Pods that connect to the server.

    ``pool`` is how many connections one process may open, None where that is unknown; a process
    with several pools (a second database, a visibility store) has their sum.  A pooler in between
    is the client, with the size of its own pool.
    """

    ref: ObjectRef
    count: PodCount
    pool: int | None
    processes: int = 1

    @property
    def per_pod(self) -> int:
        """How many connections one pod may have open, at least."""
        return (1 if self.pool is None else self.pool) * self.processes


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one client takes: at rest, by its update, by its tasks, more at its largest scale."""

    client: Client
    resting: int
    surge: int
    tasks: int
    scaled: int


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """
    What all clients of a server take together; the numbers are connections.

    ``surge`` is what the update of the client with the largest surge adds, ``surges`` what updates
    of all at once add; ``tasks`` what Jobs take while they run; ``scaled`` what autoscalers add at
    their maximum, with the larger surge that goes with it.
    """

    server: Server
    lines: tuple[Line, ...]
    is_lower_bound: bool

    @property
    def resting(self) -> int:
        """What is taken all the time."""
        return sum(line.resting for line in self.lines)

    @property
    def surge(self) -> int:
        """What the largest single update adds."""
        return max((line.surge for line in self.lines), default=0)

    @property
    def surges(self) -> int:
        """What updates of everything at once add."""
        return sum(line.surge for line in self.lines)

    @property
    def tasks(self) -> int:
        """What tasks take while all of them run."""
        return sum(line.tasks for line in self.lines)

    @property
    def scaled(self) -> int:
        """What is added at the top of every scale."""
        return sum(line.scaled for line in self.lines)

    @property
    def worst(self) -> int:
        """What is taken when all comes together."""
        return self.resting + self.surges + self.tasks + self.scaled

    @property
    def left_at_rest(self) -> int:
        """What the server has left at rest; below 0, connections are refused."""
        return self.server.usable - self.resting

    @property
    def left_at_worst(self) -> int:
        """What the server has left when all comes together."""
        return self.server.usable - self.worst


def client(
    pod: PodTemplate,
    pool: int | None,
    *,
    processes: int = 1,
    autoscaler: Autoscaler | None = None,
    nodes: int = 1,
) -> Client:
    """Return the pods of a template as a client; ``nodes`` is how many a DaemonSet is for."""
    count = pod_count(pod, autoscaler, nodes=nodes)
    return Client(ref=pod.owner, count=count, pool=pool, processes=processes)


def budget(server: Server, clients: Iterable[Client]) -> Budget:
    """Return what ``clients`` take of ``server``, one line for each, in their order."""
    listed = tuple(clients)
    return Budget(
        server=server,
        lines=tuple(map(_line, listed)),
        is_lower_bound=any(each.pool is None for each in listed),
    )


def _line(client: Client) -> Line:
    count, each = client.count, client.per_pod
    more_pods = count.most - count.resting
    more_surge = count.surge_at_most - count.surge
    return Line(
        client=client,
        resting=count.resting * each,
        surge=count.surge * each,
        tasks=count.tasks * each,
        scaled=(more_pods + more_surge) * each,
    )
