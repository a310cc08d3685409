"""
Addresses in the texts that a service is given: which host is meant, and which port.

A setting says more than its value: `DB_HOST=db` beside `DB_PORT=5433` is one address, and a word
before a colon is a host where the name speaks of one.  A command names hosts in URLs, after
options and to tools that wait for them.  In a shipped file only URLs of protocols that are dialled
count: anything else with a colon in it may be a key, an image or a time.

What is no address for certain is none: an address that is found wrongly becomes a finding that is
wrong, and nobody reads the next one.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from mooring.patterns import LazyPattern

DEFAULT_PORTS = {
    "http": 80, "https": 443, "ws": 80, "wss": 443, "postgres": 5432, "postgresql": 5432,
    "mysql": 3306, "mariadb": 3306, "mongodb": 27017, "redis": 6379, "rediss": 6379,
    "valkey": 6379, "amqp": 5672, "amqps": 5671, "nats": 4222, "mqtt": 1883, "mqtts": 8883,
    "smtp": 25, "smtps": 465, "ldap": 389, "ldaps": 636, "memcached": 11211, "bolt": 7687,
    "neo4j": 7687, "sqlserver": 1433, "mssql": 1433, "ftp": 21, "sftp": 22, "clickhouse": 9000,
    "cockroachdb": 26257, "influxdb": 8086, "pulsar": 6650, "zk": 2181, "zookeeper": 2181,
    "imap": 143, "imaps": 993,
}  # fmt: skip
"""The port that a URL means which names none, by its scheme (IANA and the programs' manuals)."""

_FURTHER_SCHEMES = frozenset(
    {"tcp", "udp", "tls", "ssl", "grpc", "grpcs", "h2c", "kafka", "plaintext", "stomp", "thrift",
     "cassandra", "scylla", "couchbase", "elasticsearch", "opensearch", "etcd", "consul", "syslog",
     "gelf", "fluentd", "fluent", "otlp", "nsq", "rtsp", "rtmp", "beanstalk", "beanstalkd",
     "oracle", "clickhouses", "sentinel", "sasl_plaintext", "sasl_ssl", "db2", "bolt+s", "neo4j+s"}
)  # fmt: skip
_SCHEME = LazyPattern(r"([A-Za-z][A-Za-z0-9_+.-]*)://")
_REST_OF_URL = LazyPattern(r"[^\s\"'<>`]*")
_HOST = r"[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_])?)*"
_HOST_AND_PORT = LazyPattern(rf"({_HOST})(?::([1-9]\d{{0,4}}))?")
_GO_DSN = LazyPattern(rf"@(?:tcp|udp)\(({_HOST}):(\d+)\)")
_KEYWORD_HOST = LazyPattern(
    rf"(?:^|[;\s?&])(?:host|hostname|server|data source|addr|address)\s*=\s*(?:tcp:)?"
    rf"({_HOST})(?:[,:](\d+))?(?=[;\s&]|$)",
    re.IGNORECASE,
)
_KEYWORD_PORT = LazyPattern(r"(?:^|[;\s?&])port\s*=\s*(\d+)", re.IGNORECASE)
_KEYWORDS = LazyPattern(r"(?:^|[;\s?])[A-Za-z][A-Za-z _]*=\s*[^;\s]+[;\s]+[A-Za-z][A-Za-z _]*=")
_IN_COMMANDS = (
    LazyPattern(rf"\b(?:nc|ncat|netcat)\s(?:-\w+\s+(?:\d+\s+)?)*({_HOST})\s+(\d+)"),
    LazyPattern(rf"\bwait-?for(?:-?it)?(?:\.sh)?\s+(?:-\w+\s+\S+\s+)*({_HOST}):(\d+)"),
    LazyPattern(rf"/dev/tcp/({_HOST})/(\d+)"),
    LazyPattern(
        r"\s--(?![\w.-]*(?:bind|listen|virtual|public|external|advertise|allowed))[\w.-]*host"
        rf"[\s=]+({_HOST})(?::(\d+))?(?![\w.:/@=])"
    ),
    LazyPattern(
        r"\b(?:psql|pg_isready|pg_dump|mysql|mysqladmin|mysqldump|mariadb|redis-cli|valkey-cli)\b"
        rf"[^\n|;&]*?\s-h[\s=]*({_HOST})()(?![\w.:/@=])"
    ),
)
"""How tools name a host, and mostly a port, in their words."""
_LIST = LazyPattern(r"[,;\s]+")
_COMMENT = ("#", "//", ";", "--", "*", "<!--")
_HIGHEST_PORT = 65535
_MOST_IN_LIST = 32
"""More words than that are a text, and no list of hosts."""

_NAMES_HOSTS = ("HOST", "HOSTNAME", "HOSTS", "ADDR", "ADDRS", "ADDRESS", "ADDRESSES")
_NAMES_HOSTS_WITH_PORTS = (
    *_NAMES_HOSTS, "SERVER", "SERVERS", "URL", "URLS", "URI", "ENDPOINT", "ENDPOINTS", "UPSTREAM",
    "UPSTREAMS", "BACKEND", "BROKER", "BROKERS", "NODES", "SEEDS", "MASTER", "CONNECT", "PROXY",
    "TARGET", "SERVICE", "PEERS", "REPLICAS", "DSN",
)  # fmt: skip
"""Last words of a setting whose value is a host; the second where a port follows it."""

_ITS_OWN = frozenset(
    {"BIND", "LISTEN", "LISTENER", "LISTENERS", "VIRTUAL", "PUBLIC", "EXTERNAL", "ALLOWED",
     "TRUSTED", "ADVERTISE", "ADVERTISED", "CORS", "LETSENCRYPT", "MY", "OWN", "LOCAL", "CONTAINER",
     "NODE", "DISPLAY", "DOMAIN"}
)  # fmt: skip
"""Words of a setting that speaks of the process itself or of the world outside."""

_OTHER_ADDRESSES = frozenset(
    {"FROM", "SENDER", "TO", "REPLY", "CC", "BCC", "EMAIL", "RECIPIENT", "WALLET", "CONTRACT",
     "MAC", "STREET", "POSTAL", "BILLING", "SHIPPING", "COMPANY"}
)  # fmt: skip
_WITH_OTHER_ADDRESSES = frozenset({"MAIL", "CONTACT", "SUPPORT", "ADMIN", "NOREPLY"})
"""Words before ADDRESS, the second directly so, that make it one of people, not of a host."""

_SWITCHES = frozenset({"true", "false", "yes", "no", "on", "off", "none", "null"})
"""What a setting that ends in HOST holds where it is a switch, as SEED_SELF_HOST."""
_ONE_WORD = frozenset({"PGHOST", "DBHOST", "MYSQLHOST", "MONGOHOST", "REDISHOST"})
"""Settings of one word whose value is a host that is dialled; PGHOST is libpq's own."""


class Address(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A host, in lower case, and a port where one is named.

    ``scheme`` is that of the URL, in lower case and without a driver (``postgresql+asyncpg``).
    """

    host: str
    port: int | None = None
    scheme: str | None = None

    @property
    def dialled_port(self) -> int | None:
        """The port that is named, or that the scheme means."""
        return self.port or (DEFAULT_PORTS.get(self.scheme) if self.scheme else None)

    @property
    def shown(self) -> str:
        """Host and port as they stand, without what else the text holds."""
        return self.host if self.port is None else f"{self.host}:{self.port}"


def of_setting(name: str, value: str, others: Mapping[str, str]) -> tuple[Address, ...]:
    """
    Return the addresses in the setting ``name``; ``others`` are all settings beside it, by name.

    The value of a setting whose last word is HOST or the like is a list of hosts, with the port
    that a sibling (``..._PORT``) names where it names none itself.
    """
    if not value or value.isdecimal() or value.lower() in _SWITCHES:
        return ()
    if "://" in value:
        return tuple(dict.fromkeys(_of_urls(value)))
    found = list(_of_keywords(value)) if "=" in value or "@" in value else []
    if found:
        return tuple(dict.fromkeys(found))
    words = name.upper().replace("-", "_").replace(".", "_").split("_")
    # `HOST` and `HOSTNAME` alone are where a process binds, or what it calls itself.
    if (len(words) == 1 and words[0] not in _ONE_WORD) or not _ITS_OWN.isdisjoint(words):
        return ()
    if not words[-1].endswith(_NAMES_HOSTS_WITH_PORTS if ":" in value else _NAMES_HOSTS):
        return ()
    if words[-1].startswith("ADDR") and (
        words[-2] in _WITH_OTHER_ADDRESSES or not _OTHER_ADDRESSES.isdisjoint(words)
    ):
        return ()
    return tuple(dict.fromkeys(_of_list(value, _sibling_port(name, others))))


def of_words(words: tuple[str, ...]) -> tuple[Address, ...]:
    """Return the addresses in the words of a command, or in the text that a shell runs."""
    text = " " + " ".join(words)
    found = list(_of_urls(text)) if "://" in text else []
    for pattern in _IN_COMMANDS:
        for match in pattern.finditer(text):
            found.extend(_address(match[1], match[2]))
    return tuple(dict.fromkeys(found))


def of_text(text: str) -> tuple[Address, ...]:
    """Return the addresses in a file: those of URLs, outside of lines that are comments."""
    if "://" not in text:
        return ()
    found: dict[Address, None] = {}
    for line in text.splitlines():
        if "://" in line and not line.lstrip().startswith(_COMMENT):
            found.update(dict.fromkeys(_of_urls(line)))
    return tuple(found)


def _of_urls(text: str) -> Iterator[Address]:
    for match in _SCHEME.finditer(text):
        written = match[1].lower().rpartition(":")[2]
        scheme = written.partition("+")[0]
        if scheme not in DEFAULT_PORTS and scheme not in _FURTHER_SCHEMES:
            continue
        rest = _REST_OF_URL.match(text, match.end())
        yield from _of_authority(rest[0] if rest is not None else "", scheme)


def _of_authority(rest: str, scheme: str) -> Iterator[Address]:
    """Yield the hosts of what follows `scheme://`; several are separated by commas."""
    end = next((index for index, letter in enumerate(rest) if letter in "/?#\\"), len(rest))
    authority = rest[:end]
    if "@" not in authority and "@" in rest[end:]:
        # A password may hold a slash: `user:pa/ss@db` has no port "pa".
        port = authority.rpartition(":")[2]
        if ":" in authority and not port.isdecimal():
            authority = rest.rpartition("@")[2].partition("/")[0]
    hosts = authority.rpartition("@")[2]
    for one in hosts.split(","):
        match = _HOST_AND_PORT.fullmatch(one.rstrip(")]};|"))
        if match is not None:
            yield from _address(match[1], match[2], scheme)


def _of_keywords(value: str) -> Iterator[Address]:
    for host, port in _GO_DSN.findall(value):
        yield from _address(host, port)
    port_said = _KEYWORD_PORT.search(value)
    # `host=db` alone may be a label; a list of keywords is a connection.
    if not _KEYWORDS.search(value):
        return
    for host, port in _KEYWORD_HOST.findall(value):
        yield from _address(host, port or (port_said[1] if port_said is not None else None))


def _of_list(value: str, port: str | None) -> Iterator[Address]:
    tokens = [token for token in _LIST.split(value.strip()) if token]
    matches = [_HOST_AND_PORT.fullmatch(token.partition("/")[0]) for token in tokens]
    if len(tokens) > _MOST_IN_LIST or any(match is None for match in matches):
        return
    for match in matches:
        assert match is not None
        yield from _address(match[1], match[2] or port)


def _address(host: str, port: str | None, scheme: str | None = None) -> Iterator[Address]:
    number = int(port) if port else None
    if number is not None and not 0 < number <= _HIGHEST_PORT:
        return
    if host.replace(".", "").isdecimal() and host.count(".") != 3:
        return
    yield Address(host=host.lower(), port=number, scheme=scheme)


def _sibling_port(name: str, others: Mapping[str, str]) -> str | None:
    """Return the port that stands beside the host ``name``: DB_PORT of DB_HOST."""
    for ending in ("HOSTNAME", "HOST", "ADDRESS", "ADDR", "SERVER"):
        if name.upper().endswith(ending):
            stem = name[: len(name) - len(ending)]
            port = others.get(f"{stem}PORT" if name.isupper() else f"{stem}port")
            return port if port is not None and port.isdecimal() else None
    return None
