"""Amounts that cannot be, and namespaces that have no room."""

from tests.check.mutations.harness import Stack, mutation


@mutation("request-above-limit", "a limit that was lowered below the request")
def _limit(stack: Stack) -> None:
    stack.container("web")["resources"]["limits"]["memory"] = "8Mi"


@mutation("amount-in-wrong-unit", "memory in the letters of Docker")
def _letters(stack: Stack) -> None:
    resources = stack.container("web")["resources"]
    resources["requests"]["memory"] = resources["limits"]["memory"] = "512m"


@mutation("quota-refuses-pods", "a quota that is smaller than the sum")
def _quota(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": {"name": "room"},
            "spec": {"hard": {"requests.memory": "64Mi"}},
        }
    )


@mutation("limit-range-refuses-pods", "a range that no container fits into")
def _range(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "LimitRange",
            "metadata": {"name": "bounds"},
            "spec": {"limits": [{"type": "Container", "max": {"memory": "16Mi"}}]},
        }
    )


@mutation(
    "pod-security-refuses-pods",
    "a right that the level of the namespace does not allow",
    "privileged-container",
)
def _privileged(stack: Stack) -> None:
    security = stack.container("web").setdefault("securityContext", {})
    security.update(privileged=True, allowPrivilegeEscalation=True)
