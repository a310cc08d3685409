"""What the parts of an application dial and something else runs."""

import msgspec

from mooring.app.endpoints import Endpoint
from mooring.sources import Position


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """
    Something outside of the cluster that goes by the name of a service of the input.

    ``name`` and ``other_names`` are DNS labels under which the parts dial it, on ``endpoints``;
    ``host`` is where it is, a name or an address, and ``port`` its own where that is another one.
    ``networks`` are those on which it stands in the input.
    """

    name: str
    source_name: str
    host: str
    port: int | None = None
    other_names: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    networks: tuple[str, ...] = ()
    position: Position | None = None
