"""Copies of mounted files that belong to the process which is given them."""

import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.generate.support import around, container, plain, workload

from mooring.app.configuration import Document, DocumentMount
from mooring.app.placement import Placement
from mooring.app.security import ContainerSecurity
from mooring.app.workloads import InitialStep
from mooring.generate.admission import Level, level
from mooring.generate.pods import pod_template
from mooring.sensitive import Sensitive

KEY = Document(name="keyfile", files={"rs.key": Sensitive(b"a\nb\n")}, is_secret=True)
CONF = Document(name="conf", files={"a.conf": b"x", "sub/b.conf": b"y", ".hidden": b"z"})
OWN_KEY = DocumentMount(document="keyfile", path="/etc/key", file="rs.key", mode=0o400,
                        own_copy=True)  # fmt: skip
OWN_CONF = DocumentMount(document="conf", path="/app/conf", own_copy=True)
MONGO = ContainerSecurity(native_user=999)


def pod(*mounts: DocumentMount, security: ContainerSecurity = MONGO, **fields: Any) -> Any:
    """Return the pod of a container with ``mounts``."""
    part = workload("db", container("db", documents=mounts, security=security), **fields)
    return plain(pod_template(part, around(part, documents=(KEY, CONF))))["spec"]


def test_the_copy_stands_where_the_file_was_mounted() -> None:
    spec = pod(OWN_KEY, OWN_CONF)
    assert spec["containers"][0]["volumeMounts"] == [
        {"name": "db-copies", "mountPath": "/app/conf", "subPath": "2"},
        {"name": "db-copies", "mountPath": "/etc/key", "subPath": "1/rs.key"},
    ]
    volumes = {volume.pop("name"): volume for volume in spec["volumes"]}
    assert volumes["db-copies"] == {"emptyDir": {}}
    assert volumes["keyfile"]["secret"]["secretName"] == "keyfile"
    assert "defaultMode" not in volumes["keyfile"]["secret"]


def test_a_container_that_runs_before_makes_it() -> None:
    (copying,) = pod(OWN_KEY, OWN_CONF)["initContainers"]
    assert copying["name"] == "copy-for-db"
    assert copying["command"][3:] == [
        "copy",
        "/mooring/files/keyfile", "/mooring/copies/1", "u=rX,g=,o=",
        "/mooring/files/conf", "/mooring/copies/2", "u+rwX",
    ]  # fmt: skip
    assert copying["volumeMounts"] == [
        {"name": "keyfile", "mountPath": "/mooring/files/keyfile", "readOnly": True},
        {"name": "conf", "mountPath": "/mooring/files/conf", "readOnly": True},
        {"name": "db-copies", "mountPath": "/mooring/copies"},
    ]
    assert copying["resources"]["limits"] == {"memory": "64Mi"}


@pytest.mark.parametrize(
    ("security", "user", "group", "mode"),
    [
        pytest.param(MONGO, 999, 999, "u+rwX", id="the-user-of-the-catalogue"),
        pytest.param(
            ContainerSecurity(user=10, group=20), 10, 20, "u+rwX", id="the-user-of-the-file"
        ),
        pytest.param(ContainerSecurity(user=0), 0, 0, "u+rwX", id="root"),
        pytest.param(ContainerSecurity(), 0, 0, "a+rwX", id="nobody-knows-so-all-may-write"),
    ],
)
def test_the_copy_belongs_to_the_process(
    security: ContainerSecurity, user: int, group: int, mode: str
) -> None:
    (copying,) = pod(OWN_CONF, security=security)["initContainers"]
    context = copying["securityContext"]
    assert (context["runAsUser"], context["runAsGroup"]) == (user, group)
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert copying["command"][-1] == mode


def test_a_pod_that_needs_no_root_stays_restricted() -> None:
    part = workload("db", container("db", documents=(OWN_KEY,), security=MONGO))
    template = pod_template(part, around(part, documents=(KEY,)))
    assert level(template.spec) is Level.RESTRICTED


def test_other_mounts_stay_as_they_are() -> None:
    shared = DocumentMount(document="conf", path="/etc/a.conf", file="a.conf", mode=0o444)
    spec = pod(shared, OWN_KEY)
    (kept,) = [one for one in spec["containers"][0]["volumeMounts"] if one["name"] == "conf"]
    assert kept == {"name": "conf", "mountPath": "/etc/a.conf", "subPath": "a.conf",
                    "readOnly": True}  # fmt: skip
    assert "initContainers" not in pod(shared)


def test_each_container_has_copies_of_its_own_before_anything_waits() -> None:
    step = InitialStep(container=container("prepare", documents=(OWN_CONF,)))
    names = [one["name"] for one in pod(OWN_KEY, initial_steps=(step,))["initContainers"]]
    assert names == ["copy-for-prepare", "copy-for-db", "prepare"]


def test_windows_has_no_such_tools() -> None:
    spec = pod(OWN_KEY, placement=Placement(operating_system="windows"))
    assert "initContainers" not in spec
    assert spec["containers"][0]["volumeMounts"][0]["name"] == "keyfile"


@pytest.mark.parametrize("mode", [0o400, 0o755, None])
def test_the_script_copies_what_a_volume_of_keys_shows(tmp_path: Path, mode: int | None) -> None:
    data = tmp_path / "from" / "..2024_01"
    (data / "sub").mkdir(parents=True)
    for name in ("a.conf", "sub/b.conf", ".hidden"):
        (data / name).write_text(name)
    (tmp_path / "from" / "..data").symlink_to("..2024_01")
    for name in ("a.conf", "sub", ".hidden"):
        (tmp_path / "from" / name).symlink_to(f"..data/{name}")
    mount = DocumentMount(document="conf", path="/app/conf", mode=mode, own_copy=True)
    command = pod(mount)["initContainers"][0]["command"]
    target = tmp_path / "to"
    for _ in range(2):  # An initial container may run again.
        subprocess.run([*command[:4], str(tmp_path / "from"), str(target), command[-1]], check=True)
        copied = {
            os.path.relpath(os.path.join(folder, name), target)
            for folder, _, names in os.walk(target)
            for name in names
        }
        assert copied == {"a.conf", "sub/b.conf", ".hidden"}
    made = stat.S_IMODE((target / "sub" / "b.conf").stat().st_mode)
    assert made == mode if mode is not None else made & 0o600 == 0o600
    assert (target / "sub").stat().st_mode & 0o500 == 0o500
