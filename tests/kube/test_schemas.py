"""What is packed of the kinds of Kubernetes says something of every field."""

import pytest

from mooring.kube.schemas import served

PACKED = served.packed()


@pytest.mark.parametrize("name", sorted(PACKED.types))
def test_every_field_is_of_a_type_that_is_there(name: str) -> None:
    fields, required = PACKED.types[name]
    for field, shape in fields.items():
        inner = shape.lstrip("[{")
        assert inner in tuple("sinbqox") or (inner[0] == "@" and inner[1:] in PACKED.types), field
    assert set(required) <= set(fields)


def test_every_kind_has_its_type() -> None:
    assert set(PACKED.kinds.values()) <= set(PACKED.types)
    assert set(PACKED.kinds) <= set(PACKED.served)
