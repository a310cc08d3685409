"""
A project in which each job that runs by the clock is a service of its own.

What a job inherits from the container that it ran in is what makes a process the same process:
image, settings, mounts, user, rights and limits, networks.  What makes a container a server stays
behind: ports, health, names, restarts, what it waits for.  Of a data store the files stay behind
too: a second process on the files of a running database ruins them, and the command asks the
server instead.

The made services say nothing that their origin does not say, so their values are accounted for
there.
"""

import posixpath
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose.attributes import volumes
from mooring.compose.environment import EnvValue
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.project import Project
from mooring.errors import InputError
from mooring.images.facts import Role
from mooring.settings.choices import Choices, ServiceChoices
from mooring.translate.knowledge import known_image
from mooring.translate.scheduling import local_servers, plan
from mooring.translate.scheduling.jobs import Kind, Word
from mooring.translate.scheduling.plan import Planned
from mooring.translate.view import field, items, text

_OF_SERVERS = frozenset(
    {
        "annotations", "attach", "command", "container_name", "depends_on", "deploy", "develop",
        "domainname", "entrypoint", "expose", "external_links", "healthcheck", "hostname",
        "label_file", "labels", "links", "logging", "mac_address", "network_mode", "networks",
        "ports", "post_start", "pre_start", "pre_stop", "profiles", "provider", "restart", "scale",
        "stdin_open", "stop_grace_period", "stop_signal", "tty", "volumes",
    }
)  # fmt: skip
"""What of a service a command in its container does not have, or has in another form."""

_OF_RUNS = frozenset({"resources", "placement"})
_STORES = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})
_SOCKETS = ("/docker.sock", "/podman.sock")
INHERITED = (
    "image", "user", "family", "capabilities", "allow", "architecture", "settings", "mounts"
)  # fmt: skip
"""What is settled for a service and counts for what is made of it, unless that says otherwise."""


def unfolded(project: Project, choices: Choices) -> tuple[Project, Choices]:
    """Return ``project`` with a service for each job that needs one, and what is settled for it."""
    made = [one for one in plan.plan(project, choices).planned if one.is_own and not one.problem]
    root = project.root
    services = root.entries.get("services")
    if not made or not isinstance(services, Mapping):
        return project, choices
    entries = dict(services.entries)
    keys = dict(services.keys)
    environments = dict(project.resolved_environments)
    settled = dict(choices.services)
    for one in made:
        node, environment = _service(one, project)
        entries[one.service] = node
        environments[one.service] = environment
        position = services.key_position(one.origin or one.job.holder)
        if position is not None:
            keys[one.service] = position
        if one.origin in settled:
            settled[one.service] = _inherited(settled[one.origin], choices.service(one.service))
    services = Mapping(entries, services.position, keys)
    return (
        msgspec.structs.replace(
            project,
            root=Mapping({**root.entries, "services": services}, root.position, root.keys),
            resolved_environments=environments,
            copies={one.service: one.origin or one.job.holder for one in made},
        ),
        msgspec.structs.replace(choices, services=settled),
    )


def _inherited(origin: ServiceChoices, own: ServiceChoices) -> ServiceChoices:
    """Return ``own`` with what is settled for the origin, where it concerns the process."""
    defaults = ServiceChoices()
    found = {
        name: getattr(origin, name)
        for name in INHERITED
        if getattr(own, name) == getattr(defaults, name)
    }
    return msgspec.structs.replace(own, **found)


def withheld(project: Project, one: Planned) -> tuple[str, ...]:
    """Return the folders of a data store in the origin that the job's pod does not get."""
    origin = project.services.get(one.origin)
    known = known_image(origin, None) if origin is not None else None
    if origin is None or known is None or known.family.role not in _STORES:
        return ()
    places = [data.path for data in known.family.data]
    targets = [
        text(target)
        for _, mount in items(field(origin, "volumes"))
        if (target := field(mount, "target")) is not None
    ]
    return tuple(
        target
        for target in targets
        if any(
            f"{place}/".startswith(f"{target}/") or f"{target}/".startswith(f"{place}/")
            for place in places
        )
    )


def command_of(project: Project, one: Planned) -> tuple[str, ...]:
    """Return the job's command as it runs in a pod of its own: with servers called by name."""
    if one.job.kind is not Kind.EXEC:
        return one.command
    return local_servers.dialling(one.command, one.origin)


def names_own_user(project: Project, one: Planned) -> bool:
    """
    Tell whether a job asks by name for the user as whom the known image of its origin runs.

    A pod takes numbers, and the catalogue has that of the image's own user alone.
    """
    origin = project.services.get(one.origin)
    known = known_image(origin, None) if origin is not None else None
    name = one.job.text("user")
    if known is None or not name or name == "root" or name[0].isdecimal():
        return False
    family = known.family
    own = family.users[0] if family.users else None
    return name not in family.accounts and own is not None and bool(own.uid or own.drops_to)


def _service(one: Planned, project: Project) -> tuple[Mapping, dict[str, EnvValue]]:
    job = one.job
    origin = project.services.get(one.origin)
    position = job.words["schedule"].position
    entries: dict[str, Node] = {}
    environment: dict[str, EnvValue] = {}
    own = project.services[job.holder]
    if origin is not None:
        entries = {
            name: node
            for name, node in origin.entries.items()
            if name not in _OF_SERVERS and not name.startswith("x-")
        }
        environment = dict(project.resolved_environments.get(one.origin, {}))
        _keep(entries, "volumes", _mounts(origin, withheld(project, one), one))
        _keep(entries, "deploy", _amounts(origin))
        own = origin
        position = origin.position
    else:
        entries["image"] = Scalar(job.text("image"), job.words["image"].position)
        mounts = _named_mounts(job.words.get("volume"), job.texts("volume"), project)
        _keep(entries, "volumes", mounts)
    _keep(entries, "networks", _networks(own, job.text("network"), project))
    if not names_own_user(project, one):
        _keep(entries, "user", _scalar(job.words.get("user")))
    _keep(entries, "working_dir", _scalar(job.words.get("dir")))
    command = command_of(project, one)
    word = job.words.get("command")
    if command and word is not None:
        words = Sequence(tuple(Scalar(each, word.position) for each in command), word.position)
        entries["command" if origin is None else "entrypoint"] = words
    added = {
        name: EnvValue(value=value, position=job.words["environment"].position)
        for pair in job.texts("environment")
        for name, _, value in (pair.partition("="),)
    }
    if origin is not None and local_servers.asks_postgres(command):
        for name, value in local_servers.password_of(_values(environment)).items():
            source = environment["POSTGRES_PASSWORD"]
            if name not in environment:
                added[name] = msgspec.structs.replace(source, value=value)
    environment.update(added)
    if added:
        before = entries.get("environment")
        known = before.entries if isinstance(before, Mapping) else {}
        entries["environment"] = Mapping(
            {**known, **{name: Scalar(one.value, one.position, one.variables)
                         for name, one in added.items()}}
        )  # fmt: skip
    keys = {name: at for name, at in own.keys.items() if name in entries} if origin else {}
    return Mapping(entries, position, keys), environment


def _values(environment: ReadOnly[str, EnvValue]) -> dict[str, str]:
    return {name: one.value for name, one in environment.items() if one.value is not None}


def _keep(entries: dict[str, Node], name: str, node: Node | None) -> None:
    if node is not None:
        entries[name] = node


def _scalar(word: Word | None) -> Scalar | None:
    return Scalar(word.text, word.position) if word is not None and word.text else None


def _mounts(origin: Mapping, without: tuple[str, ...], one: Planned) -> Sequence | None:
    """Return what the origin mounts that another pod can mount too."""
    found = origin.entries.get("volumes")
    if not isinstance(found, Sequence):
        return None
    return Sequence(
        tuple(mount for mount in found.items if _is_kept(mount, without, one)), found.position
    )


def _is_kept(mount: Node, without: tuple[str, ...], one: Planned) -> bool:
    kind, source, target = field(mount, "type"), field(mount, "source"), field(mount, "target")
    if target is None or text(target) in without:
        return False
    if source is None:
        return kind is not None and text(kind) == "tmpfs"
    is_socket = text(source).endswith(_SOCKETS)
    return not (is_socket and one.job.kind is Kind.LOCAL)


def _named_mounts(word: Word | None, texts: tuple[str, ...], project: Project) -> Sequence | None:
    """Return the mounts of a new container, their volumes by the keys of the project."""
    if word is None or not texts:
        return None
    called = {
        text(name): key
        for key, definition in project.mappings("volumes").items()
        if (name := field(definition, "name")) is not None
    }
    short = []
    for each in texts:
        source, colon, rest = each.partition(":")
        if colon and not volumes.is_path(source):
            source = called.get(source, source)
        elif colon and source.startswith("."):
            source = posixpath.normpath(f"{project.directory}/{source}")
        short.append(Scalar(f"{source}{colon}{rest}", word.position))
    try:
        found = volumes.canonical(Sequence(tuple(short), word.position))
    except InputError:
        return None
    return found if isinstance(found, Sequence) else None


def unknown_volumes(texts: tuple[str, ...], project: Project) -> tuple[str, ...]:
    """Return the volumes among mounts of a new container that the stack does not define."""
    defined = project.mappings("volumes")
    called = {text(name) for one in defined.values() if (name := field(one, "name")) is not None}
    sources = [each.partition(":")[0] for each in texts if ":" in each]
    return tuple(
        one
        for one in sources
        if not volumes.is_path(one) and one not in defined and one not in called
    )


def _amounts(origin: Mapping) -> Mapping | None:
    deploy = origin.entries.get("deploy")
    if not isinstance(deploy, Mapping):
        return None
    kept = {name: node for name, node in deploy.entries.items() if name in _OF_RUNS}
    return Mapping(kept, deploy.position, deploy.keys) if kept else None


def _networks(own: Mapping, wanted: str, project: Project) -> Mapping | None:
    """Return the networks of a job: the one that it names, or else those of ``own``, nameless."""
    if wanted:
        for key, definition in project.mappings("networks").items():
            name = field(definition, "name")
            if wanted == key or (name is not None and text(name) == wanted):
                return Mapping({key: Scalar(None)})
    found = own.entries.get("networks")
    if not isinstance(found, Mapping):
        return None
    return Mapping({name: Scalar(None) for name in found.entries}, found.position)
