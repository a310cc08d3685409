"""The fifteen faults that other converters were seen to have on real stacks."""

from collections.abc import Callable

import pytest
import yaml
from tests.traps.road import Walked, web

from mooring import pipeline

Walk = Callable[..., Walked]


def documents(walked: Walked, form: str) -> list[dict[str, object]]:
    """Return the objects in the written files of ``form``, as another YAML reader sees them."""
    return [
        document
        for path, content in walked.files(form).items()
        if path.endswith(".yaml")
        for document in yaml.safe_load_all(content)
        if isinstance(document, dict)
    ]


def test_a_file_that_looks_like_a_manifest_is_shipped_whole(walk: Walk) -> None:
    """Fault 1: a line `status:` in a mounted file cut a manifest off."""
    content = "kind: List\nstatus:\n  a: 1\n---\nstatus: {}\nlast: line\n"
    walked = walk(web("volumes: ['./x.yaml:/x.yaml:ro']"), {"x.yaml": content})
    assert walked.at("ConfigMap x-yaml", 'data."x.yaml"') == content
    (written,) = [one for one in documents(walked, "plain") if one["kind"] == "ConfigMap"]
    assert written["data"] == {"x.yaml": content}
    files = walked.files("kustomize")
    assert [path for path, text in files.items() if text == content] != []


@pytest.mark.parametrize(
    ("source", "fate"),
    [
        pytest.param("/", "refused", id="fault 2: the root of the machine is not read"),
        pytest.param("/proc", "refused", id="fault 2: nor are its processes"),
        pytest.param("/var/run/docker.sock", "refused", id="row docker.sock: refused"),
        pytest.param("/etc/localtime", "dropped", id="fault 3: the machine's time zone is its own"),
        pytest.param("/etc/hosts", "dropped", id="fault 3: so are its hosts"),
    ],
)
def test_the_machine_is_left_alone(walk: Walk, source: str, fate: str) -> None:
    walked = walk(web(f"volumes: ['{source}:/machine:ro']"))
    assert walked.of_kind("ConfigMap") == []
    assert walked.of_kind("Secret") == []
    assert walked.at("pod web", "volumes") is None
    assert walked.fate("services.web.volumes[0]") == fate


def test_a_path_of_the_machine_that_is_asked_for(walk: Walk) -> None:
    walked = walk(
        web("volumes: ['/proc:/host/proc:ro,rslave']"),
        {"mooring.yaml": "services: {web: {mounts: {/host/proc: node}}}\n"},
    )
    assert walked.at("pod web", "volumes[0].hostPath") == {"path": "/proc"}
    assert walked.at("container web", "volumeMounts[0].mountPropagation") == "HostToContainer"


def test_a_folder_above_the_project_is_not_read(walk: Walk) -> None:
    """Fault 2: what lies outside of the project belongs to the machine."""
    walked = walk(web("volumes: ['../other:/x']"), {"../other/private.txt": "hidden"})
    assert walked.of_kind("ConfigMap") == []
    assert "hidden" not in str(walked.manifests)


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param(("ports: ['80:80']", "expose: [80]"), id="published and exposed"),
        pytest.param(("ports: ['80:80', '8080:80']",), id="published twice"),
        pytest.param(("ports: ['127.0.0.1:80:80', '[::1]:80:80']",), id="on two addresses"),
    ],
)
def test_a_port_is_there_once(walk: Walk, attributes: tuple[str, ...]) -> None:
    """Fault 4: the API server refuses a Service with one port twice."""
    walked = walk(web(*attributes))
    ports = walked.at("Service web", "spec.ports")
    assert isinstance(ports, list)
    assert [port["port"] for port in ports] == [80]


def test_restart_on_failure_is_no_obstacle(walk: Walk) -> None:
    """Fault 5: `on-failure:3` was fatal, or stood in a Deployment."""
    walked = walk(web("restart: on-failure:3"))
    assert walked.runner("web") == "Deployment"
    assert walked.at("pod web", "restartPolicy") is None
    assert walked.fate("services.web.restart") == "approximated"


def test_each_secret_is_a_file_in_its_folder(walk: Walk) -> None:
    """Fault 6: `/run/secrets/<name>` did not exist, since one secret was mounted as the folder."""
    walked = walk(
        web("secrets: [one, two]", "environment: {PASSWORD_FILE: /run/secrets/one}")
        + "secrets: {one: {environment: A}, two: {environment: B}}\n",
        environment={"A": "first-value", "B": "second-value"},
    )
    mounts = walked.at("container web", "volumeMounts")
    assert isinstance(mounts, list)
    assert [mount["mountPath"] for mount in mounts] == ["/run/secrets/one", "/run/secrets/two"]
    assert all(mount["subPath"] for mount in mounts)
    assert walked.at("ConfigMap web-env", "data") == {"PASSWORD_FILE": "/run/secrets/one"}


UNDERSCORES = """
services:
  my_app:
    image: app:1
    container_name: my_app_box
    hostname: my_app_host
    environment: {A: b}
    volumes: ["my_data:/x", "./my_conf.d:/etc/my_conf.d:ro"]
    configs: [my_config]
    secrets: [my_secret]
    depends_on: {my_db: {condition: service_healthy}}
  my_db: {image: "db:1", healthcheck: {test: check}}
volumes: {my_data: {}}
configs: {my_config: {content: c}}
secrets: {my_secret: {environment: S}}
"""


def test_names_agree_and_are_allowed(walk: Walk) -> None:
    """Fault 7: names with `_` were copied, or one place wrote `_` and another `-`."""
    walked = walk(UNDERSCORES, {"my_conf.d/my_file.conf": "x"}, environment={"S": "a-secret-value"})
    for manifest in walked.manifests:
        metadata = manifest["metadata"]
        assert isinstance(metadata, dict)
        assert "_" not in str(metadata["name"])
    pod = walked.at("pod my-app")
    assert isinstance(pod, dict)
    volumes = {one["name"]: one for one in pod["volumes"]}
    for container in (*pod["containers"], *pod["initContainers"]):
        assert "_" not in container["name"]
        assert {mount["name"] for mount in container.get("volumeMounts", ())} <= volumes.keys()
    assert "_" not in str(pod["hostname"])
    named = {
        one[kind][field]
        for one in volumes.values()
        for kind, field in (("configMap", "name"), ("secret", "secretName"))
        if kind in one
    }
    assert named == {"my-conf-d", "my-config", "shop-secrets"}
    assert named <= {*walked.of_kind("ConfigMap"), *walked.of_kind("Secret")}
    assert volumes["my-data"]["persistentVolumeClaim"]["claimName"] == "my-data"
    assert walked.of_kind("PersistentVolumeClaim") == ["my-data"]


def test_labels_for_a_proxy_are_no_labels(walk: Walk) -> None:
    """Fault 8: rules of Traefik are no values of labels, and long names no names."""
    long = "example.com/" + "x" * 80
    walked = walk(
        web(
            f"""
            labels:
              traefik.enable: 'true'
              traefik.http.routers.a.rule: Host(`a.example.com`) && PathPrefix(`/x`)
              {long}: y
              team: payments
            """
        )
    )
    template = walked.at("Deployment web", "spec.template.metadata")
    assert isinstance(template, dict)
    assert template["labels"]["team"] == "payments"
    texts = [str(item["metadata"]) for item in walked.manifests] + [str(template)]
    assert [text for text in texts if "traefik" in text or long in text] == []
    assert walked.fate(f"services.web.labels.{long}") == "dropped"


def test_a_shell_and_quotes_where_they_are_needed(walk: Walk) -> None:
    """Fault 9: checks ran without their shell; numbers and booleans stood without quotes."""
    walked = walk(
        web(
            "healthcheck: {test: 'curl -f localhost || exit 1'}",
            "command: [serve, '8080', 'true', '1.0']",
            "environment: {'a name': 1, B: true}",
            "labels: {revision: 12}",
        )
    )
    assert walked.at("container web", "readinessProbe.exec.command[0]") == "/bin/sh"
    for form in ("plain", "kustomize"):
        (deployment,) = [one for one in documents(walked, form) if one["kind"] == "Deployment"]
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert container["args"] == ["serve", "8080", "true", "1.0"]
        assert container["env"] == [{"name": "a name", "value": "1"}]
        assert deployment["spec"]["template"]["metadata"]["labels"]["revision"] == "12"
    assert walked.at("ConfigMap web-env", "data") == {"B": "true"}


def test_an_env_file_that_may_be_absent(walk: Walk) -> None:
    """Fault 10: an absent file with `required: false` was fatal, and env files overrode."""
    walked = walk(
        web(
            "env_file: [{path: gone.env, required: false}, here.env]",
            "environment: {A: mine}",
        ),
        {"here.env": "A=theirs\nB=theirs\n"},
    )
    assert walked.at("ConfigMap web-env", "data") == {"A": "mine", "B": "theirs"}


UPDATE = "deploy: {update_config: {parallelism: 2, order: start-first}}"


@pytest.mark.parametrize(
    ("attributes", "strategy"),
    [
        pytest.param(
            (UPDATE, "volumes: ['data:/x']"),
            {"type": "Recreate"},
            id="fault 11: a claim of one node is given back before it is taken",
        ),
        pytest.param(
            (UPDATE,),
            {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 2, "maxUnavailable": 0}},
            id="fault 11: without one the update rolls",
        ),
        pytest.param(
            (UPDATE, "volumes: [/scratch]"),
            {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 2, "maxUnavailable": 0}},
            id="fault 11: an anonymous volume holds nothing back",
        ),
        pytest.param((), None, id="fault 11: without a word the default rolls"),
    ],
)
def test_updates(walk: Walk, attributes: tuple[str, ...], strategy: object) -> None:
    walked = walk(web(*attributes) + "volumes: {data: {}}\n")
    assert walked.at("Deployment web", "spec.strategy") == strategy


@pytest.mark.parametrize("restart", ["'no'", "always", "on-failure", "unless-stopped"])
@pytest.mark.parametrize("ports", ["ports: ['80']", "healthcheck: {test: check}"])
def test_what_goes_on_is_always_restarted(walk: Walk, restart: str, ports: str) -> None:
    """Fault 12: a Deployment allows no other restart policy."""
    walked = walk(web(f"restart: {restart}", ports, "command: [serve]"))
    assert walked.runner("web") == "Deployment"
    assert walked.at("pod web", "restartPolicy") is None


def test_peers_dial_the_port_of_the_container(walk: Walk) -> None:
    """Fault 13: a Service on the published port left those alone who dial the container."""
    walked = walk(
        """
        services:
          web: {image: "app:1", ports: ["18080:8080"]}
          peer: {image: "peer:1", environment: {URL: "http://web:8080"}}
        """
    )
    ports = walked.at("Service web", "spec.ports")
    assert isinstance(ports, list)
    assert [(port["port"], port["targetPort"]) for port in ports] == [(8080, "tcp-8080")]
    assert walked.at("container web", "ports[0].containerPort") == 8080


def test_volumes_are_claims_once(walk: Walk) -> None:
    """Fault 14: an external volume was made anew, a shared one became two claims."""
    walked = walk(
        """
        services:
          a: {image: "a:1", volumes: ["shared:/s", "given:/g"]}
          b: {image: "b:1", volumes: ["shared:/s"], deploy: {replicas: 2}}
        volumes: {shared: {}, given: {external: true}, idle: {}}
        """
    )
    assert walked.of_kind("PersistentVolumeClaim") == ["shared"]
    assert walked.at("PersistentVolumeClaim shared", "spec.accessModes") == ["ReadWriteMany"]
    assert walked.fate("volumes.idle") == "dropped"


def test_dependencies_survive(walk: Walk) -> None:
    """Fault 15: depends_on was lost, and nothing ever became a Job."""
    walked = walk(
        """
        services:
          web:
            image: app:1
            depends_on:
              db: {condition: service_healthy}
              migrate: {condition: service_completed_successfully}
          migrate: {image: "app:1", depends_on: {db: {condition: service_healthy}}}
          db: {image: "db:1", expose: [5432], healthcheck: {test: check}}
        """
    )
    assert walked.of_kind("Job") == ["migrate"]
    waiting = walked.at("pod web", "initContainers")
    assert isinstance(waiting, list)
    assert [one["name"] for one in waiting] == ["wait-for-db", "wait-for-migrate"]
    assert walked.at("pod migrate", "initContainers[0].name") == "wait-for-db"


def test_nothing_is_written_that_kubernetes_does_not_know(walk: Walk) -> None:
    """Fault 12: unknown fields.  Every form holds the same objects, which have kinds and names."""
    walked = walk(UNDERSCORES, {"my_conf.d/a": "x"}, environment={"S": "a-secret-value"})
    assert {"kustomize", "plain"} == set(pipeline.FORMATS)
    written = {(one["kind"], one["metadata"]["name"]) for one in documents(walked, "plain")}
    made = {(one["kind"], one["metadata"]["name"]) for one in walked.manifests}
    assert written == made
