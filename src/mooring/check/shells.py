"""
Which shell a container's scripts are run by, and the scripts that it runs.

`sh` is another program in each image: BusyBox's in Alpine, dash in Debian and Ubuntu, bash in those
of Red Hat and Oracle.  Which one an image has is told by its name and tag for the official images
alone, and nothing is concluded of others.

Source: https://hub.docker.com/search?badges=official
"""

import os.path
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.patterns import LazyPattern
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds


class Shell(StrEnum):
    """What `sh` is."""

    BUSYBOX = "BusyBox"
    DASH = "dash"


_DEBIAN = frozenset(
    {
        "debian", "ubuntu", "buildpack-deps", "python", "node", "ruby", "php", "golang", "rust",
        "perl", "postgres", "redis", "nginx", "httpd", "memcached", "mariadb", "mongo", "rabbitmq",
        "wordpress", "drupal", "joomla", "nextcloud", "ghost", "haproxy", "tomcat", "gcc",
        "cassandra", "eclipse-temurin", "maven", "gradle", "influxdb", "solr", "zookeeper",
    }
)  # fmt: skip
"""Official images that are built on Debian or Ubuntu unless their tag says otherwise."""
_WITHOUT_BASH = frozenset(
    {"alpine", "busybox", "redis", "nginx", "httpd", "node", "python", "ruby", "golang",
     "memcached", "haproxy", "docker"}
)  # fmt: skip
"""Official images that have no bash where they are built on Alpine."""


def of(container: Container) -> Shell | None:
    """Return which shell `sh` is in the container's image, None where that is not known."""
    reference = container.reference
    if reference is None:
        return None
    tag = reference.tag or ""
    if reference.name in ("alpine", "busybox"):
        return Shell.BUSYBOX
    words = tag.split("-")
    if any(word.startswith(("alpine", "busybox")) for word in words):
        return Shell.BUSYBOX
    if reference.name not in _DEBIAN or any(word in _OTHERS for word in words):
        return None
    return Shell.DASH


_OTHERS = frozenset({"oraclelinux9", "oraclelinux8", "ubi9", "ubi8", "ubi10", "windowsservercore"})


def has_no_bash(container: Container) -> bool:
    """Tell whether it is known that the image has no bash."""
    known, reference = container.known, container.reference
    if known is not None and known.family.has_shell is False:
        return True
    return (
        of(container) is Shell.BUSYBOX and reference is not None and reference.name in _WITHOUT_BASH
    )


class Script(msgspec.Struct, frozen=True, gc=False):
    """A text that a shell runs, and where it stands; ``interpreter`` is the program that does."""

    text: str
    interpreter: str
    ref: ObjectRef
    field: str


def scripts(bundle: Bundle, container: Container) -> Iterator[Script]:
    """Yield the scripts that the container runs: its words, and mounted files that these name."""
    words = (*container.command, *container.args)
    for place, text in _given(container):
        yield Script(text, interpreter_of(container.command[0]), container.owner, place)
    if not words and not any("/docker-entrypoint-initdb.d" in one for one in _places(container)):
        return
    joined = " ".join(words)
    for _, mount in container.mounts:
        held = container.pod.volumes.get(fields.text(mount.get("name")) or "")
        name = fields.text(fields.at(held[1], "configMap", "name")) if held else None
        item = (
            bundle.objects.find(kinds.CONFIG_MAP, name, container.pod.namespace) if name else None
        )
        if item is None:
            continue
        path = fields.text(mount.get("mountPath")) or ""
        for key, text, field in environment.texts(item):
            file = key if mount.get("subPath") is None else os.path.basename(path)
            if file not in joined or not file:
                continue
            found = _RUN_BY.search(joined)
            by_word = found is not None and joined[found.end() :].lstrip().split(" ")[0].endswith(
                file
            )
            if by_word and found is not None:
                yield Script(text, found[1], item.ref, field)
            elif (shebang := _SHEBANG.match(text)) is not None:
                yield Script(text, interpreter_of(shebang[1] or shebang[2]), item.ref, field)


def _places(container: Container) -> list[str]:
    return [fields.text(mount.get("mountPath")) or "" for _, mount in container.mounts]


_SHEBANG = LazyPattern(r"#!\s*(?:\S*/env\s+(?:-S\s+)?(\S+)|(\S+))")
_RUN_BY = LazyPattern(r"(?:^|[\s;&|/])(sh|ash|dash|bash)(?:\s+-[a-z]+)*(?=\s+/)")


def interpreter_of(word: str) -> str:
    """Return the name of a program without its folder."""
    return word.rpartition("/")[2]


def _given(container: Container) -> Iterator[tuple[str, str]]:
    """Yield field and text of the script that the command hands to a shell by ``-c``."""
    command = container.command
    if not command or interpreter_of(command[0]) not in ("sh", "ash", "dash", "bash"):
        return
    words = [
        *((f"{container.path}.command[{index}]", one) for index, one in enumerate(command)),
        *((f"{container.path}.args[{index}]", one) for index, one in enumerate(container.args)),
    ]
    for index, (_, word) in enumerate(words[1:-1], start=1):
        if word.startswith("-") and not word.startswith("--") and word.endswith("c"):
            yield words[index + 1]
            return
