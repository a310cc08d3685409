"""
Options that known programs refuse since a version: what they end with, at once.

Only those are here that end the program; what is merely ignored is no outage.

Sources: https://dev.mysql.com/doc/refman/8.0/en/added-deprecated-removed.html and those of 8.4 and
9.0, https://www.postgresql.org/docs/release/ (9.5, 13, 14, 15, 16, 17),
https://www.mongodb.com/docs/manual/release-notes/ (4.2, 6.1),
https://doc.traefik.io/traefik/migrate/v2-to-v3/ and v1-to-v2,
https://prometheus.io/docs/prometheus/latest/migration/,
https://www.elastic.co/guide/en/elasticsearch/reference/8.0/migrating-8.0.html,
https://etcd.io/docs/v3.6/upgrades/upgrade_3_6/,
https://github.com/minio/minio/releases/tag/RELEASE.2022-06-03T01-40-53Z (gateways)
"""

import msgspec

from mooring.images import versions
from mooring.images.catalogue import KnownImage


class Removed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    An option that is gone since a version.

    ``is_setting`` tells that it is a variable.  ``after`` is the word that stands before it, as
    ``-c`` does; an option that ends in a dot is one of many with that beginning.
    """

    option: str
    since: str
    instead: str | None = None
    after: str | None = None
    is_setting: bool = False

    def matches(self, words: tuple[str, ...], index: int) -> bool:
        """Tell whether the word at ``index`` of a command is the option."""
        word = words[index]
        if self.after is not None:
            glued = word.startswith(f"{self.after}{self.option}=")
            apart = index > 0 and words[index - 1] == self.after
            return glued or (apart and word.partition("=")[0] == self.option)
        if self.option.endswith("."):
            return word.startswith(self.option)
        return word.partition("=")[0].replace("_", "-") == self.option.replace("_", "-")


def of(known: KnownImage) -> tuple[Removed, ...]:
    """Return what the version of ``known`` refuses; its tag tells a version."""
    version = known.tag.version
    if version is None:
        return ()
    return tuple(
        one
        for one in OF[known.family.name]
        if versions.parse_range(f">={one.since}").holds_for(version)
    )


def _parameters(since: str, *names: str) -> tuple[Removed, ...]:
    return tuple(Removed(option=name, since=since, after="-c") for name in names)


_POSTGRES = (
    *_parameters("9.5", "checkpoint_segments"),
    *_parameters("13", "wal_keep_segments"),
    *_parameters("14", "vacuum_cleanup_index_scale_factor", "operator_precedence_warning"),
    *_parameters("15", "stats_temp_directory"),
    *_parameters("16", "promote_trigger_file", "force_parallel_mode", "vacuum_defer_cleanup_age"),
    *_parameters("17", "old_snapshot_threshold", "db_user_namespace", "trace_recovery_messages"),
)
_ES_NODE = "set node.roles"

OF: dict[str, tuple[Removed, ...]] = {
    "postgres": _POSTGRES,
    "postgis": _POSTGRES,
    "mysql": (
        Removed(option="--query-cache-size", since="8.0"),
        Removed(option="--query-cache-type", since="8.0"),
        Removed(option="--query-cache-limit", since="8.0"),
        Removed(option="--innodb-file-format", since="8.0"),
        Removed(option="--innodb-large-prefix", since="8.0"),
        Removed(option="--sync-frm", since="8.0"),
        Removed(option="--default-authentication-plugin", since="8.4",
                instead="set --authentication-policy, or leave it out"),
        Removed(option="--mysql-native-password", since="9.0",
                instead="let the clients use caching_sha2_password"),
    ),
    "mongo": (
        Removed(option="--httpinterface", since="3.6"),
        Removed(option="--rest", since="3.6"),
        Removed(option="--smallfiles", since="4.2"),
        Removed(option="--noprealloc", since="4.2"),
        Removed(option="--nojournal", since="6.1"),
        Removed(option="--journal", since="6.1"),
    ),
    "traefik": (
        Removed(option="--docker", since="2.0", instead="use --providers.docker"),
        Removed(option="--docker.", since="2.0", instead="use --providers.docker"),
        Removed(option="--web", since="2.0", instead="use --api"),
        Removed(option="--acme.", since="2.0", instead="use --certificatesresolvers"),
        Removed(option="--providers.docker.swarmmode", since="3.0",
                instead="use --providers.swarm"),
        Removed(option="--providers.docker.swarmMode", since="3.0",
                instead="use --providers.swarm"),
        Removed(option="--providers.marathon", since="3.0"),
        Removed(option="--providers.rancher", since="3.0"),
        Removed(option="--pilot.", since="3.0"),
        Removed(option="--experimental.http3", since="3.0", instead="it is on for entry points"),
        Removed(option="--tracing.jaeger", since="3.0", instead="use --tracing.otlp"),
        Removed(option="--tracing.jaeger.", since="3.0", instead="use --tracing.otlp"),
        Removed(option="--tracing.zipkin.", since="3.0", instead="use --tracing.otlp"),
        Removed(option="--metrics.influxdb", since="3.0", instead="use --metrics.influxdb2"),
    ),
    "prometheus": (
        Removed(option="--storage.tsdb.allow-overlapping-blocks", since="3.0"),
        Removed(option="--alertmanager.timeout", since="3.0"),
        Removed(option="--storage.tsdb.retention", since="3.0",
                instead="use --storage.tsdb.retention.time"),
    ),
    "elasticsearch": (
        Removed(option="discovery.zen.ping.unicast.hosts", since="8.0", is_setting=True,
                instead="set discovery.seed_hosts"),
        Removed(option="discovery.zen.minimum_master_nodes", since="8.0", is_setting=True),
        Removed(option="node.master", since="8.0", is_setting=True, instead=_ES_NODE),
        Removed(option="node.data", since="8.0", is_setting=True, instead=_ES_NODE),
        Removed(option="node.ingest", since="8.0", is_setting=True, instead=_ES_NODE),
        Removed(option="node.ml", since="8.0", is_setting=True, instead=_ES_NODE),
    ),
    "etcd": (
        Removed(option="--enable-v2", since="3.6"),
        Removed(option="--proxy", since="3.6"),
    ),
    "minio": (
        Removed(option="gateway", since="2022.6", instead="run minio server, or dial the store"),
    ),
}  # fmt: skip
"""The options by the family of the image."""
