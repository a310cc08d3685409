"""All objects of one environment, in the order in which they depend on one another."""

from mooring.app.application import Application
from mooring.app.endpoints import NetworkAccess
from mooring.app.workloads import Workload
from mooring.generate import waits
from mooring.generate.context import context
from mooring.generate.identity import labels
from mooring.generate.ingress import ingresses, raw_service
from mooring.generate.isolation import no_traffic
from mooring.generate.policies import policies
from mooring.generate.presence import present
from mooring.generate.services import services
from mooring.generate.stateful import peer_service, stateful_set
from mooring.generate.storage import claims
from mooring.generate.workloads import job, workload
from mooring.kube.names import label
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.identity import Namespace
from mooring.kube.objects.meta import KubeObject, ObjectMeta
from mooring.settings.environments import Environment


def namespace_name(application: Application, environment: Environment) -> str:
    """Return the environment's namespace: the one that was set, or application and environment."""
    return environment.namespace or label(f"{application.name}-{environment.name}")


def _namespace(application: Application, environment: Environment) -> Namespace:
    name = namespace_name(application, environment)
    return Namespace(metadata=ObjectMeta(name=name, labels=labels(application)))


def objects(application: Application, environment: Environment) -> ObjectSet:
    """
    Return the objects of ``application`` in ``environment``, its namespace first.

    Configuration and storage come before what mounts them, Services before the workloads behind
    them.
    """
    application = present(application, environment.tier)
    around = context(application, environment)
    made: list[KubeObject] = [_namespace(application, environment)]
    made.extend((*around.configuration.config_maps, *around.configuration.secrets))
    made.extend(claims(application, namespace_name(application, environment)))
    workloads: list[KubeObject] = []
    for part in application.parts:
        if part.network is NetworkAccess.NONE:
            workloads.append(no_traffic(application, part))
        else:
            workloads.extend(services(application, part))
            outside = raw_service(application, part)
            if outside is not None:
                workloads.append(outside)
        if isinstance(part, Workload) and part.keeps_state:
            workloads.extend((peer_service(part, application), stateful_set(part, around)))
        elif isinstance(part, Workload):
            workloads.append(workload(part, around))
        else:
            workloads.append(job(part, around))
    waiting = frozenset(
        part.name for part in application.parts if waits.asks_the_api(waits.waits(part, around))
    )
    if waiting:
        made.extend(waits.account_objects(application))
    workloads.extend(ingresses(application, environment))
    made.extend(policies(around, waiting))
    return ObjectSet((*made, *workloads))
