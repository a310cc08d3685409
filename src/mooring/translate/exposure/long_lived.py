"""
Which services keep connections open for long: WebSockets and the like.

An ingress controller upgrades a connection by itself, but closes one that is silent for a minute.
Longer times cost nothing, so a sign is enough: a URL with `ws://`, a variable whose name speaks of
WebSockets, or an image that is known for them.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Scalar
from mooring.images.references import parse
from mooring.translate.view import ServiceView, entries, field, text

_WORDS = frozenset({"WS", "WSS", "WEBSOCKET", "WEBSOCKETS", "SOCKETIO"})
_IMAGES = frozenset(
    {"hasura/graphql-engine", "centrifugo/centrifugo", "quay.io/soketi/soketi", "dunglas/mercure",
     "n8nio/n8n", "nodered/node-red", "homeassistant/home-assistant", "grafana/grafana",
     "codercom/code-server", "jupyter/base-notebook", "livekit/livekit-server",
     "rocket.chat", "mattermost/mattermost-team-edition", "supabase/realtime"}
)  # fmt: skip


def services(views: ReadOnly[str, ServiceView]) -> frozenset[str]:
    """Return the services of ``views`` that keep connections open for long."""
    found = {name for name, view in views.items() if _image(view) in _IMAGES}
    for name, view in views.items():
        for setting, value in _values(view):
            if "://" in value:
                scheme, _, rest = value.partition("://")
                if scheme.rpartition('"')[2] in {"ws", "wss"}:
                    host = rest.partition("/")[0].rpartition("@")[2].partition(":")[0]
                    found.add(host if host in views else name)
            elif value and not _WORDS.isdisjoint(setting.upper().replace("-", "_").split("_")):
                found.add(name)
    return frozenset(found)


def _image(view: ServiceView) -> str:
    image = view.get("image")
    reference = parse(text(image)) if isinstance(image, Scalar) else None
    return reference.name if reference is not None else ""


def _values(view: ServiceView) -> Iterator[tuple[str, str]]:
    """Yield the variables of a service, and those of its image's build, with their values."""
    for name, entry in view.environment.items():
        if entry.value is not None:
            yield name, entry.value
    build = view.get("build")
    for name, node in entries(field(build, "args")) if isinstance(build, Mapping) else ():
        if isinstance(node, Scalar) and node.value is not None:
            yield name, text(node)
