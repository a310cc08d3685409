"""A real API server refuses what rules say it refuses, and takes what they call healthy."""

import json
from pathlib import Path

import pytest
from tests.check.cases import Case, cases
from tests.check.test_healthy import HEALTHY
from tests.support.kubeapi import KubeApi, Verdict

from mooring.check import repair
from mooring.check.catalogue import check
from mooring.findings import Safety, Severity
from mooring.manifests import documents, entries, scalars

pytestmark = pytest.mark.real

REFUSED = {
    "claim-without-access-mode", "cron-schedule-invalid", "field-unknown", "job-restart-policy",
    "kind-not-served", "name-invalid", "name-repeated-in-pod", "name-servers-missing",
    "progress-deadline-too-short", "recreate-with-rolling-update", "request-above-limit",
    "required-field-missing", "role-without-verbs", "secret-not-base64",
    "selector-misses-template", "service-port-repeated", "value-of-wrong-type", "volume-missing",
    "volume-source-count", "webhook-refused", "word-unknown",
}  # fmt: skip
"""Rules whose every defect the API server refuses by itself."""

NOT_HERE = {
    "ciphertext-in-secret/trap-a-file-that-flux-decrypts": "Flux takes `sops` out before",
    "object-without-name/trap-a-name-that-is-generated": "who generates a name has to create, and "
    "the tests apply",
    "dual-stack": "the server of the tests has IPv4 alone",
}
"""What this server refuses although nothing is wrong, with the reason."""

CASES = cases()


def verdicts(api: KubeApi, content: bytes, name: str) -> list[Verdict]:
    """Return what the server says of the objects of a file whose kinds it has."""
    read = documents.read(content, name)
    held = [dict(one.manifest) for one in entries.entries(read.documents)]
    found = api.dry_run(held)
    return [one for one in found if "knows no kind" not in (one.error or "")]


@pytest.mark.parametrize(
    "case",
    [one for one in CASES if one.rule in REFUSED and one.finds],
    ids=lambda one: one.id,
)
def test_what_a_rule_says_is_refused_is_refused(case: Case, kube_api: KubeApi) -> None:
    assert check(case.rule).rule.severity is Severity.ERROR
    read = documents.read(case.path.read_bytes(), case.path.name)
    found = kube_api.dry_run([dict(one.manifest) for one in entries.entries(read.documents)])
    assert any(one.error is not None for one in found)


@pytest.mark.parametrize(
    "case",
    [one for one in CASES if not one.finds and not one.also and one.id not in NOT_HERE],
    ids=lambda one: one.id,
)
def test_what_is_no_fault_is_accepted(case: Case, kube_api: KubeApi) -> None:
    found = verdicts(kube_api, case.path.read_bytes(), case.path.name)
    assert not [f"{one.ref}: {one.error}" for one in found if one.error is not None]


@pytest.mark.parametrize(
    "path",
    [one for one in HEALTHY if one.stem not in NOT_HERE],
    ids=lambda path: path.stem,
)
def test_healthy_manifests_are_accepted(path: Path, kube_api: KubeApi) -> None:
    found = verdicts(kube_api, path.read_bytes(), path.name)
    assert not [f"{one.ref}: {one.error}" for one in found if one.error is not None]


def _mended(case: Case) -> bytes | None:
    """Return the file of a case that safe fixes mend as a whole, mended; None of any other."""
    bundle = case.bundle()
    found = list(check(case.rule).look(bundle))
    if any(one.fix is None or one.fix.safety is not Safety.SAFE for one in found):
        return None
    done = repair.repaired([bundle], found, {case.path.name: case.path.read_bytes()})
    return done.contents.get(case.path.name)


@pytest.mark.parametrize(
    "case", [one for one in CASES if one.finds and _mended(one)], ids=lambda one: one.id
)
def test_what_a_safe_fix_mends_is_accepted(case: Case, kube_api: KubeApi) -> None:
    content = _mended(case)
    assert content is not None
    found = verdicts(kube_api, content, case.path.name)
    assert not [f"{one.ref}: {one.error}" for one in found if one.error is not None]


SCALARS = (
    "yes", "No", "on", "OFF", "y", "n", "true", "True", "TRUE", "tRue", "~", "null", "Null", "NULL",
    "0755", "0o755", "0x1F", "0b101", "1_000", "012", "09", "08.5", "1e3", "1E3", "1.5", ".5", "5.",
    "-0", "+1", "-1.5e-3", "12:30", "22:22:22", "1.2.3", "2026-01-01", "0.1.0", "=", "<<x",
    "18446744073709551615", "9223372036854775808", "-9223372036854775808", "1e400x", "0x", "0b2",
    "_1", "1_", "+.5", "--1", "1e", "e1", "inf", "nan", "NaN", "0xZZ", "00", "0_7", "+0x1f", "-0b1",
)  # fmt: skip


def test_plain_scalars_mean_what_the_server_reads(kube_api: KubeApi) -> None:
    lines = "\n".join(f"  k{index}: {text}" for index, text in enumerate(SCALARS))
    body = (
        "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: scalars}\n"
        f"revision: 1\ndata:\n{lines}\n"
    )
    reply = kube_api._request(
        "POST",
        "/apis/apps/v1/namespaces/default/controllerrevisions?dryRun=All",
        body.encode(),
        {"Content-Type": "application/yaml"},
    )
    assert reply.error is None
    read = json.loads(reply.body)["data"]
    pairs = {text: (scalars.resolved(text), read[f"k{at}"]) for at, text in enumerate(SCALARS)}
    assert not {text: pair for text, pair in pairs.items() if not _same(*pair)}


def _same(one: object, other: object) -> bool:
    return (
        one == other
        and isinstance(one, bool) == isinstance(other, bool)
        and (isinstance(one, str) == isinstance(other, str))
    )


_OF_UPDATES = ("immutable-field-changed", "claim-shrinks")
_MADE_OTHERWISE = {
    "claim-shrinks/pass": "a claim grows once it is bound, and no volume is here",
    "immutable-field-changed/trap-a-hook": "Helm deletes it before",
    "immutable-field-changed/trap-a-class-that-was-filled-in": "here the tests filled it in",
}
"""Updates of which the server sees less than whoever makes them, with the reason."""
UPDATES = [
    one
    for one in CASES
    if one.rule in _OF_UPDATES and one.before.exists() and one.id not in _MADE_OTHERWISE
]


@pytest.mark.parametrize("case", UPDATES, ids=lambda one: one.id)
def test_an_update_is_refused_where_a_rule_says_so(case: Case, kube_api: KubeApi) -> None:
    number = UPDATES.index(case)

    def there(path: Path) -> list[dict[str, object]]:
        read = documents.read(path.read_bytes(), path.name)
        return [
            {**one.manifest, "metadata": {**one.manifest["metadata"], "namespace": f"u{number}"}}
            for one in entries.entries(read.documents)
        ]

    kube_api.dry_run(there(case.before))  # makes the namespace
    assert not [one.error for one in kube_api.apply(there(case.before)) if one.error is not None]
    refused = [one for one in kube_api.dry_run(there(case.path)) if one.error is not None]
    assert bool(refused) == bool(case.finds), [one.error for one in refused]
