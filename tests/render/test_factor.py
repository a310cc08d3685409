"""The base holds what all say alike; patches only add."""

from typing import Any

import pytest
import yaml
from tests.render import sample

from mooring.errors import InputErrors
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.configuration import ConfigMap
from mooring.kube.objects.identity import ServiceAccount
from mooring.kube.objects.meta import KubeObject, ObjectMeta, TemplateMeta
from mooring.kube.objects.network import Service, ServicePort, ServiceSpec
from mooring.kube.objects.pods import PodSpec, PodTemplate
from mooring.kube.objects.workloads import Job, JobSpec
from mooring.render import carriable, factor, generators, kustomize
from mooring.render.environments import EnvironmentObjects
from mooring.render.layout import file_name, folders

NOTHING = None


@pytest.mark.parametrize(
    ("values", "shared", "rests"),
    [
        pytest.param([1, 1], 1, [NOTHING, NOTHING], id="alike-is-shared"),
        pytest.param([1, 2], NOTHING, [1, 2], id="unlike-stands-in-each"),
        pytest.param(
            [{"a": 1, "b": 1}, {"a": 1, "b": 2}],
            {"a": 1},
            [{"b": 1}, {"b": 2}],
            id="a-mapping-is-shared-by-key",
        ),
        pytest.param(
            [{"a": 1}, {"a": 1, "b": 2}],
            {"a": 1},
            [NOTHING, {"b": 2}],
            id="what-one-lacks-is-not-shared",
        ),
        pytest.param(
            [{"a": {"b": 1}}, {"a": {"b": 2}}],
            NOTHING,
            [{"a": {"b": 1}}, {"a": {"b": 2}}],
            id="no-empty-shells-are-left",
        ),
        pytest.param(
            [{"emptyDir": {}}, {"emptyDir": {"sizeLimit": "1Gi"}}],
            {"emptyDir": {}},
            [NOTHING, {"emptyDir": {"sizeLimit": "1Gi"}}],
            id="an-empty-mapping-that-is-meant-stays",
        ),
        pytest.param(
            [{"args": ["a"]}, {"args": ["a", "b"]}],
            NOTHING,
            [{"args": ["a"]}, {"args": ["a", "b"]}],
            id="a-list-without-keys-is-whole",
        ),
        pytest.param(
            [
                {"containers": [{"name": "a", "image": "1"}, {"name": "b", "image": "1"}]},
                {"containers": [{"name": "a", "image": "1"}, {"name": "b", "image": "2"}]},
            ],
            {"containers": [{"name": "a", "image": "1"}, {"name": "b"}]},
            [
                {"containers": [{"name": "a"}, {"name": "b", "image": "1"}]},
                {"containers": [{"name": "a"}, {"name": "b", "image": "2"}]},
            ],
            id="a-patch-names-elements-up-to-the-last-difference",
        ),
        pytest.param(
            [
                {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]},
                {"env": [{"name": "A", "value": "2"}, {"name": "B", "value": "1"}]},
            ],
            {"env": [{"name": "A"}, {"name": "B", "value": "1"}]},
            [
                {"env": [{"name": "A", "value": "1"}]},
                {"env": [{"name": "A", "value": "2"}]},
            ],
            id="elements-after-the-last-difference-are-left-out",
        ),
        pytest.param(
            [
                {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]},
                {"env": [{"name": "B", "value": "1"}, {"name": "A", "value": "1"}]},
            ],
            NOTHING,
            [
                {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]},
                {"env": [{"name": "B", "value": "1"}, {"name": "A", "value": "1"}]},
            ],
            id="another-order-is-whole",
        ),
        pytest.param(
            [{"a": {"b": 1}}, {"a": "b"}],
            NOTHING,
            [{"a": {"b": 1}}, {"a": "b"}],
            id="another-shape-is-whole",
        ),
    ],
)
def test_common_part(values: list[Any], shared: Any, rests: list[Any]) -> None:
    assert factor.common_part(values) == (shared, rests)


def test_a_long_list_with_a_late_difference_is_whole_rather_than_named() -> None:
    alike = [{"name": name, "value": "1"} for name in "ABCDE"]
    first = {"env": [*alike, {"name": "F", "value": "1"}]}
    second = {"env": [*alike, {"name": "F", "value": "2"}]}
    assert factor.common_part([first, second]) == (None, [first, second])


def environments(*objects: list[KubeObject]) -> list[EnvironmentObjects]:
    return [
        EnvironmentObjects(name=f"e{number}", namespace=f"n{number}", objects=ObjectSet(items))
        for number, items in enumerate(objects)
    ]


def account(name: str, **annotations: str) -> ServiceAccount:
    return ServiceAccount(metadata=ObjectMeta(name=name, annotations=annotations))


def test_namespaces_make_no_difference() -> None:
    first, second = (
        factor.by_identity([ServiceAccount(metadata=ObjectMeta(name="a", namespace=name))])
        for name in ("n0", "n1")
    )
    ((ref, item),) = first.items()
    shared = factor.share([item, second[ref]], ["e0", "e1"])
    assert shared is not None
    assert shared.differences == {}
    assert shared.base["metadata"] == {"name": "a"}


def test_what_not_all_have_stands_in_those_that_do() -> None:
    made = environments([account("a")], [account("b"), account("a")], [account("b")])
    tree = kustomize.render(made, readme=lambda: "")
    assert not [path for path in tree if path.startswith("base/")]
    resources = {
        one.name: yaml.safe_load(tree[f"environments/{one.name}/kustomization.yaml"].content)
        for one in made
    }
    a, b = (f"common/serviceaccount-{name}.yaml" for name in "ab")
    assert {name: one["resources"] for name, one in resources.items()} == {
        "e0": [a],
        "e1": [b, a],
        "e2": [b],
    }


def service(*ports: ServicePort) -> Service:
    return Service(metadata=ObjectMeta(name="s"), spec=ServiceSpec(ports=ports))


def test_an_object_that_kustomize_would_merge_wrongly_is_not_shared() -> None:
    dns = (ServicePort(name="a", port=53), ServicePort(name="b", port=53, protocol="UDP"))
    one = service(*dns)
    other = service(*dns, ServicePort(name="c", port=80))
    assert factor.share([one, other], ["e0", "e1"]) is None


def config_map(name: str = "c", **data: str) -> ConfigMap:
    return ConfigMap(metadata=ObjectMeta(name=name), data=data)


def keys(made: tuple[generators.Generator, ...]) -> list[Any]:
    return [(item.name, {**item.lines, **item.files}, item.merge) for item in made]


@pytest.mark.parametrize(
    ("first", "second", "base", "own"),
    [
        pytest.param(
            config_map(A="1"),
            config_map(A="1"),
            [("c", {"A": "1"}, False)],
            {"e0": [], "e1": []},
            id="alike-is-in-the-base",
        ),
        pytest.param(
            config_map(A="1", B="1"),
            config_map(A="1", B="2"),
            [("c", {"A": "1"}, False)],
            {"e0": [("c", {"B": "1"}, True)], "e1": [("c", {"B": "2"}, True)]},
            id="unlike-keys-are-merged-in",
        ),
        pytest.param(
            config_map(A="1"),
            config_map(A="2"),
            [],
            {"e0": [("c", {"A": "1"}, False)], "e1": [("c", {"A": "2"}, False)]},
            id="nothing-alike-is-whole-in-each",
        ),
        pytest.param(
            config_map(A="1"),
            config_map("other", A="1"),
            [],
            {"e0": [("c", {"A": "1"}, False)], "e1": [("other", {"A": "1"}, False)]},
            id="what-one-lacks-is-in-the-others",
        ),
    ],
)
def test_config_maps(
    first: ConfigMap, second: ConfigMap, base: list[Any], own: dict[str, Any]
) -> None:
    made = generators.config_maps(
        environments([first], [second]), written=frozenset(), fixed=frozenset()
    )
    assert keys(made.base) == base
    assert {name: keys(items) for name, items in made.own.items()} == own


@pytest.mark.parametrize(
    ("key", "value", "fits"),
    [
        pytest.param("A", "", True, id="empty"),
        pytest.param("A", '"quoted" = # $x', True, id="signs-are-literal"),
        pytest.param("A", "two\nlines", False, id="a-newline"),
        pytest.param("A", "a\rb", False, id="a-carriage-return"),
        pytest.param("A", " a", False, id="a-blank-first"),
        pytest.param("A", "a ", False, id="a-blank-last"),
        pytest.param("A", "a\u2028b", False, id="a-line-separator"),
        pytest.param("a.conf", "x", False, id="a-file-name"),
        pytest.param("1A", "x", False, id="a-digit-first"),
        pytest.param("A", "x" * 70_000, False, id="a-line-that-kustomize-would-cut"),
        pytest.param("A", b"x", False, id="bytes"),
    ],
)
def test_fits_in_a_line(key: str, value: str | bytes, fits: bool) -> None:
    assert generators.fits_in_a_line(key, value) is fits


@pytest.mark.parametrize(
    ("key", "fits"),
    [
        pytest.param("db-password", True, id="the-name-of-a-granted-file"),
        pytest.param("a.conf", True, id="a-file-name"),
        pytest.param("1A", False, id="a-digit-first"),
        pytest.param("a=b", False, id="what-ends-a-key"),
    ],
)
def test_what_is_filled_in_by_hand_stands_in_a_line(key: str, fits: bool) -> None:
    assert generators.fits_in_a_line(key, "x", is_secret=True) is fits


def test_what_kustomize_cannot_carry_is_one_error_for_each_place() -> None:
    made = environments(
        [
            account("a", note="bell\x7f", **{"mooring.dev/origin": "compose.yaml:7"}),
            account("b", **{"8080": "x"}),
            account("c", fine="\\u007f", also="line\u2028"),
            ConfigMap(metadata=ObjectMeta(name="d"), data={"NAME": "a\x85b", "file": "a\x85\n"}),
            ConfigMap(metadata=ObjectMeta(name="e", labels={"1.5": "x"}), data={"A": "1"}),
        ]
    )
    with pytest.raises(InputErrors) as caught:
        kustomize.render(made, readme=lambda: "")
    assert sorted(error.message for error in caught.value.errors) == [
        "ConfigMap/d: data.NAME holds U+0085, which kustomize cannot carry",
        'Kustomization: the key "1.5" in options of e.labels looks like a number, '
        "a date, a truth or null, which kustomize cannot carry",
        "ServiceAccount/a (from compose.yaml:7): metadata.annotations.note holds U+007F, "
        "which kustomize cannot carry",
        'ServiceAccount/b: the key "8080" in metadata.annotations looks like a number, '
        "a date, a truth or null, which kustomize cannot carry",
    ]


@pytest.mark.parametrize(
    ("key", "generable"),
    [
        pytest.param("nginx.conf", True, id="a-file-name"),
        pytest.param("01-init.sql", True, id="a-number-and-a-name"),
        pytest.param("yes", True, id="yes-is-a-text-for-kustomize"),
        pytest.param("8080", False, id="a-number"),
        pytest.param("1e3", False, id="an-exponent"),
        pytest.param("0o440", False, id="an-octal-number"),
        pytest.param("2024-01-01", False, id="a-date"),
        pytest.param("Null", False, id="null"),
        pytest.param("true", False, id="a-truth"),
        pytest.param(".inf", False, id="infinity"),
    ],
)
def test_which_keys_kustomize_generates(key: str, generable: bool) -> None:
    assert carriable.is_generable(config_map(**{key: "x"})) is generable


def test_folders_are_apart_from_ours_and_from_one_another() -> None:
    items = [
        ServiceAccount(metadata=sample.meta("x", name))
        for name in ("Web", "web", "config", "common", "config-workload")
    ]
    made = folders([*items, account("none")], taken=frozenset({"config"}))
    assert made[""] == "common"
    assert made["web"] == "web"
    assert made["config"] == "config-workload"
    assert len(set(made.values())) == len(made) == 6
    assert all(folder == folder.lower() for folder in made.values())


def job(name: str) -> Job:
    template = PodTemplate(metadata=TemplateMeta(), spec=PodSpec(containers=()))
    return Job(metadata=sample.meta(name, "web"), spec=JobSpec(template=template))


@pytest.mark.parametrize(
    ("item", "name"),
    [
        pytest.param(
            ServiceAccount(metadata=sample.meta("web", "web")), "serviceaccount.yaml", id="own"
        ),
        pytest.param(
            ServiceAccount(metadata=sample.meta("a.b", "web")),
            "serviceaccount-a.b.yaml",
            id="another-name",
        ),
        pytest.param(job("web-0123abcd"), "job.yaml", id="a-job-by-its-content"),
        pytest.param(job("web-seed"), "job-web-seed.yaml", id="a-job-by-another-name"),
    ],
)
def test_file_name(item: KubeObject, name: str) -> None:
    assert file_name(item) == name


def test_a_file_name_is_never_too_long_for_a_file_system() -> None:
    item = ServiceAccount(metadata=ObjectMeta(name="a" * 253))
    assert len(file_name(item)) < 200
