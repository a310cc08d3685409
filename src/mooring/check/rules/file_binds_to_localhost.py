"""
A file of settings that closes a server to every other pod.

## What it does
Finds mounted settings by which a known server behind a Service listens to its own pod alone: Redis
with `bind 127.0.0.1`, MySQL with such a `bind-address`, MongoDB with such a `bindIp`; and such as
replace a file in which the image opens it and do not say so themselves: PostgreSQL without
`listen_addresses`, Elasticsearch and OpenSearch without `network.host`, Kibana without
`server.host`, Mosquitto without a `listener`.

## Why it matters
Without the line these servers listen on localhost: the probe of the image, which asks there, is
content, and every client is refused.

## Example
    args: [-c, config_file=/etc/postgres/postgresql.conf]    # whose text has no listen_addresses

Let it listen on all addresses of the pod.

## References
- https://www.postgresql.org/docs/current/runtime-config-connection.html
- https://mosquitto.org/documentation/migrating-to-2-0/
- https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings
"""

from collections.abc import Callable, Iterator

from mooring.check import environment, mounts
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import kinds

RULE = Rule(
    id="file-binds-to-localhost", severity=Severity.ERROR, since="0.1", group="known-images"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each server that its settings close."""
    for container in bundle.containers:
        known = container.known
        look = _LOOKS.get(known.family.name) if known is not None and container.is_main else None
        # In front of a server that is closed another container of the pod may stand.
        if look is None or len(container.pod.lasting_containers) > 1:
            continue
        services = bundle.services_of(container.pod)
        for path, text, ref, field in _files(bundle, container) if services else ():
            told = look(container, path, text)
            if told is not None:
                yield RULE.finding(
                    ref,
                    f"{path} {told}, so {container.owner} listens to its own pod alone, and the "
                    f"Service {services[0].item.ref.name} leads to it",
                    field=field,
                    remedy="let it listen on all addresses of the pod",
                )


def _files(bundle: Bundle, container: Container) -> Iterator[tuple[str, str, ObjectRef, str]]:
    """Yield path, text, object and field of the files that the container mounts."""
    for mount in mounts.of(container):
        kind = {"configMap": kinds.CONFIG_MAP, "secret": kinds.SECRET}.get(mount.kind)
        if kind is None or mount.name is None:
            continue
        item = bundle.objects.find(kind, mount.name, container.pod.namespace)
        if item is None:
            continue
        of_key = {key: path for path, key in (mount.files or {}).items()}
        for key, text, field in environment.texts(item):
            file = key if mount.files is None else of_key.get(key)
            if file is None or mount.sub_path not in (None, file):
                continue
            path = mount.path if mount.sub_path is not None else f"{mount.path}/{file}"
            yield path, text, item.ref, field


def _says(text: str, pattern: LazyPattern) -> list[str]:
    """Return the values that ``text`` has for a setting; comments say nothing."""
    return [value.strip().strip("\"'[]") for value in pattern.findall(text)]


_LOCAL = frozenset({"127.0.0.1", "localhost", "::1", "-::1", "_local_", "_local:ipv4_"})
_DIVIDERS = LazyPattern(r"[\s,]+")


def _is_local(values: list[str]) -> bool:
    """Tell whether the last of ``values``, which is what holds, names the pod itself alone."""
    words = [one for one in _DIVIDERS.split(values[-1]) if one] if values else []
    return bool(words) and all(one.strip("\"'") in _LOCAL for one in words)


def _of_redis(container: Container, path: str, text: str) -> str | None:
    if path not in container.words or "--bind" in container.words:
        return None
    bound = _says(text, _BIND)
    return f'says "bind {bound[-1]}"' if _is_local(bound) else None


def _of_postgres(container: Container, path: str, text: str) -> str | None:
    if f"config_file={path}" not in container.words or "listen_addresses" in container.words:
        return None
    bound = _says(text, _LISTEN_ADDRESSES)
    if not bound:
        return None if "include" in text else "says nothing of listen_addresses"
    return f"says listen_addresses = '{bound[-1]}'" if _is_local(bound) else None


def _of_mysql(container: Container, path: str, text: str) -> str | None:
    if not path.endswith(".cnf") or "--bind-address" in container.words:
        return None
    bound = _says(text, _BIND_ADDRESS)
    return f"says bind-address = {bound[-1]}" if _is_local(bound) else None


def _of_mongo(container: Container, path: str, text: str) -> str | None:
    if path not in container.words or "--bind_ip" in container.words:
        return None
    bound = _says(text, _BIND_IP)
    return f"says bindIp: {bound[-1]}" if _is_local(bound) else None


def _of_yaml(file: str, setting: str, variable: str) -> Callable[[Container, str, str], str | None]:
    """Return what looks for ``setting`` in the file that replaces one of the image."""
    flat = LazyPattern(rf"(?m)^\s*{setting.replace('.', chr(92) + '.')}\s*:\s*(\S.*)$")
    group, _, last = setting.partition(".")
    nested = LazyPattern(rf"(?m)^{group}\s*:\s*\n(?:[ \t]+.*\n)*?[ \t]+{last}\s*:\s*(\S.*)$")
    bind = LazyPattern(r"(?m)^\s*(?:http|network)\.bind_host\s*:\s*(\S.*)$")

    def look(container: Container, path: str, text: str) -> str | None:
        names = {setting, variable, "http.host", "network.bind_host", "ES_SETTING_NETWORK_HOST"}
        # The variables of the image stand above its files.
        if path != file or names & container.variable.keys() or setting in container.words:
            return None
        bound = _says(text, flat) or _says(text, nested) or _says(text, bind)
        if not bound:
            return f"replaces the image's own and says nothing of {setting}"
        return f"says {setting}: {bound[-1]}" if _is_local(bound) else None

    return look


def _of_mosquitto(container: Container, path: str, text: str) -> str | None:
    known = container.known
    version = known.tag.version if known is not None else None
    is_old = version is not None and version.numbers[:1] < (2,)
    if path != "/mosquitto/config/mosquitto.conf" or is_old:
        return None
    if _LISTENER.search(text) or "include_dir" in text or " -p" in f" {container.words}":
        return None
    return "has no listener"


_BIND = LazyPattern(r"(?m)^[ \t]*bind[ \t]+(\S.*)$")
_LISTEN_ADDRESSES = LazyPattern(r"(?m)^[ \t]*listen_addresses\s*=?\s*'([^']*)'")
_BIND_ADDRESS = LazyPattern(r"(?m)^[ \t]*bind[-_]address\s*=\s*(\S+)")
_BIND_IP = LazyPattern(r"(?m)^[ \t]*bindIp\s*:\s*(\S.*)$")
_LISTENER = LazyPattern(r"(?m)^[ \t]*(?:listener|port)[ \t]+\d")
_ELASTIC = "/usr/share/elasticsearch/config/elasticsearch.yml"
_OPENSEARCH = "/usr/share/opensearch/config/opensearch.yml"
_LOOKS: dict[str, Callable[[Container, str, str], str | None]] = {
    **dict.fromkeys(("redis", "valkey", "keydb"), _of_redis),
    **dict.fromkeys(("postgres", "postgis", "pgvector", "timescaledb"), _of_postgres),
    **dict.fromkeys(("mysql", "mariadb"), _of_mysql),
    "mongo": _of_mongo,
    "elasticsearch": _of_yaml(_ELASTIC, "network.host", "network.host"),
    "opensearch": _of_yaml(_OPENSEARCH, "network.host", "network.host"),
    "kibana": _of_yaml("/usr/share/kibana/config/kibana.yml", "server.host", "SERVER_HOST"),
    "mosquitto": _of_mosquitto,
}
"""What looks at the files of each family."""
