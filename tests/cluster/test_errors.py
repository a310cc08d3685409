"""What an error says of itself that others act on."""

import pytest

from mooring.cluster.errors import Cause, FieldConflict, Invalid


@pytest.mark.parametrize(
    ("message", "is_immutable"),
    [
        pytest.param("spec.selector: Invalid value: {}: field is immutable", True, id="a-selector"),
        pytest.param(
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas' are "
            "forbidden",
            True,
            id="a-stateful-set",
        ),
        pytest.param("spec.replicas: Invalid value: -1: must not be negative", False, id="a-value"),
    ],
)
def test_what_only_a_new_object_can_change(message: str, is_immutable: bool) -> None:
    error = Invalid(
        "the object is invalid", code=422, causes=(Cause("FieldValueInvalid", message),)
    )
    assert error.is_immutable == is_immutable


def test_a_field_conflict_names_who_holds_what() -> None:
    causes = (
        Cause("FieldManagerConflict", 'conflict with "kubectl" using apps/v1', ".spec.replicas"),
        Cause("Other", "something else", ".spec"),
    )
    assert FieldConflict("conflict", code=409, causes=causes).held == {".spec.replicas": "kubectl"}
