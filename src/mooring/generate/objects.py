"""All objects of one environment, in the order in which they depend on one another."""

from mooring.app.application import Application
from mooring.app.endpoints import NetworkAccess
from mooring.app.workloads import Workload
from mooring.generate import waits
from mooring.generate.configuration import configuration
from mooring.generate.isolation import no_traffic
from mooring.generate.services import services
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


def namespace(application: Application, environment: Environment) -> Namespace:
    """Return the namespace in which the environment's objects live."""
    return Namespace(metadata=ObjectMeta(name=namespace_name(application, environment)))


def objects(application: Application, environment: Environment) -> ObjectSet:
    """
    Return the objects of ``application`` in ``environment``, without the namespace itself.

    Configuration and storage come before what mounts them, Services before the workloads behind
    them.
    """
    settled = configuration(application)
    made: list[KubeObject] = [*settled.config_maps, *settled.secrets]
    made.extend(claims(application, namespace_name(application, environment)))
    if any(waits.asks_the_api(waits.waits(application, part)) for part in application.parts):
        made.extend(waits.account_objects(application))
    for part in application.parts:
        if part.network is NetworkAccess.NONE:
            made.append(no_traffic(application, part))
        else:
            made.extend(services(application, part))
        if isinstance(part, Workload):
            made.append(
                workload(
                    part,
                    application=application,
                    configuration=settled,
                    environment=environment,
                )
            )
        else:
            made.append(
                job(
                    part,
                    application=application,
                    configuration=settled,
                    environment=environment,
                )
            )
    return ObjectSet(made)
