"""
Whatever somebody writes, no rule breaks of it.

Objects are made of the schemas of all kinds, with fields left out, null and of wrong types, and
with names few enough that they refer to one another.  An engine that hides a broken rule's error
would make every other test of that rule pass.
"""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.check.cases import Case, cases
from tests.support.copies import copied

from mooring.check import catalogue, engine
from mooring.check.bundle import Bundle
from mooring.check.selection import Profile, Selection
from mooring.kube.schemas import served
from mooring.manifests.entries import Entry

WORDS = (
    "web", "api", "db", "data", "http", "80", "8080", "", "100m", "1Gi", "-1", "50%", "latest",
    "postgres:16", "redis", "nginx:1.27", "Registry/Bad image", "quay.io/x/y@sha256:ab",
    "$(A) $(web)", "{{ .Values.x }}", "${A}", "/data", "/", "*/5 * * * *", "http://api:80/x",
    "postgres://u:p@db:5432/x?sslmode=disable", "api.default.svc.cluster.local:80", "localhost:80",
    "cGFzc3dvcmQ=", "changeme", "-----BEGIN CERTIFICATE-----", "ENC[AES256", "10.0.0.0/8", "::/0",
    "kind: Pod\napiVersion: v1", '{"a": [1', "Always", "ReadWriteOnce", "Recreate", "cpu", "TCP",
    "sh", "-c", "psql -h db", "-Xmx4g", "ServiceAccount", "ClusterRole", "Deployment", "apps/v1",
    "StatefulSet", "*", "create", "secrets", "In", "Exists", "kubernetes.io/tls", "\x00", "ä" * 70,
)  # fmt: skip
WRONG: tuple[Any, ...] = (None, "web", "", 0, -3, 1.5, True, [], [None], {}, {"web": None}, [["a"]])
KINDS = (
    "apps/v1 Deployment", "apps/v1 StatefulSet", "apps/v1 DaemonSet", "batch/v1 Job",
    "batch/v1 CronJob", "v1 Pod", "v1 Service", "v1 ConfigMap", "v1 Secret",
    "v1 PersistentVolumeClaim", "v1 PersistentVolume", "v1 ServiceAccount", "v1 Namespace",
    "v1 LimitRange", "v1 ResourceQuota", "networking.k8s.io/v1 Ingress",
    "networking.k8s.io/v1 NetworkPolicy", "autoscaling/v2 HorizontalPodAutoscaler",
    "policy/v1 PodDisruptionBudget", "rbac.authorization.k8s.io/v1 Role",
    "rbac.authorization.k8s.io/v1 RoleBinding", "storage.k8s.io/v1 StorageClass",
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding", "rbac.authorization.k8s.io/v1 ClusterRole",
    "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration",
)  # fmt: skip
DEEPEST = 14


class Writer:
    """Somebody who has read the schema and makes one slip in ``carefulness`` values."""

    def __init__(self, random: Random, carefulness: int) -> None:
        self.random = random
        self.carefulness = carefulness
        self.types = served.packed().types

    def object(self, kind: str) -> Any:
        """Return an object of the ``kind``: what it is called is right, nothing else need be."""
        version, _, name = kind.rpartition(" ")
        made = self._of_type(served.packed().kinds[kind], 0)
        if not isinstance(made, dict):
            made = {}
        metadata = made.get("metadata")
        if isinstance(metadata, dict):
            metadata["name"] = self.random.choice(("web", "api", "db", "data"))
            metadata.pop("namespace", None)
        return {**made, "apiVersion": version, "kind": name}

    def _slips(self) -> bool:
        return self.random.randrange(self.carefulness) == 0

    def _of_type(self, name: str, depth: int) -> Any:
        if self._slips():
            return self.random.choice(WRONG)
        fields, required = self.types[name]
        share = 0.75 if len(fields) < 12 else 0.4
        return {
            key: self._of_shape(shape, depth + 1)
            for key, shape in fields.items()
            if not self._slips() and (key in required or self.random.random() < share)
        }

    def _of_shape(self, shape: str, depth: int) -> Any:
        if self._slips() or depth > DEEPEST:
            return self.random.choice(WRONG)
        head, rest = shape[0], shape[1:]
        if head == "@":
            return self._of_type(rest, depth)
        if head == "[":
            return [self._of_shape(rest, depth + 1) for _ in range(self.random.randrange(3))]
        if head == "{":
            keys = self.random.sample(WORDS, self.random.randrange(3))
            return {key: self._of_shape(rest, depth + 1) for key in keys}
        if head == "i":
            return self.random.choice((0, 1, 2, 80, 8080, 65536, -1))
        if head == "b":
            return self.random.random() < 0.5
        return self.random.choice(WORDS)


def test_the_kinds_that_are_written_are_served() -> None:
    assert set(KINDS) <= set(served.packed().kinds)


@pytest.mark.parametrize("carefulness", [6, 25, 400])
@settings(max_examples=40, deadline=None, derandomize=True)
@given(random=st.randoms(use_true_random=True), closed=st.booleans())
def test_no_rule_breaks_of_anything(carefulness: int, random: Random, closed: bool) -> None:
    writer = Writer(random, carefulness)
    objects = [writer.object(random.choice(KINDS)) for _ in range(12)]
    bundle = Bundle(map(Entry, objects), is_closed=closed)
    judged = engine.judge(bundle, catalogue.checks(), Selection(profile=Profile.ALL))
    assert not [f"{one.rule}: {one.error}: {objects}" for one in judged.broken]


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths to all values below ``value``."""
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    return [path, *(each for key, one in inner for each in _places(one, (*path, key)))]


def _put(root: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        root = root[key]
    root[path[-1]] = value


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_no_rule_breaks_of_a_slip_in_a_case_of_its_own(case: Case) -> None:
    random = Random(case.id)
    rules = [catalogue.check(case.rule), *random.sample(catalogue.checks(), 10)]
    sound = case.bundle()
    written = [dict(one.manifest) for one in (*sound.entries, *sound.going)]
    there = len(written) - len(sound.going)
    places = [path for path in _places(written) if len(path) > 1 and path[-1] != "kind"]
    for _ in range(25):
        objects = copied(written)
        _put(objects, random.choice(places), random.choice(WRONG))
        bundle = Bundle(map(Entry, objects[:there]), is_closed=True)
        bundle.going = tuple(
            one._replace(manifest=manifest)
            for one, manifest in zip(sound.going, objects[there:], strict=True)
        )
        judged = engine.judge(bundle, rules, Selection(profile=Profile.ALL))
        assert not [f"{one.rule}: {one.error}: {objects}" for one in judged.broken]
