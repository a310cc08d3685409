"""
Bounded waits for what must have happened elsewhere before a part starts.

"Healthy" is asked of the peer's Service: it routes to ready pods only, so a connection that opens
means a peer that passes its health check.  "Completed", and the health of a peer that listens
nowhere or is found before it is ready, is asked of the API, by an account that may read Jobs and
pods and nothing else, with a token that only the waiting container sees.  Every wait ends: the pod
then fails visibly and is tried again, instead of hanging.

Source: https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
"""

from mooring.app.application import Application
from mooring.app.dependencies import Condition
from mooring.app.endpoints import Endpoint, NetworkAccess, Protocol
from mooring.app.workloads import Task, Workload
from mooring.generate.added import HARMLESS, SHELL_IMAGE, SMALL
from mooring.generate.context import Context
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.own_name import must_be_found_unready
from mooring.kube.names import label
from mooring.kube.objects.containers import Container, Resources
from mooring.kube.objects.identity import ServiceAccount
from mooring.kube.objects.meta import KubeObject
from mooring.kube.objects.rbac import PolicyRule, Role, RoleBinding, RoleRef, Subject
from mooring.kube.objects.volumes import (
    ConfigMapProjection,
    DownwardAPIFile,
    DownwardAPIProjection,
    KeyToPath,
    ObjectFieldSelector,
    ProjectedVolume,
    ServiceAccountTokenProjection,
    Volume,
    VolumeMount,
    VolumeProjection,
)

WAIT_SECONDS = 600
"""How long a pod waits for one dependency before it fails and is tried again."""

_API_IMAGE = "registry.k8s.io/kubectl:v1.34.1"
_TOKEN_VOLUME = "wait-token"  # noqa: S105 - the name of a volume
_TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path

_TRY_SCRIPT = """\
tries=0
until nc -z -w 2 "$0" "$1"; do
  tries=$((tries + 1))
  if [ "$tries" -ge "$2" ]; then echo "$0:$1 did not answer in time" >&2; exit 1; fi
  echo "waiting for $0:$1"
  sleep 2
done
"""


_OF_CLIENT = Resources(requests={"cpu": "10m", "memory": "32Mi"}, limits={"memory": "128Mi"})
"""kubectl, a Go program with all kinds of the API, takes some 50 MiB to ask one question."""


def waits(part: Workload | Task, context: Context) -> tuple[Container, ...]:
    """Return the init containers that wait for the dependencies of ``part``, in their order."""
    if not part.dependencies:
        return ()
    made: list[Container] = []
    seen: set[str] = set()
    for dependency in part.dependencies:
        other = context.parts.get(dependency.on)
        if other is None or other is part or other.name in seen:
            continue
        if dependency.condition is Condition.COMPLETED and isinstance(other, Task):
            made.append(_for_end(other, context.job_name(other)))
        elif dependency.condition is Condition.HEALTHY and isinstance(other, Workload):
            endpoint = None if must_be_found_unready(other) else _endpoint(other, dependency.port)
            if endpoint is not None:
                made.append(_for_answer(other, endpoint))
            else:
                made.append(_for_readiness(context.application, other))
        else:
            continue
        seen.add(other.name)
    return tuple(made)


def asks_the_api(containers: tuple[Container, ...]) -> bool:
    """Tell whether one of the waiting ``containers`` needs the account that reads the API."""
    return any(container.image == _API_IMAGE for container in containers)


def account_name(application: Application) -> str:
    """Return the name of the account that reads Jobs and pods."""
    return label(f"{application.name}-waits")


def account_objects(application: Application) -> tuple[KubeObject, ...]:
    """Return the account, its Role and the binding between them."""
    name = account_name(application)
    meta = metadata(name, application)
    return (
        ServiceAccount(metadata=meta, automount_service_account_token=False),
        Role(
            metadata=meta,
            rules=(
                PolicyRule(
                    api_groups=("batch",), resources=("jobs",), verbs=("get", "list", "watch")
                ),
                PolicyRule(api_groups=("",), resources=("pods",), verbs=("get", "list", "watch")),
            ),
        ),
        RoleBinding(
            metadata=meta,
            role_ref=RoleRef(kind="Role", name=name),
            subjects=(Subject(kind="ServiceAccount", name=name),),
        ),
    )


def token_volume() -> Volume:
    """Return the volume with the token that only waiting containers mount."""
    return Volume(
        name=_TOKEN_VOLUME,
        projected=ProjectedVolume(
            sources=(
                VolumeProjection(
                    service_account_token=ServiceAccountTokenProjection(
                        path="token", expiration_seconds=3600
                    )
                ),
                VolumeProjection(
                    config_map=ConfigMapProjection(
                        name="kube-root-ca.crt", items=(KeyToPath(key="ca.crt", path="ca.crt"),)
                    )
                ),
                VolumeProjection(
                    downward_api=DownwardAPIProjection(
                        items=(
                            DownwardAPIFile(
                                path="namespace",
                                field_ref=ObjectFieldSelector(field_path="metadata.namespace"),
                            ),
                        )
                    )
                ),
            ),
            default_mode=0o444,
        ),
    )


def _endpoint(part: Workload, port: int | None) -> Endpoint | None:
    """Return where ``part`` can be asked whether it answers, at best on ``port``, or None."""
    if part.network is NetworkAccess.NONE:
        return None
    endpoints = [
        endpoint
        for container in part.containers
        for endpoint in container.endpoints
        if endpoint.protocol is Protocol.TCP
    ]
    of_clients = next((one for one in endpoints if one.port == port), None)
    if of_clients is not None:
        return of_clients
    # What the files name comes before what is only known of the image: it may be set up otherwise.
    named = (endpoint for endpoint in endpoints if endpoint.position is not None)
    return next(named, endpoints[0] if endpoints else None)


def _for_answer(part: Workload, endpoint: Endpoint) -> Container:
    tries = str(WAIT_SECONDS // 2)
    return Container(
        name=label(f"wait-for-{part.name}"),
        image=SHELL_IMAGE,
        command=("/bin/sh", "-c", _TRY_SCRIPT, part.name, str(endpoint.port), tries),
        resources=SMALL,
        security_context=HARMLESS,
    )


def _for_end(task: Task, job: str) -> Container:
    return _for_api(task, ("--for=condition=Complete", f"job/{job}"))


def _for_readiness(application: Application, part: Workload) -> Container:
    selector = ",".join(
        f"{name}={value}" for name, value in selector_labels(application, part).items()
    )
    return _for_api(part, ("--for=condition=Ready", "pod", f"--selector={selector}"))


def _for_api(part: Workload | Task, condition: tuple[str, ...]) -> Container:
    return Container(
        name=label(f"wait-for-{part.name}"),
        image=_API_IMAGE,
        args=("wait", *condition, f"--timeout={WAIT_SECONDS}s"),
        resources=_OF_CLIENT,
        security_context=HARMLESS,
        volume_mounts=(VolumeMount(name=_TOKEN_VOLUME, mount_path=_TOKEN_PATH, read_only=True),),
    )
