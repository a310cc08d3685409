"""mooring.yaml says what it says, or is refused with a place, a cause and a remedy."""

import msgspec
import pytest

from mooring.errors import InputErrors
from mooring.settings.check_choices import AllowedFinding, CheckChoices
from mooring.settings.choices import (
    AmountChoices,
    AutoscaleChoices,
    Choices,
    ExposureChoice,
    Kind,
    MountChoice,
    Overlap,
    ResourceChoices,
    Secrecy,
    ServiceChoices,
    VolumeChoices,
)
from mooring.settings.cluster_profiles import PROFILES
from mooring.settings.clusters import Cluster, RuntimeClass, StorageClass
from mooring.settings.environments import (
    Environment,
    Gateway,
    GatewayListeners,
    ImageSource,
    Tier,
)
from mooring.settings.reader import read
from mooring.settings.settled import Settings
from mooring.sources import Position


def _read(text: str, *, directory: str = "") -> Settings:
    return read(text.encode(), "mooring.yaml", directory=directory)


@pytest.mark.parametrize(
    ("text", "project", "environments", "choices"),
    [
        pytest.param("", None, None, Choices(), id="an-empty-file-settles-nothing"),
        pytest.param("# nothing\n", None, None, Choices(), id="comments-settle-nothing"),
        pytest.param("project: coffee\n", "coffee", None, Choices(), id="project"),
        pytest.param(
            "services:\n  # web: {kind: task}\nenvironments:\nvolumes:\n",
            None,
            None,
            Choices(),
            id="keys-above-comments-settle-nothing",
        ),
        pytest.param(
            "environments: {dev: , prod: {tier: production}, qa: {tier: staging}}\n",
            None,
            (
                Environment(name="dev", tier=Tier.DEV),
                Environment(name="prod", tier=Tier.PRODUCTION),
                Environment(name="qa", tier=Tier.STAGING),
            ),
            Choices(),
            id="a-usual-name-says-the-tier-and-the-order-is-kept",
        ),
        pytest.param(
            "environments: {staging: {tier: production}}\n",
            None,
            (Environment(name="staging", tier=Tier.PRODUCTION),),
            Choices(),
            id="a-tier-wins-over-the-name",
        ),
        pytest.param(
            """
environments:
  production:
    files: [compose.yaml, deploy/production.yaml]
    env_files: [.env, .env.production]
    profiles: [web, "*"]
    namespace: shop
    registry: localhost:5000/shop
    domain: shop.example.com
    ingress_class: nginx
    issuer: Issuer/letsencrypt
    gateway: infra/public
    gateway_listeners: {http: web, https: secure}
    name_server: 10.96.0.10
""",
            None,
            (
                Environment(
                    name="production",
                    tier=Tier.PRODUCTION,
                    domain="shop.example.com",
                    ingress_class="nginx",
                    issuer="Issuer/letsencrypt",
                    gateway=Gateway(name="public", namespace="infra"),
                    gateway_listeners=GatewayListeners(http="web", https="secure"),
                    name_server="10.96.0.10",
                    files=("compose.yaml", "deploy/production.yaml"),
                    env_files=(".env", ".env.production"),
                    profiles=("web", "*"),
                    namespace="shop",
                    images=ImageSource(registry="localhost:5000/shop"),
                ),
            ),
            Choices(),
            id="an-environment-with-everything",
        ),
        pytest.param(
            """
services:
  web:
    kind: task
    image: registry.example.com:443/shop/web:1.2
    user: 1000:100
    devices: {nvidia.com/gpu: 2}
    settings: {API_KEY: secret, LEVEL: plain}
    mounts: {/etc/web: configuration, /srv: drop}
  db: {kind: workload}
volumes:
  data: {size: 1.5Gi, storage_class: fast.ssd}
""",
            None,
            None,
            Choices(
                services={
                    "web": ServiceChoices(
                        kind=Kind.TASK,
                        image="registry.example.com:443/shop/web:1.2",
                        user="1000:100",
                        devices={"nvidia.com/gpu": 2},
                        settings={"API_KEY": Secrecy.SECRET, "LEVEL": Secrecy.PLAIN},
                        mounts={"/etc/web": MountChoice.CONFIGURATION, "/srv": MountChoice.DROP},
                    ),
                    "db": ServiceChoices(kind=Kind.WORKLOAD),
                },
                volumes={"data": VolumeChoices(size="1.5Gi", storage_class="fast.ssd")},
            ),
            id="all-choices",
        ),
        pytest.param(
            "services: {web: {user: 1000, devices: {amd.com/gpu: 0}}}\n",
            None,
            None,
            Choices(services={"web": ServiceChoices(user="1000", devices={"amd.com/gpu": 0})}),
            id="the-number-of-a-user-needs-no-quotes-and-no-device-can-be-said",
        ),
        pytest.param(
            """
services:
  web: {resources: {requests: {cpu: 0.5, memory: 128Mi}, limits: {cpu: 2}}}
  job: {resources: {production: {limits: {memory: 1.5Gi}}, qa: }}
""",
            None,
            None,
            Choices(
                services={
                    "web": ServiceChoices(
                        resources={
                            "*": ResourceChoices(
                                requests=AmountChoices(cpu="0.5", memory="128Mi"),
                                limits=AmountChoices(cpu="2"),
                            )
                        }
                    ),
                    "job": ServiceChoices(
                        resources={
                            "production": ResourceChoices(limits=AmountChoices(memory="1.5Gi")),
                            "qa": ResourceChoices(),
                        }
                    ),
                }
            ),
            id="amounts-everywhere-or-by-environment",
        ),
        pytest.param(
            """
services:
  web: {replicas: 2, autoscale: }
  api: {replicas: {production: 3}, autoscale: {production: {min: 2, max: 9, cpu: 60}}}
""",
            None,
            None,
            Choices(
                services={
                    "web": ServiceChoices(replicas={"*": 2}, autoscale={"*": AutoscaleChoices()}),
                    "api": ServiceChoices(
                        replicas={"production": 3},
                        autoscale={"production": AutoscaleChoices(min=2, max=9, cpu=60)},
                    ),
                }
            ),
            id="copies-everywhere-or-by-environment",
        ),
        pytest.param(
            """
services:
  web:
    exposure: {host: app, paths: [/, /api], port: 8080, tls: true, certificate: web-tls,
               long_lived: false, tcp: [5432, "5433"]}
  api: {exposure: {host: "*.example.com"}}
  db: {exposure: none}
""",
            None,
            None,
            Choices(
                services={
                    "web": ServiceChoices(
                        exposure=ExposureChoice(
                            host="app",
                            paths=("/", "/api"),
                            port="8080",
                            tls=True,
                            certificate="web-tls",
                            long_lived=False,
                            tcp=("5432", "5433"),
                        )
                    ),
                    "api": ServiceChoices(exposure=ExposureChoice(host="*.example.com")),
                    "db": ServiceChoices(exposure="none"),
                }
            ),
            id="ways-from-outside",
        ),
        pytest.param(
            "volumes: {a: &big {size: 100Gi}, b: *big}\n",
            None,
            None,
            Choices(volumes={"a": VolumeChoices(size="100Gi"), "b": VolumeChoices(size="100Gi")}),
            id="anchors-work",
        ),
    ],
)
def test_what_a_file_settles(
    text: str, project: str | None, environments: tuple[Environment, ...] | None, choices: Choices
) -> None:
    settings = _read(text)
    assert (settings.project, settings.environments, settings.choices) == (
        project,
        environments,
        choices,
    )


def test_paths_begin_at_the_folder_of_the_file() -> None:
    text = "environments: {dev: {files: [a.yaml, /b.yaml], env_files: [x/.env]}}\n"
    settings = _read(text, directory="/shop")
    assert settings.environments is not None
    (dev,) = settings.environments
    assert (dev.files, dev.env_files) == (("/shop/a.yaml", "/b.yaml"), ("/shop/x/.env",))


def test_names_of_the_user_keep_their_positions() -> None:
    settings = _read("services:\n  web:\n    mounts:\n      /data: drop\nvolumes: {a: }\n")
    assert {path: str(position) for path, position in settings.names.items()} == {
        ("services", "web"): "mooring.yaml:2:3",
        ("services", "web", "mounts", "/data"): "mooring.yaml:4:7",
        ("volumes", "a"): "mooring.yaml:5:11",
    }


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        pytest.param(
            "servces: {}\n",
            ['mooring.yaml:1:1: servces: there is no such key\n  help: did you mean "services"?'],
            id="unknown-key-that-looks-like-one",
        ),
        pytest.param(
            "volumes: {data: {color: red}}\n",
            [
                "mooring.yaml:1:18: volumes.data.color: there is no such key\n"
                "  help: known here: size, storage_class, sharing"
            ],
            id="unknown-key-that-looks-like-none",
        ),
        pytest.param(
            "environments: {dev: {tier: develop}}\n",
            [
                "mooring.yaml:1:28: environments.dev.tier: "
                'must be "dev", "staging" or "production", not "develop"\n'
                '  help: did you mean "dev"?'
            ],
            id="unknown-tier-is-one-error",
        ),
        pytest.param(
            "environments: {qa: {}}\n",
            [
                "mooring.yaml:1:16: environments.qa: nothing says how much it demands\n"
                '  help: add tier: "dev", "staging" or "production"'
            ],
            id="an-unusual-name-needs-a-tier",
        ),
        pytest.param(
            "environments: {Pre Prod: {tier: staging}}\n",
            [
                "mooring.yaml:1:16: environments.Pre Prod: the name must be "
                'lower-case letters, digits and "-" inside, at most 63\n'
                '  help: as in "shop-staging"'
            ],
            id="a-name-that-cannot-be-an-environment",
        ),
        pytest.param(
            f"environments: {{dev: {{namespace: {'a' * 64}}}}}\n",
            [
                "mooring.yaml:1:33: environments.dev.namespace: must be "
                f'lower-case letters, digits and "-" inside, at most 63, not "{"a" * 64}"\n'
                '  help: as in "shop-staging"'
            ],
            id="a-namespace-that-is-too-long",
        ),
        pytest.param(
            "services: [web]\n",
            [
                "mooring.yaml:1:11: services: must be a mapping, not a list\n"
                "  help: write keys with values, indented below"
            ],
            id="a-list-for-a-mapping",
        ),
        pytest.param(
            "- web\n",
            [
                "mooring.yaml:1:1: the file: must be a mapping, not a list\n"
                "  help: write keys with values, indented below"
            ],
            id="a-list-for-the-file",
        ),
        pytest.param(
            "environments: {dev: {files: compose.yaml}}\n",
            [
                "mooring.yaml:1:29: environments.dev.files: "
                'must be a list, not the text "compose.yaml"\n'
                '  help: write it as a list: put "- " before it on a line of its own'
            ],
            id="a-text-for-a-list",
        ),
        pytest.param(
            "environments: {dev: {files: [a.yaml, 5, ]}}\n",
            [
                "mooring.yaml:1:38: environments.dev.files[1]: "
                "must be the path of a file, not the number 5\n"
                "  help: put it in quotes"
            ],
            id="a-number-in-a-list-of-texts",
        ),
        pytest.param(
            "environments: {dev: {files: ['-']}}\n",
            [
                "mooring.yaml:1:30: environments.dev.files[0]: "
                'must be the path of a file, not "-"\n'
                '  help: as in "compose.yaml"'
            ],
            id="standard-input-is-no-file-of-an-environment",
        ),
        pytest.param(
            "project: 5\n",
            [
                "mooring.yaml:1:10: project: must be lower-case letters, digits, hyphens and "
                "underscores, a letter or digit first, not the number 5\n"
                "  help: put it in quotes"
            ],
            id="a-number-for-a-text",
        ),
        pytest.param(
            "services: {web: {kind: }}\n",
            [
                "mooring.yaml:1:18: services.web.kind: "
                'has no value; it must be "workload", "task" or "agent"\n'
                '  help: write "workload"'
            ],
            id="a-key-without-a-value",
        ),
        pytest.param(
            "services: {web: {settings: {API_KEY: true}}}\n",
            [
                "mooring.yaml:1:38: services.web.settings.API_KEY: "
                'must be "secret", "own", "shared" or "plain", not the boolean true\n'
                '  help: write "secret"'
            ],
            id="a-boolean-for-a-word",
        ),
        pytest.param(
            "services: {web: {exposure: nobody}, api: {exposure: {tls: 'yes', port: 0}}}\n",
            [
                "mooring.yaml:1:28: services.web.exposure: must be none or a mapping, "
                'not the text "nobody"\n'
                "  help: write none, or keys with values, indented below",
                "mooring.yaml:1:59: services.api.exposure.tls: must be true or false, "
                'not the text "yes"\n'
                "  help: write true or false",
                "mooring.yaml:1:72: services.api.exposure.port: must be the number of a port, "
                'not "0"\n'
                '  help: as in "5432"',
            ],
            id="an-exposure-is-none-or-its-keys",
        ),
        pytest.param(
            "services: {web: {mounts: {etc: drop}}}\n",
            [
                "mooring.yaml:1:27: services.web.mounts.etc: the name must be "
                'the path of a mount in the container, which begins with "/"\n'
                '  help: as in "/var/lib/data"'
            ],
            id="a-mount-that-is-no-absolute-path",
        ),
        pytest.param(
            "volumes: {a: {size: 10}, b: {size: '10'}, c: {size: 10g}, d: {size: 0Gi}}\n",
            [
                "mooring.yaml:1:21: volumes.a.size: "
                "must be a number and a unit of Kubernetes, not the number 10\n"
                '  help: write "10Gi"',
                "mooring.yaml:1:36: volumes.b.size: "
                'must be a number and a unit of Kubernetes, not "10"\n'
                '  help: as in "10Gi"',
                "mooring.yaml:1:53: volumes.c.size: "
                'must be a number and a unit of Kubernetes, not "10g"\n'
                '  help: as in "10Gi"',
                "mooring.yaml:1:69: volumes.d.size: "
                'must be a number and a unit of Kubernetes, not "0Gi"\n'
                '  help: as in "10Gi"',
            ],
            id="sizes-that-are-none-are-told-at-once",
        ),
        pytest.param(
            "services: {web: {user: www-data, devices: {nvidia.com/gpu: all, gpu: -1}}}\n",
            [
                "mooring.yaml:1:24: services.web.user: must be "
                'the numbers of a user and, after a colon, of a group, not "www-data"\n'
                '  help: as in "1000:1000"',
                "mooring.yaml:1:60: services.web.devices.nvidia.com/gpu: "
                'must be a whole number, 0 or more, not the text "all"\n'
                "  help: write 1",
                "mooring.yaml:1:65: services.web.devices.gpu: "
                "the name must be the name of a resource that nodes offer\n"
                '  help: as in "nvidia.com/gpu"',
                "mooring.yaml:1:70: services.web.devices.gpu: "
                "must be a whole number, 0 or more, not the number -1\n"
                "  help: write 1",
            ],
            id="users-and-devices-that-are-none",
        ),
        pytest.param(
            "environments: {dev: {registry: 'https://registry.example.com/'}}\n",
            [
                "mooring.yaml:1:32: environments.dev.registry: must be a host and a path, "
                'without https:// and without a slash at its end, not "https://registry.'
                'example.com/"\n'
                '  help: as in "registry.example.com/shop"'
            ],
            id="a-registry-is-no-url",
        ),
        pytest.param(
            "services: {web: {image: 'web:$TAG'}}\n",
            [
                'mooring.yaml:1:25: services.web.image: must be the reference of an image, not "web'
                ':$TAG"\n  help: as in "registry.example.com/shop/api:1.4.2"'
            ],
            id="variables-are-not-replaced",
        ),
        pytest.param(
            "project: a\n---\nproject: b\n",
            [
                "mooring.yaml:3:1: the file: there must be one YAML document, this is another\n"
                '  help: remove the line "---" before it'
            ],
            id="two-documents",
        ),
        pytest.param(
            "services: {web: !reset null}\n",
            [
                "mooring.yaml:1:17: services.web: !reset has no meaning here\n"
                "  help: remove it; there is no earlier file that it could change"
            ],
            id="a-tag-of-compose",
        ),
        pytest.param(
            "services: {db: {mode: {dev: outside}, connection: {sslmode: on, host: DB}}}\n",
            [
                "mooring.yaml:1:29: services.db.mode.dev: must be "
                '"deployed", "external" or "none", not "outside"',
                "mooring.yaml:1:61: services.db.connection.sslmode: must be "
                '"disable", "allow", "prefer", "require", "verify-ca" or "verify-full", not "on"',
                "mooring.yaml:1:71: services.db.connection.host: must be a name of the DNS in "
                'lower case, or an address, not "DB"\n  help: as in "db.example.com"',
            ],
            id="an-outside-that-is-none",
        ),
        pytest.param(
            "services: {web: {resources: {limits: {memory: 512, cpu: half}}}}\n",
            [
                "mooring.yaml:1:47: services.web.resources.limits.memory: must be a number and a "
                'unit of Kubernetes, not the number 512\n  help: write "256Mi"',
                "mooring.yaml:1:57: services.web.resources.limits.cpu: must be a number of cores, "
                'or of thousandths of one with an m, not "half"\n  help: as in "250m"',
            ],
            id="amounts-need-a-unit",
        ),
        pytest.param(
            "environments: {dev: {cluster: kimd}}\n",
            [
                'mooring.yaml:1:31: environments.dev.cluster: there is no cluster "kimd"\n'
                '  help: did you mean "kind"?'
            ],
            id="an-unknown-cluster",
        ),
        pytest.param(
            "clusters: {pi: {profile: k3s, nodes: [{count: 4, memory: 906Mi}]}}\n",
            [
                "mooring.yaml:1:39: clusters.pi.nodes[0]: has no cpu\n"
                "  help: add cpu: the cores that pods can have of each."
            ],
            id="nodes-without-a-size",
        ),
    ],
)
def test_a_fault_has_a_place_a_cause_and_a_remedy(text: str, errors: list[str]) -> None:
    with pytest.raises(InputErrors) as caught:
        _read(text)
    assert [str(error) for error in caught.value.errors] == errors


def test_what_is_settled_of_checks() -> None:
    text = (
        "checks:\n  level: strict\n  ignore: [style]\n  allow:\n"
        "  - {rule: image-without-version, reason: known, object: Pod/tool, until: 2027-03-01}\n"
    )
    assert _read(text).checks == CheckChoices(
        level="strict",
        ignore=("style",),
        allow=(
            AllowedFinding(
                rule="image-without-version",
                reason="known",
                object="Pod/tool",
                until="2027-03-01",
                position=Position("mooring.yaml", 5, 5),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("allowance", "error"),
    [
        pytest.param(
            "{rule: spare}",
            "mooring.yaml:3:5: checks.allow[0]: has no reason\n"
            "  help: add reason: why they may stay.",
            id="without-a-reason",
        ),
        pytest.param(
            "{rule: spare, reason: x, until: 2027-02-31}",
            'mooring.yaml:3:37: checks.allow[0].until: there is no day "2027-02-31"\n'
            "  help: write year, month and day, as in 2027-03-01",
            id="a-day-that-is-none",
        ),
        pytest.param(
            "{rule: spare, reason: x, until: soon}",
            'mooring.yaml:3:37: checks.allow[0].until: must be a day, not "soon"\n'
            '  help: as in "2027-03-01"',
            id="a-word-for-a-day",
        ),
    ],
)
def test_an_allowance_that_cannot_be_read(allowance: str, error: str) -> None:
    with pytest.raises(InputErrors) as caught:
        _read(f"checks:\n  allow:\n  - {allowance}\n")
    assert [str(one) for one in caught.value.errors] == [error]


NOT_YET = {
    "secrets": "secrets: {store: sops}",
}


@pytest.mark.parametrize(("key", "text"), NOT_YET.items(), ids=NOT_YET)
def test_a_key_that_is_still_to_come_is_refused_rather_than_forgotten(key: str, text: str) -> None:
    with pytest.raises(InputErrors) as caught:
        _read(text)
    (error,) = caught.value.errors
    assert error.message == f"{key}: is not supported yet"
    assert error.position is not None
    assert (error.remedy or "").startswith("remove it")


@pytest.mark.parametrize(
    "schedule",
    [
        pytest.param("30 2 * * *", id="a-line"),
        pytest.param("*/5 0-6 1,15 jan-MAR sun", id="steps-ranges-lists-and-names"),
        pytest.param("@daily", id="a-word"),
        pytest.param("@every 1h30m", id="an-interval"),
        pytest.param("none", id="none"),
    ],
)
def test_a_schedule_is_read(schedule: str) -> None:
    text = f'services: {{web: {{schedule: "{schedule}", time_zone: Europe/Berlin, overlap: skip}}}}'
    chosen = _read(text).choices.service("web")
    assert (chosen.schedule, chosen.time_zone) == (schedule, "Europe/Berlin")
    assert chosen.overlap is Overlap.SKIP


@pytest.mark.parametrize(
    "said",
    [
        pytest.param('schedule: "0 3 * *"', id="four-fields"),
        pytest.param('schedule: "0 0 3 * * *"', id="seconds"),
        pytest.param('schedule: "60 3 * * *"', id="a-minute-that-does-not-exist"),
        pytest.param('schedule: "0 3 * * 7"', id="a-weekday-that-no-cluster-knows"),
        pytest.param('schedule: "@reboot"', id="the-start-of-a-machine"),
        pytest.param('schedule: "@every 10s"', id="seconds-of-an-interval"),
        pytest.param("time_zone: Local", id="the-zone-of-the-machine"),
        pytest.param("overlap: forbid", id="a-word-of-kubernetes"),
    ],
)
def test_a_schedule_that_no_clock_can_keep_is_refused(said: str) -> None:
    with pytest.raises(InputErrors):
        _read(f"services: {{web: {{{said}}}}}")


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "project: A\nenvironments: {qa: {}}\nservices: {web: {knd: task, mode: x}}\nsecrets: 5\n"
    with pytest.raises(InputErrors) as caught:
        _read(text)
    assert [str(error.position) for error in caught.value.errors] == [
        "mooring.yaml:1:10",
        "mooring.yaml:2:16",
        "mooring.yaml:3:18",
        "mooring.yaml:3:35",
        "mooring.yaml:4:1",
    ]


def _cluster(clusters: str, name: str) -> Cluster:
    settings = _read(f"environments: {{production: {{cluster: {name}}}}}\n{clusters}")
    assert settings.environments is not None
    (environment,) = settings.environments
    assert environment.cluster is not None
    return environment.cluster


def test_a_built_in_cluster_is_its_profile() -> None:
    assert _cluster("", "k3s") is PROFILES["k3s"]


def test_a_cluster_is_a_profile_with_what_is_said_of_it() -> None:
    found = _cluster(
        """
clusters:
  pi:
    profile: k3s
    nodes:
    - {name: control-plane, cpu: 4, memory: 906M, arch: arm64, pods: 50,
       labels: {node-role.kubernetes.io/control-plane: "true"},
       taints: ["node-role.kubernetes.io/control-plane:NoSchedule"]}
    - {count: 3, cpu: 3500m, memory: 906M, arch: arm64, resources: {nvidia.com/gpu: 1}}
    storage: {local-path: [ReadWriteOnce], nfs: [ReadWriteOnce, ReadWriteMany]}
    load_balancers: false
""",
        "pi",
    )
    control_plane, workers = found.nodes
    assert (control_plane.count, control_plane.cpu, control_plane.pods) == (1, "4", 50)
    assert (workers.count, workers.cpu, workers.resources) == (3, "3500m", {"nvidia.com/gpu": "1"})
    assert found.arches == ("arm64",)
    assert found.is_one_node is False
    assert found.storage == (
        StorageClass(name="local-path", modes=("ReadWriteOnce",), of_one_node=True),
        StorageClass(name="nfs", modes=("ReadWriteOnce", "ReadWriteMany")),
    )
    assert (found.default_storage, found.ingress_class) == ("local-path", "traefik")
    assert (found.has_load_balancers, found.enforces_policies) == (False, True)
    # What is said here is no longer what the profile's source says.
    assert {"storage", "has_load_balancers"} & found.sources.keys() == set()


def test_what_is_said_of_a_built_in_cluster_leaves_the_rest_of_it() -> None:
    found = _cluster("clusters: {eks: {metrics: true}}", "eks")
    assert found == msgspec.structs.replace(
        PROFILES["eks"],
        measures=True,
        sources={k: v for k, v in PROFILES["eks"].sources.items() if k != "measures"},
    )


@pytest.mark.parametrize(
    ("said", "default"),
    [
        pytest.param("storage: {fast: [ReadWriteOnce]}", "fast", id="the-only-one"),
        pytest.param("storage: {a: [ReadWriteOnce], b: [ReadWriteOnce]}", None, id="none-of-two"),
        pytest.param(
            "storage: {a: [ReadWriteOnce], b: [ReadWriteOnce]}, default_storage_class: b",
            "b",
            id="the-one-that-is-named",
        ),
        pytest.param("profile: eks, default_storage_class: gp2", "gp2", id="of-the-profile"),
    ],
)
def test_the_default_storage_class(said: str, default: str | None) -> None:
    assert _cluster(f"clusters: {{own: {{{said}}}}}", "own").default_storage == default


def test_the_ingress_class_of_an_environment_wins_over_that_of_its_cluster() -> None:
    for said, expected in (("", "traefik"), (", ingress_class: nginx", "nginx")):
        settings = _read(f"environments: {{dev: {{cluster: k3d{said}}}}}")
        assert settings.environments is not None
        assert settings.environments[0].ingress_class == expected


@pytest.mark.parametrize(
    ("said", "quota"),
    [
        pytest.param("", None, id="nothing-said"),
        pytest.param("quota: false", None, id="none"),
        pytest.param("quota: true", {}, id="what-is-needed"),
        pytest.param(
            "quota: {requests.cpu: 4, requests.memory: 8Gi, pods: 30}",
            {"requests.cpu": "4", "requests.memory": "8Gi", "pods": "30"},
            id="amounts",
        ),
    ],
)
def test_the_quota_of_an_environment(said: str, quota: dict[str, str] | None) -> None:
    settings = _read(f"environments: {{production: {{{said}}}}}")
    assert settings.environments is not None
    assert settings.environments[0].quota == quota


def test_the_runtimes_of_an_environment_are_those_of_its_cluster_and_its_own() -> None:
    settings = _read(
        """
environments:
  live:
    tier: production
    cluster: own
    runtimes: {runsc: {class: gvisor, handler: runsc}}
clusters:
  own: {runtimes: {runsc: {class: sandboxed}, nvidia: {class: nvidia}}}
"""
    )
    assert settings.environments is not None
    assert settings.environments[0].runtimes == {
        "runsc": RuntimeClass(name="gvisor", handler="runsc"),
        "nvidia": RuntimeClass(name="nvidia"),
    }
