"""Programs that give credentials: what they are told, what of theirs is believed, how they end."""

import asyncio
import json
import time
from pathlib import Path

import pytest

from mooring.cluster import plugins
from mooring.cluster.access import Access, Plugin
from mooring.cluster.errors import AccessError
from mooring.sensitive import Sensitive

ACCESS = Access(server="https://one.example.com", authority=b"PEM", server_name="other")


def program(folder: Path, text: str) -> str:
    """Write a shell script and return its path."""
    path = folder / "plugin"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def run(plugin: Plugin) -> plugins.Given:
    """Run ``plugin``."""
    return asyncio.run(plugins.credential(plugin, ACCESS))


def test_a_plugin_is_told_which_cluster_it_is_for(tmp_path: Path) -> None:
    told = tmp_path / "told"
    answer = json.dumps({"status": {"token": "t", "expirationTimestamp": "2030-01-01T00:00:00Z"}})
    text = f"echo \"$KUBERNETES_EXEC_INFO $KEY $1\" > {told}\necho '{answer}'"
    plugin = Plugin(
        command=program(tmp_path, text),
        arguments=("--now",),
        environment=Sensitive({"KEY": "value"}),
        gets_cluster=True,
    )
    given = run(plugin)
    assert given.token is not None
    assert given.token.reveal() == "t"
    assert given.expires == 1893456000.0
    info, key, argument = told.read_text().rsplit(maxsplit=2)
    assert (key, argument) == ("value", "--now")
    cluster = json.loads(info)["spec"]["cluster"]
    assert cluster == {
        "server": "https://one.example.com",
        "tls-server-name": "other",
        "certificate-authority-data": "UEVN",
    }


def test_a_plugin_that_leaves_something_running_is_not_waited_for(tmp_path: Path) -> None:
    answer = json.dumps({"status": {"token": "t"}})
    plugin = Plugin(command=program(tmp_path, f"sleep 5 &\necho '{answer}'"))
    started = time.monotonic()
    assert run(plugin).token is not None
    assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("exit 3", "failed with status 3", id="it-fails"),
        pytest.param("echo no", "printed no ExecCredential", id="it-prints-something-else"),
        pytest.param("echo '{\"status\": {}}'", "neither a token nor", id="it-gives-nothing"),
    ],
)
def test_a_plugin_that_is_of_no_use_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AccessError, match=message):
        run(Plugin(command=program(tmp_path, text)))


def test_a_plugin_that_is_not_installed_says_how_to_get_it() -> None:
    with pytest.raises(AccessError, match="cannot be run") as caught:
        run(Plugin(command="mooring-absent-plugin", install_hint="get it from there\n"))
    assert caught.value.remedy == "get it from there"
