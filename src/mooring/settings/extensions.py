"""
`x-mooring` of a service or a volume in a Compose file: the choices of mooring.yaml, nearer to it.

It says what ``services.<name>`` or ``volumes.<name>`` of mooring.yaml says, with the variables of
Compose, and goes with the service through `extends`, `include` and override files.  Where both
speak, the nearer one counts.
"""

from typing import TypeVar

import msgspec

from mooring.compose.nodes import Mapping, Node
from mooring.errors import InputErrors
from mooring.settings.checking import InvalidSettingsValue, Reading
from mooring.settings.choices import Choices, ServiceChoices, VolumeChoices
from mooring.settings.forms import Record
from mooring.settings.schema import VOLUME
from mooring.settings.service_schema import SERVICE
from mooring.settings.settled import EXTENSION, FILE_NAME, Settings

_Choices = TypeVar("_Choices", ServiceChoices, VolumeChoices)


def with_extensions(settings: Settings, root: Mapping) -> Settings:
    """
    Return ``settings`` with what the Compose model ``root`` says itself laid over its choices.

    Raises:
        InputErrors: the faults of every `x-mooring`, all at once.
    """
    reading = Reading()
    services = dict(settings.choices.services)
    volumes = dict(settings.choices.volumes)
    for kind, named in root.entries.items():
        if kind == "services":
            _lay_over(services, kind, named, SERVICE, ServiceChoices, reading)
        elif kind == "volumes":
            _lay_over(volumes, kind, named, VOLUME, VolumeChoices, reading)
        else:
            _refuse_elsewhere(kind, named, root, reading)
    if reading.errors:
        raise InputErrors(reading.errors)
    return msgspec.structs.replace(
        settings,
        choices=Choices(services=services, volumes=volumes),
        names={**settings.names, **reading.names},
    )


def _lay_over(
    choices: dict[str, _Choices],
    kind: str,
    named: Node,
    record: Record,
    type_: type[_Choices],
    reading: Reading,
) -> None:
    if not isinstance(named, Mapping):
        return
    for name, node in named.entries.items():
        said = node.get(EXTENSION) if isinstance(node, Mapping) else None
        if said is None or not isinstance(node, Mapping):
            continue
        key = node.key_position(EXTENSION)
        found = reading.read(said, record, (kind, name, EXTENSION), key)
        nearer = msgspec.convert(found or {}, type_)
        before = choices.get(name)
        choices[name] = nearer if before is None else _joined(before, nearer)


def _joined(farther: _Choices, nearer: _Choices) -> _Choices:
    """Return both, the nearer where both speak; of mappings, entry by entry."""
    said: dict[str, object] = {}
    for field in msgspec.structs.fields(nearer):
        near, far = getattr(nearer, field.name), getattr(farther, field.name)
        if isinstance(near, dict):
            said[field.name] = {**far, **near}
        else:
            # An empty list says something where nothing is None.
            is_silent = near is None or (near == () and field.default == ())
            said[field.name] = far if is_silent else near
    return msgspec.structs.replace(farther, **said)


def _refuse_elsewhere(kind: str, node: Node, root: Mapping, reading: Reading) -> None:
    """Refuse an extension at the top level, or of what has no choices, as a network."""
    if kind == EXTENSION:
        _refuse((kind,), root, reading)
    elif isinstance(node, Mapping) and not kind.startswith("x-"):
        for name, inner in node.entries.items():
            if isinstance(inner, Mapping) and EXTENSION in inner.entries:
                _refuse((kind, name, EXTENSION), inner, reading)


def _refuse(path: tuple[str, ...], holder: Mapping, reading: Reading) -> None:
    reading.add(
        InvalidSettingsValue,
        path,
        "has a meaning only below a service or a volume",
        holder.key_position(EXTENSION),
        f"move it there, or into {FILE_NAME}",
    )
