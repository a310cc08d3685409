"""
What the commands of RUN leave behind that a container's rights depend on.

A cluster takes the number of a user and not its name, and a Dockerfile that makes the user often
says both: `adduser --system --uid 1001 nextjs`.  A program with capabilities in its file
(`setcap cap_net_raw+ep /usr/bin/nmap`) does not start where they may not be had.  Commands are
looked at word by word, never run; a number that a variable of the shell holds stays unknown.
What is fetched for one architecture (`arch=amd64` in a source of packages, `x_amd64.deb`) makes an
image that runs on no other.

Sources: https://manpages.debian.org/adduser, https://manpages.debian.org/useradd,
https://busybox.net/downloads/BusyBox.html#adduser, https://manpages.debian.org/setcap
"""

from collections.abc import Callable

from mooring.patterns import LazyPattern

_COMMANDS = LazyPattern(r"&&|\|\||[;|\n]")
_VARIABLE = LazyPattern(r"\$\{?(\w+)\}?")
_CAPABILITIES = LazyPattern(r"\b(cap_\w+(?:,cap_\w+)*)[=+]")
_SIGNS_OF_ONE = ("amd64", "x86_64", "linux-x64", "linux64")
_FOR_AMD64 = LazyPattern(
    r"\[?\s*arch=amd64\s*\]?|[\w.+-]*[_.-](?:amd64|x86_64)\.(?:deb|rpm|apk|tar\.\w+|tgz|zip|bin)\b"
    r"|[\w.+-]*[Ll]inux[-_/](?:amd64|x86_64|x64)\b[\w.+-]*|\blinux64\b[\w./+-]*"
)
_ASKS_FOR_ARCHITECTURE = LazyPattern(
    r"arm64|aarch64|TARGETARCH|TARGETPLATFORM|print-architecture|uname\s+-m|\barch\b\s*\)|\$\{?ARCH"
)
_NUMBER_AMONG_SHORT = LazyPattern(r"-[a-zA-Z]*u")
"""Short options may stand together: `useradd -rmu 1001 app`."""
_VALUE_AMONG_SHORT = LazyPattern(r"-[a-zA-Z]+[cdgGhksb]")
_WITH_VALUE = frozenset(
    {
        "-b", "-c", "-d", "-e", "-f", "-g", "-G", "-h", "-k", "-K", "-p", "-s", "-Z",
        "--base-dir", "--comment", "--expiredate", "--gecos", "--gid", "--groups", "--home",
        "--home-dir", "--inactive", "--ingroup", "--key", "--password", "--shell", "--skel",
    }
)  # fmt: skip
"""Options of useradd and the two programs called adduser that take the next word."""
_NUMBER = frozenset({"-u", "--uid"})


def architecture(text: str) -> tuple[str, str] | None:
    """
    Return the one architecture for which the commands of ``text`` fetch programs, and the sign.

    Commands that ask which architecture they are built for fetch the right ones for each.
    """
    if not any(sign in text for sign in _SIGNS_OF_ONE):
        return None
    if _ASKS_FOR_ARCHITECTURE.search(text) is not None:
        return None
    found = _FOR_AMD64.search(text)
    return ("amd64", found[0].strip("[ ]")) if found is not None else None


def accounts(text: str, lookup: Callable[[str], str | None]) -> dict[str, int]:
    """
    Return the users that the commands of ``text`` make with a number of their own.

    ``lookup`` returns the value of a variable of the Dockerfile, None where it does not tell.
    """
    if "adduser" not in text and "useradd" not in text:
        return {}
    found: dict[str, int] = {}
    for command in _COMMANDS.split(text):
        words = command.split()
        for place, word in enumerate(words):
            if word.rsplit("/", 1)[-1] in {"adduser", "useradd"}:
                name, number = _account(words[place + 1 :], lookup)
                if name is not None and number is not None:
                    found[name] = number
                break
    return found


def _account(
    words: list[str], lookup: Callable[[str], str | None]
) -> tuple[str | None, int | None]:
    name: str | None = None
    number: int | None = None
    rest = iter(words)
    for word in rest:
        option, is_pair, value = word.partition("=")
        if option in _NUMBER:
            number = _number(value if is_pair else next(rest, ""), lookup)
        elif _NUMBER_AMONG_SHORT.fullmatch(word):
            number = _number(next(rest, ""), lookup)
        elif word.startswith("-"):
            is_taking = option in _WITH_VALUE or _VALUE_AMONG_SHORT.fullmatch(word)
            if is_taking and not is_pair:
                next(rest, None)
        elif name is None:
            name = _replaced(word.strip("\"'"), lookup)
    return name, number


def _number(word: str, lookup: Callable[[str], str | None]) -> int | None:
    value = _replaced(word.strip("\"'"), lookup)
    return int(value) if value is not None and value.isascii() and value.isdigit() else None


def _replaced(word: str, lookup: Callable[[str], str | None]) -> str | None:
    """Return ``word`` with the values of variables, or None where one is not known."""
    for name in _VARIABLE.findall(word):
        value = lookup(name)
        if value is None:
            return None
        word = word.replace(f"${{{name}}}", value).replace(f"${name}", value)
    return word


def file_capabilities(text: str) -> tuple[str, ...]:
    """Return the capabilities that `setcap` writes into files, as NET_RAW, in order."""
    if "setcap" not in text:
        return ()
    found: dict[str, None] = {}
    for command in _COMMANDS.split(text):
        if "setcap" in command:
            for names in _CAPABILITIES.findall(command):
                found.update(
                    (name.removeprefix("cap_").upper(), None) for name in names.split(",") if name
                )
    return tuple(found)
