"""
A pod that asks from inside: it is made in each namespace, asks by the names of Services, and goes.

It is made only where it is told which image to use, as it writes to the cluster: one that has a
shell and curl, wget or nc.  It may be kept out by a network policy that lets in only who is named;
what it does not reach then is told to be untried.  It fulfils the restricted level of Pod Security.

Source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

import asyncio
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mooring.deploy import observed
from mooring.deploy.checks import Checked, PortCheck, Result, result
from mooring.deploy.reaching import SERVER_FAULT, what
from mooring.errors import ClusterError
from mooring.kube.labels import MANAGED_BY, NAME
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, selection, views
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import ManifestSet

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_WAIT_SECONDS = 120.0
_ASK_SECONDS = 5
_PAUSE_SECONDS = 0.5
_NAME = "mooring-verify"

SCRIPT = """\
has() { command -v "$1" >/dev/null 2>&1; }
ask() {
  number=$1 kind=$2 url=$3 host=$4 port=$5 status=failed
  if [ "$kind" = http ] && has curl; then
    told=$(curl -ksS -o /dev/null -m TIME -w '%{http_code}' "$url" 2>&1) && status=ok
  elif [ "$kind" = http ] && has wget; then
    told=$(wget -S -T TIME -O /dev/null "$url" 2>&1)
    code=$(echo "$told" | sed -n 's/.*HTTP\\/[0-9.]* \\([0-9][0-9][0-9]\\).*/\\1/p' | tail -n 1)
    if [ -n "$code" ]; then status=ok told=$code; else told=$(echo "$told" | tail -n 1); fi
  elif [ "$kind" = tcp ] && has nc; then
    told=$(nc -z -w TIME "$host" "$port" 2>&1 </dev/null) && status=ok
  elif [ "$kind" = tcp ] && has curl; then
    told=$(curl -sS -m TIME "telnet://$host:$port" 2>&1 >/dev/null </dev/null) && status=ok
    case $told in *onnect*|*esolv*) ;; *"imed out"*|*"ime-out"*) status=ok;; esac
  else
    status=unable told="the image has no program to ask by $kind"
  fi
  echo "mooring $number $status $told" | tr '\\n' ' '
  echo
}
""".replace("TIME", str(_ASK_SECONDS))
"""What the pod runs before one line ``ask NUMBER KIND URL HOST PORT`` for each check."""


async def answers(
    client: "Client", wanted: Iterable[PortCheck], objects: ManifestSet, image: str
) -> list[Checked]:
    """
    Return what came of asking at each port, in order, from a pod of ``image``.

    Raises:
        ClusterError: the pod may not be made, or does not run.
    """
    every = list(wanted)
    found: dict[int, Checked] = {}
    spaces: dict[str | None, list[int]] = {}
    for number, one in enumerate(every):
        if one.protocol == "TCP":
            spaces.setdefault(one.service.namespace, []).append(number)
        else:
            told = f"{one.protocol} cannot be tried: nothing says whether it has arrived"
            found[number] = Checked(one.service, what(one), Result.UNTRIED, told)
    policed = _policed(objects)
    for namespace, numbers in spaces.items():
        log = await _run(client, namespace, {number: every[number] for number in numbers}, image)
        lines = said(log)
        for number in numbers:
            found[number] = _checked(every[number], lines.get(number), policed)
    return [found[number] for number in sorted(found)]


def said(log: str) -> dict[int, tuple[str, str]]:
    """Return what the log of the pod says of each check: a word, and what was seen."""
    found: dict[int, tuple[str, str]] = {}
    for line in log.splitlines():
        parts = line.strip().split(" ", 3)
        if len(parts) > 2 and parts[0] == "mooring" and parts[1].isdigit():
            found[int(parts[1])] = (parts[2], parts[3].strip() if len(parts) > 3 else "")
    return found


def _checked(
    wanted: PortCheck, line: tuple[str, str] | None, policed: dict[ObjectRef, str]
) -> Checked:
    asked = what(wanted)
    if line is None or line[0] == "unable":
        told = line[1] if line else "the check pod said nothing of it"
        return Checked(wanted.service, asked, Result.UNTRIED, told)
    word, seen = line
    status = int(seen) if wanted.http is not None and seen.isdigit() else None
    if word == "ok":
        if status is not None:
            holds = status < SERVER_FAULT
            told = f"status {status}, asked from a check pod"
            return Checked(wanted.service, asked, result(holds), told)
        return Checked(wanted.service, asked, Result.HOLDS, "asked from a check pod")
    policy = policed.get(wanted.service)
    if policy:
        told = f"{seen or 'no connection'}; NetworkPolicy/{policy} may keep the check pod out"
        return Checked(wanted.service, asked, Result.UNTRIED, told)
    failed = Result.FAILS if wanted.is_vital else Result.DOUBTFUL
    return Checked(wanted.service, asked, failed, seen or "no connection from a check pod")


def _policed(objects: ManifestSet) -> dict[ObjectRef, str]:
    """Return the Services whose pods a network policy guards, with the name of one."""
    selections = selection.Selections(objects)
    found: dict[ObjectRef, str] = {}
    for item in objects.of_kind(kinds.SERVICE):
        for template in selections.behind(views.Service(item)):
            for policy in selections.policed_by(template):
                found.setdefault(item.ref, policy.ref.name)
    return found


async def _run(
    client: "Client", namespace: str | None, wanted: dict[int, PortCheck], image: str
) -> str:
    """Run the pod to its end, return what it said, and delete it whatever comes."""
    made = await client.create(pod(namespace, wanted, image, suffix=uuid.uuid4().hex[:6]))
    ref, uid = observed.ref_of(made), observed.uid_of(made)
    try:
        waited = 0.0
        while True:
            live = await client.get(ref)
            phase = fields.text(fields.at(live, "status", "phase")) if live is not None else "Gone"
            if phase in ("Succeeded", "Failed"):
                return await client.logs(ref, "check")
            if phase == "Gone" or waited > _limit(len(wanted)):
                raise ClusterError(
                    f"the check pod {ref.name} did not come to an end: {_state(live)}",
                    remedy="name another image with --check-pod, or leave it out",
                )
            await asyncio.sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS
    finally:
        await asyncio.shield(client.delete(ref, uid=uid))


def _limit(count: int) -> float:
    return _WAIT_SECONDS + 2 * _ASK_SECONDS * count


def _state(live: Manifest | None) -> str:
    if live is None:
        return "somebody deleted it"
    for _, one in fields.mappings(fields.at(live, "status", "containerStatuses")):
        waiting = fields.mapping(fields.at(one, "state", "waiting"))
        if waiting:
            return f"{waiting.get('reason')}: {waiting.get('message') or ''}".rstrip(": ")
    return fields.text(fields.at(live, "status", "phase")) or "nothing is known of it"


def pod(
    namespace: str | None, wanted: dict[int, PortCheck], image: str, *, suffix: str
) -> dict[str, Any]:
    """Return the pod that asks for all that is ``wanted``, by number."""
    lines = []
    for number, one in sorted(wanted.items()):
        host = f"{one.service.name}.{namespace}.svc" if namespace else one.service.name
        scheme, path = (one.http.scheme, one.http.path) if one.http else ("tcp", "")
        kind = "http" if one.http else "tcp"
        url = f"{scheme}://{host}:{one.port}{path}"
        lines.append(f"ask {number} {kind} {_quoted(url)} {_quoted(host)} {one.port}")
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{_NAME}-{suffix}",
            "namespace": namespace,
            "labels": {NAME: _NAME, MANAGED_BY: "mooring"},
        },
        "spec": {
            "restartPolicy": "Never",
            "activeDeadlineSeconds": int(_limit(len(wanted))),
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": 1,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65534,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "check",
                    "image": image,
                    "command": ["sh", "-c", SCRIPT + "\n".join(lines)],
                    "resources": {
                        "requests": {"cpu": "10m", "memory": "16Mi"},
                        "limits": {"cpu": "100m", "memory": "64Mi"},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                    },
                }
            ],
        },
    }


def _quoted(text: str) -> str:
    """Return ``text`` as one word of a shell."""
    inner = text.replace("'", "'\\''")
    return f"'{inner}'"
