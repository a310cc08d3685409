"""
Every attribute of a service has exactly one place that answers for it.

The grammar is held to the JSON schema of the Compose Specification by another contract, so what
Compose adds is first missing there and then here.
"""

import importlib
import pkgutil
from collections import defaultdict
from pathlib import Path

import pytest

import mooring.translate
from mooring.compose.discovery import LoadRequest
from mooring.compose.grammar.project import PROJECT
from mooring.compose.grammar.workload import DEPLOY, SERVICE
from mooring.compose.loader import load
from mooring.compose.nodes import path_text
from mooring.settings.choices import Choices
from mooring.translate import project as translation
from mooring.translate import top_level, unsupported

EVERYTHING = """
name: everything
services:
  web:
    annotations: {a: b}
    attach: false
    blkio_config: {weight: 300, device_read_bps: [{path: /dev/sda, rate: 1mb}]}
    build: {context: ., args: {A: "1", B: }, ssh: [default], secrets: [s], tags: [a], x-b: 1}
    cap_add: [NET_ADMIN, ALL]
    cap_drop: [MKNOD]
    cgroup: host
    cgroup_parent: m
    command: a b "c d"
    configs: [{source: c, target: /c, mode: 0440}]
    cpu_count: 2
    cpu_percent: 50
    cpu_period: 100000
    cpu_quota: 50000
    cpu_rt_period: 1000
    cpu_rt_runtime: 950
    cpu_shares: 512
    cpus: 0.5
    cpuset: 0,1
    credential_spec: {file: my.json}
    depends_on: {db: {condition: service_started, restart: true}}
    deploy:
      mode: replicated
      replicas: 2
      endpoint_mode: vip
      labels: {t: u}
      update_config: {parallelism: 2, delay: 10s, failure_action: rollback, monitor: 1m,
                      max_failure_ratio: 0.3, order: start-first}
      rollback_config: {parallelism: 2, order: stop-first}
      resources:
        limits: {cpus: "0.50", memory: 50M, pids: 10}
        reservations:
          cpus: "0.25"
          memory: 20M
          devices: [{capabilities: [gpu], count: all, driver: nvidia, options: {a: b}}]
          generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]
      restart_policy: {condition: on-failure, delay: 5s, max_attempts: 3, window: 120s}
      placement:
        constraints: [node.labels.a==b, node.role==manager]
        preferences: [{spread: node.labels.zone}]
        max_replicas_per_node: 1
      x-d: 1
    develop: {watch: [{path: ./, action: rebuild}]}
    device_cgroup_rules: ['c 1:3 mr']
    devices: ["/dev/ttyUSB0:/dev/ttyUSB0:rwm", "vendor1.com/device=gpu"]
    dns: 8.8.8.8
    dns_opt: [use-vc]
    dns_search: example.com
    domainname: example
    entrypoint: /run.sh
    environment: {K: v}
    expose: ["3000"]
    external_links: [redis]
    extra_hosts: ["a=1.2.3.4", "h=host-gateway"]
    gpus: all
    group_add: [mail, "5"]
    healthcheck: {test: curl x, interval: 1m30s, timeout: 10s, retries: 3, start_period: 40s,
                  start_interval: 5s, x-h: 1}
    hostname: h
    image: me/web
    init: true
    ipc: shareable
    isolation: default
    label_file: [labels]
    labels: {l: m, traefik.enable: true}
    links: [db]
    logging: {driver: syslog, options: {a: b}}
    mac_address: "02:42:ac:11:00:02"
    mem_limit: 50M
    mem_reservation: 20M
    mem_swappiness: 60
    memswap_limit: 1g
    models: {llm: {endpoint_var: X}}
    networks: {default: {aliases: [al], ipv4_address: 172.16.238.10, priority: 5}, back: }
    oom_kill_disable: true
    oom_score_adj: 100
    pid: host
    pids_limit: 10
    platform: linux/amd64
    ports: ["80:80"]
    post_start: [{command: ./a, user: root, privileged: true, working_dir: /x,
                  environment: [A=b]}]
    pre_start: [{image: x, command: [a], per_replica: true, ulimits: {nofile: 2}, hostname: g}]
    pre_stop: [{command: ./b}]
    privileged: true
    profiles: [p]
    pull_policy: daily
    pull_refresh_after: 24h
    read_only: true
    restart: always
    runtime: runsc
    scale: 2
    secrets: [s]
    security_opt: [no-new-privileges, "label:user:U"]
    shm_size: 64M
    stdin_open: true
    stop_grace_period: 1m30s
    stop_signal: SIGUSR1
    storage_opt: {size: 1G}
    sysctls: {net.core.somaxconn: 1024}
    tmpfs: /run
    tty: true
    ulimits: {nproc: 65535, nofile: {soft: 1, hard: 2}}
    umask: 0022
    use_api_socket: true
    user: "1000:5"
    userns_mode: host
    uts: host
    volumes: [data:/data, /anon]
    volumes_from: [db]
    working_dir: /w
    x-own: {a: 1}
  db: {image: x, container_name: the-db, env_file: [{path: none, required: false}]}
  host: {image: x, network_mode: host}
  cloud: {provider: {type: t, options: {a: b}}}
networks: {back: {internal: true}}
volumes: {data: }
configs: {c: {content: x}}
secrets: {s: {environment: S}}
models: {llm: {model: ai/x}}
"""


def attributes_of_a_service() -> set[str]:
    """Return the attributes of the grammar; those below `deploy` have modules of their own."""
    assert SERVICE.entries is not None
    assert DEPLOY.entries is not None
    below = {f"deploy.{name}" for name in DEPLOY.entries.fields}
    return (set(SERVICE.entries.fields) - {"deploy"}) | below


def answers() -> dict[str, list[str]]:
    """Return who answers for each attribute: the modules of `translate`, and the table."""
    found: dict[str, list[str]] = defaultdict(list)
    for info in pkgutil.walk_packages(mooring.translate.__path__, "mooring.translate."):
        module = importlib.import_module(info.name)
        for attribute in getattr(module, "ATTRIBUTES", ()):
            found[attribute].append(info.name)
    for attribute in unsupported.TABLE:
        found[attribute].append(unsupported.__name__)
    return found


def test_every_attribute_is_answered_and_no_other() -> None:
    found = set(answers())
    assert attributes_of_a_service() - found == set()
    assert found - attributes_of_a_service() == set()


def test_nobody_answers_for_what_another_answers() -> None:
    assert {name: who for name, who in answers().items() if len(who) > 1} == {}


def test_every_top_level_element_is_answered() -> None:
    assert PROJECT.entries is not None
    elements = set(PROJECT.entries.fields) - {"include", "services"}
    assert elements == set(top_level.ELEMENTS) | set(unsupported.ELEMENTS)
    assert set(top_level.ELEMENTS).isdisjoint(unsupported.ELEMENTS)


@pytest.fixture
def everything(tmp_path: Path) -> translation.Translation:
    """The account of a stack whose services say everything that Compose lets them say."""
    (tmp_path / "compose.yaml").write_text(EVERYTHING)
    (tmp_path / "labels").write_text("from.file=1\n")
    request = LoadRequest(directory=str(tmp_path), profiles=("*",))
    project = load(request).project
    translated = translation.translate(project, choices=Choices())
    assert [path_text(path) for path, _ in translated.unaccounted(project)] == []
    return translated


def test_every_leaf_of_a_service_that_says_everything_is_accounted_for(
    everything: translation.Translation,
) -> None:
    said = {
        path[2] for path in (entry.path for entry in everything.ledger.entries) if len(path) > 2
    }
    missing = {name.partition(".")[0] for name in attributes_of_a_service()} - said
    # The loader has laid the other service under this one, and `extends` is gone.
    assert missing == {"extends"}


def test_every_finding_of_a_translation_has_a_place_and_a_remedy(
    everything: translation.Translation,
) -> None:
    assert [one.rule for one in everything.findings if one.position is None] == []
    assert [one.rule for one in everything.findings if not one.remedy] == []
