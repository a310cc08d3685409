"""The trees as a user finds them, and what every tree keeps."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.render import sample
from tests.support.golden import CompareText

from mooring.kube import emitter, manifest
from mooring.kube.objects.configuration import Secret
from mooring.render import kustomize, plain
from mooring.render.environments import EnvironmentObjects
from mooring.render.file_tree import FileTree, Owner

Render = Callable[..., FileTree]
FORMATS = [
    pytest.param(kustomize.render, id="kustomize"),
    pytest.param(plain.render, id="plain"),
]
GOLDEN = Path(__file__).parent / "golden"


def shown(tree: FileTree) -> str:
    """Return a tree as one text: each file under its path, owner and permissions."""
    parts = []
    for path, file in tree.items():
        parts.append(f"=== {path} ({file.owner.value}, {file.mode:o})\n")
        content = file.content.decode("utf-8", "backslashreplace")
        parts.append(content if content.endswith("\n") else f"{content}\n")
    return "".join(parts).replace("\r", "\\r").replace("\0", "\\0")


@pytest.mark.parametrize("render", FORMATS)
def test_the_tree_is_as_expected(render: Render, assert_golden: CompareText) -> None:
    tree = render(sample.shop(), readme=lambda: "# The shop\n")
    assert_golden(shown(tree), GOLDEN / f"{render.__module__.rpartition('.')[2]}.txt")


@pytest.mark.parametrize("render", FORMATS)
def test_a_value_of_a_secret_stands_in_files_that_git_ignores_only(
    render: Render, tmp_path: Path
) -> None:
    tree = render(sample.nasty() + sample.shop(), readme=lambda: "")
    for path, file in tree.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(file.content)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    committed = "".join((tmp_path / path).read_text("utf-8", "replace") for path in listed)
    values = {
        str(value.reveal())
        for environment in sample.shop()
        for secret in environment.objects.of(Secret)
        for value in secret.values.values()
        if len(str(value.reveal())) > 10
    }
    assert len(values) == 4
    assert not [value for value in values if value in committed]
    secret_owners = {Owner.VALUE, Owner.ENV_VALUES, Owner.MANIFEST_VALUES}
    assert {path for path, file in tree.items() if file.owner in secret_owners} == set(tree) - set(
        listed
    )


@pytest.mark.parametrize("render", FORMATS)
def test_a_tree_is_the_same_whatever_the_hash_seed(render: Render) -> None:
    program = (
        "import hashlib\n"
        "from mooring.render import kustomize, plain\n"
        "from tests.render import sample\n"
        "from tests.render.test_trees import shown\n"
        f"tree = {render.__module__.rpartition('.')[2]}.render(sample.shop(), readme=lambda: '')\n"
        "print(hashlib.sha256(shown(tree).encode()).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_a_large_tree_is_the_same_whoever_makes_it() -> None:
    program = (
        "import hashlib\n"
        "from mooring import beside\n"
        "from mooring.render import kustomize\n"
        "from tests.render import sample\n"
        "from tests.render.test_trees import many, shown\n"
        "beside._processors = lambda: {processors}\n"
        "tree = kustomize.render(many(), readme=lambda: 'told')\n"
        "print(hashlib.sha256(shown(tree).encode()).hexdigest())\n"
    )
    digests = [
        subprocess.run(
            [sys.executable, "-c", program.format(processors=processors)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for processors in (1, 2)
    ]
    assert digests[0] == digests[1] != ""


def many() -> list[EnvironmentObjects]:
    """Return two environments whose objects are so many that a second process makes some."""
    return [
        EnvironmentObjects(
            name=name,
            namespace=name,
            objects=sample.ObjectSet(
                sample.ServiceAccount(
                    metadata=sample.ObjectMeta(
                        name=f"a{number}", annotations={"says": name} if number % 3 else {}
                    )
                )
                for number in numbers
            ),
        )
        for name, numbers in (("dev", range(400)), ("production", range(450, 10, -1)))
    ]


def test_one_environment_has_everything_in_the_base() -> None:
    tree = kustomize.render(sample.shop()[:1], readme=lambda: "")
    below = sorted(path for path in tree if path.startswith("environments/dev/"))
    assert below == [
        "environments/dev/kustomization.yaml",
        "environments/dev/namespace.yaml",
        "environments/dev/patches/README.md",
        "environments/dev/patches/kustomization.yaml",
        "environments/dev/secrets.env",
        "environments/dev/secrets.env.example",
        "environments/dev/secrets.files.example",
        "environments/dev/secrets/key/key.der",
        "environments/dev/secrets/key/key.pem",
    ]


def test_environments_without_anything_in_common_have_no_base() -> None:
    first, second, _ = sample.shop()
    other = EnvironmentObjects(
        name="other", namespace="n", objects=sample.ObjectSet([sample.claim("1Gi")])
    )
    empty = EnvironmentObjects(name="empty", namespace="e", objects=sample.ObjectSet())
    tree = kustomize.render([first, second, other, empty], readme=lambda: "")
    assert not [path for path in tree if path.startswith("base/")]
    kustomization = yaml.safe_load(tree["environments/other/kustomization.yaml"].content)
    assert kustomization["resources"] == ["config-workload/persistentvolumeclaim-uploads.yaml"]


@pytest.mark.parametrize("render", FORMATS)
def test_an_object_outside_its_namespace_is_a_bug(render: Render) -> None:
    stray = sample.ServiceAccount(metadata=sample.ObjectMeta(name="a", namespace="elsewhere"))
    wrong = EnvironmentObjects(name="dev", namespace="n", objects=sample.ObjectSet([stray]))
    with pytest.raises(ValueError, match="ServiceAccount/elsewhere/a is outside namespace n"):
        render([wrong], readme=lambda: "")


@pytest.mark.parametrize("stack", [sample.shop, sample.nasty], ids=["shop", "nasty"])
def test_what_is_made_to_be_written_is_written_as_the_manifest_is(
    stack: Callable[[], list[EnvironmentObjects]],
) -> None:
    for item in [item for environment in stack() for item in environment.objects]:
        assert emitter.emit(manifest.to_write(item)) == emitter.emit(manifest.manifest(item))
