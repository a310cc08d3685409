"""
The pods of production stand under the strictest level of Pod Security, but for recorded exceptions.

A real API server is asked to take each pod of a stack, its open questions answered: in the
namespace as it was made, and in one that enforces `restricted`.  Whoever is refused there has a
decision that says so.  Dangling references are looked for in every environment.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.acceptance import peer_rules
from tests.acceptance.conftest import AnsweredStacks
from tests.acceptance.systems import CONTROLLERS, pod_spec
from tests.integration import stacks
from tests.support.kubeapi import KubeApi

from mooring import pipeline
from mooring.kube import manifest
from mooring.refs import ObjectRef
from mooring.semantics.objects import ManifestSet
from mooring.semantics.references import dangling

STACKS = [*stacks.corpus(), *stacks.examples()]
each_stack = pytest.mark.parametrize("stack", stacks.parameters(STACKS))
LEVEL = "pod-security.kubernetes.io/enforce"
EXCEPTING = "run-as-non-root"
"""The rule of linters whose exceptions are those from the level, by the topic of the decision."""


def pods(made: pipeline.EnvironmentResult, namespace: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the pods that the controllers of ``made`` make, in ``namespace``, with their makers."""
    for item in map(manifest.manifest, made.objects):
        if item["kind"] in CONTROLLERS:
            subject = f"{item['kind']}/{item['metadata']['name']}"
            name = subject.lower().replace("/", "-")[:60].strip("-")
            spec = {"restartPolicy": "Always", **pod_spec(item)}
            spec.pop("runtimeClassName", None)  # The server has no class but those of a cluster.
            # Those of a StatefulSet get the claims that it makes for them.
            claims = item["spec"].get("volumeClaimTemplates", ())
            spec["volumes"] = [
                *spec.get("volumes", ()),
                *(
                    {
                        "name": claim["metadata"]["name"],
                        "persistentVolumeClaim": {"claimName": claim["metadata"]["name"]},
                    }
                    for claim in claims
                ),
            ]
            yield (
                subject,
                {
                    "apiVersion": "v1",
                    "kind": "Pod",
                    "metadata": {"name": name, "namespace": namespace},
                    "spec": spec,
                },
            )


def named(name: str, labels: dict[str, str]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


@pytest.mark.real
@pytest.mark.corpus
@each_stack
def test_pods_stand_under_restricted_but_for_recorded_exceptions(
    stack: stacks.Stack, answered_stacks: AnsweredStacks, kube_api: KubeApi
) -> None:
    made = answered_stacks(stack).production
    namespaces = [item for item in made.objects if item.kind == "Namespace"]
    labels = dict(namespaces[0].metadata.labels)
    own, strict = f"{made.namespace}-own"[:63], f"{made.namespace}-strict"[:63]
    in_own, in_strict = dict(pods(made, own)), dict(pods(made, strict))
    answers = kube_api.dry_run([named(own, labels), *in_own.values()])
    refused = [answer.error for answer in answers if answer.error is not None]
    assert refused == [], "its own namespace refuses a pod"

    answers = kube_api.dry_run([named(strict, {LEVEL: "restricted"}), *in_strict.values()])
    exceptions = {
        subject
        for subject, answer in zip(in_strict, answers[1:], strict=True)
        if answer.error is not None
    }
    unrecorded = {
        subject
        for subject in exceptions
        if peer_rules.exception(EXCEPTING, subject, "", made) is None
    }
    assert unrecorded == set(), "refused, and no decision says why"
    if not exceptions:
        assert labels[LEVEL] == "restricted"


@pytest.mark.corpus
@each_stack
def test_no_reference_leads_nowhere(stack: stacks.Stack, answered_stacks: AnsweredStacks) -> None:
    for made in answered_stacks(stack).stack.environments:
        objects = ManifestSet(manifest.revealed(item) for item in made.objects)
        assert [
            one for one in dangling(objects) if not _is_declared(one.reference.target, made)
        ] == [], made.environment.name


def _is_declared(target: ObjectRef, made: pipeline.EnvironmentResult) -> bool:
    """Tell whether mooring.yaml says that it is there, or a finding that the cluster needs it."""
    if target.kind == "RuntimeClass":
        named = {one.name for one in made.environment.runtimes.values()}
        return target.name in named or any(
            one.rule == "runtime-class-needed" for one in made.findings
        )
    issuer = (made.environment.issuer or "").rpartition("/")[2]
    is_issuer = target.kind in {"ClusterIssuer", "Issuer"} and target.name == issuer
    return is_issuer or target.name == made.environment.images.pull_secret
