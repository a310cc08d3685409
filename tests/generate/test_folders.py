"""Folders in a volume are those of the process, though files are mounted into them."""

import pytest
from tests.generate.support import around, container, workload

from mooring.app.configuration import Document, DocumentMount
from mooring.app.security import ContainerSecurity
from mooring.app.storage import Lifetime, Storage, StorageMount
from mooring.generate.folders import making_folders
from mooring.generate.pods import pod_template

ROOT = "/var/www/html"


@pytest.mark.parametrize(
    ("path", "user", "lifetime", "read_only", "made"),
    [
        pytest.param(f"{ROOT}/config/own.php", 82, Lifetime.PERSISTENT, False, "config", id="one"),
        pytest.param(
            f"{ROOT}/a/b/own.php", 82, Lifetime.PERSISTENT, False, "a/b", id="one-in-another"
        ),
        pytest.param(f"{ROOT}/own.php", 82, Lifetime.PERSISTENT, False, None, id="none-between"),
        pytest.param("/etc/own.php", 82, Lifetime.PERSISTENT, False, None, id="beside-the-volume"),
        pytest.param(
            f"{ROOT}/config/own.php", None, Lifetime.PERSISTENT, False, None,
            id="the-image-starts-as-it-likes",
        ),
        pytest.param(
            f"{ROOT}/config/own.php", 82, Lifetime.PERSISTENT, True, None, id="it-may-only-read"
        ),
        pytest.param(
            f"{ROOT}/config/own.php", 82, Lifetime.NODE, False, None, id="a-folder-of-the-node"
        ),
    ],
)  # fmt: skip
def test_which_folder_is_made(
    path: str, user: int | None, lifetime: Lifetime, read_only: bool, made: str | None
) -> None:
    one = container(
        security=ContainerSecurity(native_user=user),
        storage=(StorageMount(storage="html", path=ROOT, read_only=read_only),),
        documents=(DocumentMount(document="own", path=path, file="own.php"),),
    )
    part = workload("web", one)
    context = around(
        part,
        storages=(Storage(name="html", lifetime=lifetime, node_path="/srv"),),
        documents=(Document(name="own", files={"own.php": b"x"}),),
    )
    found = making_folders(one, context)
    names = [each.name for each in pod_template(part, context).spec.init_containers]
    if made is None:
        assert found is None
        assert names == []
        return
    assert found is not None
    assert found.command == ("mkdir", "-p", f"/mooring/volumes/1/{made}")
    (mount,) = found.volume_mounts
    assert (mount.name, mount.mount_path, mount.sub_path) == ("html", "/mooring/volumes/1", "data")
    assert found.security_context is not None
    assert found.security_context.run_as_user == user
    assert names == ["folders-for-web"]
