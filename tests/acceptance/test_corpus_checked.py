"""
What the rules say of real stacks: nothing wrong in what Mooring makes, what is wrong in Kompose's.

Each stack of the corpus is converted for production with every question answered; what is an error
after that is a true fault of the stack itself, and stands in `KNOWN` with its reason.  The same
stacks as Kompose converts them have the errors of `KOMPOSE`, which were looked at by hand.
"""

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from tests.acceptance.conftest import AnsweredStacks
from tests.integration import stacks
from tests.integration.stacks import Stack

from mooring.check import catalogue, engine
from mooring.check.bundle import Bundle
from mooring.check.selection import Profile, Selection
from mooring.compose.discovery import FILE_NAMES
from mooring.kube import manifest
from mooring.manifests import documents, entries
from mooring.manifests.entries import Entry

pytestmark = pytest.mark.corpus

KNOWN = {
    ("placeholder-as-secret", ""): "answered in secrets.env, which kustomize reads; not in objects",
    ("host-unknown", "synmetrix-root__docker-compose.test"): "SMTP_HOST is mailhog, nowhere run",
    ("host-unknown", "synmetrix-smartdata-root__docker-compose.test"): "SMTP_HOST is mailhog",
    ("service-port-unknown", "synmetrix"): "APP_FRONTEND_URL leaves out the port of the client",
    ("token-key-too-short", "synmetrix-smartdata"): "the JWT key in the env file has 31 bytes",
    (
        "secret-copies-differ",
        "synmetrix-smartdata-root__docker-compose.test",
    ): "hasura is given the key of .dev.env, and its clients that of .test.env",
    ("runtime-class-missing", "awesome-compose-wasmedge"): "a cluster must be given the runtime",
}
"""Errors that the stacks themselves have, by rule and how the stack's name begins."""

KOMPOSE = {
    "command-in-one-word": "a health check that is a line for a shell becomes one word",
    "config-map-missing": "it mounts ConfigMaps under names that it gave to none",
    "host-unknown": "services without published ports get no Service",
    "image-in-no-registry": "what Compose builds is named like its service, and is in no registry",
    "image-reference-malformed": "an unset variable leaves a name that begins with a slash",
    "name-invalid": "names with underscores, and labels of Traefik as labels of objects",
    "placeholder-as-secret": "values such as changeme, some in Secrets and most in clear",
    "service-port-unknown": "Services have the published port, and others dial the container's",
    "token-key-too-short": "a JWT key of 31 bytes",
    "upstream-unknown": "settings of NGINX lead to services that get no Service",
}
"""Rules that have errors in what Kompose makes, with what the faults are."""


@pytest.mark.parametrize("stack", stacks.parameters(stacks.corpus()))
def test_what_mooring_makes_has_no_fault_but_those_of_the_stack(
    stack: Stack, answered_stacks: AnsweredStacks
) -> None:
    done = answered_stacks(stack).production
    objects = map(Entry, map(manifest.revealed, done.objects))
    bundle = Bundle(objects, namespace=done.namespace, is_closed=True)
    judged = engine.judge(bundle, catalogue.checks(), Selection(profile=Profile.ERRORS))
    assert not judged.broken
    known = {rule for rule, name in KNOWN if stack.name.startswith(name)}
    assert not [
        f"{one.rule}: {one.ref}: {one.message}" for one in judged.findings if one.rule not in known
    ]


@pytest.mark.real
def test_what_kompose_makes_has_the_faults_that_were_seen(tmp_path: Path, kompose: Path) -> None:
    found: Counter[str] = Counter()
    for stack in stacks.corpus():
        load = stack.copied(tmp_path)
        folder = Path(load.directory)
        usual = [name for name in FILE_NAMES if (folder / name).exists()][:1]
        files = [word for name in stack.files or usual for word in ("-f", name)]
        made = folder / "kompose-made.yaml"
        subprocess.run(
            [kompose, "convert", *files, "-o", made.name],
            cwd=folder,
            env={**os.environ, "HOME": str(folder)},
            capture_output=True,
            check=False,
        )
        if made.exists():
            held = entries.entries(documents.read(made.read_bytes(), made.name).documents)
            bundle = Bundle(held, is_closed=True)
            judged = engine.judge(bundle, catalogue.checks(), Selection(profile=Profile.ERRORS))
            assert not judged.broken
            found.update(one.rule for one in judged.findings)
    assert set(found) == set(KOMPOSE)
