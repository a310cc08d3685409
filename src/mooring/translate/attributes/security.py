"""
The rights of a container: `user`, `cap_add`, `cap_drop`, `privileged`, `read_only`, `security_opt`.

## What it means
As whom the process runs, which privileges of root it has, and whether it may write to its image.
What is not said is the image's business (user) or the runtime's default.

## What it becomes
| Compose | Kubernetes, in `container.securityContext` |
|---|---|
| `user: "1000:1000"` | `runAsUser`, `runAsGroup` |
| `cap_add`, `cap_drop` | `capabilities.add`, `.drop`, without the prefix `CAP_` |
| `privileged`, `read_only` | `privileged`, `readOnlyRootFilesystem` |
| `no-new-privileges` | `allowPrivilegeEscalation: false` |
| `seccomp=unconfined`, `apparmor=unconfined` | `seccompProfile`, `appArmorProfile` |
| `label=type:...`, `user`, `role`, `level` | `seLinuxOptions` |

## What is lost
A user's or group's **name** stands in the image's `/etc/passwd`, which is not read here: `root` is
0, a user that the Dockerfile makes with a number or that a known image has gets that number, a name
that the Dockerfile's USER says too needs no field, and any other leaves the image's user in force
until `services.<name>.user` gives a number. `cap_add: [ALL]` is refused: what a program of the
image is known to need (`setcap` in its Dockerfile) is added, or what `services.<name>.capabilities`
names. Profiles of seccomp and AppArmor that lie in a file have to be on every node before a pod can
name them; the runtime's default stands in their place.

## Example
    user: "1000:1000"                        # runAsUser: 1000, runAsGroup: 1000
    cap_add: [NET_ADMIN]                     # capabilities: {add: [NET_ADMIN]}
    security_opt: ["no-new-privileges:true"] # allowPrivilegeEscalation: false

## References
- https://docs.docker.com/reference/compose-file/services/#user
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
- https://docs.docker.com/engine/security/
"""

import msgspec

from mooring.accounting import Path
from mooring.app.security import ContainerSecurity
from mooring.compose.nodes import Node
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.findings import Finding, Rule, Severity
from mooring.settings.choices import Choices
from mooring.sources import Position
from mooring.translate.notes import Note, Translated, approximated, carried, dropped, refused
from mooring.translate.process_user import user_number
from mooring.translate.view import ServiceView, items, text, truth

ATTRIBUTES: tuple[str, ...] = (
    "user",
    "cap_add",
    "cap_drop",
    "privileged",
    "read_only",
    "security_opt",
)

UNKNOWN_CAPABILITY = Rule(id="unknown-capability", severity=Severity.ERROR, since="0.1")
ALL_CAPABILITIES = Rule(id="all-capabilities", severity=Severity.ERROR, since="0.1")
USER_NOT_KNOWN = Rule(id="user-not-known", severity=Severity.WARNING, since="0.1")
SECURITY_LEFT_OUT = Rule(id="security-option-left-out", severity=Severity.WARNING, since="0.1")

_NAMES = frozenset(ATTRIBUTES)
_CONTEXT = "container.securityContext"
_HIGHEST_ID = 2**31 - 1
_NOTHING = Translated(ContainerSecurity())


class _Options(msgspec.Struct):
    """What `security_opt` has said so far."""

    may_gain_privileges: bool | None = None
    seccomp: str | None = None
    apparmor: str | None = None
    selinux: dict[str, str] = {}


def translate(service: ServiceView, choices: Choices) -> Translated[ContainerSecurity]:
    """Return the rights of the service's container."""
    attributes = service.attributes.entries
    chosen_user = choices.service(service.name).user
    chosen = choices.service(service.name)
    if chosen_user is None and chosen.capabilities is None and _NAMES.isdisjoint(attributes):
        group = _storage_group(service, None, None)
        return _NOTHING if group is None else Translated(ContainerSecurity(storage_group=group))
    notes: list[Note] = []
    user, group = _user(service, chosen_user, notes)
    options = _Options()
    for index, node in items(service.get("security_opt")):
        _option(service, index, node, options, notes)
    added = _added(service, choices, notes)
    dropped_ones = _capabilities(service, "cap_drop", notes)
    for name, to in (("privileged", "privileged"), ("read_only", "readOnlyRootFilesystem")):
        if name in attributes:
            notes.append(carried(service.path(name), f"{_CONTEXT}.{to}"))
    notes.extend(
        carried(service.path(name), "nothing is asked for")
        for name in ("cap_add", "cap_drop", "security_opt")
        if name in attributes and not tuple(items(service.get(name)))
    )
    return Translated(
        ContainerSecurity(
            user=user,
            group=group,
            storage_group=_storage_group(service, user, group),
            added_capabilities=added,
            dropped_capabilities=dropped_ones,
            privileged=truth(service.get("privileged")),
            read_only_root=truth(service.get("read_only")),
            may_gain_privileges=options.may_gain_privileges,
            seccomp=options.seccomp,
            apparmor=options.apparmor,
            selinux=options.selinux,
        ),
        tuple(notes),
    )


def _user(
    service: ServiceView, chosen: str | None, notes: list[Note]
) -> tuple[int | None, int | None]:
    """Return the numbers of user and group, as far as they are known."""
    node = service.get("user")
    given = text(node) if node is not None else ""
    path = service.path("user")
    to = f"{_CONTEXT}.runAsUser, {_CONTEXT}.runAsGroup"
    if chosen is not None:
        if "user" in service.attributes.entries:
            notes.append(carried(path, f"{to}: as mooring.yaml says"))
        return _numbers(chosen)
    if "user" not in service.attributes.entries:
        return None, None
    facts_user = service.image_facts.user if service.image_facts else None
    user, group = _numbers(given)
    user_name, _, group_name = given.partition(":")
    if user is None and user_name:
        user = user_number(user_name, service)
        if user is not None:
            notes.append(_named_user(service, user_name, user))
            group = user if group_name == user_name else group
    known = (user is not None or not user_name) and (group is not None or not group_name)
    if known:
        notes.append(carried(path, to))
    elif facts_user is not None and facts_user.value == given:
        notes.append(carried(path, f"the image's own user (USER, {facts_user.position.short})"))
    else:
        _unknown_user(service, given, user, to, notes)
        if user is None:
            group = None
    return user, group


def _named_user(service: ServiceView, name: str, number: int) -> Decision:
    return Decision(
        subject=f"services.{service.name}",
        topic="user",
        choice=f"runs as user {number}, which is the {name} of its image",
        evidence=(
            Evidence(
                "its Dockerfile, or the image below, makes that user", service.position("user")
            ),
        ),
        overrule=f"services: {{{service.name}: {{user: <uid>}}}}",
    )


def _storage_group(service: ServiceView, user: int | None, group: int | None) -> int | None:
    """Return the group of a process that is not root, as Compose or else its Dockerfile says."""
    facts = service.image_facts
    if user is None and facts is not None and facts.user is not None:
        user, group = _numbers(facts.user.value)
    # Without a group the process has that of root, to which nobody wants to give its files.
    return (group or user) if user else None


def _numbers(given: str) -> tuple[int | None, int | None]:
    user, _, group = given.partition(":")
    return _number(user), _number(group)


def _number(given: str) -> int | None:
    """Return a user's or group's number; root is 0 in every image."""
    if given == "root":
        return 0
    if given.isascii() and given.isdigit() and int(given) <= _HIGHEST_ID:
        return int(given)
    return None


def _unknown_user(
    service: ServiceView, given: str, user: int | None, to: str, notes: list[Note]
) -> None:
    """Say that a name cannot be resolved: of the user, or of the group alone."""
    of_user = user is None
    what = f'the user "{given}"' if of_user else f'the group "{given.partition(":")[2]}"'
    stays = "the image's own user" if of_user else f"user {user} with the group of the image"
    position = service.position("user")
    overrule = f'services: {{{service.name}: {{user: "1000:1000"}}}}'
    notes.append(
        approximated(
            service.path("user"),
            f"only the image's /etc/passwd knows the number of {what}: {stays} stays in force",
            to,
        )
    )
    notes.append(
        Decision(
            subject=f"services.{service.name}",
            topic="user",
            choice=stays,
            evidence=(Evidence(f"{what} is a name, and pods take numbers", position),),
            overrule=overrule,
        )
    )
    notes.append(
        USER_NOT_KNOWN.finding(
            position,
            f'service "{service.name}" runs as {what}, whose number only its image knows',
            remedy=f"give the number (docker run --rm IMAGE id): {overrule} in mooring.yaml",
        )
    )


def _added(service: ServiceView, choices: Choices, notes: list[Note]) -> tuple[str, ...]:
    """Return the capabilities that are added; all of them never are, but those that are known."""
    chosen = choices.service(service.name).capabilities
    names = _capabilities(service, "cap_add", notes, is_settled=chosen is not None)
    if chosen is not None:
        return chosen
    if "ALL" not in names:
        return names
    facts = service.image_facts
    needed: dict[str, Position | None] = dict(facts.file_capabilities) if facts else {}
    if service.known is not None:
        image_at = service.position("image")
        needed.update((name, image_at) for name in service.known.family.capabilities)
    notes.extend(_in_place_of_all(service, needed))
    return tuple(dict.fromkeys((*(name for name in names if name != "ALL"), *needed)))


def _in_place_of_all(service: ServiceView, needed: dict[str, Position | None]) -> tuple[Note, ...]:
    """Return what is said of a service that asks for all capabilities."""
    at = service.position("cap_add")
    line = f"services: {{{service.name}: {{capabilities: [NET_RAW]}}}}"
    gets = ", ".join(needed) or "none but the default ones"
    finding = ALL_CAPABILITIES.finding(
        at,
        f'service "{service.name}" asks for all capabilities, which make it root of its node; it '
        f"gets {gets}",
        remedy=f"name those that it needs: {line} in mooring.yaml",
    )
    if not needed:
        question = OpenQuestion(
            subject=f"services.{service.name}.cap_add",
            question="it asks for all capabilities, and gets none but the default ones: which does "
            "it need?",
            answer=line,
            position=at,
        )
        return (finding, question)
    decision = Decision(
        subject=f"services.{service.name}",
        topic="capabilities",
        choice=f"{gets}, in place of all",
        evidence=tuple(
            Evidence(f"a program of its image needs {name}", position)
            for name, position in needed.items()
        ),
        overrule=line,
    )
    return (finding, decision)


def _capabilities(
    service: ServiceView, attribute: str, notes: list[Note], *, is_settled: bool = False
) -> tuple[str, ...]:
    """Return the capabilities without prefix, each once."""
    found: dict[str, None] = {}
    verb = "add" if attribute == "cap_add" else "drop"
    for index, node in items(service.get(attribute)):
        name = text(node).upper().removeprefix("CAP_")
        path = service.path(attribute, index)
        if name not in CAPABILITIES and not is_settled:
            notes.append(dropped(path, "Linux has no such capability"))
            notes.append(_unknown_capability(service, text(node), node.position))
            continue
        found[name] = None
        to = f"{_CONTEXT}.capabilities.{verb}"
        if is_settled:
            notes.append(carried(path, f"{to}: as mooring.yaml says"))
        elif name == "ALL" and verb == "add":
            reason = "all capabilities make the container root of its node; it gets what it needs"
            notes.append(refused(path, reason))
        else:
            notes.append(carried(path, to))
    return tuple(found)


def _unknown_capability(service: ServiceView, given: str, position: Position | None) -> Finding:
    from mooring.compose import suggest  # for an error only

    remedy = suggest.did_you_mean(given.upper().removeprefix("CAP_"), CAPABILITIES)
    return UNKNOWN_CAPABILITY.finding(
        position,
        f'service "{service.name}" names the capability "{given}", which Linux does not have: '
        "no runtime starts such a container",
        remedy=remedy or "take a name of capabilities(7)",
    )


CAPABILITIES = (
    "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF",
    "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID",
    "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE",
    "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE",
    "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME",
    "SYS_TTY_CONFIG", "WAKE_ALARM",
)  # fmt: skip
"""Source: https://man7.org/linux/man-pages/man7/capabilities.7.html; ALL is Docker's word."""


def _option(
    service: ServiceView, index: int, node: Node, options: _Options, notes: list[Note]
) -> None:
    """Take one item of `security_opt`: `name=value` or `name:value`."""
    path = service.path("security_opt", index)
    given = text(node)
    separator = "=" if "=" in given else ":"
    name, _, value = given.partition(separator)
    if name == "no-new-privileges":
        gains = value.lower() in {"false", "0"}
        options.may_gain_privileges = gains
        notes.append(carried(path, f"{_CONTEXT}.allowPrivilegeEscalation"))
    elif name == "seccomp":
        options.seccomp = _profile(service, path, node, value, "seccomp", notes)
    elif name == "apparmor":
        # Where AppArmor is on, its default is applied without a field; where it is off, a pod
        # that asks for it is refused by the kubelet.
        options.apparmor = _profile(service, path, node, value, "apparmor", notes)
    elif name == "label":
        _label(path, value, options, notes)
    else:
        notes.append(dropped(path, "Kubernetes has no field for this option of Docker"))
        _left_out(service, node, notes, "remove it, or see whether the container needs it")


_PROFILE_FIELDS = {
    "seccomp": f"{_CONTEXT}.seccompProfile",
    "apparmor": f"{_CONTEXT}.appArmorProfile",
}
_DEFAULT_PROFILES = {"seccomp": ("builtin", "default"), "apparmor": ("docker-default", "")}
_IN_PLACE = {"seccomp": "default", "apparmor": None}


def _profile(
    service: ServiceView, path: Path, node: Node, value: str, kind: str, notes: list[Note]
) -> str | None:
    """Return the profile that a container can have without anything put on its node before."""
    to = _PROFILE_FIELDS[kind]
    if value == "unconfined":
        notes.append(carried(path, to))
        return "unconfined"
    if value in _DEFAULT_PROFILES[kind]:
        notes.append(carried(path, f"{to}: the runtime's default"))
        return _IN_PLACE[kind]
    notes.append(
        approximated(
            path,
            "a profile has to be on every node before a pod can name it, so the runtime's "
            "default stands in its place",
            to,
        )
    )
    _left_out(
        service,
        node,
        notes,
        "put the profile on the nodes (Security Profiles Operator) and name it in a patch",
    )
    return _IN_PLACE[kind]


_SELINUX_FIELDS = frozenset({"user", "role", "type", "level"})


def _label(path: Path, value: str, options: _Options, notes: list[Note]) -> None:
    field, _, given = value.partition(":")
    if value == "disable":
        options.selinux = {**options.selinux, "type": "spc_t"}
        notes.append(
            approximated(
                path,
                "SELinux stays on, and the type spc_t confines nothing",
                f"{_CONTEXT}.seLinuxOptions.type",
            )
        )
    elif field in _SELINUX_FIELDS and given:
        options.selinux = {**options.selinux, field: given}
        notes.append(carried(path, f"{_CONTEXT}.seLinuxOptions.{field}"))
    else:
        notes.append(dropped(path, "Kubernetes has no field for this SELinux option"))


def _left_out(service: ServiceView, node: Node, notes: list[Note], remedy: str) -> None:
    notes.append(
        SECURITY_LEFT_OUT.finding(
            node.position,
            f'service "{service.name}" runs without the security option {text(node)}',
            remedy=remedy,
        )
    )
