"""
A live object is judged as the manifest that it was made of.

All manifests of the tests of rules, and those in which nothing is wrong, go through the real API
server (dry-run: nothing is kept), which fills in everything that it fills in; what is left of them
as declared has to have the same findings.
"""

import asyncio
import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.support.controlplane import Endpoint

from mooring.check import catalogue
from mooring.check.bundle import Bundle
from mooring.cluster import errors
from mooring.cluster.client import Client
from mooring.cluster.connecting import connected
from mooring.errors import MooringError
from mooring.facts import declared
from mooring.manifests import gathering
from mooring.manifests.entries import Entry

pytestmark = pytest.mark.real

CHECK = Path(__file__).parents[1] / "check"
TODAY = datetime.date(2026, 1, 1)

FORGOTTEN = {
    ("account-in-old-field", "Deployment", "web"),
    ("policy-for-everybody", "NetworkPolicy", "db"),
    ("read-only-mount-said-writable", "Deployment", "web"),
}
"""
Findings on what the server does not keep: an empty list of peers, `readOnly: false`, and which of
the two fields for an account was written.
"""

Told = set[tuple[str, str, str, str]]
Manifest = dict[str, Any]


def test_what_the_server_adds_changes_no_finding(control_plane: Endpoint) -> None:
    differences, seen, lost = asyncio.run(_differences(control_plane.kubeconfig))
    assert seen > 1500
    assert differences == []
    assert lost == FORGOTTEN


async def _differences(kubeconfig: str) -> tuple[list[str], int, set[tuple[str, str, str]]]:
    """Return what differs, how many objects the server took, and what it does not keep."""
    differences: list[str] = []
    lost: set[tuple[str, str, str]] = set()
    seen = 0
    async with connected(environment={"KUBECONFIG": kubeconfig}, warn=lambda _: None) as client:
        for file in sorted((*CHECK.glob("healthy/*.yaml"), *CHECK.glob("rules/*/*.yaml"))):
            try:
                entries = gathering.gather([str(file)]).entries
            except MooringError:
                continue
            written = [one.manifest for one in entries]
            live = [await _live(client, one) for one in written]
            seen += sum(map(declared.is_live, live))
            before, after = _told(written), _told(declared.declared(live).manifests)
            lost |= {one[:3] for one in before - after if one[:3] in FORGOTTEN}
            differences += [
                f"{file.relative_to(CHECK)}: {'new' if one in after else 'lost'}: {one}"
                for one in sorted(before ^ after)
                if one[:3] not in FORGOTTEN
            ]
    return differences, seen, lost


async def _live(client: Client, manifest: Manifest) -> Manifest:
    """Return the object as the server would have it; as it is where the server refuses it."""
    metadata = manifest.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, dict) else None
    try:
        if namespace:
            space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
            await client.apply(space)
        live = dict(await client.apply(manifest, dry_run=True, force=True))
    except (errors.Refused, AttributeError, TypeError):
        return manifest
    if not namespace:
        live["metadata"] = {k: v for k, v in live["metadata"].items() if k != "namespace"}
    return live


def _told(manifests: Iterable[Manifest]) -> Told:
    bundle = Bundle(map(Entry, manifests), today=TODAY)
    return {
        (
            found.rule,
            found.ref.kind if found.ref else "",
            found.ref.name if found.ref else "",
            found.message,
        )
        for check in catalogue.checks()
        for found in check.look(bundle)
    }
