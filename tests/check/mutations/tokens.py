"""Tokens of a registry that are renewed too late."""

from typing import Any

from tests.check.mutations import additions
from tests.check.mutations.harness import Stack, mutation

_REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
_RENEW = f"""\
token=$(aws ecr get-login-password --region eu-west-1)
kubectl create secret docker-registry ecr-pull --docker-username=AWS \\
  --docker-server={_REGISTRY} --docker-password="$token" \\
  --dry-run=client -o yaml | kubectl apply -f -
"""


def _renewed(stack: Stack, schedule: str) -> Any:
    """Let a program come from ECR, and renew its token on ``schedule``."""
    additions.program(stack, "tool", f"{_REGISTRY}/shop/tool:1.4.0")
    stack.pod("tool")["imagePullSecrets"] = [{"name": "ecr-pull"}]
    container = additions.cron_job(stack, "renewal", schedule)
    container["command"] = ["sh", "-c", _RENEW]
    group = "rbac.authorization.k8s.io"
    named = {"name": "renewal"}
    stack.add({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": named})
    verbs = ["get", "create", "patch", "update"]
    additions.role(stack, {"apiGroups": [""], "resources": ["secrets"], "verbs": verbs})
    stack.add(
        {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": named,
            "roleRef": {"apiGroup": group, "kind": "Role", "name": "helpers"},
            "subjects": [{"kind": "ServiceAccount", "name": "renewal"}],
        }
    )
    spec = stack.one("CronJob", "renewal")["spec"]["jobTemplate"]["spec"]
    spec["template"]["spec"].update(serviceAccountName="renewal", automountServiceAccountToken=True)
    return spec


@mutation("token-renewal-starts-late", "a token that nobody has for the first hours")
def _late(stack: Stack) -> None:
    _renewed(stack, "0 */6 * * *")


@mutation("token-renewal-too-rare", "a token that is dead for half of each day")
def _rare(stack: Stack) -> None:
    spec = _renewed(stack, "0 3 * * *")
    stack.add(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "renewal-5c1f9a2e"},
            "spec": {**spec, "ttlSecondsAfterFinished": 600},
        }
    )
