"""The table of keys, the types that hold what was said, and the JSON Schema say the same."""

from typing import Any

import jsonschema_rs
import msgspec
import pytest
import yaml
from tests.settings import test_reader

from mooring.settings import cluster_schema, forms, json_schema, schema, service_schema
from mooring.settings.choices import (
    AmountChoices,
    AutoscaleChoices,
    ExposureChoice,
    ResourceChoices,
    ServiceChoices,
    VolumeChoices,
)
from mooring.settings.cluster_profiles import PROFILES
from mooring.settings.clusters import PROFILE_NAMES, Node
from mooring.settings.environments import Environment, ImageSource
from mooring.settings.written_clusters import WrittenCluster


@pytest.mark.parametrize(
    ("record", "type_"),
    [
        pytest.param(service_schema.SERVICE, ServiceChoices, id="service"),
        pytest.param(service_schema.EXPOSURE, ExposureChoice, id="exposure"),
        pytest.param(service_schema.RESOURCES, ResourceChoices, id="resources"),
        pytest.param(service_schema.AMOUNTS, AmountChoices, id="amounts"),
        pytest.param(service_schema.AUTOSCALE, AutoscaleChoices, id="autoscale"),
        pytest.param(schema.VOLUME, VolumeChoices, id="volume"),
        pytest.param(schema.ENVIRONMENT, Environment, id="environment"),
        pytest.param(cluster_schema.CLUSTER, WrittenCluster, id="cluster"),
        pytest.param(cluster_schema.NODE, Node, id="node"),
    ],
)
def test_each_supported_key_has_a_field_and_each_field_a_key(
    record: forms.Record, type_: type[msgspec.Struct]
) -> None:
    supported = {name for name, field in record.fields.items() if field.value is not None}
    fields = set(type_.__struct_fields__)
    if "images" in fields:
        fields |= set(ImageSource.__struct_fields__)
    assert supported == fields - ({"name", "images"} if type_ is not Node else set())


def test_each_key_that_is_still_to_come_is_tested() -> None:
    tested = {key.rpartition(".")[2] for key in test_reader.NOT_YET}
    records = (schema.SETTINGS, schema.ENVIRONMENT, service_schema.SERVICE, schema.VOLUME)
    assert tested == {
        name for record in records for name, field in record.fields.items() if field.value is None
    }


def _examples(value: forms.Value) -> list[forms.Text]:
    match value:
        case forms.Text():
            return [value]
        case forms.ListOf(item):
            return _examples(item)
        case forms.TruthOr(named):
            return _examples(named)
        case forms.ByEnvironment(inner):
            return _examples(inner)
        case forms.Named():
            return [value.names, *_examples(value.value)]
        case forms.Record(fields):
            values = [field.value for field in fields.values() if field.value is not None]
            return [text for each in values for text in _examples(each)]
        case forms.WordOr(_, record):
            return _examples(record)
        case forms.OneOf() | forms.Count() | forms.Truth():
            return []


def test_each_example_is_allowed() -> None:
    texts = _examples(schema.SETTINGS)
    wrong = [
        text.example
        for text in texts
        if not jsonschema_rs.is_valid(
            {"pattern": f"^({text.pattern})$", "maxLength": text.longest or 999}, text.example
        )
    ]
    assert (len(texts) > 10, wrong) == (True, [])


def _cases(test: Any) -> list[str]:
    marks = {mark.args[0]: mark.args[1] for mark in test.pytestmark}
    (cases,) = marks.values()
    return [case.values[0] for case in cases]


@pytest.mark.parametrize("text", _cases(test_reader.test_what_a_file_settles))
def test_an_editor_accepts_what_the_reader_accepts(text: str) -> None:
    assert jsonschema_rs.is_valid(json_schema.json_schema(), yaml.safe_load(text))


@pytest.mark.parametrize(
    "text",
    [
        *test_reader.NOT_YET.values(),
        *(
            text
            for text in _cases(test_reader.test_a_fault_has_a_place_a_cause_and_a_remedy)
            # What only the reader sees: another document, a tag, a tier that the name does not say,
            # a name that stands nowhere else.
            if not any(sign in text for sign in ("---", "!reset", "qa: {}", "kimd"))
        ),
    ],
)
def test_an_editor_refuses_what_the_reader_refuses(text: str) -> None:
    assert not jsonschema_rs.is_valid(json_schema.json_schema(), yaml.safe_load(text))


def test_the_schema_itself_is_valid() -> None:
    jsonschema_rs.meta.validate(json_schema.json_schema())


def test_the_profiles_that_can_be_chosen_are_those_that_there_are() -> None:
    assert tuple(PROFILES) == PROFILE_NAMES
