"""All objects of one environment, in the order in which they depend on one another."""

from collections.abc import Iterable
from typing import NamedTuple

from mooring.app.application import Application
from mooring.app.endpoints import NetworkAccess
from mooring.app.workloads import Workload
from mooring.generate import waits
from mooring.generate.admission import namespace_labels
from mooring.generate.configuration import shared_settings
from mooring.generate.context import Context, context, seen_of
from mooring.generate.identity import labels
from mooring.generate.ingress import ingresses, raw_service
from mooring.generate.isolation import no_traffic
from mooring.generate.job_names import with_job_names
from mooring.generate.policies import policies
from mooring.generate.presence import present
from mooring.generate.scaling import scaled
from mooring.generate.services import services
from mooring.generate.shared_settings import Group
from mooring.generate.stateful import member_services, peer_service, stateful_set
from mooring.generate.storage import claims
from mooring.generate.workloads import job, workload
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.identity import Namespace
from mooring.kube.objects.meta import KubeObject, ObjectMeta
from mooring.settings.environments import Environment, Tier


def namespace_name(application: Application, environment: Environment) -> str:
    """Return the environment's namespace: the one that was set, or application and environment."""
    return environment.namespace_of(application.name)


class _Alike(NamedTuple):
    """
    What environments that see the same have in common.

    ``around_them`` are accounts and policies; ``admitting`` are the labels of a namespace that
    admits the pods.
    """

    around: Context
    workloads: tuple[KubeObject, ...]
    around_them: tuple[KubeObject, ...]
    admitting: dict[str, str]


class Generation:
    """
    The objects of one application, environment by environment.

    Environments that see the same of it share their objects, which are made once.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._alike: dict[tuple[object, ...], _Alike] = {}
        self._shared: tuple[Group, ...] | None = None
        self._workloads: dict[tuple[object, Tier], tuple[KubeObject, ...]] = {}

    def objects(self, environment: Environment) -> ObjectSet:
        """
        Return the objects in ``environment``, its namespace first.

        Configuration and storage come before what mounts them, Services before the workloads
        behind them.
        """
        seen = seen_of(environment)
        if seen not in self._alike:
            present_there = present(self._application, environment.tier)
            if self._shared is None:
                self._shared = shared_settings(self._application)
            around = context(present_there, environment, self._shared)
            self._alike[seen] = _alike(with_job_names(around))
        alike = self._alike[seen]
        around = alike.around
        application = around.application
        tier = environment.tier
        if (seen, tier) not in self._workloads:
            self._workloads[seen, tier] = tuple(scaled(alike.workloads, application, tier))
        return ObjectSet(
            (
                _namespace(application, environment, alike.admitting),
                *_runtime_classes(application, environment),
                *around.configuration.config_maps,
                *around.configuration.secrets,
                *claims(application, namespace_name(application, environment)),
                *alike.around_them,
                *self._workloads[seen, tier],
                *_ways_in(application, environment),
            )
        )


def _runtime_classes(application: Application, environment: Environment) -> Iterable[KubeObject]:
    if not environment.runtimes:
        return ()
    from mooring.generate.runtime_classes import runtime_classes

    return runtime_classes(application, environment)


def _ways_in(application: Application, environment: Environment) -> Iterable[KubeObject]:
    """Return what leads HTTP from outside to the Services."""
    if environment.gateway is None:
        return ingresses(application, environment)
    from mooring.generate.http_routes import http_routes

    return http_routes(application, environment, environment.gateway)


def objects(application: Application, environment: Environment) -> ObjectSet:
    """Return the objects of ``application`` in ``environment``; see `Generation`."""
    return Generation(application).objects(environment)


def _namespace(
    application: Application, environment: Environment, admitting: dict[str, str]
) -> Namespace:
    name = namespace_name(application, environment)
    return Namespace(metadata=ObjectMeta(name=name, labels={**admitting, **labels(application)}))


def _alike(around: Context) -> _Alike:
    application = around.application
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
            workloads.append(peer_service(part, application))
            workloads.extend(member_services(part, application))
            workloads.append(stateful_set(part, around))
        elif isinstance(part, Workload):
            workloads.append(workload(part, around))
        elif part.schedule is not None:
            from mooring.generate.cron_jobs import cron_job

            workloads.append(cron_job(part, part.schedule, around))
        else:
            workloads.append(job(part, around))
    if application.outside:
        from mooring.generate import outside as outside_services

        for one in application.outside:
            workloads.extend(outside_services.services(application, one))
    waiting = frozenset(
        part.name for part in application.parts if waits.asks_the_api(waits.waits(part, around))
    )
    accounts = waits.account_objects(application) if waiting else ()
    return _Alike(
        around,
        tuple(workloads),
        (*accounts, *policies(around, waiting)),
        namespace_labels(workloads),
    )
