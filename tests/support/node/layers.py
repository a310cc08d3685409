"""
Layers of Debian packages: what the node and the images of its containers are made of.

A layer is a folder of files that lies over its parent, as in an image, and the same as a tar file.
It is made once, from the packages of the mirror that apt on this machine is set up with, and kept
in a folder named for its recipe.  Only the standard library is imported (see `scripts/node`).
"""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self

from tests.support import gotools

_QUIET = ["-qq", "-o", "Dpkg::Use-Pty=0", "-o", "APT::Sandbox::User=root"]
_RUBBISH = (
    "etc/apt/sources.list",
    "etc/apt/apt.conf.d/99-of-the-machine",
    "etc/resolv.conf",
    "usr/sbin/policy-rc.d",
    "var/cache/apt",
    "var/cache/debconf",
    "var/lib/apt/lists",
    "var/log",
    "usr/share/doc",
    "usr/share/man",
    "usr/share/locale",
)


class NodeUnavailable(Exception):
    """This machine cannot run a node; the message says why in one line."""


class LayerFailed(Exception):
    """A layer cannot be made; the message ends with what the command said that failed."""


class Recipe(NamedTuple):
    """What a layer is made of."""

    name: str
    parent: Self | None = None
    """None: a minimal Debian."""
    packages: Sequence[str] = ()
    commands: Sequence[str] = ()
    """Shell commands that run in the layer after the packages are installed."""

    @property
    def key(self) -> str:
        """Return what identifies the result: the recipe and its parents, and Debian's release."""
        parts = [self.name, *self.packages, "|", *self.commands, _mirror().release]
        parts.append(self.parent.key if self.parent else "")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Layer(NamedTuple):
    """A layer that is made."""

    tree: Path
    """The files that it has beside its parent's."""
    archive: Path
    """The same as an uncompressed tar file, as images hold it."""
    digest: str
    """SHA-256 of ``archive``, in hexadecimal."""


BASE = Recipe("base")
PYTHON = Recipe("python", BASE, ["python3", "python3-psycopg2", "python3-redis", "python3-debugpy"])
# Debian's busybox has another nc than the official image, whose -z people wait for ports with.
SHELL = Recipe("shell", BASE, ["netcat-openbsd"])
POSTGRES = Recipe(
    "postgres",
    BASE,
    ["postgresql-15"],
    # The official images of Alpine run as 70, and have the programs in the path.
    [
        "groupadd --gid 70 pg && useradd --uid 70 --gid 70 --home-dir /var/lib/postgresql pg",
        "ln -s /usr/lib/postgresql/15/bin/* /usr/local/bin/",
        "mkdir -p /docker-entrypoint-initdb.d /var/lib/postgresql/data /var/run/postgresql",
        "chown -R 70:70 /var/lib/postgresql /var/run/postgresql",
    ],
)
REDIS = Recipe(
    "redis",
    BASE,
    ["redis-server"],
    ["mkdir -p /data /usr/local/etc/redis && chown 999:999 /data"],
)
NODE = Recipe(
    "node",
    BASE,
    [
        "busybox-static",
        "conntrack",
        "containerd",
        "containernetworking-plugins",
        "ethtool",
        "iproute2",
        "iptables",
        "kmod",
        "python3-minimal",
        "libpython3-stdlib",
        "runc",
    ],
)


def folder() -> Path:
    """Return where layers are kept, and what is made of them."""
    return gotools.cache_root().parent / "node"


def made(recipe: Recipe) -> Layer:
    """
    Return the layer of ``recipe``, made first when it is not there; its parents likewise.

    Raises:
        NodeUnavailable: this is no Debian, or not root.
        LayerFailed: a command failed.
    """
    place = folder() / f"{recipe.name}-{recipe.key}"
    with gotools.locked(place.with_suffix(".lock")):
        if not (place / "digest").exists():
            parents = _trees(recipe.parent)
            print(f"making layer {recipe.name} ...", file=sys.stderr, flush=True)
            shutil.rmtree(place, ignore_errors=True)
            (place / "tree").mkdir(parents=True)
            _make(recipe, place, parents)
        digest = (place / "digest").read_text(encoding="ascii")
        return Layer(place / "tree", place / "layer.tar", digest)


def chain(recipe: Recipe) -> list[Layer]:
    """Return the layer of ``recipe`` after those of all its parents."""
    return [*(chain(recipe.parent) if recipe.parent else ()), made(recipe)]


def _trees(recipe: Recipe | None) -> list[Path]:
    return [each.tree for each in chain(recipe)] if recipe else []


def pack(tree: Path, archive: Path) -> str:
    """Write the files of ``tree`` to the tar file ``archive``; return its SHA-256."""
    command = [
        "tar",
        "--numeric-owner",
        "--sort=name",
        "--mtime=@0",
        "-C",
        tree,
        "-cf",
        archive,
        ".",
    ]
    subprocess.run(command, check=True)
    with archive.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Mirror(NamedTuple):
    """Where apt on this machine gets its packages."""

    release: str
    main: str
    sources: str
    options: str


@cache
def _mirror() -> _Mirror:
    if os.geteuid() != 0:
        raise NodeUnavailable("a real node needs root")
    if sys.platform != "linux" or not shutil.which("apt-get"):
        raise NodeUnavailable("a real node is made of Debian's packages, and there is no apt here")
    words = "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)"
    command = ["apt-get", "indextargets", "--format", words]
    if not (found := _rows(command)):
        subprocess.run(["apt-get", *_QUIET, "update"], check=True, stdout=sys.stderr)
        found = _rows(command)
    main = [(uri, release) for uri, release in found if "-" not in release]
    if not main:
        raise NodeUnavailable("a real node is made of Debian's packages, and apt names no Debian")
    sources = [f"deb {uri} {release} main" for uri, release in found]
    dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    prefixes = ("Acquire::http", "Acquire::https", "Acquire::Check-")
    options = [line for line in dump.splitlines() if line.startswith(prefixes)]
    return _Mirror(main[0][1], main[0][0], "\n".join(sources) + "\n", "\n".join(options) + "\n")


def _rows(command: Sequence[str]) -> list[tuple[str, str]]:
    """Return address and release of Debian's own archives, those of `main` alone."""
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = {tuple(line.split(" ", 3)) for line in listed.splitlines()}
    wanted = [row for row in rows if len(row) == 4 and row[2] == "main" and row[3] == "Debian"]
    return sorted({(row[0], row[1]) for row in wanted})


def _make(recipe: Recipe, place: Path, parents: Sequence[Path]) -> None:
    tree, log = place / "tree", place / "log"
    if recipe.parent is None:
        _debootstrap(place, tree, log)
    else:
        with _overlay(tree, parents) as root, _mounted_inside(root):
            inside = ["chroot", root, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
            inside += ["DEBIAN_FRONTEND=noninteractive"]
            apt = [*inside, "apt-get", *_QUIET]
            _run([*apt, "update"], log)
            if recipe.packages:
                install = [*apt, "install", "--yes", "--no-install-recommends"]
                _run([*install, *recipe.packages], log)
            for command in recipe.commands:
                _run([*inside, "sh", "-ec", command], log)
            _run([*inside, "apt-get", "clean"], log)
    _tidy(tree)
    digest = pack(tree, place / "layer.tar")
    (place / "digest").write_text(digest, encoding="ascii")


def _run(
    command: Sequence[str | Path], log: Path, environment: Mapping[str, str] = os.environ
) -> None:
    """Run ``command``; what it says is in ``log``, whose end is part of the error."""
    with log.open("ab") as output:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    if done.returncode:
        text = log.read_text(encoding="utf-8", errors="replace")
        raise LayerFailed(f"{' '.join(map(str, command))} failed:\n{text[-3000:]}")


def _debootstrap(place: Path, tree: Path, log: Path) -> None:
    """Make a minimal Debian; debootstrap itself need not be installed."""
    mirror = _mirror()
    program = shutil.which("debootstrap")
    environment = dict(os.environ)
    if program is None:
        tools = place / "debootstrap"
        tools.mkdir()
        _run(["env", "-C", tools, "apt-get", *_QUIET, "download", "debootstrap"], log)
        (package,) = tools.glob("*.deb")
        _run(["dpkg-deb", "-x", package, tools], log)
        program = str(tools / "usr/sbin/debootstrap")
        environment["DEBOOTSTRAP_DIR"] = str(tools / "usr/share/debootstrap")
    command = [program, "--variant=minbase", "--merged-usr", mirror.release, tree, mirror.main]
    _run(command, log, environment)


@contextmanager
def _overlay(upper: Path, lowers: Sequence[Path]) -> Iterator[Path]:
    """Mount ``upper`` over ``lowers``, of which the last one lies on top."""
    with tempfile.TemporaryDirectory(dir=upper.parent) as name:
        work, root = Path(name) / "work", Path(name) / "root"
        work.mkdir()
        root.mkdir()
        mount(root, upper=upper, work=work, lowers=lowers)
        try:
            yield root
        finally:
            subprocess.run(["umount", root], check=True)


def mount(root: Path, *, upper: Path, work: Path, lowers: Sequence[Path]) -> None:
    """Mount ``upper`` over ``lowers`` at ``root``; of ``lowers`` the last one lies on top."""
    below = ":".join(str(each) for each in reversed(lowers))
    options = f"lowerdir={below},upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, root], check=True)


@contextmanager
def _mounted_inside(root: Path) -> Iterator[None]:
    """Let apt work in ``root``: the archives of this machine, its names, no services started."""
    mirror = _mirror()
    (root / "etc/apt/sources.list").write_text(mirror.sources, encoding="utf-8")
    (root / "etc/apt/apt.conf.d/99-of-the-machine").write_text(mirror.options, encoding="utf-8")
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    policy.chmod(0o755)
    names = Path("/etc/resolv.conf")
    if names.exists():
        shutil.copy(names, root / "etc/resolv.conf")
    subprocess.run(["mount", "--bind", "/dev", root / "dev"], check=True)
    subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", root / "proc"], check=True)
        subprocess.run(["umount", root / "dev"], check=True)


def _tidy(tree: Path) -> None:
    """Remove what no container needs, and the notes that a parent's file is gone: it may stay."""
    for name in _RUBBISH:
        path = tree / name
        if path.is_dir() and not path.is_symlink():
            for each in path.iterdir():
                shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
        else:
            path.unlink(missing_ok=True)
    for path in [*tree.rglob("*")]:
        details = path.lstat()
        if stat.S_ISCHR(details.st_mode) and details.st_rdev == 0:
            path.unlink()
