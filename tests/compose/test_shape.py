"""Faults of shape: each with its place, what it is, and what to do about it."""

import pytest
from tests.compose.documents import model, service, shown

from mooring.compose import shape


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        pytest.param(
            "image: nginx\nprots: ['80:80']",
            "compose.yaml:4:5: services.web.prots: is no attribute that Compose knows here\n"
            '  help: did you mean "ports"?',
            id="a-misspelt-attribute-is-met-with-the-one-meant",
        ),
        pytest.param(
            "replicas: 3",
            "compose.yaml:3:5: services.web.replicas: is no attribute that Compose knows here\n"
            '  help: "replicas" belongs under "deploy"',
            id="an-attribute-of-a-deeper-level-is-sent-there",
        ),
        pytest.param(
            "zzz: 3",
            "compose.yaml:3:5: services.web.zzz: is no attribute that Compose knows here\n"
            '  help: remove it; a name of your own begins with "x-", as in "x-zzz"',
            id="a-name-like-no-other-may-be-made-an-extension",
        ),
        pytest.param(
            "ports: '80:80'",
            'compose.yaml:3:12: services.web.ports: must be a list, not the text "80:80"\n'
            '  help: write it as a list: put "- " before it on a line of its own',
            id="a-text-where-a-list-belongs",
        ),
        pytest.param(
            "image: 7",
            "compose.yaml:3:12: services.web.image: must be a text, not the number 7\n"
            '  help: put it in quotes: "7"',
            id="a-number-where-a-text-belongs",
        ),
        pytest.param(
            "ports:",
            "compose.yaml:3:11: services.web.ports: has no value; it must be a list\n"
            "  help: give it a value, or remove the line",
            id="nothing-where-a-list-belongs",
        ),
        pytest.param(
            "logging: [driver]",
            "compose.yaml:3:14: services.web.logging: must be a mapping, not a list\n"
            '  help: write it as a mapping: remove the "- " before the names',
            id="a-list-where-a-mapping-belongs",
        ),
        pytest.param(
            "cap_add: {ALL: true}",
            "compose.yaml:3:14: services.web.cap_add: must be a list of texts, not a mapping\n"
            '  help: write it as a list: put "- " before each entry',
            id="a-mapping-where-a-list-belongs",
        ),
        pytest.param(
            "deploy: {update_config: {order: start_first}}",
            'compose.yaml:3:37: services.web.deploy.update_config.order: must be "start-first" or '
            '"stop-first", not "start_first"\n'
            '  help: did you mean "start-first"?',
            id="a-choice-that-does-not-exist",
        ),
        pytest.param(
            "pull_policy: sometimes",
            'compose.yaml:3:18: services.web.pull_policy: cannot be "sometimes"\n'
            '  help: use "always", "missing", "never", "build", "daily" or "every_12h"',
            id="a-text-that-does-not-match",
        ),
        pytest.param(
            "oom_score_adj: 1001",
            "compose.yaml:3:20: services.web.oom_score_adj: must be at most 1000, not 1001",
            id="a-number-above-its-limit",
        ),
        pytest.param(
            "cpu_count: -1",
            "compose.yaml:3:16: services.web.cpu_count: must be at least 0, not -1",
            id="a-number-below-its-limit",
        ),
        pytest.param(
            "depends_on: {db: {restart: true}}",
            'compose.yaml:3:18: services.web.depends_on.db: "condition" is missing\n'
            '  help: add "condition"',
            id="a-required-attribute-is-absent",
        ),
        pytest.param(
            "dns_opt: [a, b, a]",
            'compose.yaml:3:21: services.web.dns_opt: "a" stands there twice, '
            "first at compose.yaml:3:15\n"
            "  help: remove one of the two",
            id="an-entry-that-stands-there-twice",
        ),
        pytest.param(
            "command: [echo, 5]",
            "compose.yaml:3:21: services.web.command[1]: must be a text, not the number 5\n"
            '  help: put it in quotes: "5"',
            id="the-place-in-a-list-is-told",
        ),
        pytest.param(
            "stop_grace_period: 30",
            "compose.yaml:3:24: services.web.stop_grace_period: must be a text, not the number 30\n"
            '  help: write it with its unit: "30s"',
            id="a-duration-without-its-unit",
        ),
    ],
)
def test_a_fault_is_told_with_its_place_and_remedy(attributes: str, message: str) -> None:
    assert shown(shape.check(service(attributes))) == [message]


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param("x-anything: [1, {a: null}]", id="extensions-hold-anything"),
        pytest.param("cpu_count: 2.0", id="a-number-without-fraction-is-an-integer"),
        pytest.param("group_add: ['1', 1, true-ish]", id="a-text-is-not-the-number-it-looks-like"),
        pytest.param("logging: {options: {a: null, b: 1, c: x}}", id="options-of-any-scalar"),
        pytest.param("gpus: [{unknown: 1}]", id="gpu-requests-are-open"),
        pytest.param("deploy:", id="nothing-where-nothing-is-allowed"),
        pytest.param("storage_opt: {size: [1]}", id="storage-options-hold-anything"),
    ],
)
def test_what_the_specification_allows_is_no_fault(attributes: str) -> None:
    assert shape.check(service(attributes)) == []


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    faults = shape.check(
        model(
            """
            services:
              web: {imag: x, ports: 80}
              "a b": {image: x}
              db:
            volums: {}
            """
        )
    )
    assert [str(fault.position) for fault in faults] == [
        "compose.yaml:3:9",
        "compose.yaml:3:25",
        "compose.yaml:4:3",
        "compose.yaml:5:6",
        "compose.yaml:6:1",
    ]


def test_a_name_outside_of_the_allowed_characters_is_no_unknown_attribute() -> None:
    (fault,) = shown(shape.check(model('services: {"a b": {image: x}}')))
    assert 'a name here must be letters, digits, ".", "_" and "-"' in fault


def test_a_job_needs_a_trigger() -> None:
    (fault,) = shown(shape.check(model("jobs: {clean: {image: x, triggers: {}}}")))
    assert '"manual" or "schedule" is missing' in fault


def test_a_document_that_is_no_mapping_is_a_fault() -> None:
    (fault,) = shown(shape.check(model("a: [1]").entries["a"]))
    assert fault == (
        "compose.yaml:1:4: the file: must be a mapping, not a list\n"
        '  help: write it as a mapping: remove the "- " before the names'
    )
