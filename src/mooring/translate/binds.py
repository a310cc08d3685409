"""
What a bind mount means: files to ship, a place to write, source code, or the machine itself.

A bind mount ties a path of the author's machine to a path in the container, and a cluster does
not have that machine.  What the author meant shows in what the path leads to.  Each answer is a
decision that ``services.<name>.mounts.<target>`` overrules.
"""

from enum import StrEnum

import msgspec

from mooring.settings.choices import MountChoice
from mooring.translate.surroundings import (
    LARGEST_DOCUMENT,
    FoundFolder,
    Kind,
    Surroundings,
)


class Meaning(StrEnum):
    """What a bind mount is."""

    DOCUMENT_FILE = "a file to ship"
    DOCUMENT_FOLDER = "files to ship"
    MISSING_FILE = "a file that is not there"
    UNREADABLE = "a file that cannot be shipped"
    STORAGE = "a place to keep data"
    SCRATCH = "a place for files that may vanish"
    SOURCE_CODE = "source code that the image holds"
    MACHINE = "a path of the machine"
    RUNTIME_SOCKET = "the container runtime's socket"
    CLOCK = "the machine's time zone"
    PROVIDED = "a file that the platform writes itself"
    WORKSPACE = "what a developer works on"
    LEFT_OUT = "nothing that is needed"


class Bind(msgspec.Struct, frozen=True, kw_only=True):
    """
    One bind mount: absolute source, target, and what else is needed to understand it.

    ``build_context`` is the absolute folder from which the service's image is built, or None;
    ``in_workspace`` tells that somebody works in the container, on what is mounted.
    """

    source: str
    target: str
    build_context: str | None
    in_workspace: bool = False


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a bind mount means and why; ``folder`` is what was found where files are shipped.

    ``is_full`` tells that the source holds files that are too many to be shipped, and
    ``is_program`` that they are sources.
    """

    meaning: Meaning
    because: str
    folder: FoundFolder | None = None
    is_full: bool = False
    is_program: bool = False


_RUNTIME_SOCKETS = ("docker.sock", "containerd.sock", "podman.sock", "crio.sock", "dockershim.sock")
_CLOCK = ("/etc/localtime", "/etc/timezone", "/usr/share/zoneinfo")
_PROVIDED = ("/etc/hosts", "/etc/resolv.conf", "/etc/hostname")
_MACHINE_ROOTS = (
    "/proc", "/sys", "/dev", "/boot", "/lib", "/lib64", "/usr", "/bin", "/sbin", "/etc", "/run",
    "/var/run", "/var/log", "/var/lib/docker", "/var/lib/containers", "/var/lib/kubelet",
)  # fmt: skip
_SOURCE_SUFFIXES = (
    ".py", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".go", ".rs", ".rb", ".php", ".java",
    ".kt", ".swift", ".cs", ".vue", ".svelte", ".ex", ".exs", ".scala", ".c", ".cpp", ".h",
)  # fmt: skip
_SOURCE_MARKERS = frozenset(
    {
        "package.json", "go.mod", "Cargo.toml", "pyproject.toml", "requirements.txt", "pom.xml",
        "build.gradle", "Gemfile", "composer.json", "mix.exs", "Package.swift", "Dockerfile",
        "tsconfig.json", "setup.py",
    }
)  # fmt: skip
_FILE_SUFFIXES = (
    ".conf", ".cfg", ".cnf", ".ini", ".yaml", ".yml", ".json", ".toml", ".xml", ".env", ".sh",
    ".sql", ".pem", ".crt", ".cert", ".key", ".txt", ".properties", ".tmpl", ".template", ".lua",
    ".js", ".py", ".rules", ".hcl", ".acl", ".list", ".html", ".htpasswd",
)  # fmt: skip
_SCRATCH_WORDS = frozenset({"log", "logs", "tmp", "temp", "cache", ".cache", "run"})
_KEEP_WORDS = frozenset(
    {"data", "db", "database", "storage", "uploads", "upload", "backup", "backups", "lib", "media"}
)
_NOTHING = frozenset({".gitkeep", ".keep", ".gitignore", ".placeholder", "README.md"})

_BY_CHOICE = {
    MountChoice.STORAGE: Meaning.STORAGE,
    MountChoice.SCRATCH: Meaning.SCRATCH,
    MountChoice.DROP: Meaning.LEFT_OUT,
    MountChoice.NODE: Meaning.MACHINE,
}


def triage(bind: Bind, surroundings: Surroundings, choice: MountChoice | None = None) -> Triage:
    """Return what ``bind`` means; ``choice`` is the user's word on it and wins."""
    if choice in _BY_CHOICE:
        return Triage(meaning=_BY_CHOICE[choice], because="mooring.yaml says so")
    machine = None if choice else _of_the_machine(bind.source)
    if machine is not None:
        return machine
    kind = surroundings.kind(bind.source)
    if bind.in_workspace and not choice and kind is not Kind.FILE and kind is not Kind.SPECIAL:
        because = "somebody edits it there, and nobody does in a cluster"
        return Triage(meaning=Meaning.WORKSPACE, because=because)
    if kind is Kind.FILE:
        return _file(bind, surroundings, wanted=choice is not None)
    if kind is Kind.FOLDER:
        return _folder(bind, surroundings, wanted=choice is not None)
    if kind is Kind.SPECIAL:
        return Triage(meaning=Meaning.MACHINE, because="it is a socket or a device")
    if bind.build_context is not None and _holds(bind.source, bind.build_context):
        return Triage(
            meaning=Meaning.SOURCE_CODE, because="the image is built from what lies in there"
        )
    where = "is not there" if kind is Kind.MISSING else "lies outside the project"
    if _looks_like_file(bind):
        return Triage(meaning=Meaning.MISSING_FILE, because=f"the file {where}")
    return _by_words(bind, f"the folder {where}, so it is empty in the cluster")


def of_the_machine(source: str) -> bool:
    """Tell whether the path ``source`` belongs to the machine, its runtime's socket apart."""
    found = _of_the_machine(source)
    return found is not None and found.meaning is Meaning.MACHINE


def _of_the_machine(source: str) -> Triage | None:
    name = source.rsplit("/", 1)[-1]
    if name in _RUNTIME_SOCKETS:
        return Triage(
            meaning=Meaning.RUNTIME_SOCKET,
            because="whoever holds this socket commands every container of the machine",
        )
    if source.startswith(_CLOCK):
        return Triage(meaning=Meaning.CLOCK, because="nodes run in UTC; set the variable TZ")
    if source in _PROVIDED:
        return Triage(meaning=Meaning.PROVIDED, because="Kubernetes writes this file for each pod")
    if source == "/" or any(
        source == root or source.startswith(root + "/") for root in _MACHINE_ROOTS
    ):
        return Triage(meaning=Meaning.MACHINE, because="it belongs to the machine's own system")
    return None


def _file(bind: Bind, surroundings: Surroundings, *, wanted: bool) -> Triage:
    if not wanted and _is_source_file(bind):
        return Triage(
            meaning=Meaning.SOURCE_CODE,
            because="it is a source file of the folder from which the image is built",
        )
    found = surroundings.file(bind.source)
    if found.content is None:
        because = (
            f"it has {found.size} bytes, and a ConfigMap holds 1 MiB"
            if found.size > LARGEST_DOCUMENT
            else "this user may not read it"
        )
        return Triage(meaning=Meaning.UNREADABLE, because=because)
    return Triage(meaning=Meaning.DOCUMENT_FILE, because="it is a file of the project")


def _folder(bind: Bind, surroundings: Surroundings, *, wanted: bool) -> Triage:
    if not wanted and bind.build_context is not None and _holds(bind.source, bind.build_context):
        return Triage(meaning=Meaning.SOURCE_CODE, because="the image is built from this folder")
    folder = surroundings.folder(bind.source)
    names = [path for path in folder.files if path.rsplit("/", 1)[-1] not in _NOTHING]
    if not names and not wanted:
        return _by_words(bind, "the folder is empty")
    if not wanted and bind.build_context is not None and _is_source_code(bind, names):
        return Triage(
            meaning=Meaning.SOURCE_CODE,
            because="it holds sources from which the image is built",
        )
    if not folder.complete:
        meant = _by_words(
            bind, "it holds more than a ConfigMap can; its files have to be copied in once"
        )
        return msgspec.structs.replace(
            meant, is_full=not wanted, is_program=_are_sources(list(folder.files))
        )
    if not wanted and _last_word(bind.target) in _SCRATCH_WORDS:
        return Triage(meaning=Meaning.SCRATCH, because="such a place holds passing files")
    return Triage(
        meaning=Meaning.DOCUMENT_FOLDER,
        because=f"it is a folder of {len(folder.files)} small files",
        folder=folder,
    )


def _by_words(bind: Bind, because: str) -> Triage:
    words = {_last_word(bind.source), _last_word(bind.target)}
    if words & _SCRATCH_WORDS and not words & _KEEP_WORDS:
        return Triage(meaning=Meaning.SCRATCH, because=because)
    return Triage(meaning=Meaning.STORAGE, because=because)


def _is_source_code(bind: Bind, names: list[str]) -> bool:
    assert bind.build_context is not None
    inside = _holds(bind.build_context, bind.source)
    sources = sum(
        name.endswith(_SOURCE_SUFFIXES) or name.rsplit("/", 1)[-1] in _SOURCE_MARKERS
        for name in names
    )
    return sources * 2 > len(names) or (inside and sources > 0)


def _are_sources(names: list[str]) -> bool:
    """Tell whether a folder holds a program: what is made of sources, or mostly they."""
    sources = sum(name.endswith(_SOURCE_SUFFIXES) for name in names)
    return sources * 2 > len(names) or not _SOURCE_MARKERS.isdisjoint(names)


def _is_source_file(bind: Bind) -> bool:
    """
    Tell whether the image holds this source file already, at the place where it is mounted.

    Scripts that an entrypoint runs, and programs' settings below /etc, are mounted for their own
    sake.
    """
    if bind.build_context is None or not _holds(bind.build_context, bind.source):
        return False
    if not bind.source.endswith(_SOURCE_SUFFIXES) or bind.target.startswith(_FOR_THEIR_OWN_SAKE):
        return False
    within = bind.source[len(bind.build_context.rstrip("/")) :]
    return bind.target.endswith(within)


_FOR_THEIR_OWN_SAKE = (
    "/docker-entrypoint",
    "/etc/",
    "/config/",
    "/usr/local/etc/",
    "/usr/local/bin/",
)


def _looks_like_file(bind: Bind) -> bool:
    return bind.target.lower().endswith(_FILE_SUFFIXES) or (
        bind.source.lower().endswith(_FILE_SUFFIXES) and "." in bind.target.rsplit("/", 1)[-1]
    )


def _holds(folder: str, path: str) -> bool:
    """Tell whether ``path`` is ``folder`` or lies below it."""
    folder = folder.rstrip("/")
    return path == folder or path.startswith(folder + "/")


def _last_word(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1].lower()
