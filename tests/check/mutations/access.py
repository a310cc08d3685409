"""Rights that reach too far, and amounts that bound nothing."""

from typing import Any

from tests.check.mutations.harness import Stack, mutation

RBAC = "rbac.authorization.k8s.io"


@mutation("rights-of-strangers", "a role for whoever reaches the API server")
def _strangers(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": f"{RBAC}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "open"},
            "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": "view"},
            "subjects": [{"apiGroup": RBAC, "kind": "Group", "name": "system:unauthenticated"}],
        }
    )


@mutation("rights-to-more-rights", "a role that may bind any other")
def _more(stack: Stack) -> None:
    rule: dict[str, Any] = {"apiGroups": [RBAC], "resources": ["clusterroles"], "verbs": ["bind"]}
    stack.add(
        {
            "apiVersion": f"{RBAC}/v1",
            "kind": "ClusterRole",
            "metadata": {"name": "helper"},
            "rules": [rule],
        }
    )


@mutation("amount-not-positive", "a limit of nothing", "request-above-limit")
def _nothing(stack: Stack) -> None:
    stack.container("web")["resources"]["limits"]["memory"] = "0"
