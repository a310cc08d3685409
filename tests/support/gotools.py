"""
Programs that tests use as judges, built from pinned Go modules.

Each is a Go module below `tests/` whose go.mod and go.sum are committed, so every machine builds
the same program.  Binaries live outside the clone, in a folder keyed by a hash of the module's
files: a changed module builds anew, an unchanged one is shared by all clones of a user.  Only the
standard library is imported: `scripts/build-tools` runs before anything is installed.

Environment:
    MOORING_TOOL_CACHE: where binaries are kept, instead of `~/.cache/mooring/tools`.
    CI: when set, a program that cannot be had is an error; elsewhere its tests are skipped.
"""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parents[1]


class GoToolUnavailable(Exception):
    """A program is not built yet and this machine cannot build it: no Go, or too old a Go."""


class GoToolBroken(Exception):
    """Go is there, but the module does not build."""


def kubernetes_version() -> tuple[int, int, int]:
    """Return the version of the control plane: the one that its go.mod names."""
    go_mod = TESTS / "controlplane" / "go.mod"
    text = go_mod.read_text(encoding="utf-8")
    found = re.search(r"^\s*k8s\.io/kubernetes v(\d+)\.(\d+)\.(\d+)$", text, re.MULTILINE)
    if found is None:
        raise GoToolBroken(f"{go_mod} names no version of k8s.io/kubernetes")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def _no_variables() -> dict[str, str]:
    return {}


def _version_variables() -> dict[str, str]:
    """
    Return the linker variables that tell Kubernetes programs their version.

    Without them a server calls itself v0.0.0 and refuses or changes what depends on its version.
    All but the version is fixed, so that builds are reproducible.
    """
    major, minor, patch = kubernetes_version()
    values = {
        "gitVersion": f"v{major}.{minor}.{patch}",
        "gitMajor": str(major),
        "gitMinor": str(minor),
        "gitTreeState": "clean",
        "gitCommit": "unknown",
        "buildDate": "1970-01-01T00:00:00Z",
    }
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return {f"{package}.{name}": value for package in packages for name, value in values.items()}


class GoTool(NamedTuple):
    """One program: its name, its module's folder below `tests/`, and what to build there."""

    name: str
    module: str
    package: str = "."
    linker_variables: Callable[[], dict[str, str]] = _no_variables


def tool(name: str) -> Path:
    """
    Return the path of program ``name``, built first when this version of it is not cached.

    Safe to call from several processes at once: one builds, the others wait for it.

    Raises:
        GoToolUnavailable: it is not cached, and Go is absent or older than the module asks for.
        GoToolBroken: the build failed.
    """
    return _built(TOOLS[name])


def cached(name: str) -> Path | None:
    """Return the path of program ``name`` when this version of it is built already."""
    binary = _binary(TOOLS[name])
    return binary if binary.exists() else None


def cache_root() -> Path:
    """Return the folder that holds built programs and what is derived from them."""
    configured = os.environ.get("MOORING_TOOL_CACHE")
    return Path(configured) if configured else Path.home() / ".cache" / "mooring" / "tools"


def must_not_skip() -> bool:
    """Return whether an absent program is an error: in CI nothing real may be skipped."""
    return bool(os.environ.get("CI"))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` among processes; the system frees it when its holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


TOOLS = {
    tool.name: tool
    for tool in (
        GoTool("compose-oracle", "oracle"),
        GoTool("controlplane", "controlplane", linker_variables=_version_variables),
        GoTool("node", "controlplane", "./node", linker_variables=_version_variables),
        GoTool("kwok", "tools/kwok", "sigs.k8s.io/kwok/cmd/kwok"),
        GoTool("coredns", "tools/coredns"),
        GoTool("helm", "tools/helm", "helm.sh/helm/v4/cmd/helm"),
        GoTool("kustomize", "tools/kustomize", "sigs.k8s.io/kustomize/kustomize/v5"),
        GoTool("kubeconform", "tools/kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform"),
        GoTool("kube-score", "tools/kube-score", "github.com/zegl/kube-score/cmd/kube-score"),
        GoTool("kompose", "tools/kompose", "github.com/kubernetes/kompose"),
    )
}


def _built(wanted: GoTool) -> Path:
    binary = _binary(wanted)
    if binary.exists():
        return binary
    go = shutil.which("go")
    if go is None:
        raise GoToolUnavailable(f"{wanted.name} is built from Go modules, and there is no go here")
    with locked(binary.parent.with_suffix(".lock")):
        if not binary.exists():
            _build(wanted, binary, go)
    return binary


def _build(wanted: GoTool, binary: Path, go: str) -> None:
    module = TESTS / wanted.module
    variables = wanted.linker_variables()
    linker = ["-s", "-w", *(f"-X {name}={value}" for name, value in variables.items())]
    binary.parent.mkdir(parents=True, exist_ok=True)
    # Renamed when complete, so that an interrupted build is never taken for a program.
    partial = binary.with_name(f"{binary.name}.{os.getpid()}.partial")
    command = [go, "build", "-trimpath", "-buildvcs=false", "-mod=readonly"]
    command += ["-ldflags", " ".join(linker), "-o", str(partial), wanted.package]
    if nice := shutil.which("nice"):
        command = [nice, "-n", "10", *command]
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    run = subprocess.run(command, cwd=module, env=environment, capture_output=True, text=True)
    if run.returncode == 0:
        partial.rename(binary)
        return
    partial.unlink(missing_ok=True)
    if too_old := re.search(r"requires go >= \S+ \(running go \S+?[;)]", run.stderr):
        raise GoToolUnavailable(f"{wanted.name} cannot be built: it {too_old[0].rstrip(';)')})")
    raise GoToolBroken(f"{wanted.name} does not build:\n{run.stderr.strip()[-4000:]}")


def _binary(wanted: GoTool) -> Path:
    """Return where ``wanted`` is or will be: a folder named for all that decides the build."""
    module = TESTS / wanted.module
    digest = hashlib.sha256()
    decisive = [wanted.package, sys.platform, platform.machine()]
    decisive += [f"{key}={value}" for key, value in wanted.linker_variables().items()]
    folders = [module]
    if wanted.package.startswith("./"):  # What the module's other folders hold decides nothing.
        folders.append(module / wanted.package)
    for path in sorted(path for folder in folders for path in folder.iterdir()):
        if path.suffix in {".go", ".mod", ".sum"}:
            decisive += [path.name, path.read_text(encoding="utf-8")]
    for part in decisive:
        digest.update(part.encode() + b"\0")
    return cache_root() / f"{wanted.name}-{digest.hexdigest()[:16]}" / wanted.name
