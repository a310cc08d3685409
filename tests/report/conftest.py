"""A small explanation that the tests of all its forms share."""

import pytest

from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.refs import ObjectRef
from mooring.report.explanation import Explanation, Fate, Part
from mooring.sources import Position


@pytest.fixture
def explained() -> Explanation:
    """One service with a decision, a loss and a question, and a volume beside it."""
    db = Part(
        name="db",
        position=Position("compose.yaml", 2, 3),
        becomes=(
            ObjectRef("apps/v1", "StatefulSet", "db"),
            ObjectRef("v1", "Service", "db"),
        ),
        decisions=(
            Decision(
                subject="services.db",
                topic="kind",
                choice="workload",
                evidence=(
                    Evidence('restart is "always"', Position("compose.yaml", 4, 5)),
                    Evidence("nobody waits for its end"),
                ),
                overrule="services.db.kind: task",
            ),
        ),
        questions=(
            OpenQuestion(
                subject="services.db.environment.PASSWORD",
                question="the secret is a placeholder",
                answer="PASSWORD=<value> in environments/<environment>/secrets.env",
                position=Position("compose.yaml", 7, 7),
            ),
        ),
        fates=(
            Fate(path="image", entry="image", outcome="carried", to="StatefulSet.image"),
            Fate(
                path="ulimits.nofile.soft",
                entry="ulimits",
                outcome="dropped",
                position=Position("compose.yaml", 9, 7),
                reason="a cluster has no such limit",
            ),
            Fate(
                path="ulimits.nofile.hard",
                entry="ulimits",
                outcome="dropped",
                position=Position("compose.yaml", 10, 7),
                reason="a cluster has no such limit",
            ),
            Fate(
                path="healthcheck.interval",
                entry="healthcheck.interval",
                outcome="approximated",
                reason="whole seconds",
                to="readinessProbe.periodSeconds",
            ),
        ),
    )
    beside = Part(
        becomes=(ObjectRef("v1", "PersistentVolumeClaim", "data"),),
        fates=(
            Fate(path="name", entry="name", outcome="carried"),
            Fate(path="volumes.data.driver", entry="volumes.data.driver", outcome="unaccounted"),
        ),
    )
    return Explanation(
        project="shop",
        environment="production",
        namespace="shop-production",
        services=(db,),
        beside=beside,
        inactive=("debug",),
    )
