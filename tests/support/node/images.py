"""
Images for the node, made and not pulled: layers of Debian packages, and files on top.

They carry the names that the converted manifests ask for.  The example's own images hold its own
sources; PostgreSQL and Redis are Debian's and behave as the official images do where a manifest
relies on it; what Debian does not package has a small stand-in in `images/`.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import gotools
from tests.support.node import layers

_FILES = Path(__file__).parent / "images"
_COFFEE = gotools.TESTS.parent / "examples" / "coffee" / "services"
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

SANDBOX = "mooring.dev/pause:1"
"""What containerd keeps a pod's namespaces alive with."""


class Image(NamedTuple):
    """One image: its names, the Debian below it, its files, and how it starts."""

    names: Sequence[str]
    recipe: layers.Recipe | None
    files: Mapping[str, Path]
    """Files and folders, by their path in the image."""
    entrypoint: Sequence[str] = ()
    command: Sequence[str] = ()
    environment: Sequence[str] = ()
    folder: str = "/"
    user: str = ""


def all_images() -> list[Image]:
    """Return the images that a node has from the start."""
    busybox = layers.made(layers.NODE).tree / "usr/bin/busybox"
    registry = "registry.example.com/coffee"
    unbuffered = ["PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1"]

    def backend(name: str, port: int, *command: str) -> Image:
        return Image(
            [f"{registry}/{name}:1.4.0", f"{registry}/{name}:1.4.1"],
            layers.PYTHON,
            {"app/coffee": _COFFEE / "backend/coffee"},
            command=command,
            environment=[*unbuffered, f"PORT={port}"],
            folder="/app",
            user="10001:10001",
        )

    return [
        Image([SANDBOX], None, {"bin/busybox": busybox}, ["/bin/busybox", "sleep", "infinity"]),
        Image(["busybox:1.37.0"], layers.SHELL, {}, command=["sh"]),
        Image(
            ["registry.k8s.io/kubectl:v1.34.1"],
            None,
            {"bin/kubectl": gotools.tool("controlplane")},
            ["/bin/kubectl"],
        ),
        Image(
            ["postgres:16.4-alpine"],
            layers.POSTGRES,
            {"usr/local/bin/docker-entrypoint.sh": _FILES / "postgres/docker-entrypoint.sh"},
            ["docker-entrypoint.sh"],
            ["postgres"],
            environment=["PGDATA=/var/lib/postgresql/data"],
        ),
        Image(
            ["redis:7.4-alpine"],
            layers.REDIS,
            {"usr/local/bin/docker-entrypoint.sh": _FILES / "redis/docker-entrypoint.sh"},
            ["docker-entrypoint.sh"],
            ["redis-server"],
            folder="/data",
        ),
        Image(
            ["quay.io/minio/minio:RELEASE.2024-09-13T20-26-02Z"],
            layers.PYTHON,
            {"opt/storage.py": _FILES / "storage/storage.py"},
            ["python3", "-u", "/opt/storage.py"],
        ),
        Image(
            ["axllent/mailpit:v1.20"],
            layers.PYTHON,
            {"mailpit": _FILES / "mail/mailpit"},
            ["/mailpit"],
        ),
        backend("api", 8000, "python3", "-m", "coffee.api"),
        backend(
            "api-dev",
            8000,
            "python3",
            "-m",
            "debugpy",
            "--listen",
            "0.0.0.0:5678",
            "-m",
            "coffee.api",
        ),
        backend("worker", 9100, "python3", "-m", "coffee.worker"),
        Image(
            [f"{registry}/migrate:1.4.0", f"{registry}/migrate:1.4.1"],
            layers.PYTHON,
            {
                "migrate/migrate.py": _COFFEE / "migrate/migrate.py",
                "migrate/migrations": _COFFEE / "migrate/migrations",
            },
            ["python3", "migrate.py"],
            ["migrations"],
            environment=unbuffered,
            folder="/migrate",
            user="10001:10001",
        ),
        Image(
            [f"{registry}/web:1.4.0", f"{registry}/web:1.4.1"],
            layers.PYTHON,
            {"srv/server.py": _COFFEE / "web/server.py", "srv/site": _COFFEE / "web/site"},
            command=["python3", "server.py"],
            environment=["PYTHONUNBUFFERED=1", "SITE=/srv/site"],
            folder="/srv",
            user="10001:10001",
        ),
    ]


def archive(images: Sequence[Image]) -> Path:
    """
    Return a file that holds ``images``, as `docker save` writes it; made when it is not there.

    Source: https://github.com/moby/docker-image-spec/blob/main/v1.1.md
    """
    key = hashlib.sha256()
    for image in images:
        key.update(_description(image).encode())
    place = layers.folder() / f"images-{key.hexdigest()[:16]}.tar"
    with gotools.locked(place.with_suffix(".lock")):
        if not place.exists():
            for old in layers.folder().glob(
                "images-*.tar"
            ):  # Of other sources: large, and of no use.
                old.unlink()
            _write(images, place)
    return place


def _description(image: Image) -> str:
    """Return text that differs when what ``image`` is made of does."""
    parts = [repr(image._replace(recipe=None, files={}))]
    parts.append(image.recipe.key if image.recipe else "")
    for name, source in sorted(image.files.items()):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file() and path.suffix != ".pyc":
                # A large program lies in a folder that is named for what it is made of.
                content = str(path).encode() if path.stat().st_size > 1 << 20 else path.read_bytes()
                parts.append(f"{name} {path.name} {hashlib.sha256(content).hexdigest()}")
    return "\0".join(parts)


def _write(images: Sequence[Image], place: Path) -> None:
    work = place.with_suffix(f".{os.getpid()}.partial")
    shutil.rmtree(work, ignore_errors=True)
    content = work / "content"
    content.mkdir(parents=True)
    manifest = []
    for image in images:
        digests = []
        for layer in layers.chain(image.recipe) if image.recipe else ():
            target = content / f"{layer.digest}.tar"
            if not target.exists():
                target.symlink_to(layer.archive)
            digests.append(layer.digest)
        if image.files:
            digests.append(_own_layer(image, work, content))
        config = json.dumps(_config(image, digests)).encode()
        name = f"{hashlib.sha256(config).hexdigest()}.json"
        (content / name).write_bytes(config)
        files = [f"{digest}.tar" for digest in digests]
        manifest.append({"Config": name, "RepoTags": list(image.names), "Layers": files})
    (content / "manifest.json").write_text(json.dumps(manifest), encoding="ascii")
    names = [
        "manifest.json",
        *sorted(each.name for each in content.iterdir() if each.suffix == ".tar"),
    ]
    names += sorted(each.name for each in content.iterdir() if each.name not in names)
    whole = work / "whole.tar"
    subprocess.run(["tar", "--dereference", "-C", content, "-cf", whole, *names], check=True)
    whole.rename(place)
    shutil.rmtree(work)


def _own_layer(image: Image, work: Path, content: Path) -> str:
    tree = work / "tree"
    tree.mkdir()
    for name, source in image.files.items():
        target = tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
            if target.read_bytes()[:2] == b"#!":
                target.chmod(0o755)
    subprocess.run(["chmod", "-R", "a+rX", tree], check=True)
    packed = work / "own.tar"
    digest = layers.pack(tree, packed)
    packed.rename(content / f"{digest}.tar")
    shutil.rmtree(tree)
    return digest


def _config(image: Image, digests: Sequence[str]) -> dict[str, Any]:
    machine = os.uname().machine
    return {
        "architecture": {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine),
        "os": "linux",
        "config": {
            "Entrypoint": list(image.entrypoint) or None,
            "Cmd": list(image.command) or None,
            "Env": [_PATH, *image.environment],
            "WorkingDir": image.folder,
            "User": image.user,
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
    }
