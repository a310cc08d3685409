"""Environments that see the same of an application share its objects."""

import msgspec
from tests.generate.support import application, workload

from mooring.generate.objects import Generation, objects
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.workloads import Deployment
from mooring.settings.environments import Environment, ImageSource, Tier

STAGING = Environment(name="staging", tier=Tier.STAGING)
PRODUCTION = Environment(name="production", tier=Tier.PRODUCTION)


def _workload(made: ObjectSet) -> Deployment:
    return made.of(Deployment)[0]


def test_a_workload_is_made_once_for_alike_environments() -> None:
    generation = Generation(application(workload("web")))
    staging, production = generation.objects(STAGING), generation.objects(PRODUCTION)
    assert _workload(staging) is _workload(production)
    assert staging.refs != production.refs  # the namespaces are their own


def test_sharing_changes_nothing() -> None:
    shop = application(workload("web"), workload("mail", development_only=True))
    elsewhere = msgspec.structs.replace(
        PRODUCTION, images=ImageSource(registry="registry.example.com")
    )
    generation = Generation(shop)
    for environment in (Environment(name="dev", tier=Tier.DEV), STAGING, PRODUCTION, elsewhere):
        assert generation.objects(environment) == objects(shop, environment)
