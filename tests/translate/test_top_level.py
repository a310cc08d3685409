"""What becomes of the elements beside the services."""

import pytest
from tests.translate.support import complaints, node_of, rules

from mooring.accounting import Account, Entry, Ledger
from mooring.compose.nodes import Mapping, Plain, leaves, path_text
from mooring.translate import top_level

USED = {"volumes": {"data"}, "configs": {"conf"}, "secrets": {"token"}}


def told(root: dict[str, Plain]) -> tuple[dict[str, str], list[str]]:
    """Return the fate of each leaf by its path, and the rules of the findings."""
    node = node_of(root)
    assert isinstance(node, Mapping)
    notes = tuple(top_level.translate(node, USED))
    assert complaints(notes) == []
    ledger = Ledger(tuple(note for note in notes if isinstance(note, Entry)))
    accounts = ledger.accounts((path, leaf.position) for path, leaf in leaves(node))
    fates = {
        path_text(one.path): one.entry.outcome.value for one in accounts if isinstance(one, Account)
    }
    assert len(fates) == len(list(leaves(node))), "a leaf without an account"
    return fates, rules(notes)


@pytest.mark.parametrize(
    ("root", "fates", "found"),
    [
        pytest.param({"name": "shop"}, {"name": "carried"}, [], id="name"),
        pytest.param(
            {"volumes": {"data": None, "idle": None}},
            {"volumes.data": "carried", "volumes.idle": "dropped"},
            [],
            id="a-volume-that-nobody-mounts",
        ),
        pytest.param(
            {"volumes": {"data": {"name": "other", "driver": "local", "x-a": 1}}},
            {
                "volumes.data.name": "dropped",
                "volumes.data.driver": "carried",
                "volumes.data.x-a": "dropped",
            },
            [],
            id="the-fields-of-a-volume",
        ),
        pytest.param(
            {"volumes": {"data": {"driver": "rexray", "driver_opts": {"size": "10"}}}},
            {"volumes.data.driver": "dropped", "volumes.data.driver_opts.size": "dropped"},
            [],
            id="a-driver-of-docker",
        ),
        pytest.param(
            {
                "volumes": {
                    "data": {"driver_opts": {"type": "nfs", "o": "addr=1.2.3.4", "device": ":/x"}}
                }
            },
            {
                "volumes.data.driver_opts.type": "carried",
                "volumes.data.driver_opts.o": "carried",
                "volumes.data.driver_opts.device": "carried",
            },
            [],
            id="a-share",
        ),
        pytest.param(
            {"volumes": {"data": {"driver_opts": {"type": "tmpfs", "device": "tmpfs"}}}},
            {
                "volumes.data.driver_opts.type": "dropped",
                "volumes.data.driver_opts.device": "dropped",
            },
            [],
            id="memory-under-a-name",
        ),
        pytest.param(
            {"volumes": {"data": {"labels": {"team": "a", "note": "two words", "a b": "x"}}}},
            {
                "volumes.data.labels.team": "carried",
                "volumes.data.labels.note": "approximated",
                "volumes.data.labels.a b": "dropped",
            },
            [],
            id="labels-of-a-volume",
        ),
        pytest.param(
            {"volumes": {"data": {"external": True, "name": "old"}}},
            {"volumes.data.external": "carried", "volumes.data.name": "carried"},
            ["external-object-needed"],
            id="a-volume-of-somebody-else",
        ),
        pytest.param(
            {
                "configs": {"conf": {"file": "/a", "name": "b"}, "idle": {"content": "x"}},
                "secrets": {"token": {"environment": "T", "labels": {"a": "b"}}},
            },
            {
                "configs.conf.file": "carried",
                "configs.conf.name": "dropped",
                "configs.idle.content": "dropped",
                "secrets.token.environment": "carried",
                "secrets.token.labels.a": "dropped",
            },
            [],
            id="configs-and-secrets",
        ),
        pytest.param(
            {"secrets": {"token": {"external": True}}},
            {"secrets.token.external": "carried"},
            ["external-object-needed"],
            id="a-secret-of-somebody-else",
        ),
    ],
)
def test_elements(root: dict[str, Plain], fates: dict[str, str], found: list[str]) -> None:
    assert told(root) == (fates, found)


def test_an_external_object_is_named_as_the_cluster_knows_it() -> None:
    node = node_of({"secrets": {"token": {"external": True, "name": "Shared_Token"}}})
    assert isinstance(node, Mapping)
    messages = [str(note) for note in top_level.translate(node, USED)]
    assert any("Secret shared-token, with the key token" in message for message in messages)
