"""Contradictions between the parts of a finished model."""

import pytest
from tests.compose.documents import model, shown

from mooring.compose import consistency, typed


def _faults(text: str) -> list[str]:
    return shown(consistency.check(typed.typed(model(text))))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "services: {web: {}}",
            'compose.yaml:1:12: service "web" has neither an image nor a build\n'
            "  help: add image: with the name of an image, or build: with a directory",
            id="nothing-to-run",
        ),
        pytest.param(
            "services: {web: {image: x, depends_on: {dbb: {required: true}}}, db: {image: y}}",
            'compose.yaml:1:41: service "web" depends on the undefined service "dbb"\n'
            '  help: did you mean "db"?',
            id="an-undefined-service",
        ),
        pytest.param(
            "services: {web: {image: x, network_mode: 'service:nope'}}",
            'compose.yaml:1:28: service "web" shares the network of the undefined service "nope"\n'
            '  help: define "nope"',
            id="the-network-of-an-undefined-service",
        ),
        pytest.param(
            "services: {web: {image: x, volumes: [{type: volume, source: date}]}}\n"
            "volumes: {data: {name: d}}",
            'compose.yaml:1:38: service "web" uses the undefined volume "date"\n'
            '  help: did you mean "data"?',
            id="an-undefined-volume",
        ),
        pytest.param(
            "services: {web: {image: x, networks: {front: null}}}",
            'compose.yaml:1:39: service "web" uses the undefined network "front"\n'
            '  help: add "front:" under "networks:" at the top level',
            id="an-undefined-network",
        ),
        pytest.param(
            "services: {web: {image: x, secrets: [{source: s}]}}",
            'compose.yaml:1:38: service "web" uses the undefined secret "s"\n'
            '  help: add "s:" under "secrets:" at the top level',
            id="an-undefined-secret",
        ),
        pytest.param(
            "services: {web: {image: x, build: {secrets: [{source: s}]}}}",
            'compose.yaml:1:46: service "web" uses the undefined secret "s"\n'
            '  help: add "s:" under "secrets:" at the top level',
            id="an-undefined-secret-of-a-build",
        ),
        pytest.param(
            "services: {web: {image: x, configs: [{source: c}]}}",
            'compose.yaml:1:38: service "web" uses the undefined config "c"\n'
            '  help: add "c:" under "configs:" at the top level',
            id="an-undefined-config",
        ),
        pytest.param(
            "services: {web: {image: x, models: {m: null}}}",
            'compose.yaml:1:37: service "web" uses the undefined model "m"\n'
            '  help: add "m:" under "models:" at the top level',
            id="an-undefined-model",
        ),
        pytest.param(
            "services: {web: {image: x, depends_on: {j: {required: true}}}}\njobs: {j: {image: x}}",
            'compose.yaml:1:41: service "web" depends on the job "j"; services can only use '
            "services\n  help: make it a service, or remove it here",
            id="a-service-does-not-depend-on-a-job",
        ),
        pytest.param(
            "services: {web: {image: x, build: {additional_contexts: {a: 'service:db'}}}, "
            "db: {image: y}}",
            'compose.yaml:1:61: service "web" builds with service "db", which has no build\n'
            '  help: give "db" a build, or use docker-image:// for its image',
            id="built-with-what-is-not-built",
        ),
        pytest.param(
            "services: {a: {image: x, depends_on: {b: {}}}, b: {image: x, depends_on: {c: {}}},\n"
            "  c: {image: x, depends_on: {a: {}}}}",
            "compose.yaml:1:39: services wait for one another: a -> b -> c -> a\n"
            "  help: remove one of these dependencies",
            id="a-circle-is-named-in-full",
        ),
        pytest.param(
            "services: {web: {image: x, network_mode: host, networks: {a: null}}}\n"
            "networks: {a: {name: a}}",
            'compose.yaml:1:28: service "web": network_mode and networks exclude each other\n'
            "  help: remove one of the two",
            id="two-kinds-of-network",
        ),
        pytest.param(
            "services: {web: {build: {dockerfile: D, dockerfile_inline: x}}}",
            'compose.yaml:1:41: service "web": dockerfile and dockerfile_inline exclude each '
            "other\n  help: keep one of the two",
            id="two-dockerfiles",
        ),
        pytest.param(
            "services: {web: {platform: a/b, build: {platforms: [a/c]}}}",
            'compose.yaml:1:41: service "web" runs on a/b, for which it is not built\n'
            '  help: add "a/b" to build.platforms',
            id="a-platform-that-is-not-built",
        ),
        pytest.param(
            "services: {web: {image: x, healthcheck: {test: [curl, x]}}}",
            'compose.yaml:1:49: service "web": the test begins with "curl"\n'
            '  help: begin it with "CMD", "CMD-SHELL" or "NONE"',
            id="a-test-of-no-kind",
        ),
        pytest.param(
            "services: {web: {image: x, tmpfs: ['/a:size=1m'], "
            "volumes: [{type: tmpfs, target: /a}]}}",
            'compose.yaml:1:61: service "web" mounts two things at "/a", first at '
            "compose.yaml:1:36\n  help: remove one of the two, or mount it elsewhere",
            id="two-mounts-at-one-place",
        ),
        pytest.param(
            "services: {web: {image: x, scale: 2, deploy: {replicas: 3}}}",
            'compose.yaml:1:28: service "web": scale and deploy.replicas mean the same and have '
            "different values\n  help: remove scale, or give deploy.replicas the same value",
            id="two-counts",
        ),
        pytest.param(
            "services: {web: {image: x, scale: -1}}",
            'compose.yaml:1:28: service "web": scale is negative\n  help: write zero or more',
            id="less-than-none",
        ),
        pytest.param(
            "services: {web: {image: x, mem_limit: 1g, deploy: {resources: {limits: {cpus: 1}}}}}",
            'compose.yaml:1:28: service "web": mem_limit and deploy.resources.limits.memory mean '
            "the same and have different values\n"
            "  help: remove mem_limit, or give deploy.resources.limits.memory the same value",
            id="a-limit-that-deploy-leaves-out",
        ),
        pytest.param(
            "services: {web: {image: x, container_name: c, scale: 2}}",
            'compose.yaml:1:28: service "web" runs 2 containers, which cannot all have one '
            "container_name\n  help: remove container_name, or run one container",
            id="one-name-for-two",
        ),
        pytest.param(
            "services: {a: {image: x, container_name: c}, b: {image: x, container_name: c}}",
            'compose.yaml:1:60: services "a" and "b" have the same container_name "c"\n'
            "  help: give each its own, or leave container_name out",
            id="one-name-for-two-services",
        ),
        pytest.param(
            "services: {web: {image: x, develop: {watch: [{path: a, action: sync}]}}}",
            'compose.yaml:1:46: service "web": what is watched with the action "sync" has no '
            "target\n  help: add target: with the path in the container",
            id="a-watch-without-target",
        ),
        pytest.param(
            "services: {web: {image: x, env_file: [{path: ''}]}}",
            'compose.yaml:1:39: service "web": the path of an env file is empty\n'
            "  help: name a file, as in env_file: ./app.env",
            id="an-env-file-without-a-name",
        ),
        pytest.param(
            "services: {j: {image: x}}\njobs: {j: {image: x}}",
            'compose.yaml:2:8: "j" is a service and a job; a name means one thing\n'
            "  help: rename one of the two",
            id="a-service-and-a-job",
        ),
        pytest.param(
            "services: {web: {image: x}}\njobs: {j: {image: x, depends_on: {wep: {}}}}",
            'compose.yaml:2:35: job "j" depends on the undefined service or job "wep"\n'
            '  help: did you mean "web"?',
            id="a-job-depends-on-nothing",
        ),
        pytest.param(
            "secrets: {s: {driver: d}}",
            'compose.yaml:1:11: secret "s" has neither a file nor an environment variable\n'
            '  help: add "file" or "environment", or "external: true" where it exists already',
            id="an-empty-secret",
        ),
    ],
)
def test_a_contradiction(text: str, message: str) -> None:
    assert _faults(text) == [message]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "services: {web: {image: x, deploy: {resources: {limits: {cpus: 0.1}}}, cpus: '0.1'}}",
            id="one-amount-said-twice-alike",
        ),
        pytest.param(
            "services: {web: {image: x, mem_limit: 1g, deploy: {resources: {limits: "
            "{memory: 1024m}}}}}",
            id="in-two-units",
        ),
        pytest.param("services: {web: {image: x, mem_limit: 1g, deploy: {}}}", id="without-limits"),
        pytest.param(
            "services: {web: {image: x, container_name: c, scale: 1}}", id="one-container-one-name"
        ),
        pytest.param(
            "services: {a: {image: x, depends_on: {b: {}, c: {}}}, b: {image: x, depends_on: "
            "{c: {}}}, c: {image: x}}",
            id="a-diamond-is-no-circle",
        ),
        pytest.param("services: {web: {provider: {type: x}}}", id="a-provider-is-something-to-run"),
        pytest.param(
            "services: {web: {image: x, volumes: [{type: volume, target: /a}]}}",
            id="an-anonymous-volume",
        ),
        pytest.param("services: {web: {image: x, healthcheck: {test: NONE}}}", id="a-shell-test"),
        pytest.param(
            "services: {web: {image: x, env_file: [{path: '', required: false}]}}",
            id="an-env-file-that-need-not-exist",
        ),
        pytest.param(
            "services: {web: {image: x}}\njobs: {a: {image: x, depends_on: {web: {}, b: {}}}, "
            "b: {image: x}}",
            id="jobs-depend-on-services-and-jobs",
        ),
    ],
)
def test_no_contradiction(text: str) -> None:
    assert _faults(text) == []


def test_a_service_of_an_inactive_profile() -> None:
    root = typed.typed(
        model("services: {web: {image: x, depends_on: {db: {required: true}, c: {}}}}")
    )
    off = typed.typed(
        model("services: {db: {image: y, profiles: [p, q]}, c: {image: z, profiles: [p]}}")
    )
    disabled = off.entries["services"].entries  # type: ignore[union-attr]
    assert shown(consistency.check(root, disabled=disabled)) == [
        'compose.yaml:1:41: service "web" depends on "db", which no active profile selects\n'
        "  help: activate it with --profile p or --profile q, or write required: false"
    ]


def test_all_contradictions_are_told() -> None:
    faults = _faults(
        "services: {a: {depends_on: {b: {required: true}}, networks: {n: null}}, c: {scale: -1}}"
    )
    assert len(faults) == 5
