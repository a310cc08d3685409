"""What calls of kubectl ask of the API server."""

import pytest

from mooring.check import kubectl


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("kubectl get secret db", ["get secrets db"], id="one-by-name"),
        pytest.param("kubectl get pods -l app=web", ["list pods "], id="all-of-a-kind"),
        pytest.param(
            "kubectl -n prod delete pod/api-0 --wait=false",
            ["delete pods api-0 in prod"],
            id="kind-and-name-with-a-slash-in-a-namespace",
        ),
        pytest.param(
            "kubectl rollout restart deploy/api",
            ["get deployments.apps api", "patch deployments.apps api"],
            id="a-restart",
        ),
        pytest.param(
            "kubectl create secret generic db --from-literal=a=b --dry-run=client -o yaml \\\n"
            "  | kubectl apply -f -",
            ["get secrets db", "create secrets ", "patch secrets db"],
            id="what-is-made-dry-and-then-applied",
        ),
        pytest.param(
            "kubectl exec api-0 -- ls", ["create pods/exec api-0"], id="a-command-in-a-pod"
        ),
        pytest.param("kubectl logs deploy/api", [], id="logs-of-whatever-pods-there-are"),
        pytest.param('kubectl delete secret "$NAME"', ["delete secrets ?"], id="a-computed-name"),
        pytest.param("kubectl apply -f /manifests", [], id="what-is-in-files"),
        pytest.param("kubectl get pods -n $NS", [], id="a-computed-namespace"),
        pytest.param("echo kubectl delete pod a", [], id="what-is-only-told"),
        pytest.param("kubectl get widgets a", [], id="a-kind-that-nobody-knows"),
        pytest.param("kubectl --context other get pods", [], id="another-cluster"),
        pytest.param("until kubectl get cm a; do sleep 1; done", ["get configmaps a"], id="a-loop"),
    ],
)
def test_the_rights_that_a_script_needs(script: str, expected: list[str]) -> None:
    assert list(map(_told, kubectl.needs(script))) == expected


def _told(need: kubectl.Need) -> str:
    of = f"{need.resource}.{need.group}" if need.group else need.resource
    place = f" in {need.namespace}" if need.namespace else ""
    return f"{need.verb} {of} {'?' if need.name is None else need.name}{place}"
