"""All objects of one environment, in the order in which they depend on one another."""

from collections.abc import Iterable

import msgspec

from mooring.app.application import Application
from mooring.app.endpoints import NetworkAccess
from mooring.app.workloads import Task, Workload
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
from mooring.generate.sameness import knows_the_same, means_the_same
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


class _Made(msgspec.Struct, frozen=True):
    """What was made of a part."""

    part: Workload | Task
    objects: tuple[KubeObject, ...]
    asks_the_api: bool


class _Alike(msgspec.Struct, frozen=True):
    """
    What environments that see the same have in common.

    ``around_them`` are accounts and policies; ``admitting`` are the labels of a namespace that
    admits the pods.
    """

    around: Context
    made: tuple[_Made, ...]
    workloads: tuple[KubeObject, ...]
    around_them: tuple[KubeObject, ...]
    admitting: dict[str, str]


class Generation:
    """
    The objects of one application, environment by environment.

    Environments that see the same of it share their objects, which are made once; others share
    those of the parts that mean the same in both.
    """

    def __init__(self, application: Application, before: "Generation | None" = None) -> None:
        """Generate ``application``, with what was made ``before`` where it means the same."""
        self._application = application
        self._before = before
        self._alike: dict[tuple[object, ...], _Alike] = {}
        self._present: dict[bool, Application] = {}
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
            if self._shared is None:
                self._shared = shared_settings(self._application)
            around = context(self.present(environment), environment, self._shared)
            self._alike[seen] = _alike(with_job_names(around), self._first())
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

    def present(self, environment: Environment) -> Application:
        """Return what of the application ``environment`` holds."""
        is_dev = environment.tier is Tier.DEV
        if is_dev not in self._present:
            self._present[is_dev] = present(self._application, environment.tier)
        return self._present[is_dev]

    def _first(self) -> _Alike | None:
        """Return what was made first, here or before."""
        if self._alike:
            return next(iter(self._alike.values()))
        return None if self._before is None else self._before._first()


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


def _alike(around: Context, before: _Alike | None) -> _Alike:
    """Return what is made ``around`` the parts, of which some may have been made ``before``."""
    application = around.application
    known: dict[str, _Made] = {}
    if before is not None and knows_the_same(around, before.around):
        known = {one.part.name: one for one in before.made}
    made: list[_Made] = []
    for part in application.parts:
        found = known.get(part.name)
        if (
            found is None
            or before is None
            or not means_the_same(part, found.part, around, before.around)
        ):
            found = _made(part, around)
        made.append(found)
    workloads = [item for one in made for item in one.objects]
    if application.outside:
        from mooring.generate import outside as outside_services

        for one in application.outside:
            workloads.extend(outside_services.services(application, one))
    waiting = frozenset(one.part.name for one in made if one.asks_the_api)
    accounts = waits.account_objects(application) if waiting else ()
    return _Alike(
        around,
        tuple(made),
        tuple(workloads),
        (*accounts, *policies(around, waiting)),
        namespace_labels(workloads),
    )


def _made(part: Workload | Task, around: Context) -> _Made:
    """Return what runs ``part`` and what leads to it, Services before the pods behind them."""
    application = around.application
    objects: list[KubeObject] = []
    if part.network is NetworkAccess.NONE:
        objects.append(no_traffic(application, part))
    else:
        objects.extend(services(application, part))
        outside = raw_service(application, part)
        if outside is not None:
            objects.append(outside)
    if isinstance(part, Workload) and part.keeps_state:
        objects.append(peer_service(part, application))
        objects.extend(member_services(part, application))
        objects.append(stateful_set(part, around))
    elif isinstance(part, Workload):
        objects.append(workload(part, around))
    elif part.schedule is not None:
        from mooring.generate.cron_jobs import cron_job

        objects.append(cron_job(part, part.schedule, around))
    else:
        objects.append(job(part, around))
    return _Made(part, tuple(objects), waits.asks_the_api(waits.waits(part, around)))
