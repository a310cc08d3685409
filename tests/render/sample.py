"""A small shop in three environments, with every trap that contents can hold."""

from tests.kube.nasty import TEXTS

from mooring.kube import labels
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.configuration import ConfigMap, Secret, config_map
from mooring.kube.objects.containers import (
    Container,
    ContainerPort,
    EnvFromSource,
    EnvSource,
    EnvVar,
    EnvVarSource,
    KeySelector,
    Resources,
)
from mooring.kube.objects.identity import Namespace, ServiceAccount
from mooring.kube.objects.meta import KubeObject, LabelSelector, ObjectMeta, TemplateMeta
from mooring.kube.objects.network import (
    HTTPIngressPath,
    HTTPIngressRuleValue,
    Ingress,
    IngressBackend,
    IngressRule,
    IngressServiceBackend,
    IngressSpec,
    NetworkPolicy,
    NetworkPolicySpec,
    Service,
    ServiceBackendPort,
    ServicePort,
    ServiceSpec,
)
from mooring.kube.objects.pods import PodSpec, PodTemplate
from mooring.kube.objects.policy import PodDisruptionBudget, PodDisruptionBudgetSpec
from mooring.kube.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, Subject
from mooring.kube.objects.storage import (
    PersistentVolumeClaim,
    PersistentVolumeClaimSpec,
    VolumeResources,
)
from mooring.kube.objects.volumes import (
    ConfigMapVolume,
    EmptyDirVolume,
    SecretVolume,
    Volume,
    VolumeMount,
)
from mooring.kube.objects.workloads import (
    CronJob,
    CronJobSpec,
    Deployment,
    DeploymentSpec,
    JobSpec,
    JobTemplate,
)
from mooring.render.environments import EnvironmentObjects
from mooring.sensitive import Sensitive


def meta(name: str, workload: str = "", origin: str = "compose.yaml:3") -> ObjectMeta:
    own = labels.recommended(workload, instance="shop") if workload else {labels.INSTANCE: "shop"}
    return ObjectMeta(name=name, labels=own, annotations={labels.ORIGIN: origin})


def web(*, replicas: int, image: str, memory: str, sidecar: bool = False) -> Deployment:
    selected = labels.selector("web", instance="shop")
    containers = (
        Container(
            name="web",
            image=image,
            ports=(
                ContainerPort(name="http", container_port=8080, protocol="TCP"),
                ContainerPort(name="http-udp", container_port=8080, protocol="UDP"),
            ),
            env_from=(EnvFromSource(config_map_ref=EnvSource(name="web-env")),),
            env=(
                EnvVar(name="EMPTY", value=""),
                EnvVar(
                    name="PASSWORD",
                    value_from=EnvVarSource(
                        secret_key_ref=KeySelector(name="shop-secrets", key="PASSWORD")
                    ),
                ),
                EnvVar(name="REPLICAS", value=str(replicas)),
            ),
            resources=Resources(requests={"cpu": "100m"}, limits={"memory": memory}),
            volume_mounts=(
                VolumeMount(name="tmp", mount_path="/tmp"),
                VolumeMount(name="site", mount_path="/etc/nginx/conf.d", read_only=True),
                VolumeMount(name="key", mount_path="/run/secrets/key", sub_path="key.pem"),
            ),
        ),
        *((Container(name="log", image="busybox:1.37"),) if sidecar else ()),
    )
    return Deployment(
        metadata=meta("web", "web"),
        spec=DeploymentSpec(
            replicas=replicas,
            selector=LabelSelector(match_labels=selected),
            template=PodTemplate(
                metadata=TemplateMeta(labels=selected),
                spec=PodSpec(
                    enable_service_links=False,
                    containers=containers,
                    volumes=(
                        Volume(name="tmp", empty_dir=EmptyDirVolume()),
                        Volume(name="site", config_map=ConfigMapVolume(name="web-site")),
                        Volume(
                            name="key", secret=SecretVolume(secret_name="key", default_mode=0o440)
                        ),
                    ),
                ),
            ),
        ),
    )


def tidy(*, schedule: str, image: str, memory: str) -> CronJob:
    named = labels.recommended("tidy", instance="shop")
    return CronJob(
        metadata=meta("tidy", "tidy"),
        spec=CronJobSpec(
            schedule=schedule,
            time_zone="Europe/Berlin",
            concurrency_policy="Forbid",
            starting_deadline_seconds=3600,
            successful_jobs_history_limit=1,
            failed_jobs_history_limit=3,
            job_template=JobTemplate(
                metadata=TemplateMeta(labels=named),
                spec=JobSpec(
                    backoff_limit=2,
                    template=PodTemplate(
                        metadata=TemplateMeta(labels=named),
                        spec=PodSpec(
                            restart_policy="Never",
                            containers=(
                                Container(
                                    name="tidy",
                                    image=image,
                                    env_from=(
                                        EnvFromSource(config_map_ref=EnvSource(name="web-env")),
                                    ),
                                    resources=Resources(limits={"memory": memory}),
                                    volume_mounts=(VolumeMount(name="tmp", mount_path="/tmp"),),
                                ),
                            ),
                            volumes=(Volume(name="tmp", empty_dir=EmptyDirVolume()),),
                        ),
                    ),
                ),
            ),
        ),
    )


def ingress(host: str) -> Ingress:
    backend = IngressBackend(
        service=IngressServiceBackend(name="web", port=ServiceBackendPort(number=8080))
    )
    path = HTTPIngressPath(path="/", path_type="Prefix", backend=backend)
    rule = IngressRule(host=host, http=HTTPIngressRuleValue(paths=(path,)))
    return Ingress(metadata=meta("web", "web"), spec=IngressSpec(rules=(rule,)))


def everywhere() -> list[KubeObject]:
    return [
        ServiceAccount(metadata=meta("waits"), automount_service_account_token=False),
        Role(
            metadata=meta("waits"),
            rules=(PolicyRule(api_groups=("",), resources=("pods",), verbs=("get",)),),
        ),
        RoleBinding(
            metadata=meta("waits"),
            role_ref=RoleRef(kind="Role", name="waits"),
            subjects=(Subject(kind="ServiceAccount", name="waits"),),
        ),
        NetworkPolicy(
            metadata=meta("default-deny"),
            spec=NetworkPolicySpec(pod_selector=LabelSelector(), policy_types=("Ingress",)),
        ),
        Service(
            metadata=meta("web", "web"),
            spec=ServiceSpec(
                selector=labels.selector("web", instance="shop"),
                ports=(ServicePort(name="http", port=8080, target_port="http"),),
            ),
        ),
        Service(
            metadata=meta("shop", "web"),
            spec=ServiceSpec(cluster_ip="None", selector=labels.selector("web", instance="shop")),
        ),
        config_map(
            meta("web-site"),
            {
                "default.conf": "server {\n  listen 8080;\n}\n",
                "logo.png": b"\x89PNG\r\n\x1a\n\x00\xff",
                "empty": b"",
            },
        ),
    ]


def claim(size: str) -> PersistentVolumeClaim:
    return PersistentVolumeClaim(
        metadata=meta("uploads", "config"),
        spec=PersistentVolumeClaimSpec(
            access_modes=("ReadWriteOnce",),
            resources=VolumeResources(requests={"storage": size}),
        ),
    )


def secrets(password: str) -> list[Secret]:
    return [
        Secret(
            metadata=meta("shop-secrets"),
            values={
                "PASSWORD": Sensitive[str | bytes](password),
                "URL": Sensitive[str | bytes]("postgres://u:p@db/x?a=b#c"),
                "QUOTED": Sensitive[str | bytes]('"keeps its quotes"'),
                "EMPTY": Sensitive[str | bytes](""),
            },
        ),
        Secret(
            metadata=meta("key"),
            values={
                "key.pem": Sensitive[str | bytes]("-----BEGIN-----\nabc\n-----END-----\n"),
                "key.der": Sensitive[str | bytes](b"\x00\xff\xfe"),
            },
        ),
    ]


def settings(level: str, **more: str) -> ConfigMap:
    data = {"LOG_LEVEL": level, "NAME": "shop = 'best'", "BANNER": "two\nlines", **more}
    return ConfigMap(metadata=meta("web-env", "web"), data=data)


def environment(name: str, objects: list[KubeObject]) -> EnvironmentObjects:
    namespace = f"shop-{name}"
    own = Namespace(metadata=ObjectMeta(name=namespace, labels={labels.INSTANCE: "shop"}))
    return EnvironmentObjects(name=name, namespace=namespace, objects=ObjectSet([own, *objects]))


def shop() -> list[EnvironmentObjects]:
    dev = [
        *everywhere(),
        settings("debug"),
        web(replicas=1, image="shop/web:dev", memory="256Mi"),
        tidy(schedule="30 2 * * *", image="shop/web:dev", memory="128Mi"),
        claim("1Gi"),
        *secrets("dev"),
    ]
    staging = [
        *everywhere(),
        settings("info", REGION="eu-1"),
        web(replicas=1, image="shop/web:1.4", memory="512Mi"),
        tidy(schedule="30 2 * * *", image="shop/web:1.4", memory="128Mi"),
        claim("1Gi"),
        ingress("staging.shop.example"),
        *secrets("staging"),
    ]
    production = [
        *everywhere(),
        settings("info", REGION="eu-1"),
        web(replicas=3, image="shop/web:1.4", memory="512Mi"),
        tidy(schedule="*/15 2-5 * * 1", image="shop/web:1.4", memory="256Mi"),
        claim("10Gi"),
        ingress("shop.example"),
        PodDisruptionBudget(
            metadata=meta("web", "web"),
            spec=PodDisruptionBudgetSpec(
                max_unavailable=1,
                selector=LabelSelector(match_labels=labels.selector("web", instance="shop")),
            ),
        ),
        *secrets("production"),
    ]
    return [
        environment("dev", dev),
        environment("staging", staging),
        environment("production", production),
    ]


# Characters that kustomize cannot carry outside a Secret, and a text that it cannot generate.
UNCARRIABLE = ("next-line", "delete")
NOT_GENERABLE = (*UNCARRIABLE, "tab-on-first-line")


def nasty() -> list[EnvironmentObjects]:
    """
    Every nasty text as a setting, a file and a secret, alike and not alike in environments.

    The names of the texts are keys, some of which YAML takes for something else ("yes", "null").
    """
    carriable = {name: text for name, text in TEXTS.items() if name not in NOT_GENERABLE}
    texts = {f"T{number}": text for number, text in enumerate(carriable.values())}
    texts |= {f"file-{number}.conf": text for number, text in enumerate(TEXTS.values())}
    made = []
    for name in ("one", "two"):
        objects: list[KubeObject] = [
            ConfigMap(metadata=meta("same"), data=texts),
            ConfigMap(metadata=meta("other"), data={k: f"{name}{v}" for k, v in texts.items()}),
            ConfigMap(metadata=meta("none")),
            Secret(
                metadata=meta("numbers"),
                values={
                    key: Sensitive[str | bytes](key)
                    for key in ("8080", "010", "1.5", "1e3", "0x10", "2024-01-01", "null")
                },
            ),
            ConfigMap(
                metadata=meta("number-keys"),
                data=dict.fromkeys(("8080", "-1", ".5", "null", "01-init.sql"), name),
            ),
            Secret(
                metadata=meta("values"),
                values={name: Sensitive[str | bytes](text) for name, text in TEXTS.items()},
            ),
            Secret(metadata=meta("nothing")),
            Secret(
                metadata=meta("more", "web"),
                type="example.com/special",
                values={"A": Sensitive[str | bytes]("=a="), "B": Sensitive[str | bytes](b"\xff")},
            ),
            ServiceAccount(
                metadata=ObjectMeta(
                    name="notes",
                    annotations={
                        f"example.com/note-{number}": f"{name if number % 2 else ''}{text}"
                        for number, text in enumerate(carriable.values())
                    },
                )
            ),
        ]
        made.append(environment(name, objects))
    return made
