"""Types of the top level of a project, and of what it declares beside services."""

from mooring.compose.attributes import key_values
from mooring.compose.nodes import Mapping, Node
from mooring.compose.types.workload import JOB, service
from mooring.compose.values import (
    any_boolean,
    boolean,
    integer,
    list_of,
    mapping_of,
    record,
    text,
    text_list,
)

_EMPTY = Mapping({})


def _file_object(node: Node) -> Node | None:
    """A config taken from the environment is printed by the name of its variable."""
    made = _FILE_OBJECT(node)
    if isinstance(made, Mapping) and "environment" in made.entries and "content" in made.entries:
        entries = {name: value for name, value in made.entries.items() if name != "content"}
        return Mapping(entries, made.position, made.keys)
    return made


_NETWORK = record(
    {
        "attachable": boolean,
        "driver": text,
        "driver_opts": key_values.texts,
        "enable_ipv4": any_boolean,
        "enable_ipv6": any_boolean,
        "external": boolean,
        "internal": boolean,
        "ipam": record(
            {
                "config": list_of(
                    record(
                        {
                            "aux_addresses": key_values.texts,
                            "gateway": text,
                            "ip_range": text,
                            "subnet": text,
                        }
                    )
                ),
                "driver": text,
                "options": key_values.texts,
            }
        ),
        "labels": key_values.texts,
        "name": text,
    },
    {"ipam": _EMPTY},
)

_VOLUME = record(
    {
        "driver": text,
        "driver_opts": key_values.texts,
        "external": boolean,
        "labels": key_values.texts,
        "name": text,
    }
)

_FILE_OBJECT = record(
    {
        "content": text,
        "driver": text,
        "driver_opts": key_values.strict_texts,
        "environment": text,
        "external": boolean,
        "file": text,
        "labels": key_values.texts,
        "name": text,
        "template_driver": text,
    }
)

_MODEL = record({"context_size": integer, "model": text, "name": text, "runtime_flags": text_list})

PROJECT = record(
    {
        "configs": mapping_of(_file_object),
        "jobs": mapping_of(JOB),
        "models": mapping_of(_MODEL),
        "name": text,
        "networks": mapping_of(_NETWORK),
        "secrets": mapping_of(_file_object),
        "services": mapping_of(service),
        "volumes": mapping_of(_VOLUME),
    },
    {"services": _EMPTY},
)
