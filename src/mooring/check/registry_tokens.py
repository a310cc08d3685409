"""
Credentials of registries that end by themselves, and who renews them.

Amazon ECR gives a token for twelve hours to the user ``AWS``, Google's registries one for an hour
to ``oauth2accesstoken``, Azure's one for three hours to the user of zeros.

Sources: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html,
https://cloud.google.com/artifact-registry/docs/docker/authentication#token,
https://learn.microsoft.com/azure/container-registry/container-registry-authentication
"""

from collections.abc import Iterator
from typing import NamedTuple

from mooring.check import scripts
from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.check.pull_secrets import Login
from mooring.patterns import LazyPattern

_ECR = LazyPattern(r"\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com")
_RENEWING = ("get-login-password", "get-authorization-token", "ecr get-login", "print-access-token")
_PROGRAMS = ("registry-creds", "ecr-credential", "ecr-token", "ecr-renew", "ecr-login", "ecr-cred")


class Renewal(NamedTuple):
    """Pods that renew a token, and what tells it: a command, or the name of their image."""

    pod: Pod
    by: str


def lifetime(login: Login) -> int | None:
    """Return after how many hours the password of ``login`` ends; None where it does not."""
    if login.user == "AWS" and _ECR.search(login.place):
        return 12
    if login.user == "oauth2accesstoken":
        return 1
    return 3 if login.user == "00000000-0000-0000-0000-000000000000" else None


def renewals(bundle: Bundle) -> Iterator[Renewal]:
    """Yield the pods of the input that renew tokens of registries."""
    for pod in bundle.pods:
        for container in pod.containers:
            told = next(
                (
                    mark
                    for script in scripts.of(bundle, container)
                    for mark in _RENEWING
                    if mark in script.text
                ),
                next((mark for mark in _PROGRAMS if mark in (container.image or "")), None),
            )
            if told is not None:
                yield Renewal(pod, told)
                break
